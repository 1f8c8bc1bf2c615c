import {isKernelUnsupported, Kernel} from './kernel.ts';

let known: Kernel | null | undefined;

/** A kernel for what this thread does beside reading files by threads; `null` where processor or engine have no vectors of 128 bits. */
export function kernelOfProcess(): Kernel | null {
	try {
		known ??= new Kernel();
	} catch (error) {
		if (!isKernelUnsupported(error)) throw error;
		known = null;
	}
	return known;
}
