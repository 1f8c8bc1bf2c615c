// The slow way from records to figures, which the kernel is held against: it runs the same programs, one record after the other.
import {numberOfDay} from '../calendar-date.ts';
import {DecimalSum} from '../decimal.ts';
import {addDistinct, createDistinct, type DistinctValues, KEY_WORDS} from '../distinct.ts';
import {addText, createRegisters} from '../estimate.ts';
import {type Extremes, extremesOf, joinExtremes} from '../extremes.ts';
import {
	type AnalysisFigures,
	COUNT_WORDS,
	EXTREMES_WORDS,
	entryWords,
	FIRST_SUM_WORD,
	KEY_END_WORD,
	RANGE_WORDS,
	RECORDS_WORD,
	type SetFigures,
	SUM_WORDS,
	type SumFigures,
	type TableFigures,
	writeCount,
} from '../figures.ts';
import type {ColumnEvidence} from '../forms/evidence.ts';
import {writeExtremes} from '../groups/group-extremes.ts';
import {joinKeyParts} from '../groups/key-parts.ts';
import {hourOf, isDayKnown, momentOf, weekdayOf} from '../moment.ts';
import type {SampleSeed} from '../position-sample.ts';
import type {AnalysisProgram, KeyProgram, Lane, Program, SumProgram, TableProgram} from '../program.ts';
import type {Place, ToFileOffset} from '../quality/places.ts';
import {writeWords} from '../wide-sums.ts';
import {RecordFunctions} from './call-functions.ts';
import {ColumnRecords} from './column-records.ts';
import {type CellFault, type LaneValue, readLanes} from './read-lanes.ts';

/** Takes the records of one source, one after the other. */
export class ProgramFigures {
	readonly #program: Program;
	readonly #seed: SampleSeed;
	readonly #analyses: readonly AnalysisRecords[];

	/**
	@param seed - Of the source, for samples of its records.
	@param toFileOffset - See `ColumnRecords`.
	*/
	constructor(program: Program, seed: SampleSeed = noSeed, toFileOffset: ToFileOffset | null = null) {
		this.#program = program;
		this.#seed = seed;
		this.#analyses = program.analyses.map(analysis => new AnalysisRecords(analysis, program, toFileOffset));
	}

	/**
	Adds a record.

	@param fields - All of a record that is as the header says, quotes removed, one character per byte.
	@param place - Where the record begins.
	@returns For each analysis why it rejects the record; `null` where it accepts it, or leaves it out.
	@throws {FunctionError} When a function of an analysis fails.
	*/
	add(fields: readonly string[], place: Place = nowhere): (CellFault | null)[] {
		const lanes = readLanes(this.#program, fields);
		return this.#analyses.map(analysis => {
			if (!analysis.fits(lanes)) return null;
			const fault = analysis.add(lanes);
			if (fault === null) analysis.addCells(fields, this.#seed, place);
			return fault;
		});
	}

	/** Adds a record that is not as the header says. @param found - What is wrong with it. */
	addRagged(found: string, place: Place): void {
		for (const analysis of this.#analyses) analysis.addRagged(found, place);
	}

	/** The same of what has been read of a line; analyses of lines have no condition. */
	addLanes(lanes: LaneValue[]): (CellFault | null)[] {
		return this.#analyses.map(analysis => analysis.add(lanes));
	}

	/** The records that an analysis left out because they do not fit its condition. */
	filteredRowsOf(analysis: number): number {
		return this.#analyses[analysis]?.filtered ?? 0;
	}

	/** What the cells of columns show of their forms, where columns are read whatever they hold. */
	get formEvidence(): readonly ColumnEvidence[] {
		return this.#analyses.find(({evidence}) => evidence !== null)?.evidence ?? [];
	}

	/** What the records came to so far, for each analysis. */
	take(): AnalysisFigures[] {
		return this.#analyses.map(analysis => analysis.figures);
	}
}

const noSeed: SampleSeed = {high: 0, low: 0};
const nowhere: Place = {line: 1, byteOffset: 0};

class AnalysisRecords {
	readonly #program: AnalysisProgram;
	readonly #functions: RecordFunctions | null;
	#records = 0;
	/** Those that do not fit its condition. */
	filtered = 0;
	readonly #sums: readonly LaneSum[];
	readonly #ranges: (AnalysisFigures['ranges'][number] | null)[];
	readonly #sets: readonly DistinctValues[];
	readonly #tables: readonly TableRecords[];
	readonly #columns: ColumnRecords | null;

	constructor(program: AnalysisProgram, {lanes, forms}: Program, toFileOffset: ToFileOffset | null) {
		this.#program = program;
		this.#functions =
			program.functions === undefined ? null : new RecordFunctions(program.name, program.functions, lanes);
		this.#sums = program.sums.map(sum => new LaneSum(sum));
		this.#ranges = program.ranges.map(() => null);
		this.#sets = program.sets.map(createDistinct);
		this.#tables = program.tables.map(table => new TableRecords(table, lanes));
		this.#columns = program.columns === undefined ? null : new ColumnRecords(program.columns, toFileOffset, forms);
	}

	/** All cells of an accepted record. */
	addCells(fields: readonly string[], seed: SampleSeed, place: Place): void {
		this.#columns?.add(fields, seed, place);
	}

	addRagged(found: string, place: Place): void {
		this.#columns?.addRagged(found, place);
	}

	/** Whether a record is to be added. One that does not fit the condition is counted here. */
	fits(lanes: readonly LaneValue[]): boolean {
		if (this.#functions === null || this.#functions.fits(lanes)) return true;
		this.filtered++;
		return false;
	}

	add(lanes: LaneValue[]): CellFault | null {
		for (const lane of this.#program.required) {
			const value = lanes[lane];
			if (value?.kind !== 'none') continue;
			if (value.fault === null) throw new Error('Expected a needed column to be in the header');
			return value.fault;
		}
		const fault = this.#functions?.call(lanes) ?? null;
		if (fault !== null) return fault;
		this.#records++;
		for (const sum of this.#sums) sum.add(lanes);
		for (const [place, lane] of this.#program.ranges.entries()) extendRange(this.#ranges, place, lanes[lane]);
		for (const [place, {lane}] of this.#program.sets.entries()) {
			const value = textOf(lanes[lane]);
			const set = this.#sets[place];
			if (value !== '' && set !== undefined) addDistinct(set, value);
		}
		for (const table of this.#tables) table.add(lanes);
		return null;
	}

	get evidence(): readonly ColumnEvidence[] | null {
		return this.#columns?.evidence ?? null;
	}

	get figures(): AnalysisFigures {
		return {
			records: this.#records,
			sums: this.#sums.map(({figures}) => figures),
			ranges: [...this.#ranges],
			sets: this.#sets.map(figuresOfSet),
			tables: this.#tables.map(({figures}) => figures),
			...(this.#columns !== null && {columns: this.#columns.columns}),
		};
	}
}

const textOf = (value: LaneValue | undefined): string => (value?.kind === 'text' ? value.text : '');

const figuresOfSet = ({registers, keys, keyCount, longValues}: DistinctValues): SetFigures =>
	registers === null
		? {keys: keys.slice(0, keyCount * KEY_WORDS), longValues: new Set(longValues), denseIds: null, registers}
		: {registers: registers.slice()};

class LaneSum {
	readonly #lane: number;
	readonly #sum = new DecimalSum();
	#count = 0;
	/** `undefined` where they are not kept. */
	#extremes: Extremes | null | undefined;

	constructor({lane, hasExtremes = false}: SumProgram) {
		this.#lane = lane;
		this.#extremes = hasExtremes ? null : undefined;
	}

	add(lanes: readonly LaneValue[]): void {
		const value = lanes[this.#lane];
		if (value?.kind !== 'number') return;
		this.#count++;
		const {units, scale} = value.number;
		this.#sum.add(units, scale);
		if (this.#extremes !== undefined)
			this.#extremes = joinExtremes(this.#extremes, extremesOf({units: BigInt(units), scale}));
	}

	get figures(): SumFigures {
		return {
			...this.#sum.value,
			count: this.#count,
			...(this.#extremes !== undefined && {extremes: this.#extremes}),
		};
	}
}

type DayRange = AnalysisFigures['ranges'][number];

interface Group {
	records: number;
	readonly sums: readonly LaneSum[];
	readonly ranges: DayRange[];
}

function extendRange(ranges: DayRange[], place: number, value: LaneValue | undefined): void {
	const day = textOf(value);
	if (!isDayKnown(day)) return;
	const {earliest, latest} = ranges[place] ?? {earliest: day, latest: ''};
	if (day >= earliest && day <= latest) return;
	ranges[place] = {earliest: day < earliest ? day : earliest, latest: day > latest ? day : latest};
}

class TableRecords {
	readonly #program: TableProgram;
	/** By the place of a range: whether it is of timestamps. */
	readonly #isTimed: readonly boolean[];
	readonly #groups = new Map<string, Group>();
	#keyBytes = 0;
	#isGivenUp = false;
	/** Of keys, once the groups are given up. */
	#registers: Uint8Array | null = null;

	/** @param lanes - All of the program. */
	constructor(program: TableProgram, lanes: readonly Lane[]) {
		this.#program = program;
		this.#isTimed = (program.ranges ?? []).map(lane => lanes[lane]?.kind === 'timestamp');
	}

	add(lanes: readonly LaneValue[]): void {
		const {keys, ranges = [], leavesOutEmpty} = this.#program;
		const parts = keys.map(each => partOf(each, lanes));
		if (leavesOutEmpty === true && parts.every(part => part === '')) return;
		const key = joinKeyParts(parts);
		if (!this.#isGivenUp && !this.#groups.has(key)) this.#addGroup(key);
		if (this.#registers !== null) addText(this.#registers, key);
		const group = this.#groups.get(key);
		if (group === undefined) return;
		group.records++;
		for (const sum of group.sums) sum.add(lanes);
		for (const [place, lane] of ranges.entries()) extendRange(group.ranges, place, lanes[lane]);
	}

	/** Gives up all groups if another one does not fit. */
	#addGroup(key: string): void {
		const {sums, ranges = [], maxGroups, maxKeyBytes, countsKeys} = this.#program;
		this.#keyBytes += key.length;
		this.#isGivenUp = this.#groups.size === maxGroups || this.#keyBytes > maxKeyBytes;
		if (!this.#isGivenUp) {
			const group = {records: 0, sums: sums.map(sum => new LaneSum(sum)), ranges: ranges.map(() => null)};
			this.#groups.set(key, group);
			return;
		}
		if (countsKeys === true) {
			this.#registers = createRegisters();
			for (const known of this.#groups.keys()) addText(this.#registers, known);
		}
		this.#groups.clear();
	}

	get figures(): TableFigures {
		const {sums, ranges = []} = this.#program;
		const words = entryWords(sums, ranges.length);
		const entries = new Uint32Array(this.#groups.size * words);
		const additions: {group: number; sum: number; value: SumFigures}[] = [];
		const wideExtremes: {group: number; sum: number; extremes: Extremes}[] = [];
		const groups = Array.from(this.#groups.values(), ({records, sums, ranges}) => ({
			...{records, ranges},
			sums: sums.map(({figures}) => figures),
		}));
		const scales = sums.map((_, place) =>
			groups.reduce((largest, group) => Math.max(largest, narrowScale(group.sums[place])), 0),
		);
		let end = 0;
		for (const [place, key] of [...this.#groups.keys()].entries()) {
			end += key.length;
			entries[place * words + KEY_END_WORD] = end;
		}
		for (const [group, {records, sums: figures, ranges: days}] of groups.entries()) {
			const at = group * words;
			writeCount(entries, at + RECORDS_WORD, records);
			let countAt = at + FIRST_SUM_WORD + SUM_WORDS * sums.length;
			for (const [sum, value] of figures.entries()) {
				const units = value.units * 10n ** BigInt(Math.max(0, (scales[sum] ?? 0) - value.scale));
				const isNarrow = value.scale <= MAX_SCALE && writeWords(entries, at + FIRST_SUM_WORD + SUM_WORDS * sum, units);
				if (!isNarrow) additions.push({group, sum, value});
				if (sums[sum]?.isCounted !== true) continue;
				writeCount(entries, countAt, value.count);
				countAt += 2;
			}
			// Extremes stand behind the counts, and ranges behind them.
			for (const [sum, {extremes}] of figures.entries()) {
				if (extremes === undefined) continue;
				if (extremes !== null && !writeExtremes(entries, countAt, extremes, scales[sum] ?? 0))
					wideExtremes.push({group, sum, extremes});
				countAt += EXTREMES_WORDS;
			}
			for (const [range, day] of days.entries()) {
				if (day === null) continue;
				const numberOf = this.#isTimed[range] === true ? momentOf : numberOfDay;
				writeCount(entries, countAt + RANGE_WORDS * range, numberOf(day.earliest));
				writeCount(entries, countAt + RANGE_WORDS * range + COUNT_WORDS, numberOf(day.latest));
			}
		}
		const keys = new Uint8Array(Buffer.from([...this.#groups.keys()].join(''), 'latin1'));
		const registers = this.#registers;
		return {
			...{isGivenUp: this.#isGivenUp, entries, keys, scales, additions, wideExtremes},
			...(registers !== null && {registers: registers.slice()}),
		};
	}
}

/** As the kernel has it: what has more decimals is an addition. */
const MAX_SCALE = 18;
const narrowScale = (sum: SumFigures | undefined): number =>
	sum === undefined || sum.scale > MAX_SCALE ? 0 : sum.scale;

const PART_LENGTHS = {year: 4, month: 7, day: 10} as const;

function partOf({lane, part}: KeyProgram, lanes: readonly LaneValue[]): string {
	const text = textOf(lanes[lane]);
	if (part === 'text') return text;
	if (part === 'hour') return hourOf(text);
	if (part === 'weekday') return weekdayOf(text);
	return isDayKnown(text) ? text.slice(0, PART_LENGTHS[part]) : '';
}
