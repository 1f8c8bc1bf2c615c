// Why the numbers or dates of a column cannot be read: with both readings, and what to try.

import {readWrittenDate} from '../../analysis/forms/date-form.ts';
import type {Undecided} from '../../analysis/forms/decide.ts';
import {readWritten} from '../../analysis/forms/number-form.ts';
import {decodeBytes, encodingOf} from '../../analysis/text-encoding.ts';
import {InputError} from '../../input/input-error.ts';
import {inQuotes} from '../../text/in-quotes.ts';

type Shown = Undecided['shown'][number];

/** @param column - Its name in the header. */
export function undecidedForm({kind, why, shown}: Undecided, column: string): InputError {
	const [first] = shown;
	if (first === undefined) throw new Error('Expected the cells that show why a form is not known');
	const {line, byteOffset} = first.example;
	const expected = `Expected one way to read column ${inQuotes(column)}`;
	const found = why === 'ambiguous' ? describeBoth(first, kind) : shown.map(each => describeOne(each)).join(', and ');
	const message = `${expected}, but ${found}. ${adviceFor(kind, why, first)}`;
	return new InputError('AMBIGUOUS_FORM', message, {line, byteOffset}, {isFoundAtEnd: true});
}

function describeBoth(shown: Shown, kind: Undecided['kind']): string {
	const {cell} = shown.example;
	const nothing = 'and no cell of the column decides it';
	if (kind === 'number') {
		const numeral = readWritten(cell)?.numeral;
		return `${place(shown)} is ${numeral?.readWith('.')} with a decimal point and ${numeral?.readWith(',')} with a decimal comma, ${nothing}`;
	}
	const date = readWrittenDate(cell);
	if (shown.what === 'hour')
		return `${place(shown)} is ${date?.readAs('year-first')} as a day with its hour and ${date?.readAs('seconds')} as seconds since 1970, ${nothing}`;
	return `${place(shown)} is ${date?.readAs('day-first')} with the day first and ${date?.readAs('month-first')} with the month first, ${nothing}`;
}

const described: Readonly<Record<string, string>> = {
	'.': 'has a decimal point',
	',': 'has a decimal comma',
	number: 'has no percent sign',
	percent: 'has one',
	'year-first': 'has the year first',
	'day-first': 'has the day first',
	'month-first': 'has the month first',
	open: 'has the year last',
	even: 'has the year last',
	named: 'has the name of the month',
};

const describeOne = (shown: Shown): string =>
	`${place(shown)} ${described[shown.what] ?? `is in ${shown.what.replace('currency ', '')}`}`;

const place = ({example: {cell, line}}: Shown): string =>
	`${inQuotes(decodeBytes(cell.trim(), encodingOf([cell])))} in line ${line}`;

function adviceFor(kind: Undecided['kind'], why: Undecided['why'], {what}: Shown): string {
	if (kind === 'date') {
		if (what === 'hour') return 'Say which one it is with --date-format y-m-d or --date-format epoch-seconds';
		if (why === 'ambiguous') return 'Say which one it is with --date-format d/m/y or --date-format m/d/y';
		return 'Write all of them in one way, or say with --date-format which ones count: the others are rejected';
	}
	if (what === 'number' || what === 'percent') return 'Write all of them in one way';
	if (what.startsWith('currency'))
		return 'Amounts of several currencies have no sum: put each in a file or a column of its own';
	if (why === 'ambiguous') return 'Say which one it is with --decimal . or --decimal ,';
	return 'Write all of them in one way, or say with --decimal which ones count: the others are rejected';
}
