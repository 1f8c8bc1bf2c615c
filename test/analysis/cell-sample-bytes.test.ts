import {expect, test} from 'vitest';
import {addToSample, createCellSample} from '../../source/analysis/columns/cell-sample.ts';
import {CellSampleReader, CellSampleWriter} from '../../source/analysis/partial/cell-sample-bytes.ts';
import {DamagedBytesError, VarintReader, VarintWriter} from '../../source/analysis/varints.ts';

const caps = {maxEntries: 10, maxBytes: 100, maxTextBytes: 20};

test('a sample is read as it was written', () => {
	const sample = createCellSample(caps);
	addToSample(sample, 5, 'a');
	const writer = new VarintWriter();
	new CellSampleWriter(writer).write(sample);
	expect(new CellSampleReader(new VarintReader(writer.take())).read(caps)).toEqual(sample);
});

test('a text whose end is that of another one but for 2^32 bytes is damaged', () => {
	const writer = new VarintWriter();
	for (const number of [100, 1, 0, 5, 1, 2 ** 32 + 1]) writer.unsigned(number);
	writer.bytes(Buffer.from('a'));
	const reader = new CellSampleReader(new VarintReader(writer.take()));
	expect(() => reader.read(caps)).toThrow(DamagedBytesError);
});
