// What is in a page of a flat column: which of its cells have a value, and the values as they are stored.
import type {DataReader, DecodedArray, Encoding, PageHeader, ParquetType} from 'hyparquet';
import {deltaBinaryUnpack, deltaLengthByteArray} from 'hyparquet/src/delta.js';
import {byteStreamSplit} from 'hyparquet/src/encoding.js';
import {readPlain} from 'hyparquet/src/plain.js';
import {readRuns} from './runs.ts';

/** How the values of a column are stored. */
export interface Storage {
	readonly type: ParquetType;
	/** Of values that are all of one length. */
	readonly valueBytes: number | undefined;
	/** Whether cells may be empty. */
	readonly hasEmptyCells: boolean;
}

export interface PageValues {
	/** 1 for a cell with a value, 0 for an empty one; `null` where all have one. */
	readonly levels: Int32Array | null;
	/** Values, or their places in the dictionary. */
	readonly values: DecodedArray;
	readonly isIndexed: boolean;
}

/**
@param bytes - Of the page, unpacked, and of nothing else.
@param maxBytes - Of all values together, where some share bytes.
@throws {Error} Where they are damaged.
*/
export function readPageValues(
	bytes: Uint8Array,
	{data_page_header: first, data_page_header_v2: second}: PageHeader,
	storage: Storage,
	maxBytes: number,
): PageValues {
	const page = first ?? second;
	if (page === undefined) throw new Error('it does not say how many values it has');
	let levels: Int32Array | null = null;
	let start = 0;
	if (second !== undefined) {
		start = second.repetition_levels_byte_length + second.definition_levels_byte_length;
		if (storage.hasEmptyCells) levels = readRuns(bytes, second.repetition_levels_byte_length, 1, page.num_values);
	} else if (storage.hasEmptyCells) {
		start = 4 + new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(0, true);
		levels = readRuns(bytes, 4, 1, page.num_values);
	}
	if (start > bytes.length) throw new Error('it ends in front of its values');
	const count = levels === null ? page.num_values : levels.reduce((sum, level) => sum + level, 0);
	if (page.encoding.endsWith('_DICTIONARY')) {
		const values = count === 0 ? [] : readRuns(bytes, start + 1, bytes[start] ?? 0, count);
		return {levels, values, isIndexed: true};
	}
	return {levels, values: readValues(bytes.subarray(start), page.encoding, count, storage, maxBytes), isIndexed: false};
}

function readValues(
	bytes: Uint8Array,
	encoding: Encoding,
	count: number,
	storage: Storage,
	maxBytes: number,
): DecodedArray {
	const {type, valueBytes} = storage;
	const reader = {view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: 0};
	if (count === 0) return [];
	switch (encoding) {
		case 'PLAIN':
			return readPlain(reader, type, count, valueBytes);
		case 'RLE':
			return Array.from(readRuns(bytes, 4, 1, count), bit => bit === 1);
		case 'BYTE_STREAM_SPLIT':
			return byteStreamSplit(reader, count, type, valueBytes);
		case 'DELTA_BINARY_PACKED':
			return readDeltas(reader, type === 'INT32' ? new Int32Array(count) : new BigInt64Array(count));
		case 'DELTA_LENGTH_BYTE_ARRAY': {
			const values = new Array<Uint8Array>(count);
			deltaLengthByteArray(reader, count, values);
			return values;
		}
		case 'DELTA_BYTE_ARRAY':
			return readByDifference(reader, count, maxBytes);
		default:
			throw new Error(`its values are encoded in a way that is not known (${encoding})`);
	}
}

function readDeltas<Numbers extends Int32Array | BigInt64Array>(reader: DataReader, numbers: Numbers): Numbers {
	deltaBinaryUnpack(reader, numbers.length, numbers);
	return numbers;
}

/** Each value begins as the one before, for so many bytes. */
function readByDifference(reader: DataReader, count: number, maxBytes: number): Uint8Array[] {
	const shared = readDeltas(reader, new Int32Array(count));
	const rests = new Array<Uint8Array>(count);
	deltaLengthByteArray(reader, count, rests);
	let before = new Uint8Array(0);
	let allBytes = 0;
	return rests.map((rest, index) => {
		const length = shared[index] ?? 0;
		allBytes += length + rest.length;
		if (length < 0 || length > before.length || allBytes > maxBytes)
			throw new Error('its values share more bytes than they have');
		const value = new Uint8Array(length + rest.length);
		value.set(before.subarray(0, length));
		value.set(rest, length);
		before = value;
		return value;
	});
}
