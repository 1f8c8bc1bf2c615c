// Distinct values: exactly, in a table of keys, until there are more than a cap; then as an estimate.
//
// The estimate is HyperLogLog, see analysis/distinct.ts, which holds the same registers: the first 14 bits of a value's hash
// choose a register, and the register keeps the largest position of the first 1 among the other 50.
import {openedEnd, openedStart, openField} from './fields';
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
import {allocate, KEEP_FIRST, LENGTH_TAG, REGISTERS, REGISTERS_BYTES, release} from './memory';

const SLOT_BYTES: usize = 16;
const FIRST_SLOTS_LOG2: i32 = 10;
const INDEX_BITS: u64 = 14;

let mostValues: u32 = 0;
let mostBytes: u32 = 0;
let table: usize = 0;
let slotsLog2: i32 = 0;
let valueCount: u32 = 0;
let valueBytes: u32 = 0;
let isEstimate: bool = false;

export function beginDistinct(valueLimit: u32, byteLimit: u32): void {
	mostValues = valueLimit;
	mostBytes = byteLimit;
	if (slotsLog2 > 0) release(table, tableBytes());
	makeTable(FIRST_SLOTS_LOG2);
	valueCount = 0;
	valueBytes = 0;
	isEstimate = false;
}
export function distinctIsEstimate(): bool {
	return isEstimate;
}
export function countDistinct(): u32 {
	return valueCount;
}

// Values that the host has been told of, across files: a folder's files mostly name the same ids, and each need be told once.

const FIRST_TOLD_LOG2: i32 = 12;
let told: usize = 0;
let toldLog2: i32 = 0;
let toldCount: u32 = 0;

/** Forgets what was told. */
export function beginTold(): void {
	if (toldLog2 > 0) release(told, SLOT_BYTES << (toldLog2 as usize));
	toldLog2 = 0;
	toldCount = 0;
}

function makeTold(log2: i32): void {
	toldLog2 = log2;
	told = allocate(SLOT_BYTES << (log2 as usize));
	memory.fill(told, 0, SLOT_BYTES << (log2 as usize));
}

/** The slot of a key among those that were told, empty or its own. */
function toldSlot(low: u64, high: u64): usize {
	const mask = ((1 as usize) << (toldLog2 as usize)) - 1;
	let index = (slotHash(low, high) >> (64 - (toldLog2 as u64))) as usize;
	while (true) {
		const slot = told + index * SLOT_BYTES;
		const found = load<u64>(slot, 8);
		if (found === 0 || (found === high && load<u64>(slot) === low)) return slot;
		index = (index + 1) & mask;
	}
}

function growTold(): void {
	const old = told;
	const oldBytes = SLOT_BYTES << (toldLog2 as usize);
	makeTold(toldLog2 + 1);
	for (let slot = old; slot < old + oldBytes; slot += SLOT_BYTES) {
		const high = load<u64>(slot, 8);
		if (high !== 0) v128.store(toldSlot(load<u64>(slot), high), v128.load(slot));
	}
	release(old, oldBytes);
}

/**
As `collectValues`, but leaves out what was written before, as far as is known: long values are always written, for their
text is not kept.

@returns How many were written.
*/
export function collectNews(target: usize): u32 {
	if (toldLog2 === 0) makeTold(FIRST_TOLD_LOG2);
	let out = target;
	const end = table + tableBytes();
	for (let slot = table; slot < end; slot += SLOT_BYTES) {
		const high = load<u64>(slot, 8);
		if (high === 0) continue;
		if (high >> 56 !== LONG_KEY_TAG) {
			const known = toldSlot(load<u64>(slot), high);
			if (load<u64>(known, 8) !== 0) continue;
			// More are never needed: by then the host estimates.
			if (toldCount < mostValues) {
				v128.store(known, v128.load(slot));
				toldCount++;
				if (toldCount * 2 > (1 as u32) << (toldLog2 as u32)) growTold();
			}
		}
		v128.store(out, v128.load(slot));
		out += SLOT_BYTES;
	}
	return ((out - target) / SLOT_BYTES) as u32;
}

/** For the host: writes the keys of all values to `target`, 16 bytes each, in no order. */
export function collectValues(target: usize): void {
	let out = target;
	const end = table + tableBytes();
	for (let slot = table; slot < end; slot += SLOT_BYTES) {
		if (load<u64>(slot, 8) === 0) continue;
		v128.store(out, v128.load(slot));
		out += SLOT_BYTES;
	}
}

function tableBytes(): usize {
	return SLOT_BYTES << (slotsLog2 as usize);
}
function makeTable(log2: i32): void {
	slotsLog2 = log2;
	table = allocate(tableBytes());
	memory.fill(table, 0, tableBytes());
}
/** Where a key is looked for first: at the first of two neighbours. */
function firstIndex(low: u64, high: u64): usize {
	const hash = high >> 56 === LONG_KEY_TAG ? slotHash(low, LONG_KEY_TAG) : slotHash(low, high);
	return ((hash >> (64 - (slotsLog2 as u64))) as usize) & ~1;
}

function grow(): void {
	const old = table;
	const oldBytes = tableBytes();
	makeTable(slotsLog2 + 1);
	const mask = ((1 as usize) << (slotsLog2 as usize)) - 1;
	for (let slot = old; slot < old + oldBytes; slot += SLOT_BYTES) {
		const high = load<u64>(slot, 8);
		if (high === 0) continue;
		const low = load<u64>(slot);
		let index = firstIndex(low, high);
		while (load<u64>(table + index * SLOT_BYTES, 8) !== 0) index = (index + 1) & mask;
		store<u64>(table + index * SLOT_BYTES, low);
		store<u64>(table + index * SLOT_BYTES, high, 8);
	}
	release(old, oldBytes);
}

function insert(slot: usize, low: u64, high: u64): void {
	store<u64>(slot, low);
	store<u64>(slot, high, 8);
	valueCount++;
	valueBytes += keyLength(high) as u32;
	if (valueCount > mostValues || valueBytes > mostBytes) turnIntoEstimate();
	else if (valueCount * 2 > (1 as u32) << (slotsLog2 as u32)) grow();
}

function turnIntoEstimate(): void {
	isEstimate = true;
	memory.fill(REGISTERS, 0, REGISTERS_BYTES);
	const end = table + tableBytes();
	for (let slot = table; slot < end; slot += SLOT_BYTES) {
		const high = load<u64>(slot, 8);
		if (high !== 0) register(hashKey(load<u64>(slot), high));
	}
}

function register(hash: u64): void {
	const at = REGISTERS + ((hash >> (64 - INDEX_BITS)) as usize);
	// A 1 is put behind the 50 bits, so that the rank is 51 where they are all 0.
	const rank = (clz<u64>((hash << INDEX_BITS) | ((1 as u64) << (INDEX_BITS - 1))) as u8) + 1;
	if (rank > load<u8>(at)) store<u8>(at, rank);
}

function addKey(low: u64, high: u64): void {
	if (isEstimate) {
		register(hashKey(low, high));
		return;
	}
	const mask = ((1 as usize) << (slotsLog2 as usize)) - 1;
	let index = firstIndex(low, high);
	while (true) {
		const slot = table + index * SLOT_BYTES;
		const found = load<u64>(slot, 8);
		if (found === high && load<u64>(slot) === low) return;
		if (found === 0) {
			insert(slot, low, high);
			return;
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
			insert(slot, low, longKeyHigh(keepText(start, length), length));
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
	const quotes = i8x16.splat(quote as u8);
	// Copies in locals, which stay in registers.
	let shift = 64 - (slotsLog2 as u64);
	let slots = table;
	let mayBeExact = !isEstimate;
	let entry = entries + stride * (first as usize);
	for (let record = first; record < last; record++, entry += stride) {
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
			// Two neighbours are looked at in any case: to be wrong about the first costs more than to look at the second.
			const slot = slots + (((slotHash(low, high) >> shift) as usize) & ~1) * SLOT_BYTES;
			const isFirst = (load<u64>(slot) ^ low) | (load<u64>(slot, 8) ^ high);
			const isSecond = (load<u64>(slot, 16) ^ low) | (load<u64>(slot, 24) ^ high);
			if (((isFirst !== 0) as i32) & ((isSecond !== 0) as i32)) {
				addKey(low, high);
				shift = 64 - (slotsLog2 as u64);
				slots = table;
				mayBeExact = !isEstimate;
			}
		} else {
			openField(start, end);
			addValue(openedStart(), openedEnd() - openedStart());
			shift = 64 - (slotsLog2 as u64);
			slots = table;
			mayBeExact = !isEstimate;
		}
	}
}
