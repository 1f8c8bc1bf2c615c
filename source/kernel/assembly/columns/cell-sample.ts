// The sample of a column: the cells of the records with the smallest hashes of their places. As in
// analysis/position-sample.ts, but with some more entries, which the host leaves out:
//
//   entry:  [ hash, 8 │ where its text is, 4 │ length, 4 ]      in the order in which they came
//   texts:  one after the other, in the same order
//
// When there are twice as many as wanted, a histogram of the hashes says up to which one they are kept.
import {allocate, release} from '../memory';

/** Hashes of places are below. */
export const HASH_LIMIT: u64 = (1 as u64) << 52;

/** Those bits of a mixed word that are looked at: see `hashPosition` of analysis/position-sample.ts. */
export function sampledHash(mixed: u64): u64 {
	return ((mixed >> 44) << 32) | (mixed & 0xffff_ffff);
}
const ENTRY_BYTES: usize = 16;
const TEXT: usize = 8;
const LENGTH: usize = 12;
const FIRST_CAPACITY: usize = 4096;
/** Of the histogram: how many entries, and how many bytes of text. */
const BINS: usize = 1024;
const BIN_BYTES: usize = 8;
/** More than are wanted, for entries may be equal, and the first one that is left out sets the limit. */
const SPARE_ENTRIES: u32 = 16;

/** Texts are written 16 bytes at a time. */
const PADDING_BYTES: usize = 16;

let bins: usize = 0;

@unmanaged
export class CellSample {
	/** Entries with this hash or a larger one are not wanted. */
	limit: u64;
	entries: usize;
	entryCapacity: usize;
	count: u32;
	texts: usize;
	textCapacity: usize;
	textBytes: usize;
	maxEntries: u32;
	maxBytes: usize;
	maxTextBytes: usize;

	create(maxEntries: u32, maxBytes: u32, maxTextBytes: u32): void {
		this.maxEntries = maxEntries;
		this.maxBytes = maxBytes as usize;
		this.maxTextBytes = maxTextBytes as usize;
		this.entries = 0;
		this.entryCapacity = 0;
		this.texts = 0;
		this.textCapacity = 0;
		this.begin();
	}
	release(): void {
		if (this.entryCapacity > 0) release(this.entries, this.entryCapacity);
		if (this.textCapacity > 0) release(this.texts, this.textCapacity);
		this.entryCapacity = 0;
		this.textCapacity = 0;
	}
	begin(): void {
		this.limit = HASH_LIMIT;
		this.count = 0;
		this.textBytes = 0;
	}

	/** Adds a cell whose hash is below the limit. */
	add(hash: u64, start: usize, wholeLength: usize): void {
		const length = min(wholeLength, this.maxTextBytes);
		const entryBytes = ENTRY_BYTES * (this.count as usize);
		if (entryBytes === this.entryCapacity) this.growEntries();
		if (this.textBytes + length + PADDING_BYTES > this.textCapacity) this.growTexts(length);
		const entry = this.entries + entryBytes;
		store<u64>(entry, hash);
		store<u32>(entry, this.textBytes as u32, TEXT);
		store<u32>(entry, length as u32, LENGTH);
		copyText(this.texts + this.textBytes, start, length);
		this.textBytes += length;
		this.count++;
		if (this.count > 2 * (this.maxEntries + SPARE_ENTRIES) || this.textBytes > 2 * this.maxBytes + this.maxTextBytes)
			this.thin();
	}

	private growEntries(): void {
		const bytes = max(FIRST_CAPACITY, 2 * this.entryCapacity);
		const grown = allocate(bytes);
		memory.copy(grown, this.entries, this.entryCapacity);
		if (this.entryCapacity > 0) release(this.entries, this.entryCapacity);
		this.entries = grown;
		this.entryCapacity = bytes;
	}

	private growTexts(more: usize): void {
		const bytes = max(FIRST_CAPACITY, 2 * (this.textBytes + more + PADDING_BYTES));
		const grown = allocate(bytes);
		memory.copy(grown, this.texts, this.textBytes);
		if (this.textCapacity > 0) release(this.texts, this.textCapacity);
		this.texts = grown;
		this.textCapacity = bytes;
	}

	/**
	Writes entries in another order: where each text ends, as words to `ends`, and the texts to `texts`, with up to 15 bytes behind them.

	@param order - Their places, as words.
	*/
	pack(order: usize, count: u32, ends: usize, texts: usize): void {
		let end: usize = 0;
		for (let index: usize = 0; index < (count as usize); index++) {
			const entry = this.entries + ENTRY_BYTES * (load<u32>(order + 4 * index) as usize);
			const length = load<u32>(entry, LENGTH) as usize;
			copyText(texts + end, this.texts + (load<u32>(entry, TEXT) as usize), length);
			end += length;
			store<u32>(ends + 4 * index, end as u32);
		}
	}

	/** Leaves out what is surely not wanted. */
	private thin(): void {
		if (bins === 0) bins = allocate(BINS * BIN_BYTES);
		memory.fill(bins, 0, BINS * BIN_BYTES);
		const scale = (BINS as f64) / (this.limit as f64);
		const end = this.entries + ENTRY_BYTES * (this.count as usize);
		for (let entry = this.entries; entry < end; entry += ENTRY_BYTES) {
			const bin = bins + BIN_BYTES * binOf(load<u64>(entry), scale);
			store<u32>(bin, load<u32>(bin) + 1);
			store<u32>(bin, load<u32>(bin, 4) + load<u32>(entry, LENGTH), 4);
		}
		let count: u32 = 0;
		let bytes: usize = 0;
		let kept: usize = 0;
		while (kept < BINS && count <= this.maxEntries + SPARE_ENTRIES && bytes <= this.maxBytes) {
			const bin = bins + BIN_BYTES * kept++;
			count += load<u32>(bin);
			bytes += load<u32>(bin, 4) as usize;
		}
		this.keepBins(kept, scale);
	}

	private keepBins(kept: usize, scale: f64): void {
		const texts = allocate(this.textCapacity);
		let out = this.entries;
		let text: usize = 0;
		let least = HASH_LIMIT;
		const end = this.entries + ENTRY_BYTES * (this.count as usize);
		for (let entry = this.entries; entry < end; entry += ENTRY_BYTES) {
			const hash = load<u64>(entry);
			if (binOf(hash, scale) >= kept) {
				least = min(least, hash);
				continue;
			}
			const length = load<u32>(entry, LENGTH) as usize;
			copyText(texts + text, this.texts + (load<u32>(entry, TEXT) as usize), length);
			store<u64>(out, hash);
			store<u32>(out, text as u32, TEXT);
			store<u32>(out, length as u32, LENGTH);
			text += length;
			out += ENTRY_BYTES;
		}
		release(this.texts, this.textCapacity);
		this.texts = texts;
		if (least < HASH_LIMIT) this.limit = least;
		this.count = ((out - this.entries) / ENTRY_BYTES) as u32;
		this.textBytes = text;
	}
}

/** Writes up to 15 bytes behind it, too. */
function copyText(target: usize, start: usize, length: usize): void {
	for (let at: usize = 0; at < length; at += 16) v128.store(target + at, v128.load(start + at));
}

function binOf(hash: u64, scale: f64): usize {
	return min<usize>(((hash as f64) * scale) as usize, BINS - 1);
}
