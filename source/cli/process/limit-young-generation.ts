// Memory of runs with very many files. What lives shortly fills 16 MiB in each thread before it is collected; where it may fill
// one, 50,000 files take 240 MB instead of 300, and no longer.
//
// V8 knows this as a flag for all threads. It is set when they run: with other flags than those it was made for, V8 throws the
// compiled code of Node's library away, and every thread that starts later compiles what it needs anew, which takes 25 ms.
import {threadsOnline} from '../../engine/pool/start-thread.ts';

/** Fewer leave little behind. */
export const MANY_FILES = 500;

const FLAGS: readonly {readonly flag: string; readonly fromFiles: number}[] = [
	{flag: '--semi-space-growth-factor=1', fromFiles: MANY_FILES},
	// What lives long may grow by a fifth before it is gone through; by itself V8 lets it double, and more. That takes time: with
	// 5,000 files, which need little memory anyway, a tenth of the run's.
	{flag: '--heap-growing-percent=20', fromFiles: 20_000},
];

/**
@param countThreads - How many there will be, as far as is known when the many files are.
@returns To be called with the number of files found so far, as soon as it is known: the heaps grow from then on.
*/
export function keepHeapsSmall(countThreads: () => number): (fileCount: number) => Promise<void> {
	let waiting = FLAGS;
	return async fileCount => {
		const due = waiting.filter(({fromFiles}) => fileCount >= fromFiles);
		if (due.length === 0) return;
		waiting = waiting.filter(flag => !due.includes(flag));
		await threadsOnline(countThreads());
		const {setFlagsFromString} = await import('node:v8');
		for (const {flag} of due) setFlagsFromString(flag);
	};
}
