// How a file is written, found out from its first bytes.
import {InputError} from './input-error.ts';

export interface Dialect {
	readonly delimiter: Delimiter;
	readonly quote: '"';
	readonly encoding: 'utf-8';
	/** Length of the byte order mark at the start, which is no data. */
	readonly bomBytes: 0 | 3;
}

/** The dialect is found from so many bytes, or all of a smaller file. A header is hardly ever longer. */
export const HEAD_BYTES = 64 * 1024;

export type Delimiter = ',' | ';' | '\t' | '|';

/** Tried in this order; the first of equals wins. */
const delimiters: readonly Delimiter[] = [',', ';', '\t', '|'];

/**
Finds the dialect of a file.

The delimiter is the one with which the header names what somebody is looking for. Where no delimiter does that, it is the
one that gives the most fields, which makes the message about the missing columns readable.

@param head - The first bytes of the file: the same ones whatever the chunks are, so that the answer is the same too.
@param countKnownNames - How many of the given header names are known ones.
*/
export function detectDialect(head: Uint8Array, countKnownNames: (names: readonly string[]) => number): Dialect {
	const isUtf16 = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
	if (isUtf16) {
		throw new InputError(
			'UNSUPPORTED_ENCODING',
			'The file begins with the byte order mark of UTF-16; expected UTF-8. Convert it first, for example: iconv -f UTF-16 -t UTF-8',
			{line: 1, byteOffset: 0},
		);
	}
	const bomBytes = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
	let delimiter: Delimiter = ',';
	let bestKnown = -1;
	let bestCount = -1;
	for (const candidate of delimiters) {
		const {names} = splitHeader(head, bomBytes, candidate);
		const known = countKnownNames(names);
		if (known > bestKnown || (known === bestKnown && names.length > bestCount)) {
			delimiter = candidate;
			bestKnown = known;
			bestCount = names.length;
		}
	}
	return {delimiter, quote: '"', encoding: 'utf-8', bomBytes};
}

/**
Whether the header ends within these bytes whatever the delimiter is, quotes and all: then the dialect of any file that begins with
them is the same.
*/
export const isHeaderWhole = (bytes: Uint8Array, {bomBytes}: Pick<Dialect, 'bomBytes'>): boolean =>
	delimiters.every(delimiter => splitHeader(bytes, bomBytes, delimiter).isWhole);

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;

/** The fields of the first record, as far as the head holds it. The reader reads it again properly. */
function splitHeader(
	head: Uint8Array,
	start: number,
	delimiter: Delimiter,
): {readonly names: readonly string[]; readonly isWhole: boolean} {
	const delimiterByte = delimiter.charCodeAt(0);
	const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
	const names: string[] = [];
	let from = start;
	while (head[from] === LF || head[from] === CR) from++;
	let isQuoted = false;
	let index = from;
	const close = (): void => {
		const raw = text.toString('utf8', from, index);
		names.push(raw.startsWith('"') ? raw.slice(1, raw.endsWith('"') ? -1 : undefined).replaceAll('""', '"') : raw);
		from = index + 1;
	};
	for (; index < head.length; index++) {
		const byte = head[index];
		// A quote means something only in a field that begins with one; inside, a doubled one closes and opens again.
		if (byte === QUOTE && head[from] === QUOTE) isQuoted = !isQuoted;
		else if (isQuoted) continue;
		else if (byte === delimiterByte) close();
		else if (byte === LF || byte === CR) break;
	}
	const isWhole = index < head.length;
	close();
	return {names, isWhole};
}
