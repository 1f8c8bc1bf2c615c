// UTF-8 as it is, where it has to be UTF-8.
import {isUtf8} from 'node:buffer';
import {wholeCharacters} from '../encoding.ts';
import {memoryFor} from './recode-bytes.ts';
import {type Recoder, utf8Length} from './recoder.ts';

export const utf8Recoder: Recoder = {
	asciiBytes: 1,
	keepsBytes: false,
	wholeBytes: wholeCharacters,
	toUtf8(bytes) {
		const end = findNotUtf8(bytes);
		const text = memoryFor(end).subarray(0, end);
		text.set(bytes.subarray(0, end));
		return {text, end};
	},
	invalidBytes: () => 1,
	characterBytes: utf8Bytes => utf8Bytes,
};

/** The index of the first byte that is not UTF-8; their number where all are. */
export function findNotUtf8(bytes: Uint8Array): number {
	if (isUtf8(bytes)) return bytes.length;
	let at = 0;
	while (at < bytes.length) {
		const length = utf8Length(bytes[at] ?? 0);
		const end = at + length;
		if (end > bytes.length || (length > 1 && !isUtf8(bytes.subarray(at, end)))) break;
		at = end;
	}
	return at;
}
