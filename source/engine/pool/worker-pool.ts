// The threads. Each reads one file at a time, so a thread that dies costs one attempt of one file; it is replaced when
// the next file needs it. Threads are started when they are first needed, at most `threads` of them, and live until the
// pool is closed.
//
//   acquire (first come, first served) ──> a thread that is idle, or the next one that is ──> task ──> exactly one outcome ──> idle again
//                └──> starts one where there may be more

import {BatchBoard} from '../shared/batch-board.ts';
import {unpackOutcomes} from '../shared/packed-outcomes.ts';
import type {FromWorker, PackedFilesReply, ToWorker} from '../shared/protocol.ts';
import {isMemoryAwaited, type Thread, type Waiter} from './pool-thread.ts';
import {type BatchClient, noFiles, type RunningBatch} from './running-batch.ts';
import {SnapshotAsks} from './snapshot-asks.ts';
import {canSplit, SplitTask} from './split-task.ts';
import {countHungThreads, groupRoom, type StartedThread, startThread} from './start-thread.ts';
import {type AssignedThread, type RunningTask, type ThreadReply, toOutcome, type WorkerTask} from './task.ts';
import {TooManyHungThreadsError} from './too-many-hung-threads.ts';

export type {RunningTask, TaskOutcome, WorkerTask} from './task.ts';

export interface PoolOptions {
	readonly threads: number;
	/** Told of the life of threads, for the log. */
	readonly onLog: (message: string, fields: Readonly<Record<string, unknown>>) => void;
}

export interface WorkerPool {
	/** Hands the task to a thread as soon as one is free; `null` when the signal was aborted or the pool closed before that. Rejects when no thread can be had. */
	readonly start: (task: WorkerTask, signal: AbortSignal) => Promise<RunningTask | null>;
	/**
	Hands a thread, as soon as one is free, small files to work through one after the other.

	@returns `null` when there is nothing to do (any more).
	*/
	readonly startBatch: (client: BatchClient) => Promise<RunningBatch | null>;
	/** Ends all threads. Resolves when they are gone, or after half a second: a thread may hang in the operating system. */
	readonly close: () => Promise<void>;
}

const never = new AbortController().signal;

/** A thread starts in some 50 ms; on a machine that swaps it may take seconds. */
const START_DEADLINE_MS = 20_000;
const CLOSE_DEADLINE_MS = 500;
/**
When so many did not start, none was left to wait for, and none ever has started, the next one will hardly either: where the
program is not whole, say, or memory is short. It is tried once in so long a time from then on, and not for each of the files.
*/
const MOST_FAILED_STARTS = 3;
const NEXT_TRY_MS = 1000;

export function createWorkerPool({threads: threadLimit, onLog}: PoolOptions): WorkerPool {
	const threads = new Set<Thread>();
	const idle: Thread[] = [];
	/** Those that did not answer, until they are gone. */
	const killed = new Set<Thread>();
	/** Those who wait for a thread, in order. */
	const waiting: Waiter[] = [];
	/** Large files that idle threads may help with. */
	const splitTasks = new Set<SplitTask>();
	/** Fewer than wished where the machine allows no more. */
	let mostThreads = threadLimit;
	let nextId = 1;
	let isClosed = false;
	/** Threads that ended before they could work and left none; `null` once one can. */
	let failedStarts: number | null = 0;
	/** Why no thread can be had, until it is tried again. */
	let hopeless: Error | null = null;

	/** `null` where there are some and the machine allows no more. Throws where it does not even allow one. */
	const createThread = (): Thread | null => {
		if (threads.size >= mostThreads || isMemoryAwaited(threads)) return null;
		let started: StartedThread;
		try {
			started = startThread();
		} catch (error) {
			onLog('worker-not-started', {threads: threads.size, cause: String(error)});
			if (threads.size === 0) throw error;
			// Threads that hang may come back.
			if (!(error instanceof TooManyHungThreadsError)) mostThreads = threads.size;
			return null;
		}
		const {worker, progress, end, ready: begun} = started;
		let becomeReady: () => void = () => {};
		const ready = new Promise<void>(resolve => {
			becomeReady = resolve;
		});
		const thread: Thread = {
			id: nextId++,
			threadId: worker.threadId,
			worker,
			progress,
			end,
			ready,
			becomeReady,
			wasReady: false,
			settle: null,
			onReply: null,
			snapshots: new SnapshotAsks(() => progress.askForSnapshot()),
			isDead: false,
			cause: '',
		};
		threads.add(thread);
		const startTimer = setTimeout(() => {
			void end();
			bury(thread, 'it did not start in time');
		}, START_DEADLINE_MS);
		void ready.then(() => {
			clearTimeout(startTimer);
		});
		void begun.then(({warning}) => {
			if (warning !== null) onLog('worker-warned', {thread: thread.id, warning});
			thread.wasReady = true;
			failedStarts = null;
			becomeReady();
		});
		worker.on('message', (reply: FromWorker) => {
			if (reply.type === 'ready') return;
			if (reply.type === 'did-files' && !reply.isLast) thread.onReply?.(reply);
			else if (reply.type === 'file-so-far' || reply.type === 'ranges-so-far') thread.snapshots.answer(reply);
			else settle(thread, reply);
		});
		worker.on('error', (error: Error) => {
			const code = 'code' in error ? String(error.code) : '';
			thread.cause = error.message.startsWith(code) ? error.message : `${code}: ${error.message}`;
		});
		worker.on('messageerror', (error: Error) => {
			thread.cause = error.message;
			void end();
		});
		worker.on('exit', exitCode => {
			onLog('worker-ended', {thread: thread.id, exitCode, cause: thread.cause});
			bury(thread, thread.cause === '' ? `it ended with code ${exitCode}` : thread.cause);
		});
		for (const stream of [worker.stdout, worker.stderr]) {
			stream.setEncoding('utf8').on('data', (text: string) => {
				onLog('worker-said', {thread: thread.id, text});
			});
		}
		onLog('worker-started', {thread: thread.id});
		return thread;
	};

	/** For those who can do without. */
	const createIfAllowed = (): Thread | null => {
		try {
			return createThread();
		} catch {
			return null;
		}
	};

	/** The thread is free for the next who waits. */
	const giveBack = (thread: Thread): void => {
		if (thread.isDead) return;
		// Memory of WebAssembly never shrinks: so another thread gets the room next.
		if (groupRoom.isTakenBy(thread.threadId)) {
			thread.cause = 'it had taken much memory for groups';
			void thread.end();
			return;
		}
		const next = waiting.shift();
		if (next !== undefined) {
			next.take(thread);
			startDelayed();
		} else {
			idle.push(thread);
			if (splitTasks.size > 0) setImmediate(() => void help());
		}
	};

	/** The thread has answered, or never will. */
	const settle = (thread: Thread, reply: ThreadReply): void => {
		const settleReply = thread.settle;
		thread.settle = null;
		thread.snapshots.answer(null);
		settleReply?.(reply);
	};

	/** From here on the thread is as good as gone, even if it hangs in the operating system and cannot be ended. */
	const bury = (thread: Thread, cause: string): void => {
		if (thread.isDead) return;
		thread.isDead = true;
		thread.cause = cause;
		thread.becomeReady();
		groupRoom.leave(thread.threadId);
		threads.delete(thread);
		const place = idle.indexOf(thread);
		if (place !== -1) idle.splice(place, 1);
		settle(thread, {type: 'worker-lost', cause});
		if (isClosed) return;
		if (!thread.wasReady) {
			// The next one may fare the same: those who wait have the others, or where there are none are told, one for each try.
			if (threads.size > 0) return;
			if (failedStarts !== null && ++failedStarts >= MOST_FAILED_STARTS) {
				hopeless = new Error(cause);
				setTimeout(() => {
					hopeless = null;
				}, NEXT_TRY_MS).unref();
			}
			failWaiting(new Error(cause), hopeless === null ? 1 : waiting.length);
		}
		startIfAwaited();
	};

	/** There is a place for a new thread, which someone may be waiting for. */
	const startIfAwaited = (): void => {
		if (waiting.length === 0) return;
		try {
			const another = createThread();
			if (another !== null) giveWhenReady(another);
		} catch (error) {
			// None is left to wait for.
			failWaiting(error, waiting.length);
		}
	};

	/** The same for those who got none because memory was awaited: no other thread starts for them. */
	const startDelayed = (): void => {
		const countStarting = Array.from(threads).filter(({wasReady}) => !wasReady).length;
		if (waiting.length > countStarting) startIfAwaited();
	};

	const failWaiting = (reason: unknown, count: number): void => {
		for (const {fail} of waiting.splice(0, count)) fail(reason);
	};

	/** A new thread is for whoever waits by then, and not for those alone it was started for: another may be free sooner. */
	const giveWhenReady = (thread: Thread): void => {
		void thread.ready.then(() => {
			giveBack(thread);
		});
	};

	const acquire = async (signal: AbortSignal): Promise<Thread | null> => {
		if (isClosed || signal.aborted) return null;
		if (hopeless !== null) throw hopeless;
		const free = idle.pop();
		if (free !== undefined) return free;
		const another = createThread();
		if (another !== null) giveWhenReady(another);
		return new Promise((resolve, reject) => {
			const waiter: Waiter = {
				take(thread) {
					signal.removeEventListener('abort', giveUp);
					resolve(thread);
				},
				fail(reason) {
					signal.removeEventListener('abort', giveUp);
					reject(reason);
				},
			};
			const giveUp = (): void => {
				waiting.splice(waiting.indexOf(waiter), 1);
				resolve(null);
			};
			signal.addEventListener('abort', giveUp, {once: true});
			waiting.push(waiter);
			if (another === null) for (const task of splitTasks) if (task.releaseHelper()) break;
		});
	};

	const kill = (thread: Thread): void => {
		killed.add(thread);
		void thread.end(true).then(() => killed.delete(thread));
		onLog('worker-killed', {thread: thread.id, hung: countHungThreads()});
		bury(thread, 'it was ended because it did not answer');
	};

	/** Sends a request to a thread that is ready and free. */
	const assign = (thread: Thread, request: ToWorker): AssignedThread => {
		const {worker, progress} = thread;
		progress.reset();
		let isOver = false;
		const reply = new Promise<ThreadReply>(resolve => {
			thread.settle = last => {
				isOver = true;
				resolve(last);
			};
		});
		if (thread.isDead) settle(thread, {type: 'worker-lost', cause: thread.cause});
		else worker.postMessage(request);
		return {
			reply,
			progress,
			kill() {
				if (thread.settle !== null) kill(thread);
			},
			askForSnapshot: async () => (isOver ? null : thread.snapshots.ask()),
		};
	};

	/** Lets idle threads help with large files, when nobody else wants them. */
	const help = async (): Promise<void> => {
		for (const task of splitTasks) {
			while (!isClosed && waiting.length === 0 && task.wantsHelp) {
				const thread = idle.pop() ?? createIfAllowed();
				if (thread === null) return;
				await thread.ready;
				if (thread.isDead) continue;
				if (isClosed || waiting.length > 0 || !task.wantsHelp) {
					giveBack(thread);
					continue;
				}
				const assigned = assign(thread, task.requestFor(true));
				void task.join(assigned).then(() => {
					giveBack(thread);
				});
			}
		}
	};

	/** Whoever is admitted at the same moment has the first right to a thread. */
	const helpSoon = (): void => {
		setImmediate(() => {
			startDelayed();
			void help();
		});
	};

	const startSplit = (thread: Thread, task: WorkerTask): RunningTask => {
		const split = new SplitTask(task, request => assign(thread, request), helpSoon);
		splitTasks.add(split);
		helpSoon();
		void split.outcome.then(() => {
			splitTasks.delete(split);
			giveBack(thread);
		});
		return split;
	};

	const startWhole = (thread: Thread, task: WorkerTask): RunningTask => {
		const {source, settings, mergeBoard} = task;
		const assigned = assign(thread, {type: 'process-file', source, settings, mergeBoard});
		let isRunning = true;
		const outcome = assigned.reply.then(reply => {
			isRunning = false;
			giveBack(thread);
			return toOutcome(reply);
		});
		return {
			outcome,
			readProgress: () => assigned.progress.read(),
			countReads: () => assigned.progress.waitCount,
			direct(directive) {
				if (isRunning) assigned.progress.direct(directive);
				startDelayed();
			},
			kill: assigned.kill,
			async inspect() {
				const reply = await assigned.askForSnapshot();
				return reply?.type === 'file-so-far' ? reply.file : null;
			},
		};
	};

	groupRoom.shareAmong(threadLimit);

	return {
		async start(task, signal) {
			const thread = await acquire(signal);
			if (thread === null) return null;
			if (signal.aborted || isClosed) {
				giveBack(thread);
				return null;
			}
			if (thread.isDead) throw new Error(thread.cause);
			return canSplit(task, threadLimit) ? startSplit(thread, task) : startWhole(thread, task);
		},
		async startBatch(client) {
			const {choose, onStart, onReply} = client;
			const thread = await acquire(never);
			if (thread === null) return null;
			const {sources, settings} = isClosed || thread.isDead ? noFiles : choose();
			if (sources.length === 0 || settings === null) {
				giveBack(thread);
				return null;
			}
			const board = new BatchBoard(sources.length);
			const request: ToWorker = {type: 'process-files', sources, settings, board: board.buffer};
			const tell = ({outcomes, ...rest}: PackedFilesReply): void => {
				onReply({...rest, outcomes: unpackOutcomes(outcomes)});
			};
			thread.onReply = tell;
			const {reply, progress, kill: killThread} = assign(thread, request);
			const ended = reply.then(last => {
				thread.onReply = null;
				if (last.type === 'did-files') tell(last);
				giveBack(thread);
				return last.type === 'worker-lost' ? ({type: 'lost', cause: last.cause} as const) : ({type: 'done'} as const);
			});
			const batch = {board, progress, kill: killThread, ended};
			onStart(batch);
			return batch;
		},
		async close() {
			isClosed = true;
			for (const {take} of waiting.splice(0)) take(null);
			const gone = Promise.all(Array.from([...threads, ...killed], thread => thread.end()));
			let timer: NodeJS.Timeout | undefined;
			const deadline = new Promise<void>(resolve => {
				timer = setTimeout(resolve, CLOSE_DEADLINE_MS);
			});
			await Promise.race([gone, deadline]);
			clearTimeout(timer);
			for (const thread of threads) bury(thread, 'the pool was closed');
		},
	};
}
