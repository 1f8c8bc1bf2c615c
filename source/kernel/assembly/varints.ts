// Bytes for the host: numbers as varints (LEB128), lowest seven bits first, and texts.
import {allocate, release} from './memory';

const FIRST_BYTES: usize = 64 * 1024;
/** Of 64 bits. */
export const MAX_VARINT_BYTES: usize = 10;

let buffer: usize = 0;
let capacity: usize = 0;
/** Where the next byte goes. */
let out: usize = 0;

export function bytesStart(): usize {
	return buffer;
}
export function bytesWritten(): usize {
	return out - buffer;
}
/** Forgets all but the first bytes. */
export function keepBytes(bytes: usize): void {
	out = buffer + bytes;
}

/** Makes room for so many bytes more. */
export function reserveBytes(bytes: usize): void {
	const written = out - buffer;
	if (written + bytes <= capacity) return;
	const old = buffer;
	const oldCapacity = capacity;
	capacity = max<usize>(2 * oldCapacity, max<usize>(FIRST_BYTES, written + bytes));
	buffer = allocate(capacity);
	memory.copy(buffer, old, written);
	if (oldCapacity > 0) release(old, oldCapacity);
	out = buffer + written;
}

/** There must be room for `MAX_VARINT_BYTES`. */
export function writeVarint(number: u64): void {
	let rest = number;
	while (rest >= 0x80) {
		store<u8>(out++, (rest as u8) | 0x80);
		rest >>= 7;
	}
	store<u8>(out++, rest as u8);
}

/** Small numbers of either sign take few bytes: 0, -1, 1, -2 … become 0, 1, 2, 3 … */
export function writeSigned(number: i64): void {
	writeVarint(((number << 1) ^ (number >> 63)) as u64);
}

/** There must be room for them. */
export function writeText(start: usize, length: usize): void {
	memory.copy(out, start, length);
	out += length;
}
