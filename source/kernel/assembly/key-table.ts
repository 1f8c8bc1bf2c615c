// A table of keys, each with a slot of its own:
//
//   slot:   [ key, 16 │ whatever is kept of it ]         it never moves
//   list:   [ slot, 4 ]         of each key, in the order in which they came
//   table:  [ slot, or 0, 4 ]   open addressing with linear probing; it grows
//
// Slots lie side by side in blocks of memory, so a table that is mostly empty takes little of it, and so does its growth.
import {makeRoomForGroups} from './host';
import {
	clearArena,
	createArena,
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
import {allocate, release} from './memory';
import {createRawFields, forgetFields, releaseRawFields} from './raw-fields';

/** More than a column of groups mostly needs, so that two of them hardly meet; and where three do, it grows up to there. */
const FIRST_PLACES_LOG2: i32 = 8;
const MAX_SPARSE_LOG2: i32 = 10;
/** A table of more places is one that the host wants to be asked for. */
const LARGE_LOG2: i32 = 14;
export const PLACE_BYTES: usize = 4;

export function keyText(slot: usize): usize {
	const high = load<u64>(slot, 8);
	return high >> 56 === LONG_KEY_TAG ? longKeyAddress(high) : slot;
}
export function keyBytes(slot: usize): usize {
	return keyLength(load<u64>(slot, 8));
}

@unmanaged
export class KeyTable {
	maxKeys: u32;
	maxKeyBytes: u32;
	slotBytes: usize;
	/** Arenas. */
	texts: usize;
	slots: usize;
	/** Fields that were looked up last, see raw-fields.ts. */
	rawFields: usize;
	table: usize;
	placesLog2: i32;
	list: usize;
	count: u32;
	keyBytes: u32;

	createKeys(arena: usize): void {
		this.texts = createArena(arena);
		this.slots = createArena(arena);
		this.rawFields = createRawFields();
		this.placesLog2 = 0;
	}
	releaseKeys(): void {
		this.forgetKeys();
		releaseRawFields(this.rawFields);
	}
	/** Gives all memory back that grows with the keys. */
	forgetKeys(): void {
		if (this.placesLog2 > 0) {
			release(this.table, this.tableBytes());
			release(this.list, this.listBytes());
			this.placesLog2 = 0;
		}
		clearArena(this.texts);
		clearArena(this.slots);
		forgetFields(this.rawFields);
		this.count = 0;
		this.keyBytes = 0;
	}
	/** Begins empty. */
	beginKeys(slotBytes: usize): void {
		this.forgetKeys();
		this.slotBytes = slotBytes;
		this.makeTable(FIRST_PLACES_LOG2);
		this.list = allocate(this.listBytes());
	}

	/** The slots of the keys, from 0 on, in the order in which they came. */
	slotAt(key: u32): usize {
		return load<u32>(this.list + 4 * (key as usize)) as usize;
	}

	tableBytes(): usize {
		return PLACE_BYTES << (this.placesLog2 as usize);
	}
	/** Of a table that is half full at most. */
	private listBytes(): usize {
		return 2 << (this.placesLog2 as usize);
	}
	private makeTable(log2: i32): void {
		this.placesLog2 = log2;
		this.table = allocate(this.tableBytes());
		memory.fill(this.table, 0, this.tableBytes());
	}
	/** The upper bits of a hash choose a pair of neighbours. */
	pairShift(): u64 {
		return 65 - (this.placesLog2 as u64);
	}
	/** Where a key is looked for first: at the first of two neighbours. The address in a long key is not what it is about. */
	private firstPlace(low: u64, high: u64): usize {
		const hash = high >> 56 === LONG_KEY_TAG ? slotHash(low, LONG_KEY_TAG) : slotHash(low, high);
		return this.table + placeOf(hash, this.pairShift());
	}
	private placeBehind(place: usize): usize {
		return this.table + ((place + PLACE_BYTES - this.table) & (this.tableBytes() - 1));
	}

	private grow(): void {
		if (this.placesLog2 >= LARGE_LOG2) makeRoomForGroups((1 as u32) << (this.placesLog2 as u32));
		const oldList = this.list;
		const oldListBytes = this.listBytes();
		// All that is needed is in the list; the next one of it can be where the table was.
		release(this.table, this.tableBytes());
		this.makeTable(this.placesLog2 + 1);
		this.list = allocate(this.listBytes());
		memory.copy(this.list, oldList, 4 * (this.count as usize));
		release(oldList, oldListBytes);
		for (let key: u32 = 0; key < this.count; key++) {
			const slot = this.slotAt(key);
			let place = this.firstPlace(load<u64>(slot), load<u64>(slot, 8));
			while (load<u32>(place) !== 0) place = this.placeBehind(place);
			store<u32>(place, slot as u32);
		}
	}

	/** Makes a new slot, of which an empty place is to know; 0 where there are too many. All but its key is zero. */
	private insert(emptyPlace: usize, low: u64, high: u64): usize {
		this.keyBytes += keyLength(high) as u32;
		if (this.count === this.maxKeys || this.keyBytes > this.maxKeyBytes) return 0;
		const slot = reserve(this.slots, this.slotBytes);
		memory.fill(slot, 0, this.slotBytes);
		store<u64>(slot, low);
		store<u64>(slot, high, 8);
		store<u32>(emptyPlace, slot as u32);
		store<u32>(this.list + 4 * (this.count as usize), slot as u32);
		this.count++;
		// Less than half full, so that probing stays short; and while the table is small, all keys are where they are looked for first.
		while (
			this.count * 2 >= (1 as u32) << (this.placesLog2 as u32) ||
			(this.placesLog2 < MAX_SPARSE_LOG2 && this.isFar(slot, low, high))
		)
			this.grow();
		return slot;
	}

	/** Whether a slot is neither where it is looked for first nor right behind. */
	private isFar(slot: usize, low: u64, high: u64): bool {
		const place = this.firstPlace(low, high);
		return load<u32>(place) !== (slot as u32) && load<u32>(place, PLACE_BYTES) !== (slot as u32);
	}

	/** The slot of a key that is equal when its 16 bytes are; 0 where there are too many. */
	private findShort(low: u64, high: u64): usize {
		let place = this.firstPlace(low, high);
		while (true) {
			const slot = load<u32>(place) as usize;
			if (slot === 0) return this.insert(place, low, high);
			if (load<u64>(slot, 8) === high && load<u64>(slot) === low) return slot;
			place = this.placeBehind(place);
		}
	}

	/** The slot of a text; 0 where there are too many. */
	find(start: usize, length: usize): usize {
		if (length <= SHORT_KEY_BYTES) {
			const key = shortKey(start, length);
			return this.findShort(i64x2.extract_lane(key, 0) as u64, i64x2.extract_lane(key, 1) as u64);
		}
		const low = hashBytes(start, length);
		let place = this.firstPlace(low, LONG_KEY_TAG << 56);
		while (true) {
			const slot = load<u32>(place) as usize;
			if (slot === 0) return this.insert(place, low, longKeyHigh(keepText(this.texts, start, length), length));
			if (load<u64>(slot) === low && isSameLongKey(load<u64>(slot, 8), start, length)) return slot;
			place = this.placeBehind(place);
		}
	}
}

export function placeOf(hash: u64, shift: u64): usize {
	return ((hash >> shift) as usize) * (2 * PLACE_BYTES);
}
