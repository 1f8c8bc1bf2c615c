// How the text of a file is encoded. Inside it is bytes, one character per byte; which encoding it is, is known when all of the file
// has been read: UTF-8 where every byte of it fits, and Windows-1252 where any does not, unless somebody has named another one. Those have
// a character for each byte, so two names that differ in the file differ in the report, too.
import {isUtf8} from 'node:buffer';

/** `utf-8`, or the name of an encoding of one byte for each character, all of which are characters; as `TextDecoder` knows it. */
export type TextEncoding = string;

/** The characters of the bytes 80 to ff, for each encoding. */
const upperHalves = new Map<TextEncoding, string>();

function upperHalfOf(encoding: TextEncoding): string {
	const known = upperHalves.get(encoding);
	if (known !== undefined) return known;
	const half = new TextDecoder(encoding).decode(Uint8Array.from({length: 128}, (_, index) => 0x80 + index));
	upperHalves.set(encoding, half);
	return half;
}

/** Nearly all names are of these, and then their bytes are their characters in either encoding. */
const isAscii = /^[\u0000-\u007f]*$/;

/** Decodes bytes kept one per character. */
export function decodeBytes(bytes: string, encoding: TextEncoding): string {
	if (isAscii.test(bytes)) return bytes;
	if (encoding === 'utf-8') return Buffer.from(bytes, 'latin1').toString('utf8');
	const half = upperHalfOf(encoding);
	return bytes.replace(/[\x80-\xff]/g, byte => half[byte.charCodeAt(0) - 0x80] ?? byte);
}

/** The bytes in UTF-8 of text in an encoding, both one per character. */
export const bytesInUtf8 = (bytes: string, encoding: TextEncoding): string =>
	isAscii.test(bytes) ? bytes : Buffer.from(decodeBytes(bytes, encoding)).toString('latin1');

/** Turns texts in an encoding into UTF-8. */
export type ToUtf8 = (bytes: string) => string;

export const toUtf8From =
	(encoding: TextEncoding): ToUtf8 =>
	bytes =>
		bytesInUtf8(bytes, encoding);

/** The encoding of some texts alone, for messages about a file that is not read to its end. */
export const encodingOf = (texts: readonly string[]): TextEncoding =>
	texts.every(bytes => isUtf8(Buffer.from(bytes, 'latin1'))) ? 'utf-8' : 'windows-1252';
