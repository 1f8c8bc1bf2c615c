// An analysis that is not built in, and what it must come to, worked out of records by the plainest means.
import {count, groupBy, mean, month, share, sum} from '../../source/analysis/declaration.ts';
import {defineAnalysis} from '../../source/analysis/define-analysis.ts';

export const monthlyCategories = defineAnalysis({
	name: 'monthly-categories',
	version: 1,
	title: 'Amount by month and category',
	columns: {amount: {is: 'number'}, date: {is: 'date'}, category: {is: 'text'}},
	measures: {
		records: count(),
		total: sum('amount'),
		average: mean('amount'),
		months: groupBy(
			[month('date'), 'category'],
			{records: count(), total: sum('amount')},
			{orderBy: 'key', limit: 500},
		),
		categories: groupBy('category', {total: sum('amount'), share: share('amount')}, {orderBy: 'total'}),
	},
	views: [
		{
			show: 'figures',
			figures: [
				{label: 'records', key: 'records', format: 'integer'},
				{label: 'total', key: 'total', format: 'decimal'},
				{label: 'average', key: 'average', format: 'decimal'},
			],
		},
		{
			show: 'bars',
			title: 'categories',
			rows: 'categories',
			name: 'category',
			values: [
				{label: 'total', key: 'total', format: 'decimal'},
				{label: 'share', key: 'share', format: 'share'},
			],
		},
	],
});

export interface SimpleRecord {
	/** In cents. */
	readonly cents: bigint;
	readonly date: string;
	readonly category: string;
}

/** Records of the generator: plain amounts of two decimals, and a category that may be in quotes at the end. */
export const readSimpleRecords = (csv: string): readonly SimpleRecord[] =>
	csv
		.trim()
		.split('\n')
		.slice(1)
		.map(line => {
			const [, , amount = '', date = '', ...rest] = line.split(',');
			const category = rest.join(',').replace(/^"|"$/g, '');
			return {cents: BigInt(amount.replace('.', '')), date, category};
		});

export function expectMonthlyCategories(records: readonly SimpleRecord[]): object {
	const total = addUp(records);
	const ofMonths = Map.groupBy(records, ({date, category}) => `${date.slice(0, 7)}\0${category}`);
	const ofCategories = Map.groupBy(records, ({category}) => category);
	return {
		records: records.length,
		total: decimal(total, 2),
		average: decimal(divideHalfEven(total * 10_000n, BigInt(records.length)), 6),
		months: Array.from(ofMonths.keys())
			.sort()
			.map(key => {
				const [date, category] = key.split('\0');
				const group = ofMonths.get(key) ?? [];
				return {month: date, category, records: group.length, total: decimal(addUp(group), 2)};
			}),
		categories: Array.from(ofCategories, ([category, group]) => ({category, cents: addUp(group)}))
			.sort((left, right) => Number(right.cents - left.cents) || (left.category < right.category ? -1 : 1))
			.map(({category, cents}) => ({
				category,
				total: decimal(cents, 2),
				share: decimal(divideHalfEven(cents * 1_000_000n, total), 6),
			})),
	};
}

const addUp = (records: readonly SimpleRecord[]): bigint => records.reduce((sum, {cents}) => sum + cents, 0n);

/** Of numbers above zero. */
function divideHalfEven(dividend: bigint, divisor: bigint): bigint {
	const quotient = dividend / divisor;
	const twice = 2n * (dividend % divisor);
	return twice > divisor || (twice === divisor && quotient % 2n === 1n) ? quotient + 1n : quotient;
}

function decimal(units: bigint, decimals: number): string {
	const digits = String(units).padStart(decimals + 1, '0');
	return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
