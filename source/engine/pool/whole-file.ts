// A file that one thread reads from its beginning to its end.
import type {RunningTask} from '../backend/job-backend.ts';
import type {ProgressTotals} from '../shared/shared-progress.ts';
import {inspectParts, SharedLook} from './inspect-parts.ts';
import type {PoolThread} from './pool-thread.ts';
import {type ThreadTask, toOutcome} from './task.ts';

/** @param onOver - Called when the thread is free again. */
export function startWholeFile(
	thread: PoolThread,
	{source, settings, mergeBoard}: ThreadTask,
	onDirected: () => void,
	onOver: () => void,
): RunningTask {
	const assigned = thread.assign({type: 'process-file', source, settings, mergeBoard});
	let isRunning = true;
	const look = new SharedLook(async () => {
		const part = await assigned.askForSnapshot();
		return inspectParts([], part === null ? [] : [part], settings);
	});
	const outcome = assigned.reply.then(reply => {
		isRunning = false;
		onOver();
		return toOutcome(reply);
	});
	let isReadAgain = false;
	let reported: ProgressTotals = {bytesRead: 0, rows: 0, rejectedRows: 0};
	return {
		outcome,
		// Totals never fall, also when the file is read again because its columns are in other forms than they seemed.
		readProgress() {
			const {bytesRead, rows, rejectedRows} = assigned.progress.read();
			isReadAgain ||= bytesRead < reported.bytesRead;
			reported = {
				bytesRead: Math.max(reported.bytesRead, bytesRead),
				rows: Math.max(reported.rows, rows),
				rejectedRows: Math.max(reported.rejectedRows, rejectedRows),
			};
			return reported;
		},
		countReads: () => assigned.progress.waitCount + (isReadAgain ? assigned.progress.read().bytesRead : 0),
		direct(directive) {
			if (isRunning) assigned.progress.direct(directive);
			onDirected();
		},
		kill: assigned.kill,
		inspect: () => look.take(),
	};
}
