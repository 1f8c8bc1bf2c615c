// What the cells of a column show of its form. It merges in any order, and does not depend on the form in which the column was read,
// but for how often cells are counted that this form fits: of those, only the first ones need to be noted.
import type {Place} from '../quality/places.ts';
import {readWrittenDate} from './date-form.ts';
import type {ColumnKind} from './forms.ts';
import {readWritten} from './number-form.ts';

/** A cell, and where its record begins. */
export interface Example extends Place {
	/** One character per byte. */
	readonly cell: string;
}

export interface Shown {
	readonly count: number;
	/** The first one. */
	readonly example: Example;
}

/**
By what cells show.

	number   `.` or `,`: which decimal mark; `open`: a number with either, and not the same one
	         `number`: one without a percent sign, `percent`: one with it; `currency EUR`
	date     the form that it is in; `open`: with the day first and with the month first; `even`: the same date with either
	         `hour`: a day with its hour, or seconds; `none`: in no form
	cells    those of numbers, `group .`: what stands between groups of digits; those of dates with `date` in front; how many cells are
	         `plain number` and `plain date`; `written`: a number or a date is in another form than the plain one. See cell-evidence.ts
*/
export type Evidence = Readonly<Record<string, Shown>>;

/** Of a column of cells in the plain form: whether all that is noted of it is what plain numbers show, which are not counted here. */
export const saysNothing = (shown: Evidence): boolean =>
	Object.entries(shown).every(([what, {count}]) => count === 0 && (what === '.' || what === 'number'));

/** Of one column: as it is read in the program. */
export interface ColumnEvidence {
	readonly column: number;
	readonly kind: ColumnKind;
	/**
	Records that have a cell there, and count for the form: not those that a condition leaves out, unless it looks at the column. Of the kind
	`cells`, the cells that have a value.
	*/
	readonly records: number;
	readonly shown: Evidence;
}

export type MutableEvidence = Record<string, {count: number; example: Example}>;

export function noteShown(evidence: MutableEvidence, what: string, example: Example): void {
	const known = evidence[what];
	if (known === undefined) evidence[what] = {count: 1, example};
	else known.count++;
}

/** Notes a cell of a column of numbers. */
export function noteNumber(evidence: MutableEvidence, example: Example): void {
	const written = readWritten(example.cell);
	if (written === null) return;
	const {proves} = written.numeral;
	if (proves !== 'none') noteShown(evidence, proves, example);
	noteShown(evidence, written.isPercent ? 'percent' : 'number', example);
	if (written.currency !== null) noteShown(evidence, `currency ${written.currency}`, example);
}

/** The same of a column of dates. */
export function noteDate(evidence: MutableEvidence, example: Example): void {
	noteShown(evidence, readWrittenDate(example.cell)?.proves ?? 'none', example);
}

/** By its place; where places are not known, the shortest one, and the first of these by its bytes. A cell comes in front of none. */
export function isInFront(one: Example, other: Example): boolean {
	if (one.byteOffset !== other.byteOffset) return one.byteOffset < other.byteOffset;
	if (one.cell === '' || other.cell === '') return other.cell === '';
	return one.cell.length === other.cell.length ? one.cell < other.cell : one.cell.length < other.cell.length;
}

/** What several parts of a source show together, each for the same columns. */
export function mergeEvidence(parts: readonly (readonly ColumnEvidence[])[]): ColumnEvidence[] {
	const [first = []] = parts;
	return first.map((column, place) => {
		const all = parts.flatMap(part => part[place] ?? []);
		const shown: Record<string, Shown> = {};
		for (const one of all)
			for (const [what, {count, example}] of Object.entries(one.shown)) {
				const known = shown[what];
				const isFirst = known === undefined || isInFront(example, known.example);
				shown[what] = {count: count + (known?.count ?? 0), example: isFirst ? example : known.example};
			}
		return {...column, shown, records: all.reduce((sum, {records}) => sum + records, 0)};
	});
}
