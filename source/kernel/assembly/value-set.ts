// The different values of a column, see value-tables.ts: as runs and records bring them, and, in rows, those of all files together.
import {ComputedText} from './computed';
import {NO_NUMBER} from './dense-ids';
import {register} from './estimate';
import {Cells, openEntry, openedEnd, openedStart} from './fields';
import {hashKey, keyLength, LONG_KEY_TAG, longKeyAddress, reserve, SHORT_KEY_BYTES, slotHash} from './keys';
import {KEEP_FIRST, LENGTH_TAG} from './memory';
import {SLOT_BYTES, ValueTables} from './value-tables';

/** So many ids tell whether those of the next file are numbers. */
const IDS_TO_LEARN_FROM: u32 = 64;
const MAX_SKIPPED: u32 = 1024;

@unmanaged
export class ValueSet extends ValueTables {
	/** Of its program; -1 where there is none. */
	column: i32;
	/** Instead of a column: a `ComputedText`; else 0. */
	text: usize;
	/** What all files of the rows have. */
	ofRows: ValueTables;
	private skipped: u32;
	private toSkip: u32;

	create(arena: usize, maxValues: u32, maxValueBytes: u32): void {
		this.maxValues = maxValues;
		this.maxValueBytes = maxValueBytes;
		this.createTables(arena);
		this.skipped = 0;
		this.toSkip = 0;
		const ofRows = changetype<ValueTables>(reserve(arena, offsetof<ValueTables>()));
		ofRows.maxValues = maxValues;
		ofRows.maxValueBytes = maxValueBytes;
		ofRows.createTables(arena);
		this.ofRows = ofRows;
	}
	release(): void {
		this.releaseTables();
		this.ofRows.releaseTables();
	}

	/** Adds the values of the records `first` to `last` (exclusive) of a run. */
	addSpan(cells: Cells, first: i32, last: i32): void {
		const end = cells.entries + cells.stride * (last as usize);
		let entry = cells.entries + cells.stride * (first as usize);
		while (entry < end) {
			if (!this.isEstimate && this.dense.bits > 0) {
				entry = this.dense.addRun(cells, entry, end);
				this.valueBytes += this.dense.newBytes;
				if (this.isOverLimit()) this.turnIntoEstimate();
				if (entry === end) return;
			}
			entry = this.addOthers(cells, entry, end);
		}
	}

	/** The same of values that are computed. */
	addComputed(first: i32, last: i32): void {
		const text = changetype<ComputedText>(this.text);
		for (let record = first; record < last; record++) {
			this.addValue(text.startOf(record), text.endOf(record) - text.startOf(record));
		}
	}

	/** Adds values until one is a number with a bit, or all have been. Returns the entry behind. */
	private addOthers(cells: Cells, first: usize, last: usize): usize {
		const stride = cells.stride;
		const mayHaveCarriageReturn = cells.mayHaveCarriageReturn;
		const quote = cells.quote;
		const quotes = i8x16.splat(quote as u8);
		// Copies in locals, which stay in registers.
		let shift = 64 - (this.evenLog2 as u64);
		let slots = this.even;
		let sameHigh = this.evenHigh;
		let mayBeExact = !this.isEstimate;
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
					register(this.registers, hashKey(low, high));
					continue;
				}
				if (high === sameHigh && low !== 0) {
					// Two neighbours at once: to be wrong about the first would cost more than to look at the second.
					const slot = slots + (((slotHash(low, 0) >> shift) as usize) & ~1) * 8;
					if (v128.any_true(i64x2.eq(v128.load(slot), i64x2.splat(low)))) continue;
				}
				if (this.addKey(low, high)) return entry + stride;
			} else {
				openEntry(entry);
				this.addValue(openedStart(), openedEnd() - openedStart());
			}
			shift = 64 - (this.evenLog2 as u64);
			slots = this.even;
			sameHigh = this.evenHigh;
			mayBeExact = !this.isEstimate;
		}
		return last;
	}

	/** Adds all values to those of the rows. */
	addToRows(): void {
		this.learnFromSmallFile();
		const all = this.ofRows;
		const end = this.mixedEnd();
		for (let slot = this.table; slot < end; slot += SLOT_BYTES) {
			const high = load<u64>(slot, 8);
			if (high === 0) continue;
			if (high >> 56 === LONG_KEY_TAG) all.addValue(longKeyAddress(high), keyLength(high));
			else all.addKey(load<u64>(slot), high);
		}
		const evenEnd = this.evenEnd();
		for (let slot = this.even; slot < evenEnd; slot += 8) {
			const low = load<u64>(slot);
			if (low !== 0) all.addKey(low, this.evenHigh);
		}
		if (this.dense.count > 0) this.addBitsTo(all);
	}

	private addBitsTo(all: ValueTables): void {
		const dense = this.dense;
		if (!all.isEstimate && all.dense.canAdd(dense, all.count() === 0)) {
			if (all.dense.bits < dense.bits) {
				all.dense.grow(dense.bits);
				all.moveIds();
			}
			all.dense.addAll(dense);
			all.valueBytes += all.dense.newBytes;
			if (all.isOverLimit()) all.turnIntoEstimate();
			return;
		}
		for (let number = dense.next(0); number !== NO_NUMBER; number = dense.next(number + 1)) {
			const key = dense.keyOf(number);
			all.addKey(i64x2.extract_lane(key, 0) as u64, i64x2.extract_lane(key, 1) as u64);
		}
	}

	/** Tables of small files do not grow, which is when ids are tried as numbers: here it is done for the next file. */
	private learnFromSmallFile(): void {
		if (this.dense.bits > 0 || this.evenCount + this.mixedCount < IDS_TO_LEARN_FROM) return;
		if (this.skipped++ < this.toSkip) return;
		this.skipped = 0;
		this.toSkip = this.moveToBits() ? 0 : min(2 * this.toSkip + 1, MAX_SKIPPED);
	}
}

/** Writes the keys of all values that are no bits to `target`, 16 bytes each, in no order. Returns how many. */
export function collectValues(tables: ValueTables, target: usize): u32 {
	let out = target;
	const end = tables.mixedEnd();
	for (let slot = tables.table; slot < end; slot += SLOT_BYTES) {
		if (load<u64>(slot, 8) === 0) continue;
		v128.store(out, v128.load(slot));
		out += SLOT_BYTES;
	}
	const evenEnd = tables.evenEnd();
	for (let slot = tables.even; slot < evenEnd; slot += 8) {
		const low = load<u64>(slot);
		if (low === 0) continue;
		store<u64>(out, low);
		store<u64>(out, tables.evenHigh, 8);
		out += SLOT_BYTES;
	}
	return ((out - target) / SLOT_BYTES) as u32;
}
