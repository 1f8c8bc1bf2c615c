// Redis and PostgreSQL of a test's own: on free ports, in temporary folders, with all that belongs to them gone afterwards.
import {type ChildProcess, execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import {chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Redis} from 'ioredis';
import pg from 'pg';
import {findFreePort} from './free-port.ts';

export interface QueueServer {
	readonly url: string;
	/** Ends it as a power cut does. */
	readonly kill: () => Promise<void>;
	/** Begins it again with what it had written. */
	readonly start: () => Promise<void>;
	/** Ends it, and removes its folder. */
	readonly close: () => Promise<void>;
}

/** A server whose state can be put back to what it was. */
export interface DumpedServer extends QueueServer {
	/** Keeps a copy of what it has written so far. */
	readonly dump: () => void;
	/** Puts that back; it must not run. */
	readonly restore: () => void;
}

const where = (...commands: readonly string[]): string | undefined =>
	commands.find(command => {
		try {
			execFileSync(command, ['--version'], {stdio: 'ignore'});
			return true;
		} catch {
			return false;
		}
	});

const redisCommand = where('redis-server');
const postgresFolder = ['/usr/lib/postgresql', '/usr/local/lib/postgresql']
	.filter(folder => existsSync(folder))
	.flatMap(folder => readdirSync(folder).map(version => join(folder, version, 'bin')))
	.findLast(folder => existsSync(join(folder, 'initdb')));

if (redisCommand === undefined) console.warn('There is no redis-server here, so tests with it are skipped.');
if (postgresFolder === undefined) console.warn('There is no PostgreSQL here, so tests with it are skipped.');

/** Tests that need them are skipped where they are not installed (`.ci/run` installs them). */
export const hasRedis = redisCommand !== undefined;
export const hasPostgres = postgresFolder !== undefined;

export async function startRedis(options: readonly string[] = ['--appendonly', 'yes']): Promise<DumpedServer> {
	const folder = mkdtempSync(join(tmpdir(), 'fileproc-redis-'));
	const [written, dumped] = [join(folder, 'appendonlydir'), join(folder, 'dumped')];
	const port = await findFreePort();
	let server: ChildProcess;
	const start = async (): Promise<void> => {
		server = spawn(
			redisCommand ?? 'redis-server',
			['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...options],
			{stdio: 'ignore'},
		);
		const client = new Redis({port, maxRetriesPerRequest: null, retryStrategy: () => 20});
		client.on('error', () => {});
		// It answers while it reads what it has written, but not to this.
		while ((await client.ping().catch(() => null)) !== 'PONG') await new Promise(resolve => setTimeout(resolve, 20));
		client.disconnect();
	};
	const kill = async (): Promise<void> => {
		if (server.exitCode !== null || server.signalCode !== null) return;
		server.kill('SIGKILL');
		await once(server, 'exit');
	};
	await start();
	return {
		url: `redis://127.0.0.1:${port}`,
		kill,
		start,
		dump() {
			rmSync(dumped, {recursive: true, force: true});
			cpSync(written, dumped, {recursive: true});
		},
		restore() {
			rmSync(written, {recursive: true, force: true});
			cpSync(dumped, written, {recursive: true});
		},
		async close() {
			await kill();
			rmSync(folder, {recursive: true, force: true});
		},
	};
}

/** PostgreSQL does not run as root. */
const NOBODY = 65_534;

export async function startPostgres(): Promise<QueueServer> {
	const folder = mkdtempSync(join(tmpdir(), 'fileproc-postgres-'));
	const data = join(folder, 'data');
	mkdirSync(data);
	const isRoot = process.getuid?.() === 0;
	if (isRoot) for (const each of [folder, data]) chownSync(each, NOBODY, NOBODY);
	const as = isRoot ? {uid: NOBODY, gid: NOBODY} : {};
	const environment = {...process.env, LC_ALL: 'C', HOME: folder};
	const bin = (name: string): string => join(postgresFolder ?? '', name);
	execFileSync(bin('initdb'), ['-D', data, '-U', 'fileproc', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
		...as,
		env: environment,
		stdio: 'ignore',
	});
	const port = await findFreePort();
	const url = `postgres://fileproc@127.0.0.1:${port}/postgres`;
	let server: ChildProcess;
	const start = async (): Promise<void> => {
		server = spawn(bin('postgres'), ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder], {
			...as,
			env: environment,
			stdio: 'ignore',
		});
		for (;;) {
			const client = new pg.Client(url);
			client.on('error', () => {});
			const isThere = await client.connect().then(
				() => true,
				() => false,
			);
			await client.end().catch(() => {});
			if (isThere) return;
			await new Promise(resolve => setTimeout(resolve, 50));
		}
	};
	const kill = async (): Promise<void> => {
		if (server.exitCode !== null || server.signalCode !== null) return;
		// At once, as it does itself where it must: its other processes end with it.
		server.kill('SIGQUIT');
		await once(server, 'exit');
	};
	await start();
	return {
		url,
		kill,
		start,
		async close() {
			await kill();
			rmSync(folder, {recursive: true, force: true});
		},
	};
}
