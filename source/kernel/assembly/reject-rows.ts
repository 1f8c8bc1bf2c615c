// Rejected records, as reject-spool.ts packs them -> rows of CSV, where nothing in them needs care: no quote, no formula, no character beyond ASCII,
// one fault. The host writes all others, and says what rows have in common: see ../reject-rows.ts.

const ENTRY_BYTES: usize = 40;
const COMMA: u8 = 0x2c;
const QUOTE: u8 = 0x22;
const LF: u8 = 0x0a;
const POINT: u8 = 0x2e;
const ZERO: u8 = 0x30;
const PLUS: u8 = 0x2b;
const MINUS: u8 = 0x2d;
const FIELD_COUNT: i32 = 0;

/** Of a row beside its texts and its record: two numbers, commas, quotes, and what copying writes behind a text. */
const ROW_BYTES: usize = 128;
const TEXT_BYTES: usize = 8;

// Texts, as [ address, 4 │ length, 4 ], one behind the other: the file, the names of its columns, reasons of each analysis, and how many fields there
// are instead of how many. Each ends with a comma.
let texts: usize = 0;
let columnCount: i32 = 0;
let reasonCount: i32 = 0;
let analysisCount: i32 = 0;
let countedFields: i32 = 0;
let maxValueBytes: usize = 0;

let written: usize = 0;
let rows: i32 = 0;

// Of the record that is looked at.
let fieldCount: i32 = 0;
let valueStart: usize = 0;
let valueEnd: usize = 0;

/** Says what the next rows have in common. @param analyses - With the structure. */
export function beginRejectRows(
	table: usize,
	columns: i32,
	analyses: i32,
	reasons: i32,
	fields: i32,
	maxValue: u32,
): void {
	texts = table;
	columnCount = columns;
	analysisCount = analyses;
	reasonCount = reasons;
	countedFields = fields;
	maxValueBytes = maxValue as usize;
}

/**
Writes rows to `target`, as long as there is room and nothing needs care. Up to 16 bytes behind the entries are read.

@param lineShift - Added to lines. @param most - No more rows are written.
@returns Where the first entry is that was not taken.
*/
export function writeRejectRows(
	entries: usize,
	end: usize,
	target: usize,
	targetEnd: usize,
	lineShift: f64,
	most: i32,
): usize {
	written = target;
	rows = 0;
	let entry = entries;
	while (entry < end && rows < most) {
		const bytes = load<u32>(entry) as usize;
		const record = entry + ENTRY_BYTES;
		const recordEnd = record + bytes;
		const isSingle = load<u32>(entry, 4) === 0 && (recordEnd === end || load<u32>(recordEnd) > 0);
		if (bytes === 0 || !isSingle || !writeRow(entry, record, recordEnd, targetEnd, lineShift)) break;
		entry = recordEnd;
		rows++;
	}
	return entry;
}
/** Where the rows end that were written last, and how many they are. */
export function rejectRowsEnd(): usize {
	return written;
}
export function rejectRowCount(): i32 {
	return rows;
}

/** @returns False where the row needs care or room, and is not written. */
function writeRow(entry: usize, record: usize, recordEnd: usize, targetEnd: usize, lineShift: f64): bool {
	const column = load<i32>(entry, 24);
	const foundFields = load<i32>(entry, 28);
	const reason = load<i32>(entry, 32);
	const analysis = load<i32>(entry, 36) + 1;
	const isCounted = column < 0;
	if (reason >= reasonCount || analysis >= analysisCount || column >= columnCount) return false;
	if (isCounted && (reason !== FIELD_COUNT || foundFields >= countedFields)) return false;
	if (!isPlain(record, recordEnd, column) || fieldCount > columnCount) return false;
	if (!isCounted && (column >= fieldCount || valueEnd - valueStart > maxValueBytes)) return false;
	const file = texts;
	const name = textAt(1 + column);
	const ofReason = textAt(1 + columnCount + analysis * reasonCount + reason);
	const count = textAt(1 + columnCount + analysisCount * reasonCount + foundFields);
	const bytes = recordEnd - record;
	const textBytes =
		lengthOf(file) + (isCounted ? lengthOf(count) : lengthOf(name) + maxValueBytes) + lengthOf(ofReason);
	if (written + textBytes + 2 * bytes + (columnCount as usize) + ROW_BYTES > targetEnd) return false;
	writeText(file);
	writeNumber((load<f64>(entry, 16) + lineShift) as u64);
	writeByte(COMMA);
	writeNumber(load<f64>(entry, 8) as u64);
	writeByte(COMMA);
	if (isCounted) {
		writeByte(COMMA);
		writeText(ofReason);
		writeText(count);
	} else {
		writeText(name);
		writeText(ofReason);
		copy(valueStart, valueEnd - valueStart);
		writeByte(COMMA);
	}
	writeByte(QUOTE);
	copy(record, bytes);
	writeByte(QUOTE);
	writeByte(COMMA);
	copy(record, bytes);
	for (let field = fieldCount; field < columnCount; field++) writeByte(COMMA);
	writeByte(LF);
	return true;
}

function textAt(index: i32): usize {
	return texts + TEXT_BYTES * (index as usize);
}
function lengthOf(text: usize): usize {
	return load<u32>(text, 4) as usize;
}
function writeText(text: usize): void {
	copy(load<u32>(text) as usize, lengthOf(text));
}
function writeByte(byte: u8): void {
	store<u8>(written, byte);
	written++;
}
/** Writes up to 15 bytes behind it, too. */
function copy(from: usize, length: usize): void {
	for (let at: usize = 0; at < length; at += 16) v128.store(written + at, v128.load(from + at));
	written += length;
}

function writeNumber(number: u64): void {
	let digits: usize = 1;
	for (let power: u64 = 10; power <= number; power *= 10) digits++;
	let at = written + digits;
	written = at;
	let rest = number;
	// Short numbers are divided faster.
	for (; rest > 0xffff_ffff; rest /= 10) store<u8>(--at, ZERO + ((rest % 10) as u8));
	let left = rest as u32;
	do {
		store<u8>(--at, ZERO + ((left % 10) as u8));
		left /= 10;
	} while (left > 0);
}

/** Whether a record may be written as it stands. Counts its fields, and finds the one of a column. */
function isPlain(record: usize, end: usize, column: i32): bool {
	let commas: i32 = 0;
	let isBeginning: i32 = 1;
	valueStart = record;
	valueEnd = end;
	for (let address = record; address < end; address += 16) {
		const bytes = v128.load(address);
		const left = end - address;
		const inside = left < 16 ? (1 << (left as i32)) - 1 : 0xffff;
		if ((i8x16.bitmask(needsCare(bytes)) & inside) !== 0) return false;
		const isComma = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(COMMA))) & inside;
		const begins = ((isComma << 1) | isBeginning) & inside & i8x16.bitmask(beginsFormula(bytes));
		isBeginning = (isComma >>> 15) & 1;
		for (let rest = begins; rest !== 0; rest &= rest - 1)
			if (!isNumber(address + (ctz<i32>(rest) as usize), end)) return false;
		for (let rest = isComma; rest !== 0; rest &= rest - 1) {
			const place = address + (ctz<i32>(rest) as usize);
			if (commas === column) valueEnd = place;
			commas++;
			if (commas === column) valueStart = place + 1;
		}
	}
	fieldCount = commas + 1;
	return true;
}

/** Bytes that the host looks at: of other encodings, quotes, and what spreadsheets split at. */
function needsCare(bytes: v128): v128 {
	const isSign = v128.or(
		v128.or(i8x16.eq(bytes, i8x16.splat(QUOTE)), i8x16.eq(bytes, i8x16.splat(0x27))),
		v128.or(i8x16.eq(bytes, i8x16.splat(0x3b)), i8x16.eq(bytes, i8x16.splat(0x7c))),
	);
	const isControl = v128.or(
		v128.or(i8x16.eq(bytes, i8x16.splat(0x09)), i8x16.eq(bytes, i8x16.splat(0))),
		v128.or(i8x16.eq(bytes, i8x16.splat(LF)), i8x16.eq(bytes, i8x16.splat(0x0d))),
	);
	return v128.or(v128.or(isSign, isControl), i8x16.gt_u(bytes, i8x16.splat(0x7e)));
}

function beginsFormula(bytes: v128): v128 {
	return v128.or(
		v128.or(i8x16.eq(bytes, i8x16.splat(0x3d)), i8x16.eq(bytes, i8x16.splat(0x40))),
		v128.or(i8x16.eq(bytes, i8x16.splat(PLUS)), i8x16.eq(bytes, i8x16.splat(MINUS))),
	);
}

/** Whether a field is a sign with digits behind it, and one point at most. */
function isNumber(start: usize, end: usize): bool {
	const sign = load<u8>(start);
	if (sign !== PLUS && sign !== MINUS) return false;
	let points: i32 = 0;
	let digits: i32 = 0;
	for (let at = start + 1; at < end; at++) {
		const byte = load<u8>(at);
		if (byte === COMMA) break;
		if (byte === POINT) points++;
		else if (byte - ZERO <= 9) digits++;
		else return false;
	}
	return points <= 1 && digits > 0;
}
