// A fault of a table, as it is found, and as the JSON report has it.
import type {ResultObject} from '../../model/analysis-info.ts';
import {listedName} from '../listed-name.ts';
import {divideUnits, formatUnits} from '../units.ts';
import {MAX_PLACED_BYTES, type PlacedCell} from './places.ts';

/** In the order in which findings are listed. */
export const findingKinds = [
	'ragged',
	'invalid-utf8',
	'duplicate-records',
	'duplicate-keys',
	'missing',
	'out-of-type',
	'malformed',
	'mixed-forms',
	'blanks',
	'case-variants',
	'outliers',
	'constant',
	'empty',
] as const;

export type FindingKind = (typeof findingKinds)[number];

export interface Finding {
	readonly kind: FindingKind;
	/** As it is listed; `null` where it is one of records. */
	readonly column: string | null;
	readonly count: number;
	/** Of how many it is a share. */
	readonly of: number;
	/** The first of the cells or records. */
	readonly first: readonly PlacedCell[];
	/** For people. */
	readonly text: string;
	/** Of an estimate: its relative error; see `QualityFinding` in model/results.ts. */
	readonly error: number | null;
}

const SHARE_DECIMALS = 6;

/** @param hasPlaces - Whether lines and byte offsets are those of one file. */
export const finishFinding = (
	{kind, column, count, of, first, text, error}: Finding,
	hasPlaces: boolean,
): ResultObject => ({
	kind,
	column,
	count,
	share: formatUnits(divideUnits(count, SHARE_DECIMALS, of), SHARE_DECIMALS),
	...(error !== null && {exact: false, error}),
	examples: first.map(({line, byteOffset, text: cell}) => ({
		line: hasPlaces ? line : null,
		byte_offset: hasPlaces ? byteOffset : null,
		value: shownCell(cell),
	})),
	text,
});

/** A character may have been cut in its middle. */
function shownCell(text: string): string {
	const name = listedName(text);
	return text.length < MAX_PLACED_BYTES ? name : `${name.replace(/\ufffd+$/, '')}…`;
}

export const compareFindings = (one: Finding, other: Finding): number =>
	findingKinds.indexOf(one.kind) - findingKinds.indexOf(other.kind) || other.count - one.count;

/** `12,345` */
export const inWords = (count: number): string => String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');

/** `2 cells`, `1 cell` */
export const countOf = (count: number, noun: string): string => `${inWords(count)} ${noun}${count === 1 ? '' : 's'}`;

const MAX_NAME_LENGTH = 60;

/** A name or value from a file in a sentence. */
export function shortText(text: string): string {
	const characters = Array.from(text.slice(0, 4 * MAX_NAME_LENGTH));
	return characters.length > MAX_NAME_LENGTH ? `${characters.slice(0, MAX_NAME_LENGTH).join('')}…` : text;
}
