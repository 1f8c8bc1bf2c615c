// Where the fields of one record are, by the rules of input/record-reader.ts, and whether they may be written as they are.

const QUOTE = 0x22;
const COMMA = 0x2c;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const PLUS = 0x2b;
const MINUS = 0x2d;

/** Bytes that are looked at as text wherever they stand: of other encodings, and what spreadsheets split at. */
const NEEDS_CARE = new Uint8Array(256).fill(1, 0x7f);
for (const byte of Buffer.from("';|\t\r\n\0")) NEEDS_CARE[byte] = 1;
/** Those at the beginning of a cell with which it may be a formula, or be guarded like one. */
const MAY_BEGIN_FORMULA = new Uint8Array(256);
for (const byte of Buffer.from('=@"')) MAY_BEGIN_FORMULA[byte] = 1;

const [FIELD_START, UNQUOTED, QUOTED, AFTER_QUOTE] = [0, 1, 2, 3] as const;

/** Used again for each record. */
export class RecordFields {
	#places = new Int32Array(64);
	count = 0;
	/** Whether the record as it stands is fields of CSV that need no guard. */
	isPlain = false;

	/** The record from `start` to `end`. Fields begin and end with their quotes. */
	split(bytes: Uint8Array, start: number, end: number, delimiter: number, quote: number): void {
		this.count = 0;
		this.isPlain = delimiter === COMMA && quote === QUOTE;
		let fieldStart = start;
		let state: 0 | 1 | 2 | 3 = FIELD_START;
		for (let at = start; at < end; at++) {
			const byte = bytes[at] ?? 0;
			if (NEEDS_CARE[byte] === 1) this.isPlain = false;
			if (state === QUOTED) {
				if (byte === quote) state = AFTER_QUOTE;
			} else if (byte === delimiter) {
				this.#add(bytes, fieldStart, at);
				fieldStart = at + 1;
				state = FIELD_START;
			} else if (byte === quote && state !== UNQUOTED) state = QUOTED;
			else {
				if (state === AFTER_QUOTE) this.isPlain = false;
				state = UNQUOTED;
			}
		}
		if (state === QUOTED) this.isPlain = false;
		this.#add(bytes, fieldStart, end);
	}

	startOf(field: number): number {
		return this.#places[2 * field] ?? 0;
	}

	endOf(field: number): number {
		return this.#places[2 * field + 1] ?? 0;
	}

	#add(record: Uint8Array, start: number, end: number): void {
		const at = 2 * this.count++;
		if (at === this.#places.length) {
			const larger = new Int32Array(2 * at);
			larger.set(this.#places);
			this.#places = larger;
		}
		this.#places[at] = start;
		this.#places[at + 1] = end;
		if (this.isPlain && start < end) this.isPlain = isHarmless(record, start, end);
	}
}

function isHarmless(record: Uint8Array, fieldStart: number, fieldEnd: number): boolean {
	const isQuoted = record[fieldStart] === QUOTE;
	const start = isQuoted ? fieldStart + 1 : fieldStart;
	const end = isQuoted ? fieldEnd - 1 : fieldEnd;
	const first = record[start] ?? 0;
	if (start >= end) return true;
	if (first !== PLUS && first !== MINUS) return MAY_BEGIN_FORMULA[first] === 0;
	// A number.
	let dots = 0;
	let digits = 0;
	for (let at = start + 1; at < end; at++) {
		const byte = record[at] ?? 0;
		if (byte === DOT) dots++;
		else if (byte >= ZERO && byte <= NINE) digits++;
		else return false;
	}
	return dots <= 1 && digits > 0;
}

/** What a field holds. One with text behind its quotes is as it stands in the file. */
export function unquote(field: string, quote: string): string {
	if (quote === '' || !field.startsWith(quote)) return field;
	// Behind the closing quote there may be padding.
	const padded = field.replace(/[ \t]+$/, '');
	const content = padded.slice(1, -1);
	const isQuoted =
		padded.length > 1 && padded.endsWith(quote) && !content.replaceAll(quote + quote, '').includes(quote);
	return isQuoted ? content.replaceAll(quote + quote, quote) : field;
}
