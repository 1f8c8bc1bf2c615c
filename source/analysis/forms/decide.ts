// What the cells of a column show -> the one form in which all of it is read, or why that cannot be known.
//
//   a mark, or an order of day and month, that some cell proves, and none contradicts      that one
//   the plain form, where at most one record in ten proves another                         the plain one; those records are rejected
//   cells that could be both, and none that decides                                        refused
//   anything else                                                                          refused
import type {DateForm} from './date-form.ts';
import type {ColumnEvidence, Evidence, Example, Shown} from './evidence.ts';
import type {ColumnForm} from './forms.ts';
import {type NumberForm, plainNumberForm} from './number-form.ts';

/** Why a column is read in no form. */
export interface Undecided {
	readonly column: number;
	readonly kind: 'number' | 'date';
	/** `ambiguous`: the cell reads in two ways. `mixed`: two cells are in two forms. */
	readonly why: 'ambiguous' | 'mixed';
	/** What each of the cells shows, see `Evidence`. */
	readonly shown: readonly {readonly what: string; readonly example: Example}[];
}

/** What is said of the forms of all columns, before any is read. */
export interface ForcedForms {
	readonly decimal?: '.' | ',' | undefined;
	/** The sign between groups of digits; '' for none. */
	readonly thousands?: string | undefined;
	readonly date?: DateForm | undefined;
}

export type Decision = {readonly form: ColumnForm} | {readonly undecided: Undecided};

/** Of a column that must hold numbers, or dates. */
export interface KindEvidence extends ColumnEvidence {
	readonly kind: 'number' | 'date';
}

/** Of so many records, one may contradict the plain form. */
const RECORDS_FOR_EACH_ODD = 10;

const isUsual = (odd: number, {records}: ColumnEvidence): boolean => odd * RECORDS_FOR_EACH_ODD <= records;

/** @param used - In which form the column was read: of what it fits, not all is counted. */
export function decideForm(evidence: KindEvidence, used: ColumnForm, forced: ForcedForms): Decision {
	if (evidence.kind === 'date') return decideDate(evidence, used.date ?? 'year-first', forced.date);
	return decideNumber(evidence, used.number ?? plainNumberForm, forced);
}

const undecided = (
	{column, kind, shown}: KindEvidence,
	why: Undecided['why'],
	...what: readonly string[]
): {readonly undecided: Undecided} => ({
	undecided: {
		...{column, kind, why},
		shown: what.flatMap(one => {
			const found = shown[one];
			return found === undefined ? [] : [{what: one, example: found.example}];
		}),
	},
});

function decideNumber(evidence: KindEvidence, used: NumberForm, {decimal, thousands}: ForcedForms): Decision {
	const {shown} = evidence;
	// Where places are not known, by their names.
	const currencies = Object.keys(shown)
		.filter(what => what.startsWith('currency '))
		.sort((one, other) => placeOf(shown, one) - placeOf(shown, other) || (one < other ? -1 : 1));
	if (currencies.length > 1) return undecided(evidence, 'mixed', ...currencies.slice(0, 2));
	const {number, percent, '.': point, ',': comma, open} = shown;
	const isMixed = number !== undefined && percent !== undefined;
	if (isMixed && !used.isPercent && !isUsual(percent.count, evidence))
		return undecided(evidence, 'mixed', 'number', 'percent');
	const isPercent = percent !== undefined && number === undefined;
	const impliedMark = thousands === '.' ? ',' : thousands === ',' ? '.' : undefined;
	const forcedMark = decimal ?? impliedMark;
	const more = {isPercent, ...(thousands !== undefined && {group: thousands})};
	if (forcedMark !== undefined) return {form: {number: {mark: forcedMark, ...more}}};
	if (point !== undefined && comma !== undefined) {
		if (used.mark === '.' && !isUsual(comma.count, evidence)) return undecided(evidence, 'mixed', '.', ',');
		return {form: {number: {mark: '.', ...more}}};
	}
	if (point === undefined && comma === undefined && open !== undefined) {
		if (thousands === '') return {form: {number: {mark: markOf(open), ...more}}};
		return undecided(evidence, 'ambiguous', 'open');
	}
	return {form: {number: {mark: comma === undefined ? '.' : ',', ...more}}};
}

const placeOf = (shown: Evidence, what: string): number => shown[what]?.example.byteOffset ?? 0;

const markOf = ({example}: Shown): '.' | ',' => (example.cell.includes(',') ? ',' : '.');

const withParts = ['day-first', 'month-first', 'open', 'even'];
const counts = ['serial', 'seconds', 'milliseconds'] as const;

function decideDate(evidence: KindEvidence, used: DateForm, forced: DateForm | undefined): Decision {
	const {shown} = evidence;
	const as = (date: DateForm): Decision => ({form: {date}});
	if (forced !== undefined) return as(forced);
	const others = [...withParts, 'named'].filter(what => shown[what] !== undefined);
	if (shown['year-first'] !== undefined) {
		const odd = others.reduce((sum, what) => sum + countOf(shown, what), 0);
		if (used === 'year-first' && !isUsual(odd, evidence))
			return undecided(evidence, 'mixed', 'year-first', ...others.slice(0, 1));
		return as('year-first');
	}
	if (shown.named !== undefined)
		return others.length > 1 ? undecided(evidence, 'mixed', 'named', ...others.slice(0, 1)) : as('named');
	const {'day-first': dayFirst, 'month-first': monthFirst, open, even} = shown;
	if (dayFirst !== undefined && monthFirst !== undefined)
		return undecided(evidence, 'mixed', 'day-first', 'month-first');
	if (dayFirst !== undefined) return as('day-first');
	if (monthFirst !== undefined) return as('month-first');
	if (open !== undefined) return undecided(evidence, 'ambiguous', 'open');
	if (even !== undefined) return as('day-first');
	// Numbers may be anything: they are dates only where all of them fit.
	const [count, ...more] = counts.filter(what => shown[what] !== undefined);
	const fits = count !== undefined && more.length === 0 && shown.none === undefined;
	if (shown.hour !== undefined && !(fits && count === 'seconds')) return undecided(evidence, 'ambiguous', 'hour');
	return as(fits ? count : 'year-first');
}

const countOf = (shown: Evidence, what: string): number => shown[what]?.count ?? 0;
