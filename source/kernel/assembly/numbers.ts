// Ids that end in a number, as `C0012345` or `8812`: a bit for each number, instead of a slot of a table for each id.
//
//   C 0 0 1 2 3 4 5     prefix `C`, number 12,345: the 12,345th bit
//
// An id is told by its number where it begins with the learned prefix and is as long as the number says: all ids have one
// length, with zeros in front, or none has any. So no two ids share a bit. What does not fit stays in the tables of distinct.ts.
//
// Ids that somebody counted up are dense, and only then is this done: the bits take no more memory than the tables would. A few
// kilobytes hold what would take half a megabyte, and an id is looked up without a hash and without a cache miss.
import {allocate, ID_LENGTHS, KEEP_LAST, LANES, LENGTH_TAG, NUMBER_SIZES, powerOfTen, release} from './memory';
import {quoteByte} from './structure';
import {toldTable, toldTableEnd} from './told';
import {ABOVE_NINE, HUNDREDS, TENS, ZERO_DIGITS} from './vectors';

const ZERO: u64 = 0x30;
const MOST_DIGITS: i32 = 8;
const MOST_PREFIX_BYTES: i32 = 8;
/** No id has this number. */
export const NO_NUMBER: u32 = 0xffff_ffff;
/** An id in a table takes 16 bytes: a slot has 8, and the table is half full. */
const MOST_BITS_FOR_AN_ID: u64 = 128;
const FEWEST_BITS_LOG2: i32 = 10;

let prefix: u64 = 0;
let prefixMask: u64 = 0;
let prefixBytes: i32 = 0;
/** The length of all ids; 0 where they have no zeros in front of their numbers. */
let fixedLength: i32 = 0;
let bitmap: usize = 0;
/** A power of two; 0 before there are any. */
let bits: u32 = 0;
let count: u32 = 0;

/**
Begins a file, or a part of one.

@param ids - How many different ones the one before had. Where most had a bit, the next one's will: then it is not learned again.
*/
export function beginNumbers(ids: u32): void {
	if (bits > 0) {
		const hasServed = ids === 0 || (isDense(bits, count) && isMost(count, ids));
		if (hasServed && !hasQuote()) memory.fill(bitmap, 0, bits >> 3);
		else {
			release(bitmap, bits >> 3);
			bits = 0;
		}
	}
	count = 0;
}

/** Whether so many bits take no more memory than tables of so many ids. */
function isDense(bits: u32, ids: u32): bool {
	return (bits as u64) <= (ids as u64) * MOST_BITS_FOR_AN_ID;
}
/** Seven of eight: those that are looked for in the bits in vain must be few. */
function isMost(ids: u32, all: u32): bool {
	return (ids as u64) * 8 >= (all as u64) * 7;
}
/** In the file a quote in quotes is doubled, so that a prefix with one would not stand there as it is. */
function hasQuote(): bool {
	for (let index: i32 = 0; index < prefixBytes; index++) {
		if (((prefix >> ((index as u64) * 8)) as u8) === quoteByte()) return true;
	}
	return false;
}

export function countNumbers(): u32 {
	return count;
}

export function bitsOfNumbers(): u32 {
	return bits;
}

/** The number of an id by its key, see keys.ts; `NO_NUMBER` where it does not fit. */
function numberOf(low: u64, high: u64): u32 {
	const length = ((high >> 56) as i32) - 1;
	const digits = length - prefixBytes;
	if (digits < 1 || digits > MOST_DIGITS || length > 15 || (low & prefixMask) !== prefix) return NO_NUMBER;
	if (fixedLength !== 0 && length !== fixedLength) return NO_NUMBER;
	store<u64>(LANES, low);
	store<u64>(LANES, high, 8);
	let number: u32 = 0;
	for (let index = prefixBytes; index < length; index++) {
		const digit = (load<u8>(LANES + (index as usize)) as u64) - ZERO;
		if (digit > 9) return NO_NUMBER;
		number = number * 10 + (digit as u32);
	}
	return fixedLength !== 0 || digits === 1 || number >= lowestOf(digits) ? number : NO_NUMBER;
}

/** The lowest number of so many digits that has no zero in front. */
function lowestOf(digits: i32): u32 {
	return digits === 1 ? 0 : (powerOfTen(digits - 1) as u32);
}

/** The key of the id with that number. */
export function keyOfNumber(number: u32): v128 {
	let length = fixedLength;
	if (length === 0) {
		length = prefixBytes + 1;
		while (length - prefixBytes < MOST_DIGITS && number >= lowestOf(length - prefixBytes + 1)) length++;
	}
	v128.store(LANES, v128.load(LENGTH_TAG + 16 * (length as usize)));
	store<u64>(LANES, prefix);
	let rest = number;
	for (let index = length - 1; index >= prefixBytes; index--) {
		store<u8>(LANES + (index as usize), ((rest % 10) as u8) + (ZERO as u8));
		rest /= 10;
	}
	return v128.load(LANES);
}

/** The first number from there on that has come; `NO_NUMBER` behind the last one. */
export function nextNumber(from: u32): u32 {
	for (let word = from & ~63; word < bits; word += 64) {
		let set = load<u64>(bitmap + (word >> 3));
		if (word < from) set &= ~(0 as u64) << ((from & 63) as u64);
		if (set !== 0) return word + (ctz<u64>(set) as u32);
	}
	return NO_NUMBER;
}

export const NOT_A_NUMBER_OF_BITS: i32 = 0;
export const KNOWN_NUMBER: i32 = 1;
export const NEW_NUMBER: i32 = 2;

/** Takes an id by its key, if it is one of those that have a bit. */
export function takeNumber(low: u64, high: u64): i32 {
	if (bits === 0) return NOT_A_NUMBER_OF_BITS;
	const number = numberOf(low, high);
	if (number >= bits) return NOT_A_NUMBER_OF_BITS;
	const at = bitmap + (number >> 3);
	const bit: u32 = 1 << (number & 7);
	const byte = load<u8>(at) as u32;
	if ((byte & bit) !== 0) return KNOWN_NUMBER;
	store<u8>(at, (byte | bit) as u8);
	count++;
	return NEW_NUMBER;
}

/** How many bytes the ids have together that `takeNumbers` has taken for the first time. */
let newBytes: u32 = 0;
export function bytesOfNewNumbers(): u32 {
	return newBytes;
}

/**
Takes the ids of a batch as long as they have a bit; see `readAmounts` for the parameters. The digits become a number as there.

@returns The entry of the first record that has another id, or `last`.
*/
export function takeNumbers(first: usize, last: usize, stride: usize, mayHaveCarriageReturn: bool, quote: i32): usize {
	const zeros = v128.load(ZERO_DIGITS);
	const aboveNine = v128.load(ABOVE_NINE);
	const tens = v128.load(TENS);
	const hundreds = v128.load(HUNDREDS);
	// For an id of n bytes, the mask of its digits.
	const masks = KEEP_LAST - 16 * (prefixBytes as usize);
	const bitsStart = bitmap;
	const end = bits;
	const thePrefix = prefix;
	const theMask = prefixMask;
	let added: u32 = 0;
	let addedBytes: u32 = 0;
	let entry = first;
	for (; entry < last; entry += stride) {
		let start = (load<u32>(entry) as usize) + 1;
		let stop = load<u32>(entry, 4) as usize;
		if (mayHaveCarriageReturn) stop -= (load<u8>(stop - 1) === 0x0d && load<u8>(stop) === 0x0a) as usize;
		if (quote >= 0) {
			const isQuoted = (load<u8>(start) === (quote as u8)) as usize;
			start += isQuoted;
			stop -= isQuoted;
		}
		const length = stop - start;
		if (length > 15) break;
		const digits = v128.and(i8x16.sub(v128.load(stop - 16), zeros), v128.load(masks + 16 * length));
		const pairs = i16x8.relaxed_dot_i8x16_i7x16_s(digits, tens);
		const both = i64x2.extract_lane(i32x4.dot_i16x8_s(pairs, hundreds), 1) as u64;
		const number = (both as u32) * 10_000 + ((both >> 32) as u32);
		const differing = (load<u64>(start) & theMask) ^ thePrefix;
		if ((differing | (i8x16.bitmask(i8x16.add_sat_u(digits, aboveNine)) as u64)) !== 0) break;
		if (number >= end) break;
		if (number < load<u32>(ID_LENGTHS + 4 * length)) break;
		const at = bitsStart + (number >> 3);
		const byte = load<u8>(at) as u32;
		const bit: u32 = 1 << (number & 7);
		if ((byte & bit) === 0) {
			store<u8>(at, (byte | bit) as u8);
			added++;
			addedBytes += length as u32;
		}
	}
	count += added;
	newBytes = addedBytes;
	return entry;
}

// Whether bits pay is told from what is in the tables: learn the form of one id, look at all, decide.
//
// In `NUMBER_SIZES` are counted, by the zeros in front of a number's first bit: numbers of ids of the learned length, and numbers
// without zeros among their digits in front.

const BARE: usize = 4 * 33;

/** Learns the form of ids from one of them. Returns whether it ends in a number. */
export function learnNumbers(low: u64, high: u64): bool {
	memory.fill(NUMBER_SIZES, 0, 2 * BARE);
	if (bits > 0) return true;
	const length = ((high >> 56) as i32) - 1;
	if (length > 15) return false;
	store<u64>(LANES, low);
	store<u64>(LANES, high, 8);
	let digits: i32 = 0;
	while (digits < length && digits < MOST_DIGITS) {
		if ((load<u8>(LANES + ((length - digits - 1) as usize)) as u64) - ZERO > 9) break;
		digits++;
	}
	prefixBytes = length - digits;
	if (digits === 0 || prefixBytes > MOST_PREFIX_BYTES) return false;
	prefixMask = prefixBytes === 8 ? ~(0 as u64) : ((1 as u64) << ((prefixBytes as u64) * 8)) - 1;
	prefix = low & prefixMask;
	fixedLength = length;
	return !hasQuote();
}

/** Looks at the key of an id in the tables. */
export function surveyNumber(low: u64, high: u64): void {
	const number = numberOf(low, high);
	if (number !== NO_NUMBER) countSize(NUMBER_SIZES, number);
	if (bits > 0) return;
	const length = fixedLength;
	fixedLength = 0;
	const bare = numberOf(low, high);
	if (bare !== NO_NUMBER) countSize(NUMBER_SIZES + BARE, bare);
	fixedLength = length;
}
function countSize(sizes: usize, number: u32): void {
	const at = sizes + 4 * (clz<u32>(number) as usize);
	store<u32>(at, load<u32>(at) + 1);
}

/**
Makes room for the numbers among the ids of the tables, where that pays.

@param ids - How many are in the tables.
@returns Whether they are to be taken now.
*/
export function reserveNumbers(ids: u32): bool {
	if (bits > 0) {
		const log2 = mostBits(NUMBER_SIZES, ids);
		if (log2 === 0 || (1 as u32) << log2 <= bits) return false;
		const old = bitmap;
		const oldBytes: usize = bits >> 3;
		makeBits(log2);
		memory.copy(bitmap, old, oldBytes);
		release(old, oldBytes);
		return true;
	}
	// Of 100 ids from `N0` on, `N10` and 89 more have one length, but all have no zeros in front.
	const isBare = total(NUMBER_SIZES + BARE) > total(NUMBER_SIZES);
	const log2 = mostBits(NUMBER_SIZES + (isBare ? BARE : 0), ids);
	if (log2 === 0) return false;
	if (isBare) fixedLength = 0;
	makeBits(log2);
	fillLengths();
	return true;
}

function total(sizes: usize): u32 {
	let sum: u32 = 0;
	for (let zeros: usize = 0; zeros <= 32; zeros++) sum += load<u32>(sizes + 4 * zeros);
	return sum;
}

/** log2 of the most bits that are dense enough and hold most ids; 0 where there are none. */
function mostBits(sizes: usize, ids: u32): i32 {
	let best: i32 = 0;
	let numbers = count;
	for (let zeros: i32 = 32; zeros > 0; zeros--) {
		numbers += load<u32>(sizes + 4 * (zeros as usize));
		const log2 = 32 - zeros;
		if (log2 >= FEWEST_BITS_LOG2 && isDense((1 as u32) << log2, numbers) && isMost(numbers, count + ids)) best = log2;
	}
	return best;
}

function makeBits(log2: i32): void {
	bits = (1 as u32) << log2;
	bitmap = allocate(bits >> 3);
	memory.fill(bitmap, 0, bits >> 3);
}

/** For each length, the lowest number of an id that is so long. */
function fillLengths(): void {
	for (let length: i32 = 0; length < 16; length++) {
		const digits = length - prefixBytes;
		let lowest = NO_NUMBER;
		if (fixedLength !== 0) lowest = length === fixedLength ? 0 : NO_NUMBER;
		else if (digits > 0 && digits <= MOST_DIGITS) lowest = lowestOf(digits);
		store<u32>(ID_LENGTHS + 4 * (length as usize), lowest);
	}
}

// Numbers that the host has been told of, across files: see told.ts, which does the same with keys. They have the form that was
// learned first.

let toldBitmap: usize = 0;
let toldBits: u32 = 0;
let toldPrefix: u64 = 0;
let toldPrefixBytes: i32 = 0;
let toldFixedLength: i32 = 0;
/** Those of them that the host has not taken. */
let newsBitmap: usize = 0;
let newsCount: u32 = 0;

/** Whether ids have the form of those that the host has been told of, or there are none yet. */
export function mayTellNumbers(): bool {
	if (toldBits === 0) {
		toldPrefix = prefix;
		toldPrefixBytes = prefixBytes;
		toldFixedLength = fixedLength;
	}
	return prefix === toldPrefix && prefixBytes === toldPrefixBytes && fixedLength === toldFixedLength;
}

/** Notes the numbers that the host has not been told of, for it to take. */
export function tellNumbers(): void {
	if (bits > toldBits) {
		toldBitmap = growBits(toldBitmap, toldBits);
		newsBitmap = growBits(newsBitmap, toldBits);
		toldBits = bits;
		markTold();
	}
	for (let word: u32 = 0; word < bits; word += 64) {
		const told = load<u64>(toldBitmap + (word >> 3));
		const news = load<u64>(bitmap + (word >> 3)) & ~told;
		if (news === 0) continue;
		store<u64>(toldBitmap + (word >> 3), told | news);
		store<u64>(newsBitmap + (word >> 3), load<u64>(newsBitmap + (word >> 3)) | news);
		newsCount += popcnt<u64>(news) as u32;
	}
}

/** As many bits as there are now. Returns where they are. */
function growBits(old: usize, oldBits: u32): usize {
	const more = allocate(bits >> 3);
	memory.fill(more, 0, bits >> 3);
	memory.copy(more, old, oldBits >> 3);
	if (oldBits > 0) release(old, oldBits >> 3);
	return more;
}

/** Numbers that were told as keys, when there were no bits yet. */
function markTold(): void {
	const end = toldTableEnd();
	for (let slot = toldTable(); slot < end; slot += 16) {
		const number = numberOf(load<u64>(slot), load<u64>(slot, 8));
		if (number >= toldBits) continue;
		const at = toldBitmap + (number >> 3);
		store<u8>(at, ((load<u8>(at) as u32) | (1 << (number & 7))) as u8);
	}
}

// For the host. Numbers of ids that have a bit: of this file, or of those that it has not been told of.

export function numberedBitmap(isOfNews: bool): usize {
	return isOfNews ? newsBitmap : bitmap;
}
export function numberedBits(isOfNews: bool): u32 {
	return isOfNews ? toldBits : bits;
}
export function numberedCount(isOfNews: bool): u32 {
	return isOfNews ? newsCount : count;
}
/** As the first bytes of a word; and how many they are. */
export function numberedPrefix(isOfNews: bool): u64 {
	return isOfNews ? toldPrefix : prefix;
}
export function numberedPrefixBytes(isOfNews: bool): i32 {
	return isOfNews ? toldPrefixBytes : prefixBytes;
}
/** The length of all ids; 0 where none has zeros in front of its number. */
export function numberedLength(isOfNews: bool): i32 {
	return isOfNews ? toldFixedLength : fixedLength;
}
/** The host has taken the news. */
export function clearNumberedNews(): void {
	memory.fill(newsBitmap, 0, toldBits >> 3);
	newsCount = 0;
}
