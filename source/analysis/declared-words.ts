// The words that a declaration may have, in the places where one of several is expected.
import type {ValueFormat} from '../model/analysis-info.ts';
import type {CellType, ComputedType, DeclaredReading, GroupKey, Measure} from './declaration.ts';

export const cellTypes: Readonly<Record<CellType, true>> = {text: true, number: true, date: true, timestamp: true};
/** Of columns that functions compute. */
export const computedTypes: readonly string[] = ['text', 'number', 'date'] satisfies readonly ComputedType[];
export type MeasureKind = Measure['kind'];
/** Measures that only lines have. */
const kindsOfLines = {total: true, longest: true, 'top-values': true} satisfies Partial<Record<MeasureKind, true>>;
/** Measures of what reads columns. */
const kindsOfColumns = {count: true, 'column-figures': true, quality: true} satisfies Partial<
	Record<MeasureKind, true>
>;
type KindOfRecords = Exclude<MeasureKind, keyof typeof kindsOfLines | 'column-figures' | 'quality'>;
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
	counts: true,
	'busiest-hour': true,
	'distinct-keys': true,
	'line-count': true,
};
const {min, max, ...measuresOfLines} = {...measureKinds, ...kindsOfLines};
/** By what an analysis reads. */
export const kindsOf: Readonly<Record<DeclaredReading, Partial<Record<MeasureKind, true>>>> = {
	records: measureKinds,
	lines: measuresOfLines,
	columns: kindsOfColumns,
};
export const readings: readonly string[] = Object.keys(kindsOf);
/** Of what rows of groups have. */
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
	median: true,
	'top-value': true,
	fault: true,
	places: true,
	'busiest-hour': true,
};
export const keyParts: readonly string[] = [
	'text',
	'year',
	'month',
	'day',
	'weekday',
	'hour',
] satisfies GroupKey['part'][];
const moments: readonly CellType[] = ['date', 'timestamp'];

/** Of the columns that a measure is of; numbers where it says nothing. */
export const typesOfMeasure: Partial<Record<MeasureKind, readonly CellType[]>> = {
	distinct: ['text'],
	'date-range': moments,
	min: ['number', ...moments],
	max: ['number', ...moments],
};

/** Of the columns that have a part of a key. */
export const typesOfPart = (part: unknown): readonly CellType[] =>
	part === 'text' ? ['text'] : part === 'hour' ? ['timestamp'] : moments;
