// Coordinators and workers of a test, in its own process, with shorter times.
import {openJobQueue, openWorkerQueue} from '../../source/cluster/bullmq-queue.ts';
import {connectToQueue} from '../../source/cluster/connection.ts';
import {Coordinator} from '../../source/cluster/coordinator.ts';
import {FORMAT, type JobBody} from '../../source/cluster/messages.ts';
import type {WorkerQueue} from '../../source/cluster/queue.ts';
import {parseQueueAddress, type QueueAddress} from '../../source/cluster/queue-address.ts';
import {createSealer} from '../../source/cluster/seal.ts';
import {ClusterWorker} from '../../source/cluster/worker.ts';

export const quickCoordinator = {tickMs: 150, deadAfterMs: 4000, patienceMs: 500} as const;
export const quickWorker = {busyMs: 100, idleMs: 300, runGoneAfterMs: 60_000} as const;
export const quickQueue = {lockMs: 2000, lookForDeadMs: 1000} as const;

export const addressOf = (url: string): QueueAddress => {
	const address = parseQueueAddress(url);
	if (address === null) throw new Error(`Expected the address of a queue, but got ${url}`);
	return address;
};

export interface OpenedCoordinator {
	readonly coordinator: Coordinator;
	readonly messages: string[];
	readonly close: () => Promise<void>;
}

export async function openCoordinator(url: string, secret = 'secret', silenceMs?: number): Promise<OpenedCoordinator> {
	const messages: string[] = [];
	const connection = await connectToQueue(addressOf(url), message => messages.push(message), silenceMs);
	const queue = await openJobQueue({connection, format: FORMAT});
	const coordinator = new Coordinator({
		...{queue, sealer: createSealer(secret), times: quickCoordinator},
		onMessage: message => messages.push(message),
	});
	return {
		coordinator,
		messages,
		async close() {
			await coordinator.close();
			await queue.close();
			await connection.close();
		},
	};
}

export interface OpenedWorker {
	readonly worker: ClusterWorker;
	readonly messages: string[];
	readonly close: () => Promise<void>;
}

export interface WorkerSettings {
	readonly threads?: number;
	readonly secret?: string;
	readonly format?: string;
	readonly name?: string;
	/** The process ends as soon as it has a job with a file whose path ends so. */
	readonly crashOn?: string;
	/** As `connectToQueue` has it. */
	readonly silenceMs?: number;
	readonly rootMaps?: readonly {readonly from: string; readonly to: string}[];
}

export async function openWorker(
	url: string,
	{threads = 2, secret = 'secret', format = FORMAT, name = 'w', rootMaps = [], crashOn, silenceMs}: WorkerSettings = {},
): Promise<OpenedWorker> {
	const messages: string[] = [];
	const connection = await connectToQueue(addressOf(url), message => messages.push(message), silenceMs);
	const sealer = createSealer(secret);
	const opened = await openWorkerQueue({connection, format, times: quickQueue});
	const queue: WorkerQueue = {
		...opened,
		take: options =>
			opened.take({
				...options,
				work(job) {
					const {sources} = sealer.open('job', job.text) as JobBody;
					const ends = sources.some(source => 'path' in source && String(source.path).endsWith(crashOn ?? ''));
					if (crashOn !== undefined && ends) process.kill(process.pid, 'SIGKILL');
					return options.work(job);
				},
			}),
	};
	const worker = new ClusterWorker({
		...{queue: crashOn === undefined ? opened : queue, sealer, threads, name, rootMaps, format, times: quickWorker},
		onMessage: message => messages.push(message),
	});
	return {
		worker,
		messages,
		async close() {
			await worker.giveBack();
			await worker.drain(1000);
			await worker.close();
			await connection.close();
		},
	};
}
