// Declarations and a header → what a reader does with each record. Readers know programs, not analyses: the SIMD kernel and the
// reference reader run the same ones, and give the same figures (figures.ts) for the same records.
//
//   lanes      what is read of each record, once for all analyses: a number, a date, a text, a product of numbers
//   analyses   for each of them: which lanes a record must have, and what is summed, counted and grouped of the others
//
// A record that is as the header says counts in each analysis whose required lanes it has; an analysis rejects any other record,
// and other analyses may still accept it.
import type {AnalysisDeclaration, GroupKey, GroupMeasure, Measure} from './declaration.ts';
import {hash64, hashLongValue} from './hash64.ts';

/** Indexes are places in a record, from 0. */
export type Lane =
	| {readonly kind: 'number' | 'date' | 'text'; readonly column: number; readonly isOptional: boolean}
	/** Places of lanes of numbers. A factor that is missing or none is what the record is rejected for. */
	| {readonly kind: 'product'; readonly factors: readonly [number, number]; readonly isOptional: boolean}
	/** An optional column that the header does not have: none in each record. */
	| {readonly kind: 'absent'};

export interface Program {
	readonly lanes: readonly Lane[];
	readonly analyses: readonly AnalysisProgram[];
}

/** Numbers are places in `Program.lanes`. */
export interface AnalysisProgram {
	readonly name: string;
	/** Of what is measured, and of the caps. Partials of different digests never merge. */
	readonly digest: string;
	/** Lanes of numbers and dates that a record must have; the first that it does not have is why it is rejected. */
	readonly required: readonly number[];
	/** Summed over all records. */
	readonly sums: readonly SumProgram[];
	/** Dates of which the first and the last are kept. */
	readonly ranges: readonly number[];
	/** Texts of which the different values are counted, empty ones aside. */
	readonly sets: readonly SetProgram[];
	readonly tables: readonly TableProgram[];
}

export interface SumProgram {
	readonly lane: number;
	/** Whether a record may be without it, by the declaration alone: then those that have it are counted, too. */
	readonly isCounted: boolean;
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
	/** With more groups, or longer keys together, there are none. */
	readonly maxGroups: number;
	readonly maxKeyBytes: number;
}

/** A text as it is, or the digits of a date up to its year, month or day: `2024`, `2024-05`, `2024-05-01`. */
export interface KeyProgram {
	readonly lane: number;
	readonly part: GroupKey['part'];
}

/** Most values whose exact number is known, and most bytes of them together. */
export const MAX_VALUES = 200_000;
export const MAX_VALUE_BYTES = 16 * 1024 * 1024;
/** Most groups of a table, of one file or of all files together, and most bytes of their keys. */
export const MAX_GROUPS = 500_000;
export const MAX_KEY_BYTES = 32 * 1024 * 1024;

/** Where the columns of a declaration stand in a header; -1 for an optional one that is not there. */
export type ColumnIndexes = Readonly<Record<string, number>>;

/** What each measure of a declaration reads: places in `sums`, `ranges`, `sets` and `tables` of its program. */
export interface StateLayout {
	/** By the name of a number: its place among the sums. */
	readonly sums: ReadonlyMap<string, number>;
	readonly ranges: ReadonlyMap<string, number>;
	readonly sets: ReadonlyMap<string, number>;
	/** By the name of the measure. */
	readonly tables: ReadonlyMap<string, {readonly place: number; readonly sums: ReadonlyMap<string, number>}>;
}

/** The layout is the same for any header. */
export function layOutStates({measures}: AnalysisDeclaration): StateLayout {
	const all = Object.entries(measures);
	const tables = all.flatMap(([name, measure]) => (measure.kind === 'groups' ? [{name, measure}] : []));
	// A share is a part of the whole, which is a sum over all records.
	const shared = tables.flatMap(({measure}) =>
		Object.values(measure.measures).map(row => (row.kind === 'share' ? row.of : null)),
	);
	return {
		sums: places([...all.map(([, measure]) => numberOf(measure)), ...shared]),
		ranges: places(all.map(([, measure]) => (measure.kind === 'date-range' ? measure.of : null))),
		sets: places(all.map(([, measure]) => (measure.kind === 'distinct' ? measure.of : null))),
		tables: new Map(
			tables.map(({name, measure}, place) => [
				name,
				{place, sums: places(Object.values(measure.measures).map(numberOf))},
			]),
		),
	};
}

/** The number whose sum a measure needs. */
function numberOf(measure: Measure): string | null {
	if (measure.kind === 'nearest') return measure.to.of;
	return measure.kind === 'sum' || measure.kind === 'mean' || measure.kind === 'share' ? measure.of : null;
}

/** Gives each name a place, in the order of their first appearance. */
function places(names: readonly (string | null)[]): ReadonlyMap<string, number> {
	const different = new Set(names.filter(name => name !== null));
	return new Map(Array.from(different, (name, place) => [name, place]));
}

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
}

/** Compiles the analyses that are to be made of one file in one pass. */
export function compileProgram(analyses: readonly BoundAnalysis[]): Program {
	const lanes = new Lanes();
	return {analyses: analyses.map(analysis => compileOne(analysis, lanes)), lanes: lanes.all};
}

function compileOne(analysis: BoundAnalysis, lanes: Lanes): AnalysisProgram {
	const {declaration} = analysis;
	const {sums, ranges, sets, tables} = layOutStates(declaration);
	const laneOf = (name: string): number => addLane(analysis, lanes, name, false);
	const sumOf = (name: string): SumProgram => ({lane: laneOf(name), isCounted: isOptional(declaration, name)});
	return {
		name: declaration.name,
		digest: digestOf(declaration),
		required: requiredNumbersAndDates(declaration).map(laneOf),
		sums: Array.from(sums.keys(), sumOf),
		ranges: Array.from(ranges.keys(), laneOf),
		sets: Array.from(sets.keys(), name => ({
			lane: laneOf(name),
			maxValues: MAX_VALUES,
			maxValueBytes: MAX_VALUE_BYTES,
		})),
		tables: Array.from(tables, ([name, table]) => ({
			keys: tableMeasure(declaration, name).keys.map(({of, part}) => ({lane: laneOf(of), part})),
			sums: Array.from(table.sums.keys(), sumOf),
			maxGroups: MAX_GROUPS,
			maxKeyBytes: MAX_KEY_BYTES,
		})),
	};
}

/** The columns that are not optional, in their order, then the numbers that are chosen by the header. */
function requiredNumbersAndDates({columns, derive = {}}: AnalysisDeclaration): string[] {
	const own = Object.keys(columns).filter(name => columns[name]?.is !== 'text' && columns[name]?.isOptional !== true);
	return [...own, ...Object.keys(derive).filter(name => 'firstOf' in (derive[name] ?? {}))];
}

/** Whether a record may be without a number. What is chosen by the header is needed. */
export function isOptional(
	{columns, derive = {}}: Pick<AnalysisDeclaration, 'columns' | 'derive'>,
	name: string,
): boolean {
	const derivation = derive[name];
	if (derivation === undefined) return columns[name]?.isOptional === true;
	return 'product' in derivation && derivation.product.some(of => isOptional({columns, derive}, of));
}

/** @param isNeeded - Whether it is optional by itself, but something that is not reads it. */
function addLane(analysis: BoundAnalysis, lanes: Lanes, name: string, isNeeded: boolean): number {
	const {declaration, indexes} = analysis;
	const derivation = declaration.derive?.[name];
	if (derivation === undefined) {
		const column = declaration.columns[name];
		if (column === undefined) throw new Error(`Expected ${name} to be a column of ${declaration.name}`);
		const index = indexes[name] ?? -1;
		if (index === -1) return lanes.add({kind: 'absent'});
		return lanes.add({kind: column.is, column: index, isOptional: column.isOptional === true && !isNeeded});
	}
	if ('firstOf' in derivation) {
		const chosen = derivation.firstOf.find(of => isInHeader(analysis, of));
		return addLane(analysis, lanes, chosen ?? derivation.firstOf[0] ?? name, true);
	}
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
	const has = (of: string): boolean => isInHeader({declaration, indexes}, of);
	return 'product' in derivation ? derivation.product.every(has) : derivation.firstOf.some(has);
}

export function tableMeasure({name, measures}: AnalysisDeclaration, table: string): GroupMeasure {
	const measure = measures[table];
	if (measure?.kind !== 'groups') throw new Error(`Expected ${table} of ${name} to be a table`);
	return measure;
}

/** Raised when partials are written in another way. */
export const PARTIAL_VERSION = 1;

/** 16 hexadecimal digits, of all that the states of an analysis depend on; how figures are named and shown is no part of it. */
function digestOf(declaration: AnalysisDeclaration): string {
	const {name, version, columns, derive = {}} = declaration;
	const {sums, ranges, sets, tables} = layOutStates(declaration);
	const text = JSON.stringify([
		PARTIAL_VERSION,
		[name, version],
		Object.entries(columns).map(([column, {is, isOptional}]) => [column, is, isOptional === true]),
		derive,
		[[...sums.keys()], [...ranges.keys()], [...sets.keys()], MAX_VALUES, MAX_VALUE_BYTES],
		Array.from(tables, ([table, layout]) => [
			tableMeasure(declaration, table).keys.map(({of, part}) => [of, part]),
			[...layout.sums.keys()],
		]),
		[MAX_GROUPS, MAX_KEY_BYTES],
	]);
	hashLongValue(Buffer.from(text).toString('latin1'));
	const hexadecimal = (half: number): string => (half >>> 0).toString(16).padStart(8, '0');
	return hexadecimal(hash64.high) + hexadecimal(hash64.low);
}
