// Declarations and a header → what a reader does with each record. Readers know programs, not analyses: the SIMD kernel and the
// reference reader run the same ones, and give the same figures (figures.ts) for the same records.
//
//   lanes      what is read of each record, once for all analyses: a number, a date, a text, a product of numbers
//   analyses   for each of them: which lanes a record must have, and what is summed, counted and grouped of the others
//
// A record that is as the header says counts in each analysis whose required lanes it has; an analysis rejects any other record,
// and other analyses may still accept it.
import type {ColumnCaps} from './columns/column-caps.ts';
import type {AnalysisDeclaration, ComputedColumn, ComputedType, GroupKey} from './declaration.ts';
import type {ForcedForms} from './forms/decide.ts';
import type {Forms} from './forms/forms.ts';
import {
	type Caps,
	columnCapsOf,
	decimalsOf,
	defaultCaps,
	findsFaults,
	isOptional,
	layOutStates,
	readsColumns,
	tableMeasure,
} from './state-layout.ts';
import type {FilterProgram} from './where/filter-program.ts';

/** Indexes are places in a record, from 0. */
export type Lane =
	| {readonly kind: 'number' | 'date' | 'timestamp' | 'text'; readonly column: number; readonly isOptional: boolean}
	/** Places of lanes of numbers. A record is rejected for a factor that is missing or not a number. */
	| {readonly kind: 'product'; readonly factors: readonly [number, number]; readonly isOptional: boolean}
	/**
	The first part minus the second one, which are places of optional lanes of numbers: one of them is enough, but a cell that is not empty
	must be a number.
	*/
	| {readonly kind: 'difference'; readonly parts: readonly [number, number]; readonly isOptional: boolean}
	/** An optional column that the header does not have: every record is without it. */
	| {readonly kind: 'absent'}
	/** What a function of an analysis computes of each record that it accepts. */
	| {readonly kind: 'computed'; readonly is: ComputedType; readonly decimals: number; readonly of: string};

export interface Program {
	readonly lanes: readonly Lane[];
	readonly analyses: readonly AnalysisProgram[];
	/** Records that it does not fit are in no analysis, and none rejects them. Without it, all count. */
	readonly filter?: FilterProgram;
	/** Of columns that are not in the plain form. */
	readonly forms?: Forms;
	/** What was said of the forms of all columns. */
	readonly forcedForms?: ForcedForms;
}

/** Numbers are places in `Program.lanes`. */
export interface AnalysisProgram {
	readonly name: string;
	/** Of what is measured, and of the caps. Partials of different digests never merge. */
	readonly digest: string;
	/** Whether physical lines are counted. */
	readonly countsLines?: boolean;
	/** Lanes of numbers and dates that a record must have; the first that it does not have is why it is rejected. */
	readonly required: readonly number[];
	/** Summed over all records. */
	readonly sums: readonly SumProgram[];
	/** Dates or timestamps of which the first and the last are kept. */
	readonly ranges: readonly number[];
	/** Texts of which the different values are counted, empty ones aside. */
	readonly sets: readonly SetProgram[];
	readonly tables: readonly TableProgram[];
	/** Only where columns are read: those of the header, each of which is kept for itself. */
	readonly columns?: ColumnsProgram;
	/** Run on each record that has what is required; its condition on any record. */
	readonly functions?: FunctionsProgram;
}

export interface ColumnsProgram {
	/** As the header has them, one character per byte. */
	readonly names: readonly string[];
	readonly caps: ColumnCaps;
	/** Only where faults are looked for. */
	readonly faults?: FaultsProgram;
}

export interface FaultsProgram {
	/** The column whose values should be different ones; `null` where there is none. */
	readonly key: number | null;
	/** Of the source: keys of records are made with it. */
	readonly delimiter: string;
}

/** Numbers are places in `Program.lanes`. */
export interface FunctionsProgram {
	/** What records have for them. */
	readonly inputs: readonly {readonly name: string; readonly lane: number}[];
	/** Called for any record, before it is known whether it has what is required. */
	readonly where: AnalysisDeclaration['where'] | undefined;
	readonly accept: AnalysisDeclaration['accept'] | undefined;
	readonly computed: readonly ComputedProgram[];
}

export interface ComputedProgram {
	/** `derive.fee` */
	readonly path: string;
	readonly lane: number;
	readonly is: ComputedType;
	/** Of a number. */
	readonly decimals: number;
	readonly js: ComputedColumn['js'];
}

export interface SumProgram {
	readonly lane: number;
	/** Whether a record may be without it, by the declaration alone: then those that have it are counted, too. */
	readonly isCounted: boolean;
	/** Whether the smallest and the largest number are kept, too. */
	readonly hasExtremes?: boolean;
}

export interface SetProgram {
	readonly lane: number;
	/** With more values, or longer ones together, it becomes an estimate. */
	readonly maxValues: number;
	readonly maxValueBytes: number;
}

export interface TableProgram {
	readonly keys: readonly KeyProgram[];
	/** Summed for each group. The records of a group are always counted. */
	readonly sums: readonly SumProgram[];
	/** Dates or timestamps of which the first and the last are kept for each group. */
	readonly ranges?: readonly number[];
	/** Whether different keys that are not empty are still counted, as an estimate, where there are too many groups. */
	readonly countsKeys?: boolean;
	/** Records whose keys are all empty are in no group; only where lines are read. */
	readonly leavesOutEmpty?: boolean;
	/** With more groups, or longer keys together, all groups are given up. */
	readonly maxGroups: number;
	readonly maxKeyBytes: number;
}

/**
A text as it is; the digits of a date up to its year, month or day: `2024`, `2024-05`, `2024-05-01`; its weekday, `1` for Monday to `7`; the
hour of a timestamp, `00` to `23`.
*/
export interface KeyProgram {
	readonly lane: number;
	readonly part: GroupKey['part'];
}

/** Where the columns of a declaration stand in a header; -1 for an optional one that is not there. */
export type ColumnIndexes = Readonly<Record<string, number>>;

/** The lanes of a program: what several analyses read is read once. */
class Lanes {
	readonly all: Lane[] = [];
	readonly #places = new Map<string, number>();

	/** @returns The place of a lane that reads the same. */
	add(lane: Lane): number {
		const key = JSON.stringify(lane);
		const known = this.#places.get(key);
		if (known !== undefined) return known;
		this.#places.set(key, this.all.length);
		return this.all.push(lane) - 1;
	}
}

/** An analysis and the header of one file. */
export interface BoundAnalysis {
	readonly declaration: AnalysisDeclaration;
	readonly indexes: ColumnIndexes;
	/** Where other columns stand that are subtracted from those. */
	readonly subtracted?: ColumnIndexes;
	/** The names as found, one character per byte; needed where columns are read. */
	readonly header?: readonly string[];
	/** What is needed where faults are looked for. */
	readonly faults?: FaultsProgram;
}

/** Compiles the analyses that are to be made of one file in one pass. */
export function compileProgram(analyses: readonly BoundAnalysis[], caps: Caps = defaultCaps): Program {
	const lanes = new Lanes();
	return {analyses: analyses.map(analysis => compileOne(analysis, lanes, caps)), lanes: lanes.all};
}

function compileOne(analysis: BoundAnalysis, lanes: Lanes, caps: Caps): AnalysisProgram {
	const {declaration} = analysis;
	const {digest, sums, hasExtremes, ranges, sets, tables, countsLines} = layOutStates(declaration, caps);
	const {maxValues, maxValueBytes} = caps;
	const laneOf = (name: string): number => addLane(analysis, lanes, name, false);
	const sumOf = (name: string, hasExtremes: boolean | undefined): SumProgram => ({
		lane: laneOf(name),
		isCounted: isOptional(declaration, name),
		...(hasExtremes === true && {hasExtremes}),
	});
	return {
		name: declaration.name,
		digest,
		...(countsLines && {countsLines}),
		// A text is never why a record is rejected.
		required: neededOf(declaration)
			.filter(name => declaration.columns[name]?.is !== 'text')
			.map(laneOf),
		sums: Array.from(sums, ([name, place]) => sumOf(name, hasExtremes[place])),
		ranges: Array.from(ranges.keys(), laneOf),
		sets: Array.from(sets.keys(), name => ({lane: laneOf(name), maxValues, maxValueBytes})),
		tables: Array.from(tables, ([name, table]) => ({
			keys: tableMeasure(declaration, name).keys.map(({of, part}) => ({lane: laneOf(of), part})),
			sums: Array.from(table.sums, ([name, place]) => sumOf(name, table.extremeWords[place] !== -1)),
			...(table.ranges.size > 0 && {ranges: Array.from(table.ranges.keys(), laneOf)}),
			...(table.countsKeys && {countsKeys: true}),
			...(declaration.reads === 'lines' && {leavesOutEmpty: tableMeasure(declaration, name).leavesOutEmpty === true}),
			maxGroups: table.maxGroups,
			maxKeyBytes: table.maxKeyBytes,
		})),
		...functionsOf(analysis, lanes),
		...(readsColumns(declaration) && {columns: compileColumns(analysis, caps)}),
	};
}

/** Nothing where it has no functions. */
function functionsOf(analysis: BoundAnalysis, lanes: Lanes): Pick<AnalysisProgram, 'functions'> {
	const {columns, derive = {}, where, accept} = analysis.declaration;
	const laneOf = (name: string): number => addLane(analysis, lanes, name, false);
	const computed = Object.entries(derive).flatMap(([name, derivation]): ComputedProgram[] => {
		if (!('js' in derivation)) return [];
		return [{path: `derive.${name}`, lane: laneOf(name), ...describeComputed(derivation), js: derivation.js}];
	});
	if (where === undefined && accept === undefined && computed.length === 0) return {};
	const inputs = Object.keys(columns).map(name => ({name, lane: laneOf(name)}));
	return {functions: {inputs, where, accept, computed}};
}

const describeComputed = (derivation: ComputedColumn): Pick<ComputedProgram, 'is' | 'decimals'> => ({
	is: derivation.is,
	decimals: decimalsOf(derivation),
});

const compileColumns = (
	{declaration, header = [], faults = {key: null, delimiter: ','}}: BoundAnalysis,
	caps: Caps,
): ColumnsProgram => ({
	names: header,
	caps: columnCapsOf(declaration, caps),
	...(findsFaults(declaration) && {faults}),
});

/** The columns that are not optional, in their order, then the numbers that are chosen by the header. */
export const neededOf = ({columns, derive = {}}: AnalysisDeclaration): string[] => [
	...Object.keys(columns).filter(name => columns[name]?.optional !== true),
	...Object.keys(derive).filter(name => 'firstOf' in (derive[name] ?? {})),
];

/** @param isNeeded - Whether it is optional by itself, but something that is not reads it. */
function addLane(analysis: BoundAnalysis, lanes: Lanes, name: string, isNeeded: boolean): number {
	const {declaration, indexes, subtracted = {}} = analysis;
	const derivation = declaration.derive?.[name];
	if (derivation === undefined) {
		const column = declaration.columns[name];
		if (column === undefined) throw new Error(`Expected ${name} to be a column of ${declaration.name}`);
		const index = indexes[name] ?? -1;
		if (index === -1) return lanes.add({kind: 'absent'});
		const isOptionalHere = column.optional === true && !isNeeded;
		const minus = subtracted[name];
		if (minus === undefined) return lanes.add({kind: column.is, column: index, isOptional: isOptionalHere});
		const partOf = (place: number): number => lanes.add({kind: 'number', column: place, isOptional: true});
		return lanes.add({kind: 'difference', parts: [partOf(index), partOf(minus)], isOptional: isOptionalHere});
	}
	if ('firstOf' in derivation) {
		const chosen = derivation.firstOf.find(of => isInHeader(analysis, of));
		return addLane(analysis, lanes, chosen ?? derivation.firstOf[0] ?? name, true);
	}
	if ('js' in derivation)
		return lanes.add({kind: 'computed', ...describeComputed(derivation), of: `${declaration.name}.${name}`});
	const [left, right] = derivation.product.map(of => addLane(analysis, lanes, of, isNeeded));
	if (left === undefined || right === undefined) throw new Error(`Expected two factors of ${name}`);
	return lanes.add({
		kind: 'product',
		factors: [left, right],
		isOptional: !isNeeded && isOptional(declaration, name),
	});
}

/** Whether a header has all columns that a name stands for. */
export function isInHeader({declaration, indexes}: BoundAnalysis, name: string): boolean {
	const derivation = declaration.derive?.[name];
	if (derivation === undefined) return (indexes[name] ?? -1) !== -1;
	if ('js' in derivation) return true;
	const has = (of: string): boolean => isInHeader({declaration, indexes}, of);
	return 'product' in derivation ? derivation.product.every(has) : derivation.firstOf.some(has);
}
