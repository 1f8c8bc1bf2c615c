// A file that one thread reads from its beginning to its end.
import type {RunningTask} from '../backend/job-backend.ts';
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
	return {
		outcome,
		readProgress: () => assigned.progress.read(),
		countReads: () => assigned.progress.waitCount,
		direct(directive) {
			if (isRunning) assigned.progress.direct(directive);
			onDirected();
		},
		kill: assigned.kill,
		inspect: () => look.take(),
	};
}
