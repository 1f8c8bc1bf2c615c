// The different values of a column: exactly, in tables of keys, until there are more than a cap; then as an estimate.
//
//   even    keys whose upper half is the same as the first key's: only the lower half is kept, 8 bytes. Ids of a column
//           mostly have one length of up to 8, and then all are here: half the memory is half the time, for what limits
//           this loop is the cache.
//   mixed   all others, 16 bytes
//
// Ids that turn out to be dense numbers move on to bits, see dense-ids.ts: a value is in one of the three places.
import {DenseIds, NEW_NUMBER, NO_NUMBER, NOT_A_NUMBER_OF_BITS} from './dense-ids';
import {createRegisters, register, releaseRegisters} from './estimate';
import {
	clearArena,
	createArena,
	hashBytes,
	hashKey,
	isSameLongKey,
	keepText,
	keyLength,
	LONG_KEY_TAG,
	longKeyHigh,
	reserve,
	SHORT_KEY_BYTES,
	shortKey,
	slotHash,
} from './keys';
import {allocate, release} from './memory';

export const SLOT_BYTES: usize = 16;
const FIRST_MIXED_LOG2: i32 = 6;
const FIRST_EVEN_LOG2: i32 = 10;
/** From here on a table of mixed keys grows to four times its size. */
const LARGE_LOG2: i32 = 15;

@unmanaged
export class ValueTables {
	maxValues: u32;
	maxValueBytes: u32;
	/** Long values. */
	texts: usize;
	table: usize;
	slotsLog2: i32;
	mixedCount: u32;
	even: usize;
	evenLog2: i32;
	evenCount: u32;
	/** The upper half of the keys in the even table; 0 before there is one. */
	evenHigh: u64;
	dense: DenseIds;
	valueBytes: u32;
	isEstimate: bool;
	/** Of the estimate; 0 before there is one. */
	registers: usize;
	/** Whether an id was found, among those that are looked at, that ends in a number. */
	private isLearned: bool;

	createTables(arena: usize): void {
		this.texts = createArena(arena);
		this.dense = changetype<DenseIds>(reserve(arena, offsetof<DenseIds>()));
		this.dense.create(arena);
		this.slotsLog2 = 0;
		this.mixedCount = 0;
		this.evenLog2 = 0;
		this.evenCount = 0;
		this.registers = 0;
		this.beginTables();
	}
	releaseTables(): void {
		clearArena(this.texts);
		this.dense.release();
		release(this.table, this.tableBytes());
		release(this.even, this.evenBytes());
		if (this.registers !== 0) releaseRegisters(this.registers);
	}
	/** Begins empty. */
	beginTables(): void {
		clearArena(this.texts);
		// Where ids are bits, the tables are as empty as they were.
		if (this.slotsLog2 !== FIRST_MIXED_LOG2 || this.mixedCount > 0) {
			if (this.slotsLog2 > 0) release(this.table, this.tableBytes());
			this.makeTable(FIRST_MIXED_LOG2);
		}
		if (this.evenLog2 !== FIRST_EVEN_LOG2 || this.evenCount > 0) {
			if (this.evenLog2 > 0) release(this.even, this.evenBytes());
			this.makeEven(FIRST_EVEN_LOG2);
		}
		this.dense.begin(this.count());
		if (this.registers !== 0) releaseRegisters(this.registers);
		this.registers = 0;
		this.evenHigh = 0;
		this.evenCount = 0;
		this.mixedCount = 0;
		this.valueBytes = 0;
		this.isEstimate = false;
	}
	count(): u32 {
		return this.evenCount + this.mixedCount + this.dense.count;
	}

	// For those who look at all values that are no bits: from slot to slot, skipping the empty ones.

	mixedEnd(): usize {
		return this.mixedCount === 0 ? this.table : this.table + this.tableBytes();
	}
	evenEnd(): usize {
		return this.evenCount === 0 ? this.even : this.even + this.evenBytes();
	}

	tableBytes(): usize {
		return SLOT_BYTES << (this.slotsLog2 as usize);
	}
	private makeTable(log2: i32): void {
		this.slotsLog2 = log2;
		this.table = allocate(this.tableBytes());
		memory.fill(this.table, 0, this.tableBytes());
	}
	evenBytes(): usize {
		return (8 as usize) << (this.evenLog2 as usize);
	}
	private makeEven(log2: i32): void {
		this.evenLog2 = log2;
		this.even = allocate(this.evenBytes());
		memory.fill(this.even, 0, this.evenBytes());
	}
	private firstEvenIndex(low: u64): usize {
		return ((slotHash(low, 0) >> (64 - (this.evenLog2 as u64))) as usize) & ~1;
	}

	private placeEven(low: u64): void {
		const mask = ((1 as usize) << (this.evenLog2 as usize)) - 1;
		let index = this.firstEvenIndex(low);
		while (load<u64>(this.even + index * 8) !== 0) index = (index + 1) & mask;
		store<u64>(this.even + index * 8, low);
	}

	private growEven(): void {
		if (this.moveToBits()) return;
		const old = this.even;
		const oldBytes = this.evenBytes();
		this.makeEven(this.evenLog2 + 1);
		for (let slot = old; slot < old + oldBytes; slot += 8) {
			const low = load<u64>(slot);
			if (low !== 0) this.placeEven(low);
		}
		release(old, oldBytes);
	}

	private addEven(low: u64): void {
		const mask = ((1 as usize) << (this.evenLog2 as usize)) - 1;
		let index = this.firstEvenIndex(low);
		while (true) {
			const slot = this.even + index * 8;
			const found = load<u64>(slot);
			if (found === low) return;
			if (found === 0) {
				store<u64>(slot, low);
				this.evenCount++;
				this.valueBytes += keyLength(this.evenHigh) as u32;
				if (this.isOverLimit()) this.turnIntoEstimate();
				else if (this.evenCount * 2 > (1 as u32) << (this.evenLog2 as u32)) this.growEven();
				return;
			}
			index = (index + 1) & mask;
		}
	}

	isOverLimit(): bool {
		return this.count() > this.maxValues || this.valueBytes > this.maxValueBytes;
	}

	/** Where a key is looked for first: at the first of two neighbours. */
	private firstIndex(low: u64, high: u64): usize {
		const hash = high >> 56 === LONG_KEY_TAG ? slotHash(low, LONG_KEY_TAG) : slotHash(low, high);
		return ((hash >> (64 - (this.slotsLog2 as u64))) as usize) & ~1;
	}

	private place(low: u64, high: u64): void {
		const mask = ((1 as usize) << (this.slotsLog2 as usize)) - 1;
		let index = this.firstIndex(low, high);
		while (load<u64>(this.table + index * SLOT_BYTES, 8) !== 0) index = (index + 1) & mask;
		store<u64>(this.table + index * SLOT_BYTES, low);
		store<u64>(this.table + index * SLOT_BYTES, high, 8);
	}

	private grow(): void {
		// Tables of 64 slots are small whatever is in them, and 32 ids tell little.
		if (this.slotsLog2 >= FIRST_EVEN_LOG2 && this.moveToBits()) return;
		const old = this.table;
		const oldBytes = this.tableBytes();
		// What was given up on the way is memory, too: of a large table a third in this way, and otherwise as much as it has.
		this.makeTable(this.slotsLog2 + (this.slotsLog2 >= LARGE_LOG2 ? 2 : 1));
		for (let slot = old; slot < old + oldBytes; slot += SLOT_BYTES) {
			const high = load<u64>(slot, 8);
			if (high !== 0) this.place(load<u64>(slot), high);
		}
		release(old, oldBytes);
	}

	/** Moves ids that are dense numbers to bits, when a table would have to grow. Returns whether there are any. */
	moveToBits(): bool {
		if (!this.surveyTables() || !this.dense.makeRoom(this.evenCount + this.mixedCount)) return false;
		this.moveIds();
		return true;
	}

	/** Moves the ids that have a bit now. */
	moveIds(): void {
		const oldEven = this.even;
		this.makeEven(this.evenLog2);
		for (let slot = oldEven; slot < oldEven + this.evenBytes(); slot += 8) {
			const low = load<u64>(slot);
			if (low === 0) continue;
			if (this.dense.add(low, this.evenHigh) === NOT_A_NUMBER_OF_BITS) this.placeEven(low);
			else this.evenCount--;
		}
		release(oldEven, this.evenBytes());
		const old = this.table;
		this.makeTable(this.slotsLog2);
		for (let slot = old; slot < old + this.tableBytes(); slot += SLOT_BYTES) {
			const low = load<u64>(slot);
			const high = load<u64>(slot, 8);
			if (high === 0) continue;
			if (this.dense.add(low, high) === NOT_A_NUMBER_OF_BITS) this.place(low, high);
			else this.mixedCount--;
		}
		release(old, this.tableBytes());
	}

	/** Shows the ids in the tables to dense-ids.ts, which learns from one of the fuller table. Returns whether it did. */
	private surveyTables(): bool {
		this.isLearned = false;
		if (this.evenCount >= this.mixedCount) {
			this.surveyEven();
			this.surveyMixed();
		} else {
			this.surveyMixed();
			this.surveyEven();
		}
		return this.isLearned;
	}

	private surveyEven(): void {
		const end = this.even + this.evenBytes();
		for (let slot = this.even; slot < end; slot += 8) {
			const low = load<u64>(slot);
			if (low !== 0) this.survey(low, this.evenHigh);
		}
	}

	private surveyMixed(): void {
		const end = this.table + this.tableBytes();
		for (let slot = this.table; slot < end; slot += SLOT_BYTES) {
			const high = load<u64>(slot, 8);
			if (high !== 0) this.survey(load<u64>(slot), high);
		}
	}

	private survey(low: u64, high: u64): void {
		if (!this.isLearned) this.isLearned = this.dense.learn(low, high);
		if (this.isLearned) this.dense.survey(low, high);
	}

	private insert(slot: usize, low: u64, high: u64): void {
		store<u64>(slot, low);
		store<u64>(slot, high, 8);
		this.mixedCount++;
		this.valueBytes += keyLength(high) as u32;
		if (this.isOverLimit()) this.turnIntoEstimate();
		else if (this.mixedCount * 2 > (1 as u32) << (this.slotsLog2 as u32)) this.grow();
	}

	turnIntoEstimate(): void {
		this.isEstimate = true;
		this.registers = createRegisters();
		const end = this.table + this.tableBytes();
		for (let slot = this.table; slot < end; slot += SLOT_BYTES) {
			const high = load<u64>(slot, 8);
			if (high !== 0) register(this.registers, hashKey(load<u64>(slot), high));
		}
		for (let slot = this.even; slot < this.even + this.evenBytes(); slot += 8) {
			const low = load<u64>(slot);
			if (low !== 0) register(this.registers, hashKey(low, this.evenHigh));
		}
		for (let number = this.dense.next(0); number !== NO_NUMBER; number = this.dense.next(number + 1)) {
			const key = this.dense.keyOf(number);
			register(this.registers, hashKey(i64x2.extract_lane(key, 0) as u64, i64x2.extract_lane(key, 1) as u64));
		}
	}

	/** Reads where a key is looked for first, so that the memory is in the cache when it is added: of many keys these reads overlap. */
	touch(low: u64, high: u64): u64 {
		if (this.isEstimate || this.dense.bits > 0) return 0;
		if (high === this.evenHigh) return load<u64>(this.even + this.firstEvenIndex(low) * 8);
		return load<u64>(this.table + this.firstIndex(low, high) * SLOT_BYTES);
	}

	/** Returns whether it has a bit. */
	addKey(low: u64, high: u64): bool {
		if (this.isEstimate) {
			register(this.registers, hashKey(low, high));
			return false;
		}
		const number = this.dense.add(low, high);
		if (number !== NOT_A_NUMBER_OF_BITS) {
			if (number === NEW_NUMBER) {
				this.valueBytes += keyLength(high) as u32;
				if (this.isOverLimit()) this.turnIntoEstimate();
			}
			return true;
		}
		if (low !== 0) {
			if (this.evenHigh === 0) this.evenHigh = high;
			if (high === this.evenHigh) {
				this.addEven(low);
				return false;
			}
		}
		const mask = ((1 as usize) << (this.slotsLog2 as usize)) - 1;
		let index = this.firstIndex(low, high);
		while (true) {
			const slot = this.table + index * SLOT_BYTES;
			const found = load<u64>(slot, 8);
			if (found === high && load<u64>(slot) === low) return false;
			if (found === 0) {
				this.insert(slot, low, high);
				return false;
			}
			index = (index + 1) & mask;
		}
	}

	/** Adds one value; an empty one is not counted. */
	addValue(start: usize, length: usize): void {
		if (length === 0) return;
		if (length <= SHORT_KEY_BYTES) {
			const key = shortKey(start, length);
			this.addKey(i64x2.extract_lane(key, 0) as u64, i64x2.extract_lane(key, 1) as u64);
			return;
		}
		const low = hashBytes(start, length);
		if (this.isEstimate) {
			register(this.registers, hashKey(low, LONG_KEY_TAG << 56));
			return;
		}
		const mask = ((1 as usize) << (this.slotsLog2 as usize)) - 1;
		let index = this.firstIndex(low, LONG_KEY_TAG << 56);
		while (true) {
			const slot = this.table + index * SLOT_BYTES;
			const found = load<u64>(slot, 8);
			if (found === 0) {
				this.insert(slot, low, longKeyHigh(keepText(this.texts, start, length), length));
				return;
			}
			if (load<u64>(slot) === low && isSameLongKey(found, start, length)) return;
			index = (index + 1) & mask;
		}
	}
}
