// Does what a coordination decides, with a real queue and a real clock: puts jobs in, looks after them each second, and says what workers are
// to do. It is the same for all runs of this process that have their files read by workers.
import {randomBytes} from 'node:crypto';
import {monotonicMs} from '../engine/shared/monotonic.ts';
import {type Command, Coordination, type CoordinationCounts, type JobEnd, type Sighting} from './coordination.ts';
import {Directives} from './directives.ts';
import {Heard, type WorkerView} from './heard.ts';
import {FORMAT, type JobBody, type JobDirective, type JobProgress, type ResultBody} from './messages.ts';
import {CRASHED, type JobQueue, type JobState, NOT_WANTED, UNSENT} from './queue.ts';
import type {Sealer} from './seal.ts';
import {AloneTeller} from './tell-alone.ts';
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

const ADDED_AT_ONCE = 100;
const ADD_AGAIN_MS = 1000;
const CLOSE_MS = 1000;

export class Coordinator {
	readonly #options: CoordinatorOptions;
	readonly #times: CoordinatorTimes;
	readonly #coordination: Coordination<ResultBody>;
	readonly #clients = new Map<string, JobClient>();
	readonly #directives: Directives;
	readonly #heard: Heard;
	readonly #alone: AloneTeller;
	/** Which replies of a group were fetched before its end, by its key. */
	readonly #readSoFar = new Map<string, string>();
	readonly #waitsForRoom = new WaitingLine();
	readonly #id = `run-${randomBytes(8).toString('hex')}`;
	readonly #timer: NodeJS.Timeout;
	#nextKey = 0;
	#adds: Array<{readonly key: string; readonly token: string}> = [];
	#isAdding = false;
	#isTicking = false;
	#isClosed = false;
	readonly #removals = new Set<Promise<void>>();

	constructor(options: CoordinatorOptions) {
		this.#options = options;
		this.#times = options.times ?? coordinatorTimes;
		this.#coordination = new Coordination({
			createToken: key => `${this.#id}-${key}-${randomBytes(8).toString('hex')}`,
			lookEveryMs: this.#times.tickMs,
		});
		const {queue, sealer} = options;
		this.#directives = new Directives(
			this.#id,
			key => this.#coordination.tokenOf(key),
			body => queue.bulletins.publish(this.#id, sealer.seal('run', body)),
		);
		this.#heard = new Heard(queue.bulletins, sealer, this.#times.deadAfterMs, worker => this.#takeIn(worker));
		this.#alone = new AloneTeller(this.#times.patienceMs, options.onMessage);
		queue.onHint(token => {
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
		return this.#heard.workers();
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
		this.#directives.begin(key);
		this.#coordination.submit(key);
		if (this.#isClosed) this.#coordination.giveUp(key);
		this.#perform();
		return key;
	}

	/** Not wanted any more, unless a worker is known to have begun. */
	withdraw(key: string): void {
		const token = this.#coordination.tokenOf(key);
		this.#coordination.withdraw(key);
		// One may have begun all the same, just now.
		if (token !== null && this.#coordination.tokenOf(key) === null) this.#directives.kill(key, token);
		this.#perform();
	}

	/** Nobody waits for it any more, whatever its worker does. */
	giveUp(key: string): void {
		const token = this.#coordination.tokenOf(key);
		if (token !== null) this.#directives.kill(key, token);
		this.#coordination.giveUp(key);
		this.#perform();
	}

	direct(key: string, directive: JobDirective['directive']): void {
		this.#directives.direct(key, directive);
	}

	cancelFile(key: string, index: number): void {
		this.#directives.cancelFile(key, index);
	}

	/** Resolves when another job would soon have a worker. */
	async untilRoom(signal: AbortSignal): Promise<void> {
		if (!this.#hasRoom()) await this.#waitsForRoom.wait(signal);
	}

	async close(): Promise<void> {
		this.#isClosed = true;
		this.#directives.close();
		clearInterval(this.#timer);
		this.#waitsForRoom.wakeAll();
		for (const key of [...this.#clients.keys()]) this.giveUp(key);
		await within(CLOSE_MS, Promise.all([this.#directives.published, ...this.#removals]));
		// Workers let go of the jobs of a run that is not there any more.
		await within(CLOSE_MS, this.#options.queue.bulletins.retract(this.#id));
	}

	#hasRoom(): boolean {
		const {threads} = this.#heard;
		return threads > 0 && this.#coordination.waitingCount < 2 * threads;
	}

	#wakeOne(): void {
		if (this.#hasRoom()) this.#waitsForRoom.wakeOne();
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
		this.#directives.forget(key);
		this.#readSoFar.delete(key);
		return client;
	}

	/** One batch after the other, in order. */
	async #add(): Promise<void> {
		this.#isAdding = true;
		// Anyone who wants jobs may have more to say of them before a worker has one.
		await Promise.resolve();
		while (this.#adds.length > 0 && !this.#isClosed) {
			if (this.#directives.isPending) await this.#directives.published;
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
			this.#directives.publish();
			await this.#heard.look();
			this.#alone.look(this.workers(), this.#coordination.openCount);
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
			if (state.reason === UNSENT) return {type: 'unusable', why: UNSENT};
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

	/** What a worker says of its jobs. */
	#takeIn(worker: WorkerView): void {
		for (const job of worker.jobs) {
			const [, , key = ''] = job.token.startsWith(`${this.#id}-`) ? job.token.split('-') : [];
			const client = this.#clients.get(key);
			if (client === undefined || this.#coordination.tokenOf(key) !== job.token) continue;
			this.#coordination.saw(job.token, {type: 'active'}, worker.seenAtMs);
			client.onProgress(job);
			if (client.onSoFar !== undefined) this.#readSoFarIfNew(key, job, client.onSoFar);
		}
		this.#perform();
	}

	/** There may be megabytes to fetch, so only where there is more than was read before. */
	#readSoFarIfNew(key: string, {token, execution, replies}: JobProgress, onSoFar: (result: ResultBody) => void): void {
		const what = `${execution} ${replies}`;
		if (replies === 0 || this.#readSoFar.get(key) === what) return;
		this.#readSoFar.set(key, what);
		void this.#fetchSoFar(key, token, onSoFar).then(isRead => {
			if (!isRead && this.#readSoFar.get(key) === what) this.#readSoFar.delete(key);
		});
	}

	/** @returns Whether there was anything. */
	async #fetchSoFar(key: string, token: string, onSoFar: (result: ResultBody) => void): Promise<boolean> {
		const text = await this.#options.queue.readSoFar(token).catch(() => null);
		if (text === null || this.#coordination.tokenOf(key) !== token) return false;
		try {
			const result = this.#options.sealer.open('result', text) as ResultBody;
			if (result.token === token) onSoFar(result);
		} catch {
			// Nobody with the secret wrote it. The result will say all there is.
		}
		return true;
	}
}
