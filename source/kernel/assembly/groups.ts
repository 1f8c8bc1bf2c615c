// Groups: records counted and amounts summed by a key.
//
//   slot, 48 bytes:   [ key, 16 │ pending, 8 │ count, 8 │ sum, 16 ]       it never moves
//   in a series, 64:  [ the same                                  │ row, 4 │ nothing, 12 ]
//   list, 4 bytes:    [ slot ]        of each group, in the order in which they came
//   table, 4 bytes:   [ slot, or 0 ]  open addressing with linear probing; it grows
//
// Slots lie side by side in blocks of memory, so a table that is mostly empty takes little of it, and so does its growth.
//
// A sum has 128 bits (sums.ts). Batches add to `pending`, which is carried over to the sum
// before it could overflow. What does not even fit in 128 bits goes to the host, which has integers of any size. What a row is,
// series.ts says.
import {scaleOfSums} from './amounts';
import {openEntry, openedEnd, openedStart} from './fields';
import {addHugeAmount, joinHugeSums, makeRoomForGroups, spillSum} from './host';
import {
	clearArena,
	hashBytes,
	isSameLongKey,
	keepText,
	keyLength,
	LONG_KEY_TAG,
	longKeyAddress,
	longKeyHigh,
	reserve,
	SHORT_KEY_BYTES,
	shortKey,
	slotHash,
} from './keys';
import {
	allocate,
	GROUP_OF_RECORD,
	GROUP_SLOTS,
	GROUP_TEXTS,
	KEEP_FIRST,
	LENGTH_TAG,
	REST_OF_GROUPS,
	release,
	UNITS,
} from './memory';
import {forgetSpellings, learnSpelling, recallSpelling} from './spellings';
import {addSums, addToSum, clearSum, HIGH, LOW, multiplySum} from './sums';
import {ONE_MORE} from './vectors';

const SLOT_BYTES: usize = 48;
const SERIES_SLOT_BYTES: usize = 64;
/** As a bit mask: of a key that is equal to another. */
const BOTH_HALVES: i32 = 3;
const PENDING: usize = 16;
export const COUNT: usize = 24;
export const SUM: usize = 32;
export const ROW: usize = 48;

/** More than a usual column of categories needs, so that two of them hardly meet; and where three do, it grows up to there. */
const FIRST_PLACES_LOG2: i32 = 8;
const MOST_SPARSE_LOG2: i32 = 10;
/** A table of more places is one that the host wants to be asked for. */
const LARGE_LOG2: i32 = 14;
const PLACE_BYTES: usize = 4;

let mostGroups: u32 = 0;
let mostKeyBytes: u32 = 0;
let mayGiveUp: bool = false;
let table: usize = 0;
let placesLog2: i32 = 0;
let list: usize = 0;
let groupCount: u32 = 0;
let keyBytes: u32 = 0;
/** The slot of all records once there were too many groups. */
let restSlot: usize = 0;
/** Whether the host has some of the sums, or parts of them, because they are too large for here. */
let hasHugeSums: bool = false;
/** How much the pending parts may have come to since they were carried over, at most. */
let pendingBound: f64 = 0;
/** Below 2^63 ≈ 9.2 × 10^18, with room for the rounding of the bound. */
const LARGEST_PENDING: f64 = 9e18;

/** @param givesUp - Whether more groups are counted as one, see `giveUpGroups`; else they end the reading. */
export function limitGroups(groupLimit: u32, keyByteLimit: u32, givesUp: bool): void {
	mostGroups = groupLimit;
	mostKeyBytes = keyByteLimit;
	mayGiveUp = givesUp;
}
export function beginGroups(): void {
	if (placesLog2 > 0) {
		release(table, tableBytes());
		release(list, listBytes());
	}
	clearArena(GROUP_TEXTS);
	clearArena(GROUP_SLOTS);
	forgetSpellings();
	restSlot = 0;
	makeTable(FIRST_PLACES_LOG2);
	list = allocate(listBytes());
	groupCount = 0;
	keyBytes = 0;
	pendingBound = 0;
	hasHugeSums = false;
}
/** Whether there were more groups than are kept: then the only one there is has the records of all. */
export function groupsAreGivenUp(): bool {
	return restSlot !== 0;
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
	return PLACE_BYTES << (placesLog2 as usize);
}
/** Of a table that is half full at most. */
function listBytes(): usize {
	return 2 << (placesLog2 as usize);
}
function makeTable(log2: i32): void {
	placesLog2 = log2;
	table = allocate(tableBytes());
	memory.fill(table, 0, tableBytes());
}
/** Where a key is looked for first: at the first of two neighbours. The address in a long key is not what it is about. */
function firstPlace(low: u64, high: u64): usize {
	const hash = high >> 56 === LONG_KEY_TAG ? slotHash(low, LONG_KEY_TAG) : slotHash(low, high);
	return table + placeOf(hash, pairShift());
}
/** The upper bits of a hash choose a pair of neighbours. */
function pairShift(): u64 {
	return 65 - (placesLog2 as u64);
}
function placeOf(hash: u64, shift: u64): usize {
	return ((hash >> shift) as usize) * (2 * PLACE_BYTES);
}
function placeBehind(place: usize): usize {
	return table + ((place + PLACE_BYTES - table) & (tableBytes() - 1));
}

function grow(): void {
	if (placesLog2 >= LARGE_LOG2) makeRoomForGroups((1 as u32) << (placesLog2 as u32));
	const oldList = list;
	const oldListBytes = listBytes();
	// All that is needed is in the list; the next one of it can be where the table was.
	release(table, tableBytes());
	makeTable(placesLog2 + 1);
	list = allocate(listBytes());
	memory.copy(list, oldList, 4 * (groupCount as usize));
	release(oldList, oldListBytes);
	for (let group: u32 = 0; group < groupCount; group++) {
		const slot = groupAt(group);
		let place = firstPlace(load<u64>(slot), load<u64>(slot, 8));
		while (load<u32>(place) !== 0) place = placeBehind(place);
		store<u32>(place, slot as u32);
	}
}

function makeSlot(low: u64, high: u64): usize {
	// In a series none are given up.
	const slot = reserve(GROUP_SLOTS, mayGiveUp ? SLOT_BYTES : SERIES_SLOT_BYTES);
	store<u64>(slot, low);
	store<u64>(slot, high, 8);
	v128.store(slot, i64x2.splat(0), PENDING);
	v128.store(slot, i64x2.splat(0), SUM);
	if (!mayGiveUp) v128.store(slot, i64x2.splat(0), ROW);
	return slot;
}

/** Makes a new group, of which an empty place shall know; 0 where there are too many. */
function insert(emptyPlace: usize, low: u64, high: u64): usize {
	keyBytes += keyLength(high) as u32;
	if (groupCount === mostGroups || keyBytes > mostKeyBytes) return mayGiveUp ? giveUpGroups() : 0;
	const slot = makeSlot(low, high);
	store<u32>(emptyPlace, slot as u32);
	store<u32>(list + 4 * (groupCount as usize), slot as u32);
	groupCount++;
	// Less than half full, so that probing stays short; and while it is small, all shall be where they are looked for first.
	while (
		groupCount * 2 >= (1 as u32) << (placesLog2 as u32) ||
		(placesLog2 < MOST_SPARSE_LOG2 && isFar(slot, low, high))
	)
		grow();
	return slot;
}

/** Whether a group is neither where it is looked for first nor right behind. */
function isFar(slot: usize, low: u64, high: u64): bool {
	const place = firstPlace(low, high);
	return load<u32>(place) !== (slot as u32) && load<u32>(place, PLACE_BYTES) !== (slot as u32);
}

/** A half of a sum that is larger than this is left to the host: so no sum of as many groups as there can be overflows. */
const LARGEST_HIGH: i64 = (1 as i64) << 40;

/**
Forgets the groups, and counts all records as one from here on: that of the empty name.

@returns Its slot.
*/
function giveUpGroups(): usize {
	carrySums();
	joinHugeSums();
	store<u64>(REST_OF_GROUPS, 0, COUNT);
	clearSum(REST_OF_GROUPS + SUM);
	const scale = scaleOfSums();
	for (let group: u32 = 0; group < groupCount; group++) {
		const slot = groupAt(group);
		store<u64>(REST_OF_GROUPS, load<u64>(REST_OF_GROUPS, COUNT) + load<u64>(slot, COUNT), COUNT);
		const high = load<i64>(slot, SUM + HIGH);
		if (abs<i64>(high) < LARGEST_HIGH) addSums(REST_OF_GROUPS + SUM, slot + SUM);
		else spillSum(keyText(slot), keyLength(load<u64>(slot, 8)), high, load<i64>(slot, SUM + LOW), scale);
	}
	const hadHugeSums = hasHugeSums;
	beginGroups();
	hasHugeSums = hadHugeSums;
	const key = shortKey(0, 0);
	restSlot = makeSlot(i64x2.extract_lane(key, 0) as u64, i64x2.extract_lane(key, 1) as u64);
	store<u32>(list, restSlot as u32);
	groupCount = 1;
	v128.store(restSlot, v128.load(REST_OF_GROUPS, PENDING), PENDING);
	v128.store(restSlot, v128.load(REST_OF_GROUPS, SUM), SUM);
	return restSlot;
}

/** The group of a key that is equal when its 16 bytes are; 0 where there are too many. */
function findKey(low: u64, high: u64): usize {
	let place = firstPlace(low, high);
	while (true) {
		const slot = load<u32>(place) as usize;
		if (slot === 0) return insert(place, low, high);
		if (load<u64>(slot, 8) === high && load<u64>(slot) === low) return slot;
		place = placeBehind(place);
	}
}

/** The group of a text; 0 where there are too many. */
export function findGroup(start: usize, length: usize): usize {
	if (restSlot !== 0) return restSlot;
	if (length <= SHORT_KEY_BYTES) {
		const key = shortKey(start, length);
		return findKey(i64x2.extract_lane(key, 0) as u64, i64x2.extract_lane(key, 1) as u64);
	}
	const low = hashBytes(start, length);
	let place = firstPlace(low, LONG_KEY_TAG << 56);
	while (true) {
		const slot = load<u32>(place) as usize;
		if (slot === 0) return insert(place, low, longKeyHigh(keepText(GROUP_TEXTS, start, length), length));
		if (load<u64>(slot) === low && isSameLongKey(load<u64>(slot, 8), start, length)) return slot;
		place = placeBehind(place);
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
	while (restSlot === 0) {
		record = findKnownGroups(entries, stride, record, last, mayHaveCarriageReturn, quote);
		if (record === last) break;
		const slot = findSpelled(entries + stride * (record as usize));
		if (slot === 0) return false;
		store<u32>(GROUP_OF_RECORD + 4 * (record as usize), slot as u32);
		record++;
	}
	// Also of those records whose groups were found and then given up.
	if (restSlot !== 0) {
		for (record = first; record < last; record++) store<u32>(GROUP_OF_RECORD + 4 * (record as usize), restSlot as u32);
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
	const places = table;
	const shift = pairShift();
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
		const place = places + placeOf(hash, shift);
		let slot = load<u32>(place) as usize;
		// No slot is at 0, where no key is found.
		if (i64x2.bitmask(i64x2.eq(v128.load(slot), key)) !== BOTH_HALVES) {
			slot = load<u32>(place, PLACE_BYTES) as usize;
			if (i64x2.bitmask(i64x2.eq(v128.load(slot), key)) !== BOTH_HALVES) return record;
		}
		store<u32>(GROUP_OF_RECORD + 4 * (record as usize), slot as u32);
	}
	return last;
}

/** The group of the field behind an entry of the index; 0 where there are too many. */
function findSpelled(entry: usize): usize {
	const known = recallSpelling(entry);
	if (known !== 0) return known;
	openEntry(entry);
	const slot = findGroup(openedStart(), openedEnd() - openedStart());
	learnSpelling(slot);
	return slot;
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
