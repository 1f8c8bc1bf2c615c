// Encodings of one to four bytes a character -> UTF-8.
import type {EastAsianEncoding} from './encoding-labels.ts';
import {InvalidTextError, type Recoder, showByte} from './recoder.ts';

type BytesOf = (bytes: Uint8Array, at: number) => number;

const from =
	(first: number, last: number) =>
	(byte = 0): boolean =>
		byte >= first && byte <= last;

const isHigh = from(0x81, 0xfe);
const isDigit = from(0x30, 0x39);
const isShiftJisLead = (byte = 0): boolean => from(0x81, 0x9f)(byte) || from(0xe0, 0xfc)(byte);

const twoFromHigh: BytesOf = (bytes, at) => (isHigh(bytes[at]) ? 2 : 1);

/** How long the character is that begins there. */
const lengths: Readonly<Record<EastAsianEncoding, BytesOf>> = {
	shift_jis: (bytes, at) => (isShiftJisLead(bytes[at]) ? 2 : 1),
	gb18030: (bytes, at) => (isHigh(bytes[at]) ? (isDigit(bytes[at + 1]) ? 4 : 2) : 1),
	gbk: twoFromHigh,
	big5: twoFromHigh,
	'euc-kr': twoFromHigh,
	'euc-jp': (bytes, at) => (bytes[at] === 0x8f ? 3 : bytes[at] === 0x8e || from(0xa1, 0xfe)(bytes[at]) ? 2 : 1),
};

/** No byte below it is a part of a longer character: line ends, commas and blanks are always what they seem. */
const LEAST_PART = 0x30;

export function createEastAsianRecoder(label: EastAsianEncoding): Recoder {
	const bytesOf = lengths[label];
	const noText = label === 'big5' ? NO_TEXT_OR_PRIVATE : NO_TEXT;
	const decode = (bytes: Uint8Array): string => {
		const text = new TextDecoder(label, {fatal: true}).decode(bytes);
		if (noText.test(text)) throw new RangeError('Expected text');
		return label === 'shift_jis' ? withControls(text) : text;
	};
	return {
		asciiBytes: 1,
		keepsBytes: true,
		wholeBytes(bytes) {
			let end = bytes.length;
			while (end > 0 && (bytes[end - 1] ?? 0) >= LEAST_PART) end--;
			for (let next = end; next <= bytes.length; next += bytesOf(bytes, next)) {
				end = next;
				if (next === bytes.length) break;
			}
			return end;
		},
		toUtf8(bytes) {
			try {
				return Buffer.from(decode(bytes));
			} catch {
				throw findInvalid(bytes, bytesOf, decode);
			}
		},
		characterBytes: (_, bytes, at) => bytesOf(bytes, at),
	};
}

/** Node's decoder gives these controls for bytes that are no character, and in Big5 private characters for those of extensions that it lacks. */
const NO_TEXT = /[\x80-\x9f]/;
const NO_TEXT_OR_PRIVATE = /[\x80-\x9f\ue000-\uf8ff]/;

/** Node's decoder exchanges these control characters in Shift_JIS; the standard has them as in ASCII. */
const controls: Readonly<Record<string, string>> = {'\x1c': '\x1a', '\x7f': '\x1c', '\x1a': '\x7f'};
const withControls = (text: string): string =>
	text.replace(/[\x1a\x1c\x7f]/g, character => controls[character] ?? character);

function findInvalid(bytes: Uint8Array, bytesOf: BytesOf, decode: (bytes: Uint8Array) => string): InvalidTextError {
	let at = 0;
	while (at < bytes.length) {
		const end = at + bytesOf(bytes, at);
		if (end > bytes.length) break;
		try {
			decode(bytes.subarray(at, end));
		} catch {
			break;
		}
		at = end;
	}
	const found = Array.from(bytes.subarray(at, at + bytesOf(bytes, at)), showByte).join(' ');
	return new InvalidTextError(at, `the bytes ${found}, which are no character`);
}
