// The key of a group of two parts: the length of the first in four bytes, the lowest first, and both parts. A key of one part is
// that part.
import {DamagedBytesError} from '../varints.ts';

export const PART_LENGTH_BYTES = 4;

/** How long the first of two parts is, of the key that begins there. */
export const partLength = (keys: Uint8Array, at: number): number =>
	(keys[at] ?? 0) + (keys[at + 1] ?? 0) * 2 ** 8 + (keys[at + 2] ?? 0) * 2 ** 16 + (keys[at + 3] ?? 0) * 2 ** 24;

/** Of texts, one character per byte. */
export function joinKeyParts([first = '', second]: readonly string[]): string {
	if (second === undefined) return first;
	const length = Buffer.alloc(PART_LENGTH_BYTES);
	length.writeUInt32LE(first.length);
	return length.toString('latin1') + first + second;
}

/** @throws {DamagedBytesError} */
export function splitKey(key: string, partCount: number): readonly string[] {
	if (partCount === 1) return [key];
	const length = Buffer.from(key.slice(0, PART_LENGTH_BYTES), 'latin1');
	const end =
		PART_LENGTH_BYTES + (length.length < PART_LENGTH_BYTES ? Number.POSITIVE_INFINITY : partLength(length, 0));
	if (end > key.length) throw new DamagedBytesError('Expected a key of two parts');
	return [key.slice(PART_LENGTH_BYTES, end), key.slice(end)];
}
