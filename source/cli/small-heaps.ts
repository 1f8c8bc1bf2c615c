// Memory of runs with very many files. What lives shortly fills 16 MiB in each thread before it is collected; where it may fill
// one, 50,000 files take 240 MB instead of 300, and no longer.
//
// V8 knows this as a flag for all threads. It is set when they run: with other flags than those it was made for, V8 throws the
// compiled code of Node's library away, and every thread that starts later compiles what it needs anew, which takes 25 ms.
import {threadsOnline} from '../engine/start-thread.ts';

/** What lives long may grow by a fifth before it is gone through. By itself V8 lets it double, and more. */
const FLAGS = ['--semi-space-growth-factor=1', '--heap-growing-percent=20'];

/** Fewer leave little behind. */
export const MANY_FILES = 500;

/**
@param countThreads - How many there will be, as far as is known when the many files are.
@returns What is to be told of how many files there are, as soon as they are found: the heaps grow from then on.
*/
export function keepHeapsSmall(countThreads: () => number): (fileCount: number) => Promise<void> {
	let isAsked = false;
	return async fileCount => {
		if (fileCount < MANY_FILES || isAsked) return;
		isAsked = true;
		await threadsOnline(countThreads());
		const {setFlagsFromString} = await import('node:v8');
		for (const flag of FLAGS) setFlagsFromString(flag);
	};
}
