// Coordinators and workers of a test, in its own process, with shorter times.
import {openJobQueue, openWorkerQueue} from '../../source/cluster/bullmq-queue.ts';
import {connectToQueue} from '../../source/cluster/connection.ts';
import {Coordinator} from '../../source/cluster/coordinator.ts';
import {FORMAT} from '../../source/cluster/messages.ts';
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

export async function openCoordinator(url: string, secret = 'secret'): Promise<OpenedCoordinator> {
	const messages: string[] = [];
	const connection = await connectToQueue(addressOf(url), message => messages.push(message));
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
	readonly rootMaps?: readonly {readonly from: string; readonly to: string}[];
}

export async function openWorker(
	url: string,
	{threads = 2, secret = 'secret', format = FORMAT, name = 'w', rootMaps = []}: WorkerSettings = {},
): Promise<OpenedWorker> {
	const messages: string[] = [];
	const connection = await connectToQueue(addressOf(url), message => messages.push(message));
	const queue = await openWorkerQueue({connection, format, times: quickQueue});
	const worker = new ClusterWorker({
		...{queue, sealer: createSealer(secret), threads, name, rootMaps, times: quickWorker},
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
