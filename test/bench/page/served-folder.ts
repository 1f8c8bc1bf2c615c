// The built server, without accounts, as a process of its own.
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {ownCommand} from '../own-command.ts';

export interface ServedProcess {
	readonly url: string;
	readonly end: () => Promise<void>;
}

export function makeServerFolder(): {readonly path: string; readonly remove: () => void} {
	const parent = mkdtempSync(join(tmpdir(), 'fileproc-page-'));
	return {path: join(parent, 'data'), remove: () => rmSync(parent, {recursive: true, force: true})};
}

/** @param flags - Further ones. @throws {Error} Where it does not start. */
export async function serveFolder(
	path: string,
	flags: readonly string[] = ['--open', '--dataset-ttl', '0'],
): Promise<ServedProcess> {
	const {file, args} = ownCommand('serve', ...flags, '--data', path, '--listen', '127.0.0.1:0');
	const child = spawn(file, args, {stdio: ['ignore', 'ignore', 'pipe']});
	let said = '';
	const url = await new Promise<string>((resolve, reject) => {
		child.stderr.on('data', (chunk: Buffer) => {
			said += chunk.toString();
			const [, found] = /serving on (http:\S+)/.exec(said) ?? [];
			if (found !== undefined) resolve(found);
		});
		child.on('exit', () => reject(new Error(`Expected the server to start, but it said: ${said}`)));
	});
	return {
		url,
		async end() {
			if (child.exitCode !== null) return;
			child.kill('SIGTERM');
			await once(child, 'exit');
		},
	};
}
