// Threads for one run alone: they end with the run, and those that it needs once files are tried again are started then.
import type {GroupClient, JobBackend, RunningGroup, RunningTask, WorkerTask} from '../backend/job-backend.ts';
import type {ClientOptions, PoolClient} from './pool-client.ts';
import {createWorkerPool, type PoolOptions, type WorkerPool} from './worker-pool.ts';

export class OwnThreads implements JobBackend {
	readonly #options: PoolOptions;
	#open: {readonly pool: WorkerPool; readonly client: PoolClient} | null = null;
	#filesInFlight: number;
	readonly #givenUp = new Set<string>();

	constructor(options: PoolOptions, {filesInFlight}: ClientOptions) {
		this.#options = options;
		this.#filesInFlight = filesInFlight;
	}

	readonly start = (task: WorkerTask, signal: AbortSignal): Promise<RunningTask | null> =>
		this.#client().start(task, signal);

	readonly startGroup = (client: GroupClient): Promise<RunningGroup | null> => this.#client().startGroup(client);

	readonly setFilesInFlight = (count: number): void => {
		this.#filesInFlight = count;
		this.#open?.client.setFilesInFlight(count);
	};

	readonly giveUpGroups = (analysis: string): void => {
		this.#givenUp.add(analysis);
		this.#open?.client.giveUpGroups(analysis);
	};

	/** Ends the threads, until something is started again. */
	readonly close = async (): Promise<void> => {
		const open = this.#open;
		this.#open = null;
		await open?.pool.close();
	};

	#client(): PoolClient {
		if (this.#open === null) {
			const pool = createWorkerPool(this.#options);
			const client = pool.client({filesInFlight: this.#filesInFlight});
			for (const analysis of this.#givenUp) client.giveUpGroups(analysis);
			this.#open = {pool, client};
		}
		return this.#open.client;
	}
}
