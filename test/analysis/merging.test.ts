// The algebra of results: a file, any cut of it and any order of merging give the same figures.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {transactions} from '../../source/analysis/builtin/transactions.ts';
import {finishState} from '../../source/analysis/finish.ts';
import {LISTED_NAME_LENGTH} from '../../source/analysis/listed-name.ts';
import {compileProgram} from '../../source/analysis/program.ts';
import {ProgramFigures} from '../../source/analysis/reference/figures-of-records.ts';
import type {ResultOf} from '../../source/analysis/result-types.ts';
import {type AnalysisState, createState, mergeState, stateOfFigures} from '../../source/analysis/state.ts';
import {defaultCaps, layOutStates} from '../../source/analysis/state-layout.ts';

const layout = layOutStates(transactions);
const finish = (state: AnalysisState) => finishState(state) as unknown as ResultOf<typeof transactions>;

function createReader(caps = defaultCaps) {
	const indexes = {customer_id: 0, amount: 1, date: 2, category: 3};
	const reader = new ProgramFigures(compileProgram([{declaration: transactions, indexes}], caps));
	const own = layOutStates(transactions, caps);
	return {
		add: (fields: readonly string[]) => reader.add(fields),
		take: () => reader.take().map(figures => stateOfFigures(own, figures, 'utf-8'))[0] ?? createState(own),
	};
}

const record = fc.tuple(
	fc.constantFrom('c1', 'c2', 'c3', ''),
	fc.oneof(
		fc.integer({min: -1000, max: 1000}).map(String),
		fc.constantFrom('0.001', '-12.5', '12345678901234567890.12'),
	),
	fc.constantFrom('2024-01-01', '2024-02-29', '1999-12-31'),
	fc.constantFrom('a', 'b', '', 'z'),
);

function read(records: ReadonlyArray<readonly string[]>): AnalysisState {
	const {add, take} = createReader();
	for (const fields of records) expect(add(fields)).toEqual([null]);
	return take();
}

const merge = (...states: AnalysisState[]): AnalysisState => {
	const target = createState(layout);
	for (const state of states) mergeState(target, state);
	return target;
};

test('merging states is commutative and associative, with the empty one as identity', () => {
	fc.assert(
		fc.property(fc.array(record), fc.array(record), fc.array(record), (first, second, third) => {
			const whole = finish(read([...first, ...second, ...third]));
			const [a, b, c] = [read(first), read(second), read(third)];
			expect(finish(merge(a, b, c))).toEqual(whole);
			expect(finish(merge(c, b, a))).toEqual(whole);
			expect(finish(merge(a, merge(b, c)))).toEqual(whole);
			expect(finish(merge(createState(layout), merge(merge(b, a), c)))).toEqual(whole);
		}),
	);
});

test('merging leaves what is merged in as it was', () => {
	const part = read([['c1', '1', '2024-01-01', 'a']]);
	const target = merge(part);
	mergeState(target, part);
	expect(finish(part).total_transactions).toBe(1);
	expect(finish(target).categories).toEqual([{category: 'a', count: 2, amount: '2'}]);
});

const givenUp = {top_category: null, categories: [], categories_error: {code: 'TOO_MANY_CATEGORIES'}};

test('more categories than can be kept fail the figure, and no other one', () => {
	const maxGroups = 5000;
	const {add, take} = createReader({...defaultCaps, maxGroups});
	for (let index = 0; index < maxGroups; index++) add(['c', '1', '2024-01-01', String(index)]);
	const most = finish(take());
	expect(most.categories).toHaveLength(100);
	expect(most).not.toHaveProperty('categories_error');
	add(['d', '0.5', '2024-01-02', 'one more']);
	add(['d', '0.5', '2024-01-02', '7']);
	expect(finish(take())).toMatchObject({
		...givenUp,
		total_transactions: maxGroups + 2,
		total_amount_exact: '5001.0',
		date_range: {earliest: '2024-01-01', latest: '2024-01-02'},
		unique_customers: {value: 2, exact: true},
	});
});

test('so do categories whose names are too long together', () => {
	const {add, take} = createReader();
	const name = 'x'.repeat(1024 * 1024 - 2);
	const addNext = (index: number) => add(['c', '1', '2024-01-01', `${name}${String(index).padStart(2, '0')}`]);
	for (let index = 0; index < defaultCaps.maxKeyBytes / 1024 / 1024; index++) addNext(index);
	addNext(0);
	expect(finish(take()).categories).toHaveLength(32);
	addNext(99);
	expect(finish(take())).toMatchObject({...givenUp, total_transactions: 34});
});

test('a very long name is cut in the report, and shows that it is', () => {
	const names = [
		'é'.repeat(LISTED_NAME_LENGTH),
		'é'.repeat(LISTED_NAME_LENGTH + 1),
		'𝄞'.repeat(2 * LISTED_NAME_LENGTH),
	];
	const {categories} = finish(read(names.map(name => ['c', '1', '2024-01-01', Buffer.from(name).toString('latin1')])));
	expect(categories.map(({category}) => category)).toEqual([
		'é'.repeat(LISTED_NAME_LENGTH),
		`${'é'.repeat(LISTED_NAME_LENGTH)}…`,
		`${'𝄞'.repeat(LISTED_NAME_LENGTH)}…`,
	]);
});

test('amounts of a scope all have the decimals of its most exact one', () => {
	const {total_amount_exact: total, categories} = finish(
		read([
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
