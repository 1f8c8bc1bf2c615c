// The form of a column that may hold anything: it has one where nearly all of its cells are numbers, or dates, in some form. Integers are never
// dates here: a number of days or of seconds looks like any other one.
import {MOSTLY_PERCENT} from '../columns/column-type.ts';
import {type Decision, decideForm, type ForcedForms, type KindEvidence} from './decide.ts';
import {type ColumnEvidence, type Evidence, type Shown, saysNothing} from './evidence.ts';
import type {ColumnForm} from './forms.ts';

/** No form: cells are what they are in the plain one. */
const plain: Decision = {form: {}};

/** @param used - In which form the column was read. */
export function decideCells(evidence: ColumnEvidence, {cells: used}: ColumnForm, forced: ForcedForms): Decision {
	const {records, shown} = evidence;
	// How many cells there are was not counted.
	if (saysNothing(shown)) return plain;
	const isMost = (count: number): boolean => count > 0 && count * 100 >= records * MOSTLY_PERCENT;
	const dates = datesOf(shown);
	const isWritten = shown.written !== undefined;
	if (isMost(countOf(shown, 'plain number') + countOf(shown, 'number') + countOf(shown, 'percent')))
		return decideNumbers(evidence, used !== undefined && 'number' in used ? used : {}, forced);
	if (!isMost(countOf(shown, 'plain date') + sum(dates))) return plain;
	if (!isWritten && sum(dates) === 0) return plain;
	return decideDates(evidence, used !== undefined && 'date' in used ? used : {}, forced, dates);
}

const countOf = (shown: Evidence, what: string): number => shown[what]?.count ?? 0;
const sum = (shown: Evidence): number => Object.values(shown).reduce((all, {count}) => all + count, 0);
const nothing: Shown = {count: 0, example: {line: 0, byteOffset: 0, cell: ''}};

function decideNumbers(evidence: ColumnEvidence, used: ColumnForm, forced: ForcedForms): Decision {
	const {shown} = evidence;
	// Of a column in another form, it is noted whether a cell has no percent sign.
	const isPlain = used.number === undefined && countOf(shown, 'plain number') > 0;
	const withNumber = isPlain ? {...shown, number: shown.number ?? nothing} : shown;
	const other = forced.decimal === undefined ? undefined : shown[forced.decimal === '.' ? ',' : '.'];
	const asNumbers: KindEvidence = {...evidence, kind: 'number', shown: withNumber};
	if (other !== undefined) return mixed(asNumbers, forced.decimal === '.' ? ',' : '.');
	const decision = decideForm(asNumbers, used, forced);
	if ('undecided' in decision || decision.form.number === undefined) return decision;
	const {number} = decision.form;
	const isWritten = shown.written !== undefined || countOf(shown, 'number') + countOf(shown, 'percent') > 0;
	return isWritten || number.mark === ',' ? {form: {cells: {number}}} : plain;
}

const datesOf = (shown: Evidence): Evidence =>
	Object.fromEntries(
		Object.entries(shown).flatMap(([what, each]) =>
			what.startsWith('date ') ? [[what.slice('date '.length), each]] : [],
		),
	);

function decideDates(evidence: ColumnEvidence, used: ColumnForm, forced: ForcedForms, dates: Evidence): Decision {
	const {shown} = evidence;
	const isPlain = countOf(shown, 'plain date') > 0 && (used.date === undefined || used.date === 'year-first');
	const asDates: KindEvidence = {
		...evidence,
		kind: 'date',
		shown: isPlain ? {...dates, 'year-first': dates['year-first'] ?? nothing} : dates,
	};
	const contrary = Object.keys(asDates.shown)
		.sort()
		.find(what => ![forced.date, 'open', 'even'].includes(what));
	if (forced.date !== undefined && contrary !== undefined) return mixed(asDates, contrary);
	const decision = decideForm(asDates, used, forced);
	if ('undecided' in decision || decision.form.date === undefined) return decision;
	return {form: {cells: {date: decision.form.date}}};
}

/** What is said of the column is not what a cell shows. */
const mixed = ({column, kind, shown}: KindEvidence, what: string): Decision => ({
	undecided: {column, kind, why: 'mixed', shown: [{what, example: (shown[what] ?? nothing).example}]},
});
