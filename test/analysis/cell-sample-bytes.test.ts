import {expect, test} from 'vitest';
import {addToSample, createCellSample, settleCellSample} from '../../source/analysis/columns/cell-sample.ts';
import {CellSampleReader, CellSampleWriter} from '../../source/analysis/partial/cell-sample-bytes.ts';
import {DamagedBytesError, VarintReader, VarintWriter} from '../../source/analysis/varints.ts';

const caps = {maxEntries: 10, maxBytes: 100, maxTextBytes: 20};

test.each([{isStored: true}, {isStored: false}])('samples are read as they were written, $isStored', ({isStored}) => {
	const samples = ['a', 'b', 'c'].map((text, place) => {
		const sample = createCellSample(caps);
		addToSample(sample, 5, text);
		for (let same = 0; same < place; same++) addToSample(sample, 7, 'the same');
		settleCellSample(sample);
		return sample;
	});
	const writer = new VarintWriter();
	const samplesWriter = new CellSampleWriter(writer, isStored);
	for (const sample of samples) samplesWriter.write(sample);
	const reader = new CellSampleReader(new VarintReader(writer.take()), isStored);
	expect(samples.map(() => reader.read(caps))).toEqual(samples);
});

test('a text whose end is that of another one but for 2^32 bytes is damaged', () => {
	const writer = new VarintWriter();
	for (const number of [100, 1, 0, 5, 1, 2 ** 32 + 1]) writer.unsigned(number);
	writer.bytes(Buffer.from('a'));
	const reader = new CellSampleReader(new VarintReader(writer.take()), true);
	expect(() => reader.read(caps)).toThrow(DamagedBytesError);
});
