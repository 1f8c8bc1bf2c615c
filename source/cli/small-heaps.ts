// Memory of runs with very many files. What lives shortly fills 16 MiB in each thread before it is collected; where it may fill
// one, 5,000 files take 150 MB instead of 210, and hardly longer.
//
// V8 knows this as a flag for all threads. It is set when they run: with other flags than those it was made for, V8 throws the
// compiled code of Node's library away, and every thread that starts later compiles what it needs anew, which takes 25 ms.
import {setFlagsFromString} from 'node:v8';
import {threadsOnline} from '../engine/start-thread.ts';

/** Fewer leave little behind. */
const MANY_FILES = 500;

/**
@param threads - How many will be started.
@param countFiles - Asked then; more than any number while nobody knows yet.
*/
export async function keepHeapsSmall(threads: number, countFiles: () => number): Promise<void> {
	await threadsOnline(threads);
	if (countFiles() >= MANY_FILES) setFlagsFromString('--semi-space-growth-factor=1');
}
