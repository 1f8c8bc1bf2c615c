// UTF-8 as it is, where it has to be UTF-8.
import {isUtf8} from 'node:buffer';
import {wholeCharacters} from '../encoding.ts';
import {InvalidTextError, type Recoder, showByte, utf8Length} from './recoder.ts';

export const utf8Recoder: Recoder = {
	asciiBytes: 1,
	keepsBytes: false,
	wholeBytes: wholeCharacters,
	toUtf8(bytes) {
		if (isUtf8(bytes)) return Uint8Array.from(bytes);
		const index = findInvalid(bytes);
		throw new InvalidTextError(index, `the byte ${showByte(bytes[index])}, which begins no character`);
	},
	characterBytes: utf8Bytes => utf8Bytes,
};

function findInvalid(bytes: Uint8Array): number {
	let at = 0;
	while (at < bytes.length) {
		const length = utf8Length(bytes[at] ?? 0);
		const end = at + length;
		if (end > bytes.length || (length > 1 && !isUtf8(bytes.subarray(at, end)))) break;
		at = end;
	}
	return at;
}
