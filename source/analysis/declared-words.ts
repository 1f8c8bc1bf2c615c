// The words that a declaration may have, in the places where one of several is expected.
import type {ValueFormat} from '../model/analysis-info.ts';
import type {CellType, DeclaredReading, Measure} from './declaration.ts';

export const cellTypes: Readonly<Record<CellType, true>> = {text: true, number: true, date: true};
export type MeasureKind = Measure['kind'];
/** Measures that only lines have. */
const kindsOfLines = {total: true, longest: true, 'top-values': true} satisfies Partial<Record<MeasureKind, true>>;
/** Measures of what reads columns. */
const kindsOfColumns = {count: true, 'column-figures': true} satisfies Partial<Record<MeasureKind, true>>;
type KindOfRecords = Exclude<MeasureKind, keyof typeof kindsOfLines | 'column-figures'>;
/** A share is one of a whole, so only rows have it. */
const measureKinds: Readonly<Record<Exclude<KindOfRecords, 'share'>, true>> = {
	count: true,
	sum: true,
	mean: true,
	min: true,
	max: true,
	nearest: true,
	'date-range': true,
	distinct: true,
	groups: true,
	'first-key': true,
	'group-count': true,
	'table-error': true,
};
const {min, max, ...measuresOfLines} = {...measureKinds, ...kindsOfLines};
export const kindsOf: Readonly<Record<DeclaredReading, Partial<Record<MeasureKind, true>>>> = {
	records: measureKinds,
	lines: measuresOfLines,
	columns: kindsOfColumns,
};
export const readings: readonly string[] = Object.keys(kindsOf);
export const rowKinds: readonly string[] = [
	'count',
	'sum',
	'mean',
	'share',
	'min',
	'max',
] satisfies readonly Measure['kind'][];
export const valueFormats: Readonly<Record<ValueFormat, true>> = {
	integer: true,
	distinct: true,
	decimal: true,
	share: true,
	name: true,
	dates: true,
	'line-length': true,
};
export const keyParts: readonly string[] = ['text', 'year', 'month', 'day'];
