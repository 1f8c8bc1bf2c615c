// The built server in a process of its own, and curl, by which people ask it.
import {execFile} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {type AddressInfo, createServer} from 'node:net';
import {promisify} from 'node:util';
import {expect, vi} from 'vitest';
import {type RunningCommand, startProgram} from './command.ts';
import {PATIENT} from './patient.ts';
import type {TemporaryFolder} from './temporary-folder.ts';

async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>(resolve => {
		server.listen(0, '127.0.0.1', resolve);
	});
	const {port} = server.address() as AddressInfo;
	await new Promise(resolve => {
		server.close(resolve);
	});
	return port;
}

export interface ServingProcess extends RunningCommand {
	readonly url: string;
	/** What it has said so far. */
	readonly said: () => string;
}

export async function serve(folder: TemporaryFolder, ...flags: readonly string[]): Promise<ServingProcess> {
	const port = await freePort();
	const words = ['serve', '--listen', `127.0.0.1:${port}`, '--data', folder.at('data'), ...flags];
	const log = folder.at(`${port}.log`);
	const script = `exec "$NODE" "$CLI" "$@" 2> ${log}`;
	const started = startProgram('sh', ['-c', script, 'sh', ...words], {cwd: folder.path});
	const said = (): string => (existsSync(log) ? readFileSync(log, 'utf8') : '');
	await vi.waitFor(() => expect(said()).toContain('serving on'), PATIENT);
	return {...started, said, url: `http://127.0.0.1:${port}`};
}

export async function curl(...words: readonly string[]): Promise<string> {
	const {stdout} = await promisify(execFile)('curl', ['-sS', '--fail-with-body', '--max-time', '60', ...words]);
	return stdout;
}
