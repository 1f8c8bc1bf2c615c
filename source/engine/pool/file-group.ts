// A group of small files that one thread reads one after the other: see small-files/file-group.ts for those who start it.
import type {GroupClient, GroupEnd, RunningGroup} from '../backend/job-backend.ts';
import {BatchBoard} from '../shared/batch-board.ts';
import {unpackOutcomes} from '../shared/packed-outcomes.ts';
import type {PackedFilesReply} from '../shared/protocol.ts';
import type {PoolThread} from './pool-thread.ts';

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
		early => {
			if (early.type === 'did-files') reportFiles(early);
		},
	);
	const ended = reply.then((last): GroupEnd => {
		if (last.type === 'did-files') reportFiles(last);
		onOver();
		return last.type === 'worker-lost' ? {type: 'lost', cause: last.cause} : {type: 'done'};
	});
	const group: RunningGroup = {
		currentIndex: () => board.current,
		readProgress: () => progress.read(),
		direct: directive => progress.direct(directive),
		cancelFile: index => board.cancel(index),
		abortFile(index) {
			board.abort(index);
			progress.nudge();
		},
		kill,
		ended,
	};
	onStart(group);
	return group;
}
