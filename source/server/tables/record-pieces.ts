// The records of a file of CSV that is written as in canonical-records.ts, some at a time.
import {closeSync, openSync, readSync} from 'node:fs';

const PIECE_BYTES = 1024 * 1024;
const [QUOTE, LINE_FEED] = [0x22, 0x0a];

/** Gives whole records, without the first one. The bytes are there until the next are asked for. @throws {Error} Of the system. */
export function* recordPieces(path: string): Generator<Uint8Array, void, undefined> {
	const descriptor = openSync(path, 'r');
	try {
		let buffer = Buffer.alloc(PIECE_BYTES);
		let [length, isHeader] = [0, true];
		for (;;) {
			const read = readSync(descriptor, buffer, length, buffer.length - length, null);
			if (read === 0) return;
			length += read;
			const ends = recordEnds(buffer.subarray(0, length));
			if (ends === null) {
				if (length === buffer.length) buffer = Buffer.concat([buffer], 2 * buffer.length);
				continue;
			}
			const start = isHeader ? ends.first : 0;
			isHeader = false;
			if (ends.last > start) yield buffer.subarray(start, ends.last);
			buffer.copy(buffer, 0, ends.last, length);
			length -= ends.last;
		}
	} finally {
		closeSync(descriptor);
	}
}

/** Behind the first record and behind the last one that is whole; `null` where none is. */
function recordEnds(bytes: Uint8Array): {readonly first: number; readonly last: number} | null {
	let [isQuoted, first, last] = [false, 0, 0];
	for (let at = 0; at < bytes.length; at++) {
		if (bytes[at] === QUOTE) isQuoted = !isQuoted;
		else if (bytes[at] === LINE_FEED && !isQuoted) {
			last = at + 1;
			if (first === 0) first = last;
		}
	}
	return last === 0 ? null : {first, last};
}
