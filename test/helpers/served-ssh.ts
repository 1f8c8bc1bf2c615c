// The SSH side of a server within the test, as `serve --ssh` opens it.
import {appendFileSync, chmodSync} from 'node:fs';
import {join} from 'node:path';
import ssh2 from 'ssh2';
import {onTestFinished} from 'vitest';
import {openSsh} from '../../source/cli/commands/serve/open-ssh.ts';
import type {TestServer} from './server.ts';
import {type KeyPair, makeKeys} from './ssh.ts';

export interface ServedSsh {
	readonly port: number;
	readonly said: readonly string[];
	readonly faults: readonly unknown[];
	/** @param options - In front of the key: `role=user`. */
	readonly letIn: (options: string) => KeyPair;
	readonly connect: (name: string, how: ssh2.ConnectConfig) => Promise<ssh2.Client>;
}

interface ServedSshOptions {
	readonly takesPasswords?: boolean;
	readonly idleMs?: number;
	readonly watchedFolder?: string | null;
}

export async function serveSsh(
	{running, dataFolder}: TestServer,
	{takesPasswords = false, idleMs = 900_000, watchedFolder = null}: ServedSshOptions = {},
): Promise<ServedSsh> {
	const [said, faults] = [[] as string[], [] as unknown[]];
	const ssh = await openSsh(
		{host: '127.0.0.1', port: 0, keysFile: null, takesPasswords},
		{
			...{server: running, dataFolder, watchedFolder, sessionIdleMs: idleMs, sessionTtlMs: 900_000},
			say: sentence => void said.push(sentence),
			onFault: error => void faults.push(error),
		},
	);
	onTestFinished(() => ssh.close());
	return {
		...{port: ssh.port, said, faults},
		letIn(options) {
			const keys = makeKeys();
			const path = join(dataFolder, 'authorized_keys');
			appendFileSync(path, `${options} ${keys.publicLine}\n`);
			chmodSync(path, 0o600);
			return keys;
		},
		connect: (username, how) =>
			new Promise((resolve, reject) => {
				const client = new ssh2.Client();
				client.on('ready', () => resolve(client)).on('error', reject);
				client.on('close', () => reject(new Error('The connection was closed')));
				client.on('keyboard-interactive', (_name, instructions, _language, prompts, finish) => {
					said.push(instructions);
					const {password = ''} = how;
					const code = (how as {readonly code?: string}).code ?? '';
					finish(prompts.map(({prompt}) => (prompt.startsWith('Password') ? password : code)));
				});
				client.connect({host: '127.0.0.1', port: ssh.port, username, ...how});
				onTestFinished(() => void client.destroy());
			}),
	};
}
