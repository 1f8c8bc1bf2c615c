// Amounts by month of files that have completed: no report has them, so whoever wants to see them has the file read once more.
//
//   while the run is on    a thread of the pool, when no file wants it
//   afterwards             a thread of its own, which holds nobody back from leaving
import type {MonthFigure, RunControl} from '../store/control.ts';
import type {Job} from './job.ts';
import {startThread} from './start-thread.ts';
import type {FromWorker, MonthsRequest, ReadSettings, ToWorker} from './worker/protocol.ts';
import type {WorkerPool} from './worker-pool.ts';

type Months = readonly MonthFigure[] | null;

/** As for a file that is cancelled: a thread that has not answered by then hangs. */
const ABORT_GRACE_MS = 1500;

export function inspectMonthsOf(
	jobs: ReadonlyMap<string, Job>,
	pool: Partial<Pick<WorkerPool, 'postWhenIdle'>>,
	settings: ReadSettings,
): NonNullable<RunControl['inspectMonths']> {
	return async (file, signal) => {
		const job = jobs.get(file);
		if (job?.report?.status !== 'completed' || job.identity === null || job.source.kind !== 'file') return null;
		const request = {type: 'sum-by-month', source: job.source, settings, identity: job.identity} as const;
		const answer = await askPool(pool, request, signal);
		// The pool ends with the run, and takes with it whom it had begun to serve.
		return answer === 'no-thread' ? askOwnThread(request, signal) : answer;
	};
}

async function askPool(
	pool: Partial<Pick<WorkerPool, 'postWhenIdle'>>,
	request: ToWorker & MonthsRequest,
	signal: AbortSignal,
): Promise<Months | 'no-thread'> {
	const assigned = (await pool.postWhenIdle?.(request, signal)) ?? null;
	if (assigned === null) return signal.aborted ? null : 'no-thread';
	let graceTimer: NodeJS.Timeout | undefined;
	const abort = (): void => {
		assigned.progress.direct('abort');
		graceTimer = setTimeout(assigned.kill, ABORT_GRACE_MS);
	};
	if (signal.aborted) abort();
	else signal.addEventListener('abort', abort, {once: true});
	const reply = await assigned.reply;
	clearTimeout(graceTimer);
	signal.removeEventListener('abort', abort);
	if (reply.type === 'worker-lost' && !signal.aborted) return 'no-thread';
	return reply.type === 'summed-by-month' && !signal.aborted ? reply.months : null;
}

function askOwnThread(request: ToWorker & MonthsRequest, signal: AbortSignal): Promise<Months> {
	if (signal.aborted) return Promise.resolve(null);
	const {worker, ready} = startThread();
	// A process that has nothing else to do ends without it.
	worker.unref();
	return new Promise(resolve => {
		const end = (months: Months): void => {
			signal.removeEventListener('abort', giveUp);
			resolve(months);
			void worker.terminate();
		};
		const giveUp = (): void => end(null);
		signal.addEventListener('abort', giveUp, {once: true});
		worker.on('message', (reply: FromWorker) => {
			if (reply.type === 'summed-by-month') end(reply.months);
		});
		worker.once('exit', giveUp);
		void ready.then(() => worker.postMessage(request));
	});
}
