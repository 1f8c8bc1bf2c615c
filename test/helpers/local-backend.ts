// Reads the files of a run in this process, one after the other, from wherever the test has them.
import type {JobBackend, TaskOutcome, WorkerTask} from '../../source/engine/backend/job-backend.ts';
import {encodeState} from '../../source/engine/shared/consolidation.ts';
import {AbortedError, type ProgressTotals} from '../../source/engine/shared/shared-progress.ts';
import {processSource} from '../../source/engine/worker/process-source.ts';
import {foldWithKernel} from '../../source/engine/worker/read/fold-with-kernel.ts';
import type {OpenAnySource} from '../../source/engine/worker/source/open-source.ts';
import {Kernel} from '../../source/kernel/kernel.ts';

/** For runs with one file in flight: there is one kernel. */
export function createLocalBackend(open: OpenAnySource): JobBackend {
	const fold = foldWithKernel(new Kernel());
	const aborts = new Set<() => void>();

	async function read(
		{source: location, settings}: WorkerTask,
		checkpoint: () => void,
		write: (totals: ProgressTotals) => void,
	): Promise<TaskOutcome> {
		const reply = await processSource(
			{
				location,
				settings,
				chooseFold: async () => fold,
				take: takeStates =>
					Array.from(
						takeStates(() => true),
						encodeState,
					),
				open,
			},
			{progress: {write, sleep() {}}, checkpoint, postSnapshot() {}},
		);
		if (reply.type !== 'completed') return reply;
		const {type, ...file} = reply;
		return {type, file};
	}

	return {
		async start(task, signal) {
			if (signal.aborted) return null;
			let totals: ProgressTotals = {bytesRead: 0, rows: 0, rejectedRows: 0};
			let isAborted = false;
			const abort = (): void => {
				isAborted = true;
			};
			const checkpoint = (): void => {
				if (isAborted) throw new AbortedError();
			};
			aborts.add(abort);
			const outcome = read(task, checkpoint, next => {
				totals = next;
			}).finally(() => aborts.delete(abort));
			return {
				outcome,
				readProgress: () => totals,
				direct(directive) {
					if (directive === 'abort') abort();
				},
				kill: abort,
			};
		},
		setFilesInFlight() {},
		giveUpGroups() {},
		async close() {
			for (const abort of aborts) abort();
		},
	};
}
