import {isKernelTrap} from '../../../kernel/kernel.ts';

/**
What is said of a kernel that stopped in the middle of something: its tables may be wrong, and the thread that has it ends with
it; another one tries again with a fresh one. `null` for any other error.
*/
export const explainTrap = (error: unknown): string | null =>
	isKernelTrap(error)
		? `The kernel could not go on, most likely because there is no more memory (${error.message})`
		: null;
