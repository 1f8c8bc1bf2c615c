// Why a column has no figures, as its result says it: with a cell and what it is in each reading, where one cell has several.
import type {ResultObject} from '../../model/analysis-info.ts';
import {readWrittenDate} from '../forms/date-form.ts';
import {readWritten} from '../forms/number-form.ts';
import {listedName} from '../listed-name.ts';
import type {UndecidedColumn} from './column-state.ts';

const inQuotes = (cell: string): string => `"${listedName(cell.trim())}"`;

type Reading = {
	/** The decimal mark, or the date format, as the flag takes it. */
	readonly form: string;
	readonly value: string | null;
};

export function describeUndecided(undecided: UndecidedColumn): {readonly message: string} & ResultObject {
	const {kind, why, shown} = undecided;
	const [first = {what: '', cell: ''}] = shown;
	const isOpen = why === 'ambiguous';
	return {
		why,
		value: first.cell === '' ? null : listedName(first.cell.trim()),
		readings: isOpen ? readingsOf(kind, first.cell) : [],
		message: isOpen ? describeOpen(kind, first.cell) : `${describeMixed(undecided)}, so it has no figures`,
	};
}

function readingsOf(kind: UndecidedColumn['kind'], cell: string): readonly Reading[] {
	if (kind === 'number')
		return (['.', ','] as const).map(form => ({form, value: readWritten(cell)?.numeral.readWith(form) ?? null}));
	const date = readWrittenDate(cell);
	return [
		{form: 'd/m/y', value: date?.readAs('day-first') ?? null},
		{form: 'm/d/y', value: date?.readAs('month-first') ?? null},
	];
}

function describeOpen(kind: UndecidedColumn['kind'], cell: string): string {
	const [one, other] = readingsOf(kind, cell).map(({value}) => String(value));
	const shown = inQuotes(cell);
	return kind === 'number'
		? `${shown} is ${one} with a decimal point and ${other} with a decimal comma, and no cell decides it, so the column has no figures. Say which one it is with --decimal . or --decimal ,`
		: `${shown} is ${one} with the day first and ${other} with the month first, and no cell decides it, so the column has no figures. Say which one it is with --date-format d/m/y or --date-format m/d/y`;
}

const described: Readonly<Record<string, string>> = {
	'.': 'a decimal point',
	',': 'a decimal comma',
	number: 'no percent sign',
	percent: 'a percent sign',
	'year-first': 'the year first',
	'day-first': 'the day first',
	'month-first': 'the month first',
	open: 'the year last',
	even: 'the year last',
	named: 'the name of the month',
};

function describeMixed({shown}: UndecidedColumn): string {
	const parts = shown.map(({what, cell}) => {
		const has = described[what] ?? what.replace('currency ', '');
		return cell === '' ? has : `${has} (as in ${inQuotes(cell)})`;
	});
	return parts.length > 1
		? `Some cells have ${parts[0]}, others ${parts.slice(1).join(', ')}`
		: `Some cells have ${parts[0]}, and not the form that was asked for`;
}
