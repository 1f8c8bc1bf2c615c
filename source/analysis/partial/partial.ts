// A partial: a state as bytes, by which it crosses threads and is stored. Its bytes are a function of the records alone, whatever the
// cut, the order and the tree of merging, so that tests compare bytes.
//
//   partial   magic │ version │ name of the analysis │ digest │ states │ check
//   states    accepted records │ physical lines, where they are counted │ sums │ ranges │ sets (set-bytes.ts) │ tables (table-bytes.ts) │
//             longest records │ most frequent values (top-bytes.ts) │ columns
//   sum       scale │ units │ records with the number, where it is counted │ units of the smallest and the largest, where they are
//             kept and a record has one
//   range     yyyymmdd of the first and the last day, or the first and the last moment (moment.ts); 0 and 0 for none
//   longest   line, from 1, and bytes of it; 0 for none
//   columns   of an analysis that reads columns alone (column-bytes.ts)
//   check     CRC-32 of all bytes in front; 0 between threads
//
// Numbers are varints (varints.ts) but for the check, which has four bytes, the lowest first. The order is that of the layout.

import {unitsAt} from '../extremes.ts';
import {momentOfNumber, numberOfMoment} from '../moment.ts';
import {isQuestionName} from '../question/named-question.ts';
import {type AnalysisState, absorbState, createState} from '../state.ts';
import {PARTIAL_VERSION, readsColumns, type StateLayout, topCapsOf} from '../state-layout.ts';
import {runInTurns, runToEnd} from '../turns.ts';
import {isAnalysisName} from '../value-checks.ts';
import {DamagedBytesError, VarintReader, VarintWriter} from '../varints.ts';
import {assertPossible} from './assert-possible.ts';
import {readColumns, writeColumns} from './column-bytes.ts';
import {readSet, writeSet} from './set-bytes.ts';
import {readExtremes, readScale, readTable, writeTable} from './table-bytes.ts';
import {readTopValues, writeTopValues} from './top-bytes.ts';

/** Asked for here and not imported, because each thread would load what it is in. */
const crc32 = (bytes: Uint8Array): number => process.getBuiltinModule('node:zlib').crc32(bytes);

const MAGIC = Buffer.from('FPTP');
const DIGEST_BYTES = 8;
const CHECK_BYTES = 4;

/** Bytes that are not a partial, or not one of the analysis that is asked for. The message is for people. */
export class PartialError extends Error {
	override readonly name = 'PartialError';
}

/**
Between threads, values are written as the state has them, and without a check: that is faster, but the bytes differ for the same
records, and nothing finds damage to them.
*/
export type PartialUse = 'store' | 'between-threads';

/** The state is left as it is. Of stored bytes, `encodePartial(decodePartial(bytes))` gives the same ones. */
export function encodePartial(
	{layout, records, lines, sums, ranges, sets, tables, longest, tops, columns}: AnalysisState,
	use: PartialUse = 'store',
): Uint8Array<ArrayBuffer> {
	const isStored = use === 'store';
	const writer = spareWriter ?? new VarintWriter();
	spareWriter = null;
	writer.bytes(MAGIC);
	writer.unsigned(PARTIAL_VERSION);
	const name = Buffer.from(layout.declaration.name);
	writer.unsigned(name.length);
	writer.bytes(name);
	writer.bytes(Buffer.from(layout.digest, 'hex'));
	writer.unsigned(records);
	if (layout.countsLines) writer.unsigned(lines);
	for (const [place, {scale, units, count, extremes}] of sums.entries()) {
		writer.unsigned(scale);
		writer.signed(units);
		if (layout.isCounted[place] === true) writer.unsigned(count);
		if (extremes == null) continue;
		writer.signed(unitsAt(extremes.lowest, scale));
		writer.signed(unitsAt(extremes.highest, scale));
	}
	for (const range of ranges) {
		writer.unsigned(range === null ? 0 : numberOfMoment(range.earliest));
		writer.unsigned(range === null ? 0 : numberOfMoment(range.latest));
	}
	for (const set of sets) writeSet(writer, set, isStored);
	for (const table of tables) writeTable(writer, table);
	for (const record of longest) {
		writer.unsigned(record?.line ?? 0);
		if (record !== null) writer.unsigned(record.bytes);
	}
	for (const values of tops) writeTopValues(writer, values);
	if (readsColumns(layout.declaration)) writeColumns(writer, columns, isStored);
	const check = Buffer.alloc(CHECK_BYTES);
	if (isStored) check.writeUInt32LE(crc32(writer.written));
	writer.bytes(check);
	const bytes = writer.take();
	spareWriter = writer;
	return bytes;
}

/** Partials of small files are written one after the other, and the memory of the last one is mostly large enough for the next. */
let spareWriter: VarintWriter | null = null;

/**
Stored bytes may come from anywhere: what no encoder writes is refused, in time and memory that are bounded by their length and by the
caps.

@throws {PartialError}
*/
export function decodePartial(bytes: Uint8Array, layout: StateLayout, use: PartialUse = 'store'): AnalysisState {
	return runToEnd(readPartial(bytes, layout, use));
}

/** The same between threads, for one that has others to serve: `nextTurn` resolves when they have been. */
export const decodePartialInTurns = (
	bytes: Uint8Array,
	layout: StateLayout,
	nextTurn: () => Promise<unknown>,
): Promise<AnalysisState> => runInTurns(readPartial(bytes, layout, 'between-threads'), nextTurn);

function* readPartial(bytes: Uint8Array, layout: StateLayout, use: PartialUse): Generator<void, AnalysisState> {
	try {
		return yield* readWholePartial(bytes, layout, use);
	} catch (error) {
		throw explainDamage(error);
	}
}

function* readWholePartial(bytes: Uint8Array, layout: StateLayout, use: PartialUse): Generator<void, AnalysisState> {
	const {name, digest, reader} = readHead(bytes, use);
	const wanted = layout.declaration.name;
	if (name !== wanted) throw new PartialError(`Expected a partial of the analysis ${wanted}, found one of ${name}`);
	if (digest !== layout.digest)
		throw new PartialError(
			`The partial is of another version of the analysis ${name}: its digest is ${digest}, and ${layout.digest} is needed`,
		);
	const state = yield* readStates(reader, layout, use);
	if (reader.bytesLeft > 0) throw new DamagedBytesError(`Expected the end, found ${reader.bytesLeft} more bytes`);
	if (use !== 'store') return state;
	assertPossible(state);
	if (readsColumns(layout.declaration)) assertSameBytes(state, bytes);
	return state;
}

/** Of columns, many bytes could stand for the same state, so what was read is written again. */
function assertSameBytes(state: AnalysisState, bytes: Uint8Array): void {
	if (Buffer.compare(encodePartial(state), bytes) !== 0)
		throw new DamagedBytesError('Expected the bytes that columns are written as');
}

/** Which analysis a partial is of. @throws {PartialError} */
export function nameOfPartial(bytes: Uint8Array): string {
	try {
		return readHead(bytes, 'store').name;
	} catch (error) {
		throw explainDamage(error);
	}
}

/** @throws {PartialError} When one of them is not of the analysis. */
export function mergePartials(one: Uint8Array, other: Uint8Array, layout: StateLayout): Uint8Array<ArrayBuffer> {
	const state = decodePartial(one, layout);
	absorbState(state, decodePartial(other, layout));
	return encodePartial(state);
}

const explainDamage = (error: unknown): unknown =>
	error instanceof DamagedBytesError
		? new PartialError(`The partial is damaged: ${error.message}`, {cause: error})
		: error;

/** @returns The reader stands behind the head, and ends in front of the check. */
function readHead(bytes: Uint8Array, use: PartialUse): {name: string; digest: string; reader: VarintReader} {
	const end = bytes.length - CHECK_BYTES;
	const reader = new VarintReader(bytes, 0, Math.max(0, end));
	if (end < MAGIC.length || !MAGIC.equals(reader.bytes(MAGIC.length)))
		throw new PartialError('The bytes are not a partial');
	const version = reader.unsigned();
	if (version !== PARTIAL_VERSION)
		throw new PartialError(`The partial has version ${version}, and only version ${PARTIAL_VERSION} can be read`);
	const check = new DataView(bytes.buffer, bytes.byteOffset + end).getUint32(0, true);
	if (use === 'store' && check !== crc32(bytes.subarray(0, end)))
		throw new DamagedBytesError('its check does not fit its bytes');
	const name = Buffer.from(reader.bytes(reader.unsigned())).toString();
	if (!isAnalysisName(name) && !isQuestionName(name)) throw new DamagedBytesError('Expected the name of an analysis');
	const digest = Buffer.from(reader.bytes(DIGEST_BYTES)).toString('hex');
	return {name, digest, reader};
}

function* readStates(reader: VarintReader, layout: StateLayout, use: PartialUse): Generator<void, AnalysisState> {
	const state = createState(layout);
	state.records = reader.unsigned();
	if (layout.countsLines) state.lines = reader.unsigned();
	for (const [place, isCounted] of layout.isCounted.entries()) {
		const scale = readScale(reader, layout.maxScales[place]);
		const units = BigInt(reader.signed());
		const count = isCounted ? reader.unsigned() : state.records;
		const extremes = layout.hasExtremes[place] === true && {extremes: count === 0 ? null : readExtremes(reader, scale)};
		state.sums[place] = {units, scale, count, ...extremes};
	}
	for (const [of, place] of layout.ranges) {
		const [earliest, latest] = [reader.unsigned(), reader.unsigned()];
		if (latest === 0 && earliest === 0) continue;
		const isTime = layout.declaration.columns[of]?.is === 'timestamp';
		state.ranges[place] = {earliest: momentAt(earliest, isTime), latest: momentAt(latest, isTime)};
	}
	for (const place of state.sets.keys()) state.sets[place] = readSet(reader, layout.caps, use === 'store');
	for (const table of layout.tables.values()) state.tables[table.place] = yield* readTable(reader, table);
	for (const place of state.longest.keys()) {
		const line = reader.unsigned();
		if (line !== 0) state.longest[place] = {line, bytes: reader.unsigned()};
	}
	for (const place of state.tops.keys()) state.tops[place] = readTopValues(reader, topCapsOf(layout.caps));
	if (!readsColumns(layout.declaration)) return state;
	return {...state, columns: readColumns(reader, state.columns, use === 'store')};
}

function momentAt(number: number, isTime: boolean): string {
	const moment = momentOfNumber(number, isTime);
	// Of a time, the number of a day is one that is written so.
	if (moment === null || numberOfMoment(moment) !== number)
		throw new DamagedBytesError(`Expected a ${isTime ? 'time' : 'day'}, found ${number}`);
	return moment;
}
