// What is kept of some records for an analysis, whatever the header: which sums, ranges, sets and tables, and where each measure of
// the declaration finds what it reads. Programs (program.ts), states (state.ts) and partials have all of them in this order.
import {MAX_AMOUNT_DIGITS} from './amount.ts';
import {type ColumnCaps, classCaps, defaultColumnCaps, faultCapsOf} from './columns/column-caps.ts';
import {columnKeys} from './columns/column-keys.ts';
import type {
	AnalysisDeclaration,
	ColumnsMeasure,
	ComputedColumn,
	CountsMeasure,
	ExtremeMeasure,
	GroupMeasure,
	Measure,
	QualityMeasure,
	TopMeasure,
} from './declaration.ts';
import {COUNT_WORDS, EXTREMES_WORDS, FIRST_SUM_WORD, RANGE_WORDS, SUM_WORDS} from './figures.ts';
import {hash64, hashLongValue} from './hash64.ts';
import {qualityRowKeys} from './quality/quality-keys.ts';
import {defaultTopCaps, type TopCaps} from './top-values.ts';

/** How much is kept. Whether more comes is a function of the values alone, and so is what is kept then. */
export interface Caps {
	/** Most values whose exact number is known, and most bytes of them together. */
	readonly maxValues: number;
	readonly maxValueBytes: number;
	/** Most groups of a table, of one file or of all files together, and most bytes of their keys. */
	readonly maxGroups: number;
	readonly maxKeyBytes: number;
	/** Of the most frequent values; the default ones where they are left out. */
	readonly tops?: TopCaps;
	/** Of columns; the default ones where they are left out. */
	readonly columns?: ColumnCaps;
}

/** Other ones are for tests. */
export const defaultCaps: Caps = {
	maxValues: 200_000,
	maxValueBytes: 16 * 1024 * 1024,
	maxGroups: 500_000,
	maxKeyBytes: 32 * 1024 * 1024,
};

export interface StateLayout {
	readonly declaration: AnalysisDeclaration;
	readonly caps: Caps;
	/** Of all that states depend on: partials of different digests never merge. */
	readonly digest: string;
	/** Whether physical lines are counted. */
	readonly countsLines: boolean;
	/** By the name of a number: its place among the sums. */
	readonly sums: ReadonlyMap<string, number>;
	/** By the place of a sum: whether a record may be without the number. */
	readonly isCounted: readonly boolean[];
	/** By the place of a sum: the most decimals that the number can have. */
	readonly maxScales: readonly number[];
	/** By the place of a sum: whether the smallest and the largest of its numbers are kept. */
	readonly hasExtremes: readonly boolean[];
	readonly ranges: ReadonlyMap<string, number>;
	readonly sets: ReadonlyMap<string, number>;
	/** By the place of a set: whether a function computes its values. They are in UTF-8 whatever their source is in. */
	readonly isSetComputed: readonly boolean[];
	/** By the name of the number of bytes. */
	readonly longest: ReadonlyMap<string, number>;
	/** By the name of the text. */
	readonly tops: ReadonlyMap<string, number>;
	/** By the name of the measure. */
	readonly tables: ReadonlyMap<string, TableLayout>;
}

export interface TableLayout {
	/** Among the tables. */
	readonly place: number;
	/** How many parts a key has. */
	readonly keyParts: number;
	/** By the place of a part: whether a function computes it. It is in UTF-8 whatever its source is in. */
	readonly isComputed: readonly boolean[];
	readonly sums: ReadonlyMap<string, number>;
	/** By the place of a sum: in which word of an entry it is counted how many records have the number; -1 where all have it. */
	readonly countWords: readonly number[];
	/** By the place of a sum. */
	readonly maxScales: readonly number[];
	/** By the place of a sum: at which word of an entry its smallest and its largest number begin; -1 where they are not kept. */
	readonly extremeWords: readonly number[];
	/** Whether any entry has extremes or ranges. */
	readonly hasExtremes: boolean;
	/** Dates of which the first and the last are kept, and by their places: at which word of an entry. */
	readonly ranges: ReadonlyMap<string, number>;
	readonly rangeWords: readonly number[];
	/** By the place of a range: whether it is of times. */
	readonly isTimed: readonly boolean[];
	/** Whether different keys are still counted where there are too many groups. */
	readonly countsKeys: boolean;
	/** How many words an entry has; see figures.ts. */
	readonly entryWords: number;
	readonly maxGroups: number;
	readonly maxKeyBytes: number;
}

const known = new WeakMap<AnalysisDeclaration, StateLayout>();

export function layOutStates(declaration: AnalysisDeclaration, caps: Caps = defaultCaps): StateLayout {
	const made = known.get(declaration);
	if (made?.caps === caps) return made;
	const layout = layOut(declaration, caps);
	known.set(declaration, layout);
	return layout;
}

function layOut(declaration: AnalysisDeclaration, caps: Caps): StateLayout {
	const all = Object.entries(declaration.measures);
	const tables = all.flatMap(([name, measure]) => {
		if (measure.kind === 'groups') return [{name, measure, caps}];
		return measure.kind === 'counts' ? [{name, measure: tableOfCounts(measure), caps: capsOfCounts}] : [];
	});
	const countsKeys = (table: string): boolean =>
		all.some(([, measure]) => measure.kind === 'distinct-keys' && measure.table === table);
	// A share is a part of the whole, which is a sum over all records.
	const shared = tables.flatMap(({measure}) =>
		Object.values(measure.measures).map(row => (row.kind === 'share' ? row.of : null)),
	);
	const sums = places([...all.map(([, measure]) => numberOf(declaration, measure)), ...shared]);
	const extremes = new Set(all.map(([, measure]) => (isExtreme(measure) ? measure.of : null)));
	const sets = places(all.map(([, measure]) => (measure.kind === 'distinct' ? measure.of : null)));
	const layout = {
		declaration,
		caps,
		countsLines: all.some(([, measure]) => measure.kind === 'line-count'),
		sums,
		isCounted: Array.from(sums.keys(), name => isOptional(declaration, name)),
		maxScales: Array.from(sums.keys(), name => maxScaleOf(declaration, name)),
		hasExtremes: Array.from(sums.keys(), name => extremes.has(name)),
		ranges: places(all.map(([, measure]) => dateOf(declaration, measure))),
		sets,
		isSetComputed: Array.from(sets.keys(), name => isComputed(declaration, name)),
		longest: places(all.map(([, measure]) => (measure.kind === 'longest' ? measure.of : null))),
		tops: places(all.map(([, measure]) => (measure.kind === 'top-values' ? measure.of : null))),
		tables: new Map(
			tables.map(({name, measure, caps: ofTable}, place) => [
				name,
				{place, ...layOutTable(declaration, ofTable, measure), countsKeys: countsKeys(name)},
			]),
		),
	};
	return {...layout, digest: digestOf(layout)};
}

type GroupCaps = Pick<Caps, 'maxGroups' | 'maxKeyBytes'>;

/** More than there are hours, and none. */
const capsOfCounts: GroupCaps = {maxGroups: 32, maxKeyBytes: 64};

/** Counts are those of the groups of a table. */
const tableOfCounts = ({by}: CountsMeasure): GroupMeasure => ({
	...{kind: 'groups', keys: [{...by, name: by.part}], measures: {}, orderBy: 'key'},
	limit: Number.POSITIVE_INFINITY,
});

function layOutTable(
	declaration: AnalysisDeclaration,
	{maxGroups, maxKeyBytes}: GroupCaps,
	measure: GroupMeasure,
): Omit<TableLayout, 'place' | 'countsKeys'> {
	const rows = Object.values(measure.measures);
	const sums = places(rows.map(row => numberOf(declaration, row)));
	const ranges = places(rows.map(row => dateOf(declaration, row)));
	const extremes = new Set(rows.map(row => (isExtreme(row) ? row.of : null)));
	let entryWords = FIRST_SUM_WORD + SUM_WORDS * sums.size;
	const countWords = Array.from(sums.keys(), name => {
		if (!isOptional(declaration, name)) return -1;
		entryWords += COUNT_WORDS;
		return entryWords - COUNT_WORDS;
	});
	const extremeWords = Array.from(sums.keys(), name => {
		if (!extremes.has(name)) return -1;
		entryWords += EXTREMES_WORDS;
		return entryWords - EXTREMES_WORDS;
	});
	const rangeWords = Array.from(ranges, ([, range]) => entryWords + RANGE_WORDS * range);
	entryWords += RANGE_WORDS * ranges.size;
	const hasExtremes = ranges.size > 0 || extremeWords.some(word => word !== -1);
	const isTimed = Array.from(ranges.keys(), name => declaration.columns[name]?.is === 'timestamp');
	const keyParts = measure.keys.length;
	const maxScales = Array.from(sums.keys(), name => maxScaleOf(declaration, name));
	return {
		...{keyParts, sums, countWords, maxScales, hasExtremes, extremeWords, ranges, rangeWords, isTimed, entryWords},
		...{maxGroups, maxKeyBytes},
		isComputed: measure.keys.map(({of}) => isComputed(declaration, of)),
	};
}

const isExtreme = (measure: Measure): measure is ExtremeMeasure => measure.kind === 'min' || measure.kind === 'max';

/** Or a timestamp. */
export function isDate({columns, derive = {}}: Pick<AnalysisDeclaration, 'columns' | 'derive'>, name: string): boolean {
	const derivation = derive[name];
	const type = derivation !== undefined && 'js' in derivation ? derivation.is : columns[name]?.is;
	return type === 'date' || type === 'timestamp';
}

/** The date or timestamp of which a measure needs the first and the last. */
function dateOf(declaration: AnalysisDeclaration, measure: Measure): string | null {
	if (measure.kind === 'date-range') return measure.of;
	return isExtreme(measure) && isDate(declaration, measure.of) ? measure.of : null;
}

/** The number whose sum a measure needs. The sum of a number has its decimals, too, and how many there are. */
function numberOf(declaration: AnalysisDeclaration, measure: Measure): string | null {
	if (measure.kind === 'nearest') return measure.to.of;
	if (isExtreme(measure)) return isDate(declaration, measure.of) ? null : measure.of;
	const isSum =
		measure.kind === 'sum' || measure.kind === 'mean' || measure.kind === 'share' || measure.kind === 'total';
	return isSum ? measure.of : null;
}

/** Gives each name a place, in the order of their first appearance. */
function places(names: readonly (string | null)[]): ReadonlyMap<string, number> {
	const different = new Set(names.filter(name => name !== null));
	return new Map(Array.from(different, (name, place) => [name, place]));
}

const isComputed = ({derive = {}}: AnalysisDeclaration, name: string): boolean => 'js' in (derive[name] ?? {});

/** Whether a record may be without a number. What is chosen by the header is needed. */
export function isOptional(
	{columns, derive = {}}: Pick<AnalysisDeclaration, 'columns' | 'derive'>,
	name: string,
): boolean {
	const derivation = derive[name];
	if (derivation === undefined) return columns[name]?.optional === true;
	if ('js' in derivation) return true;
	return 'product' in derivation && derivation.product.some(of => isOptional({columns, derive}, of));
}

/** Products of products have more decimals than numbers, but not without end. */
const MAX_SCALE = 10_000;

function maxScaleOf(declaration: AnalysisDeclaration, name: string): number {
	const derivation = declaration.derive?.[name];
	if (derivation === undefined) return declaration.reads === 'lines' ? 0 : MAX_AMOUNT_DIGITS;
	if ('js' in derivation) return decimalsOf(derivation);
	if ('firstOf' in derivation) return Math.max(...derivation.firstOf.map(of => maxScaleOf(declaration, of)));
	const [left, right] = derivation.product;
	return Math.min(MAX_SCALE, maxScaleOf(declaration, left) + maxScaleOf(declaration, right));
}

const DEFAULT_DECIMALS = 6;

/** Of a number that a function computes; 0 for any other one. */
export const decimalsOf = ({is, decimals = DEFAULT_DECIMALS}: ComputedColumn): number =>
	is === 'number' ? decimals : 0;

export function tableMeasure({name, measures}: AnalysisDeclaration, table: string): GroupMeasure {
	const measure = measures[table];
	if (measure?.kind === 'counts') return tableOfCounts(measure);
	if (measure?.kind !== 'groups') throw new Error(`Expected ${table} of ${name} to be a table`);
	return measure;
}

/** The keys of a table's rows, in their order. */
export function rowKeysOf(measure: GroupMeasure | TopMeasure | ColumnsMeasure | QualityMeasure): readonly string[] {
	if (measure.kind === 'quality') return qualityRowKeys(measure.part);
	if (measure.kind === 'column-figures') return columnKeys;
	if (measure.kind === 'top-values') return [measure.name, 'count', 'exact'];
	const keys = Object.fromEntries(measure.keys.map(({name}) => [name, null]));
	// Objects have keys that are numbers first.
	return Object.keys({...keys, ...measure.measures});
}

/** Raised when partials are written in another way. */
export const PARTIAL_VERSION = 1;

/** 16 hexadecimal digits, of all that the states of an analysis depend on; how figures are named and shown is not part of it. */
function digestOf(layout: Omit<StateLayout, 'digest'>): string {
	const {declaration, caps, sums, ranges, sets, tables} = layout;
	const {name, version, columns, derive = {}, code} = declaration;
	const text = JSON.stringify([
		PARTIAL_VERSION,
		[name, version],
		Object.entries(columns).map(([column, {is, optional}]) => [column, is, optional === true]),
		derive,
		[[...sums.keys()], [...ranges.keys()], [...sets.keys()], caps.maxValues, caps.maxValueBytes],
		Array.from(tables, ([table, layout]) => [
			tableMeasure(declaration, table).keys.map(({of, part}) => [of, part]),
			[...layout.sums.keys()],
			...(layout.countsKeys ? ['counts keys'] : []),
		]),
		[caps.maxGroups, caps.maxKeyBytes],
		...(layout.countsLines ? ['counts lines'] : []),
		...partsOfLines(layout),
		...partsOfExtremes(layout),
		...(readsColumns(declaration) ? ['columns', columnCapsOf(declaration, caps)] : []),
		...(findsFaults(declaration) ? ['faults', faultCapsOf(columnCapsOf(declaration, caps))] : []),
		...(code === undefined ? [] : ['code', code.digest, code.place]),
	]);
	hashLongValue(Buffer.from(text).toString('latin1'));
	const hexadecimal = (half: number): string => (half >>> 0).toString(16).padStart(8, '0');
	return hexadecimal(hash64.high) + hexadecimal(hash64.low);
}

export const readsColumns = ({reads}: Pick<AnalysisDeclaration, 'reads'>): boolean => reads === 'columns';

/** Whether faults in cells and records are looked for. */
export const findsFaults = ({measures}: Pick<AnalysisDeclaration, 'measures'>): boolean =>
	Object.values(measures).some(({kind}) => kind === 'quality');

export const columnCapsOf = (
	{measures}: Pick<AnalysisDeclaration, 'measures'>,
	{columns = defaultColumnCaps}: Caps,
): ColumnCaps =>
	Object.values(measures).some(measure => measure.kind === 'column-figures' && measure.only === 'types')
		? classCaps
		: columns;

export const topCapsOf = ({tops = defaultTopCaps}: Caps): TopCaps => tops;

/** Nothing where no measure needs them: stored partials of such analyses have no such part in their digest. */
function partsOfExtremes({hasExtremes, tables}: Omit<StateLayout, 'digest'>): readonly unknown[] {
	const ofTables = Array.from(tables.values(), ({extremeWords, ranges}) => [
		extremeWords.map(word => word !== -1),
		[...ranges.keys()],
	]);
	const hasAny = hasExtremes.includes(true) || Array.from(tables.values()).some(table => table.hasExtremes);
	return hasAny ? ['extremes', hasExtremes, ofTables] : [];
}

/** Nothing for an analysis of records: stored partials of these have no such part in their digest. */
function partsOfLines({declaration, caps, longest, tops, tables}: Omit<StateLayout, 'digest'>): readonly unknown[] {
	if (declaration.reads !== 'lines') return [];
	const leavesOutEmpty = Array.from(tables.keys(), table => tableMeasure(declaration, table).leavesOutEmpty === true);
	return ['lines', [...longest.keys()], [...tops.keys()], topCapsOf(caps), leavesOutEmpty];
}
