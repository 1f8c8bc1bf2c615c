// Stage 1: bytes -> structural index, the addresses of all delimiters and line ends that are not inside quotes.
//
//   64 bytes ──compare──> masks: delimiter, LF, CR, quote          one bit per byte
//            ──quotes───> which bits are inside quotes             prefix-xor (below)
//            ──emit─────> addresses of the bits that are left
//
// Quotes. The prefix-xor of the quote mask has a 1 wherever the number of quotes so far is odd, which is inside quotes
// (Langdale, Lemire: Parsing Gigabytes of JSON per Second, 2019, 3.1.1); the block's last bit carries on into the next one.
// A doubled quote closes and opens again, so it needs no care. That is right as long as every quote opens a field or closes
// one: a quote that opens must come after a delimiter, a line end or a closing quote, and after one that closes there must
// be a delimiter, a line end or a quote. Where that does not hold - a quote in the middle of a text, text behind a closing
// quote - the block is read again byte by byte by the rules (`readBlockByRules`).
//
// A line end is LF, or a CR that no LF follows; the CR of a CRLF belongs to no field, see `fieldEnd` in fields.ts.

import {FIRST_OF_MARK} from './marks';
import {INDEX, IRREGULAR, KEEP_FIRST, MAX_IRREGULAR} from './memory';
import {CARRIAGE_RETURNS, LINE_FEEDS} from './vectors';

const LF: u8 = 0x0a;
const CR: u8 = 0x0d;

/** Between two sums of the lanes of the line-end counter: 31 blocks × 4 vectors = 124, which a signed byte still holds. */
const BLOCKS_PER_COUNT: i32 = 31;

let delimiter: u8 = 0x2c;
/** Where no field is quoted, a byte that blocks are looked at for anyway. */
let quote: u8 = 0x22;
/** All bits, or none where no field is quoted. */
let quoteMask: u64 = ~(0 as u64);

/** What the bytes so far leave to the next block; bit 0 or all bits. */
let insideQuotes: u64 = 0;
let afterStructural: u64 = 1;
let afterClosing: u64 = 0;

/** Where the next entry goes. */
let cursor: usize = INDEX;
let lineEnds: i32 = 0;
let hasQuotes: bool = false;
let hasCarriageReturns: bool = false;
let lineEndsInQuotes: i32 = 0;
/** How many blocks were read by the rules, byte by byte. */
let irregularBlocks: i32 = 0;
/** The first of them that does not lie in front of the records that were asked for. */
let nextIrregular: i32 = 0;
/** Whether blocks against the rules are only noted, and the first of them. */
let isGuessing: bool = false;
let firstViolation: usize = 0;

/**
The largest byte so far, lane by lane. Whether there are bytes of more than ASCII costs
four instructions a block so; what is rare with such bytes alone is looked for only then.
*/
let largest: v128 = i8x16.splat(0);
/** The smallest one, likewise. */
let smallest: v128 = i8x16.splat(-1);

/** @param quoteByte - 0 where no field is quoted. */
export function setDialect(delimiterByte: u8, quoteByte: u8): void {
	delimiter = delimiterByte;
	quote = quoteByte === 0 ? CR : quoteByte;
	quoteMask = quoteByte === 0 ? 0 : ~(0 as u64);
}
/** -1 where no field is quoted. */
export function quoteByte(): i32 {
	return quoteMask === 0 ? -1 : (quote as i32);
}
export function delimiterByte(): u8 {
	return delimiter;
}

/** Begins an empty index at the start of a record. */
export function beginIndex(): void {
	insideQuotes = 0;
	afterStructural = 1;
	afterClosing = 0;
	cursor = INDEX;
	lineEnds = 0;
	hasQuotes = false;
	hasCarriageReturns = false;
	lineEndsInQuotes = 0;
	irregularBlocks = 0;
	nextIrregular = 0;
	isGuessing = false;
	largest = i8x16.splat(0);
	smallest = i8x16.splat(-1);
}

/** Begins an index in the middle of a file, where it is not known what the bytes are part of. */
export function beginGuess(isInsideQuotes: bool, nowhere: usize): void {
	beginIndex();
	// The byte in front is not known: as `beginIndex` has it, a quote may open here as well as text may go on.
	insideQuotes = isInsideQuotes ? ~(0 as u64) : 0;
	isGuessing = true;
	firstViolation = nowhere;
}

/** Adds an entry at the end. */
export function addEntry(address: usize): void {
	store<u32>(cursor, address as u32);
	cursor += 4;
}

/** How many entries the index has. */
export function entryCount(): i32 {
	return ((cursor - INDEX) >> 2) as i32;
}
/** Forgets all entries but the first ones. */
export function keepEntries(count: i32): void {
	cursor = INDEX + 4 * (count as usize);
}
export function entryAt(index: i32): usize {
	return load<u32>(INDEX + 4 * (index as usize)) as usize;
}
/** How many records end in front of an address, of which the last one was cut short there. */
export function countEnded(address: usize): i32 {
	let count: i32 = 1;
	for (let entry: i32 = 0; entryAt(entry) < address; entry++) if (isLineEnd(entryAt(entry))) count++;
	return count;
}
/** How many entries are line ends. */
export function lineEndCount(): i32 {
	return lineEnds;
}
export function isInsideQuotes(): bool {
	return insideQuotes !== 0;
}
/** Whether there was any quote. */
export function sawQuotes(): bool {
	return hasQuotes;
}
export function sawCarriageReturns(): bool {
	return hasCarriageReturns;
}
/** How many line ends stand inside quotes, which are no entries. */
export function quotedLineEndCount(): i32 {
	return lineEndsInQuotes;
}
/** Whether any quote stood where none should: a record may have text behind a closing quote. */
export function sawIrregularQuotes(): bool {
	return irregularBlocks > 0;
}
/**
Whether a quote may stand where none should between two addresses: the same 64 bytes have one.

@param from - Not in front of one that was asked for before.
*/
export function mayBeIrregular(from: usize, to: usize): bool {
	for (; nextIrregular < irregularBlocks; nextIrregular++) {
		const block = load<u32>(IRREGULAR + 4 * (nextIrregular as usize)) as usize;
		if (block + 64 > from) return block < to;
	}
	return false;
}
/** Whether there may be bytes that are not ASCII. */
export function mayHaveHighBytes(): bool {
	return i8x16.bitmask(largest) !== 0;
}
/** Whether there may be NUL bytes. */
export function mayHaveNuls(): bool {
	return !i8x16.all_true(smallest);
}
/** Whether there may be a byte order mark. */
export function mayHaveMarks(): bool {
	return i8x16.bitmask(i8x16.ge_u(largest, i8x16.splat(FIRST_OF_MARK))) !== 0;
}
export function violationAt(): usize {
	return firstViolation;
}
export function isLineEnd(address: usize): bool {
	const byte = load<u8>(address);
	return byte === LF || byte === CR;
}

/**
Extends the index.

@param to - A multiple of 64 bytes from `from`, or `end`.
@param end - The end of what has been read. What is behind it may be any bytes.
@param isLast - Whether the file ends there: if not, a CR at the end may be half of a CRLF, and is no line end yet.
*/
export function extendIndex(from: usize, to: usize, end: usize, isLast: bool): void {
	const delimiters = i8x16.splat(delimiter);
	const quotes = i8x16.splat(quote);
	const lineFeeds = v128.load(LINE_FEEDS);
	const carriageReturns = v128.load(CARRIAGE_RETURNS);
	let high = largest;
	let low = smallest;
	let block = from;
	const wholeBlocksEnd = from + ((to - from) & ~63);
	while (block < wholeBlocksEnd) {
		const countEnd = min<usize>(block + 64 * BLOCKS_PER_COUNT, wholeBlocksEnd);
		let counter = i8x16.splat(0);
		let out = cursor;
		// What a block leaves to the next one, where that is not plain text.
		let isOpen = (insideQuotes | afterClosing) !== 0;
		for (; block < countEnd; block += 64) {
			const a = v128.load(block);
			const b = v128.load(block, 16);
			const c = v128.load(block, 32);
			const d = v128.load(block, 48);
			high = i8x16.max_u(high, i8x16.max_u(i8x16.max_u(a, b), i8x16.max_u(c, d)));
			low = i8x16.min_u(low, i8x16.min_u(i8x16.min_u(a, b), i8x16.min_u(c, d)));
			const special = v128.or(
				v128.or(
					v128.or(i8x16.eq(a, quotes), i8x16.eq(a, carriageReturns)),
					v128.or(i8x16.eq(b, quotes), i8x16.eq(b, carriageReturns)),
				),
				v128.or(
					v128.or(i8x16.eq(c, quotes), i8x16.eq(c, carriageReturns)),
					v128.or(i8x16.eq(d, quotes), i8x16.eq(d, carriageReturns)),
				),
			);
			let bits: u64;
			if (i8x16.bitmask(special) !== 0 || isOpen) {
				bits = resolveWholeBlock(block, end, isLast);
				if (isAgainstRules) {
					cursor = out;
					readBlockByRules(block, 64, end, isLast);
					out = cursor;
					isOpen = (insideQuotes | afterClosing) !== 0;
					continue;
				}
				isOpen = (insideQuotes | afterClosing) !== 0;
			} else {
				const lineA = i8x16.eq(a, lineFeeds);
				const lineB = i8x16.eq(b, lineFeeds);
				const lineC = i8x16.eq(c, lineFeeds);
				const lineD = i8x16.eq(d, lineFeeds);
				counter = i8x16.add(counter, i8x16.add(i8x16.add(lineA, lineB), i8x16.add(lineC, lineD)));
				bits =
					(i8x16.bitmask(v128.or(i8x16.eq(a, delimiters), lineA)) as u64) |
					((i8x16.bitmask(v128.or(i8x16.eq(b, delimiters), lineB)) as u64) << 16) |
					((i8x16.bitmask(v128.or(i8x16.eq(c, delimiters), lineC)) as u64) << 32) |
					((i8x16.bitmask(v128.or(i8x16.eq(d, delimiters), lineD)) as u64) << 48);
				afterStructural = bits >> 63;
			}
			const next = out + 4 * (popcnt<u64>(bits) as usize);
			// Eight at a time, wanted or not: most blocks have fewer, and a loop's end that is hard to foretell costs more.
			while (true) {
				store<u32>(out, (block as u32) + (ctz<u64>(bits) as u32));
				bits &= bits - 1;
				store<u32>(out, (block as u32) + (ctz<u64>(bits) as u32), 4);
				bits &= bits - 1;
				store<u32>(out, (block as u32) + (ctz<u64>(bits) as u32), 8);
				bits &= bits - 1;
				store<u32>(out, (block as u32) + (ctz<u64>(bits) as u32), 12);
				bits &= bits - 1;
				store<u32>(out, (block as u32) + (ctz<u64>(bits) as u32), 16);
				bits &= bits - 1;
				store<u32>(out, (block as u32) + (ctz<u64>(bits) as u32), 20);
				bits &= bits - 1;
				store<u32>(out, (block as u32) + (ctz<u64>(bits) as u32), 24);
				bits &= bits - 1;
				store<u32>(out, (block as u32) + (ctz<u64>(bits) as u32), 28);
				bits &= bits - 1;
				if (bits === 0) break;
				out += 32;
			}
			out = next;
		}
		cursor = out;
		// A lane that matched counts as -1.
		const pairs = i16x8.extadd_pairwise_i8x16_s(counter);
		const quads = i32x4.extadd_pairwise_i16x8_s(pairs);
		lineEnds -=
			i32x4.extract_lane(quads, 0) +
			i32x4.extract_lane(quads, 1) +
			i32x4.extract_lane(quads, 2) +
			i32x4.extract_lane(quads, 3);
	}
	largest = high;
	smallest = low;
	if (block < to) readLastBlock(block, (to - block) as i32, end, isLast);
}

/** One bit for each of 64 bytes that equals `bytes`. */
function maskOf(a: v128, b: v128, c: v128, d: v128, bytes: v128): u64 {
	return (
		(i8x16.bitmask(i8x16.eq(a, bytes)) as u64) |
		((i8x16.bitmask(i8x16.eq(b, bytes)) as u64) << 16) |
		((i8x16.bitmask(i8x16.eq(c, bytes)) as u64) << 32) |
		((i8x16.bitmask(i8x16.eq(d, bytes)) as u64) << 48)
	);
}

/** As `resolveBlock`, of 64 bytes. It reads them again: what is only needed here would take registers from the plain path. */
function resolveWholeBlock(block: usize, end: usize, isLast: bool): u64 {
	const a = v128.load(block);
	const b = v128.load(block, 16);
	const c = v128.load(block, 32);
	const d = v128.load(block, 48);
	return resolveBlock<Whole>(
		block,
		64,
		maskOf(a, b, c, d, v128.load(LINE_FEEDS)),
		maskOf(a, b, c, d, v128.load(CARRIAGE_RETURNS)),
		maskOf(a, b, c, d, i8x16.splat(quote)) & quoteMask,
		maskOf(a, b, c, d, i8x16.splat(delimiter)),
		end,
		isLast,
	);
}

function prefixXor(mask: u64): u64 {
	let bits = mask;
	bits ^= bits << 1;
	bits ^= bits << 2;
	bits ^= bits << 4;
	bits ^= bits << 8;
	bits ^= bits << 16;
	bits ^= bits << 32;
	return bits;
}

/** Indexes the last bytes of what has been read, which do not fill a block. */
function readLastBlock(block: usize, length: i32, end: usize, isLast: bool): void {
	const valid = ((1 as u64) << length) - 1;
	const a = v128.load(block);
	const b = v128.load(block, 16);
	const c = v128.load(block, 32);
	const d = v128.load(block, 48);
	noteExtremes(a, length);
	noteExtremes(b, length - 16);
	noteExtremes(c, length - 32);
	noteExtremes(d, length - 48);
	const bits = resolveBlock<Part>(
		block,
		length,
		maskOf(a, b, c, d, i8x16.splat(LF)) & valid,
		maskOf(a, b, c, d, i8x16.splat(CR)) & valid,
		maskOf(a, b, c, d, i8x16.splat(quote)) & valid & quoteMask,
		maskOf(a, b, c, d, i8x16.splat(delimiter)) & valid,
		end,
		isLast,
	);
	if (isAgainstRules) readBlockByRules(block, length, end, isLast);
	else emit(bits, block);
}

/** Of so many bytes: what lies behind them, such as the NUL at the end of a source, would send a whole small file through the rules. */
function noteExtremes(bytes: v128, length: i32): void {
	const kept = v128.load(KEEP_FIRST + 16 * (max(0, min(16, length)) as usize));
	largest = i8x16.max_u(largest, v128.and(bytes, kept));
	smallest = i8x16.min_u(smallest, v128.or(bytes, v128.not(kept)));
}

// What blocks may be.
type Whole = u8;
type Part = u16;

/** Whether the last call of `resolveBlock` was for a block in which quotes stand where none should. */
let isAgainstRules: bool = false;

/**
Tells which delimiters and line ends of a block are not inside quotes, and what the block leaves to the next one. Where
quotes are against the rules it leaves everything as it was.

@typeParam Size - The compiler makes one of each, and puts that of whole blocks where it is called.
@param feeds - One bit for each LF; likewise CRs, quotes, delimiters.
*/
function resolveBlock<Size>(
	block: usize,
	bytes: i32,
	feeds: u64,
	returns: u64,
	marks: u64,
	delimiters: u64,
	end: usize,
	isLast: bool,
): u64 {
	const length = sizeof<Size>() === sizeof<Whole>() ? 64 : bytes;
	let ends = feeds;
	if (returns !== 0) {
		hasCarriageReturns = true;
		const next = block + length;
		// Is the byte behind the block an LF? Behind the end of what was read it is not known yet.
		const isFeedNext = next < end ? load<u8>(next) === LF : !isLast;
		ends |= returns & ~((feeds >> 1) | ((isFeedNext ? (1 as u64) : 0) << (length - 1)));
	}
	const structurals = delimiters | ends;
	const inside = prefixXor(marks) ^ insideQuotes;
	const closing = marks & ~inside;
	const outer = structurals & ~inside;
	const behindClosing = (closing << 1) | afterClosing;
	const badOpening = marks & inside & ~((outer << 1) | afterStructural | behindClosing);
	const badClosing = behindClosing & ~(structurals | returns | marks) & (~(0 as u64) >> (64 - length));
	isAgainstRules = (badOpening | badClosing) !== 0 && !takeViolation(block);
	if (isAgainstRules) return 0;
	if ((marks | insideQuotes) !== 0) {
		hasQuotes = true;
		lineEndsInQuotes += popcnt<u64>(ends & inside) as i32;
	}
	lineEnds += popcnt<u64>(ends & ~inside) as i32;
	const last = length - 1;
	insideQuotes = (0 as u64) - ((inside >> last) & 1);
	afterStructural = (outer >> last) & 1;
	afterClosing = (closing >> last) & 1;
	return outer;
}

/** Notes a block against the rules while guessing; then it is taken as it is. */
function takeViolation(block: usize): bool {
	if (!isGuessing) return false;
	firstViolation = min(firstViolation, block);
	return true;
}

function emit(mask: u64, block: usize): void {
	let bits = mask;
	while (bits !== 0) {
		store<u32>(cursor, (block as u32) + (ctz<u64>(bits) as u32));
		cursor += 4;
		bits &= bits - 1;
	}
}

const FIELD_START: i32 = 0;
const UNQUOTED: i32 = 1;
const QUOTED: i32 = 2;
const AFTER_QUOTE: i32 = 3;

/** The rules, byte by byte. Text behind a closing quote goes on as unquoted text, in which quotes are text. */
function readBlockByRules(block: usize, length: i32, end: usize, isLast: bool): void {
	// Of records that are longer than a window, nobody asks where.
	if (irregularBlocks < MAX_IRREGULAR) store<u32>(IRREGULAR + 4 * (irregularBlocks++ as usize), block as u32);
	hasQuotes = true;
	let state =
		insideQuotes !== 0 ? QUOTED : afterClosing !== 0 ? AFTER_QUOTE : afterStructural !== 0 ? FIELD_START : UNQUOTED;
	for (let address = block; address < block + length; address++) {
		const byte = load<u8>(address);
		let isEnd = byte === LF;
		if (byte === CR) {
			const next = address + 1;
			isEnd = next < end ? load<u8>(next) !== LF : isLast;
		}
		if (state === QUOTED) {
			if (byte === quote) state = AFTER_QUOTE;
			else if (isEnd) lineEndsInQuotes++;
		} else if (isEnd || byte === delimiter) {
			store<u32>(cursor, address as u32);
			cursor += 4;
			if (isEnd) lineEnds++;
			state = FIELD_START;
		} else if (byte === quote && state !== UNQUOTED) state = QUOTED;
		else state = UNQUOTED;
	}
	insideQuotes = state === QUOTED ? ~(0 as u64) : 0;
	afterStructural = state === FIELD_START ? 1 : 0;
	afterClosing = state === AFTER_QUOTE ? 1 : 0;
}
