// The loop that turns encodings with ASCII in them into UTF-8: four bytes of ASCII at a time, other characters by tables.
import type {Recoded} from './recoder.ts';
import {writeCharacter} from './recoder.ts';

/** The character that begins there, as `character` makes it; 0 where none does. Bytes of ASCII are not asked for. */
export type CharacterAt = (bytes: Uint8Array, at: number) => number;

const LENGTH_SHIFT = 24;

/** @param bytes - How many it has in the encoding. */
export const character = (code: number, bytes: number): number => code | (bytes << LENGTH_SHIFT);
export const lengthOf = (found: number): number => found >>> LENGTH_SHIFT;

/** No character has more bytes in UTF-8 for each byte that it has in another encoding. */
const MOST_GROWTH = 3;
let memory = new Uint8Array(0);

/** Memory of this thread for the text of bytes, used again for the next ones: new memory for each piece is freed much later. */
export function memoryFor(bytes: number): Uint8Array {
	if (memory.length < bytes * MOST_GROWTH) memory = new Uint8Array(bytes * MOST_GROWTH);
	return memory;
}

const NOT_ASCII = 0x8080_8080;

export function recodeBytes(bytes: Uint8Array, characterAt: CharacterAt): Recoded {
	const {length} = bytes;
	const text = memoryFor(length);
	const from = new DataView(bytes.buffer, bytes.byteOffset, length);
	const to = new DataView(text.buffer);
	let at = 0;
	let end = 0;
	while (at < length) {
		for (; at + 4 <= length; at += 4) {
			const four = from.getInt32(at, true);
			if ((four & NOT_ASCII) !== 0) break;
			to.setInt32(end, four, true);
			end += 4;
		}
		for (const stop = Math.min(length, at + 4); at < stop; ) {
			const byte = bytes[at] ?? 0;
			if (byte < 0x80) {
				text[end++] = byte;
				at++;
				continue;
			}
			const found = characterAt(bytes, at);
			if (found === 0) return {text: text.subarray(0, end), end: at};
			end = writeCharacter(text, end, found & 0xff_ffff);
			at += lengthOf(found);
		}
	}
	return {text: text.subarray(0, end), end: length};
}
