// The figures of small files on their way from a thread, and as they are kept: for each file a row of numbers, as the kernel writes
// it, and beside them the keys of all groups, once for all files that were sent together.
//
//   row of a file   for each analysis of its program: records │ lines, where they are counted │ sums │ ranges │ sets │ tables │ longest │
//                   tops │ columns
//   sum             scale │ units │ count, where it is counted │ units of the smallest and the largest number, where they are kept; 0 and 0
//                   where no record has one
//   range           earliest │ latest                                   yyyymmdd, or moments (moment.ts); 0 and 0 for none
//   set             count × 2 + 1 for an estimate
//   table           0 where it is given up, else groups + 1 │ different keys, where they are counted, as of a set │ listed groups │ scale of each sum │ for each listed group:
//                   number of its key │ records │ units of each sum │ the same of the smallest and the largest number of each sum that
//                   keeps them │ count of each counted sum │ earliest and latest of each range, as above
//   longest         line, from 1, and bytes; 0 for none
//   top             listed values × 2 + 1 for estimates │ for each of them: number of its key │ count
//   columns         of an analysis that reads columns alone: bytes of the JSON of their figures, or faults │ these bytes
//   keys of a table or a top   length and bytes of each, in the order of their numbers (row-keys.ts)
//
// All are varints (varints.ts), units are signed.
import type {LongestRecord} from './longest.ts';
import {readsColumns, type StateLayout} from './state-layout.ts';
import type {Units} from './units.ts';
import {DamagedBytesError, type VarintReader, type VarintWriter} from './varints.ts';

/** What of a declaration its rows depend on. */
export interface RowShape {
	/** Whether lines are counted. */
	readonly hasLines: boolean;
	/** For each sum, whether it is counted how many records have the number. */
	readonly sums: readonly boolean[];
	/** For each sum, whether the smallest and the largest number are kept. */
	readonly hasExtremes: readonly boolean[];
	readonly rangeCount: number;
	readonly setCount: number;
	readonly tables: readonly GroupShape[];
	readonly longestCount: number;
	readonly topCount: number;
	readonly hasColumns: boolean;
}

/** The values of a group in a row. */
export interface GroupShape {
	readonly sumCount: number;
	/** How many values are units: of sums and of extremes. */
	readonly unitsCount: number;
	/** By the place of a sum: where among the values its smallest number stands, and behind it its largest one; -1 for none. */
	readonly extremePlaces: readonly number[];
	/** By the place of a range: where its earliest day stands, and behind it its latest one. */
	readonly rangePlaces: readonly number[];
	/** By the place of a sum: where among the values it stands how many records have the number. */
	readonly countPlaces: readonly number[];
	/** Whether different keys are counted. */
	readonly countsKeys: boolean;
	/** How many values there are. */
	readonly stride: number;
}

/** What a file came to, as far as its result needs it. */
export interface RowFigures {
	/** Accepted records. */
	readonly records: number;
	/** Physical lines, where they are counted; else 0. */
	readonly lines: number;
	readonly sums: readonly RowSum[];
	/** Days as yyyymmdd, or moments; `null` where no record has one. */
	readonly ranges: readonly ({readonly earliest: number; readonly latest: number} | null)[];
	/** How many different values; an estimate says so with `exact: false`. */
	readonly sets: readonly {readonly value: number; readonly exact: boolean}[];
	readonly tables: readonly RowTable[];
	readonly longest: readonly (LongestRecord | null)[];
	readonly tops: readonly RowTop[];
	/** The JSON of the figures of columns, or of their faults, on one line; `null` where the analysis does not read columns. */
	readonly columns: string | null;
}

/** The most frequent values of a text, as they are listed. */
export interface RowTop {
	/** Whether the counts are exact. */
	readonly exact: boolean;
	readonly values: readonly {readonly key: number; readonly count: number}[];
}

export interface RowSum {
	readonly scale: number;
	readonly units: Units;
	/** How many records have the number. */
	readonly count: number;
	/** Units of the smallest and the largest number, where they are kept and a record has one. */
	readonly lowest?: Units;
	readonly highest?: Units;
}

/** Groups in any order: all of them, or at least those that the table lists. */
export interface RowTable {
	/** How many groups there are, listed or not; `null` where there are more than can be kept: then no group stands here. */
	readonly groupCount: number | null;
	/** How many different keys that are not empty; `null` where they are not counted. */
	readonly distinctKeys: {readonly value: number; readonly exact: boolean} | null;
	/** The number of decimals of each sum, for all groups. */
	readonly scales: readonly number[];
	/** How many groups stand here. */
	readonly length: number;
	/** For each group, one behind the other: what its row has, see `GroupShape`. */
	readonly values: Float64Array;
	/** By their places among the values: units that are not safe integers. */
	readonly wide: ReadonlyMap<number, bigint>;
}

/** Among the values of a group. */
export const KEY = 0;
export const RECORDS = 1;
export const FIRST_UNITS = 2;

/** The shape of the rows of an analysis. */
export const rowShapeOf = ({
	declaration,
	countsLines,
	isCounted,
	hasExtremes,
	ranges,
	sets,
	tables,
	longest,
	tops,
}: StateLayout): RowShape => ({
	hasLines: countsLines,
	sums: isCounted,
	hasExtremes,
	rangeCount: ranges.size,
	setCount: sets.size,
	longestCount: longest.size,
	topCount: tops.size,
	hasColumns: readsColumns(declaration),
	tables: Array.from(tables.values(), ({countWords, extremeWords, rangeWords, countsKeys}): GroupShape => {
		let stride = FIRST_UNITS + countWords.length;
		const takeTwo = (): number => {
			stride += 2;
			return stride - 2;
		};
		const extremePlaces = extremeWords.map(word => (word === -1 ? -1 : takeTwo()));
		const unitsCount = stride - FIRST_UNITS;
		const countPlaces = countWords.map(word => (word === -1 ? RECORDS : stride++));
		const rangePlaces = rangeWords.map(takeTwo);
		return {sumCount: countWords.length, unitsCount, extremePlaces, rangePlaces, countPlaces, countsKeys, stride};
	}),
});

/** Appends a row. */
export function encodeRow(writer: VarintWriter, shape: RowShape, figures: RowFigures): void {
	writer.unsigned(figures.records);
	if (shape.hasLines) writer.unsigned(figures.lines);
	for (const [place, isCounted] of shape.sums.entries()) {
		const {scale, units, count, lowest = 0, highest = 0} = figures.sums[place] ?? noSum;
		writer.unsigned(scale);
		writer.signed(BigInt(units));
		if (isCounted) writer.unsigned(count);
		if (shape.hasExtremes[place] !== true) continue;
		writer.signed(BigInt(lowest));
		writer.signed(BigInt(highest));
	}
	for (const range of figures.ranges) {
		writer.unsigned(range?.earliest ?? 0);
		writer.unsigned(range?.latest ?? 0);
	}
	for (const set of figures.sets) encodeDistinct(writer, set);
	for (const [place, group] of shape.tables.entries()) {
		const table = figures.tables[place];
		if (table !== undefined) encodeTable(writer, group, table);
	}
	for (const record of figures.longest) {
		writer.unsigned(record?.line ?? 0);
		if (record !== null) writer.unsigned(record.bytes);
	}
	for (const {exact, values} of figures.tops) {
		writer.unsigned(2 * values.length + (exact ? 0 : 1));
		for (const {key, count} of values) {
			writer.unsigned(key);
			writer.unsigned(count);
		}
	}
	if (figures.columns === null) return;
	const bytes = Buffer.from(figures.columns);
	writer.unsigned(bytes.length);
	writer.bytes(bytes);
}

function encodeDistinct(writer: VarintWriter, {value, exact}: RowFigures['sets'][number]): void {
	writer.unsigned(2 * value + (exact ? 0 : 1));
}

const noSum: RowSum = {scale: 0, units: 0, count: 0};

function encodeTable(
	writer: VarintWriter,
	{unitsCount, stride}: GroupShape,
	{groupCount, distinctKeys, scales, length, values, wide}: RowTable,
): void {
	writer.unsigned(groupCount === null ? 0 : groupCount + 1);
	if (distinctKeys !== null) encodeDistinct(writer, distinctKeys);
	if (groupCount === null) return;
	writer.unsigned(length);
	for (const scale of scales) writer.unsigned(scale);
	for (let at = 0; at < length * stride; at++) {
		const place = at % stride;
		const value = values[at] ?? 0;
		if (place < FIRST_UNITS || place >= FIRST_UNITS + unitsCount) writer.unsigned(value);
		else writer.signed(wide.get(at) ?? BigInt(value));
	}
}

/**
Reads what `encodeRow` or the kernel wrote.

The figures of tables are in memory that is used again: they stay until the next row is read.

@param reader - At the row; it is behind it afterwards.
@throws {DamagedBytesError} Where it is not a row of that shape.
*/
export function decodeRow(reader: VarintReader, shape: RowShape): RowFigures {
	const records = reader.unsigned();
	const lines = shape.hasLines ? reader.unsigned() : 0;
	const sums: RowSum[] = [];
	for (let place = 0; place < shape.sums.length; place++) {
		const scale = reader.unsigned();
		const units = reader.signed();
		const count = shape.sums[place] === true ? reader.unsigned() : records;
		if (shape.hasExtremes[place] === true) {
			const lowest = reader.signed();
			sums.push({scale, units, count, lowest, highest: reader.signed()});
		} else sums.push({scale, units, count});
	}
	const ranges: RowFigures['ranges'][number][] = [];
	while (ranges.length < shape.rangeCount) {
		const earliest = reader.unsigned();
		const latest = reader.unsigned();
		ranges.push(latest === 0 ? null : {earliest, latest});
	}
	const sets: RowFigures['sets'][number][] = [];
	while (sets.length < shape.setCount) sets.push(decodeDistinct(reader));
	const tables: RowTable[] = [];
	for (const group of shape.tables) tables.push(decodeTable(reader, group, tables.length));
	const longest: (LongestRecord | null)[] = [];
	while (longest.length < shape.longestCount) {
		const line = reader.unsigned();
		longest.push(line === 0 ? null : {line, bytes: reader.unsigned()});
	}
	const tops: RowTop[] = [];
	while (tops.length < shape.topCount) tops.push(decodeTop(reader));
	const columns = shape.hasColumns ? Buffer.from(reader.bytes(reader.unsigned())).toString() : null;
	return {records, lines, sums, ranges, sets, tables, longest, tops, columns};
}

function decodeDistinct(reader: VarintReader): RowFigures['sets'][number] {
	const head = reader.unsigned();
	return {value: Math.floor(head / 2), exact: head % 2 === 0};
}

function decodeTop(reader: VarintReader): RowTop {
	const head = reader.unsigned();
	const length = Math.floor(head / 2);
	if (length > reader.bytesLeft) throw new DamagedBytesError(`Expected ${length} values in ${reader.bytesLeft} bytes`);
	const values = Array.from({length}, () => ({key: reader.unsigned(), count: reader.unsigned()}));
	return {exact: head % 2 === 0, values};
}

/** One for each table of a row. */
const memory: Float64Array[] = [];

function decodeTable(
	reader: VarintReader,
	{sumCount, unitsCount, countsKeys, stride}: GroupShape,
	table: number,
): RowTable {
	const head = reader.unsigned();
	const distinctKeys = countsKeys ? decodeDistinct(reader) : null;
	const length = head === 0 ? 0 : reader.unsigned();
	const scales: number[] = [];
	while (scales.length < sumCount) scales.push(head === 0 ? 0 : reader.unsigned());
	// Each value takes a byte at least, so the memory is bounded by the row.
	if (length * stride > reader.bytesLeft)
		throw new DamagedBytesError(`Expected ${length} groups in ${reader.bytesLeft} bytes`);
	let values = memory[table];
	if (values === undefined || values.length < length * stride) {
		values = new Float64Array(2 * length * stride);
		memory[table] = values;
	}
	const wide = reader.readTable(values, length * stride, {stride, firstSigned: FIRST_UNITS, signedCount: unitsCount});
	return {groupCount: head === 0 ? null : head - 1, distinctKeys, scales, length, values, wide};
}
