// A worker: takes jobs from a queue, has their files read by its own threads, and gives back what they came to. It says of itself what it
// does, twice a second while it works, and looks as often what the runs say of their jobs.
import {randomBytes} from 'node:crypto';
import {hostname} from 'node:os';
import {monotonicMs} from '../engine/shared/monotonic.ts';
import {withPlace} from './error-place.ts';
import {JobAtWork, NotWantedError} from './job-at-work.ts';
import {
	checkJob,
	checkRun,
	FORMAT,
	JobFault,
	type ResultBody,
	type RootMap,
	type RunBody,
	type WorkerBody,
} from './messages.ts';
import type {TakenJob, Taking, WorkerQueue} from './queue.ts';
import {SealError, type Sealer} from './seal.ts';
import {within} from './within.ts';
import {createWorkerThreads, type WorkerThreads} from './worker-threads.ts';

export interface WorkerOptions {
	readonly queue: WorkerQueue;
	readonly sealer: Sealer;
	readonly threads: number;
	readonly name: string;
	readonly rootMaps: readonly RootMap[];
	/** Sentences for people. */
	readonly onMessage: (sentence: string) => void;
	readonly onLog?: (message: string) => void;
	readonly times?: WorkerTimes;
	/** Which jobs it takes; left out: those of this version. */
	readonly format?: string;
}

export interface WorkerTimes {
	/** How often it says what it does, and looks what it is told. */
	readonly busyMs: number;
	readonly idleMs: number;
	/** A run that has not been heard of for so long is not there any more. */
	readonly runGoneAfterMs: number;
}

export const workerTimes: WorkerTimes = {busyMs: 400, idleMs: 2000, runGoneAfterMs: 60_000};

/** What a run says is written each second, so when it is missing it was removed, or the queue was emptied just now. */
const BULLETIN_MISSING_MS = 8000;
const KILL_GRACE_MS = 1500;
const CLOSE_MS = 1000;

interface ReadCounts {
	readonly files: number;
	/** Of large files. */
	readonly parts: number;
	readonly bytes: number;
}

function countRead(result: ResultBody): ReadCounts {
	if (result.type === 'files') {
		const outcomes = result.replies.flatMap(reply => reply.outcomes);
		const bytes = outcomes.reduce((sum, outcome) => sum + ('bytesRead' in outcome ? outcome.bytesRead : 0), 0);
		return {files: outcomes.length, parts: 0, bytes};
	}
	const {outcome} = result;
	if (outcome.type === 'read') {
		const bytes = outcome.ranges.reduce((sum, {startOffset, endOffset}) => sum + endOffset - startOffset, 0);
		return {files: 0, parts: 1, bytes};
	}
	if (result.type === 'span') return {files: 0, parts: 0, bytes: 0};
	const bytes =
		outcome.type === 'completed' ? outcome.file.bytesRead : outcome.type === 'failed' ? outcome.bytesRead : 0;
	return {files: 1, parts: 0, bytes};
}

interface HeardRun {
	beat: number;
	heardAtMs: number;
	isMissing: boolean;
	directives: RunBody['directives'];
}

export class ClusterWorker {
	readonly id = `worker-${randomBytes(8).toString('hex')}`;
	readonly #options: WorkerOptions;
	readonly #times: WorkerTimes;
	readonly #threads: WorkerThreads;
	readonly #taking: Taking;
	readonly #jobs = new Map<string, JobAtWork>();
	readonly #runs = new Map<string, HeardRun>();
	#timer: NodeJS.Timeout | undefined;
	#beat = 0;
	#filesDone = 0;
	#partsDone = 0;
	#bytesRead = 0;
	#late = 0;
	#isDraining = false;
	#isClosed = false;
	#looking: Promise<void> | null = null;
	#saidOfRefusal = '';

	constructor(options: WorkerOptions) {
		this.#options = options;
		this.#times = options.times ?? workerTimes;
		this.#threads = createWorkerThreads(options.threads, options.onLog ?? (() => {}));
		this.#taking = options.queue.take({
			concurrency: options.threads,
			work: job => this.#work(job),
			onLate: token => this.#noteLate(token),
			onTrouble: error => options.onLog?.(`The queue: ${error.message}`),
		});
		void this.#look();
	}

	get jobCount(): number {
		return this.#jobs.size;
	}

	get counts(): Pick<WorkerBody, 'filesDone' | 'partsDone' | 'bytesRead' | 'late'> {
		return {filesDone: this.#filesDone, partsDone: this.#partsDone, bytesRead: this.#bytesRead, late: this.#late};
	}

	/** Takes no more jobs. Resolves when those that it has are done, or were given back because they were not in time. */
	async drain(graceMs: number): Promise<void> {
		this.#isDraining = true;
		this.#schedule(0);
		const drained = this.#taking.drain();
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<'late'>(resolve => {
			timer = setTimeout(() => resolve('late'), graceMs);
		});
		const end = await Promise.race([drained, late]);
		clearTimeout(timer);
		if (end === 'late') await this.giveBack();
	}

	/** Lets others have its jobs at once. */
	async giveBack(): Promise<void> {
		await this.#taking.giveBack();
		for (const job of this.#jobs.values()) job.kill();
	}

	async close(): Promise<void> {
		this.#isClosed = true;
		clearTimeout(this.#timer);
		for (const job of this.#jobs.values()) job.kill();
		await this.#threads.close();
		// What is just being said would stay there.
		await within(CLOSE_MS, this.#looking ?? Promise.resolve());
		await within(CLOSE_MS, this.#options.queue.bulletins.retract(this.id));
		await within(CLOSE_MS, this.#options.queue.close());
	}

	async #work({token, text, lost, tellSoFar}: TakenJob): Promise<string> {
		const {sealer, name, rootMaps, onMessage, onLog} = this.#options;
		const body = (() => {
			try {
				return checkJob(sealer.open('job', text), token);
			} catch (error) {
				if (error instanceof SealError || error instanceof JobFault) this.#tellRefusal(error.message);
				throw error instanceof SealError
					? new Error('its job was not signed with the secret of the worker. Is --queue-secret the same everywhere?')
					: error;
			}
		})();
		// What the run has said of it already holds from its first byte on.
		await this.#hearRun(body.run).catch(() => {});
		const {backend, release} = this.#threads.take(body.settings);
		const seal = (result: ResultBody): string => sealer.seal('result', withPlace(result, name));
		// A run that has all replies of a group waits for no end of it.
		let told: ResultBody | null = null;
		const job = new JobAtWork({
			...{body, backend, rootMaps, execution: randomBytes(8).toString('hex')},
			async onReplies(result) {
				told = result;
				await tellSoFar(seal(result)).catch(() => {});
			},
		});
		this.#jobs.set(token, job);
		this.#tell(token, job);
		const letGo = (): void => {
			job.letGo();
			setTimeout(() => job.kill(), KILL_GRACE_MS).unref();
		};
		lost.addEventListener('abort', letGo, {once: true});
		try {
			this.#schedule(0);
			told = await job.result;
			return seal(told);
		} catch (error) {
			if (!(error instanceof NotWantedError))
				onMessage(`A job could not be done: ${error instanceof Error ? error.message : error}`);
			onLog?.(`Job ${token} ended without a result: ${error instanceof Error ? error.message : error}`);
			throw error;
		} finally {
			lost.removeEventListener('abort', letGo);
			if (told !== null) this.#count(told);
			this.#jobs.delete(token);
			release();
		}
	}

	#count(result: ResultBody): void {
		const {files, parts, bytes} = countRead(result);
		this.#filesDone += files;
		this.#partsDone += parts;
		this.#bytesRead += bytes;
	}

	/** Once for each reason: there may be thousands. */
	#tellRefusal(reason: string): void {
		if (this.#saidOfRefusal === reason) return;
		this.#saidOfRefusal = reason;
		this.#options.onMessage(`A job was refused: ${reason}`);
	}

	#noteLate(token: string): void {
		this.#late++;
		this.#options.onMessage(
			`This worker did not answer in time, so another one has job ${token.slice(-16)}: its own result does not count`,
		);
	}

	#schedule(afterMs: number): void {
		if (this.#isClosed) return;
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => void this.#look(), afterMs);
	}

	async #look(): Promise<void> {
		if (this.#looking !== null) return;
		this.#looking = this.#sayAndHear();
		await this.#looking;
		this.#looking = null;
		this.#schedule(this.#jobs.size > 0 ? this.#times.busyMs : this.#times.idleMs);
	}

	async #sayAndHear(): Promise<void> {
		try {
			await this.#publish();
			await this.#hearRuns();
		} catch (error) {
			this.#options.onLog?.(`The queue: ${error instanceof Error ? error.message : error}`);
		}
	}

	async #publish(): Promise<void> {
		if (this.#isClosed) return;
		const {queue, sealer, name, threads, format = FORMAT} = this.#options;
		const jobs = Array.from(this.#jobs.values(), job => job.progress());
		const body: WorkerBody = {
			...{type: 'worker', id: this.id, name, format, version: format.replace(/-\d+$/, ''), host: hostname(), threads},
			...{beat: ++this.#beat, isDraining: this.#isDraining, jobs},
			filesDone: this.#filesDone,
			partsDone: this.#partsDone,
			bytesRead: this.#bytesRead + jobs.reduce((sum, {bytesRead}) => sum + bytesRead, 0),
			late: this.#late,
		};
		await queue.bulletins.publish(this.id, sealer.seal('worker', body));
	}

	async #hearRuns(): Promise<void> {
		const ids = new Set(Array.from(this.#jobs.values(), ({run}) => run));
		for (const id of this.#runs.keys()) if (!ids.has(id)) this.#runs.delete(id);
		await Promise.all(Array.from(ids, id => this.#hearRun(id)));
		for (const [token, job] of this.#jobs) this.#tell(token, job);
	}

	#tell(token: string, job: JobAtWork): void {
		const run = this.#runs.get(job.run);
		if (run === undefined) return;
		if (this.#isGone(run)) job.letGo();
		else job.follow(run.directives.find(directive => directive.token === token) ?? null);
	}

	async #hearRun(id: string): Promise<void> {
		const text = await this.#options.queue.bulletins.find(id);
		const now = monotonicMs();
		const heard = this.#runs.get(id) ?? {beat: -1, heardAtMs: now, isMissing: true, directives: []};
		this.#runs.set(id, heard);
		heard.isMissing = text === null;
		if (text === null) return;
		const body = this.#openRun(text);
		if (body === null || body.id !== id || body.beat === heard.beat) return;
		heard.beat = body.beat;
		heard.heardAtMs = now;
		heard.directives = body.directives;
	}

	#openRun(text: unknown): RunBody | null {
		try {
			return checkRun(this.#options.sealer.open('run', text));
		} catch {
			return null;
		}
	}

	#isGone({heardAtMs, isMissing}: HeardRun): boolean {
		return monotonicMs() - heardAtMs > (isMissing ? BULLETIN_MISSING_MS : this.#times.runGoneAfterMs);
	}
}
