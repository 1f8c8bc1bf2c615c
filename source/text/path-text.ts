// Paths are bytes, but arguments, lists and settings carry them as text. Bytes that are not UTF-8 stand in such a text
// as lone surrogates, U+DC80 to U+DCFF (as in Python, PEP 383). UTF-8 text never contains these, so every name has a
// text of its own and can be turned back.
import {isUtf8} from 'node:buffer';

/** The text for the bytes of a path. */
export const pathText = (bytes: Buffer): string =>
	isUtf8(bytes) ? bytes.toString('utf8') : decode(bytes, byte => String.fromCharCode(0xdc00 + byte));

/** The bytes for the text of a path. */
export function pathBytes(text: string): Buffer {
	if (text.isWellFormed()) return Buffer.from(text);
	const parts = text.split(/([\udc80-\udcff]+)/u);
	// The low eight bits of the surrogate are the byte.
	return Buffer.concat(parts.map((part, index) => (index % 2 === 1 ? Buffer.from(part, 'latin1') : Buffer.from(part))));
}

/** A path in the form that the functions of `node:fs` need. */
export const systemPath = (text: string): string | Buffer => (text.isWellFormed() ? text : pathBytes(text));

/**
A path as people read it, unique for each path: files are identified by it. Bytes that are not UTF-8 become `\xff`;
where a name itself looks like that, its backslash becomes `\x5c`.
*/
export function displayName(path: Buffer): string {
	if (isUtf8(path) && !path.includes('\\x')) return path.toString('utf8');
	return decode(
		path,
		byte => `\\x${byte.toString(16).padStart(2, '0')}`,
		index => looksEscaped.test(path.toString('latin1', index, index + 4)),
	);
}

/** The same for the text of a path that is not UTF-8; any other text stays unchanged. */
export const displayPath = (text: string): string => (text.isWellFormed() ? text : displayName(pathBytes(text)));

/** The bytes of the path that `displayName` has given this name. */
export const bytesOfDisplayName = (name: string): Buffer =>
	Buffer.concat(
		name
			.split(/\\x([0-9a-f]{2})/)
			.map((part, index) => (index % 2 === 1 ? Buffer.from(part, 'hex') : Buffer.from(part))),
	);

const looksEscaped = /^\\x[0-9a-f]{2}$/;

function decode(bytes: Buffer, escapeByte: (byte: number) => string, mustEscape = (_index: number): boolean => false) {
	let text = '';
	for (let index = 0; index < bytes.length; ) {
		// A valid sequence has up to 4 bytes; a byte that does not begin one is escaped.
		const length = mustEscape(index)
			? undefined
			: [1, 2, 3, 4].find(count => index + count <= bytes.length && isUtf8(bytes.subarray(index, index + count)));
		text += length === undefined ? escapeByte(bytes[index] ?? 0) : bytes.toString('utf8', index, index + length);
		index += length ?? 1;
	}
	return text;
}
