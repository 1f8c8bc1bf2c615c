// The smallest and the largest value: of all records and of each group, whatever their decimals and however they were merged.
import fc from 'fast-check';
import {expect, expectTypeOf, test} from 'vitest';
import {count, groupBy, max, min} from '../../source/analysis/declaration.ts';
import {defineAnalysis} from '../../source/analysis/define-analysis.ts';
import {finishState} from '../../source/analysis/finish.ts';
import {decodePartial, encodePartial} from '../../source/analysis/partial/partial.ts';
import {compileProgram} from '../../source/analysis/program.ts';
import {ProgramFigures} from '../../source/analysis/reference/figures-of-records.ts';
import type {ResultOf} from '../../source/analysis/result-types.ts';
import {type AnalysisState, mergeState, stateOfFigures} from '../../source/analysis/state.ts';
import {layOutStates} from '../../source/analysis/state-layout.ts';

const declaration = defineAnalysis({
	name: 'ends',
	version: 1,
	title: 'Ends',
	columns: {shop: {is: 'text'}, amount: {is: 'number', optional: true}, sold: {is: 'date', optional: true}},
	measures: {
		least: min('amount'),
		most: max('amount'),
		first: min('sold'),
		last: max('sold'),
		shops: groupBy(
			'shop',
			{most: max('amount'), least: min('amount'), first: min('sold'), n: count()},
			{orderBy: 'most'},
		),
	},
	views: [],
});
const layout = layOutStates(declaration);

function read(records: readonly (readonly string[])[]): AnalysisState {
	const reader = new ProgramFigures(compileProgram([{declaration, indexes: {shop: 0, amount: 1, sold: 2}}]));
	for (const record of records) reader.add(record);
	const [figures] = reader.take();
	if (figures === undefined) throw new Error('Expected figures');
	return stateOfFigures(layout, figures, 'utf-8');
}

test('they have the most decimals of any value, and are null where there is no value', () => {
	const {shops, ...others} = finishState(
		read([
			['a', '2.5', '2024-03-01'],
			['a', '-1', ''],
			['b', '', '2023-12-31'],
			['c', '10', '2024-02-01'],
			['c', '9.125', 'never'],
		]),
	);
	expect(others).toEqual({least: '-1.000', most: '10.000', first: '2023-12-31', last: '2024-03-01'});
	expect(shops).toEqual([
		{shop: 'c', most: '10.000', least: '9.125', first: '2024-02-01', n: 2},
		{shop: 'a', most: '2.500', least: '-1.000', first: '2024-03-01', n: 2},
		{shop: 'b', most: null, least: null, first: '2023-12-31', n: 1},
	]);
	type Shop = ResultOf<typeof declaration>['shops'][number];
	expectTypeOf<Shop['most']>().toEqualTypeOf<string | null>();
});

const amount = fc.oneof(
	fc.integer({min: -500, max: 500}).map(cents => (cents / 100).toFixed(2)),
	fc.constantFrom(
		'',
		'7',
		'9'.repeat(38),
		`-${'9'.repeat(38)}`,
		`.${'3'.repeat(38)}`,
		'9223372036854775807',
		'-9223372036854775808',
	),
);
const record = fc.tuple(fc.constantFrom('a', 'b', ''), amount, fc.constantFrom('', '2024-01-01', '0001-01-01'));

/** By fractions of whole numbers: nothing is scaled as the program does it. */
const asUnits = (text: string): bigint => {
	const [whole = '', decimals = ''] = text.replace('-', '').split('.');
	const units = BigInt(whole + decimals.padEnd(38, '0'));
	return text.startsWith('-') ? -units : units;
};

test('they are those of all values, in any cut', () => {
	fc.assert(
		fc.property(fc.array(record), fc.array(record), (one, other) => {
			const merged = decodePartial(encodePartial(read(one)), layout);
			mergeState(merged, read(other));
			const all = [...one, ...other];
			const ends = (records: readonly (readonly string[])[]): readonly (bigint | null)[] => {
				const values = records.flatMap(([, each = '']) => (each === '' ? [] : [asUnits(each)]));
				values.sort((left, right) => (left < right ? -1 : 1));
				return [values[0] ?? null, values.at(-1) ?? null];
			};
			const unitsOf = (text: unknown): bigint | null => (typeof text === 'string' ? asUnits(text) : null);
			const {least, most, shops} = finishState(merged);
			expect([unitsOf(least), unitsOf(most)]).toEqual(ends(all));
			for (const shop of shops as ResultOf<typeof declaration>['shops'])
				expect([unitsOf(shop.least), unitsOf(shop.most)]).toEqual(ends(all.filter(([name]) => name === shop.shop)));
			expect(Buffer.compare(encodePartial(merged), encodePartial(read(all)))).toBe(0);
		}),
	);
});
