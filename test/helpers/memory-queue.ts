// A queue in memory, for coordinators and workers of one process: what is carried is what matters, not by what.
import {Coordinator} from '../../source/cluster/coordinator.ts';
import {FORMAT} from '../../source/cluster/messages.ts';
import type {Bulletins, JobQueue, JobState, TakingOptions, WorkerQueue} from '../../source/cluster/queue.ts';
import {createSealer} from '../../source/cluster/seal.ts';
import {ClusterWorker} from '../../source/cluster/worker.ts';
import {quickCoordinator, quickWorker} from './test-cluster.ts';

interface StoredJob {
	readonly text: string;
	state: JobState;
	soFar: unknown;
}

export class MemoryQueue {
	readonly #jobs = new Map<string, StoredJob>();
	readonly #takers: Array<TakingOptions & {busy: number; isDraining: boolean}> = [];
	readonly #bulletins = new Map<string, string>();
	#hint: (token: string) => void = () => {};
	#isPaused = false;
	/** What comes of a result on its way. */
	onItsWay = (result: string): string => result;

	/** Gives out no job; those that workers have go on. */
	pause(): void {
		this.#isPaused = true;
	}

	resume(): void {
		this.#isPaused = false;
		this.#give();
	}

	readonly bulletins: Bulletins = {
		publish: async (id, text) => void this.#bulletins.set(id, text),
		retract: async id => void this.#bulletins.delete(id),
		list: async () => Array.from(this.#bulletins, ([id, text]) => ({id, text})),
		find: async id => this.#bulletins.get(id) ?? null,
	};

	readonly jobs: JobQueue = {
		add: async jobs => {
			for (const {token, text} of jobs) this.#jobs.set(token, {text, state: {type: 'waiting'}, soFar: null});
			this.#give();
		},
		look: async token => this.#jobs.get(token)?.state ?? {type: 'missing'},
		readSoFar: async token => this.#jobs.get(token)?.soFar ?? null,
		remove: async token => {
			if (this.#jobs.get(token)?.state.type !== 'active') this.#jobs.delete(token);
		},
		onHint: listener => {
			this.#hint = listener;
		},
		bulletins: this.bulletins,
		warnings: [],
		close: async () => {},
	};

	readonly workers: WorkerQueue = {
		take: options => {
			const taker = {...options, busy: 0, isDraining: false};
			this.#takers.push(taker);
			this.#give();
			const drain = async (): Promise<void> => {
				taker.isDraining = true;
			};
			return {drain, giveBack: drain};
		},
		bulletins: this.bulletins,
		warnings: [],
		close: async () => {},
	};

	/** To whoever has least to do. */
	#give(): void {
		if (this.#isPaused) return;
		for (const [token, job] of this.#jobs) {
			if (job.state.type !== 'waiting') continue;
			const free = this.#takers.filter(({busy, concurrency, isDraining}) => busy < concurrency && !isDraining);
			const [taker] = free.sort((left, right) => left.busy - right.busy);
			if (taker === undefined) return;
			void this.#work(token, job, taker);
		}
	}

	async #work(token: string, job: StoredJob, taker: TakingOptions & {busy: number}): Promise<void> {
		taker.busy++;
		job.state = {type: 'active'};
		this.#hint(token);
		try {
			const result = await taker.work({
				...{token, text: job.text, lost: new AbortController().signal},
				tellSoFar: async text => {
					job.soFar = text;
				},
			});
			job.state = {type: 'completed', result: this.onItsWay(result)};
		} catch (error) {
			job.state = {type: 'failed', reason: error instanceof Error ? error.message : String(error)};
		}
		taker.busy--;
		this.#hint(token);
		this.#give();
	}
}

export interface MemoryCluster {
	readonly queue: MemoryQueue;
	readonly coordinator: Coordinator;
	readonly workers: readonly ClusterWorker[];
	readonly close: () => Promise<void>;
}

/** @param threads - Of each worker. */
export function openMemoryCluster(threads: readonly number[]): MemoryCluster {
	const queue = new MemoryQueue();
	const sealer = createSealer('secret');
	const onMessage = (): void => {};
	const coordinator = new Coordinator({queue: queue.jobs, sealer, onMessage, times: {...quickCoordinator, tickMs: 20}});
	const workers = threads.map(
		(count, index) =>
			new ClusterWorker({
				...{queue: queue.workers, sealer, threads: count, name: `w${index}`, rootMaps: [], onMessage},
				...{format: FORMAT, times: {...quickWorker, busyMs: 20}},
			}),
	);
	return {
		...{queue, coordinator, workers},
		async close() {
			await coordinator.close();
			await Promise.all(workers.map(worker => worker.close()));
		},
	};
}
