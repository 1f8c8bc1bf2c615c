// States finish to the results that their declarations name.
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {sales} from '../../source/analysis/builtin/sales.ts';
import type {AnalysisFigures} from '../../source/analysis/figures.ts';
import {finishState} from '../../source/analysis/finish.ts';
import {listFigures} from '../../source/analysis/list-figures.ts';
import {createState, giveUpTables, mergeState, stateOfFigures} from '../../source/analysis/state.ts';
import {layOutStates} from '../../source/analysis/state-layout.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {figuresOf, records, stateOf, tasks} from '../helpers/random-records.ts';

test('a result has the measures of its declaration, in their order', () => {
	fc.assert(
		fc.property(tasks, fc.array(records, {maxLength: 40}), (task, all) => {
			const {measures} = task.declaration;
			const result = finishState(stateOf(task, all));
			const expected = Object.keys(measures).filter(
				name => measures[name]?.kind !== 'table-error' || Object.hasOwn(result, name),
			);
			expect(Object.keys(result)).toEqual(expected);
		}),
	);
});

test('where groups are not kept, the result is the same', () => {
	fc.assert(
		fc.property(
			tasks,
			fc.array(records, {maxLength: 60}),
			fc.constantFrom('utf-8' as const, 'windows-1252' as const),
			(task, all, encoding) => {
				const layout = layOutStates(task.declaration, task.caps);
				const {tables, ...others} = figuresOf(task, all);
				const pieces = {...others, tables: tables.map(table => [table])};
				const {result, state} = listFigures(layout, pieces, encoding);
				expect(JSON.stringify(result)).toBe(JSON.stringify(finishState(stateOf(task, all, encoding))));
				expect(state.tables.every(({isGivenUp}) => isGivenUp)).toBe(true);
			},
		),
		{numRuns: randomCases(300)},
	);
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
