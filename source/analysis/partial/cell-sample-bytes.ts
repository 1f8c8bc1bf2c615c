// Samples of columns as bytes:
//
//   sample   limit of the hashes │ entries │ hashes │ counts │ the number of bytes of each text │ all texts
//   hashes   1 where they are those of the sample before, as mostly in a file; else 0, and how much larger each is than the one before
//   counts   1 where all are 1; else 0, and each
//
// Between threads, hashes, counts and ends stand as they are in memory, and nothing is checked: a run has thousands of them for each column.
//
// The texts are mostly different ones: a list of them in order would take a third of the time of a run, and save nothing.
import {
	type CellSample,
	compareEntries,
	createCellSample,
	type PackedEntries,
	settleCellSample,
} from '../columns/cell-sample.ts';
import {HASH_LIMIT, type SampleCaps} from '../position-sample.ts';
import {DamagedBytesError, type VarintReader, type VarintWriter} from '../varints.ts';
import {checkCount} from './sample-bytes.ts';

function areSame(one: Float64Array, other: Float64Array): boolean {
	if (one.length !== other.length) return false;
	if (one.buffer === other.buffer && one.byteOffset === other.byteOffset) return true;
	for (let place = 0; place < one.length; place++) if (one[place] !== other[place]) return false;
	return true;
}

function areOnes(counts: Float64Array): boolean {
	for (let place = 0; place < counts.length; place++) if (counts[place] !== 1) return false;
	return true;
}

export class CellSampleWriter {
	readonly #writer: VarintWriter;
	readonly #isStored: boolean;
	#before: Float64Array = new Float64Array(0);

	/** @param isStored - False between threads. */
	constructor(writer: VarintWriter, isStored: boolean) {
		this.#writer = writer;
		this.#isStored = isStored;
	}

	/** The sample is only settled. */
	write(sample: CellSample): void {
		settleCellSample(sample);
		const writer = this.#writer;
		const {hashes, counts, ends, bytes} = sample.entries;
		writer.unsigned(sample.limit);
		writer.unsigned(hashes.length);
		const isAsBefore = areSame(hashes, this.#before);
		writer.unsigned(Number(isAsBefore));
		if (!isAsBefore) this.#writeDistances(hashes);
		// Entries are never changed.
		this.#before = hashes;
		const areAllOnes = areOnes(counts);
		writer.unsigned(Number(areAllOnes));
		if (!areAllOnes) for (const count of counts) writer.unsigned(count);
		this.#writeDistances(ends);
		writer.bytes(bytes);
	}

	#writeDistances(numbers: Float64Array | Uint32Array): void {
		if (!this.#isStored) {
			this.#writer.bytes(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
			return;
		}
		let before = 0;
		for (const number of numbers) {
			this.#writer.unsigned(number - before);
			before = number;
		}
	}
}

function readDistances(reader: VarintReader, numbers: Float64Array | Uint32Array, largest: number): void {
	let before = 0;
	for (let place = 0; place < numbers.length; place++) {
		before += reader.unsigned();
		if (before > largest) throw new DamagedBytesError(`Expected numbers of a sample up to ${largest}`);
		numbers[place] = before;
	}
}

export class CellSampleReader {
	readonly #reader: VarintReader;
	readonly #isStored: boolean;
	#before = new Float64Array(0);

	/** @param isStored - False between threads. */
	constructor(reader: VarintReader, isStored: boolean) {
		this.#reader = reader;
		this.#isStored = isStored;
	}

	/** @throws {DamagedBytesError} */
	read(caps: SampleCaps): CellSample {
		const reader = this.#reader;
		const sample = createCellSample(caps);
		sample.limit = reader.unsigned();
		const count = checkCount(reader, reader.unsigned(), caps.maxEntries);
		const hashes = this.#readHashes(count);
		const counts = new Float64Array(count).fill(1);
		if (reader.unsigned() === 0) {
			for (let place = 0; place < count; place++) counts[place] = reader.unsigned();
			if (areOnes(counts)) throw new DamagedBytesError('Expected counts other than 1');
		}
		const ends = new Uint32Array(count);
		this.#readDistances(ends, caps.maxBytes);
		// A copy: what is read from is given back afterwards.
		sample.entries = {hashes, counts, ends, bytes: reader.bytes(ends.at(-1) ?? 0).slice()};
		if (this.#isStored) assertInOrder(sample.entries, sample.limit, caps);
		return sample;
	}

	#readDistances(numbers: Float64Array | Uint32Array, largest: number): void {
		if (this.#isStored) readDistances(this.#reader, numbers, largest);
		else new Uint8Array(numbers.buffer).set(this.#reader.bytes(numbers.byteLength));
	}

	#readHashes(count: number): Float64Array {
		const isAsBefore = this.#reader.unsigned() !== 0;
		const hashes = isAsBefore ? this.#before : new Float64Array(count);
		if (!isAsBefore) this.#readDistances(hashes, HASH_LIMIT);
		if (hashes.length !== count || (this.#isStored && !isAsBefore && areSame(hashes, this.#before)))
			throw new DamagedBytesError('Expected hashes other than those before');
		this.#before = hashes;
		return hashes;
	}
}

function assertInOrder(entries: PackedEntries, limit: number, {maxBytes, maxTextBytes}: SampleCaps): void {
	const {hashes, ends, bytes} = entries;
	for (let place = 0; place < hashes.length; place++) {
		const length = (ends[place] ?? 0) - (ends[place - 1] ?? 0);
		const isBehind = place === 0 || compareEntries(entries, place - 1, entries, place) < 0;
		if (!isBehind || (hashes[place] ?? 0) >= limit || length > maxTextBytes)
			throw new DamagedBytesError('Expected the entries of a sample in order');
	}
	if (limit > HASH_LIMIT || bytes.length > maxBytes)
		throw new DamagedBytesError(`Expected a sample of at most ${maxBytes} bytes`);
}
