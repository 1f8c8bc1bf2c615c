// How a file of --rejects begins: columns of its own in front of those of the data.

export const REJECTS_COLUMNS = ['_file', '_line', '_byte_offset', '_column', '_reason', '_value', '_record'] as const;

/** A spreadsheet may have written it again: with a mark, quotes or another delimiter. */
const BEGINNING = new RegExp(
	`^(?:\xef\xbb\xbf)?"?${REJECTS_COLUMNS[0]}"?([,;\t])${REJECTS_COLUMNS.slice(1)
		.map(name => `"?${name}"?`)
		.join('\\1')}(?:\\1|[\r\n]|$)`,
);
const MOST_BYTES = 128;
/** A mark, a quote, or the first letter. */
const FIRST_BYTES: readonly (number | undefined)[] = [0xef, 0x22, 0x5f];

/** What stands between the fields of a file of --rejects; `null` where it is none. @param start - The first bytes of a file. */
export function rejectsDelimiter(start: Uint8Array): string | null {
	// Nearly all files end here.
	if (!FIRST_BYTES.includes(start[0])) return null;
	const text = Buffer.from(start.subarray(0, MOST_BYTES)).toString('latin1');
	return BEGINNING.exec(text)?.[1] ?? null;
}

export const isRejectsFile = (start: Uint8Array): boolean => rejectsDelimiter(start) !== null;
