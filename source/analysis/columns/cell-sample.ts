// The sample of a column: the cells of the records with the smallest hashes of their places, as position-sample.ts says it. Each column
// has one, and each thread: so entries are packed, and merging two samples is to go over two lists in order.
import {copyBytes} from '../copy-bytes.ts';
import {HASH_LIMIT, type SampleCaps} from '../position-sample.ts';
import {orderOfHashes} from './hash-order.ts';

/** Different ones, by hash, then by the bytes of their texts. */
export interface PackedEntries {
	readonly hashes: Float64Array;
	/** How many records each stands for. */
	readonly counts: Float64Array;
	/** Where each text ends among the bytes. */
	readonly ends: Uint32Array;
	readonly bytes: Uint8Array;
}

export interface CellSample {
	caps: SampleCaps;
	/** Entries with this hash or a larger one are not in the sample. */
	limit: number;
	/** Once settled, all of them. */
	entries: PackedEntries;
	/** What has been added since: hashes, and the text of each. */
	readonly addedHashes: number[];
	readonly addedTexts: string[];
	addedBytes: number;
}

const noEntries: PackedEntries = {
	hashes: new Float64Array(0),
	counts: new Float64Array(0),
	ends: new Uint32Array(0),
	bytes: new Uint8Array(0),
};

export const createCellSample = (caps: SampleCaps): CellSample => ({
	caps,
	limit: HASH_LIMIT,
	entries: noEntries,
	addedHashes: [],
	addedTexts: [],
	addedBytes: 0,
});

/** One that takes no cell. */
export const emptyCellSample = (caps: SampleCaps): CellSample => ({...createCellSample(caps), limit: 0});

/** @param entries - In order, of which equal ones may follow each other, and more than the caps allow. */
export function sampleOfEntries(caps: SampleCaps, entries: PackedEntries): CellSample {
	const sample = createCellSample(caps);
	const {hashes, ends} = entries;
	const count = Math.min(hashes.length, caps.maxEntries);
	if ((ends[count - 1] ?? 0) > caps.maxBytes || !areDifferent(hashes)) join(sample, entries, HASH_LIMIT);
	else {
		sample.limit = hashes[count] ?? HASH_LIMIT;
		sample.entries = count === hashes.length ? entries : firstOf(entries, count);
	}
	return sample;
}

/** Hashes in order that are no others than the last time: the columns of a source mostly have the same ones. */
let differentHashes: Float64Array | null = null;

function areDifferent(hashes: Float64Array): boolean {
	if (hashes === differentHashes) return true;
	for (let place = 1; place < hashes.length; place++) if (hashes[place] === hashes[place - 1]) return false;
	differentHashes = hashes;
	return true;
}

/** @param text - One character per byte; what is behind the bytes of the caps is cut. */
export function addToSample(sample: CellSample, hash: number, text: string): void {
	if (hash >= sample.limit) return;
	const {maxEntries, maxBytes, maxTextBytes} = sample.caps;
	const kept = text.length > maxTextBytes ? text.slice(0, maxTextBytes) : text;
	sample.addedHashes.push(hash);
	sample.addedTexts.push(kept);
	sample.addedBytes += kept.length;
	if (sample.addedHashes.length > maxEntries || sample.addedBytes > maxBytes) settleCellSample(sample);
}

/** Merges `source` into `target`; `source` is only settled. */
export function mergeCellSample(target: CellSample, source: CellSample): void {
	settleCellSample(source);
	const limit = Math.min(target.limit, source.limit);
	const isEmpty = target.entries.hashes.length === 0 && target.addedHashes.length === 0;
	if (isEmpty && fits(source.entries, target.caps, limit)) {
		// Entries are never changed, so both can have the same.
		target.limit = limit;
		target.entries = source.entries;
	} else if (limit === target.limit && isSmall(source.entries, target.caps)) addEntries(target, source.entries);
	else {
		settleCellSample(target);
		join(target, source.entries, source.limit);
	}
}

/** Whether joining would go over far more entries than these. Those of thousands of small files are put beside the others first. */
function isSmall({hashes, counts}: PackedEntries, {maxEntries}: SampleCaps): boolean {
	if (4 * hashes.length > maxEntries) return false;
	// A function or an iterator would get each number as an object.
	for (let place = 0; place < counts.length; place++) if (counts[place] !== 1) return false;
	return true;
}

/** They are in order, so no text behind the limit is read. */
function addEntries(target: CellSample, {hashes, ends, bytes}: PackedEntries): void {
	let all: string | null = null;
	let start = 0;
	for (let place = 0; place < hashes.length; place++) {
		const hash = hashes[place] ?? 0;
		if (hash >= target.limit) return;
		all ??= Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
		const end = ends[place] ?? 0;
		addToSample(target, hash, all.slice(start, end));
		start = end;
	}
}

const fits = ({hashes, bytes}: PackedEntries, {maxEntries, maxBytes}: SampleCaps, limit: number): boolean =>
	hashes.length <= maxEntries && bytes.length <= maxBytes && (hashes.at(-1) ?? 0) < limit;

/** Puts what was added among the entries. */
export function settleCellSample(sample: CellSample): void {
	const {addedHashes, addedTexts} = sample;
	if (addedHashes.length === 0) return;
	const order = orderWithTexts(addedHashes, addedTexts);
	const texts: string[] = [];
	const hashes = new Float64Array(order.length);
	const ends = new Uint32Array(order.length);
	let end = 0;
	for (let index = 0; index < order.length; index++) {
		const place = order[index] ?? 0;
		const text = addedTexts[place] ?? '';
		texts.push(text);
		end += text.length;
		ends[index] = end;
		hashes[index] = addedHashes[place] ?? 0;
	}
	addedHashes.length = 0;
	addedTexts.length = 0;
	sample.addedBytes = 0;
	const bytes = Buffer.from(texts.join(''), 'latin1');
	join(sample, {hashes, counts: new Float64Array(hashes.length).fill(1), ends, bytes}, HASH_LIMIT);
}

/** The places of entries by their hashes, of equal ones by their texts. */
function orderWithTexts(hashes: readonly number[], texts: readonly string[]): Uint32Array {
	const order = orderOfHashes(hashes);
	for (let index = 1; index < order.length; index++) {
		const place = order[index] ?? 0;
		let at = index;
		for (; at > 0; at--) {
			const before = order[at - 1] ?? 0;
			if (hashes[before] !== hashes[place] || (texts[before] ?? '') <= (texts[place] ?? '')) break;
			order[at] = before;
		}
		order[at] = place;
	}
	return order;
}

/** Leaves no more than the caps allow, which are not larger than before. */
export function limitCellSample(sample: CellSample, caps: SampleCaps): void {
	settleCellSample(sample);
	const {entries} = sample;
	sample.caps = caps;
	sample.entries = noEntries;
	join(sample, entries, HASH_LIMIT);
}

/** The same with other texts. */
export function mapCellSample(source: CellSample, toText: (text: string) => string): CellSample {
	settleCellSample(source);
	const target = {...createCellSample(source.caps), limit: source.limit};
	const {hashes, counts} = source.entries;
	const texts = textsOf(source.entries);
	for (let place = 0; place < hashes.length; place++) {
		for (let count = counts[place] ?? 0; count > 0; count--) {
			addToSample(target, hashes[place] ?? 0, toText(texts[place] ?? ''));
		}
	}
	settleCellSample(target);
	return target;
}

/** How often each text is in the sample. */
export function countTexts(sample: CellSample): Map<string, number> {
	settleCellSample(sample);
	const {counts} = sample.entries;
	const found = new Map<string, number>();
	const texts = textsOf(sample.entries);
	for (let place = 0; place < texts.length; place++) {
		const text = texts[place] ?? '';
		found.set(text, (found.get(text) ?? 0) + (counts[place] ?? 0));
	}
	return found;
}

function textsOf({ends, bytes}: PackedEntries): string[] {
	const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
	const texts: string[] = [];
	let start = 0;
	for (let place = 0; place < ends.length; place++) {
		const end = ends[place] ?? 0;
		texts.push(all.slice(start, end));
		start = end;
	}
	return texts;
}

/** Below 0 where an entry comes in front of another, 0 where they are equal. */
export function compareEntries(one: PackedEntries, place: number, other: PackedEntries, otherPlace: number): number {
	const byHash = (one.hashes[place] ?? 0) - (other.hashes[otherPlace] ?? 0);
	if (byHash !== 0) return byHash;
	const [start, end] = [startOf(one, place), one.ends[place] ?? 0];
	const [otherStart, otherEnd] = [startOf(other, otherPlace), other.ends[otherPlace] ?? 0];
	return Buffer.compare(one.bytes.subarray(start, end), other.bytes.subarray(otherStart, otherEnd));
}

const startOf = ({ends}: PackedEntries, place: number): number => (place === 0 ? 0 : (ends[place - 1] ?? 0));

/** Adds entries in order to those of a sample that is settled, and leaves those that belong to it. */
function join(sample: CellSample, other: PackedEntries, otherLimit: number): void {
	const {maxEntries, maxBytes} = sample.caps;
	const one = sample.entries;
	const [oneCount, otherCount] = [one.hashes.length, other.hashes.length];
	const room = Math.min(maxEntries, oneCount + otherCount);
	const joined = {
		hashes: new Float64Array(room),
		counts: new Float64Array(room),
		ends: new Uint32Array(room),
		bytes: new Uint8Array(Math.min(maxBytes, one.bytes.length + other.bytes.length)),
	};
	let limit = Math.min(sample.limit, otherLimit);
	let count = 0;
	let end = 0;
	for (let [place, otherPlace] = [0, 0]; place < oneCount || otherPlace < otherCount; ) {
		const isOfOne =
			otherPlace === otherCount || (place < oneCount && compareEntries(one, place, other, otherPlace) <= 0);
		const from = isOfOne ? one : other;
		const at = isOfOne ? place++ : otherPlace++;
		const hash = from.hashes[at] ?? 0;
		if (hash >= limit) break;
		if (count > 0 && hash === joined.hashes[count - 1] && compareEntries(joined, count - 1, from, at) === 0) {
			joined.counts[count - 1] = (joined.counts[count - 1] ?? 0) + (from.counts[at] ?? 0);
			continue;
		}
		const start = startOf(from, at);
		const length = (from.ends[at] ?? 0) - start;
		if (count === maxEntries || end + length > maxBytes) {
			limit = hash;
			break;
		}
		copyBytes(joined.bytes, end, from.bytes, start, length);
		end += length;
		joined.hashes[count] = hash;
		joined.counts[count] = from.counts[at] ?? 0;
		joined.ends[count] = end;
		count++;
	}
	// Of entries with the hash of the limit, some may have come before it was known.
	while (count > 0 && (joined.hashes[count - 1] ?? 0) >= limit) count--;
	sample.limit = limit;
	sample.entries = firstOf(joined, count);
}

const firstOf = (entries: PackedEntries, count: number): PackedEntries => ({
	hashes: entries.hashes.subarray(0, count),
	counts: entries.counts.subarray(0, count),
	ends: entries.ends.subarray(0, count),
	bytes: entries.bytes.subarray(0, startOf(entries, count)),
});
