// Records as they are handed on: fields between commas, in double quotes only where they need them, LF behind each record. The kernel
// writes the same: see kernel/assembly/record-writer.ts.

const NEEDS_QUOTES = /[",\r\n]/;

const canonicalField = (text: string): string => (NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** @param fields - At least one. */
export function canonicalRecord(fields: readonly string[]): string {
	const record = fields.map(canonicalField).join(',');
	// A line without a character would be no record.
	return record === '' ? '""\n' : `${record}\n`;
}

/** @param bytes - Whole records as above, in UTF-8. */
export function cellsOf(bytes: Uint8Array): string[][] {
	const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
	const records: string[][] = [];
	for (let at = 0; at < text.length; ) {
		const lineEnd = text.indexOf('\n', at);
		const line = text.slice(at, lineEnd);
		if (line.includes('"')) at = splitQuoted(text, at, records);
		else {
			records.push(line.split(','));
			at = lineEnd + 1;
		}
	}
	return records;
}

/** Splits the record that begins there. @returns Where the next one does. */
function splitQuoted(text: string, start: number, records: string[][]): number {
	const record: string[] = [];
	for (let at = start; ; ) {
		let field = '';
		let end = at;
		if (text[at] === '"') {
			let close = text.indexOf('"', at + 1);
			while (text[close + 1] === '"') close = text.indexOf('"', close + 2);
			field = text.slice(at + 1, close).replaceAll('""', '"');
			end = close + 1;
		} else {
			while (text[end] !== ',' && text[end] !== '\n') end++;
			field = text.slice(at, end);
		}
		record.push(field);
		at = end + 1;
		if (text[end] === '\n') {
			records.push(record);
			return at;
		}
	}
}
