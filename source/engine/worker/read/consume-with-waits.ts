import type {Kernel} from '../../../kernel/kernel.ts';
import type {KernelOutcome} from '../../../kernel/outcomes.ts';
import {RECORDS_PER_WAIT} from './fold.ts';

/** Takes the records that are there, up to the next simulated wait at a time. */
export function consumeWithWaits(kernel: Kernel, isLast: boolean, stopOffset: number, wait: () => void): KernelOutcome {
	for (;;) {
		const {rows} = kernel;
		const {start} = kernel.input;
		const outcome = kernel.consume(isLast, stopOffset, RECORDS_PER_WAIT - (rows % RECORDS_PER_WAIT));
		const hasFailed = outcome !== 'needs-more' && outcome !== 'reached-stop';
		if (!hasFailed && kernel.rows > rows && kernel.rows % RECORDS_PER_WAIT === 0) wait();
		// Line ends are counted, and blank lines have some too: it is over when nothing was gone over any more.
		if (outcome !== 'needs-more' || kernel.input.start === start) return outcome;
	}
}
