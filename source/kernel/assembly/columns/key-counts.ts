// How many keys come again, of records or of the cells of a column, as in analysis/quality/key-counts.ts: the different keys, and a sample
// of them with exact counts and places. The sample has some more keys than are wanted, which the host leaves out.
//
// The keys of a portion are made first, then looked for:
//
//   entry   [ key, 16 │ where its text is, 4 │ length, 4 │ entry of a cell of its record, 4 │ nothing, 4 ]
import {register} from '../estimate';
import {takeKeys} from '../host';
import {hashKey, keyLength, LONG_KEY_TAG, reserve, SHORT_KEY_BYTES, shortKey} from '../keys';
import {allocate} from '../memory';
import {ValueTables} from '../value-tables';
import {HASH_LIMIT, sampledHash} from './cell-sample';
import {placesOf} from './places';
import {MAX_PORTION} from './plain-cells';
import {hashText, highOfKey, lowOfKey} from './record-key';
import {isMissing} from './text-cells';
import {VALUE_BYTES, ValueCounts} from './value-counts';

export const OF_RECORDS: u32 = 0;
export const OF_CELLS: u32 = 1;

const ENTRY_BYTES: usize = 32;
const TEXT: usize = 16;
const LENGTH: usize = 20;
const CELL: usize = 24;

/** With more bytes of long cells the host takes them. */
const MAX_SAMPLED_BYTES: u32 = 1 << 20;
/** Of a histogram of hashes. */
const BINS: usize = 1024;

let portion: usize = 0;
let portionEnd: usize = 0;
let bins: usize = 0;

@unmanaged
export class KeyCounts {
	/** Of what, and of which analysis. */
	kind: u32;
	owner: u32;
	/** All that have one. */
	count: u64;
	values: ValueTables;
	/** Keys of records, or cells, whose keys have a hash below the limit. */
	sample: ValueCounts;
	limit: u64;
	maxSampled: u32;

	create(arena: usize, kind: u32, owner: u32, maxValues: u32, maxValueBytes: u32, maxSampled: u32): void {
		if (portion === 0) {
			portion = allocate(ENTRY_BYTES * (MAX_PORTION as usize));
			bins = allocate(4 * BINS);
		}
		this.kind = kind;
		this.owner = owner;
		this.maxSampled = maxSampled;
		this.values = changetype<ValueTables>(reserve(arena, offsetof<ValueTables>()));
		this.values.maxValues = maxValues;
		this.values.maxValueBytes = maxValueBytes;
		this.values.createTables(arena);
		this.sample = changetype<ValueCounts>(reserve(arena, offsetof<ValueCounts>()));
		this.sample.create();
		this.begin();
	}
	release(): void {
		this.values.releaseTables();
		this.sample.release();
	}
	/** Begins empty. */
	begin(): void {
		this.count = 0;
		this.limit = HASH_LIMIT;
		this.values.beginTables();
		this.sample.begin();
	}

	/** Adds the cells of a portion that have a value. */
	addCells(entries: usize, last: usize, stride: usize): void {
		beginPortion();
		for (let entry = entries; entry < last; entry += stride) {
			const start = (load<u32>(entry) as usize) + 1;
			const length = (load<u32>(entry, 4) as usize) - start;
			if (!isMissing(start, length)) addCell(entry, start, length);
		}
		this.addPortion();
	}

	/** Adds what has been put into the portion. */
	addPortion(): void {
		this.count += ((portionEnd - portion) / ENTRY_BYTES) as u64;
		const values = this.values;
		if (values.isEstimate) {
			this.estimatePortion();
			return;
		}
		let read: u64 = 0;
		for (let at = portion; at < portionEnd; at += ENTRY_BYTES) read ^= values.touch(load<u64>(at), load<u64>(at, 8));
		// Or else the compiler would leave them out.
		store<u64>(bins, read);
		for (let at = portion; at < portionEnd; at += ENTRY_BYTES) {
			const low = load<u64>(at);
			const high = load<u64>(at, 8);
			values.addKey(low, high);
			if (sampledHash(hashKey(low, high)) < this.limit) this.addSampled(at);
		}
	}

	/** The same in a loop of its own: past the cap a key is only hashed. */
	private estimatePortion(): void {
		const registers = this.values.registers;
		for (let at = portion; at < portionEnd; at += ENTRY_BYTES) {
			const hash = hashKey(load<u64>(at), load<u64>(at, 8));
			register(registers, hash);
			if (sampledHash(hash) < this.limit) this.addSampled(at);
		}
	}

	private addSampled(at: usize): void {
		const sample = this.sample;
		const slot = sample.add(load<u32>(at, TEXT) as usize, load<u32>(at, LENGTH) as usize, 1);
		if (sample.needsPlaces(slot, 1)) sample.addPlaces(slot, 1, placesOf(load<u32>(at, CELL) as usize), 1);
		if (sample.bytes >= MAX_SAMPLED_BYTES) this.give();
		else if (sample.count > 2 * this.maxSampled) this.thin();
	}

	/** Gives the host what it does not have yet of the sample. */
	give(): void {
		this.limit = min(this.limit, takeKeys(this.owner, this.kind) as u64);
		this.sample.begin();
	}

	/** Leaves out what is surely not wanted. More keys than are wanted stay: the first one of the others sets the limit. */
	private thin(): void {
		const sample = this.sample;
		const scale = (BINS as f64) / (this.limit as f64);
		const end = sample.table + sample.tableBytes();
		memory.fill(bins, 0, 4 * BINS);
		for (let slot = sample.table; slot < end; slot += VALUE_BYTES) {
			if (load<u64>(slot, 8) === 0) continue;
			const bin = bins + 4 * binOf(hashOf(sample, slot), scale);
			store<u32>(bin, load<u32>(bin) + 1);
		}
		let kept: usize = 0;
		let count: u32 = 0;
		while (kept < BINS && count <= this.maxSampled) count += load<u32>(bins + 4 * kept++);
		this.keepBins(kept, scale);
	}

	private keepBins(kept: usize, scale: f64): void {
		const all = this.sample.take();
		const end = all.table + all.tableBytes();
		let least = this.limit;
		for (let slot = all.table; slot < end; slot += VALUE_BYTES) {
			const high = load<u64>(slot, 8);
			if (high === 0) continue;
			const hash = hashOf(all, slot);
			if (binOf(hash, scale) < kept) this.sample.addSlot(all, slot);
			else least = min(least, hash);
		}
		this.limit = least;
		all.releaseTaken();
	}
}

/** Of the key of a sampled record or cell. */
function hashOf(sample: ValueCounts, slot: usize): u64 {
	const high = load<u64>(slot, 8);
	if (high >> 56 !== LONG_KEY_TAG) return sampledHash(hashKey(load<u64>(slot), high));
	hashText(sample.textOf(slot), keyLength(high));
	return sampledHash(hashKey(lowOfKey(), highOfKey()));
}

function binOf(hash: u64, scale: f64): usize {
	return min<usize>(((hash as f64) * scale) as usize, BINS - 1);
}

export function beginPortion(): void {
	portionEnd = portion;
}

/** Adds the key of a record, which was made last. @param entry - Of any cell of it. */
export function addRecordKey(entry: usize): void {
	const at = portionEnd;
	store<u64>(at, lowOfKey());
	store<u64>(at, highOfKey(), 8);
	// It is its own text.
	endEntry(entry, at, SHORT_KEY_BYTES);
}

function addCell(entry: usize, start: usize, length: usize): void {
	if (length <= SHORT_KEY_BYTES) v128.store(portionEnd, shortKey(start, length));
	else {
		hashText(start, length);
		store<u64>(portionEnd, lowOfKey());
		store<u64>(portionEnd, highOfKey(), 8);
	}
	endEntry(entry, start, length);
}

function endEntry(entry: usize, text: usize, length: usize): void {
	store<u32>(portionEnd, text as u32, TEXT);
	store<u32>(portionEnd, length as u32, LENGTH);
	store<u32>(portionEnd, entry as u32, CELL);
	portionEnd += ENTRY_BYTES;
}
