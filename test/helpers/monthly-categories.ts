// What the example comes to, worked out of records by the plainest means.
export {default as monthlyCategories} from '../../fixtures/analyses/monthly-categories.ts';

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
