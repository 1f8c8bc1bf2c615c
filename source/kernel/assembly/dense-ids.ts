// Ids that end in a number, as `C0012345` or `8812`: a bit for each number, instead of a slot of a table for each id.
//
//   C 0 0 1 2 3 4 5     prefix `C`, number 12,345: the 12,345th bit
//
// A number stands for an id that begins with the learned prefix and is as long as the number says: all ids have one
// length, with zeros in front, or none has any. So no two ids share a bit. What does not fit stays in the tables of distinct.ts.
//
// Ids that somebody counted up are dense, and only then is this done: the bits take no more memory than the tables would. A few
// kilobytes hold what would take half a megabyte, and an id is looked up without a hash and without a cache miss.
import {Cells} from './fields';
import {reserve} from './keys';
import {allocate, KEEP_LAST, LANES, LENGTH_TAG, NUMBER_SIZES, powerOfTen, release} from './memory';
import {quoteByte} from './structure';
import {ABOVE_NINE, HUNDREDS, TENS, ZERO_DIGITS} from './vectors';

const ZERO: u64 = 0x30;
const MAX_DIGITS: i32 = 8;
const MAX_PREFIX_BYTES: i32 = 8;
/** No id has this number. */
export const NO_NUMBER: u32 = 0xffff_ffff;
/** An id in a table takes 16 bytes: a slot has 8, and the table is half full. */
const MAX_BITS_FOR_AN_ID: u64 = 128;
const FEWEST_BITS_LOG2: i32 = 10;

export const NOT_A_NUMBER_OF_BITS: i32 = 0;
const KNOWN_NUMBER: i32 = 1;
export const NEW_NUMBER: i32 = 2;

/** Whether so many bits take no more memory than tables of so many ids. */
function isDense(bits: u32, ids: u32): bool {
	return (bits as u64) <= (ids as u64) * MAX_BITS_FOR_AN_ID;
}
/** Seven of eight: those that are looked for in the bits in vain must be few. */
function isMost(ids: u32, all: u32): bool {
	return (ids as u64) * 8 >= (all as u64) * 7;
}
/** The lowest number of so many digits that has no zero in front. */
function lowestOf(digits: i32): u32 {
	return digits === 1 ? 0 : (powerOfTen(digits - 1) as u32);
}

// What is in the tables decides whether bits pay: the form of one id is learned, and all are held against it.
//
// In `NUMBER_SIZES` are counted, by the zeros in front of a number's first bit: numbers of ids of the learned length, and numbers
// without zeros among their digits in front.

const BARE: usize = 4 * 33;

function total(sizes: usize): u32 {
	let sum: u32 = 0;
	for (let zeros: usize = 0; zeros <= 32; zeros++) sum += load<u32>(sizes + 4 * zeros);
	return sum;
}

function countSize(sizes: usize, number: u32): void {
	const at = sizes + 4 * (clz<u32>(number) as usize);
	store<u32>(at, load<u32>(at) + 1);
}

@unmanaged
export class DenseIds {
	prefix: u64;
	prefixMask: u64;
	prefixBytes: i32;
	/** The length of all ids; 0 where they have no zeros in front of their numbers. */
	fixedLength: i32;
	bitmap: usize;
	/** A power of two; 0 before there are any. */
	bits: u32;
	count: u32;
	/** How many bytes the ids have together that `addRun` has added last for the first time. */
	newBytes: u32;
	/** For each length, the lowest number of an id that is so long. */
	lengths: usize;

	create(arena: usize): void {
		this.bits = 0;
		this.count = 0;
		this.lengths = reserve(arena, 64);
	}
	release(): void {
		if (this.bits > 0) release(this.bitmap, this.bits >> 3);
	}

	/**
	Begins a file, or a part of one.

	@param ids - How many different ones the one before had. Where most had a bit, the next one's will: then it is not learned again.
	*/
	begin(ids: u32): void {
		if (this.bits > 0) {
			const hasServed = ids === 0 || (isDense(this.bits, this.count) && isMost(this.count, ids));
			if (hasServed && !this.hasQuote()) memory.fill(this.bitmap, 0, this.bits >> 3);
			else {
				release(this.bitmap, this.bits >> 3);
				this.bits = 0;
			}
		}
		this.count = 0;
	}

	/** In the file a quote in quotes is doubled, so that a prefix with one would not stand there as it is. */
	private hasQuote(): bool {
		for (let index: i32 = 0; index < this.prefixBytes; index++) {
			if (((this.prefix >> ((index as u64) * 8)) as u8 as i32) === quoteByte()) return true;
		}
		return false;
	}

	/** The number of an id by its key, see keys.ts; `NO_NUMBER` where it does not fit. */
	private numberOf(low: u64, high: u64): u32 {
		const length = ((high >> 56) as i32) - 1;
		const digits = length - this.prefixBytes;
		if (digits < 1 || digits > MAX_DIGITS || length > 15 || (low & this.prefixMask) !== this.prefix) return NO_NUMBER;
		if (this.fixedLength !== 0 && length !== this.fixedLength) return NO_NUMBER;
		store<u64>(LANES, low);
		store<u64>(LANES, high, 8);
		let number: u32 = 0;
		for (let index = this.prefixBytes; index < length; index++) {
			const digit = (load<u8>(LANES + (index as usize)) as u64) - ZERO;
			if (digit > 9) return NO_NUMBER;
			number = number * 10 + (digit as u32);
		}
		return this.fixedLength !== 0 || digits === 1 || number >= lowestOf(digits) ? number : NO_NUMBER;
	}

	/** The key of the id with that number. */
	keyOf(number: u32): v128 {
		let length = this.fixedLength;
		if (length === 0) {
			length = this.prefixBytes + 1;
			while (length - this.prefixBytes < MAX_DIGITS && number >= lowestOf(length - this.prefixBytes + 1)) length++;
		}
		v128.store(LANES, v128.load(LENGTH_TAG + 16 * (length as usize)));
		store<u64>(LANES, this.prefix);
		let rest = number;
		for (let index = length - 1; index >= this.prefixBytes; index--) {
			store<u8>(LANES + (index as usize), ((rest % 10) as u8) + (ZERO as u8));
			rest /= 10;
		}
		return v128.load(LANES);
	}

	/** The first number from there on that has come; `NO_NUMBER` behind the last one. */
	next(from: u32): u32 {
		for (let word = from & ~63; word < this.bits; word += 64) {
			let set = load<u64>(this.bitmap + (word >> 3));
			if (word < from) set &= ~(0 as u64) << ((from & 63) as u64);
			if (set !== 0) return word + (ctz<u64>(set) as u32);
		}
		return NO_NUMBER;
	}

	/** Adds an id by its key, if it is one of those that have a bit. */
	add(low: u64, high: u64): i32 {
		if (this.bits === 0) return NOT_A_NUMBER_OF_BITS;
		const number = this.numberOf(low, high);
		if (number >= this.bits) return NOT_A_NUMBER_OF_BITS;
		const at = this.bitmap + (number >> 3);
		const bit: u32 = 1 << (number & 7);
		const byte = load<u8>(at) as u32;
		if ((byte & bit) !== 0) return KNOWN_NUMBER;
		store<u8>(at, (byte | bit) as u8);
		this.count++;
		return NEW_NUMBER;
	}

	/**
	Adds the ids of a run as long as they have a bit. The digits become a number as those of a `NumberReader`.

	@param first - The entry in front of the first one; `last` is the one of the record behind.
	@returns The entry of the first record that has another id, or `last`.
	*/
	addRun(cells: Cells, first: usize, last: usize): usize {
		const stride = cells.stride;
		const mayHaveCarriageReturn = cells.mayHaveCarriageReturn;
		const quote = cells.quote;
		const zeros = v128.load(ZERO_DIGITS);
		const aboveNine = v128.load(ABOVE_NINE);
		const tens = v128.load(TENS);
		const hundreds = v128.load(HUNDREDS);
		// For an id of n bytes, the mask of its digits.
		const masks = KEEP_LAST - 16 * (this.prefixBytes as usize);
		const bitsStart = this.bitmap;
		const end = this.bits;
		const thePrefix = this.prefix;
		const theMask = this.prefixMask;
		const lengths = this.lengths;
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
			if (number < load<u32>(lengths + 4 * length)) break;
			const at = bitsStart + (number >> 3);
			const byte = load<u8>(at) as u32;
			const bit: u32 = 1 << (number & 7);
			if ((byte & bit) === 0) {
				store<u8>(at, (byte | bit) as u8);
				added++;
				addedBytes += length as u32;
			}
		}
		this.count += added;
		this.newBytes = addedBytes;
		return entry;
	}

	/** Learns the form of ids from one of them. Returns whether it ends in a number. */
	learn(low: u64, high: u64): bool {
		memory.fill(NUMBER_SIZES, 0, 2 * BARE);
		if (this.bits > 0) return true;
		const length = ((high >> 56) as i32) - 1;
		if (length > 15) return false;
		store<u64>(LANES, low);
		store<u64>(LANES, high, 8);
		let digits: i32 = 0;
		while (digits < length && digits < MAX_DIGITS) {
			if ((load<u8>(LANES + ((length - digits - 1) as usize)) as u64) - ZERO > 9) break;
			digits++;
		}
		this.prefixBytes = length - digits;
		if (digits === 0 || this.prefixBytes > MAX_PREFIX_BYTES) return false;
		this.prefixMask = this.prefixBytes === 8 ? ~(0 as u64) : ((1 as u64) << ((this.prefixBytes as u64) * 8)) - 1;
		this.prefix = low & this.prefixMask;
		this.fixedLength = length;
		return !this.hasQuote();
	}

	/** Looks at the key of an id in the tables. */
	survey(low: u64, high: u64): void {
		const number = this.numberOf(low, high);
		if (number !== NO_NUMBER) countSize(NUMBER_SIZES, number);
		if (this.bits > 0) return;
		const length = this.fixedLength;
		this.fixedLength = 0;
		const bare = this.numberOf(low, high);
		if (bare !== NO_NUMBER) countSize(NUMBER_SIZES + BARE, bare);
		this.fixedLength = length;
	}
	/**
	Makes room for the numbers among the ids of the tables, where that pays.

	@param ids - How many are in the tables.
	@returns Whether they are to be taken now.
	*/
	makeRoom(ids: u32): bool {
		if (this.bits > 0) {
			const log2 = this.maxBits(NUMBER_SIZES, ids);
			if (log2 === 0 || (1 as u32) << log2 <= this.bits) return false;
			this.grow((1 as u32) << log2);
			return true;
		}
		// Of 100 ids from `N0` on, `N10` and 89 more have one length, but all have no zeros in front.
		const isBare = total(NUMBER_SIZES + BARE) > total(NUMBER_SIZES);
		const log2 = this.maxBits(NUMBER_SIZES + (isBare ? BARE : 0), ids);
		if (log2 === 0) return false;
		if (isBare) this.fixedLength = 0;
		this.makeBits(log2);
		this.fillLengths();
		return true;
	}

	/** log2 of the most bits that are dense enough and hold most ids; 0 where there are none. */
	private maxBits(sizes: usize, ids: u32): i32 {
		let best: i32 = 0;
		let numbers = this.count;
		for (let zeros: i32 = 32; zeros > 0; zeros--) {
			numbers += load<u32>(sizes + 4 * (zeros as usize));
			const log2 = 32 - zeros;
			if (log2 >= FEWEST_BITS_LOG2 && isDense((1 as u32) << log2, numbers) && isMost(numbers, this.count + ids))
				best = log2;
		}
		return best;
	}

	private makeBits(log2: i32): void {
		this.bits = (1 as u32) << log2;
		this.bitmap = allocate(this.bits >> 3);
		memory.fill(this.bitmap, 0, this.bits >> 3);
	}

	/** For each length, the lowest number of an id that is so long. */
	private fillLengths(): void {
		for (let length: i32 = 0; length < 16; length++) {
			const digits = length - this.prefixBytes;
			let lowest = NO_NUMBER;
			if (this.fixedLength !== 0) lowest = length === this.fixedLength ? 0 : NO_NUMBER;
			else if (digits > 0 && digits <= MAX_DIGITS) lowest = lowestOf(digits);
			store<u32>(this.lengths + 4 * (length as usize), lowest);
		}
	}

	/** Whether the numbers of both stand for the same ids. */
	private hasFormOf(other: DenseIds): bool {
		return (
			this.prefix === other.prefix && this.prefixBytes === other.prefixBytes && this.fixedLength === other.fixedLength
		);
	}

	/**
	Gets ready for the bits of another one, where both have the same form, or there is none here.

	@param isEmpty - Whether there are no ids at all.
	@returns Whether they can be added.
	*/
	canAdd(other: DenseIds, isEmpty: bool): bool {
		if (this.bits > 0) return this.hasFormOf(other);
		if (!isEmpty) return false;
		this.prefix = other.prefix;
		this.prefixMask = other.prefixMask;
		this.prefixBytes = other.prefixBytes;
		this.fixedLength = other.fixedLength;
		this.fillLengths();
		return true;
	}

	/** Makes room for so many bits at least. Ids that stand elsewhere may have one then. */
	grow(bits: u32): void {
		const old = this.bitmap;
		const oldBytes: usize = this.bits >> 3;
		this.makeBits(32 - clz<u32>(bits - 1));
		if (oldBytes === 0) return;
		memory.copy(this.bitmap, old, oldBytes);
		release(old, oldBytes);
	}

	/** Adds all of another one, bit by bit; there is room for them. */
	addAll(other: DenseIds): void {
		this.newBytes = 0;
		for (let word: u32 = 0; word < other.bits; word += 64) {
			const at = this.bitmap + (word >> 3);
			const known = load<u64>(at);
			const added = load<u64>(other.bitmap + (word >> 3)) & ~known;
			if (added === 0) continue;
			store<u64>(at, known | added);
			this.count += popcnt<u64>(added) as u32;
			this.newBytes += this.bytesOf(word, added);
		}
	}

	/** How many bytes ids have together: those of the set bits of a word that begins at a number. */
	private bytesOf(word: u32, set: u64): u32 {
		if (this.fixedLength !== 0) return (popcnt<u64>(set) as u32) * (this.fixedLength as u32);
		let bytes: u32 = 0;
		for (let rest = set; rest !== 0; rest &= rest - 1) {
			const key = this.keyOf(word + (ctz<u64>(rest) as u32));
			bytes += (i8x16.extract_lane_u(key, 15) as u32) - 1;
		}
		return bytes;
	}
}
