// Faults of drives and threads for the built command: see inject-faults.cjs, which is loaded in front of it.
import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {createFolder, type Environment} from './command.ts';

export interface Fault {
	/** `stat` is the one after the reading. */
	readonly call: 'open' | 'fstat' | 'read' | 'stat' | 'close';
	/** Of the file, without its folder. */
	readonly name: string;
	/**
	A name of `os.constants.errno`, or a number where it has none. Or what happens to the thread: it waits for ever in the
	operating system, computes for ever, fills its memory, or ends. Or the file ends there, for whoever reads it, although its
	size is as ever.
	*/
	readonly error: string | number | 'end-of-file' | 'hang' | 'loop' | 'exhaust-heap' | 'end-thread';
	/** From which call on, of each opening; from the first one by default. */
	readonly nth?: number;
	/** From which byte on. */
	readonly fromByte?: number;
	/** How many times, over all threads; for ever by default. */
	readonly times?: number;
}

const PRELOAD = fileURLToPath(new URL('inject-faults.cjs', import.meta.url));

/** What the command must find in its environment to meet the faults. */
export function injecting(rules: readonly Fault[]): Environment {
	const folder = createFolder();
	execFileSync('mkfifo', [join(folder, 'fifo')]);
	return {NODE_OPTIONS: `--require ${PRELOAD}`, INJECTED_FAULTS: JSON.stringify({rules, folder})};
}
