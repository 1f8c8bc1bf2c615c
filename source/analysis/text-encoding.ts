// How the text of a file is encoded. Inside it is bytes, one character per byte; which encoding it is, is known when all of the file
// has been read: UTF-8 where every byte of it fits, and Windows-1252 where any does not. That one has a character for each byte, so two
// names that differ in the file differ in the report, too.
import {isUtf8} from 'node:buffer';

export type TextEncoding = 'utf-8' | 'windows-1252';

/** The characters of the bytes 80 to 9f; all other bytes are characters of Unicode with the same number (WHATWG, Encoding Standard). */
const UPPER_CONTROLS =
	'\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f' +
	'\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178';

/** Nearly all names are of these, and then their bytes are their characters in either encoding. */
const isAscii = /^[\u0000-\u007f]*$/;

/** Decodes bytes kept one per character. */
export function decodeBytes(bytes: string, encoding: TextEncoding): string {
	if (isAscii.test(bytes)) return bytes;
	if (encoding === 'utf-8') return Buffer.from(bytes, 'latin1').toString('utf8');
	return bytes.replace(/[\x80-\x9f]/g, byte => UPPER_CONTROLS[byte.charCodeAt(0) - 0x80] ?? byte);
}

/** The bytes in UTF-8 of text in Windows-1252, both one per character. */
export const bytesInUtf8 = (bytes: string): string =>
	isAscii.test(bytes) ? bytes : Buffer.from(decodeBytes(bytes, 'windows-1252')).toString('latin1');

/** The encoding of some texts alone, for messages about a file that is not read to its end. */
export const encodingOf = (texts: readonly string[]): TextEncoding =>
	texts.every(bytes => isUtf8(Buffer.from(bytes, 'latin1'))) ? 'utf-8' : 'windows-1252';
