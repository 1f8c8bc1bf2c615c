// The smallest and the largest of some texts by their bytes. What is behind `MAX_TEXT_BYTES` does not count.
//
// A rank of eight bytes says nearly always that a text is neither:
//
//   [ the first seven bytes, in the order of a number, 7 │ length, at most 8, 1 ]      equal ranks of longer texts leave it open
import {allocate, KEEP_FIRST, release} from '../memory';
import {RANK_ORDER, REVERSE} from '../vectors';

/** As `LISTED_NAME_BYTES` of analysis/listed-name.ts. */
const MAX_TEXT_BYTES: usize = 4 * 65_536 + 4;
const RANKED_BYTES: usize = 7;
const LONG: u64 = 8;
const LENGTH_OF_RANK: u64 = 0xff;
const NONE: u64 = 0xffff_ffff_ffff_ffff;

export function rankOf(start: usize, length: usize): u64 {
	const bytes = v128.and(v128.load(start), v128.load(KEEP_FIRST + 16 * min<usize>(length, RANKED_BYTES)));
	return (
		(i64x2.extract_lane(i8x16.relaxed_swizzle(bytes, v128.load(RANK_ORDER)), 0) as u64) | min<u64>(length as u64, LONG)
	);
}

/** The same by the lower half of a short key (../keys.ts). */
export function rankOfKey(low: u64, length: usize): u64 {
	const ordered = i8x16.relaxed_swizzle(i64x2.splat(low), v128.load(RANK_ORDER));
	return (i64x2.extract_lane(ordered, 0) as u64) | min<u64>(length as u64, LONG);
}

@unmanaged
export class KeptText {
	rank: u64;
	text: usize;
	length: usize;
	capacity: usize;

	create(): void {
		this.capacity = 0;
	}
	release(): void {
		if (this.capacity > 0) release(this.text, this.capacity);
		this.capacity = 0;
	}
	keep(start: usize, length: usize, rank: u64): void {
		if (length > this.capacity) {
			this.release();
			this.capacity = length;
			this.text = allocate(length);
		}
		memory.copy(this.text, start, length);
		this.length = length;
		this.rank = rank;
	}
	/** Below 0 where a text is smaller. */
	compare(start: usize, length: usize, rank: u64): i32 {
		if (rank !== this.rank) return rank < this.rank ? -1 : 1;
		const order = memory.compare(start, this.text, min(length, this.length));
		return order !== 0 ? order : length < this.length ? -1 : ((length > this.length) as i32);
	}
}

@unmanaged
export class TextRange {
	/** A text whose rank is one of these, from the first one on, is neither the smallest nor the largest. */
	innerFrom: u64;
	innerSpan: u64;
	isEmpty: bool;
	smallest: KeptText;
	largest: KeptText;

	create(smallest: KeptText, largest: KeptText): void {
		this.smallest = smallest;
		this.largest = largest;
		smallest.create();
		largest.create();
		this.begin();
	}
	release(): void {
		this.smallest.release();
		this.largest.release();
	}
	begin(): void {
		this.isEmpty = true;
		this.innerFrom = NONE;
		this.innerSpan = 0;
	}

	add(start: usize, wholeLength: usize): void {
		const length = min(wholeLength, MAX_TEXT_BYTES);
		const rank = rankOf(start, length);
		if (!this.isEmpty && rank - this.innerFrom <= this.innerSpan) return;
		const isSmallest = this.isEmpty || this.smallest.compare(start, length, rank) < 0;
		const isLargest = this.isEmpty || this.largest.compare(start, length, rank) > 0;
		if (isSmallest) this.smallest.keep(start, length, rank);
		if (isLargest) this.largest.keep(start, length, rank);
		if (!isSmallest && !isLargest) return;
		this.isEmpty = false;
		const from = this.smallest.rank + (isLong(this.smallest.rank) as u64);
		const to = this.largest.rank - (isLong(this.largest.rank) as u64);
		const hasInner = from <= to;
		this.innerFrom = hasInner ? from : NONE;
		this.innerSpan = hasInner ? to - from : 0;
	}
}

/** Adds cells that are not empty. First those are found that are the smallest and the largest of them, as far as 16 bytes say. */
export function addToRange(range: TextRange, entries: usize, last: usize, stride: usize): void {
	let smallHigh: u64 = NONE;
	let smallLow: u64 = NONE;
	let largeHigh: u64 = 0;
	let largeLow: u64 = 0;
	let smallLength: usize = 0;
	let largeLength: usize = 0;
	let small: usize = 0;
	let large: usize = 0;
	for (let entry = entries; entry < last; entry += stride) {
		const start = (load<u32>(entry) as usize) + 1;
		const length = (load<u32>(entry, 4) as usize) - start;
		if (length === 0) continue;
		const bytes = v128.and(v128.load(start), v128.load(KEEP_FIRST + 16 * min<usize>(length, 16)));
		const ordered = i8x16.relaxed_swizzle(bytes, v128.load(REVERSE));
		const high = i64x2.extract_lane(ordered, 1) as u64;
		const low = i64x2.extract_lane(ordered, 0) as u64;
		const isSmallest = high < smallHigh || (high === smallHigh && low < smallLow);
		const isLargest = high > largeHigh || (high === largeHigh && low > largeLow);
		// Those that are equal so far are compared as a whole.
		const isSame =
			(high === smallHigh && low === smallLow && (length > 16 || length !== smallLength)) ||
			(high === largeHigh && low === largeLow && (length > 16 || length !== largeLength));
		if (isSame) addCell(range, entry);
		if (isSmallest) {
			smallLength = length;
			smallHigh = high;
			smallLow = low;
			small = entry;
		}
		if (isLargest) {
			largeLength = length;
			largeHigh = high;
			largeLow = low;
			large = entry;
		}
	}
	if (small !== 0) addCell(range, small);
	if (large !== 0) addCell(range, large);
}

function addCell(range: TextRange, entry: usize): void {
	const start = (load<u32>(entry) as usize) + 1;
	range.add(start, (load<u32>(entry, 4) as usize) - start);
}

function isLong(rank: u64): bool {
	return (rank & LENGTH_OF_RANK) === LONG;
}
