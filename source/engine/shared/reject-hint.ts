// What the first rejected records of a file have in common, where that is a way of writing amounts or dates that is not read:
// a sentence for people, who see one cause then instead of a thousand faults.
import type {RejectReport} from '../../model/report.ts';

/** The cause must be known for this percentage of the rejected records: some that are bad in other ways are usual. */
const KNOWN_PERCENT = 80;

/** @returns `null` where there is nothing to say. */
export function hintOf(rejects: readonly RejectReport[]): string | null {
	if (rejects.length === 0) return null;
	const amounts = rejects.filter(isLocalAmount).map(({value}) => value);
	const dates = rejects.filter(isLocalDate).map(({value}) => value);
	const asNumbers = rejects.filter(isDateAsNumber);
	if ((amounts.length + dates.length + asNumbers.length) * 100 < rejects.length * KNOWN_PERCENT) return null;
	return [...describeAmounts(amounts), ...describeDates(dates), ...describeDatesAsNumbers(asNumbers)].join(' ');
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

/** Digits in groups or not, then a comma and digits: `12,50`, `1.234,56`, `1 234,5`. Three digits may also be a group. */
const DECIMAL_COMMA = /^[+-]?(?:\d{1,3}(?:[.'\u2019\s]\d{3})+|\d*),\d+$/;
const COMMA_AND_THREE_DIGITS = /^[+-]?\d{1,3},\d{3}$/;
/** `1,234.56`, `1,234,567`. */
const COMMA_GROUPS = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?$/;

/** Without the sign of a currency, and spaces of any kind around it. */
const bare = (value: string): string => value.replaceAll(/^[\s\p{Sc}]+|[\s\p{Sc}]+$/gu, '');

const isLocalAmount = ({reason, value}: RejectReport): boolean =>
	reason === 'not-a-number' && (DECIMAL_COMMA.test(bare(value)) || COMMA_GROUPS.test(bare(value)));

function describeAmounts(values: readonly string[]): string[] {
	const amounts = values.map(bare);
	const clear = amounts.filter(amount => !COMMA_AND_THREE_DIGITS.test(amount));
	const decimal = clear.find(amount => DECIMAL_COMMA.test(amount));
	const grouped = clear.find(amount => COMMA_GROUPS.test(amount));
	if (decimal !== undefined && grouped === undefined) {
		const needed = decimal.replaceAll(/[^\d,+-]/g, '').replace(',', '.');
		return [`Amounts seem to have decimal commas, as in "${decimal}": write ${needed}.`];
	}
	if (grouped !== undefined && decimal === undefined)
		return [
			`Amounts seem to have commas between groups of digits, as in "${grouped}": write ${grouped.replaceAll(',', '')}.`,
		];
	const example = decimal ?? amounts[0];
	return example === undefined ? [] : [`Amounts have commas, as in "${example}": only a decimal point is read.`];
}

/** `31/12/2024`, `31.12.24`, `12-31-2024`, with a time behind it or not. */
const DAY_MONTH_YEAR = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?:[\sT,].*)?$/;
/** `2024/12/31`. */
const YEAR_MONTH_DAY = /^(\d{4})([./])(\d{1,2})\2(\d{1,2})(?:[\sT,].*)?$/;

const isLocalDate = ({reason, value}: RejectReport): boolean =>
	reason === 'not-a-date' && (DAY_MONTH_YEAR.test(bare(value)) || YEAR_MONTH_DAY.test(bare(value)));

const NEEDED = 'YYYY-MM-DD is needed';

function describeDates(values: readonly string[]): string[] {
	const dates = values.map(bare);
	const parts = dates.map(date => DAY_MONTH_YEAR.exec(date) ?? []);
	// A part of more than 12 is a day.
	const dayFirst = parts.find(([, first]) => Number(first) > 12);
	const monthFirst = parts.find(([, , , second]) => Number(second) > 12);
	const [found, order] = dayFirst === undefined ? [monthFirst, 'month'] : [dayFirst, 'day'];
	if (found !== undefined && (dayFirst === undefined || monthFirst === undefined)) {
		const [example, one = '', , other = '', year = ''] = found;
		const [day, month] = order === 'day' ? [one, other] : [other, one];
		const needed = year.length === 4 ? `${NEEDED}, ${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` : NEEDED;
		return [`Dates seem to be written with the ${order} first, as in "${example}": ${needed}.`];
	}
	const [example] = dates;
	return example === undefined ? [] : [`Dates are written as in "${example}": ${NEEDED}.`];
}
