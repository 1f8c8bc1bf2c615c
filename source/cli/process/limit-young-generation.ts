// Saves memory in runs with very many files. By default short-lived objects fill 16 MiB in each thread before they are
// collected; with a limit of 1 MiB, 50,000 files take 240 MB instead of 300, and no longer.
//
// V8 has a flag for this, for all threads. It is set after the first thread has started: when flags differ from those at its
// compilation, V8 discards the compiled code of Node's library, and every thread that starts later spends 25 ms on compiling
// what it needs. Later ones start where that is little beside what is left to be read.
import {threadsOnline} from '../../engine/pool/start-thread.ts';

/** Fewer files leave little garbage. */
export const MANY_FILES = 500;

const FLAGS: readonly {readonly flag: string; readonly fromFiles: number}[] = [
	{flag: '--semi-space-growth-factor=1', fromFiles: MANY_FILES},
	// The old generation may grow by a fifth before it is collected; by default V8 lets it double or more. This costs time: a
	// tenth of a run of 5,000 files, which need little memory anyway.
	{flag: '--heap-growing-percent=20', fromFiles: 20_000},
];

/** @returns Call it with the number of files found so far, as soon as it is known, because the heaps grow from then on. */
export function limitYoungGeneration(): (fileCount: number) => Promise<void> {
	let waiting = FLAGS;
	return async fileCount => {
		const due = waiting.filter(({fromFiles}) => fileCount >= fromFiles);
		if (due.length === 0) return;
		waiting = waiting.filter(flag => !due.includes(flag));
		await threadsOnline(1);
		const {setFlagsFromString} = await import('node:v8');
		for (const {flag} of due) setFlagsFromString(flag);
	};
}

/**
For a program that runs for months and handles any number of files: from its start, before any thread, and before its own modules fill the heap.

@param answers - Whether others wait for its answers: then the heap may double before all of it is collected. With a thousand users at once that is done 8
times instead of 75, each of which holds everybody up, and they take half of the processor time, for the same memory.
*/
export async function limitHeapsOfService({answers}: {readonly answers: boolean}): Promise<void> {
	const {setFlagsFromString} = await import('node:v8');
	for (const {flag} of FLAGS) setFlagsFromString(flag);
	if (answers) setFlagsFromString('--heap-growing-percent=100');
}
