// States of declared analyses finish to the JSON that the report has always had.
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {sales} from '../../source/analysis/builtin/sales.ts';
import {transactions} from '../../source/analysis/builtin/transactions.ts';
import type {AnalysisFigures} from '../../source/analysis/figures.ts';
import {finishState} from '../../source/analysis/finish.ts';
import {GroupListing} from '../../source/analysis/groups/group-listing.ts';
import {createGroups} from '../../source/analysis/groups/group-table.ts';
import {absorbState, createState, giveUpTables, mergeState, stateOfFigures} from '../../source/analysis/state.ts';
import {layOutStates, tableMeasure} from '../../source/analysis/state-layout.ts';
import {transactions as published} from '../../source/analysis/transactions/transactions.ts';

type Row = readonly [customer: string, amount: string, date: string, category: string];

const anyRow: fc.Arbitrary<Row> = fc.tuple(
	fc.constantFrom('', 'C1', 'C2', 'a customer with a long name', '\xe9'),
	fc.oneof(
		fc.integer({min: -5000, max: 5000}).map(cents => (cents / 100).toFixed(2)),
		fc.constantFrom('99999999999999999999999999999999999999', `0.${'1'.repeat(37)}`, '-3', '7.123'),
	),
	fc.integer({min: 10, max: 28}).map(day => `2024-05-${day}`),
	fc.oneof(fc.constantFrom('', 'food', 'caf\xe9', 'x'.repeat(80)), fc.integer({max: 150}).map(String)),
);

/** What the fold of records finds, as a reader gives it. */
function figuresOf(rows: readonly Row[]): AnalysisFigures {
	const fold = published.createFold();
	for (const row of rows) expect(fold.add(row, [0, 1, 2, 3])).toBeNull();
	const {count, total, groups, earliest, latest, customers} = fold.takePartial();
	return {
		records: count,
		sums: [{...total, count}],
		ranges: [earliest === null || latest === null ? null : {earliest, latest}],
		sets: [
			{
				keys: customers.keys.slice(0, 4 * customers.keyCount),
				longValues: customers.longValues,
				numbered: customers.numbered,
				registers: null,
			},
		],
		tables: [
			{
				isGivenUp: groups.areGivenUp,
				entries: groups.entries,
				keys: groups.names,
				scales: [groups.scale],
				additions: Array.from(groups.additions, ([group, value]) => ({group, sum: 0, value})),
			},
		],
	};
}

function publishedJson(rows: readonly Row[], encoding: 'utf-8' | 'windows-1252'): string {
	const fold = published.createFold();
	for (const row of rows) fold.add(row, [0, 1, 2, 3]);
	const partial = fold.takePartial();
	return JSON.stringify(published.finish(encoding === 'utf-8' ? partial : published.inUtf8(partial)));
}

const layout = layOutStates(transactions);

describe('transactions', () => {
	test.each(['utf-8', 'windows-1252'] as const)('of any records in any parts, in %s', encoding => {
		fc.assert(
			fc.property(fc.array(fc.array(anyRow, {maxLength: 60}), {maxLength: 4}), parts => {
				const expected = publishedJson(parts.flat(), encoding);
				const stateOf = (rows: readonly Row[]) => stateOfFigures(layout, figuresOf(rows), encoding);
				for (const merge of [mergeState, absorbState]) {
					for (const order of [parts, parts.toReversed()]) {
						const state = createState(layout);
						for (const rows of order) merge(state, stateOf(rows));
						expect(JSON.stringify(finishState(state))).toBe(expected);
					}
				}
			}),
		);
	});

	test('of groups that were listed piece by piece', () => {
		fc.assert(
			fc.property(fc.array(anyRow, {maxLength: 200}), fc.integer({min: 1, max: 4}), (rows, pieces) => {
				const state = stateOfFigures(layout, figuresOf(rows), 'utf-8');
				const [table] = layout.tables.values();
				if (table === undefined) throw new Error('Expected a table');
				const listing = new GroupListing(createGroups(table), tableMeasure(transactions, 'categories'), 'utf-8');
				const byCategory = Map.groupBy(rows, ([, , , category]) => category.length % pieces);
				for (const piece of byCategory.values()) {
					const [groups] = stateOfFigures(layout, figuresOf(piece), 'utf-8').tables;
					if (groups !== undefined) listing.add(groups);
				}
				expect(JSON.stringify(finishState(state, [listing]))).toBe(JSON.stringify(finishState(state)));
			}),
		);
	});

	test('whose categories are given up say why', () => {
		const rows: Row[] = [['C1', '1.50', '2024-05-12', 'food']];
		const state = stateOfFigures(layout, figuresOf(rows), 'utf-8');
		giveUpTables(state);
		const fold = published.createFold();
		for (const row of rows) fold.add(row, [0, 1, 2, 3]);
		const partial = fold.takePartial();
		published.giveUpGroups(partial);
		expect(JSON.stringify(finishState(state))).toBe(JSON.stringify(published.finish(partial)));
	});
});

describe('sales', () => {
	const layout = layOutStates(sales);

	/** A group with 12.50 in 2 records, one of them with a quantity of 3, and one with 5.25. */
	const figures = (): AnalysisFigures => ({
		records: 3,
		sums: [
			{units: 1775n, scale: 2, count: 3},
			{units: 3n, scale: 0, count: 1},
		],
		ranges: [],
		sets: [],
		tables: [
			{
				isGivenUp: false,
				entries: new Uint32Array([
					...[1, 2, 0, 1250, 0, 0, 0, 3, 0, 0, 0, 1, 0],
					...[2, 1, 0, 525, 0, 0, 0, 0, 0, 0, 0, 0, 0],
				]),
				keys: Buffer.from('ab'),
				scales: [2, 0],
				additions: [],
			},
		],
	});

	test('have their total, mean, share and quantity, and null where no record has the number', () => {
		const state = stateOfFigures(layout, figures(), 'utf-8');
		mergeState(state, stateOfFigures(layout, figures(), 'utf-8'));
		expect(finishState(state)).toEqual({
			total_records: 6,
			total_sales: 35.5,
			total_sales_exact: '35.50',
			average_sale: '5.916667',
			total_quantity: '6',
			department_count: {value: 2, exact: true},
			departments: [
				{department: 'a', records: 4, sales: '25.00', average: '6.250000', share: '0.704225', quantity: '6'},
				{department: 'b', records: 2, sales: '10.50', average: '5.250000', share: '0.295775', quantity: null},
			],
		});
	});

	test('of no records are null', () => {
		expect(finishState(createState(layout))).toEqual({
			total_records: 0,
			total_sales: null,
			total_sales_exact: null,
			average_sale: null,
			total_quantity: null,
			department_count: {value: 0, exact: true},
			departments: [],
		});
	});

	test('whose departments are given up say why', () => {
		const state = stateOfFigures(layout, figures(), 'utf-8');
		giveUpTables(state);
		expect(finishState(state)).toMatchObject({
			total_sales_exact: '17.75',
			department_count: null,
			departments: [],
			departments_error: {
				code: 'TOO_MANY_DEPARTMENTS',
				message: expect.stringContaining('The column department has more than 500,000 different values') as string,
			},
		});
	});
});
