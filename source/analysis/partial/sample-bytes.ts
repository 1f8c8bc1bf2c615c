// Lists of texts, and samples of records, as bytes:
//
//   sample   limit of the hashes │ texts │ each text as in text-list.ts │ entries │ entries
//   entry    how much larger its hash is than that of the one before │ number of its text │ count
import {
	compareEntries,
	createSample,
	HASH_LIMIT,
	type PositionSample,
	type SampleCaps,
	type SampledText,
	settleSample,
} from '../position-sample.ts';
import {DamagedBytesError, type VarintReader, type VarintWriter} from '../varints.ts';
import {sortTexts, type Texts} from './sort-texts.ts';
import {TextListReader, TextListWriter} from './text-list.ts';

/** Settles the sample. */
export function writeSample(writer: VarintWriter, sample: PositionSample): void {
	settleSample(sample);
	writer.unsigned(sample.limit);
	const numbers = new Map<string, number>();
	const texts = [...new Set(sample.entries.map(({text}) => text))];
	writer.unsigned(texts.length);
	writeTexts(writer, texts, place => numbers.set(texts[place] ?? '', numbers.size));
	writer.unsigned(sample.entries.length);
	let before = 0;
	for (const {hash, text, count} of sample.entries) {
		writer.unsigned(hash - before);
		writer.unsigned(numbers.get(text) ?? 0);
		writer.unsigned(count);
		before = hash;
	}
}

export function readSample(reader: VarintReader, caps: SampleCaps): PositionSample {
	const sample = createSample(caps);
	sample.limit = reader.unsigned();
	if (sample.limit > HASH_LIMIT) throw new DamagedBytesError('Expected the limit of a sample');
	readEntries(reader, sample);
	return sample;
}

function readEntries(reader: VarintReader, sample: PositionSample): void {
	const {maxEntries, maxBytes, maxTextBytes} = sample.caps;
	const texts: string[] = [];
	readTexts(reader, reader.unsigned(), maxEntries, maxBytes, text => texts.push(text));
	const unused = new Set(texts);
	const length = checkCount(reader, reader.unsigned(), maxEntries);
	let hash = 0;
	while (sample.entries.length < length) {
		hash += reader.unsigned();
		const text = texts[reader.unsigned()];
		const count = reader.unsigned();
		if (text === undefined || text.length > maxTextBytes || hash >= sample.limit)
			throw new DamagedBytesError('Expected an entry of the sample');
		const entry: SampledText = {hash, text, count};
		const before = sample.entries.at(-1);
		if (before !== undefined && compareEntries(before, entry) >= 0)
			throw new DamagedBytesError('Expected the entries of the sample in order');
		unused.delete(text);
		sample.entries.push(entry);
		sample.bytes += text.length;
	}
	if (unused.size > 0 || sample.bytes > maxBytes)
		throw new DamagedBytesError(`Expected the texts of the sample, of at most ${maxBytes} bytes`);
}

/**
@param list - Different texts, one character per byte.
@param writeRest - Called for the place of each text in the list, in the order of the texts.
*/
export function writeTexts(writer: VarintWriter, list: readonly string[], writeRest: (place: number) => void): void {
	const texts = joinTexts(list);
	const listWriter = new TextListWriter(writer, texts);
	for (const place of sortTexts(texts)) {
		listWriter.write(place);
		writeRest(place);
	}
}

function joinTexts(list: readonly string[]): Texts {
	const starts = new Uint32Array(list.length + 1);
	for (const [place, text] of list.entries()) starts[place + 1] = (starts[place] ?? 0) + text.length;
	return {bytes: Buffer.from(list.join(''), 'latin1'), starts};
}

/** @returns How many bytes the texts have together. */
export function readTexts(
	reader: VarintReader,
	count: number,
	maxTexts: number,
	maxBytes: number,
	take: (text: string) => void,
): number {
	checkCount(reader, count, maxTexts);
	const list = new TextListReader(reader, maxBytes);
	for (let place = 0; place < count; place++) {
		const start = list.read();
		take(Buffer.from(list.bytes.buffer, start, list.end - start).toString('latin1'));
	}
	return list.end;
}

/** Each takes a byte at least. */
export function checkCount(reader: VarintReader, count: number, maxCount: number): number {
	if (count > maxCount || count > reader.bytesLeft)
		throw new DamagedBytesError(`Expected ${count} values in ${reader.bytesLeft} bytes`);
	return count;
}
