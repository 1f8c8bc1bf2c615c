// Distinct values: exactly, in tables of keys, until there are more than a cap; then as an estimate.
//
//   even    keys whose upper half is the same as the first key's: only the lower half is kept, 8 bytes. Ids of a column
//           mostly have one length of up to 8, and then all are here: half the memory is half the time, for what limits
//           this loop is the cache.
//   mixed   all others, 16 bytes
//
// Ids that turn out to be dense numbers move on to bits, see numbers.ts: a value is in one of the three places.
import {clearRegisters, register} from './estimate';
import {openEntry, openedEnd, openedStart} from './fields';
import {
	hashBytes,
	hashKey,
	isSameLongKey,
	keepText,
	keyLength,
	LONG_KEY_TAG,
	longKeyHigh,
	SHORT_KEY_BYTES,
	shortKey,
	slotHash,
} from './keys';
import {allocate, KEEP_FIRST, LENGTH_TAG, release, VALUE_TEXTS} from './memory';
import {
	beginNumbers,
	bitsOfNumbers,
	bytesOfNewNumbers,
	countNumbers,
	keyOfNumber,
	learnNumbers,
	NEW_NUMBER,
	NO_NUMBER,
	NOT_A_NUMBER_OF_BITS,
	nextNumber,
	reserveNumbers,
	surveyNumber,
	takeNumber,
	takeNumbers,
} from './numbers';

const SLOT_BYTES: usize = 16;
const FIRST_MIXED_LOG2: i32 = 6;
const FIRST_EVEN_LOG2: i32 = 10;

let mostValues: u32 = 0;
let mostBytes: u32 = 0;
let table: usize = 0;
let slotsLog2: i32 = 0;
/** The upper half of the keys in the even table; 0 before there is one. */
let evenHigh: u64 = 0;
let even: usize = 0;
let evenLog2: i32 = 0;
let evenCount: u32 = 0;
let mixedCount: u32 = 0;
let valueBytes: u32 = 0;
let isEstimate: bool = false;

export function limitDistinct(valueLimit: u32, byteLimit: u32): void {
	mostValues = valueLimit;
	mostBytes = byteLimit;
}
export function beginDistinct(): void {
	// Where ids are bits, the tables are as empty as they were.
	if (slotsLog2 !== FIRST_MIXED_LOG2 || mixedCount > 0) {
		if (slotsLog2 > 0) release(table, tableBytes());
		makeTable(FIRST_MIXED_LOG2);
	}
	if (evenLog2 !== FIRST_EVEN_LOG2 || evenCount > 0) {
		if (evenLog2 > 0) release(even, evenBytes());
		makeEven(FIRST_EVEN_LOG2);
	}
	beginNumbers(countDistinct());
	evenHigh = 0;
	evenCount = 0;
	mixedCount = 0;
	valueBytes = 0;
	isEstimate = false;
}
/** More values than that become an estimate. */
export function mostDistinct(): u32 {
	return mostValues;
}
export function distinctIsEstimate(): bool {
	return isEstimate;
}
export function countDistinct(): u32 {
	return evenCount + mixedCount + countNumbers();
}

// For those who look at all values that are no bits: from slot to slot, skipping the empty ones.

export function mixedTable(): usize {
	return table;
}
export function mixedTableEnd(): usize {
	return mixedCount === 0 ? table : table + tableBytes();
}
export function evenTable(): usize {
	return even;
}
export function evenTableEnd(): usize {
	return evenCount === 0 ? even : even + evenBytes();
}
/** The upper half of all keys there. */
export function evenUpperHalf(): u64 {
	return evenHigh;
}

/** So many ids tell whether those of the next file are numbers. */
const IDS_TO_LEARN_FROM: u32 = 64;
const MOST_SKIPPED: u32 = 1024;
let skipped: u32 = 0;
let toSkip: u32 = 0;

/** Tables of small files do not grow, which is when it is looked for numbers: here it is done for the next file. */
export function learnFromSmallFile(): void {
	if (bitsOfNumbers() > 0 || isEstimate || evenCount + mixedCount < IDS_TO_LEARN_FROM || skipped++ < toSkip) return;
	skipped = 0;
	toSkip = moveToNumbers() ? 0 : min(2 * toSkip + 1, MOST_SKIPPED);
}

function tableBytes(): usize {
	return SLOT_BYTES << (slotsLog2 as usize);
}
function makeTable(log2: i32): void {
	slotsLog2 = log2;
	table = allocate(tableBytes());
	memory.fill(table, 0, tableBytes());
}
function evenBytes(): usize {
	return (8 as usize) << (evenLog2 as usize);
}
function makeEven(log2: i32): void {
	evenLog2 = log2;
	even = allocate(evenBytes());
	memory.fill(even, 0, evenBytes());
}
function firstEvenIndex(low: u64): usize {
	return ((slotHash(low, 0) >> (64 - (evenLog2 as u64))) as usize) & ~1;
}

function placeEven(low: u64): void {
	const mask = ((1 as usize) << (evenLog2 as usize)) - 1;
	let index = firstEvenIndex(low);
	while (load<u64>(even + index * 8) !== 0) index = (index + 1) & mask;
	store<u64>(even + index * 8, low);
}

function growEven(): void {
	if (moveToNumbers()) return;
	const old = even;
	const oldBytes = evenBytes();
	makeEven(evenLog2 + 1);
	for (let slot = old; slot < old + oldBytes; slot += 8) {
		const low = load<u64>(slot);
		if (low !== 0) placeEven(low);
	}
	release(old, oldBytes);
}

function addEven(low: u64): void {
	const mask = ((1 as usize) << (evenLog2 as usize)) - 1;
	let index = firstEvenIndex(low);
	while (true) {
		const slot = even + index * 8;
		const found = load<u64>(slot);
		if (found === low) return;
		if (found === 0) {
			store<u64>(slot, low);
			evenCount++;
			valueBytes += keyLength(evenHigh) as u32;
			if (isOverLimit()) turnIntoEstimate();
			else if (evenCount * 2 > (1 as u32) << (evenLog2 as u32)) growEven();
			return;
		}
		index = (index + 1) & mask;
	}
}

function isOverLimit(): bool {
	return countDistinct() > mostValues || valueBytes > mostBytes;
}

/** Where a key is looked for first: at the first of two neighbours. */
function firstIndex(low: u64, high: u64): usize {
	const hash = high >> 56 === LONG_KEY_TAG ? slotHash(low, LONG_KEY_TAG) : slotHash(low, high);
	return ((hash >> (64 - (slotsLog2 as u64))) as usize) & ~1;
}

function place(low: u64, high: u64): void {
	const mask = ((1 as usize) << (slotsLog2 as usize)) - 1;
	let index = firstIndex(low, high);
	while (load<u64>(table + index * SLOT_BYTES, 8) !== 0) index = (index + 1) & mask;
	store<u64>(table + index * SLOT_BYTES, low);
	store<u64>(table + index * SLOT_BYTES, high, 8);
}

function grow(): void {
	// Tables of 64 slots are small whatever is in them, and 32 ids tell little.
	if (slotsLog2 >= FIRST_EVEN_LOG2 && moveToNumbers()) return;
	const old = table;
	const oldBytes = tableBytes();
	makeTable(slotsLog2 + 1);
	for (let slot = old; slot < old + oldBytes; slot += SLOT_BYTES) {
		const high = load<u64>(slot, 8);
		if (high !== 0) place(load<u64>(slot), high);
	}
	release(old, oldBytes);
}

/** Moves ids that are dense numbers to bits, when a table would have to grow. Returns whether there are any. */
function moveToNumbers(): bool {
	if (!surveyTables() || !reserveNumbers(evenCount + mixedCount)) return false;
	const oldEven = even;
	makeEven(evenLog2);
	for (let slot = oldEven; slot < oldEven + evenBytes(); slot += 8) {
		const low = load<u64>(slot);
		if (low === 0) continue;
		if (takeNumber(low, evenHigh) === NOT_A_NUMBER_OF_BITS) placeEven(low);
		else evenCount--;
	}
	release(oldEven, evenBytes());
	const old = table;
	makeTable(slotsLog2);
	for (let slot = old; slot < old + tableBytes(); slot += SLOT_BYTES) {
		const low = load<u64>(slot);
		const high = load<u64>(slot, 8);
		if (high === 0) continue;
		if (takeNumber(low, high) === NOT_A_NUMBER_OF_BITS) place(low, high);
		else mixedCount--;
	}
	release(old, tableBytes());
	return true;
}

/** Whether an id was found, among those that are looked at, that ends in a number. */
let isLearned: bool = false;

/** Shows the ids in the tables to numbers.ts, which learns from one of the fuller table. Returns whether it did. */
function surveyTables(): bool {
	isLearned = false;
	if (evenCount >= mixedCount) {
		surveyEven();
		surveyMixed();
	} else {
		surveyMixed();
		surveyEven();
	}
	return isLearned;
}

function surveyEven(): void {
	const end = even + evenBytes();
	for (let slot = even; slot < end; slot += 8) {
		const low = load<u64>(slot);
		if (low !== 0) survey(low, evenHigh);
	}
}

function surveyMixed(): void {
	const end = table + tableBytes();
	for (let slot = table; slot < end; slot += SLOT_BYTES) {
		const high = load<u64>(slot, 8);
		if (high !== 0) survey(load<u64>(slot), high);
	}
}

function survey(low: u64, high: u64): void {
	if (!isLearned) isLearned = learnNumbers(low, high);
	if (isLearned) surveyNumber(low, high);
}

function insert(slot: usize, low: u64, high: u64): void {
	store<u64>(slot, low);
	store<u64>(slot, high, 8);
	mixedCount++;
	valueBytes += keyLength(high) as u32;
	if (isOverLimit()) turnIntoEstimate();
	else if (mixedCount * 2 > (1 as u32) << (slotsLog2 as u32)) grow();
}

function turnIntoEstimate(): void {
	isEstimate = true;
	clearRegisters();
	const end = table + tableBytes();
	for (let slot = table; slot < end; slot += SLOT_BYTES) {
		const high = load<u64>(slot, 8);
		if (high !== 0) register(hashKey(load<u64>(slot), high));
	}
	for (let slot = even; slot < even + evenBytes(); slot += 8) {
		const low = load<u64>(slot);
		if (low !== 0) register(hashKey(low, evenHigh));
	}
	for (let number = nextNumber(0); number !== NO_NUMBER; number = nextNumber(number + 1)) {
		const key = keyOfNumber(number);
		register(hashKey(i64x2.extract_lane(key, 0) as u64, i64x2.extract_lane(key, 1) as u64));
	}
}

/** Returns whether it has a bit. */
function addKey(low: u64, high: u64): bool {
	if (isEstimate) {
		register(hashKey(low, high));
		return false;
	}
	const number = takeNumber(low, high);
	if (number !== NOT_A_NUMBER_OF_BITS) {
		if (number === NEW_NUMBER) {
			valueBytes += keyLength(high) as u32;
			if (isOverLimit()) turnIntoEstimate();
		}
		return true;
	}
	if (low !== 0) {
		if (evenHigh === 0) evenHigh = high;
		if (high === evenHigh) {
			addEven(low);
			return false;
		}
	}
	const mask = ((1 as usize) << (slotsLog2 as usize)) - 1;
	let index = firstIndex(low, high);
	while (true) {
		const slot = table + index * SLOT_BYTES;
		const found = load<u64>(slot, 8);
		if (found === high && load<u64>(slot) === low) return false;
		if (found === 0) {
			insert(slot, low, high);
			return false;
		}
		index = (index + 1) & mask;
	}
}

/** Takes one value; an empty one is none. */
export function addValue(start: usize, length: usize): void {
	if (length === 0) return;
	if (length <= SHORT_KEY_BYTES) {
		const key = shortKey(start, length);
		addKey(i64x2.extract_lane(key, 0) as u64, i64x2.extract_lane(key, 1) as u64);
		return;
	}
	const low = hashBytes(start, length);
	if (isEstimate) {
		register(hashKey(low, LONG_KEY_TAG << 56));
		return;
	}
	const mask = ((1 as usize) << (slotsLog2 as usize)) - 1;
	let index = firstIndex(low, LONG_KEY_TAG << 56);
	while (true) {
		const slot = table + index * SLOT_BYTES;
		const found = load<u64>(slot, 8);
		if (found === 0) {
			insert(slot, low, longKeyHigh(keepText(VALUE_TEXTS, start, length), length));
			return;
		}
		if (load<u64>(slot) === low && isSameLongKey(found, start, length)) return;
		index = (index + 1) & mask;
	}
}

/** Takes the values of the records `first` to `last` (exclusive) of a batch; see `readAmounts` for the parameters. */
export function addToDistinct(
	entries: usize,
	stride: usize,
	first: i32,
	last: i32,
	mayHaveCarriageReturn: bool,
	quote: i32,
): void {
	const end = entries + stride * (last as usize);
	let entry = entries + stride * (first as usize);
	while (entry < end) {
		if (!isEstimate && bitsOfNumbers() > 0) {
			entry = takeNumbers(entry, end, stride, mayHaveCarriageReturn, quote);
			valueBytes += bytesOfNewNumbers();
			if (isOverLimit()) turnIntoEstimate();
			if (entry === end) return;
		}
		entry = addOthers(entry, end, stride, mayHaveCarriageReturn, quote);
	}
}

/** Takes values until one is a number with a bit, or all have been. Returns the entry behind. */
function addOthers(first: usize, last: usize, stride: usize, mayHaveCarriageReturn: bool, quote: i32): usize {
	const quotes = i8x16.splat(quote as u8);
	// Copies in locals, which stay in registers.
	let shift = 64 - (evenLog2 as u64);
	let slots = even;
	let sameHigh = evenHigh;
	let mayBeExact = !isEstimate;
	for (let entry = first; entry < last; entry += stride) {
		let start = (load<u32>(entry) as usize) + 1;
		let end = load<u32>(entry, 4) as usize;
		if (mayHaveCarriageReturn) end -= (load<u8>(end - 1) === 0x0d && load<u8>(end) === 0x0a) as usize;
		let isQuoted = quote >= 0 && load<u8>(start) === (quote as u8);
		if (isQuoted && end - start - 2 <= SHORT_KEY_BYTES) {
			// A quote inside is a doubled one, which must become one.
			const bytes = v128.and(v128.load(start + 1), v128.load(KEEP_FIRST + 16 * (end - start - 2)));
			if (!v128.any_true(i8x16.eq(bytes, quotes))) {
				start++;
				end--;
				isQuoted = false;
			}
		}
		const length = end - start;
		// One less, so that an empty value is too long as well.
		if (!isQuoted && length - 1 < SHORT_KEY_BYTES) {
			const key = v128.or(
				v128.and(v128.load(start), v128.load(KEEP_FIRST + 16 * length)),
				v128.load(LENGTH_TAG + 16 * length),
			);
			const low = i64x2.extract_lane(key, 0) as u64;
			const high = i64x2.extract_lane(key, 1) as u64;
			if (!mayBeExact) {
				register(hashKey(low, high));
				continue;
			}
			if (high === sameHigh && low !== 0) {
				// Two neighbours at once: to be wrong about the first would cost more than to look at the second.
				const slot = slots + (((slotHash(low, 0) >> shift) as usize) & ~1) * 8;
				if (v128.any_true(i64x2.eq(v128.load(slot), i64x2.splat(low)))) continue;
			}
			if (addKey(low, high)) return entry + stride;
		} else {
			openEntry(entry);
			addValue(openedStart(), openedEnd() - openedStart());
		}
		shift = 64 - (evenLog2 as u64);
		slots = even;
		sameHigh = evenHigh;
		mayBeExact = !isEstimate;
	}
	return last;
}
