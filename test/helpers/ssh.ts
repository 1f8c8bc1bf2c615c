// Servers for SSH: one within the test with sessions of its own, and the built command; keys, and OpenSSH's client.
import {execFileSync} from 'node:child_process';
import {appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import ssh2 from 'ssh2';
import {expect, onTestFinished, vi} from 'vitest';
import {parseAuthorizedKeys} from '../../source/ssh/authorized-keys.ts';
import {fingerprintOf, makeKeyPair} from '../../source/ssh/host-key.ts';
import type {Login} from '../../source/ssh/log-in.ts';
import type {SessionHandlers} from '../../source/ssh/serve-session.ts';
import {type RunningSshServer, type SshLimits, startSshServer} from '../../source/ssh/ssh-server.ts';
import {type Environment, type RunningCommand, startProgram} from './command.ts';
import {PATIENT} from './patient.ts';
import {createTemporaryFolder, type TemporaryFolder} from './temporary-folder.ts';

/** Why OpenSSH's client cannot be tried; `null` where it can. */
export const whyNoSsh = (() => {
	try {
		execFileSync('ssh', ['-V'], {stdio: 'ignore'});
		return null;
	} catch {
		console.warn('There is no ssh here, so tests with it are skipped.');
		return 'ssh is not installed';
	}
})();

export interface KeyPair {
	readonly privateText: string;
	/** A line for `authorized_keys`. */
	readonly publicLine: string;
}

export function makeKeys(): KeyPair {
	const {private: privateText, public: publicLine} = makeKeyPair();
	return {privateText, publicLine};
}

export const noFiles = (): never => {
	throw new Error('Expected nobody to ask for files');
};

const LIMITS: SshLimits = {
	...{
		maxConnections: 10,
		maxPerAddress: 20,
		maxPending: 20,
		maxPendingPerAddress: 20,
		loginMs: 900_000,
		maxAttempts: 10,
	},
	...{idleMs: 900_000, totalMs: 900_000},
};

export interface LocalSsh {
	readonly server: RunningSshServer;
	readonly faults: unknown[];
	/** The tokens of visits that go on. */
	readonly visits: Set<string>;
	/** Those that they are of may not be here any more. */
	readonly endVisits: () => void;
	readonly connect: (keys?: KeyPair, how?: ssh2.ConnectConfig) => Promise<ssh2.Client>;
}

/** With one key, which may come in as anybody. */
export async function startLocalSsh(
	handlers: Partial<SessionHandlers>,
	limits: Partial<SshLimits> = {},
	logIn: Partial<Login> = {},
): Promise<LocalSsh> {
	const [hostKey, own] = [makeKeys(), makeKeys()];
	const {keys} = parseAuthorizedKeys(own.publicLine, []);
	const [faults, visits, ending] = [[] as unknown[], new Set<string>(), new AbortController()];
	const server = await startSshServer({
		...{host: '127.0.0.1', port: 0, version: '0.0.0', limits: {...LIMITS, ...limits}},
		hostKey: {text: hostKey.privateText, fingerprint: fingerprintOf(Buffer.from('any'))},
		logIn: {
			keys: async () => keys,
			async begin(name) {
				visits.add(name);
				return {
					name,
					role: 'user',
					hasAccount: false,
					account: 'local',
					token: name,
					end: () => void visits.delete(name),
					ended: ending.signal,
				};
			},
			byPassword: null,
			...logIn,
		},
		handlers: {shell: async () => 0, exec: async () => 0, files: noFiles, ...handlers},
		onFault: error => void faults.push(error),
	});
	onTestFinished(() => server.close());
	return {
		server,
		faults,
		visits,
		endVisits: () => ending.abort(),
		connect: (keys = own, how = {}) => connectTo(server.port, keys, how),
	};
}

export const connectTo = (port: number, {privateText}: KeyPair, how: ssh2.ConnectConfig = {}): Promise<ssh2.Client> =>
	new Promise((resolve, reject) => {
		const client = new ssh2.Client();
		client.on('ready', () => resolve(client));
		client.on('error', reject);
		client.on('close', () => reject(new Error('The connection was closed')));
		client.connect({host: '127.0.0.1', port, username: 'ann', privateKey: privateText, ...how});
		onTestFinished(() => void client.destroy());
	});

export interface Answer {
	readonly code: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

export const execute = (client: ssh2.Client, command: string): Promise<Answer> =>
	new Promise((resolve, reject) => {
		client.exec(command, (error, channel) => {
			if (error !== undefined) return reject(error);
			const answer = {code: null as number | null, stdout: '', stderr: ''};
			channel.on('data', (chunk: Buffer) => {
				answer.stdout += chunk.toString();
			});
			channel.stderr.on('data', (chunk: Buffer) => {
				answer.stderr += chunk.toString();
			});
			channel.on('exit', (code: number) => {
				answer.code = code;
			});
			channel.on('close', () => resolve(answer));
			// Without a word, where the connection is cut.
			client.once('close', () => resolve(answer));
		});
	});

export const openShell = (client: ssh2.Client, size = {cols: 80, rows: 24}): Promise<ssh2.ClientChannel> =>
	new Promise((resolve, reject) => {
		client.shell({...size, term: 'xterm-256color'}, (error, channel) =>
			error === undefined ? resolve(channel) : reject(error),
		);
	});

/** The built command with `ssh`, and OpenSSH's client for it. */
export interface SshHost {
	readonly folder: TemporaryFolder;
	readonly command: RunningCommand;
	readonly said: () => string;
	/** Words for the client. @param key - The name of a key that was let in. */
	readonly words: (key: string, ...more: readonly string[]) => string[];
	/** @param options - In front of the key: `role=user`. */
	readonly letIn: (key: string, options?: string) => void;
}

export const startSshHost = (...flags: readonly string[]): Promise<SshHost> => startSshHostIn({}, ...flags);

/** @param env - That the server finds besides. */
export async function startSshHostIn(env: Environment, ...flags: readonly string[]): Promise<SshHost> {
	const folder = createTemporaryFolder();
	const data = folder.at('data');
	mkdirSync(data, {mode: 0o700});
	const log = folder.at('log');
	const words = ['ssh', '--listen', '127.0.0.1:0', '--data', data, ...flags];
	const command = startProgram('sh', ['-c', `exec "$NODE" "$CLI" "$@" 2> ${log}`, 'sh', ...words], {
		cwd: folder.path,
		env,
	});
	const said = (): string => (existsSync(log) ? readFileSync(log, 'utf8') : '');
	const port = await vi.waitFor(() => {
		const [, found] = /SSH is at 127\.0\.0\.1:(\d+)/.exec(said()) ?? [];
		expect(found, said()).toBeDefined();
		return found ?? '';
	}, PATIENT);
	return {
		...{folder, command, said},
		letIn(key, options = '') {
			const {privateText, publicLine} = makeKeys();
			writeFileSync(folder.at(key), privateText, {mode: 0o600});
			const keys = join(data, 'authorized_keys');
			appendFileSync(keys, `${options === '' ? '' : `${options} `}${publicLine}\n`);
			chmodSync(keys, 0o600);
		},
		words: (key, ...more) => [
			...['-F', 'none', '-p', port, '-i', folder.at(key)],
			...[
				'StrictHostKeyChecking=no',
				`UserKnownHostsFile=${folder.at('known')}`,
				'LogLevel=ERROR',
				'IdentitiesOnly=yes',
			].flatMap(option => ['-o', option]),
			...more,
		],
	};
}
