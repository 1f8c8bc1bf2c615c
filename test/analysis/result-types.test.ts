// What the types of declarations promise is what the published types of results have, and what is wrong does not compile.
import {expect, expectTypeOf, test} from 'vitest';
import type {sales} from '../../source/analysis/builtin/sales.ts';
import type {transactions} from '../../source/analysis/builtin/transactions.ts';
import {count, defineAnalysis, groupBy, month, sum} from '../../source/analysis/declaration.ts';
import type {ResultOf} from '../../source/analysis/result-types.ts';
import type {TransactionsResult} from '../../source/model/results.ts';

test('the result of transactions has its published type', () => {
	expectTypeOf<ResultOf<typeof transactions>>().toExtend<TransactionsResult>();
	expectTypeOf<TransactionsResult>().toExtend<ResultOf<typeof transactions>>();
});

test('rows have their keys and measures', () => {
	type Department = ResultOf<typeof sales>['departments'][number];
	expectTypeOf<Department['department']>().toEqualTypeOf<string>();
	expectTypeOf<Department['records']>().toEqualTypeOf<number>();
	expectTypeOf<Department['share']>().toEqualTypeOf<string | null>();
	const monthly = defineAnalysis({
		name: 'monthly',
		version: 1,
		title: 'Monthly',
		columns: {day: {is: 'date'}, shop: {is: 'text'}, amount: {is: 'number'}},
		measures: {months: groupBy([month('day'), 'shop'], {total: sum('amount')}, {orderBy: 'key'})},
		views: [],
	});
	expectTypeOf<ResultOf<typeof monthly>['months'][number]>().toExtend<{
		readonly month: string;
		readonly shop: string;
		readonly total: string | null;
	}>();
	expect(monthly.measures.months.keys.map(({name}) => name)).toEqual(['month', 'shop']);
});

test('a measure of a column that is of another type, or none, does not compile', () => {
	const columns = {shop: {is: 'text'}, amount: {is: 'number'}} as const;
	const rest = {version: 1, title: 'X', views: []};
	// @ts-expect-error: a text has no sum
	defineAnalysis({name: 'x', ...rest, columns, measures: {total: sum('shop')}});
	// @ts-expect-error: nor within groups
	defineAnalysis({name: 'x', ...rest, columns, measures: {shops: groupBy('shop', {a: sum('shop')}, {orderBy: 'a'})}});
	// @ts-expect-error: a number is no key
	defineAnalysis({name: 'x', ...rest, columns, measures: {a: groupBy('amount', {n: count()}, {orderBy: 'n'})}});
	expect(() =>
		// @ts-expect-error: no such column
		defineAnalysis({name: 'x', ...rest, columns, measures: {total: sum('price')}}),
	).toThrow('total of the analysis x reads price, which is none of its columns: shop, amount');
});
