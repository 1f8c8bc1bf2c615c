// A file for a thread to read: what it is given as, what is seen of it meanwhile, and what becomes of it.

import type {ErrorReport} from '../../model/report.ts';
import type {FileInspection} from '../../model/run-control.ts';
import {toErrorReport} from '../shared/errors.ts';
import type {FoldedFile, FromWorker, ReadSettings, SnapshotReply, SourceLocation} from '../shared/protocol.ts';
import type {Directive, ProgressTotals, SharedProgress} from '../shared/shared-progress.ts';
import {TooManyHungThreadsError} from './too-many-hung-threads.ts';

export interface WorkerTask {
	readonly source: SourceLocation;
	readonly settings: ReadSettings;
	/** `null` or nothing where it is not known. */
	readonly bytesTotal?: number | null;
	/** See merge-board.ts. */
	readonly mergeBoard?: SharedArrayBuffer;
}

export type TaskOutcome =
	| {readonly type: 'completed'; readonly file: FoldedFile}
	| {readonly type: 'failed'; readonly error: ErrorReport; readonly bytesRead: number}
	| {readonly type: 'aborted'}
	/** The thread ended without an answer. */
	| {readonly type: 'worker-lost'; readonly cause: string};

/** A file that a thread is working on. */
export interface RunningTask {
	readonly outcome: Promise<TaskOutcome>;
	readonly readProgress: () => ProgressTotals;
	/** Changes whenever anything was read, also where the totals stand still because something is read again. */
	readonly countReads?: () => number;
	readonly direct: (directive: Directive) => void;
	/** Ends the thread, whatever it is doing; the outcome is `worker-lost` unless an answer came before. */
	readonly kill: () => void;
	/** What the file came to so far; `null`, or nothing to call, where that cannot be said. */
	readonly inspect?: () => Promise<FileInspection | null>;
}

/** What a thread says of a request, or what became of the thread. */
export type ThreadReply =
	| Exclude<FromWorker, {type: 'ready'} | SnapshotReply>
	| {readonly type: 'worker-lost'; readonly cause: string};

/** A thread that works for someone. */
export interface AssignedThread {
	readonly reply: Promise<ThreadReply>;
	readonly progress: SharedProgress;
	readonly kill: () => void;
	/** What there is so far; `null` when the reply comes first. */
	readonly askForSnapshot: () => Promise<SnapshotReply | null>;
}

export function toOutcome(reply: ThreadReply): TaskOutcome {
	if (reply.type === 'read-ranges' || reply.type === 'did-files')
		throw new Error('A thread answered what it was not asked');
	if (reply.type !== 'completed') return reply;
	const {type, ...file} = reply;
	return {type, file};
}

/** What there is to watch when no thread could be had. */
export const refusedTask = (cause: unknown): RunningTask => ({
	outcome: Promise.resolve({type: 'failed', error: describeRefusal(cause), bytesRead: 0}),
	readProgress: () => ({bytesRead: 0, rows: 0, rejectedRows: 0}),
	direct() {},
	kill() {},
});

function describeRefusal(cause: unknown): ErrorReport {
	if (cause instanceof TooManyHungThreadsError) return toErrorReport(cause);
	const message = `No thread could be started: ${cause instanceof Error ? cause.message : cause}`;
	return {code: 'WORKER_LOST', message, line: null, byte_offset: null};
}
