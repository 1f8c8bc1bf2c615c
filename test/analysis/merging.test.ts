// The algebra of results: a file, any cut of it and any order of merging give the same figures.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {
	createPartial,
	MAX_CATEGORIES,
	MAX_CATEGORY_BYTES,
	mergeInto,
	type TransactionsPartial,
} from '../../source/analysis/transactions/partial.ts';
import {LISTED_NAME_LENGTH, transactions} from '../../source/analysis/transactions/transactions.ts';

const record = fc.tuple(
	fc.constantFrom('c1', 'c2', 'c3', ''),
	fc.oneof(
		fc.integer({min: -1000, max: 1000}).map(String),
		fc.constantFrom('0.001', '-12.5', '12345678901234567890.12'),
	),
	fc.constantFrom('2024-01-01', '2024-02-29', '1999-12-31'),
	fc.constantFrom('a', 'b', '', 'z'),
);

function fold(records: ReadonlyArray<readonly string[]>): TransactionsPartial {
	const {add, takePartial} = transactions.createFold();
	for (const fields of records) expect(add(fields, [0, 1, 2, 3])).toBeNull();
	return takePartial();
}

const merge = (...partials: TransactionsPartial[]): TransactionsPartial => {
	const target = createPartial();
	for (const partial of partials) mergeInto(target, partial);
	return target;
};

test('merging partials is commutative and associative, with the empty one as identity', () => {
	fc.assert(
		fc.property(fc.array(record), fc.array(record), fc.array(record), (first, second, third) => {
			const whole = transactions.finish(fold([...first, ...second, ...third]));
			const [a, b, c] = [fold(first), fold(second), fold(third)];
			expect(transactions.finish(merge(a, b, c))).toEqual(whole);
			expect(transactions.finish(merge(c, b, a))).toEqual(whole);
			expect(transactions.finish(merge(a, merge(b, c)))).toEqual(whole);
			expect(transactions.finish(merge(createPartial(), merge(merge(b, a), c)))).toEqual(whole);
		}),
	);
});

test('merging leaves what is merged in as it was', () => {
	const part = fold([['c1', '1', '2024-01-01', 'a']]);
	const target = merge(part);
	mergeInto(target, part);
	expect(transactions.finish(part).total_transactions).toBe(1);
	expect(transactions.finish(target).categories).toEqual([{category: 'a', count: 2, amount: '2'}]);
});

test('a partial survives the way between threads', () => {
	const part = fold([['c1', '12345678901234567890.12', '2024-01-01', 'a']]);
	expect(transactions.finish(structuredClone(part))).toEqual(transactions.finish(part));
});

const givenUp = {top_category: null, categories: [], categories_error: {code: 'TOO_MANY_CATEGORIES'}};

test('more categories than can be kept fail the figure, and no other one', () => {
	const {add, takePartial} = transactions.createFold();
	for (let index = 0; index < MAX_CATEGORIES; index++) add(['c', '1', '2024-01-01', String(index)], [0, 1, 2, 3]);
	const most = transactions.finish(takePartial());
	expect(most.categories).toHaveLength(100);
	expect(most).not.toHaveProperty('categories_error');
	add(['d', '0.5', '2024-01-02', 'one more'], [0, 1, 2, 3]);
	add(['d', '0.5', '2024-01-02', '7'], [0, 1, 2, 3]);
	expect(transactions.finish(takePartial())).toMatchObject({
		...givenUp,
		total_transactions: MAX_CATEGORIES + 2,
		total_amount_exact: '500001.0',
		date_range: {earliest: '2024-01-01', latest: '2024-01-02'},
		unique_customers: {value: 2, exact: true},
	});
});

test('so do categories whose names are too long together', () => {
	const {add, takePartial} = transactions.createFold();
	const name = 'x'.repeat(1024 * 1024 - 2);
	const addNext = (index: number) =>
		add(['c', '1', '2024-01-01', `${name}${String(index).padStart(2, '0')}`], [0, 1, 2, 3]);
	for (let index = 0; index < MAX_CATEGORY_BYTES / 1024 / 1024; index++) addNext(index);
	addNext(0);
	expect(transactions.finish(takePartial()).categories).toHaveLength(32);
	addNext(99);
	expect(transactions.finish(takePartial())).toMatchObject({...givenUp, total_transactions: 34});
});

test('a very long name is cut in the report, and shows that it is', () => {
	const names = [
		'é'.repeat(LISTED_NAME_LENGTH),
		'é'.repeat(LISTED_NAME_LENGTH + 1),
		'𝄞'.repeat(2 * LISTED_NAME_LENGTH),
	];
	const {categories} = transactions.finish(
		fold(names.map(name => ['c', '1', '2024-01-01', Buffer.from(name).toString('latin1')])),
	);
	expect(categories.map(({category}) => category)).toEqual([
		'é'.repeat(LISTED_NAME_LENGTH),
		`${'é'.repeat(LISTED_NAME_LENGTH)}…`,
		`${'𝄞'.repeat(LISTED_NAME_LENGTH)}…`,
	]);
});

test('amounts of a scope all have the decimals of its most exact one', () => {
	const {total_amount_exact: total, categories} = transactions.finish(
		fold([
			['c', '1', '2024-01-01', 'a'],
			['c', '2.5', '2024-01-01', 'b'],
			['c', '-0.001', '2024-01-01', 'b'],
		]),
	);
	expect(total).toBe('3.499');
	expect(categories).toEqual([
		{category: 'b', count: 2, amount: '2.499'},
		{category: 'a', count: 1, amount: '1.000'},
	]);
});
