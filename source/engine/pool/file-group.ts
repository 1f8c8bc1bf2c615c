// A group of small files that one thread reads one after the other, as it is seen by those who start it: see
// small-files/file-group.ts.
import {BatchBoard} from '../shared/batch-board.ts';
import {unpackOutcomes} from '../shared/packed-outcomes.ts';
import type {FilesReply, PackedFilesReply, ReadSettings, SourceLocation} from '../shared/protocol.ts';
import type {SharedProgress} from '../shared/shared-progress.ts';
import type {PoolThread} from './pool-thread.ts';
import type {WorkerTask} from './task.ts';

/** Up to this size a file takes less time than a message. */
const SMALL_BYTES = 256 * 1024;

export const isSmall = ({source, bytesTotal = null}: Pick<WorkerTask, 'source' | 'bytesTotal'>): boolean =>
	source.kind === 'file' && bytesTotal !== null && bytesTotal <= SMALL_BYTES;

export interface FilesOfGroup {
	readonly sources: readonly SourceLocation[];
	readonly settings: ReadSettings | null;
}

/** Who has a group of files read. */
export interface GroupClient {
	/** Called when there is a thread: gives the files that are still wanted, or no files where no thread is needed any more. */
	readonly choose: () => FilesOfGroup;
	/** Called right after `choose`, before anything else can happen: the thread has the files. */
	readonly onStart: (group: RunningGroup) => void;
	readonly onReply: (reply: FilesReply) => void;
}

export type GroupEnd =
	| {readonly type: 'done'}
	/** The thread is gone. */
	| {readonly type: 'lost'; readonly cause: string};

/** A group that a thread reads. */
export interface RunningGroup {
	readonly board: BatchBoard;
	/** Of the file that is being read. */
	readonly progress: SharedProgress;
	readonly kill: () => void;
	/** Resolves after the last reply. */
	readonly ended: Promise<GroupEnd>;
}

/**
@param onOver - Called when the thread is free again, or when it was not needed.
@returns `null` where no files are wanted any more.
*/
export function startFileGroup(
	thread: PoolThread,
	{choose, onStart, onReply}: GroupClient,
	onOver: () => void,
): RunningGroup | null {
	const {sources, settings} = choose();
	if (sources.length === 0 || settings === null) {
		onOver();
		return null;
	}
	const board = new BatchBoard(sources.length);
	const reportFiles = ({outcomes, ...rest}: PackedFilesReply): void => {
		onReply({...rest, outcomes: unpackOutcomes(outcomes)});
	};
	const {reply, progress, kill} = thread.assign(
		{type: 'process-files', sources, settings, board: board.buffer},
		reportFiles,
	);
	const ended = reply.then((last): GroupEnd => {
		if (last.type === 'did-files') reportFiles(last);
		onOver();
		return last.type === 'worker-lost' ? {type: 'lost', cause: last.cause} : {type: 'done'};
	});
	const group = {board, progress, kill, ended};
	onStart(group);
	return group;
}
