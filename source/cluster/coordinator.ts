// Does what a coordination decides, with a real queue and a real clock: puts jobs in, looks after them each second, and says what workers are
// to do. It is the same for all runs of this process that have their files read by workers.
import {randomBytes} from 'node:crypto';
import {monotonicMs} from '../engine/shared/monotonic.ts';
import {type Command, Coordination, type CoordinationCounts, type JobEnd, type Sighting} from './coordination.ts';
import {
	checkRun,
	checkWorker,
	FORMAT,
	type JobBody,
	type JobDirective,
	type JobProgress,
	type ResultBody,
	type WorkerBody,
} from './messages.ts';
import {CRASHED, type JobQueue, type JobState, NOT_WANTED} from './queue.ts';
import type {Sealer} from './seal.ts';
import {WaitingLine} from './waiting-line.ts';
import {within} from './within.ts';

/** Who wants a job done. */
export interface JobClient {
	readonly body: Omit<JobBody, 'token' | 'format' | 'run'>;
	readonly onStarted: () => void;
	readonly onWithdrawn: () => void;
	readonly onEnded: (end: JobEnd<ResultBody>) => void;
	readonly onProgress: (progress: JobProgress) => void;
	/** What it came to so far, where a worker tells. */
	readonly onSoFar?: (result: ResultBody) => void;
}

/** A worker, as it was last heard of. */
export interface WorkerView extends WorkerBody {
	/** On the clock of this process. */
	readonly seenAtMs: number;
	/** Whether it may take jobs of this program. */
	readonly fits: boolean;
	/** When it was heard of first, and what it had read by then. */
	readonly first: {readonly seenAtMs: number; readonly bytesRead: number};
}

export interface CoordinatorOptions {
	readonly queue: JobQueue;
	readonly sealer: Sealer;
	/** Sentences for people. */
	readonly onMessage: (sentence: string) => void;
	readonly times?: CoordinatorTimes;
}

export interface CoordinatorTimes {
	/** How often all is looked at. */
	readonly tickMs: number;
	/** A worker that was not heard of for so long is not there. */
	readonly deadAfterMs: number;
	/** So long nobody is told that no worker is there. */
	readonly patienceMs: number;
}

export const coordinatorTimes: CoordinatorTimes = {tickMs: 1000, deadAfterMs: 10_000, patienceMs: 3000};

/** What is said of workers and runs that were not heard of for so long is removed. */
const FORGET_AFTER_MS = 300_000;
const ADDED_AT_ONCE = 100;
const ADD_AGAIN_MS = 1000;
const CLOSE_MS = 1000;

interface OpenDirective {
	directive: JobDirective['directive'];
	isKilled: boolean;
	readonly cancelled: Set<number>;
}

export class Coordinator {
	readonly #options: CoordinatorOptions;
	readonly #times: CoordinatorTimes;
	readonly #coordination: Coordination<ResultBody>;
	readonly #clients = new Map<string, JobClient>();
	readonly #directives = new Map<string, OpenDirective>();
	readonly #workers = new Map<string, WorkerView>();
	readonly #others = new Map<string, {beat: number; seenAtMs: number}>();
	readonly #waitsForRoom = new WaitingLine();
	readonly #id = `run-${randomBytes(8).toString('hex')}`;
	readonly #timer: NodeJS.Timeout;
	#nextKey = 0;
	#beat = 0;
	#adds: Array<{readonly key: string; readonly token: string}> = [];
	#isAdding = false;
	#isTicking = false;
	#isPublishing = false;
	#mustPublish = false;
	#published: Promise<void> = Promise.resolve();
	#isClosed = false;
	readonly #removals = new Set<Promise<void>>();
	#aloneSinceMs: number | null = null;
	#hasSaidAlone = false;

	constructor(options: CoordinatorOptions) {
		this.#options = options;
		this.#times = options.times ?? coordinatorTimes;
		this.#coordination = new Coordination({
			createToken: key => `${this.#id}-${key}-${randomBytes(8).toString('hex')}`,
			lookEveryMs: this.#times.tickMs,
		});
		options.queue.onHint(token => {
			if (token.startsWith(this.#id)) void this.#look([token]);
		});
		this.#timer = setInterval(() => void this.#tick(), this.#times.tickMs);
		this.#timer.unref();
		void this.#tick();
	}

	get counts(): CoordinationCounts {
		return this.#coordination.counts;
	}

	/** Those that were heard of lately. */
	workers(): readonly WorkerView[] {
		const now = monotonicMs();
		return Array.from(this.#workers.values()).filter(({seenAtMs}) => now - seenAtMs < this.#times.deadAfterMs);
	}

	/** Whether a worker has the job and is heard of. */
	isAtWork(key: string): boolean {
		const token = this.#coordination.tokenOf(key);
		return (
			token !== null &&
			this.#coordination.isAtWork(key) &&
			this.workers().some(({jobs}) => jobs.some(job => job.token === token))
		);
	}

	/** @returns The name of the job. */
	submit(client: JobClient): string {
		const key = String(this.#nextKey++);
		this.#clients.set(key, client);
		this.#directives.set(key, {directive: 'run', isKilled: false, cancelled: new Set()});
		this.#coordination.submit(key);
		if (this.#isClosed) this.#coordination.giveUp(key);
		this.#perform();
		return key;
	}

	/** Not wanted any more, unless a worker is known to have begun. */
	withdraw(key: string): void {
		const token = this.#coordination.tokenOf(key);
		const directive = this.#directives.get(key);
		this.#coordination.withdraw(key);
		// One may have begun all the same, just now.
		if (token !== null && directive !== undefined && this.#coordination.tokenOf(key) === null)
			this.#keepTelling(token, directive);
		this.#perform();
	}

	/** Nobody waits for it any more, whatever its worker does. */
	giveUp(key: string): void {
		const directive = this.#directives.get(key);
		const token = this.#coordination.tokenOf(key);
		if (directive !== undefined && token !== null) this.#keepTelling(token, directive);
		this.#coordination.giveUp(key);
		this.#perform();
	}

	direct(key: string, directive: JobDirective['directive']): void {
		const open = this.#directives.get(key);
		if (open === undefined || open.directive === 'abort') return;
		open.directive = directive;
		this.#publish();
	}

	cancelFile(key: string, index: number): void {
		this.#directives.get(key)?.cancelled.add(index);
		this.#publish();
	}

	/** Resolves when another job would soon have a worker. */
	async untilRoom(signal: AbortSignal): Promise<void> {
		if (!this.#hasRoom()) await this.#waitsForRoom.wait(signal);
	}

	async close(): Promise<void> {
		this.#isClosed = true;
		clearInterval(this.#timer);
		this.#waitsForRoom.wakeAll();
		for (const key of [...this.#clients.keys()]) this.giveUp(key);
		await within(CLOSE_MS, Promise.all([this.#published, ...this.#removals]));
		// Workers let go of the jobs of a run that is not there any more.
		await within(CLOSE_MS, this.#options.queue.bulletins.retract(this.#id));
	}

	#hasRoom(): boolean {
		const threads = this.workers().reduce(
			(sum, {fits, isDraining, threads}) => sum + (fits && !isDraining ? threads : 0),
			0,
		);
		return threads > 0 && this.#coordination.waitingCount < 2 * threads;
	}

	#wakeOne(): void {
		if (this.#hasRoom()) this.#waitsForRoom.wakeOne();
	}

	/** Killed jobs that a worker may still have. */
	readonly #killed = new Map<string, OpenDirective>();

	#keepTelling(token: string, directive: OpenDirective): void {
		directive.isKilled = true;
		this.#killed.set(token, directive);
		this.#publish();
		setTimeout(() => this.#killed.delete(token), FORGET_AFTER_MS).unref();
	}

	#perform(): void {
		for (const command of this.#coordination.takeCommands()) this.#performOne(command);
		if (this.#adds.length > 0 && !this.#isAdding) void this.#add();
	}

	#performOne(command: Command<ResultBody>): void {
		switch (command.type) {
			case 'add':
				this.#adds.push(command);
				return;
			case 'remove':
				this.#adds = this.#adds.filter(({token}) => token !== command.token);
				this.#remove(command.token);
				return;
			case 'look':
				void this.#look(command.tokens);
				return;
			case 'started':
				this.#clients.get(command.key)?.onStarted();
				return;
			case 'withdrawn':
				this.#forget(command.key)?.onWithdrawn();
				return;
			case 'ended':
				this.#forget(command.key)?.onEnded(command.end);
				this.#wakeOne();
		}
	}

	/** Nobody waits for it, but for who closes: no worker is to read for a run that is over. */
	#remove(token: string): void {
		const removal = this.#options.queue.remove(token).catch(() => {});
		this.#removals.add(removal);
		void removal.then(() => this.#removals.delete(removal));
	}

	#forget(key: string): JobClient | undefined {
		const client = this.#clients.get(key);
		this.#clients.delete(key);
		this.#directives.delete(key);
		return client;
	}

	/** One batch after the other, in order. */
	async #add(): Promise<void> {
		this.#isAdding = true;
		// Anyone who wants jobs may have more to say of them before a worker has one.
		await Promise.resolve();
		while (this.#adds.length > 0 && !this.#isClosed) {
			if (this.#mustPublish || this.#isPublishing) await this.#published;
			const batch = this.#adds.splice(0, ADDED_AT_ONCE);
			const jobs = batch.flatMap(({key, token}) => {
				const text = this.#sealJob(key, token);
				return text === null ? [] : [{token, text}];
			});
			try {
				await this.#options.queue.add(jobs);
				for (const {token} of batch) this.#coordination.accepted(token, monotonicMs());
			} catch {
				// It says so itself that it cannot be reached.
				this.#adds.unshift(...batch.filter(({key, token}) => this.#coordination.tokenOf(key) === token));
				await new Promise(resolve => setTimeout(resolve, ADD_AGAIN_MS).unref());
			}
			for (const command of this.#coordination.takeCommands()) this.#performOne(command);
		}
		this.#isAdding = false;
	}

	/** @returns `null` where nobody wants it any more, or it cannot be sent: then it alone ends. */
	#sealJob(key: string, token: string): string | null {
		const body = this.#clients.get(key)?.body;
		if (body === undefined) return null;
		const whole: JobBody = {...body, format: FORMAT, token, run: this.#id};
		try {
			return this.#options.sealer.seal('job', whole);
		} catch (error) {
			const why = `it cannot be sent: ${error instanceof Error ? error.message : error}`;
			this.#coordination.saw(token, {type: 'refused', why}, monotonicMs());
			return null;
		}
	}

	async #tick(): Promise<void> {
		if (this.#isTicking || this.#isClosed) return;
		this.#isTicking = true;
		try {
			this.#coordination.tick(monotonicMs());
			this.#perform();
			this.#publish();
			await this.#readBulletins();
			this.#tellIfAlone();
			this.#wakeOne();
		} catch {
			// The queue cannot be reached, which it says itself.
		} finally {
			this.#isTicking = false;
		}
	}

	async #look(tokens: readonly string[]): Promise<void> {
		await Promise.all(
			tokens.map(async token => {
				const lookedAtMs = monotonicMs();
				const state = await this.#options.queue.look(token).catch(() => null);
				if (state === null) return;
				this.#coordination.saw(token, this.#sightingOf(token, state), lookedAtMs);
			}),
		);
		this.#perform();
	}

	#sightingOf(token: string, state: JobState): Sighting<ResultBody> {
		if (state.type === 'failed') {
			if (state.reason === NOT_WANTED) return {type: 'let-go'};
			return state.reason === CRASHED ? {type: 'crashed'} : {type: 'refused', why: state.reason};
		}
		if (state.type !== 'completed') return {type: state.type};
		try {
			const result = this.#options.sealer.open('result', state.result) as ResultBody;
			if (result.token !== token) throw new Error('It is the copy of another result');
			return {type: 'completed', result};
		} catch (error) {
			return {type: 'unusable', why: `A result cannot be used: ${error instanceof Error ? error.message : error}`};
		}
	}

	/** What workers say of themselves and their jobs. */
	async #readBulletins(): Promise<void> {
		const {queue, sealer} = this.#options;
		const now = monotonicMs();
		const bulletins = await queue.bulletins.list();
		this.#forgetOthersThan(new Set(bulletins.map(({id}) => id)));
		for (const {id, text} of bulletins) {
			const kind = id.startsWith('worker-') ? 'worker' : 'run';
			let value: unknown;
			try {
				value = sealer.open(kind, text);
			} catch {
				continue;
			}
			const body = kind === 'worker' ? checkWorker(value) : checkRun(value);
			if (body === null || body.id !== id) continue;
			const known = this.#others.get(id);
			if (known?.beat !== body.beat) {
				this.#others.set(id, {beat: body.beat, seenAtMs: now});
				const first = this.#workers.get(id)?.first ?? {
					seenAtMs: now,
					bytesRead: 'bytesRead' in body ? body.bytesRead : 0,
				};
				if (body.type === 'worker') this.#takeIn({...body, first, seenAtMs: now, fits: body.format === FORMAT});
			} else if (now - known.seenAtMs > FORGET_AFTER_MS) {
				this.#others.delete(id);
				this.#workers.delete(id);
				await queue.bulletins.retract(id);
			}
		}
	}

	/** Workers and runs that end take back what they said of themselves. */
	#forgetOthersThan(ids: ReadonlySet<string>): void {
		for (const id of this.#others.keys()) {
			if (ids.has(id)) continue;
			this.#others.delete(id);
			this.#workers.delete(id);
		}
	}

	#takeIn(worker: WorkerView): void {
		this.#workers.set(worker.id, worker);
		for (const job of worker.jobs) {
			const [, , key = ''] = job.token.startsWith(`${this.#id}-`) ? job.token.split('-') : [];
			const client = this.#clients.get(key);
			if (client === undefined || this.#coordination.tokenOf(key) !== job.token) continue;
			this.#coordination.saw(job.token, {type: 'active'}, worker.seenAtMs);
			client.onProgress(job);
			if (job.replies > 0 && client.onSoFar !== undefined) void this.#readSoFar(job.token, client.onSoFar);
		}
		this.#perform();
	}

	async #readSoFar(token: string, onSoFar: (result: ResultBody) => void): Promise<void> {
		const text = await this.#options.queue.readSoFar(token).catch(() => null);
		if (text === null || this.#coordination.tokenOf(token.split('-')[2] ?? '') !== token) return;
		try {
			const result = this.#options.sealer.open('result', text) as ResultBody;
			if (result.token === token) onSoFar(result);
		} catch {
			// Nobody with the secret wrote it. The result will say all there is.
		}
	}

	#publish(): void {
		this.#mustPublish = true;
		if (!this.#isPublishing) this.#published = this.#publishNow().catch(() => {});
	}

	async #publishNow(): Promise<void> {
		this.#isPublishing = true;
		try {
			do {
				this.#mustPublish = false;
				const open = Array.from(
					this.#directives,
					([key, directive]) => [this.#coordination.tokenOf(key), directive] as const,
				);
				const directives = [...open, ...this.#killed].flatMap(([token, {directive, isKilled, cancelled}]) =>
					token === null || (directive === 'run' && !isKilled && cancelled.size === 0)
						? []
						: [{token, directive, isKilled, cancelled: [...cancelled]}],
				);
				const body = {type: 'run', id: this.#id, beat: ++this.#beat, directives};
				await this.#options.queue.bulletins.publish(this.#id, this.#options.sealer.seal('run', body));
			} while (this.#mustPublish && !this.#isClosed);
		} finally {
			this.#isPublishing = false;
		}
	}

	/** Silence would look like work. */
	#tellIfAlone(): void {
		const now = monotonicMs();
		const here = this.workers();
		const fitting = here.filter(({fits}) => fits);
		if (fitting.length > 0 || this.#coordination.openCount === 0) {
			if (this.#hasSaidAlone && fitting.length > 0)
				this.#options.onMessage(`${fitting.length === 1 ? 'A worker is' : `${fitting.length} workers are`} there now`);
			this.#aloneSinceMs = null;
			if (fitting.length > 0) this.#hasSaidAlone = false;
			return;
		}
		this.#aloneSinceMs ??= now;
		if (this.#hasSaidAlone || now - this.#aloneSinceMs < this.#times.patienceMs) return;
		this.#hasSaidAlone = true;
		const versions = [...new Set(here.map(({version}) => version))].join(', ');
		this.#options.onMessage(
			here.length === 0
				? 'No worker is at the queue, so the files wait. Start one: fileproc-tui worker --queue …'
				: `The workers at the queue are of version ${versions}, and this is ${FORMAT.replace(/-\d+$/, '')}: they take no files of it. Start workers of the same version`,
		);
	}
}
