// Reads the different values of a column: assembly/value-tables.ts and assembly/dense-ids.ts say how they are kept.

import type {DenseIds} from '../analysis/dense-ids.ts';
import {REGISTER_COUNT} from '../analysis/estimate.ts';
import type {SetFigures} from '../analysis/figures.ts';
import type {KernelExports} from './exports.ts';

/** Words, in the order of assembly/figures.ts. */
export type SetPlace = readonly number[];
export const SET_WORDS = 11;

const KEY_BYTES = 16;
const LONG_KEY_TAG = 0xff;

export function readSet(kernel: KernelExports, words: SetPlace): SetFigures {
	const [tables = 0, count = 0, isEstimate = 0, registers = 0] = words;
	if (isEstimate !== 0)
		return {registers: new Uint8Array(kernel.memory.buffer.slice(registers, registers + REGISTER_COUNT))};
	const longValues = new Set<string>();
	if (count === 0) return {keys: new Uint32Array(0), longValues, denseIds: null, registers: null};
	const bytes = count * KEY_BYTES;
	const block = kernel.allocate(bytes);
	const written = kernel.collectValues(tables, block);
	const keys = new Uint32Array(kernel.memory.buffer.slice(block, block + written * KEY_BYTES));
	kernel.release(block, bytes);
	const short = takeLongValues(keys, longValues, kernel.memory.buffer);
	return {keys: short, longValues, denseIds: readDenseIds(kernel, words), registers: null};
}

/** Moves the keys of long values out, whose text is elsewhere. */
function takeLongValues(keys: Uint32Array, longValues: Set<string>, memory: ArrayBuffer): Uint32Array {
	let kept = 0;
	for (let at = 0; at < keys.length; at += 4) {
		const lastWord = keys[at + 3] ?? 0;
		if (lastWord >>> 24 === LONG_KEY_TAG) {
			longValues.add(Buffer.from(memory, keys[at + 2] ?? 0, lastWord & 0xff_ffff).toString('latin1'));
		} else {
			if (kept !== at) keys.copyWithin(kept, at, at + 4);
			kept += 4;
		}
	}
	return kept === keys.length ? keys : keys.slice(0, kept);
}

function readDenseIds(kernel: KernelExports, words: SetPlace): DenseIds | null {
	const [bitmap = 0, bits = 0, count = 0, low = 0, high = 0, prefixBytes = 0, length = 0] = words.slice(4);
	if (count === 0) return null;
	const prefix = Buffer.from(Uint32Array.of(low, high).buffer);
	return {
		prefix: prefix.toString('latin1', 0, prefixBytes),
		length,
		bits: new Uint32Array(kernel.memory.buffer.slice(bitmap, bitmap + bits / 8)),
		count,
	};
}
