// A file that one worker reads.
import type {RunningTask, TaskOutcome, WorkerTask} from '../engine/backend/job-backend.ts';
import {monotonicMs} from '../engine/shared/monotonic.ts';
import type {JobEnd} from './coordination.ts';
import type {Coordinator} from './coordinator.ts';
import type {ResultBody} from './messages.ts';
import {endWithoutResult, SentJob, wrongResult} from './sent-job.ts';

/** @param signal - Without effect once a worker has it. @returns `null` where it was aborted before that. */
export async function startWholeFile(
	coordinator: Coordinator,
	{source, settings, bytesTotal = null}: WorkerTask,
	signal: AbortSignal,
): Promise<RunningTask | null> {
	const job = new SentJob(coordinator, {settings, sources: [source], bytesTotal, span: null});
	if (!(await job.startedUnless(signal))) return null;
	return {
		outcome: job.ended.then(outcomeOf),
		readProgress: () => job.progress.totals,
		// A file that waits for another worker does not stand still.
		countReads: () => (job.isAtWork ? job.progress.changes : monotonicMs()),
		direct: job.direct,
		kill: job.giveUp,
	};
}

/** @param end - See `SentJob.ended`. */
export function outcomeOf(end: JobEnd<ResultBody> | null): TaskOutcome {
	if (end === null) return {type: 'aborted'};
	if (end.type !== 'result') return endWithoutResult(end);
	return end.result.type === 'file' ? end.result.outcome : wrongResult('A worker took the file for something else');
}
