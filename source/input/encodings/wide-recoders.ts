// UTF-16 and UTF-32 -> UTF-8.
import {transcode} from 'node:buffer';
import {isHighSurrogate, isLowSurrogate} from '../encoding.ts';
import type {WideEncoding} from './encoding-labels.ts';
import {InvalidTextError, type Recoder} from './recoder.ts';

export const createWideRecoder = (label: WideEncoding): Recoder =>
	label === 'utf-16le' || label === 'utf-16be' ? createUtf16(label === 'utf-16le') : createUtf32(label === 'utf-32le');

function createUtf16(isLittle: boolean): Recoder {
	const unitAt = (bytes: Uint8Array, at: number): number =>
		isLittle ? (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) : ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
	return {
		asciiBytes: 2,
		keepsBytes: false,
		wholeBytes(bytes) {
			const even = bytes.length - (bytes.length % 2);
			// The second half of the character comes later.
			return even > 0 && isHighSurrogate(unitAt(bytes, even - 2)) ? even - 2 : even;
		},
		toUtf8(bytes) {
			if (bytes.length % 2 === 1) throw invalidIn(bytes, unitAt);
			const little = isLittle ? bytes : Buffer.from(bytes).swap16();
			let text: Uint8Array;
			try {
				// It throws at a surrogate without its other half.
				text = transcode(little, 'utf16le', 'utf8');
			} catch {
				throw invalidIn(bytes, unitAt);
			}
			if (Buffer.from(text.buffer, text.byteOffset, text.length).includes(SWAPPED_MARK)) throw invalidIn(bytes, unitAt);
			return text;
		},
		characterBytes: utf8Bytes => (utf8Bytes === 4 ? 4 : 2),
	};
}

/** U+FFFE is no character, so that a byte order mark read in the wrong order is known. */
const SWAPPED_MARK = Buffer.from('\ufffe');

/** Finds what is wrong with bytes in UTF-16. */
function invalidIn(bytes: Uint8Array, unitAt: (bytes: Uint8Array, at: number) => number): InvalidTextError {
	for (let at = 0; at + 1 < bytes.length; at += 2) {
		const unit = unitAt(bytes, at);
		if (unit === 0xfffe) return new InvalidTextError(at, 'a byte order mark of the other byte order');
		const isPair = isHighSurrogate(unit) && at + 3 < bytes.length && isLowSurrogate(unitAt(bytes, at + 2));
		if (isPair) at += 2;
		else if (isHighSurrogate(unit) || isLowSurrogate(unit))
			return new InvalidTextError(at, `half of a character (the surrogate ${unit.toString(16).toUpperCase()})`);
	}
	return new InvalidTextError(bytes.length - (bytes.length % 2), 'a single byte at the end');
}

function createUtf32(isLittle: boolean): Recoder {
	return {
		asciiBytes: 4,
		keepsBytes: false,
		wholeBytes: ({length}) => length - (length % 4),
		toUtf8(bytes) {
			const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
			const whole = bytes.length - (bytes.length % 4);
			// A character has at most as many bytes in UTF-8.
			const text = new Uint8Array(whole);
			let end = 0;
			for (let at = 0; at < whole; at += 4) {
				const code = view.getUint32(at, isLittle);
				if (code < 0x80) text[end++] = code;
				else {
					if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
						throw new InvalidTextError(at, `the number ${code.toString(16).toUpperCase()}, which is no character`);
					if (code === 0xfffe) throw new InvalidTextError(at, 'a byte order mark of the other byte order');
					end = writeCharacter(text, end, code);
				}
			}
			if (whole < bytes.length) throw new InvalidTextError(whole, `${bytes.length - whole} of 4 bytes at the end`);
			return text.subarray(0, end);
		},
		characterBytes: () => 4,
	};
}

/** Writes a character that is not ASCII. Returns where it ends. */
export function writeCharacter(text: Uint8Array, start: number, code: number): number {
	let end = start;
	if (code < 0x800) text[end++] = 0xc0 | (code >> 6);
	else {
		if (code < 0x10000) text[end++] = 0xe0 | (code >> 12);
		else {
			text[end++] = 0xf0 | (code >> 18);
			text[end++] = 0x80 | ((code >> 12) & 0x3f);
		}
		text[end++] = 0x80 | ((code >> 6) & 0x3f);
	}
	text[end++] = 0x80 | (code & 0x3f);
	return end;
}
