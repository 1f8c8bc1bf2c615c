// Reads the ids that the kernel keeps as bits, see assembly/numbers.ts.
import type {KernelExports} from './exports.ts';

/** Ids with a prefix in front of a number, by their numbers. */
export interface NumberedFigures {
	/** One character per byte. */
	readonly prefix: string;
	/** Of all ids; 0 where none has zeros in front of its number. */
	readonly length: number;
	/** Number n is bit n % 32 of word n / 32. */
	readonly bits: Uint32Array;
	readonly count: number;
}

/**
@param isOfNews - Whether it is about those that the host has not been told of: from now on it has been.
*/
export function readNumbered(kernel: KernelExports, isOfNews: boolean): NumberedFigures | null {
	const which = Number(isOfNews);
	const count = kernel.numberedCount(which);
	if (count === 0) return null;
	const start = kernel.numberedBitmap(which);
	const prefix = Buffer.alloc(8);
	prefix.writeBigUInt64LE(BigInt.asUintN(64, kernel.numberedPrefix(which)));
	const figures = {
		prefix: prefix.toString('latin1', 0, kernel.numberedPrefixBytes(which)),
		length: kernel.numberedLength(which),
		bits: new Uint32Array(kernel.memory.buffer.slice(start, start + kernel.numberedBits(which) / 8)),
		count,
	};
	if (isOfNews) kernel.clearNumberedNews();
	return figures;
}
