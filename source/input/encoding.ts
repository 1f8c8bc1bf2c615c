// Finds the encoding of a text by its first bytes: by its byte order mark, or by where zeros stand among them.
import {isUtf8} from 'node:buffer';
import type {WideEncoding} from './encodings/encoding-labels.ts';

/** More than these are not needed to tell the encodings of wide characters from others. */
export const WIDE_HEAD_BYTES = 4096;

/** What a byte order mark in front of a text says, and how long it is. */
interface ByteOrderMark {
	readonly label: 'utf-8' | WideEncoding;
	readonly markBytes: 2 | 3 | 4;
}

/** `null` where there is none. */
export function findMark(head: Uint8Array): ByteOrderMark | null {
	const [first, second, third, fourth] = head;
	if (first === 0xef && second === 0xbb && third === 0xbf) return {label: 'utf-8', markBytes: 3};
	if (first === 0xff && second === 0xfe)
		return third === 0 && fourth === 0 ? {label: 'utf-32le', markBytes: 4} : {label: 'utf-16le', markBytes: 2};
	if (first === 0 && second === 0 && third === 0xfe && fourth === 0xff) return {label: 'utf-32be', markBytes: 4};
	return first === 0xfe && second === 0xff ? {label: 'utf-16be', markBytes: 2} : null;
}

/** An encoding of wide characters, with a byte order mark or without. @param head - The first bytes of a text, or all of it. */
export function findWideEncoding(head: Uint8Array): WideEncoding | null {
	const marked = findMark(head);
	if (marked === null) return findUnmarked(head);
	return marked.label === 'utf-8' ? null : marked.label;
}

/** With fewer bytes, zeros say nothing. */
const LEAST_BYTES = 8;

/**
An encoding of wide characters without a byte order mark, by the zeros beside each ASCII character: a table has delimiters and line ends,
whatever its language. `null` for all other texts, also those with zeros in them.
*/
function findUnmarked(bytes: Uint8Array): WideEncoding | null {
	const head = bytes.subarray(0, WIDE_HEAD_BYTES);
	if (head.length < LEAST_BYTES || !head.includes(0)) return null;
	const view = new DataView(head.buffer, head.byteOffset, head.length);
	for (const isLittle of [true, false]) if (isUtf32(view, isLittle)) return isLittle ? 'utf-32le' : 'utf-32be';
	for (const isLittle of [true, false]) if (isUtf16(view, isLittle)) return isLittle ? 'utf-16le' : 'utf-16be';
	return null;
}

/** Nothing else has a zero in each fourth byte, and no number in four bytes that is not a character. */
function isUtf32(view: DataView, isLittle: boolean): boolean {
	let ascii = 0;
	const units = Math.floor(view.byteLength / 4);
	for (let unit = 0; unit < units; unit++) {
		const code = view.getUint32(4 * unit, isLittle);
		if (!isCharacter(code)) return false;
		if (code < 0x80) ascii++;
	}
	return ascii > 0;
}

/** Of this share of ASCII characters on, no other text has so many zeros, and all of them beside other bytes. */
const PLAIN_SHARE = 1 / 2;
/** Of this share on, where the bytes by themselves are no text: a table in any language has as many delimiters and digits. */
const LEAST_SHARE = 1 / 32;
/** Among so many plain ones, this share may be halves of characters: damage, of which readers tell. */
const MAX_HALVES = 1 / 16;

/** Control characters that stand between fields. */
const DELIMITERS = [0x01, 0x1f];

function isUtf16(view: DataView, isLittle: boolean): boolean {
	let ascii = 0;
	let halves = 0;
	const units = Math.floor(view.byteLength / 2);
	for (let unit = 0; unit < units; unit++) {
		const code = view.getUint16(2 * unit, isLittle);
		if (isHighSurrogate(code)) {
			if (unit + 1 === units) break;
			if (isLowSurrogate(view.getUint16(2 * unit + 2, isLittle))) unit++;
			else halves++;
		} else if (isLowSurrogate(code)) halves++;
		else if (!isCharacter(code) && !DELIMITERS.includes(code)) return false;
		else if (code < 0x80) ascii++;
	}
	if (ascii >= units * PLAIN_SHARE) return halves <= units * MAX_HALVES;
	return halves === 0 && ascii >= units * LEAST_SHARE && !isTextOfBytes(view);
}

/** Whether it could as well be text in bytes, with zeros in it: in UTF-8, or with a line end that has no zero beside it. */
function isTextOfBytes(view: DataView): boolean {
	const all = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
	const bytes = all.filter(byte => byte !== 0);
	if (bytes.some(isControl)) return false;
	const isLoneEnd = (byte: number, at: number): boolean => byte === LF && all[at - 1] !== 0 && all[at + 1] !== 0;
	return isUtf8(bytes.subarray(0, wholeCharacters(bytes))) || all.some(isLoneEnd);
}

const LF = 0x0a;

export const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;
export const isLowSurrogate = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;

/** Whether a text may have this character. */
const isCharacter = (code: number): boolean =>
	code <= 0x10ffff &&
	!(code >= 0xd800 && code <= 0xdfff) &&
	(code & 0xfffe) !== 0xfffe &&
	code !== 0 &&
	!isControl(code);

/** Tabs, line ends and what else texts have is not among them. */
const isControl = (code: number): boolean =>
	code < 0x20 && !(code >= 0x09 && code <= 0x0d) && code !== 0x1a && code !== 0x1b;

const MAX_CUT_BYTES = 3;

/** How many bytes there are without the beginning of a character in UTF-8 whose end has been cut off. */
export function wholeCharacters(bytes: Uint8Array): number {
	for (let cut = 1; cut <= Math.min(MAX_CUT_BYTES, bytes.length); cut++) {
		const byte = bytes[bytes.length - cut] ?? 0;
		if (byte < 0x80) break;
		if (byte < 0xc0) continue;
		const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
		return length > cut ? bytes.length - cut : bytes.length;
	}
	return bytes.length;
}
