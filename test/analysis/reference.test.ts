// The reference reader runs programs: of several analyses at once, each accepts and rejects records by itself.
import {expect, test} from 'vitest';
import {sales} from '../../source/analysis/builtin/sales.ts';
import {transactions} from '../../source/analysis/builtin/transactions.ts';
import {finishState} from '../../source/analysis/finish.ts';
import {type BoundAnalysis, compileProgram} from '../../source/analysis/program.ts';
import {ProgramFigures} from '../../source/analysis/reference/figures-of-records.ts';
import {stateOfFigures} from '../../source/analysis/state.ts';
import {layOutStates} from '../../source/analysis/state-layout.ts';

const salesByProduct: BoundAnalysis = {
	declaration: sales,
	indexes: {department: 0, sales: -1, quantity: 1, unit_price: 2},
};
const both: BoundAnalysis[] = [
	salesByProduct,
	{declaration: transactions, indexes: {customer_id: 0, amount: 2, date: 3, category: 0}},
];

function read(analyses: readonly BoundAnalysis[], records: readonly (readonly string[])[]) {
	const reader = new ProgramFigures(compileProgram(analyses));
	const faults = records.map(record => reader.add(record));
	const results = reader
		.take()
		.map((figures, place) =>
			finishState(stateOfFigures(layOutStates(analyses[place]?.declaration ?? sales), figures, 'utf-8')),
		);
	return {faults, results};
}

test('a record that one analysis rejects may be accepted by another', () => {
	const {faults, results} = read(both, [
		['a', '2', '1.5', '2024-01-01'],
		['a', '2', '1.5', 'yesterday'],
		['b', '', '3', '2024-01-02'],
		['c', 'x', '-', ' '],
	]);
	expect(faults).toEqual([
		[null, null],
		[null, {column: 3, reason: 'not-a-date', value: 'yesterday'}],
		[{column: 1, reason: 'missing', value: ''}, null],
		[
			{column: 1, reason: 'not-a-number', value: 'x'},
			{column: 2, reason: 'not-a-number', value: '-'},
		],
	]);
	expect(results).toMatchObject([
		{total_records: 2, total_sales_exact: '6.0', total_quantity: '4'},
		{total_transactions: 2, total_amount_exact: '4.5', date_range: {earliest: '2024-01-01', latest: '2024-01-02'}},
	]);
});

test('the fault of a product is that of its first factor that has one', () => {
	const {faults} = read(
		[salesByProduct],
		[
			['a', '1', 'x'],
			['a', '1'.repeat(39), 'x'],
			['a', '1', ''],
		],
	);
	expect(faults.flat()).toMatchObject([
		{column: 2, reason: 'not-a-number'},
		{column: 1, reason: 'too-many-digits'},
		{column: 2, reason: 'missing'},
	]);
});

test('a product has the decimals of both factors, whatever they come to', () => {
	const {results} = read(
		[salesByProduct],
		[
			['a', '0.50', '2.000'],
			['a', '-0', '1.5'],
			['a', '9'.repeat(38), '9'.repeat(38)],
		],
	);
	expect(results).toMatchObject([{total_sales_exact: `${10n ** 76n - 2n * 10n ** 38n + 2n}.00000`}]);
});

test('an optional number that is none leaves the record in', () => {
	const bound = {declaration: sales, indexes: {department: 0, sales: 1, quantity: 2, unit_price: -1}};
	const {faults, results} = read(
		[bound],
		[
			['a', '1', 'many'],
			['b', '2', ''],
			['b', '3', '7'],
		],
	);
	expect(faults.flat()).toEqual([null, null, null]);
	expect(results).toMatchObject([
		{
			total_records: 3,
			total_quantity: '7',
			departments: [
				{department: 'b', quantity: '7', share: '0.833333'},
				{department: 'a', quantity: null, share: '0.166667'},
			],
		},
	]);
});
