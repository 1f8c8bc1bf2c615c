// Groups: records counted and amounts summed by a key; an open-addressing table with linear probing that grows.
//
//   slot, 64 bytes:  [ key, 16 │ pending, 8 │ count, 8 │ sum, 16 │ row, 4 │ nothing, 12 ]        a cache line
//   list, 4 bytes:   [ slot ]        of each group there is, for those who look at all: of many slots few are taken
//
// A sum has 128 bits (sums.ts). Batches add to `pending`, which is carried over to the sum
// before it could overflow. What does not even fit in 128 bits goes to the host, which has integers of any size. What a row is,
// series.ts says.
import {fieldEnd, openEntry, openedEnd, openedStart} from './fields';
import {addHugeAmount, spillSum} from './host';
import {
	hashBytes,
	isSameLongKey,
	keepText,
	keyLength,
	LONG_KEY_TAG,
	longKeyAddress,
	longKeyHigh,
	SHORT_KEY_BYTES,
	shortKey,
	slotHash,
} from './keys';
import {allocate, GROUP_OF_RECORD, KEEP_FIRST, LENGTH_TAG, release, SPELLINGS, SPELLINGS_BYTES, UNITS} from './memory';
import {addToSum, clearSum, HIGH, LOW, multiplySum} from './sums';
import {ONE_MORE} from './vectors';

const SLOT_BYTES: usize = 64;
/** As a bit mask: of a key that is equal to another. */
const BOTH_HALVES: i32 = 3;
const PENDING: usize = 16;
export const COUNT: usize = 24;
export const SUM: usize = 32;
export const ROW: usize = 48;

/** More than a usual column of categories needs, so that two of them hardly meet; and where three do, it grows up to there. */
const FIRST_SLOTS_LOG2: i32 = 8;
const MOST_SPARSE_LOG2: i32 = 10;

let mostGroups: u32 = 0;
let mostKeyBytes: u32 = 0;
let table: usize = 0;
let slotsLog2: i32 = 0;
let list: usize = 0;
let groupCount: u32 = 0;
let keyBytes: u32 = 0;
/** Whether the host has some of the sums, or parts of them, because they are too large for here. */
let hasHugeSums: bool = false;
/** How much the pending parts may have come to since they were carried over, at most. */
let pendingBound: f64 = 0;
/** Below 2^63 ≈ 9.2 × 10^18, with room for the rounding of the bound. */
const LARGEST_PENDING: f64 = 9e18;

export function limitGroups(groupLimit: u32, keyByteLimit: u32): void {
	mostGroups = groupLimit;
	mostKeyBytes = keyByteLimit;
}
export function beginGroups(): void {
	if (slotsLog2 > 0) {
		release(table, tableBytes());
		release(list, listBytes());
	}
	makeTable(FIRST_SLOTS_LOG2);
	groupCount = 0;
	keyBytes = 0;
	pendingBound = 0;
	hasHugeSums = false;
}
/** Empties the groups, and lets them stay. */
export function clearFigures(): void {
	forgetSpellings();
	hasHugeSums = false;
	pendingBound = 0;
	for (let group: u32 = 0; group < groupCount; group++) {
		const slot = groupAt(group);
		v128.store(slot, i64x2.splat(0), PENDING);
		v128.store(slot, i64x2.splat(0), SUM);
	}
}
export function areSumsHuge(): bool {
	return hasHugeSums;
}
export function countGroups(): u32 {
	return groupCount;
}
/** The slots of the groups, from 0 on, in the order in which they came. */
export function groupAt(group: u32): usize {
	return load<u32>(list + 4 * (group as usize)) as usize;
}
/** For the host: as many of these addresses, as u32, as there are groups. */
export function groupList(): usize {
	return list;
}

function tableBytes(): usize {
	return SLOT_BYTES << (slotsLog2 as usize);
}
function listBytes(): usize {
	return (4 as usize) << (slotsLog2 as usize);
}
function makeTable(log2: i32): void {
	slotsLog2 = log2;
	table = allocate(tableBytes());
	memory.fill(table, 0, tableBytes());
	list = allocate(listBytes());
	forgetSpellings();
}
/** Where a key is looked for first: at the first of two neighbours. The address in a long key is not what it is about. */
function firstIndex(low: u64, high: u64): usize {
	const hash = high >> 56 === LONG_KEY_TAG ? slotHash(low, LONG_KEY_TAG) : slotHash(low, high);
	return ((hash >> (64 - (slotsLog2 as u64))) as usize) & ~1;
}

function grow(): void {
	const old = table;
	const oldBytes = tableBytes();
	const oldList = list;
	const oldListBytes = listBytes();
	makeTable(slotsLog2 + 1);
	const mask = ((1 as usize) << (slotsLog2 as usize)) - 1;
	for (let place: usize = 0; place < 4 * (groupCount as usize); place += 4) {
		const slot = load<u32>(oldList + place) as usize;
		let index = firstIndex(load<u64>(slot), load<u64>(slot, 8));
		while (load<u64>(table + index * SLOT_BYTES, 8) !== 0) index = (index + 1) & mask;
		const target = table + index * SLOT_BYTES;
		memory.copy(target, slot, SLOT_BYTES);
		store<u32>(list + place, target as u32);
	}
	release(old, oldBytes);
	release(oldList, oldListBytes);
}

/** Whether a key is neither where it is looked for first nor right behind. */
function isFar(slot: usize, low: u64, high: u64): bool {
	return slot - (table + firstIndex(low, high) * SLOT_BYTES) > SLOT_BYTES;
}

/** Puts a new group into an empty slot; 0 where there are too many. */
function insert(slot: usize, low: u64, high: u64): usize {
	keyBytes += keyLength(high) as u32;
	if (groupCount === mostGroups || keyBytes > mostKeyBytes) {
		return 0;
	}
	store<u64>(slot, low);
	store<u64>(slot, high, 8);
	store<u32>(list + 4 * (groupCount as usize), slot as u32);
	groupCount++;
	let place = slot;
	// Half full at most, so that probing stays short; and while it is small, all shall be where they are looked for first.
	while (
		groupCount * 2 > (1 as u32) << (slotsLog2 as u32) ||
		(slotsLog2 < MOST_SPARSE_LOG2 && isFar(place, low, high))
	) {
		grow();
		place = findKey(low, high);
	}
	return place;
}

/** The group of a key that is equal when its 16 bytes are; 0 where there are too many. */
function findKey(low: u64, high: u64): usize {
	const mask = ((1 as usize) << (slotsLog2 as usize)) - 1;
	let index = firstIndex(low, high);
	while (true) {
		const slot = table + index * SLOT_BYTES;
		const found = load<u64>(slot, 8);
		if (found === high && load<u64>(slot) === low) return slot;
		if (found === 0) return insert(slot, low, high);
		index = (index + 1) & mask;
	}
}

/** The group of a text; 0 where there are too many. */
export function findGroup(start: usize, length: usize): usize {
	if (length <= SHORT_KEY_BYTES) {
		const key = shortKey(start, length);
		return findKey(i64x2.extract_lane(key, 0) as u64, i64x2.extract_lane(key, 1) as u64);
	}
	const low = hashBytes(start, length);
	const mask = ((1 as usize) << (slotsLog2 as usize)) - 1;
	let index = firstIndex(low, LONG_KEY_TAG << 56);
	while (true) {
		const slot = table + index * SLOT_BYTES;
		const found = load<u64>(slot, 8);
		if (found === 0) return insert(slot, low, longKeyHigh(keepText(start, length), length));
		if (load<u64>(slot) === low && isSameLongKey(found, start, length)) return slot;
		index = (index + 1) & mask;
	}
}

/**
Counts the records `first` to `last` (exclusive) of a batch into their groups and adds their amounts; see `readAmounts`
for the parameters. False where there are too many groups.

Groups are found first, and added to in a second loop: there the processor knows all addresses beforehand, and does not have
to guess whether a sum is the one that was stored a moment ago.
*/
export function addToGroups(
	entries: usize,
	stride: usize,
	first: i32,
	last: i32,
	mayHaveCarriageReturn: bool,
	quote: i32,
): bool {
	let record = first;
	while (true) {
		record = findKnownGroups(entries, stride, record, last, mayHaveCarriageReturn, quote);
		if (record === last) break;
		const slots = table;
		const slot = findSpelled(entries + stride * (record as usize));
		if (slot === 0) return false;
		store<u32>(GROUP_OF_RECORD + 4 * (record as usize), slot as u32);
		record++;
		// Where the table has grown, what was found is somewhere else now. It grows but a few times.
		if (table !== slots) record = first;
	}
	// Both in one: the amount is added to what is pending, 1 to the count behind it.
	const one = v128.load(ONE_MORE);
	let amount: usize = UNITS + 8 * (first as usize);
	const end = GROUP_OF_RECORD + 4 * (last as usize);
	for (let target: usize = GROUP_OF_RECORD + 4 * (first as usize); target < end; target += 4, amount += 8) {
		const slot = load<u32>(target) as usize;
		v128.store(slot, i64x2.add(v128.load(slot, PENDING), v128.or(v128.load64_zero(amount), one)), PENDING);
	}
	return true;
}

/**
Finds the groups of records as long as they have short names and are where they are looked for first.

@returns The first record whose group is none of these.
*/
function findKnownGroups(
	entries: usize,
	stride: usize,
	first: i32,
	last: i32,
	mayHaveCarriageReturn: bool,
	quote: i32,
): i32 {
	const quotes = i8x16.splat(quote as u8);
	const slots = table;
	const bytes = tableBytes() as u64;
	let entry = entries + stride * (first as usize);
	for (let record = first; record < last; record++, entry += stride) {
		let start = (load<u32>(entry) as usize) + 1;
		let end = load<u32>(entry, 4) as usize;
		if (mayHaveCarriageReturn) end -= (load<u8>(end - 1) === 0x0d && load<u8>(end) === 0x0a) as usize;
		if (quote >= 0) {
			if (load<u8>(start) === (quote as u8)) {
				start++;
				end--;
				if (end - start > SHORT_KEY_BYTES) return record;
				// A quote inside is a doubled one, which must become one.
				const inner = v128.and(v128.load(start), v128.load(KEEP_FIRST + 16 * (end - start)));
				if (i8x16.bitmask(i8x16.eq(inner, quotes)) !== 0) return record;
			}
		}
		const length = end - start;
		if (length > SHORT_KEY_BYTES) return record;
		const text = v128.and(v128.load(start), v128.load(KEEP_FIRST + 16 * length));
		const key = v128.or(text, v128.load(LENGTH_TAG + 16 * length));
		const hash = slotHash(i64x2.extract_lane(key, 0) as u64, i64x2.extract_lane(key, 1) as u64);
		// As `firstIndex` and `SLOT_BYTES` have it, in one step: the upper half of the hash as a fraction of the table.
		let slot = slots + (((((hash >> 32) * bytes) >> 32) as usize) & ~(2 * SLOT_BYTES - 1));
		if (i64x2.bitmask(i64x2.eq(v128.load(slot), key)) !== BOTH_HALVES) {
			slot += SLOT_BYTES;
			if (i64x2.bitmask(i64x2.eq(v128.load(slot), key)) !== BOTH_HALVES) return record;
		}
		store<u32>(GROUP_OF_RECORD + 4 * (record as usize), slot as u32);
	}
	return last;
}

// Long names, and names with doubled quotes, take ten times as long to be found. So those that came last are also known by their
// spelling, quotes and all, each in the one place that its hash says:
//
//   spelling, 64 bytes:  [ its first 16 bytes │ 16 behind them, or the last │ its last 16 │ length, 4 │ slot, 4 │ nothing, 8 ]

const MIDDLE: usize = 16;
const LAST: usize = 32;
const LENGTH: usize = 48;
const SLOT: usize = 52;
const SPELLING_BYTES: usize = 64;
/** log2 of how many there are. */
const PLACES_LOG2: u64 = 6;
/** No field has this length. */
const NO_LENGTH: u32 = 0xffff_ffff;
const LONGEST_SPELLING: usize = 48;

/** To be called when slots are not what they were, and before a file, in which other bytes may be quotes. */
export function forgetSpellings(): void {
	for (let place = SPELLINGS; place < SPELLINGS + SPELLINGS_BYTES; place += SPELLING_BYTES) {
		store<u32>(place, NO_LENGTH, LENGTH);
	}
}

/** The group of the field behind an entry of the index; 0 where there are too many. */
function findSpelled(entry: usize): usize {
	const start = (load<u32>(entry) as usize) + 1;
	const length = fieldEnd(start, load<u32>(entry, 4) as usize) - start;
	if (length > LONGEST_SPELLING) return findOpened(entry);
	let first = v128.load(start);
	let middle = first;
	let last = first;
	if (length >= 16) {
		middle = v128.load(start + min<usize>(16, length - 16));
		last = v128.load(start + length - 16);
	} else {
		first = v128.and(first, v128.load(KEEP_FIRST + 16 * length));
		middle = first;
		last = first;
	}
	const hash = slotHash(
		(i64x2.extract_lane(first, 0) as u64) ^ (i64x2.extract_lane(last, 1) as u64),
		(i64x2.extract_lane(last, 0) as u64) + (length as u64),
	);
	const place = SPELLINGS + ((hash >> (64 - PLACES_LOG2)) as usize) * SPELLING_BYTES;
	const differing = v128.or(
		v128.or(v128.xor(first, v128.load(place)), v128.xor(middle, v128.load(place, MIDDLE))),
		v128.xor(last, v128.load(place, LAST)),
	);
	if (load<u32>(place, LENGTH) === (length as u32) && !v128.any_true(differing)) {
		return load<u32>(place, SLOT) as usize;
	}
	const slot = findOpened(entry);
	v128.store(place, first);
	v128.store(place, middle, MIDDLE);
	v128.store(place, last, LAST);
	store<u32>(place, slot === 0 ? NO_LENGTH : (length as u32), LENGTH);
	store<u32>(place, slot as u32, SLOT);
	return slot;
}

function findOpened(entry: usize): usize {
	openEntry(entry);
	return findGroup(openedStart(), openedEnd() - openedStart());
}

/** Makes room in the pending parts for so many amounts of at most `largest` units each. */
export function reserveSums(count: i32, largest: i64): void {
	const more = (largest as f64) * (count as f64);
	if (pendingBound + more > LARGEST_PENDING) carrySums();
	pendingBound += more;
}

/** Carries what is pending over to the sums. */
export function carrySums(): void {
	pendingBound = 0;
	for (let group: u32 = 0; group < groupCount; group++) {
		const slot = groupAt(group);
		const pending = load<i64>(slot, PENDING);
		if (pending === 0) continue;
		addToSum(slot + SUM, pending);
		store<i64>(slot, 0, PENDING);
	}
}

/** Counts one record into the group of a text and adds its amount; 0 where there are too many groups. */
export function addOne(start: usize, length: usize, units: i64): usize {
	const slot = findGroup(start, length);
	if (slot === 0) return 0;
	addToSum(slot + SUM, units);
	store<u64>(slot, load<u64>(slot, COUNT) + 1, COUNT);
	return slot;
}

/** Adds an amount that is too large for the sums to that of its group, which is there already. */
export function addHuge(name: usize, nameBytes: usize, text: usize, textBytes: usize): void {
	hasHugeSums = true;
	addHugeAmount(name, nameBytes, text, textBytes);
}

/**
Multiplies all sums, because an amount with more decimals has come; a sum that would leave 128 bits goes to the host.

@param factor - A power of ten, up to 10^18.
@param scale - The number of decimals of the sums as they are.
*/
export function rescaleSums(factor: i64, scale: i32): void {
	carrySums();
	for (let group: u32 = 0; group < groupCount; group++) {
		const slot = groupAt(group);
		const sum = slot + SUM;
		if (multiplySum(sum, factor)) continue;
		hasHugeSums = true;
		spillSum(keyText(slot), keyLength(load<u64>(slot, 8)), load<i64>(sum, HIGH), load<i64>(sum, LOW), scale);
		clearSum(sum);
	}
}

export function keyText(slot: usize): usize {
	const high = load<u64>(slot, 8);
	return high >> 56 === LONG_KEY_TAG ? longKeyAddress(high) : slot;
}
