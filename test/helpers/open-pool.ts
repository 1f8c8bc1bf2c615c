// A pool with one client, for tests of what threads do.
import type {ClientOptions, PoolClient} from '../../source/engine/pool/pool-client.ts';
import {createWorkerPool, type PoolOptions} from '../../source/engine/pool/worker-pool.ts';

/** The client; closing it ends the threads. */
export type OpenPool = Omit<PoolClient, 'filesInFlight'>;

/** @param filesInFlight - Where given, there may be as many threads. */
export function openPool({
	filesInFlight,
	...options
}: PoolOptions & {readonly filesInFlight?: ClientOptions['filesInFlight'] | undefined}): OpenPool {
	const pool = createWorkerPool({...options, maxThreads: filesInFlight === undefined ? undefined : 1024});
	const client = pool.client({filesInFlight: filesInFlight ?? 1});
	const {start, startSpan, startGroup, setFilesInFlight, giveUpGroups} = client;
	return {start, startSpan, startGroup, setFilesInFlight, giveUpGroups, close: pool.close};
}
