// The most frequent values as bytes:
//
//   values   records │ 0 where they are not counted, else values + 1 │ each value as in text-list.ts, and its count │ sample
//
// The sample stands as in sample-bytes.ts.
import {createTopValues, giveUpCounts, type TopCaps, type TopValues} from '../top-values.ts';
import type {VarintReader, VarintWriter} from '../varints.ts';
import {readSample, readTexts, writeSample, writeTexts} from './sample-bytes.ts';

export function writeTopValues(writer: VarintWriter, {records, counts, sample}: TopValues): void {
	writer.unsigned(records);
	writer.unsigned(counts === null ? 0 : counts.size + 1);
	if (counts !== null) {
		const all = [...counts];
		writeTexts(
			writer,
			all.map(([value]) => value),
			place => writer.unsigned(all[place]?.[1] ?? 0),
		);
	}
	writeSample(writer, sample);
}

export function readTopValues(reader: VarintReader, caps: TopCaps): TopValues {
	const values = createTopValues(caps);
	values.records = reader.unsigned();
	const head = reader.unsigned();
	const {counts} = values;
	if (head === 0) giveUpCounts(values);
	else if (counts !== null) {
		values.bytes = readTexts(reader, head - 1, caps.maxValues, caps.maxBytes, text =>
			counts.set(text, reader.unsigned()),
		);
	}
	values.sample = readSample(reader, caps.sample);
	return values;
}
