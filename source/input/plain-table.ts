// The usual table, seen at once: names in its first line, as many fields in each record, nothing in front, in between or behind. All else
// is looked at closely, by code that is loaded for it.

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const BACKSLASH = 0x5c;
const NUMBER_SIGN = 0x23;
/** Signs, digits and what stands between them. */
const [FIRST_OF_NUMBERS, LAST_OF_NUMBERS] = [0x2b, 0x39];

/** More is not looked at of a table that goes on. */
const LOOK_BYTES = 16 * 1024;

/** A name without a digit, so that it is not the number of something. */
const NAME = /^[A-Za-z_\x80-\xff][A-Za-z_\x80-\xff \-./()%$]*$/;
const TOTAL = /^"?\W*(?:grand |sub)?(?:total|sum|summe|gesamt|totaal|somme|suma)/i;

/**
@param bytes - The first bytes of a file: all of it, or some kilobytes.
@param delimiter - As the header says, one byte.
*/
export function isPlainTable(bytes: Uint8Array, isAll: boolean, delimiter: string): boolean {
	const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
	const start = hasMark ? 3 : 0;
	const end = isAll ? bytes.length : Math.min(bytes.length, LOOK_BYTES);
	const headerEnd = bytes.indexOf(LF, start);
	if (headerEnd === -1 || headerEnd >= end) return false;
	const names = Buffer.from(bytes.subarray(start, headerEnd))
		.toString('latin1')
		.replace(/\r$/, '')
		.split(delimiter)
		.map(name => name.replace(/^"([^"]*)"$/, '$1'));
	if (names.length < 2 || !names.every(name => NAME.test(name))) return false;
	const isRepeated =
		Buffer.compare(bytes.subarray(start, headerEnd), bytes.subarray(headerEnd + 1, 2 * headerEnd + 1 - start)) === 0;
	if (isRepeated) return false;
	if (new Set(names.map(name => name.toLowerCase())).size < names.length) return false;
	const table = bytes.subarray(0, end);
	const isCrlf = bytes[headerEnd - 1] === CR;
	return hasEvenRecords(table, headerEnd + 1, isAll, delimiter.charCodeAt(0), names.length, isCrlf);
}

/** Totals and notes stand in so many bytes at the end of a file. */
const END_BYTES = 512;

/**
Whether nothing says that a table with known names is written in another way than most are: no apostrophe or comment in front of a field, no
backslash in front of a quote, no line that ends otherwise, and nothing behind the last record. It costs a few microseconds, because every file has to
pass; what does not is looked at closely.

@param bytes - As above. @param delimiter - As the header says, one byte.
*/
export function isUsuallyWritten(bytes: Uint8Array, isAll: boolean, delimiter: string): boolean {
	const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
	const hasBoth = (sign: number, ...pairs: readonly string[]): boolean =>
		text.includes(sign) && pairs.some(pair => text.includes(pair, 0, 'latin1'));
	if (hasBoth(APOSTROPHE, `${delimiter}'`, "\n'")) return false;
	if (hasBoth(NUMBER_SIGN, '\n#')) return false;
	if (hasBoth(BACKSLASH, '\\"')) return false;
	const headerEnd = text.indexOf(LF);
	if (headerEnd === -1) return true;
	if (text[headerEnd - 1] !== CR && text.includes(CR)) return false;
	if (mayBeginInOpenQuote(text)) return false;
	return !isAll || endsInRecord(text, headerEnd, delimiter.charCodeAt(0));
}

/** Whether the first line has an odd number of quotes. */
export function mayBeginInOpenQuote(bytes: Uint8Array): boolean {
	const start = bytes.findIndex(byte => byte !== LF && byte !== CR);
	const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
	const [lf, cr] = [text.indexOf(LF, start), text.indexOf(CR, start)];
	const end = Math.min(lf === -1 ? text.length : lf, cr === -1 ? text.length : cr);
	return start !== -1 && countOf(QUOTE, text, start, end) % 2 === 1;
}

/** Whether the last line has as many fields as the header, and none near it is blank. */
function endsInRecord(text: Buffer, headerEnd: number, delimiter: number): boolean {
	const end = text.at(-1) === LF ? text.length - 1 : text.length;
	if (end <= headerEnd) return true;
	const tail = text.toString('latin1', Math.max(headerEnd, end - END_BYTES), end);
	if (/\n\r?\n/.test(tail)) return false;
	const start = text.lastIndexOf(LF, end - 1) + 1;
	// A line end or a delimiter within quotes: who looks closely sees it.
	if (TOTAL.test(text.toString('latin1', start, Math.min(end, start + 40)))) return false;
	return countOf(delimiter, text, start, end) === countOf(delimiter, text, 0, headerEnd);
}

function countOf(byte: number, text: Buffer, start: number, end: number): number {
	let count = 0;
	for (let at = start; at < end; at++) if (text[at] === byte) count++;
	return count;
}

function hasEvenRecords(
	bytes: Uint8Array,
	from: number,
	isAll: boolean,
	delimiter: number,
	columns: number,
	isCrlf: boolean,
): boolean {
	const end = bytes.length;
	let fields = 1;
	let isQuoted = false;
	let isFieldStart = true;
	let recordStart = from;
	let lastRecord = from;
	let isFirst = true;
	let hasNumber = false;
	let emptyFields = 0;
	let emptyInLast = 0;
	for (let at = from; at < end; at++) {
		const byte = bytes[at] ?? 0;
		if (isQuoted) {
			if (byte === BACKSLASH) return false;
			// A doubled one opens again.
			if (byte === QUOTE) isQuoted = false;
			continue;
		}
		if (byte === delimiter) {
			fields++;
			if (isFieldStart) emptyFields++;
			isFieldStart = true;
		} else if (byte === LF) {
			if (fields !== columns || (bytes[at - 1] === CR) !== isCrlf) return false;
			// It may have further names.
			if (isFirst && !hasNumber) return false;
			isFirst = false;
			fields = 1;
			emptyInLast = emptyFields;
			emptyFields = 0;
			isFieldStart = true;
			lastRecord = recordStart;
			recordStart = at + 1;
		} else if (byte === QUOTE) {
			// Behind another quote it is a doubled one.
			if (!isFieldStart && bytes[at - 1] !== QUOTE) return false;
			isQuoted = true;
			isFieldStart = false;
		} else {
			if (byte === CR ? bytes[at + 1] !== LF && at + 1 < end : bytes[at - 1] === QUOTE && !isFieldStart) return false;
			if (byte === BACKSLASH || (isFieldStart && (byte === APOSTROPHE || byte === NUMBER_SIGN))) return false;
			if (isFieldStart && byte >= FIRST_OF_NUMBERS && byte <= LAST_OF_NUMBERS) hasNumber = true;
			isFieldStart = false;
		}
	}
	if (isAll && recordStart < end) {
		if (isQuoted || fields !== columns) return false;
		lastRecord = recordStart;
		emptyInLast = emptyFields;
	}
	// A note that a spreadsheet has filled up with delimiters.
	if (isAll && columns > 2 && emptyInLast >= columns - 2) return false;
	const last = Buffer.from(bytes.subarray(lastRecord, Math.min(end, lastRecord + 40))).toString('latin1');
	return hasNumber && !(isAll && TOTAL.test(last));
}
