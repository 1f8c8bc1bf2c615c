// The connection to the server that keeps a queue, and whether that one can be trusted with it.
import {createPostgresBackend, runMigrations} from 'bullmq';
import {Redis} from 'ioredis';
import pg from 'pg';
import {withoutPassword} from '../text/secret-address.ts';
import type {QueueAddress} from './queue-address.ts';

export interface QueueConnection {
	readonly client: unknown;
	/** `undefined`: that of Redis. */
	readonly backend: unknown;
	/** Before the names of all keys. */
	readonly prefix?: string;
	/** Whether it tells of events in time. On Postgres they come late, some never, and anyone who asks costs as much. */
	readonly hasEvents: boolean;
	readonly warnings: readonly string[];
	readonly close: () => Promise<void>;
}

/** How soon it is noticed that a worker has died. Tests have shorter ones. */
export interface QueueTimes {
	/** A worker says several times in this span that it still has its jobs. */
	readonly lockMs: number;
	/** How often workers look whether others have died. */
	readonly lookForDeadMs: number;
}

export const queueTimes: QueueTimes = {lockMs: 20_000, lookForDeadMs: 10_000};

/** It cannot be reached, or cannot be trusted with jobs: a sentence that says what to do. */
export class QueueError extends Error {
	override readonly name = 'QueueError';
}

const CONNECT_MS = 5000;
/**
A server that has not answered for so long is not there: a network that is cut tells nobody. Those who wait for a job ask anew every ten seconds
at least.
*/
const SILENCE_MS = 30_000;
const SMALLEST_POSTGRES = 13;

/** @throws {QueueError} */
export const connectToQueue = (
	address: QueueAddress,
	onTrouble: (message: string) => void,
	silenceMs = SILENCE_MS,
): Promise<QueueConnection> =>
	address.kind === 'redis'
		? connectToRedis(address, onTrouble, silenceMs)
		: connectToPostgres(address, onTrouble, silenceMs);

const unreachable = (address: QueueAddress, error: unknown): QueueError => {
	const reason = error instanceof Error ? error.message || error.name : String(error);
	return new QueueError(
		`The queue at ${address.shown} cannot be used: ${withoutPassword(reason, address).replace(/\.$/, '')}. Is it running there, and are name and password right?`,
	);
};

async function connectToRedis(
	address: QueueAddress,
	onTrouble: (message: string) => void,
	silenceMs: number,
): Promise<QueueConnection> {
	const first = new Redis(address.url, {lazyConnect: true, retryStrategy: () => null, connectTimeout: CONNECT_MS});
	let lastError: unknown = null;
	first.on('error', error => {
		lastError = error;
	});
	let info: string;
	try {
		await first.connect();
		info = await first.info();
	} catch (error) {
		throw unreachable(address, lastError ?? error);
	} finally {
		first.disconnect();
	}
	const settingOf = (name: string): string | undefined => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
	const policy = settingOf('maxmemory_policy') ?? 'noeviction';
	if (policy !== 'noeviction')
		throw new QueueError(
			`Redis at ${address.shown} throws keys away when its memory is full (maxmemory-policy ${policy}), and jobs with them. Set it to noeviction: redis-cli config set maxmemory-policy noeviction`,
		);
	const warnings =
		settingOf('aof_enabled') === '0'
			? [
					`Redis at ${address.shown} keeps no log of what it is told (appendonly no): when it is restarted, jobs are lost and put into the queue again. To keep them: redis-cli config set appendonly yes`,
				]
			: [];
	const client = new Redis(address.url, {
		maxRetriesPerRequest: null,
		enableAutoPipelining: true,
		socketTimeout: silenceMs,
		retryStrategy: attempts => Math.min(100 * attempts, 2000),
	});
	tellOfBreaks(client, address, onTrouble);
	return {
		...{client, backend: undefined, prefix: 'fileproc', hasEvents: true, warnings},
		async close() {
			client.disconnect();
		},
	};
}

/** Says once that the connection broke, and once that it is there again. */
function tellOfBreaks(client: Redis, address: QueueAddress, onTrouble: (message: string) => void): void {
	let isBroken = false;
	client.on('error', error => {
		if (isBroken) return;
		isBroken = true;
		onTrouble(
			`The queue at ${address.shown} cannot be reached: ${withoutPassword(error.message, address)}; it is tried again and again`,
		);
	});
	client.on('ready', () => {
		if (isBroken) onTrouble(`The queue at ${address.shown} is there again`);
		isBroken = false;
	});
}

async function connectToPostgres(
	address: QueueAddress,
	onTrouble: (message: string) => void,
	silenceMs: number,
): Promise<QueueConnection> {
	const pool = new pg.Pool({
		connectionString: address.url,
		connectionTimeoutMillis: CONNECT_MS,
		keepAlive: true,
		query_timeout: silenceMs,
		// One waits for jobs, the others come and go.
		max: 8,
		// Where BullMQ has its tables; functions are found by it.
		options: '-c search_path=bullmq',
	});
	// Each queue listens for errors, too.
	pool.setMaxListeners(50);
	let isBroken = false;
	const noteBroken = (error: Error): void => {
		if (!isBroken)
			onTrouble(
				`The queue at ${address.shown} cannot be reached: ${withoutPassword(error.message, address)}; it is tried again and again`,
			);
		isBroken = true;
	};
	pool.on('error', noteBroken);
	pool.on('connect', client => {
		// The pool tells of those alone that nobody uses.
		client.on('error', noteBroken);
		if (isBroken) onTrouble(`The queue at ${address.shown} is there again`);
		isBroken = false;
	});
	try {
		const client = await pool.connect();
		try {
			const {rows} = await client.query<{version: string}>('show server_version');
			const version = rows[0]?.version ?? '';
			if (Number.parseInt(version, 10) < SMALLEST_POSTGRES)
				throw new QueueError(
					`PostgreSQL at ${address.shown} is version ${version}: expected ${SMALLEST_POSTGRES} or newer`,
				);
			await runMigrations(client as never);
		} finally {
			client.release();
		}
	} catch (error) {
		await pool.end();
		throw error instanceof QueueError ? error : unreachable(address, error);
	}
	return {
		...{client: pool, backend: createPostgresBackend, hasEvents: false, warnings: []},
		close: () => pool.end(),
	};
}
