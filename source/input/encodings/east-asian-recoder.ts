// Encodings of one to four bytes a character -> UTF-8.
import type {EastAsianEncoding} from './encoding-labels.ts';
import {type CharacterAt, character, lengthOf, recodeBytes} from './recode-bytes.ts';
import type {Recoder} from './recoder.ts';

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
	const characterAt = charactersOf(label, bytesOf);
	/** What begins with a byte that begins no character: that byte, and those behind it that are none by themselves. */
	const invalidBytes: BytesOf = (bytes, at) => {
		let end = at + 1;
		while (end < at + bytesOf(bytes, at) && (bytes[end] ?? 0) >= 0x80) end++;
		return end - at;
	};
	return {
		asciiBytes: 1,
		keepsBytes: true,
		wholeBytes(bytes) {
			let end = bytes.length;
			while (end > 0 && (bytes[end - 1] ?? 0) >= LEAST_PART) end--;
			while (end < bytes.length && end + bytesOf(bytes, end) <= bytes.length) {
				const isAscii = (bytes[end] ?? 0) < 0x80;
				end += isAscii ? 1 : lengthOf(characterAt(bytes, end)) || invalidBytes(bytes, end);
			}
			return end;
		},
		toUtf8: bytes => recodeBytes(bytes, characterAt),
		invalidBytes,
		characterBytes: (_, bytes, at) => bytesOf(bytes, at),
	};
}

/** Node's decoder gives these controls for bytes that are no character, and in Big5 private characters for those of extensions that it lacks. */
const noText = /[\x80-\x9f\ufffd]/;
const noTextOrPrivate = /[\x80-\x9f\ufffd\ue000-\uf8ff]/;

/** Characters of one or two bytes are in a table; rare ones are asked for one by one. */
function charactersOf(label: EastAsianEncoding, bytesOf: BytesOf): CharacterAt {
	const decoder = new TextDecoder(label, {fatal: true});
	const isNoText = label === 'big5' ? noTextOrPrivate : noText;
	const decode = (bytes: Uint8Array): number => {
		try {
			const text = decoder.decode(bytes);
			const isOne = !isNoText.test(text) && Array.from(text).length === 1;
			return isOne ? character(text.codePointAt(0) ?? 0, bytes.length) : 0;
		} catch {
			return 0;
		}
	};
	/** By the first two bytes; -1 where it has not been asked for. */
	const table = new Int32Array(0x1_0000).fill(-1);
	return (bytes, at) => {
		const length = bytesOf(bytes, at);
		if (at + length > bytes.length) return 0;
		if (length > 2) return decode(bytes.subarray(at, at + length));
		const place = ((bytes[at] ?? 0) << 8) | (length === 2 ? (bytes[at + 1] ?? 0) : 0);
		const known = table[place] ?? -1;
		if (known !== -1) return known;
		const found = decode(bytes.subarray(at, at + length));
		table[place] = found;
		return found;
	};
}
