// Lines → figures of an analysis that reads lines. Counts, sums, sets and groups are those of records; the longest line and frequent
// values are of lines only.
import type {AnalysisFigures} from '../figures.ts';
import {isLineColumn, type LineColumn, lineColumns} from '../line-columns.ts';
import {joinLongest, type LongestRecord} from '../longest.ts';
import {addSampled, hashPosition, mapSample, type SampleSeed} from '../position-sample.ts';
import {compileProgram, type Lane} from '../program.ts';
import {type StateLayout, topCapsOf} from '../state-layout.ts';
import {addCount, createTopValues, type TopValues} from '../top-values.ts';
import {ProgramFigures} from './figures-of-records.ts';
import type {LaneValue} from './read-lanes.ts';

/** What the text reader gives for a line; see line-columns.ts. */
export interface LineRecord {
	/** 1-based. */
	readonly line: number;
	readonly byteOffset: number;
	readonly words: number;
	readonly bytes: number;
	readonly length: number;
	readonly level: string;
	/** From the beginning of its memory on, as much as `maskedBytesNeeded`. */
	readonly masked: Uint8Array;
	/** 0 where the line is blank. */
	readonly maskedLength: number;
}

const columnNames = Object.keys(lineColumns) as readonly LineColumn[];

/** More of a masked line changes nothing: with it there are too many bytes to be counted. */
export const maskedBytesNeeded = ({caps}: StateLayout): number => topCapsOf(caps).maxBytes + 1;

interface LaneReader {
	readonly column: LineColumn;
	/** The same object for each line. */
	readonly value: {kind: 'number'; number: {units: number; scale: number}} | {kind: 'text'; text: string};
}

/** Takes the lines of one source, one after the other. */
export class LineFigures {
	readonly #records: ProgramFigures;
	readonly #readers: readonly LaneReader[];
	readonly #lanes: LaneValue[];
	readonly #longest: readonly {readonly column: LineColumn; record: LongestRecord | null}[];
	readonly #tops: readonly TopRecords[];
	readonly #seed: SampleSeed;

	/** @param seed - Of the source. */
	constructor(layout: StateLayout, seed: SampleSeed) {
		const indexes = Object.fromEntries(columnNames.map((name, index) => [name, index]));
		const program = compileProgram([{declaration: layout.declaration, indexes}], layout.caps);
		this.#records = new ProgramFigures(program);
		this.#readers = program.lanes.map(createReader);
		this.#lanes = this.#readers.map(({value}) => value);
		this.#longest = Array.from(layout.longest.keys(), name => ({column: columnNamed(name), record: null}));
		this.#tops = Array.from(layout.tops.keys(), name => new TopRecords(columnNamed(name), layout));
		this.#seed = seed;
	}

	add(line: LineRecord): void {
		for (const {column, value} of this.#readers) {
			if (value.kind === 'number') value.number.units = numberOf(line, column);
			else value.text = textOf(line, column);
		}
		this.#records.addLanes(this.#lanes);
		for (const longest of this.#longest) {
			const bytes = numberOf(line, longest.column);
			if (bytes >= (longest.record?.bytes ?? 0)) longest.record = joinLongest(longest.record, {line: line.line, bytes});
		}
		if (this.#tops.length === 0) return;
		const hash = hashPosition(this.#seed, line.byteOffset);
		for (const top of this.#tops) top.add(line, hash);
	}

	/** What the lines came to so far. */
	take(): AnalysisFigures {
		const [figures] = this.#records.take();
		if (figures === undefined) throw new Error('Expected figures of an analysis');
		return {
			...figures,
			longest: this.#longest.map(({record}) => record),
			tops: this.#tops.map(top => top.take()),
		};
	}
}

function createReader(lane: Lane): LaneReader {
	const column = 'column' in lane ? columnNames[lane.column] : undefined;
	if (column === undefined) throw new Error('Expected a column of lines');
	const value =
		lane.kind === 'number' ? {kind: lane.kind, number: {units: 0, scale: 0}} : {kind: 'text' as const, text: ''};
	return {column, value};
}

function columnNamed(name: string): LineColumn {
	if (!isLineColumn(name)) throw new Error(`Expected a column of lines, found ${name}`);
	return name;
}

function numberOf(line: LineRecord, column: LineColumn): number {
	switch (column) {
		case 'words':
			return line.words;
		case 'bytes':
			return line.bytes;
		case 'length':
			return line.length;
		case 'blank':
			return line.words === 0 ? 1 : 0;
		default:
			throw new Error(`Expected ${column} to be a number`);
	}
}

/** One character per byte. */
function textOf({level, masked, maskedLength}: LineRecord, column: LineColumn, maxBytes = maskedLength): string {
	if (column === 'level') return level;
	const {buffer, byteOffset, length} = masked;
	return Buffer.from(buffer, byteOffset, length).toString('latin1', 0, Math.min(maskedLength, maxBytes));
}

/** The most frequent values of a text. */
class TopRecords {
	readonly #column: LineColumn;
	readonly #values: TopValues;

	constructor(column: LineColumn, {caps}: StateLayout) {
		this.#column = column;
		this.#values = createTopValues(topCapsOf(caps));
	}

	/** @param hash - Of the place of the line. */
	add(line: LineRecord, hash: number): void {
		const values = this.#values;
		const {sample} = values;
		if ((this.#column === 'masked' ? line.maskedLength : line.level.length) === 0) return;
		values.records++;
		if (values.counts !== null) addCount(values, textOf(line, this.#column), 1);
		if (hash < sample.limit) addSampled(sample, hash, textOf(line, this.#column, sample.caps.maxTextBytes));
	}

	take(): TopValues {
		const {counts, sample} = this.#values;
		return {...this.#values, counts: counts && new Map(counts), sample: mapSample(sample, text => text)};
	}
}
