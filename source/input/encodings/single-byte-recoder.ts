// Encodings of one byte a character -> UTF-8.
import {isAscii, transcode} from 'node:buffer';
import type {SingleByteEncoding} from './encoding-labels.ts';
import {InvalidTextError, type Recoder, showByte} from './recoder.ts';

/** Half of a character, at which the conversion stops, stands for a byte that is none. */
const NO_CHARACTER = 0xdc00;

export function createSingleByteRecoder(label: SingleByteEncoding): Recoder {
	const units = unitsOf(label);
	return {
		asciiBytes: 1,
		keepsBytes: false,
		wholeBytes: ({length}) => length,
		toUtf8(bytes) {
			if (isAscii(bytes)) return Uint8Array.from(bytes);
			const wide = new Uint16Array(bytes.length);
			for (let at = 0; at < bytes.length; at++) wide[at] = units[bytes[at] ?? 0] ?? 0;
			try {
				return transcode(Buffer.from(wide.buffer), 'utf16le', 'utf8');
			} catch {
				const index = wide.indexOf(NO_CHARACTER);
				throw new InvalidTextError(index, `the byte ${showByte(bytes[index])}, which is no character`);
			}
		},
		characterBytes: () => 1,
	};
}

/** The character of each byte. All are within the first 65,536. */
function unitsOf(label: SingleByteEncoding): Uint16Array {
	const decoder = new TextDecoder(label);
	return Uint16Array.from({length: 256}, (_, byte) => {
		const character = decoder.decode(Uint8Array.of(byte));
		return character === '\ufffd' ? NO_CHARACTER : character.charCodeAt(0);
	});
}
