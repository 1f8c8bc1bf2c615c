// What the first rejected records of a file have in common, where that is another way of writing numbers or dates than the rest of the column has:
// a sentence for people, who see one cause then instead of a thousand faults.
import {readWrittenDate, type WrittenDate} from '../../analysis/forms/date-form.ts';
import {readWritten} from '../../analysis/forms/number-form.ts';
import type {RejectReport} from '../../model/report.ts';
import {findOtherTable} from './other-table.ts';

/** The cause must be known for this percentage of the rejected records: some that are bad in other ways are usual. */
const KNOWN_PERCENT = 80;

/** @returns `null` where there is nothing to say. */
export function hintOf(rejects: readonly RejectReport[]): string | null {
	if (rejects.length === 0) return null;
	const amounts = rejects.filter(isLocalAmount).map(({value}) => value);
	const dates = rejects.filter(isLocalDate).map(({value}) => value);
	const asNumbers = rejects.filter(isDateAsNumber);
	if ((amounts.length + dates.length + asNumbers.length) * 100 < rejects.length * KNOWN_PERCENT)
		return hintOfOtherTable(rejects);
	return [...describeAmounts(amounts), ...describeDates(dates), ...describeDatesAsNumbers(asNumbers)].join(' ');
}

function hintOfOtherTable(rejects: readonly RejectReport[]): string | null {
	const other = findOtherTable(rejects);
	return other === null
		? null
		: `Another table may begin on line ${other.line}: records in a row have ${other.counts}. Only the first table of a file is read.`;
}

const isDateAsNumber = ({reason, value}: RejectReport): boolean =>
	reason === 'not-a-number' && /^\d{4}-\d{2}-\d{2}(?!\d)/.test(value.trim());

/** Questions say how a column is read. */
function describeDatesAsNumbers([first]: readonly RejectReport[]): string[] {
	if (first === undefined) return [];
	const {column, value} = first;
	return [
		`Dates stand where numbers are needed, as in "${value.trim()}"; a question reads them as dates by day(${column ?? 'column'}).`,
	];
}

/** Forms of cells are told of bytes. */
const bytesOf = (value: string): string => Buffer.from(value.trim()).toString('latin1');

const isLocalAmount = ({reason, value}: RejectReport): boolean =>
	reason === 'not-a-number' && readWritten(bytesOf(value)) !== null;

const isLocalDate = ({reason, value}: RejectReport): boolean =>
	reason === 'not-a-date' && !isCount(readWrittenDate(bytesOf(value))?.proves);

/** Digits alone may be anything. */
const isCount = (proves: WrittenDate['proves'] | undefined): boolean =>
	proves === undefined || ['hour', 'serial', 'seconds', 'milliseconds'].includes(proves);

function describeAmounts([first]: readonly string[]): string[] {
	if (first === undefined) return [];
	const {isPercent = false, numeral} = readWritten(bytesOf(first)) ?? {};
	const shows = isPercent
		? 'a percent sign'
		: numeral?.proves === ','
			? 'a decimal comma'
			: numeral?.proves === '.'
				? 'a decimal point'
				: 'another form';
	const advice = isPercent
		? 'write all of them in one way'
		: 'write all of them in one way, or say with --decimal which ones count';
	return [`Numbers have ${shows}, as in "${first.trim()}", and others of their column do not: ${advice}.`];
}

const shownByDates: Readonly<Record<string, string>> = {
	'year-first': 'the year first',
	'day-first': 'the day first',
	'month-first': 'the month first',
	named: 'the name of the month',
};

function describeDates([first]: readonly string[]): string[] {
	if (first === undefined) return [];
	const shows = shownByDates[readWrittenDate(bytesOf(first))?.proves ?? ''] ?? 'the year last';
	return [
		`Dates have ${shows}, as in "${first.trim()}", and others of their column do not: write all of them in one way, or say with --date-format which ones count.`,
	];
}
