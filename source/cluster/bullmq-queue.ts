// A queue by BullMQ, on Redis or on Postgres. Only what runs with --queue, and workers, load this.
//
// There are two queues: one for the jobs of each version of the program, so that no worker ever gets a job that it would read in another
// way, and one for what workers and runs say of themselves, whose entries are never done.
import {type BackendFactory, type Job, Queue, QueueEvents, WaitingError, Worker} from 'bullmq';
import {type QueueConnection, type QueueTimes, queueTimes} from './connection.ts';
import {
	type Bulletins,
	CRASHED,
	type JobQueue,
	type JobState,
	type TakingOptions,
	UNSENT,
	type WorkerQueue,
} from './queue.ts';

/** Jobs that a coordinator forgot, because it died, are gone after a day. */
const KEPT_SECONDS = 24 * 3600;
/** A job may lose its worker twice; the third time it is the job's fault. */
const MAX_RESTARTS = 2;
/** In front of the reason why a worker could not do a job: BullMQ also fails one whose result it could not send, with the error of the network. */
const BY_WORKER = 'worker: ';
const BULLETINS_QUEUE = 'fileproc-bulletins';

interface JobData {
	readonly sealed: unknown;
}
type DataQueue = Queue<JobData, string>;

interface HowToOpen {
	readonly connection: QueueConnection;
	/** Of the program, and of what it sends. */
	readonly format: string;
	readonly times?: QueueTimes;
}

const nameOf = (format: string): string => `fileproc-jobs-${format.replaceAll(':', '-')}`;

const optionsOf = ({client, prefix}: QueueConnection) =>
	({connection: client, skipVersionCheck: true, ...(prefix !== undefined && {prefix})}) as never;

function openData(name: string, connection: QueueConnection): DataQueue {
	const queue = new Queue<JobData, string>(name, optionsOf(connection), connection.backend as never);
	// Connections say so themselves, once; each queue would say it again.
	queue.on('error', () => {});
	return queue as unknown as DataQueue;
}

export async function openJobQueue({connection, format}: HowToOpen): Promise<JobQueue> {
	const jobs = openData(nameOf(format), connection);
	const bulletins = openData(BULLETINS_QUEUE, connection);
	const listeners = new Set<(token: string) => void>();
	const events = connection.hasEvents ? await openEvents(nameOf(format), connection, listeners) : null;
	return {
		warnings: connection.warnings,
		async add(added) {
			await jobs.addBulk(
				added.map(({token, text}) => ({
					name: 'job',
					data: {sealed: text},
					opts: {jobId: token, removeOnComplete: {age: KEPT_SECONDS}, removeOnFail: {age: KEPT_SECONDS}},
				})),
			);
		},
		look: token => look(jobs, token),
		async readSoFar(token) {
			const progress = (await jobs.getJob(token))?.progress;
			return typeof progress === 'object' && progress !== null && 'sealed' in progress ? progress.sealed : null;
		},
		async remove(token) {
			// It says so where a worker has the job: then it is done first.
			await jobs.remove(token);
		},
		onHint(listener) {
			listeners.add(listener);
		},
		bulletins: bulletinsOf(bulletins),
		async close() {
			await Promise.allSettled([events?.close(), jobs.close(), bulletins.close()]);
		},
	};
}

async function openEvents(
	name: string,
	connection: QueueConnection,
	listeners: ReadonlySet<(token: string) => void>,
): Promise<{readonly close: () => Promise<void>}> {
	const events = new QueueEvents(name, optionsOf(connection), connection.backend as never);
	events.on('error', () => {});
	const hint = ({jobId}: {readonly jobId: string}): void => {
		for (const listener of listeners) listener(jobId);
	};
	for (const kind of ['active', 'completed', 'failed', 'progress'] as const) events.on(kind, hint);
	await events.waitUntilReady();
	return events;
}

async function look(jobs: DataQueue, token: string): Promise<JobState> {
	const state = await jobs.getJobState(token);
	if (state === 'unknown') return {type: 'missing'};
	if (state === 'active') return {type: 'active'};
	if (state !== 'completed' && state !== 'failed') return {type: 'waiting'};
	const job = await jobs.getJob(token);
	if (job === undefined) return {type: 'missing'};
	if (state === 'completed') return {type: 'completed', result: job.returnvalue};
	const {failedReason = ''} = job;
	if (failedReason.includes('stalled more than')) return {type: 'failed', reason: CRASHED};
	return {type: 'failed', reason: failedReason.startsWith(BY_WORKER) ? failedReason.slice(BY_WORKER.length) : UNSENT};
}

/** Entries wait for ever; what they say stands in their data. */
function bulletinsOf(bulletins: DataQueue): Bulletins {
	const open = new Map<string, Job<JobData, string>>();
	const add = async (id: string, text: string): Promise<void> => {
		open.set(id, (await bulletins.add('bulletin', {sealed: text}, {jobId: id})) as unknown as Job<JobData, string>);
	};
	return {
		async publish(id, text) {
			const job = open.get(id);
			if (job === undefined) await add(id, text);
			// The queue may have been emptied.
			await open
				.get(id)
				?.updateData({sealed: text})
				.catch(() => add(id, text));
		},
		async retract(id) {
			open.delete(id);
			await bulletins.remove(id);
		},
		async list() {
			const jobs = await bulletins.getJobs(['wait', 'waiting', 'paused'] as never);
			return jobs.flatMap(job => (job?.id === undefined ? [] : [{id: job.id, text: job.data.sealed}]));
		},
		find: async id => (await bulletins.getJob(id))?.data.sealed ?? null,
	};
}

export async function openWorkerQueue({connection, format, times}: HowToOpen): Promise<WorkerQueue> {
	const bulletins = openData(BULLETINS_QUEUE, connection);
	return {
		warnings: connection.warnings,
		bulletins: bulletinsOf(bulletins),
		take: options => takeJobs(options, nameOf(format), connection, times ?? queueTimes),
		async close() {
			await Promise.allSettled([bulletins.close()]);
		},
	};
}

/** What BullMQ says when a result comes from a worker that the job was taken from. */
const LATE = /missing lock|lock mismatch|not in the active state|missing key for job/i;

function takeJobs(
	{concurrency, work, onLate, onTrouble}: TakingOptions,
	name: string,
	connection: QueueConnection,
	{lockMs, lookForDeadMs}: QueueTimes,
): ReturnType<WorkerQueue['take']> {
	const held = new Map<string, {readonly job: Job<JobData, string>; readonly lockToken: string}>();
	const late = new Set<string>();
	let isGivingBack = false;
	const noteLate = (token: string): void => {
		if (late.has(token)) return;
		late.add(token);
		onLate(token);
	};
	const worker = new Worker<JobData, string>(
		name,
		async (job, lockToken = '', signal) => {
			const {id: token = ''} = job;
			late.delete(token);
			held.set(token, {job: job as unknown as Job<JobData, string>, lockToken});
			try {
				return await work({
					token,
					text: job.data.sealed,
					lost: signal ?? new AbortController().signal,
					tellSoFar: text => job.updateProgress({sealed: text}),
				});
			} catch (error) {
				// It waits in the queue again, so it has not failed.
				if (isGivingBack) throw new WaitingError();
				throw new Error(BY_WORKER + (error instanceof Error ? error.message : String(error)));
			} finally {
				held.delete(token);
			}
		},
		{
			...(optionsOf(connection) as object),
			connection: connection.client as never,
			concurrency,
			lockDuration: lockMs,
			stalledInterval: lookForDeadMs,
			maxStalledCount: MAX_RESTARTS,
			// After the queue was away, jobs and results are not to wait.
			runRetryDelay: 1000,
			// Idle workers look again after so many seconds, should they not have been told.
			drainDelay: 5,
		},
		connection.backend as never,
	);
	worker.on('lockRenewalFailed', tokens => {
		for (const token of tokens) {
			noteLate(token);
			worker.cancelJob(token, 'another worker has it');
		}
	});
	worker.on('error', error => {
		if (!LATE.test(error.message) && !error.message.startsWith('could not renew lock')) onTrouble(error);
		const token = /job (\S+?)\.?(?: |$)/i.exec(error.message)?.[1];
		if (token !== undefined && LATE.test(error.message)) noteLate(token);
	});
	return {
		drain: () => worker.close(),
		async giveBack() {
			isGivingBack = true;
			await worker.pause(true);
			await Promise.allSettled(
				Array.from(held.values(), async ({job, lockToken}) => {
					await job.moveToWait(lockToken);
					if (job.id !== undefined) worker.cancelJob(job.id, 'given back');
				}),
			);
		},
	};
}

export type {BackendFactory};
