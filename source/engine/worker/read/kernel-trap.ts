import {isKernelTrap} from '../../../kernel/kernel.ts';

/**
What is said of a kernel that stopped in the middle of something: its tables are in no order any more, and whoever has it ends with
it; another one tries again with a fresh one. `null` for any other error.
*/
export const explainTrap = (error: unknown): string | null =>
	isKernelTrap(error) ? `The kernel could not go on, most likely for want of memory (${error.message})` : null;
