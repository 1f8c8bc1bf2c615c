// Memory of runs with very many files. What lives shortly fills 16 MiB in each thread before it is collected; where it may fill
// one, 5,000 files take 150 MB instead of 210, and hardly longer.
//
// V8 knows this as a flag for all threads. It is set when they run: with other flags than those it was made for, V8 throws the
// compiled code of Node's library away, and every thread that starts later compiles what it needs anew, which takes 25 ms.
import {setFlagsFromString} from 'node:v8';

/** Fewer leave little behind. */
const MANY_FILES = 500;

/**
@param threads - How many will be started.
@returns To be told what the engine says of its threads.
*/
export function keepHeapsSmall(fileCount: number, threads: number): (message: string) => void {
	let missing = fileCount < MANY_FILES ? 0 : threads;
	return message => {
		if (message !== 'worker-ready' || missing === 0) return;
		missing--;
		if (missing === 0) setFlagsFromString('--semi-space-growth-factor=1');
	};
}
