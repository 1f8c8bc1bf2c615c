// Faults as bytes, behind what they are faults of:
//
//   of a column   0 where cells are counted one by one, else 1 and sketch │ 0, or 1 and keys
//   sketch        placed cells of each class │ blanks: counted │ each form: counted │ smallest and largest number: placed cells, one or none
//   of a table    sources │ ragged, not UTF-8: counted │ keys of records
//   keys          number │ set (set-bytes.ts) │ limit of the hashes │ keys │ each: how much larger its hash is │ key │ count │ placed cells
//   counted       count │ placed cells
//   placed cells  number │ each: byte offset, line, text
//   places        number │ each: byte offset, line
//
// The cells that are counted one by one have their places beside them (column-bytes.ts).
import {readCell} from '../columns/cell.ts';
import type {KeyCaps} from '../columns/column-caps.ts';
import {HASH_LIMIT} from '../position-sample.ts';
import {type ColumnFaults, createFaultSketch, type FaultSketch, type PlacedNumber} from '../quality/column-faults.ts';
import {
	createKeyCounts,
	hashOf as hashOfKey,
	type KeyCounts,
	PLACES_OF_KEY,
	settleKeys,
} from '../quality/key-counts.ts';
import {
	type CountedCells,
	comparePlacedCells,
	comparePlaces,
	MAX_PLACED_BYTES,
	MAX_PLACES,
	type Place,
	type PlacedCell,
} from '../quality/places.ts';
import type {TableFaults} from '../quality/table-faults.ts';
import {DamagedBytesError, type VarintReader, type VarintWriter} from '../varints.ts';
import {checkCount} from './sample-bytes.ts';
import {readSet, writeSet} from './set-bytes.ts';

/** @param isStored - Whether the bytes are to be a function of the records. */
export function writeColumnFaults(writer: VarintWriter, {sketch, key}: ColumnFaults, isStored: boolean): void {
	writer.unsigned(sketch === null ? 0 : 1);
	if (sketch !== null) writeFaultSketch(writer, sketch);
	writer.unsigned(key === null ? 0 : 1);
	if (key !== null) writeKeys(writer, key, isStored);
}

export function readColumnFaults(reader: VarintReader, faults: ColumnFaults, caps: KeyCaps, isStored: boolean): void {
	const hasSketch = reader.unsigned() !== 0;
	if (hasSketch !== (faults.places === null)) throw new DamagedBytesError('Expected faults of a sketch');
	if (hasSketch) faults.sketch = readFaultSketch(reader);
	if (reader.unsigned() !== 0) faults.key = readKeys(reader, caps, isStored);
}

export function writeTableFaults(writer: VarintWriter, faults: TableFaults, isStored: boolean): void {
	writer.unsigned(faults.sources);
	writeCounted(writer, faults.ragged);
	writeCounted(writer, faults.notUtf8);
	writeKeys(writer, faults.records, isStored);
}

export function readTableFaults(reader: VarintReader, {caps}: TableFaults, isStored: boolean): TableFaults {
	const sources = reader.unsigned();
	const [ragged, notUtf8] = [readCounted(reader), readCounted(reader)];
	return {caps, sources, ragged, notUtf8, records: readKeys(reader, caps.keys, isStored)};
}

function writeFaultSketch(writer: VarintWriter, sketch: FaultSketch): void {
	for (const cells of sketch.classes) writePlaced(writer, cells);
	writeCounted(writer, sketch.blanks);
	for (const counted of sketch.forms) writeCounted(writer, counted);
	for (const number of [sketch.lowest, sketch.highest]) writePlaced(writer, number === null ? [] : [number]);
}

function readFaultSketch(reader: VarintReader): FaultSketch {
	const {classes, forms} = createFaultSketch();
	return {
		classes: classes.map(() => readPlaced(reader)),
		blanks: readCounted(reader),
		forms: forms.map(() => readCounted(reader)),
		lowest: readNumber(reader),
		highest: readNumber(reader),
	};
}

function readNumber(reader: VarintReader): PlacedNumber | null {
	const [cell] = readPlaced(reader, 1);
	if (cell === undefined) return null;
	const number = readCell(cell.text);
	if (!('nearest' in number)) throw new DamagedBytesError('Expected a number');
	return {...cell, nearest: number.nearest};
}

function writeCounted(writer: VarintWriter, {count, first}: CountedCells): void {
	writer.unsigned(count);
	writePlaced(writer, first);
}

function readCounted(reader: VarintReader): CountedCells {
	const count = reader.unsigned();
	const first = readPlaced(reader);
	if (first.length > count) throw new DamagedBytesError(`Expected ${count} places`);
	return {count, first};
}

function writePlaced(writer: VarintWriter, cells: readonly PlacedCell[]): void {
	writer.unsigned(cells.length);
	for (const {byteOffset, line, text} of cells) {
		writer.unsigned(byteOffset);
		writer.unsigned(line);
		writeBytes(writer, text);
	}
}

function readPlaced(reader: VarintReader, maxPlaces = MAX_PLACES): PlacedCell[] {
	const cells = Array.from({length: checkCount(reader, reader.unsigned(), maxPlaces)}, () => {
		const [byteOffset, line] = [reader.unsigned(), reader.unsigned()];
		return {byteOffset, line, text: readBytes(reader, 4 * MAX_PLACED_BYTES)};
	});
	assertOrder(cells, comparePlacedCells);
	return cells;
}

export function writePlaces(writer: VarintWriter, places: readonly Place[]): void {
	writer.unsigned(places.length);
	for (const {byteOffset, line} of places) {
		writer.unsigned(byteOffset);
		writer.unsigned(line);
	}
}

export function readPlaces(reader: VarintReader): Place[] {
	const places = Array.from({length: checkCount(reader, reader.unsigned(), MAX_PLACES)}, () => {
		const byteOffset = reader.unsigned();
		return {byteOffset, line: reader.unsigned()};
	});
	assertOrder(places, comparePlaces);
	return places;
}

function assertOrder<Item>(items: readonly Item[], compare: (one: Item, other: Item) => number): void {
	for (const [index, item] of items.entries()) {
		const before = items[index - 1];
		if (before !== undefined && compare(before, item) > 0) throw new DamagedBytesError('Expected places in order');
	}
}

function readLimit(reader: VarintReader): number {
	const limit = reader.unsigned();
	if (limit > HASH_LIMIT) throw new DamagedBytesError('Expected the limit of a sample');
	return limit;
}

function writeKeys(writer: VarintWriter, {count, values, sample, caps}: KeyCounts, isStored: boolean): void {
	settleKeys(sample, caps);
	writer.unsigned(count);
	writeSet(writer, values, isStored);
	writer.unsigned(sample.limit);
	writer.unsigned(sample.keys.size);
	let before = 0;
	for (const [key, {hash, count: sampled, first}] of sample.keys) {
		writer.unsigned(hash - before);
		before = hash;
		writeBytes(writer, key);
		writer.unsigned(sampled);
		writePlaced(writer, first);
	}
}

function readKeys(reader: VarintReader, caps: KeyCaps, isStored: boolean): KeyCounts {
	const count = reader.unsigned();
	const {maxValues, maxValueBytes} = caps;
	const values = readSet(reader, {maxValues, maxValueBytes}, isStored);
	const keys: KeyCounts = {...createKeyCounts(caps), count, values};
	keys.sample.limit = readLimit(reader);
	let hash = 0;
	for (let left = checkCount(reader, reader.unsigned(), caps.maxSampled); left > 0; left--) {
		hash += reader.unsigned();
		const key = readBytes(reader, MAX_KEY_BYTES);
		const sampled = reader.unsigned();
		if (hash !== hashOfKey(key) || hash >= keys.sample.limit || keys.sample.keys.has(key))
			throw new DamagedBytesError('Expected the keys of a sample');
		keys.sample.keys.set(key, {hash, count: sampled, first: readPlaced(reader, PLACES_OF_KEY)});
	}
	return keys;
}

const MAX_KEY_BYTES = 15;

function writeBytes(writer: VarintWriter, text: string): void {
	writer.unsigned(text.length);
	writer.bytes(Buffer.from(text, 'latin1'));
}

function readBytes(reader: VarintReader, maxBytes: number): string {
	const length = reader.unsigned();
	if (length > maxBytes) throw new DamagedBytesError(`Expected a text of at most ${maxBytes} bytes`);
	return Buffer.from(reader.bytes(length)).toString('latin1');
}
