// What the bytes of a text that should be UTF-8 say of its encoding: the first byte that is not UTF-8, for which another encoding is assumed, and
// whether there are characters of UTF-8 all the same, as in files of which parts are in different encodings.
import {findNotUtf8} from './encodings/utf8-recoder.ts';
import {PhysicalLines} from './physical-lines.ts';
import type {RecordPosition} from './record-reader.ts';

export interface TextEvidence {
	/** Where the first byte stands that is not UTF-8; `null` where all are. */
	readonly notUtf8: RecordPosition | null;
	/** Whether there are characters of UTF-8 that text in an encoding of one byte a character hardly has. */
	readonly hasUtf8: boolean;
}

export const noEvidence: TextEvidence = {notUtf8: null, hasUtf8: false};

/** The second one stands behind the first in the source. */
export const joinEvidence = (first: TextEvidence, second: TextEvidence): TextEvidence => ({
	notUtf8: first.notUtf8 ?? second.notUtf8,
	hasUtf8: first.hasUtf8 || second.hasUtf8,
});

/** Two bytes as for `é` or `°`, or three as for `€` and most other scripts, but not for a byte order mark. The kernel looks for the same. */
const utf8Character = /[\xc2\xc3][\x80-\xbf]|[\xe0-\xee][\x80-\xbf]{2}/;
const ascii = /^[\0-\x7f]*$/;

/** @param position - Of the first of the bytes. */
export function evidenceOf(bytes: Uint8Array, position: RecordPosition): TextEvidence {
	const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
	if (ascii.test(text)) return noEvidence;
	return {notUtf8: placeNotUtf8(bytes, position), hasUtf8: utf8Character.test(text)};
}

/** Where the first of the bytes stands that is not UTF-8; `null` where all are. */
export function placeNotUtf8(bytes: Uint8Array, {line, byteOffset}: RecordPosition): RecordPosition | null {
	const at = findNotUtf8(bytes);
	if (at === bytes.length) return null;
	const lines = new PhysicalLines();
	lines.add(bytes.subarray(0, at));
	return {line: line + lines.endCount, byteOffset: byteOffset + at};
}
