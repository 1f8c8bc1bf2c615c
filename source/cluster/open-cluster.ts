// Opens the queue of a run: what the command line and the server load where --queue was given.
import type {JobBackend} from '../engine/backend/job-backend.ts';
import {monotonicMs} from '../engine/shared/monotonic.ts';
import type {WorkerInfo} from '../model/worker-info.ts';
import {openJobQueue} from './bullmq-queue.ts';
import {ClusterBackend} from './cluster-backend.ts';
import {connectToQueue} from './connection.ts';
import type {CoordinationCounts} from './coordination.ts';
import {Coordinator, type CoordinatorTimes} from './coordinator.ts';
import type {WorkerView} from './heard.ts';
import {FORMAT} from './messages.ts';
import type {QueueAddress} from './queue-address.ts';
import {createSealer} from './seal.ts';
import {within} from './within.ts';

const CLOSE_MS = 1000;

export interface OpenCluster {
	/** A backend of a run. @param local - For what only this process can read. */
	readonly backend: (local: JobBackend) => JobBackend;
	readonly workers: () => readonly WorkerInfo[];
	/** The address of its queue, as it may be shown. */
	readonly shown: string;
	readonly counts: () => CoordinationCounts;
	readonly close: () => Promise<void>;
}

export interface ClusterOptions {
	readonly address: QueueAddress;
	readonly secret: string;
	/** Sentences for people. */
	readonly onMessage: (sentence: string) => void;
	readonly times?: CoordinatorTimes;
}

/** @throws {QueueError} */
export async function openCluster({address, secret, onMessage, times}: ClusterOptions): Promise<OpenCluster> {
	const connection = await connectToQueue(address, onMessage);
	for (const warning of connection.warnings) onMessage(warning);
	const queue = await openJobQueue({connection, format: FORMAT});
	const coordinator = new Coordinator({
		queue,
		sealer: createSealer(secret),
		onMessage,
		...(times !== undefined && {times}),
	});
	return {
		backend: local => new ClusterBackend(coordinator, local),
		workers: () => coordinator.workers().map(describeWorker),
		counts: () => coordinator.counts,
		shown: address.shown,
		async close() {
			await coordinator.close();
			await within(CLOSE_MS, queue.close());
			await within(CLOSE_MS, connection.close());
		},
	};
}

function describeWorker({jobs, first, seenAtMs, bytesRead, ...worker}: WorkerView): WorkerInfo {
	const {name, version, fits, isDraining, threads, filesDone, partsDone} = worker;
	const elapsedMs = seenAtMs - first.seenAtMs;
	return {
		...{name, version, fits, isDraining, threads, filesDone, partsDone, jobs: jobs.length},
		bytesPerSecond: elapsedMs > 0 ? ((bytesRead - first.bytesRead) * 1000) / elapsedMs : 0,
		seenAgoMs: monotonicMs() - seenAtMs,
	};
}
