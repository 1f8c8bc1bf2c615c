// Columns as bytes:
//
//   columns   number of them │ each, by place, then by name, with its faults (fault-bytes.ts), where they are looked for │ faults of the table
//   column    name │ occurrence │ place │ lengths, and 2 more in front where it is undecided │ why it is │ 0 where it has a sketch, else values + 1 │ values or sketch │ sample
//   sample    see cell-sample-bytes.ts
//   lengths   0 where there are none, else 1 │ min │ max │ sum
//   why       0 for numbers, 1 for dates │ 0 for ambiguous, 1 for mixed │ number of cells │ of each what it shows, and its text
//   values    each as in text-list.ts, its count, and its places, where faults are looked for
//   sketch    count of each class │ sum and squares: scale, units │ 0 or 1, min, max │ zeros │ negatives │ buckets │ first and last moment │
//             days of dates, of time stamps │ three text ranges │ registers
//   moment    0, or 1 │ class │ seconds │ fraction │ text
//   counts    of buckets and days: number of them │ each as distance from the one before, and its count
//
// Texts alone, and whole numbers of any size, stand behind the number of their bytes.

import {MAX_BUCKET} from '../columns/buckets.ts';
import {cellClasses, nullForms} from '../columns/cell.ts';
import {columnLimits, faultCapsOf} from '../columns/column-caps.ts';
import type {ColumnState, UndecidedColumn} from '../columns/column-state.ts';
import {addColumn, type Columns, createColumnOf, createColumns, inOrder} from '../columns/columns.ts';
import {type ColumnSketch, createSketch, type TextRange, type WrittenMoment} from '../columns/sketch.ts';
import {type Decimal, withScale} from '../decimal.ts';
import {DamagedBytesError, type VarintReader, type VarintWriter} from '../varints.ts';
import {CellSampleReader, CellSampleWriter} from './cell-sample-bytes.ts';
import {
	readColumnFaults,
	readPlaces,
	readTableFaults,
	writeColumnFaults,
	writePlaces,
	writeTableFaults,
} from './fault-bytes.ts';
import {checkCount, readTexts, writeTexts} from './sample-bytes.ts';
import {readScale} from './table-bytes.ts';

/** Settles the samples. @param isStored - Whether the bytes are to be a function of the records. */
export function writeColumns(writer: VarintWriter, columns: Columns, isStored: boolean): void {
	const all = inOrder(columns);
	const samples = new CellSampleWriter(writer, isStored);
	writer.unsigned(all.length);
	for (const {name, occurrence, index, state} of all) {
		writeText(writer, name);
		writer.unsigned(occurrence);
		writer.unsigned(index);
		writeColumn(writer, state);
		samples.write(state.sample);
		if (state.faults !== null) writeColumnFaults(writer, state.faults, isStored);
	}
	if (columns.faults !== null) writeTableFaults(writer, columns.faults, isStored);
}

/**
@param empty - Columns of nothing.
@throws {DamagedBytesError}
*/
export function readColumns(reader: VarintReader, {caps, faults}: Columns, isStored: boolean): Columns {
	const columns = createColumns(caps, faults !== null);
	const count = checkCount(reader, reader.unsigned(), Number.POSITIVE_INFINITY);
	const limits = columnLimits(caps, count);
	const samples = new CellSampleReader(reader, isStored);
	for (let place = 0; place < count; place++) {
		const name = readText(reader);
		const [occurrence, index] = [reader.unsigned(), reader.unsigned()];
		const state = createColumnOf(columns, limits);
		readColumn(reader, state);
		state.sample = samples.read(limits.sample);
		if (state.faults !== null) readColumnFaults(reader, state.faults, faultCapsOf(caps).keys, isStored);
		addColumn(columns, {name, occurrence, index, state});
	}
	if (columns.named.size !== count) throw new DamagedBytesError('Expected each column once');
	return faults === null ? columns : {...columns, faults: readTableFaults(reader, faults, isStored)};
}

const HAS_LENGTHS = 1;
const IS_UNDECIDED = 2;

function writeColumn(writer: VarintWriter, {lengths, values, sketch, faults, undecided}: ColumnState): void {
	const hasLengths = lengths.min <= lengths.max;
	writer.unsigned((hasLengths ? HAS_LENGTHS : 0) + (undecided === null ? 0 : IS_UNDECIDED));
	if (hasLengths) for (const length of [lengths.min, lengths.max, lengths.sum]) writer.unsigned(length);
	if (undecided !== null) writeUndecided(writer, undecided);
	writer.unsigned(values === null ? 0 : values.size + 1);
	if (values !== null) {
		const all = [...values];
		writeTexts(
			writer,
			all.map(([value]) => value),
			place => {
				const [value = '', count = 0] = all[place] ?? [];
				writer.unsigned(count);
				if (faults !== null) writePlaces(writer, faults.places?.get(value) ?? []);
			},
		);
	} else if (sketch !== null) writeSketch(writer, sketch);
}

function readColumn(reader: VarintReader, column: ColumnState): void {
	const {lengths, limits} = column;
	const flags = reader.unsigned();
	if (flags > HAS_LENGTHS + IS_UNDECIDED) throw new DamagedBytesError(`Expected flags of a column, found ${flags}`);
	if ((flags & HAS_LENGTHS) !== 0) {
		lengths.min = reader.unsigned();
		lengths.max = reader.unsigned();
		lengths.sum = reader.unsigned();
	}
	if ((flags & IS_UNDECIDED) !== 0) column.undecided = readUndecided(reader);
	const head = reader.unsigned();
	if (head === 0) {
		column.values = null;
		if (column.faults !== null) column.faults.places = null;
		column.sketch = readSketch(reader, limits.registerBits);
	} else readValues(reader, column, head - 1);
}

const kinds = ['number', 'date'] as const;
const reasons = ['ambiguous', 'mixed'] as const;
/** What is said of a column names no more cells. */
const MAX_SHOWN = 8;

function writeUndecided(writer: VarintWriter, {kind, why, shown}: UndecidedColumn): void {
	writer.unsigned(kinds.indexOf(kind));
	writer.unsigned(reasons.indexOf(why));
	writer.unsigned(shown.length);
	for (const {what, cell} of shown) {
		writeText(writer, what);
		writeText(writer, cell);
	}
}

function readUndecided(reader: VarintReader): UndecidedColumn {
	const [kind, why] = [kinds[reader.unsigned()], reasons[reader.unsigned()]];
	if (kind === undefined || why === undefined) throw new DamagedBytesError('Expected why a column is undecided');
	const count = checkCount(reader, reader.unsigned(), MAX_SHOWN);
	return {kind, why, shown: Array.from({length: count}, () => ({what: readText(reader), cell: readText(reader)}))};
}

function readValues(reader: VarintReader, column: ColumnState, count: number): void {
	const {values, limits, faults} = column;
	const [extra, extraBytes] = [nullForms.size, [...nullForms].join('').length];
	readTexts(reader, count, limits.maxValues + extra, limits.maxValueBytes + extraBytes, value => {
		values?.set(value, reader.unsigned());
		if (faults !== null) faults.places?.set(value, readPlaces(reader));
		if (nullForms.has(value)) return;
		column.valueCount++;
		column.valueBytes += value.length;
	});
}

function writeSketch(writer: VarintWriter, {counts, numbers, moments, ...sketch}: ColumnSketch): void {
	for (const count of counts) writer.unsigned(count);
	const {sum, squares, min, max} = numbers;
	const {scale} = sum.value;
	for (const {value} of [sum, squares]) {
		writer.unsigned(value.scale);
		writeLarge(writer, value.units);
	}
	writer.unsigned(min === null ? 0 : 1);
	// Of numbers that are equal, the first one had its own decimals.
	for (const end of [min, max]) if (end !== null) writeLarge(writer, withScale(end, scale).units);
	writer.unsigned(numbers.zeros);
	writer.unsigned(numbers.negatives);
	writeCounts(writer, numbers.buckets);
	writeMoment(writer, moments.first);
	writeMoment(writer, moments.last);
	writeCounts(writer, moments.dates);
	writeCounts(writer, moments.stamps);
	for (const range of [sketch.texts, sketch.digits, sketch.times]) writeRange(writer, range);
	writer.bytes(sketch.registers);
}

/** Squares of the smallest numbers that a cell may have take fewer. */
const MAX_SCALE = 1000;

function readSketch(reader: VarintReader, registerBits: number): ColumnSketch {
	const sketch = createSketch(registerBits);
	const {counts, numbers, moments} = sketch;
	for (const index of cellClasses.keys()) counts[index] = reader.unsigned();
	for (const sum of [numbers.sum, numbers.squares]) {
		const scale = readScale(reader, MAX_SCALE);
		sum.add(readLarge(reader), scale);
	}
	const {scale} = numbers.sum.value;
	if (reader.unsigned() !== 0) {
		numbers.min = readDecimal(reader, scale);
		numbers.max = readDecimal(reader, scale);
	}
	numbers.zeros = reader.unsigned();
	numbers.negatives = reader.unsigned();
	readCounts(reader, numbers.buckets);
	for (const bucket of numbers.buckets.keys())
		if (Math.abs(bucket) > MAX_BUCKET) throw new DamagedBytesError(`Expected a bucket, found ${bucket}`);
	moments.first = readMoment(reader);
	moments.last = readMoment(reader);
	readCounts(reader, moments.dates);
	readCounts(reader, moments.stamps);
	for (const range of [sketch.texts, sketch.digits, sketch.times]) readRange(reader, range);
	sketch.registers = new Uint8Array(reader.bytes(2 ** registerBits));
	return sketch;
}

const readDecimal = (reader: VarintReader, scale: number): Decimal => ({units: readLarge(reader), scale});

function writeMoment(writer: VarintWriter, moment: WrittenMoment | null): void {
	writer.unsigned(moment === null ? 0 : 1);
	if (moment === null) return;
	writer.unsigned(moment.class === 'date' ? 0 : 1);
	writer.signed(BigInt(moment.seconds));
	writeText(writer, moment.fraction);
	writeText(writer, moment.text);
}

function readMoment(reader: VarintReader): WrittenMoment | null {
	if (reader.unsigned() === 0) return null;
	const isDate = reader.unsigned() === 0;
	const seconds = Number(reader.signed());
	return {class: isDate ? 'date' : 'timestamp', seconds, fraction: readText(reader), text: readText(reader)};
}

function writeRange(writer: VarintWriter, {smallest, largest}: TextRange): void {
	writer.unsigned(smallest === null ? 0 : 1);
	if (smallest === null || largest === null) return;
	writeText(writer, smallest);
	writeText(writer, largest);
}

function readRange(reader: VarintReader, range: TextRange): void {
	if (reader.unsigned() === 0) return;
	range.smallest = readText(reader);
	range.largest = readText(reader);
}

function writeCounts(writer: VarintWriter, counts: ReadonlyMap<number, number>): void {
	writer.unsigned(counts.size);
	let before = 0;
	for (const key of Float64Array.from(counts.keys()).sort()) {
		const distance = key - before;
		writer.unsigned(distance < 0 ? -2 * distance - 1 : 2 * distance);
		writer.unsigned(counts.get(key) ?? 0);
		before = key;
	}
}

function readCounts(reader: VarintReader, counts: Map<number, number>): void {
	let key = 0;
	for (let left = checkCount(reader, reader.unsigned(), Number.POSITIVE_INFINITY); left > 0; left--) {
		key += Number(reader.signed());
		counts.set(key, reader.unsigned());
	}
}

function writeText(writer: VarintWriter, text: string): void {
	writer.unsigned(text.length);
	writer.bytes(Buffer.from(text, 'latin1'));
}

const readText = (reader: VarintReader): string => reader.latin1(reader.unsigned());

/** A sum of squares may have a thousand digits: too long for a varint. */
function writeLarge(writer: VarintWriter, value: bigint): void {
	const digits = (value < 0n ? -value : value).toString(16);
	const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
	writer.signed(BigInt(value < 0n ? -bytes.length : bytes.length));
	writer.bytes(bytes);
}

function readLarge(reader: VarintReader): bigint {
	const length = Number(reader.signed());
	const digits = Buffer.from(reader.bytes(Math.abs(length))).toString('hex');
	const size = digits === '' ? 0n : BigInt(`0x${digits}`);
	return length < 0 ? -size : size;
}
