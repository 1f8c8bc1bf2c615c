import {existsSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {BenchError} from './bench-error.ts';

export interface Command {
	readonly file: string;
	readonly args: readonly string[];
}

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** Ours, as it is built. */
export function ownCommand(...args: readonly string[]): Command {
	if (!existsSync(CLI)) throw new BenchError('Expected the project to be built. Run npm run build, or npm run bench.');
	return {file: process.execPath, args: [CLI, ...args]};
}
