// How files are read, as the words that the kernel takes: see assembly/index.ts (`loadSpec`) and assembly/program.ts.
import {columnLimits, faultCapsOf} from '../analysis/columns/column-caps.ts';
import {dateForms} from '../analysis/forms/date-form.ts';
import type {AnalysisProgram, ColumnsProgram, Lane, Program, SumProgram, TableProgram} from '../analysis/program.ts';
import type {FilterProgram} from '../analysis/where/filter-program.ts';
import {filterWords} from './filter-words.ts';

export interface KernelSpec {
	readonly program: Program;
	/** One byte. */
	readonly delimiter: string;
	/** One byte, or empty where no field is quoted. */
	readonly quote: '"' | "'" | '';
	readonly columnCount: number;
	/** This number of rejected records ends the reading; `null`: no number does. */
	readonly rejectLimit: number | null;
	/** This number of rejected records in a million keeps a file out of rows; `null`: no share does. */
	readonly rejectLimitPerMillion: number | null;
	/** The number of rejects that are kept of each analysis, and of the structure; also kept is the one that ends the reading. */
	readonly maxRejects: number;
	/** Where a record that is the same is rejected: see `repeatableHeader`. */
	readonly header?: Uint8Array | null | undefined;
	/** Whether fields that a record lacks at its end count as empty ones. */
	readonly fillsMissing?: boolean | undefined;
	/** A longer record or field ends the reading. */
	readonly maxRecordBytes: number;
	readonly maxFieldBytes: number;
}

const NONE = 0xffff_ffff;
const OPTIONAL = 1;
const FACTOR = 2;
const GIVEN = 4;
const COMMA = 8;
const PERCENT = 16;
const SILENT = 32;
const UNGROUPED = 64;
const COUNTED = 1;
const WITH_EXTREMES = 2;
const TIMED = 2;
const OF_FILTER = 4;
/** By their numbers in assembly/date-reader.ts: those in front are read there. */
const FORM = 16;
const WITH_FUNCTIONS = 1;
const WITH_CONDITION = 2;
/** By their numbers in assembly/key-parts.ts. */
const parts = ['text', 'year', 'month', 'day', 'hour', 'weekday'] as const;
const COMPUTED_TEXT = 7;
/** As the column of a set: a computed text. */
const COMPUTED = 0x8000_0000;

type ComputedLane = Extract<Lane, {kind: 'computed'}>;

interface NumberColumn {
	readonly column: number;
	isOptional: boolean;
	isFactor: boolean;
}

interface DateColumn {
	readonly column: number;
	isOptional: boolean;
	isTimed: boolean;
}

/** What is read of each record: a column that several lanes stand for is read once. */
export class Readers {
	readonly #filter: FilterProgram | undefined;
	readonly #lanes: readonly Lane[];
	readonly #computed: readonly ComputedLane[];
	readonly numbers: NumberColumn[] = [];
	readonly dates: DateColumn[] = [];
	/** Of readers of numbers; the last word says whether it is their difference. */
	readonly products: (readonly [number, number, number])[] = [];
	/** How many of the last readers of numbers are the filter's own. */
	ofFilter = 0;

	constructor({lanes, filter}: Program) {
		this.#filter = filter;
		this.#lanes = lanes;
		this.#computed = lanes.filter(lane => lane.kind === 'computed');
		for (const lane of lanes) if (partsOf(lane) === null) this.#add(lane);
		for (const lane of lanes) if (partsOf(lane) !== null) this.#addProduct(lane);
		for (const {column, test} of filter?.tests ?? []) {
			if (test.kind === 'number') this.#addNumberOfFilter(column);
			if (test.kind === 'date') this.#add({kind: 'date', column, isOptional: true});
		}
	}

	#addNumberOfFilter(column: number): void {
		if (this.numberOfFilter(column) !== -1) return;
		this.numbers.push({column, isOptional: true, isFactor: false});
		this.ofFilter++;
	}

	/** Whether the filter has a reader of its own for the same column. */
	isSilent(number: number): boolean {
		const own = this.numberOfFilter(this.numbers[number]?.column ?? -1);
		return own !== -1 && own !== number;
	}

	isDateOfFilter(column: number): boolean {
		return this.#filter?.tests.some(one => one.test.kind === 'date' && one.column === column) ?? false;
	}

	/** -1 where it has none. */
	numberOfFilter(column: number): number {
		const first = this.numbers.length - this.ofFilter;
		return this.numbers.findIndex((reader, place) => place >= first && reader.column === column);
	}

	/** A record without what some lane must have goes by the rules anyway: so a reader is optional only where all its lanes are. */
	#add(lane: Lane): void {
		if (lane.kind !== 'number' && lane.kind !== 'date' && lane.kind !== 'timestamp') return;
		const {column, isOptional} = lane;
		if (lane.kind === 'number') {
			const known = this.numbers.find(reader => reader.column === column);
			if (known !== undefined) known.isOptional &&= isOptional;
			else this.numbers.push({column, isOptional, isFactor: false});
			return;
		}
		const isTimed = lane.kind === 'timestamp';
		const known = this.dates.find(reader => reader.column === column);
		if (known === undefined) this.dates.push({column, isOptional, isTimed});
		else {
			known.isOptional &&= isOptional;
			known.isTimed ||= isTimed;
		}
	}

	#addProduct(lane: Lane): void {
		const pair = this.#pairOf(lane);
		if (pair === null) return;
		for (const reader of pair.slice(0, 2)) {
			const number = this.numbers[reader];
			if (number !== undefined) number.isFactor = true;
		}
		if (this.#placeOf(pair) === -1) this.products.push(pair);
	}

	#placeOf(wanted: readonly number[]): number {
		return this.products.findIndex(product => product.every((word, place) => word === wanted[place]));
	}

	/** The readers of two parts, and what is made of them; `null` where one is absent. */
	#pairOf(lane: Lane): readonly [number, number, number] | null {
		const [left, right] = partsOf(lane) ?? [];
		if (left === undefined || right === undefined) throw new Error(`Expected ${lane.kind} to be a product`);
		const pair = [this.valueOf(left), this.valueOf(right), Number(lane.kind === 'difference')] as const;
		return pair.includes(NONE) ? null : pair;
	}

	lane(place: number): Lane {
		const lane = this.#lanes[place];
		if (lane === undefined) throw new Error(`Expected a lane ${place}`);
		return lane;
	}

	/** Lanes that functions compute, of one type. */
	computed(type: ComputedLane['is']): readonly ComputedLane[] {
		return this.#computed.filter(({is}) => is === type);
	}

	/** The number of a lane among those of its type that functions compute. */
	computedOf(place: number): number {
		const lane = this.lane(place);
		if (lane.kind !== 'computed') throw new Error(`Expected lane ${place} to be computed`);
		return this.computed(lane.is).indexOf(lane);
	}

	/** The number of the value of a lane: columns, products behind them, then what is computed. */
	valueOf(place: number): number {
		const lane = this.lane(place);
		if (lane.kind === 'number') return this.numbers.findIndex(({column}) => column === lane.column);
		if (lane.kind === 'absent') return NONE;
		if (lane.kind === 'computed') return this.numbers.length + this.products.length + this.computedOf(place);
		const pair = this.#pairOf(lane);
		return pair === null ? NONE : this.numbers.length + this.#placeOf(pair);
	}

	dateOf(place: number): number {
		const lane = this.lane(place);
		if (lane.kind === 'absent') return NONE;
		if (lane.kind === 'computed') return this.dates.length + this.computedOf(place);
		if (lane.kind !== 'date' && lane.kind !== 'timestamp') throw new Error(`Expected lane ${place} to be a date`);
		return this.dates.findIndex(({column}) => column === lane.column);
	}

	/** The column of a text, or that of a set for a text that is computed. */
	columnOf(place: number): number {
		const lane = this.lane(place);
		if (lane.kind === 'computed') return COMPUTED + this.computedOf(place);
		if (lane.kind === 'absent') return NONE;
		if (lane.kind !== 'text') throw new Error(`Expected lane ${place} to be a text`);
		return lane.column;
	}

	/** What a record must have for a lane: readers of numbers, those of dates behind them, then differences. */
	requiredOf(place: number): number[] {
		const lane = this.lane(place);
		if (lane.kind === 'product') return lane.factors.flatMap(factor => this.requiredOf(factor));
		if (lane.kind === 'difference') return [this.valueOf(place) + this.dates.length];
		const reader = isMoment(lane) ? this.numbers.length + this.dateOf(place) : this.valueOf(place);
		if (reader === NONE) throw new Error(`Expected the column of lane ${place} to be there`);
		return [reader];
	}
}

/** Of a lane that is made of two others; `null` for any other. */
const partsOf = (lane: Lane): readonly [number, number] | null =>
	lane.kind === 'product' ? lane.factors : lane.kind === 'difference' ? lane.parts : null;

const isMoment = ({kind}: Lane): boolean => kind === 'date' || kind === 'timestamp';

/** Whether the first summand of a table is not a sum: the number of records stands with one that each record has. */
const isLedByRecords = ({sums: [first]}: TableProgram, readers: Readers): boolean => {
	if (first === undefined || first.isCounted) return true;
	const lane = readers.lane(first.lane);
	return lane.kind === 'computed' || (lane.kind !== 'absent' && lane.isOptional);
};

const listed = (items: readonly (readonly number[])[]): number[] => [items.length, ...items.flat()];
const sumWords = (sums: readonly SumProgram[], readers: Readers): number[][] =>
	sums.map(({lane, isCounted, hasExtremes = false}) => [
		readers.valueOf(lane),
		Number(isCounted) * COUNTED + Number(hasExtremes) * WITH_EXTREMES,
	]);

const rangeWords = (lanes: readonly number[], readers: Readers): number[][] =>
	lanes.map(lane => [readers.dateOf(lane), Number(readers.lane(lane).kind === 'timestamp')]);

function tableWords(table: TableProgram, readers: Readers): number[] {
	const isLed = isLedByRecords(table, readers);
	const keys = table.keys.map(({lane, part}) => {
		if (part !== 'text') return [parts.indexOf(part), readers.dateOf(lane)];
		if (readers.lane(lane).kind === 'computed') return [COMPUTED_TEXT, readers.computedOf(lane)];
		return [parts.indexOf(part), readers.columnOf(lane)];
	});
	if (keys.length < 1 || keys.length > 2) throw new Error('Expected one key or two');
	const summands = [...(isLed ? [[NONE, 0]] : []), ...sumWords(table.sums, readers)];
	const ranges = rangeWords(table.ranges ?? [], readers);
	return [
		...[table.maxGroups, table.maxKeyBytes],
		...listed(keys),
		Number(isLed),
		...listed(summands),
		...listed(ranges),
		Number(table.countsKeys === true),
	];
}

/** Values of which sums must have the scale, factors in front of their products. */
function valuesOf({required, sums, tables}: AnalysisProgram, readers: Readers): number[] {
	const numbers = readers.numbers.length;
	const summed = [...sums, ...tables.flatMap(table => table.sums)].map(({lane}) => readers.valueOf(lane));
	const needed = required.flatMap(lane => readers.requiredOf(lane)).filter(reader => reader < numbers);
	const factors = summed.flatMap(value => readers.products[value - numbers]?.slice(0, 2) ?? []);
	const all = new Set([...summed, ...needed, ...factors]);
	all.delete(NONE);
	return [...all].sort((one, other) => one - other);
}

function analysisWords(analysis: AnalysisProgram, readers: Readers): number[] {
	const {required, sums, ranges, sets, tables} = analysis;
	return [
		Number(analysis.countsLines === true),
		functionWord(analysis),
		...listed(required.flatMap(lane => readers.requiredOf(lane)).map(reader => [reader])),
		...listed(valuesOf(analysis, readers).map(value => [value])),
		...listed(sumWords(sums, readers)),
		...listed(rangeWords(ranges, readers)),
		...listed(sets.map(({lane, maxValues, maxValueBytes}) => [readers.columnOf(lane), maxValues, maxValueBytes])),
		...listed(tables.map(table => tableWords(table, readers))),
		...columnWords(analysis),
	];
}

function functionWord({functions}: AnalysisProgram): number {
	if (functions === undefined) return 0;
	return functions.where === undefined ? WITH_FUNCTIONS : WITH_FUNCTIONS + WITH_CONDITION;
}

function columnWords({columns}: AnalysisProgram): number[] {
	if (columns === undefined) return [0];
	const {maxValues, maxValueBytes, registerBits, sample, onlyClasses} = columnLimits(
		columns.caps,
		columns.names.length,
	);
	const {maxEntries, maxBytes, maxTextBytes} = sample;
	const faults = faultWords(columns);
	return [
		1,
		columns.names.length,
		maxValues,
		maxValueBytes,
		registerBits,
		maxEntries,
		maxBytes,
		maxTextBytes,
		Number(onlyClasses),
		...faults,
	];
}

function faultWords({faults, caps}: ColumnsProgram): number[] {
	if (faults === undefined) return [0];
	const {maxValues, maxValueBytes, maxSampled} = faultCapsOf(caps).keys;
	return [1, faults.key ?? NONE, maxValues, maxValueBytes, maxSampled];
}

function programWords(program: Program): number[] {
	const readers = new Readers(program);
	const {analyses, filter} = program;
	const inputs = analyses.flatMap(({functions}) => functions?.inputs ?? []).map(({lane}) => lane);
	const given = new Set(inputs.filter(lane => readers.lane(lane).kind === 'number').map(lane => readers.valueOf(lane)));
	return [
		...listed(
			readers.numbers.map(({column, isOptional, isFactor}, number) => [
				column,
				Number(isOptional) * OPTIONAL +
					Number(isFactor) * FACTOR +
					Number(given.has(number)) * GIVEN +
					numberFormFlags(program, column) +
					Number(readers.isSilent(number)) * SILENT,
			]),
		),
		...listed(
			readers.dates.map(({column, isOptional, isTimed}) => [
				column,
				Number(isOptional) * OPTIONAL +
					Number(isTimed) * TIMED +
					Number(readers.isDateOfFilter(column)) * OF_FILTER +
					dateForms.indexOf(program.forms?.get(column)?.date ?? 'year-first') * FORM,
			]),
		),
		...listed(readers.products),
		...listed(readers.computed('number').map(({decimals}) => [decimals])),
		...[readers.computed('date').length, readers.computed('text').length],
		...listed(analyses.map(analysis => analysisWords(analysis, readers))),
		...filterWords(filter ?? null, {
			numberOf: column => readers.numberOfFilter(column),
			dateOf: column => readers.dates.findIndex(date => date.column === column),
		}),
		...(filter === undefined ? [] : [readers.ofFilter]),
	];
}

function numberFormFlags({forms}: Program, column: number): number {
	const form = forms?.get(column)?.number;
	const otherMark = form?.mark === ',' ? '.' : ',';
	const isUngrouped = form?.group !== undefined && form.group !== otherMark;
	return (
		Number(form?.mark === ',') * COMMA + Number(form?.isPercent === true) * PERCENT + Number(isUngrouped) * UNGROUPED
	);
}

const lowAndHigh = (number: number): [number, number] => [number % 2 ** 32, Math.floor(number / 2 ** 32)];

/** How many bytes, and the bytes. */
function byteWords(bytes: Uint8Array): number[] {
	const words = new Uint32Array(Math.ceil(bytes.length / 4));
	new Uint8Array(words.buffer).set(bytes);
	return [bytes.length, ...words];
}

export const specWords = (spec: KernelSpec): Uint32Array =>
	Uint32Array.from([
		spec.delimiter.charCodeAt(0),
		spec.quote === '' ? 0 : spec.quote.charCodeAt(0),
		spec.columnCount,
		spec.maxRecordBytes,
		spec.maxFieldBytes,
		...lowAndHigh(spec.rejectLimit ?? 0),
		spec.rejectLimitPerMillion ?? 0,
		spec.maxRejects,
		Number(spec.fillsMissing === true),
		...byteWords(spec.header ?? new Uint8Array(0)),
		...programWords(spec.program),
	]);

const keptOf = ({isCounted, hasExtremes = false}: SumProgram): readonly boolean[] => [isCounted, hasExtremes];

/** What analyses keep, as a text that is the same where they keep the same, wherever their columns are. */
export const shapeOf = ({analyses}: Program): string =>
	JSON.stringify(
		analyses.map(({countsLines = false, sums, ranges, sets, tables, columns}) => [
			countsLines,
			sums.map(keptOf),
			ranges.length,
			sets.map(({maxValues, maxValueBytes}) => [maxValues, maxValueBytes]),
			tables.map(table => [
				table.keys.map(({part}) => part),
				table.sums.map(keptOf),
				table.ranges?.length ?? 0,
				[table.maxGroups, table.maxKeyBytes],
				table.countsKeys === true,
			]),
			columns === undefined ? null : [columns.names.length, columns.caps, columns.faults !== undefined],
		]),
	);
