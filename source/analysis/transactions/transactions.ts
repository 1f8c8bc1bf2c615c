// Transactions: how many, their exact sum and mean, how they spread over categories, dates and customers.
import {type ParsedAmount, parseAmount} from '../amount.ts';
import {type Analysis, AnalysisLimitError, bytesToText, type CellFault, type RecordFold} from '../analysis.ts';
import {isBlankCell, parseCalendarDate} from '../calendar-date.ts';
import {DecimalSum, divideHalfEven, formatExact} from '../decimal.ts';
import {
	addDistinct,
	countDistinct,
	createDistinct,
	DISTINCT_BYTES_CAP,
	DISTINCT_CAP,
	packDistinct,
} from '../distinct.ts';
import {createPartial, fromColumns, mergeInto, type TransactionsPartial} from './partial.ts';
import type {TransactionsResult} from './result.ts';

/** How many categories the report lists. */
const LISTED_CATEGORIES = 100;
const AVERAGE_DECIMALS = 6;
/** Most categories of one file: × about 150 bytes = 75 MB. A column with more is hardly one of categories. */
export const MAX_CATEGORIES = 500_000;
/** And most bytes of their names together. */
export const MAX_CATEGORY_BYTES = 32 * 1024 * 1024;
/** A longer name is cut in the report, and ends with an ellipsis there: 100 of them would fill more than a string can. */
export const LISTED_NAME_LENGTH = 65_536;

/** Their order is the order of `columnIndexes` in `add`. */
const columns = ['customer_id', 'amount', 'date', 'category'] as const;

interface GroupSum {
	count: number;
	readonly amount: DecimalSum;
}

function createFold(): RecordFold<'transactions'> {
	let count = 0;
	let earliest: string | null = null;
	let latest: string | null = null;
	const total = new DecimalSum();
	const groups = new Map<string, GroupSum>();
	let categoryBytes = 0;
	const customers = createDistinct();
	const amount: ParsedAmount = {units: 0, scale: 0};

	const cell = (fields: readonly string[], index: number | undefined): string => fields[index ?? -1] ?? '';
	const fault = (column: (typeof columns)[number], reason: CellFault['reason'], value: string): CellFault => ({
		column,
		reason,
		value,
	});
	return {
		add(fields, [customerIndex, amountIndex, dateIndex, categoryIndex]) {
			const amountText = cell(fields, amountIndex);
			const amountFault = parseAmount(amountText, amount);
			if (amountFault !== null) return fault('amount', amountFault, amountText);
			const dateText = cell(fields, dateIndex);
			const date = parseCalendarDate(dateText);
			if (date === null) return fault('date', isBlankCell(dateText) ? 'missing' : 'not-a-date', dateText);

			count++;
			total.add(amount.units, amount.scale);
			const category = cell(fields, categoryIndex);
			let group = groups.get(category);
			if (group === undefined) {
				categoryBytes += category.length;
				if (groups.size === MAX_CATEGORIES || categoryBytes > MAX_CATEGORY_BYTES) throw tooManyCategories();
				group = {count: 0, amount: new DecimalSum()};
				groups.set(category, group);
			}
			group.count++;
			group.amount.add(amount.units, amount.scale);
			if (earliest === null || date < earliest) earliest = date;
			if (latest === null || date > latest) latest = date;
			const customer = cell(fields, customerIndex);
			if (customer !== '') addDistinct(customers, customer);
			return null;
		},
		takePartial: () => ({
			count,
			total: total.value,
			groups: new Map(Array.from(groups, ([name, group]) => [name, {count: group.count, amount: group.amount.value}])),
			earliest,
			latest,
			customers,
		}),
	};
}

const tooManyCategories = (): AnalysisLimitError =>
	new AnalysisLimitError(
		`The column category has more than ${MAX_CATEGORIES.toLocaleString('en')} different values, or they are longer than ${MAX_CATEGORY_BYTES.toLocaleString('en')} bytes together, which is more than is kept. Is it the right column?`,
	);

function isTooLarge({groups}: TransactionsPartial): boolean {
	if (groups.size > MAX_CATEGORIES) return true;
	let bytes = 0;
	for (const name of groups.keys()) bytes += name.length;
	return bytes > MAX_CATEGORY_BYTES;
}

function finish(partial: TransactionsPartial): TransactionsResult {
	const {count, total, groups, earliest, latest} = partial;
	// One number of decimals for the whole scope: the largest among its accepted amounts, which the total has.
	const {scale} = total;
	const sorted = [...groups].sort(
		([leftName, left], [rightName, right]) => right.count - left.count || (leftName < rightName ? -1 : 1),
	);
	const exact = count === 0 ? null : formatExact(total, scale);
	const top = sorted[0];
	return {
		total_transactions: count,
		total_amount: exact === null ? null : Number(exact),
		total_amount_exact: exact,
		average_transaction:
			count === 0 ? null : Number(formatExact(divideHalfEven(total, count, AVERAGE_DECIMALS), AVERAGE_DECIMALS)),
		top_category: top === undefined ? null : listedName(top[0]),
		categories: sorted.slice(0, LISTED_CATEGORIES).map(([name, group]) => ({
			category: listedName(name),
			count: group.count,
			amount: formatExact(group.amount, scale),
		})),
		date_range: earliest === null || latest === null ? null : {earliest, latest},
		unique_customers: countDistinct(partial.customers),
	};
}

function listedName(bytes: string): string {
	// A character has at most 4 bytes: what is cut here is not seen anyway, and need not be decoded.
	const name = bytesToText(bytes.slice(0, 4 * LISTED_NAME_LENGTH + 4));
	const characters = name.length > LISTED_NAME_LENGTH ? Array.from(name) : [];
	return characters.length > LISTED_NAME_LENGTH ? `${characters.slice(0, LISTED_NAME_LENGTH).join('')}…` : name;
}

export const transactions: Analysis<'transactions'> = {
	name: 'transactions',
	columns,
	createFold,
	kernelColumns: ([idColumn = 0, amountColumn = 0, dateColumn = 0, groupColumn = 0]) => ({
		idColumn,
		amountColumn,
		dateColumn,
		groupColumn,
		mostGroups: MAX_CATEGORIES,
		mostGroupBytes: MAX_CATEGORY_BYTES,
		mostValues: DISTINCT_CAP,
		mostValueBytes: DISTINCT_BYTES_CAP,
	}),
	fromColumns,
	isTooLarge,
	tooManyGroups: tooManyCategories,
	createPartial,
	mergeInto,
	pack: partial => ({...partial, customers: packDistinct(partial.customers)}),
	finish,
	listedName,
	mostListed: LISTED_CATEGORIES,
};
