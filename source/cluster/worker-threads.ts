// The threads of a worker. Jobs with the same own analyses share them: a thread that knows a name knows one analysis of it, for good.
import {createHash} from 'node:crypto';
import type {JobBackend} from '../engine/backend/job-backend.ts';
import {createWorkerPool, type WorkerPool} from '../engine/pool/worker-pool.ts';
import type {ReadSettings} from '../engine/shared/protocol.ts';

/** Questions of many people come one after the other: threads that were used longest ago end. */
const MAX_POOLS = 3;

interface OpenPool {
	readonly pool: WorkerPool;
	readonly client: JobBackend;
	jobs: number;
}

export interface WorkerThreads {
	/** What reads a job with these settings; `release` when that is over. */
	readonly take: (settings: ReadSettings) => {readonly backend: JobBackend; readonly release: () => void};
	readonly close: () => Promise<void>;
}

export function createWorkerThreads(threads: number, onLog: (message: string) => void): WorkerThreads {
	const pools = new Map<string, OpenPool>();
	const open = (hasOwn: boolean): OpenPool => {
		// What this thread would merge it must know, too, so a file with own analyses is read by one thread.
		const pool = createWorkerPool({threads, isUnattended: true, onLog});
		return {pool, client: hasOwn ? oneThreadEach(pool) : pool.client({filesInFlight: threads}), jobs: 0};
	};
	return {
		take({registered = []}) {
			const key = registered.length === 0 ? '' : createHash('sha256').update(JSON.stringify(registered)).digest('hex');
			const used = pools.get(key) ?? open(registered.length > 0);
			used.jobs++;
			// Last in order: used last.
			pools.delete(key);
			pools.set(key, used);
			for (const [name, {pool, jobs}] of pools) {
				if (pools.size <= MAX_POOLS) break;
				if (jobs > 0) continue;
				pools.delete(name);
				void pool.close();
			}
			return {
				backend: used.client,
				release() {
					used.jobs--;
				},
			};
		},
		async close() {
			await Promise.all(Array.from(pools.values(), ({pool}) => pool.close()));
		},
	};
}

function oneThreadEach(pool: WorkerPool): JobBackend {
	const clientOfOne = (): JobBackend => pool.client({filesInFlight: 1, maxThreads: 1});
	return {
		start: (task, signal) => clientOfOne().start(task, signal),
		startSpan: async (task, signal) => (await clientOfOne().startSpan?.(task, signal)) ?? null,
		startGroup: async client => (await clientOfOne().startGroup?.(client)) ?? null,
		setFilesInFlight() {},
		giveUpGroups() {},
		async close() {},
	};
}
