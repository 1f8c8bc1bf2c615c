// How often each value of a column is there: a table of keys (../keys.ts) with a number of cells for each.
//
//   slot:   [ key, 16 │ cells, 8 │ number of its places, 4 │ nothing, 4 ]      open addressing with linear probing
//   texts:  the long values, one after the other; a long key has its place among them, because they move as they grow
//   places: where the first cells of each value are, where that is kept, as in places.ts; numbered from 1 in the order in which values came
import {
	hashBytes,
	keyLength,
	LONG_KEY_TAG,
	longKeyAddress,
	longKeyHigh,
	SHORT_KEY_BYTES,
	shortKey,
	slotHash,
} from '../keys';
import {allocate, KEEP_FIRST, LENGTH_TAG, release} from '../memory';
import {insertPlace, MAX_PLACES, PLACES_BYTES, placeAt} from './places';

export const VALUE_BYTES: usize = 32;
/** Where the number of cells is in a slot. */
export const CELLS_OF_VALUE: usize = 16;
const NUMBER_OF_PLACES: usize = 24;
/** The smallest block of memory. */
const FIRST_PLACES_LOG2: u64 = 7;
/**
Up to there a table grows until all values are where they are looked for first, and is a quarter full at most. Then it may be a little
more than half full, so that it does not grow for the one value that is more than 2^14.
*/
const NEAR_PLACES_LOG2: u64 = 10;
const SPARSE_PLACES_LOG2: u64 = 13;
const FIRST_TEXT_BYTES: usize = 4096;
const FIRST_PLACES_BYTES: usize = 4096;
/** Texts are read 16 bytes at a time. */
const PADDING_BYTES: usize = 64;

@unmanaged
export class ValueCounts {
	table: usize;
	placesLog2: u64;
	texts: usize;
	textCapacity: usize;
	textBytes: usize;
	/** Different values, and the bytes of all of them. */
	count: u32;
	bytes: u32;
	places: usize;
	placeCapacity: usize;

	/** To be called once, when it is new. */
	create(): void {
		this.placesLog2 = 0;
		this.texts = 0;
		this.textCapacity = 0;
		this.places = 0;
		this.placeCapacity = 0;
		this.begin();
	}
	release(): void {
		if (this.placesLog2 > 0) release(this.table, this.tableBytes());
		if (this.textCapacity > 0) release(this.texts, this.textCapacity);
		if (this.placeCapacity > 0) release(this.places, this.placeCapacity);
		this.placesLog2 = 0;
		this.textCapacity = 0;
		this.placeCapacity = 0;
	}
	/** Begins empty. */
	begin(): void {
		if (this.placesLog2 !== FIRST_PLACES_LOG2) {
			this.release();
			this.makeTable(FIRST_PLACES_LOG2);
		} else if (this.count > 0) memory.fill(this.table, 0, this.tableBytes());
		this.textBytes = 0;
		this.count = 0;
		this.bytes = 0;
	}

	tableBytes(): usize {
		return VALUE_BYTES << (this.placesLog2 as usize);
	}
	private makeTable(log2: u64): void {
		this.placesLog2 = log2;
		this.table = allocate(this.tableBytes());
		memory.fill(this.table, 0, this.tableBytes());
	}

	textOf(slot: usize): usize {
		const high = load<u64>(slot, 8);
		return high >> 56 === LONG_KEY_TAG ? this.texts + longKeyAddress(high) : slot;
	}

	/** Adds cells of a value. Returns its slot. */
	add(start: usize, length: usize, cells: u64): usize {
		const slot = this.find(start, length);
		store<u64>(slot, load<u64>(slot, CELLS_OF_VALUE) + cells, CELLS_OF_VALUE);
		return slot;
	}

	/** Whether places are needed of cells that have been added to a slot, and come behind all others. */
	needsPlaces(slot: usize, cells: u64): bool {
		return load<u64>(slot, CELLS_OF_VALUE) - cells < (MAX_PLACES as u64);
	}

	/**
	Adds the first places of cells that have been added to a slot. The first time it is to be called as soon as the value is there.

	@param count - As many as there are cells, or `MAX_PLACES`.
	*/
	addPlaces(slot: usize, cells: u64, places: usize, count: i32): void {
		let number = load<u32>(slot, NUMBER_OF_PLACES);
		if (number === 0) {
			number = this.count;
			if (PLACES_BYTES * (number as usize) > this.placeCapacity) this.growPlaces();
			store<u32>(slot, number, NUMBER_OF_PLACES);
		}
		const own = this.placesOf(slot);
		let known = min<u64>(load<u64>(slot, CELLS_OF_VALUE) - cells, MAX_PLACES as u64) as i32;
		for (let index: i32 = 0; index < count; index++) known = insertPlace(own, known, placeAt(places, index));
	}

	/** Adds the cells of a slot of another table, with their places. */
	addSlot(other: ValueCounts, slot: usize): void {
		const cells = load<u64>(slot, CELLS_OF_VALUE);
		const count = min<u64>(cells, MAX_PLACES as u64) as i32;
		const own = this.add(other.textOf(slot), keyLength(load<u64>(slot, 8)), cells);
		this.addPlaces(own, cells, other.placesOf(slot), count);
	}

	/** Gives all away, in a table that is to be released by `releaseTaken`, and begins empty. */
	take(): ValueCounts {
		const taken = changetype<ValueCounts>(allocate(offsetof<ValueCounts>()));
		memory.copy(changetype<usize>(taken), changetype<usize>(this), offsetof<ValueCounts>());
		this.create();
		return taken;
	}
	releaseTaken(): void {
		this.release();
		release(changetype<usize>(this), offsetof<ValueCounts>());
	}

	/** Where the places of a value are: as many as it has cells, or `MAX_PLACES`. */
	placesOf(slot: usize): usize {
		return this.places + PLACES_BYTES * ((load<u32>(slot, NUMBER_OF_PLACES) - 1) as usize);
	}

	private growPlaces(): void {
		const bytes = max<usize>(2 * this.placeCapacity, FIRST_PLACES_BYTES);
		const grown = allocate(bytes);
		memory.copy(grown, this.places, this.placeCapacity);
		if (this.placeCapacity > 0) release(this.places, this.placeCapacity);
		this.places = grown;
		this.placeCapacity = bytes;
	}

	private find(start: usize, length: usize): usize {
		if (length <= SHORT_KEY_BYTES) {
			const key = shortKey(start, length);
			const slot = this.placeOf(i64x2.extract_lane(key, 0) as u64, i64x2.extract_lane(key, 1) as u64, 0);
			if (load<u64>(slot, 8) !== 0) return slot;
			v128.store(slot, key);
			return this.insert(slot, length, start);
		}
		const low = hashBytes(start, length);
		const slot = this.placeOf(low, longKeyHigh(0, length), start);
		if (load<u64>(slot, 8) !== 0) return slot;
		store<u64>(slot, low);
		store<u64>(slot, longKeyHigh(this.keepText(start, length), length), 8);
		return this.insert(slot, length, start);
	}

	/** Makes a place a value's own. Returns where the value is then, for the table may grow. */
	private insert(slot: usize, length: usize, text: usize): usize {
		this.count++;
		this.bytes += length as u32;
		const low = load<u64>(slot);
		const high = load<u64>(slot, 8);
		let place = slot;
		while (this.isTight(place, low, high)) {
			this.grow();
			place = this.placeOf(low, high, text);
		}
		return place;
	}

	private isTight(slot: usize, low: u64, high: u64): bool {
		const places = (1 as u32) << (this.placesLog2 as u32);
		if (this.placesLog2 < NEAR_PLACES_LOG2) {
			const first = this.table + firstPlace(hashOf(low, high), this.placesLog2);
			return this.count * 4 > places || slot - first > VALUE_BYTES;
		}
		return this.placesLog2 < SPARSE_PLACES_LOG2 ? this.count * 4 > places : this.count * 16 > places * 9;
	}

	/** Where a key is, or may be put. @param text - Of a long key. */
	private placeOf(low: u64, high: u64, text: usize): usize {
		const isLong = high >> 56 === LONG_KEY_TAG;
		const end = this.table + this.tableBytes();
		let slot = this.table + firstPlace(hashOf(low, high), this.placesLog2);
		while (true) {
			const found = load<u64>(slot, 8);
			if (found === 0) return slot;
			if (load<u64>(slot) === low) {
				if (isLong ? this.isLongKey(found, high, text) : found === high) return slot;
			}
			slot += VALUE_BYTES;
			if (slot === end) slot = this.table;
		}
	}

	private isLongKey(found: u64, high: u64, text: usize): bool {
		if (found >> 56 !== LONG_KEY_TAG || keyLength(found) !== keyLength(high)) return false;
		return memory.compare(this.texts + longKeyAddress(found), text, keyLength(high)) === 0;
	}

	private grow(): void {
		const old = this.table;
		const oldBytes = this.tableBytes();
		this.makeTable(this.placesLog2 + 1);
		for (let slot = old; slot < old + oldBytes; slot += VALUE_BYTES) {
			const high = load<u64>(slot, 8);
			if (high === 0) continue;
			const place = this.placeOf(load<u64>(slot), high, this.textOf(slot));
			v128.store(place, v128.load(slot));
			v128.store(place, v128.load(slot, CELLS_OF_VALUE), CELLS_OF_VALUE);
		}
		release(old, oldBytes);
	}

	/** Returns its place among the texts. */
	private keepText(start: usize, length: usize): usize {
		const place = this.textBytes;
		const needed = place + length + PADDING_BYTES;
		if (needed > this.textCapacity) {
			const old = this.texts;
			const oldCapacity = this.textCapacity;
			this.textCapacity = max<usize>(2 * needed, FIRST_TEXT_BYTES);
			this.texts = allocate(this.textCapacity);
			memory.copy(this.texts, old, place);
			if (oldCapacity > 0) release(old, oldCapacity);
		}
		memory.copy(this.texts + place, start, length);
		this.textBytes = place + length;
		return place;
	}
}

/** The place in a long key is not what it is about. */
function hashOf(low: u64, high: u64): u64 {
	return slotHash(low, high >> 56 === LONG_KEY_TAG ? LONG_KEY_TAG : high);
}

/** The upper bits of a hash choose a pair of neighbours. */
function firstPlace(hash: u64, placesLog2: u64): usize {
	return ((hash >> (65 - placesLog2)) as usize) * (2 * VALUE_BYTES);
}

// Type arguments that say what is kept of a value: the compiler makes a loop for each, in which `sizeof` is known.
export type Counts = u8;
export type CountsAndPlaces = u16;

/**
Counts cells as long as they are short, known, and where they are looked for first; those whose places are not needed, too. It calls
nothing.

@returns The first entry whose cell is none of these.
*/
export function countKnown<Kept>(values: ValueCounts, entries: usize, last: usize, stride: usize): usize {
	const table = values.table;
	const placesLog2 = values.placesLog2;
	let entry = entries;
	for (; entry < last; entry += stride) {
		const start = (load<u32>(entry) as usize) + 1;
		const length = (load<u32>(entry, 4) as usize) - start;
		if (length > SHORT_KEY_BYTES) break;
		const text = v128.and(v128.load(start), v128.load(KEEP_FIRST + 16 * length));
		const key = v128.or(text, v128.load(LENGTH_TAG + 16 * length));
		const hash = slotHash(i64x2.extract_lane(key, 0) as u64, i64x2.extract_lane(key, 1) as u64);
		const pair = table + firstPlace(hash, placesLog2);
		// Two neighbours at once: to be wrong about the first would cost more than to look at the second.
		const isFirst = (i64x2.bitmask(i64x2.eq(v128.load(pair), key)) + 1) >> 2;
		const isSecond = (i64x2.bitmask(i64x2.eq(v128.load(pair, VALUE_BYTES), key)) + 1) >> 2;
		if ((isFirst | isSecond) === 0) break;
		const slot = pair + VALUE_BYTES * (isSecond as usize);
		const cells = load<u64>(slot, CELLS_OF_VALUE);
		if (sizeof<Kept>() === sizeof<CountsAndPlaces>() && cells < (MAX_PLACES as u64)) break;
		store<u64>(slot, cells + 1, CELLS_OF_VALUE);
	}
	return entry;
}
