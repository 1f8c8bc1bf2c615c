// Encodings of one byte a character -> UTF-8.
import type {SingleByteEncoding} from './encoding-labels.ts';
import {character, recodeBytes} from './recode-bytes.ts';
import type {Recoder} from './recoder.ts';

export function createSingleByteRecoder(label: SingleByteEncoding): Recoder {
	const characters = charactersOf(label);
	return {
		asciiBytes: 1,
		keepsBytes: false,
		wholeBytes: ({length}) => length,
		toUtf8: bytes => recodeBytes(bytes, (all, at) => characters[all[at] ?? 0] ?? 0),
		invalidBytes: () => 1,
		characterBytes: () => 1,
	};
}

/** The character of each byte; 0 where it has none. */
function charactersOf(label: SingleByteEncoding): Int32Array {
	const decoder = new TextDecoder(label);
	return Int32Array.from({length: 256}, (_, byte) => {
		const text = decoder.decode(Uint8Array.of(byte));
		return text === '\ufffd' ? 0 : character(text.charCodeAt(0), 1);
	});
}
