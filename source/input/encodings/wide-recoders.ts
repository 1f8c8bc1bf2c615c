// UTF-16 and UTF-32 -> UTF-8.
import {isHighSurrogate, isLowSurrogate} from '../encoding.ts';
import type {WideEncoding} from './encoding-labels.ts';
import {memoryFor} from './recode-bytes.ts';
import {OtherByteOrderError, type Recoded, type Recoder, writeCharacter} from './recoder.ts';

export const createWideRecoder = (label: WideEncoding): Recoder =>
	label === 'utf-16le' || label === 'utf-16be' ? createUtf16(label === 'utf-16le') : createUtf32(label === 'utf-32le');

function createUtf16(isLittle: boolean): Recoder {
	return {
		asciiBytes: 2,
		keepsBytes: false,
		wholeBytes(bytes) {
			const even = bytes.length - (bytes.length % 2);
			// The second half of the character comes later.
			return even > 0 && isHighSurrogate(viewOf(bytes).getUint16(even - 2, isLittle)) ? even - 2 : even;
		},
		toUtf8: bytes => recodeUtf16(bytes, isLittle),
		invalidBytes: ({length}, at) => Math.min(2, length - at),
		characterBytes: utf8Bytes => (utf8Bytes === 4 ? 4 : 2),
	};
}

const viewOf = ({buffer, byteOffset, length}: Uint8Array): DataView => new DataView(buffer, byteOffset, length);

/** All bits that two characters of ASCII do not have, read in the order of the bytes. */
const NOT_ASCII = 0xff80_ff80;

/** Two characters of ASCII at a time, the others one by one. */
function recodeUtf16(bytes: Uint8Array, isLittle: boolean): Recoded {
	const text = memoryFor(bytes.length);
	const [from, to] = [viewOf(bytes), viewOf(text)];
	const whole = bytes.length - (bytes.length % 2);
	let at = 0;
	let end = 0;
	while (at < whole) {
		for (; at + 4 <= whole; at += 4, end += 2) {
			const two = from.getInt32(at, isLittle);
			if ((two & NOT_ASCII) !== 0) break;
			// The first of them is in the lower half where bytes are in little order, else in the upper half.
			to.setUint16(end, (two & 0x7f) | ((two >>> 8) & 0x7f00), isLittle);
		}
		if (at === whole) break;
		const unit = from.getUint16(at, isLittle);
		if (unit === 0xfffe) throw new OtherByteOrderError(at);
		if (unit < 0x80) text[end++] = unit;
		else if (!isHighSurrogate(unit) && !isLowSurrogate(unit)) end = writeCharacter(text, end, unit);
		else {
			const low = at + 4 <= whole ? from.getUint16(at + 2, isLittle) : 0;
			if (!isHighSurrogate(unit) || !isLowSurrogate(low)) break;
			end = writeCharacter(text, end, 0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff));
			at += 2;
		}
		at += 2;
	}
	return {text: text.subarray(0, end), end: at};
}

function createUtf32(isLittle: boolean): Recoder {
	return {
		asciiBytes: 4,
		keepsBytes: false,
		wholeBytes: ({length}) => length - (length % 4),
		toUtf8(bytes): Recoded {
			const view = viewOf(bytes);
			const whole = bytes.length - (bytes.length % 4);
			const text = memoryFor(whole);
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
