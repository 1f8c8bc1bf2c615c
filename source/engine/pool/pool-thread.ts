// A thread of the pool: whether it can work, the request that it works on, and why it died.
import type {EventLoopUtilization} from 'node:perf_hooks';
import type {Transferable, Worker} from 'node:worker_threads';
import type {FromWorker, ToWorker} from '../shared/protocol.ts';
import type {SharedProgress} from '../shared/shared-progress.ts';
import {SnapshotAsks} from './snapshot-asks.ts';
import type {StartedThread} from './start-thread.ts';
import type {AssignedThread, EarlyReply, ThreadReply} from './task.ts';
import type {ThreadShare} from './thread-share.ts';

/** A thread starts in some 50 ms; on a machine that swaps it may take seconds. */
const START_DEADLINE_MS = 20_000;

export type PoolLog = (message: string, fields: Readonly<Record<string, unknown>>) => void;

/** What the pool does when something happens to a thread. */
export interface ThreadOwner {
	readonly onLog: PoolLog;
	/** The thread can work. */
	readonly onReady: () => void;
	/** The thread has ended, or will not answer any more. */
	readonly onLost: (thread: PoolThread, cause: string) => void;
	/** The thread does not answer: ends it. */
	readonly kill: (thread: PoolThread) => void;
}

export class PoolThread {
	readonly id: number;
	/** As Node counts them. */
	readonly threadId: number;
	readonly progress: SharedProgress;
	readonly end: StartedThread['end'];
	/** Resolves when the thread can take a request, or never will because it is dead. */
	readonly ready: Promise<void>;
	/** Of the client that has the thread; `null` while it is idle. */
	share: ThreadShare | null = null;
	/** Why it died, once it has. */
	cause = '';
	readonly #worker: Worker;
	readonly #owner: ThreadOwner;
	readonly #snapshots: SnapshotAsks;
	#resolveReady: () => void = () => {};
	#measured: EventLoopUtilization | undefined;
	#wasReady = false;
	#isDead = false;
	/** There while the thread works on a request. */
	#finish: ((reply: ThreadReply) => void) | null = null;
	#onReply: ((reply: EarlyReply) => void) | null = null;

	constructor(id: number, {worker, progress, end, ready}: StartedThread, owner: ThreadOwner) {
		this.id = id;
		this.threadId = worker.threadId;
		this.progress = progress;
		this.end = end;
		this.#worker = worker;
		this.#owner = owner;
		this.#snapshots = new SnapshotAsks(() => progress.askForSnapshot());
		this.ready = new Promise(resolve => {
			this.#resolveReady = resolve;
		});
		this.#awaitStart(ready);
		this.#listen();
		owner.onLog('worker-started', {thread: id});
	}

	/** Whether it could work at some time. */
	get wasReady(): boolean {
		return this.#wasReady;
	}

	get isDead(): boolean {
		return this.#isDead;
	}

	/** The part of the time since the last call in which it has worked, 0 to 1. */
	takeUtilization(): number {
		const {performance} = this.#worker;
		const now = performance.eventLoopUtilization();
		const {utilization} = performance.eventLoopUtilization(now, this.#measured);
		this.#measured = now;
		return utilization;
	}

	/**
	Sends a request. The thread must be ready and have no other one.

	@param onReply - Called with each reply that is not the last one.
	@param transferred - What of the request is handed over.
	*/
	assign(
		request: ToWorker,
		onReply: ((reply: EarlyReply) => void) | null = null,
		transferred: readonly Transferable[] = [],
	): AssignedThread {
		this.progress.reset();
		this.#onReply = onReply;
		let isOver = false;
		const reply = new Promise<ThreadReply>(resolve => {
			this.#finish = last => {
				isOver = true;
				resolve(last);
			};
		});
		if (this.#isDead) this.#finishRequest({type: 'worker-lost', cause: this.cause});
		else this.#worker.postMessage(request, transferred);
		return {
			reply,
			progress: this.progress,
			kill: () => {
				if (!isOver) this.#owner.kill(this);
			},
			askForSnapshot: async () => (isOver ? null : this.#snapshots.ask()),
		};
	}

	/** From here on the thread counts as gone, even if it hangs in the operating system and cannot be ended. */
	markDead(cause: string): void {
		this.#isDead = true;
		this.cause = cause;
		this.#resolveReady();
	}

	/** The request that a dead thread had ends. */
	loseRequest(): void {
		this.#finishRequest({type: 'worker-lost', cause: this.cause});
	}

	#finishRequest(reply: ThreadReply): void {
		const finish = this.#finish;
		this.#finish = null;
		this.#onReply = null;
		this.#snapshots.answer(null);
		finish?.(reply);
	}

	#awaitStart(started: StartedThread['ready']): void {
		const timer = setTimeout(() => {
			void this.end();
			this.#owner.onLost(this, 'it did not start in time');
		}, START_DEADLINE_MS);
		void this.ready.then(() => {
			clearTimeout(timer);
		});
		void started.then(({warning}) => {
			if (warning !== null) this.#owner.onLog('worker-warned', {thread: this.id, warning});
			this.#wasReady = true;
			this.#owner.onReady();
			this.#resolveReady();
		});
	}

	#listen(): void {
		const worker = this.#worker;
		const {onLog, onLost} = this.#owner;
		worker.on('message', (reply: FromWorker) => {
			if (reply.type === 'ready') return;
			if (reply.type === 'ranges-so-far' || (reply.type === 'did-files' && !reply.isLast)) this.#onReply?.(reply);
			else if (reply.type === 'part-so-far') this.#snapshots.answer(reply.part);
			else this.#finishRequest(reply);
		});
		worker.on('error', (error: Error) => {
			const code = 'code' in error ? String(error.code) : '';
			this.cause = error.message.startsWith(code) ? error.message : `${code}: ${error.message}`;
		});
		worker.on('messageerror', (error: Error) => {
			this.cause = error.message;
			void this.end();
		});
		worker.on('exit', exitCode => {
			onLog('worker-ended', {thread: this.id, exitCode, cause: this.cause});
			onLost(this, this.cause === '' ? `it ended with code ${exitCode}` : this.cause);
		});
		for (const stream of [worker.stdout, worker.stderr]) {
			stream.setEncoding('utf8').on('data', (text: string) => {
				onLog('worker-said', {thread: this.id, text});
			});
		}
	}
}
