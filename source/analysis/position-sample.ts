// A sample of records by their places: those with the smallest hashes of source and byte offset. Which records these are does not
// depend on cut, order, threads or machine, and each record is as likely as any other.
//
// Two records of one place are those of two sources that begin alike; where they also have the same text, they are one entry that
// counts twice, so copies of a file take no room from others.
import {hash64, hashLongValue, hashShortKey} from './hash64.ts';

export interface SampleCaps {
	/** Most different entries, and most bytes of their texts together. */
	readonly maxEntries: number;
	readonly maxBytes: number;
	/** Texts are kept up to this length, and are equal where they are equal up to there. */
	readonly maxTextBytes: number;
}

export interface SampledText {
	readonly hash: number;
	/** One character per byte. */
	readonly text: string;
	count: number;
}

export interface PositionSample {
	caps: SampleCaps;
	/** Entries with this hash or a larger one are not in the sample. */
	limit: number;
	/** Once settled: different ones, by hash, then by text. */
	entries: SampledText[];
	/** Of the texts of all entries. */
	bytes: number;
}

/** Hashes of positions are below: varints hold them. */
export const HASH_LIMIT = 2 ** 52;
const HIGH_BITS = 20;

/** The number of its first bytes that tell a source from others. */
export const SEED_BYTES = 4096;

/** A source as the hashes of its positions need it. */
export interface SampleSeed {
	readonly high: number;
	readonly low: number;
}

/** @param bytes - The first `SEED_BYTES` of a source, or all of a shorter one. */
export function seedOf(bytes: Uint8Array): SampleSeed {
	hashLongValue(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1'));
	return {...hash64};
}

/** @returns A whole number below `HASH_LIMIT`. */
export function hashPosition({high, low}: SampleSeed, byteOffset: number): number {
	hashShortKey(low, high, byteOffset | 0, Math.floor(byteOffset / 2 ** 32));
	return (hash64.high >>> (32 - HIGH_BITS)) * 2 ** 32 + (hash64.low >>> 0);
}

export const createSample = (caps: SampleCaps): PositionSample => ({caps, limit: HASH_LIMIT, entries: [], bytes: 0});

/** To be called for hashes below the limit. @param text - Whole, or at least as much of it as is kept. */
export function addSampled(sample: PositionSample, hash: number, text: string, count = 1): void {
	const {maxEntries, maxBytes, maxTextBytes} = sample.caps;
	const kept = text.slice(0, maxTextBytes);
	sample.entries.push({hash, text: kept, count});
	sample.bytes += kept.length;
	if (sample.entries.length > 2 * maxEntries || sample.bytes > 2 * maxBytes) settleSample(sample);
}

/** Merges `source` into `target`. Neither is settled: to do that for each of thousands of sources takes seconds. */
export function mergeSample(target: PositionSample, source: PositionSample): void {
	target.limit = Math.min(target.limit, source.limit);
	for (const {hash, text, count} of source.entries) if (hash < target.limit) addSampled(target, hash, text, count);
}

/** Leaves the entries that belong to the sample, in their order. */
export function settleSample(sample: PositionSample): void {
	const {maxEntries, maxBytes} = sample.caps;
	const entries: SampledText[] = [];
	let bytes = 0;
	for (const entry of sample.entries.sort(compareEntries)) {
		if (entry.hash >= sample.limit) break;
		const last = entries.at(-1);
		if (last !== undefined && last.hash === entry.hash && last.text === entry.text) {
			last.count += entry.count;
			continue;
		}
		if (entries.length === maxEntries || bytes + entry.text.length > maxBytes) {
			sample.limit = entry.hash;
			break;
		}
		entries.push({...entry});
		bytes += entry.text.length;
	}
	// Of entries with the hash of the limit, some may have come before it was known.
	while ((entries.at(-1)?.hash ?? -1) >= sample.limit) bytes -= entries.pop()?.text.length ?? 0;
	sample.entries = entries;
	sample.bytes = bytes;
}

/** By hash, then by text. */
export const compareEntries = (one: SampledText, other: SampledText): number =>
	// A difference would be an object for each call.
	one.hash < other.hash ? -1 : one.hash > other.hash ? 1 : one.text < other.text ? -1 : one.text > other.text ? 1 : 0;

/** The same with other texts. */
export function mapSample(source: PositionSample, toText: (text: string) => string): PositionSample {
	const target = {...createSample(source.caps), limit: source.limit};
	for (const {hash, text, count} of source.entries) addSampled(target, hash, toText(text), count);
	settleSample(target);
	return target;
}
