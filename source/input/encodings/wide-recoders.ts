// UTF-16 and UTF-32 -> UTF-8.
import {transcode} from 'node:buffer';
import {isHighSurrogate, isLowSurrogate} from '../encoding.ts';
import type {WideEncoding} from './encoding-labels.ts';
import {OtherByteOrderError, type Recoded, type Recoder, writeCharacter} from './recoder.ts';

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
			const whole = bytes.subarray(0, bytes.length - (bytes.length % 2));
			const text = decode(whole, isLittle);
			if (text !== null) return {text, end: whole.length};
			const end = findInvalid(whole, unitAt);
			return {text: decode(whole.subarray(0, end), isLittle) ?? whole.subarray(0, 0), end};
		},
		invalidBytes: ({length}, at) => Math.min(2, length - at),
		characterBytes: utf8Bytes => (utf8Bytes === 4 ? 4 : 2),
	};
}

/** `null` where a surrogate has no other half. */
function decode(bytes: Buffer, isLittle: boolean): Uint8Array | null {
	let text: Uint8Array;
	try {
		text = transcode(isLittle ? bytes : Buffer.from(bytes).swap16(), 'utf16le', 'utf8');
	} catch {
		return null;
	}
	const at = Buffer.from(text.buffer, text.byteOffset, text.length).indexOf(SWAPPED_MARK);
	if (at !== -1) throw new OtherByteOrderError(Buffer.from(text.subarray(0, at)).toString().length * 2);
	return text;
}

/** U+FFFE is no character, so that a byte order mark read in the wrong order is known. */
const SWAPPED_MARK = Buffer.from('\ufffe');

function findInvalid(bytes: Uint8Array, unitAt: (bytes: Uint8Array, at: number) => number): number {
	for (let at = 0; at < bytes.length; at += 2) {
		const unit = unitAt(bytes, at);
		const isPair = isHighSurrogate(unit) && at + 3 < bytes.length && isLowSurrogate(unitAt(bytes, at + 2));
		if (isPair) at += 2;
		else if (isHighSurrogate(unit) || isLowSurrogate(unit)) return at;
	}
	return bytes.length;
}

function createUtf32(isLittle: boolean): Recoder {
	return {
		asciiBytes: 4,
		keepsBytes: false,
		wholeBytes: ({length}) => length - (length % 4),
		toUtf8(bytes): Recoded {
			const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
			const whole = bytes.length - (bytes.length % 4);
			// A character has at most as many bytes in UTF-8.
			const text = new Uint8Array(whole);
			let end = 0;
			let at = 0;
			for (; at < whole; at += 4) {
				const code = view.getUint32(at, isLittle);
				if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) break;
				if (code === 0xfffe) throw new OtherByteOrderError(at);
				if (code < 0x80) text[end++] = code;
				else end = writeCharacter(text, end, code);
			}
			return {text: text.subarray(0, end), end: at};
		},
		invalidBytes: ({length}, at) => Math.min(4, length - at),
		characterBytes: () => 4,
	};
}
