// Transactions: how many, their exact sum and mean, how they spread over categories, dates and customers.
import {type ParsedAmount, parseAmount} from '../amount.ts';
import type {Analysis, CellFault, RecordFold} from '../analysis.ts';
import {isBlankCell, parseCalendarDate} from '../calendar-date.ts';
import {type Decimal, DecimalSum, divideHalfEven, formatExact} from '../decimal.ts';
import {
	addDistinct,
	countDistinct,
	createDistinct,
	DISTINCT_BYTES_CAP,
	DISTINCT_CAP,
	packDistinct,
} from '../distinct.ts';
import {
	amountOf,
	countOf,
	createGroups,
	discardGroups,
	type GroupsPartial,
	giveUpGroups,
	groupsFrom,
	nameOf,
	packGroups,
} from '../groups.ts';
import {rankGroups} from '../rank-groups.ts';
import {decodeBytes} from '../text-encoding.ts';
import {
	absorb,
	absorbInTurns,
	categoryLimits,
	createPartial,
	fromColumns,
	inUtf8,
	LISTED_CATEGORIES,
	listedFromColumns,
	MAX_CATEGORIES,
	MAX_CATEGORY_BYTES,
	mergeInto,
	type TransactionsPartial,
} from './partial.ts';
import type {CategoriesError, TransactionsResult} from './result.ts';

const AVERAGE_DECIMALS = 6;
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
	let areGroupsGivenUp = false;
	const customers = createDistinct();
	const amount: ParsedAmount = {units: 0, scale: 0};

	const cell = (fields: readonly string[], index: number | undefined): string => fields[index ?? -1] ?? '';
	const fault = (column: (typeof columns)[number], reason: CellFault['reason'], value: string): CellFault => ({
		column,
		reason,
		value,
	});
	const addToGroup = (category: string): void => {
		let group = groups.get(category);
		if (group === undefined) {
			categoryBytes += category.length;
			areGroupsGivenUp = groups.size === MAX_CATEGORIES || categoryBytes > MAX_CATEGORY_BYTES;
			if (areGroupsGivenUp) {
				groups.clear();
				return;
			}
			group = {count: 0, amount: new DecimalSum()};
			groups.set(category, group);
		}
		group.count++;
		group.amount.add(amount.units, amount.scale);
	};
	const takeGroups = (): GroupsPartial => {
		if (!areGroupsGivenUp) return groupsFrom(valuesOf(groups), categoryLimits);
		const none = createGroups(categoryLimits);
		giveUpGroups(none);
		return none;
	};
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
			if (!areGroupsGivenUp) addToGroup(cell(fields, categoryIndex));
			if (earliest === null || date < earliest) earliest = date;
			if (latest === null || date > latest) latest = date;
			const customer = cell(fields, customerIndex);
			if (customer !== '') addDistinct(customers, customer);
			return null;
		},
		takePartial: () => ({
			count,
			total: total.value,
			groups: takeGroups(),
			earliest,
			latest,
			customers,
		}),
	};
}

function* valuesOf(groups: ReadonlyMap<string, GroupSum>): Generator<[string, {count: number; amount: Decimal}], void> {
	for (const [name, {count, amount}] of groups) yield [name, {count, amount: amount.value}];
}

/** Made when it is needed: the first number that is formatted by its language loads tables for 10 ms. */
const describeTooManyCategories = (): CategoriesError => ({
	code: 'TOO_MANY_CATEGORIES',
	message: `The column category has more than ${MAX_CATEGORIES.toLocaleString('en')} different values, or they are longer than ${MAX_CATEGORY_BYTES.toLocaleString('en')} bytes together, which is more than is kept. All other figures are complete. Is it the right column?`,
});

function finish(partial: TransactionsPartial): TransactionsResult {
	const {count, total, groups, earliest, latest} = partial;
	// One number of decimals for the whole scope: the largest among its accepted amounts, which the total has.
	const {scale} = total;
	const listed = rankGroups(groups, LISTED_CATEGORIES);
	const exact = count === 0 ? null : formatExact(total, scale);
	const top = listed[0];
	return {
		total_transactions: count,
		total_amount: exact === null ? null : Number(exact),
		total_amount_exact: exact,
		average_transaction:
			count === 0 ? null : Number(formatExact(divideHalfEven(total, count, AVERAGE_DECIMALS), AVERAGE_DECIMALS)),
		top_category: top === undefined ? null : listedName(nameOf(groups, top)),
		categories: listed.map(place => ({
			category: listedName(nameOf(groups, place)),
			count: countOf(groups, place),
			amount: formatExact(amountOf(groups, place), scale),
		})),
		...(groups.areGivenUp ? {categories_error: describeTooManyCategories()} : {}),
		date_range: earliest === null || latest === null ? null : {earliest, latest},
		unique_customers: countDistinct(partial.customers),
	};
}

function listedName(bytes: string): string {
	// A character has at most 4 bytes: what is cut here is not seen anyway, and need not be decoded.
	const name = decodeBytes(bytes.slice(0, 4 * LISTED_NAME_LENGTH + 4), 'utf-8');
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
	listedFromColumns,
	hasGivenUpGroups: ({groups}) => groups.areGivenUp,
	giveUpGroups: ({groups}) => {
		giveUpGroups(groups);
	},
	createPartial,
	mergeInto,
	absorb,
	absorbInTurns,
	inUtf8,
	discard: ({groups}) => {
		discardGroups(groups);
	},
	pack: partial => ({
		...partial,
		groups: packGroups(partial.groups),
		customers: packDistinct(partial.customers),
	}),
	buffersOf: ({groups}) =>
		[groups.entries, groups.names].flatMap(({buffer}) =>
			buffer instanceof ArrayBuffer && buffer.byteLength > 0 ? [buffer] : [],
		),
	finish,
	listedName,
	mostListed: LISTED_CATEGORIES,
};
