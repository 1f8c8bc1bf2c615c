// Empty lines, which are not records, and the byte order marks in front of them.
import {isMarkAt, MARK_BYTES} from './byte-order-marks.ts';
import type {ReadOutcome} from './record-reader.ts';

const LF = 0x0a;
const CR = 0x0d;

/** Empty lines and byte order marks in front of the header. */
export interface BlankLines {
	/** Their size in bytes. */
	readonly length: number;
	readonly count: number;
	/** The first line end among them; `null` where there is none. */
	readonly newline: ReadOutcome['newline'];
}

export const noBlankLines: BlankLines = {length: 0, count: 0, newline: null};

/**
Skips the blank lines and byte order marks at the beginning of some bytes.

@param before - The blank lines in front of these bytes, which are counted too.
@returns All of them together.
*/
export function skipBlankLines(bytes: Uint8Array, before: BlankLines, isAll: boolean): BlankLines {
	let {count, newline} = before;
	let start = 0;
	for (;;) {
		if (isMarkAt(bytes, start)) {
			start += MARK_BYTES;
			continue;
		}
		const length = lineEndAt(bytes, start, isAll);
		if (length === 0) break;
		newline ??= newlineOf(bytes, start, length);
		count++;
		start += length;
	}
	return {length: before.length + start, count, newline};
}

/** The length of the line end at an index; 0 where there is none, or where it is not known yet. */
export function lineEndAt(bytes: Uint8Array, index: number, isAll: boolean): 0 | 1 | 2 {
	if (bytes[index] === LF) return 1;
	if (bytes[index] !== CR || (index + 1 === bytes.length && !isAll)) return 0;
	return bytes[index + 1] === LF ? 2 : 1;
}

export const newlineOf = (bytes: Uint8Array, index: number, length: number): '\n' | '\r\n' | '\r' =>
	length === 2 ? '\r\n' : bytes[index] === LF ? '\n' : '\r';
