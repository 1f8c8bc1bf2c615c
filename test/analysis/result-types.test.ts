// What the types of declarations promise is what the published types of results have, and what is wrong does not compile.
import {expect, expectTypeOf, test} from 'vitest';
import type {sales} from '../../source/analysis/builtin/sales.ts';
import type {transactions} from '../../source/analysis/builtin/transactions.ts';
import {count, groupBy, month, sum, year} from '../../source/analysis/declaration.ts';
import {defineAnalysis} from '../../source/analysis/define-analysis.ts';
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
	const bad = (declare: () => unknown): string => {
		try {
			declare();
		} catch (error) {
			if (error instanceof TypeError) return error.message;
		}
		return '';
	};
	const shops = {t: groupBy('shop', {a: sum('shop')}, {orderBy: 'a'})};
	// @ts-expect-error: a text has no sum
	expect(bad(() => defineAnalysis({name: 'x', ...rest, columns, measures: {total: sum('shop')}}))).toContain(
		'measures.total.of: expected a number, but "shop" is a text',
	);
	// @ts-expect-error: nor within groups
	expect(bad(() => defineAnalysis({name: 'x', ...rest, columns, measures: shops}))).toContain(
		'measures.t.measures.a.of: expected a number, but "shop" is a text',
	);
	const amounts = {t: groupBy('amount', {n: count()}, {orderBy: 'n'})};
	// @ts-expect-error: a number is no key
	expect(bad(() => defineAnalysis({name: 'x', ...rest, columns, measures: amounts}))).toContain(
		'measures.t.keys[0].of: expected a text, but "amount" is a number',
	);
	const dated = {shop: {is: 'text'}, sold: {is: 'date'}, amount: {is: 'number'}} as const;
	const tableOf = {measures: {n: count()}, order: {orderBy: 'n'}} as const;
	expect(
		// @ts-expect-error: no such column
		bad(() => defineAnalysis({name: 'x', ...rest, columns, measures: {total: sum('price')}})),
	).toBe(
		'The analysis x cannot be used: measures.total.of: expected one of the columns of type number (amount), but found "price"',
	);
	expect(
		bad(() =>
			defineAnalysis({
				name: 'x',
				...rest,
				columns: dated,
				// @ts-expect-error: a text has no month
				measures: {t: groupBy(month('shop'), tableOf.measures, tableOf.order)},
			}),
		),
	).toContain('measures.t.keys[0].of: expected a date or timestamp, but "shop" is a text');
	expect(
		bad(() =>
			defineAnalysis({
				name: 'x',
				...rest,
				columns: dated,
				// @ts-expect-error: a date is a key by one of its parts
				measures: {t: groupBy('sold', tableOf.measures, tableOf.order)},
			}),
		),
	).toContain('measures.t.keys[0].of: expected a text; group a date by year(), month(), day() or weekday()');
	expect(
		bad(() =>
			defineAnalysis({
				name: 'x',
				...rest,
				columns: dated,
				measures: {t: groupBy(['shop', month('sold'), year('sold')], tableOf.measures, tableOf.order)},
			}),
		),
	).toContain('measures.t.keys: expected at most 2 items, but found 3');
	expect(
		bad(() =>
			defineAnalysis({
				name: 'x',
				...rest,
				columns: dated,
				measures: {1: count(), t: groupBy(['shop', month('sold', {as: 'shop'})], {shop: count()}, {orderBy: 'key'})},
				views: [
					{
						show: 'bars',
						title: 'x',
						rows: 't',
						name: ['shop', 'x'],
						values: [{label: 'x', key: 'y', format: 'integer'}],
					},
				],
			}),
		),
	).toBe(
		'The analysis x cannot be used: measures: expected a name of letters, digits and _ that begins with a letter, but found "1"; ' +
			'measures.t.keys[1].name: is "shop" a second time; measures.t.measures.shop: is also the name of a key; ' +
			'views[0].name[1]: expected one of shop, but found "x"; ' +
			'views[0].values[0].key: expected one of shop, but found "y"',
	);
});

test('a part of a date may have a name of its own', () => {
	const hired = defineAnalysis({
		name: 'hired',
		version: 1,
		title: 'Hired',
		columns: {hire_date: {is: 'date'}, pay_date: {is: 'date'}},
		measures: {
			years: groupBy([year('hire_date', {as: 'hired'}), year('pay_date')], {records: count()}, {orderBy: 'key'}),
		},
		views: [{show: 'bars', title: 'years', rows: 'years', name: ['hired', 'year'], values: []}],
	});
	expectTypeOf<keyof ResultOf<typeof hired>['years'][number]>().toEqualTypeOf<'hired' | 'year' | 'records'>();
	expect(hired.measures.years.keys).toEqual([
		{name: 'hired', of: 'hire_date', part: 'year'},
		{name: 'year', of: 'pay_date', part: 'year'},
	]);
});

test('functions are given columns of their types, and what they compute is measured as its type', () => {
	const fees = defineAnalysis({
		name: 'fees',
		version: 1,
		title: 'Fees',
		columns: {amount: {is: 'number'}, rate: {is: 'number', optional: true}, shop: {is: 'text'}, day: {is: 'date'}},
		// Before it is known that a record has what it needs.
		where(record) {
			expectTypeOf(record.amount).toEqualTypeOf<number | null>();
			expectTypeOf(record.rate).toEqualTypeOf<number | null>();
			expectTypeOf(record.shop).toEqualTypeOf<string>();
			expectTypeOf(record.day).toEqualTypeOf<string | null>();
			return record.shop !== '';
		},
		accept(record) {
			expectTypeOf(record.amount).toEqualTypeOf<number>();
			return true;
		},
		derive: {
			fee: {
				is: 'number',
				decimals: 2,
				js(record) {
					expectTypeOf(record.amount).toEqualTypeOf<number>();
					expectTypeOf(record.rate).toEqualTypeOf<number | null>();
					expectTypeOf(record.day).toEqualTypeOf<string>();
					return record.amount * (record.rate ?? 1);
				},
			},
			size: {is: 'text', js: ({amount}) => (amount > 100 ? 'large' : 'small')},
			due: {is: 'date', js: ({day}) => new Date(day)},
		},
		measures: {fees: sum('fee'), months: groupBy([month('due'), 'size'], {fees: sum('fee')}, {orderBy: 'key'})},
	});
	expectTypeOf<ResultOf<typeof fees>['fees']>().toEqualTypeOf<string | null>();
	const rest = {name: 'x', version: 1, title: 'X', columns: {amount: {is: 'number'}}} as const;
	expect(() =>
		defineAnalysis({
			...rest,
			derive: {size: {is: 'text', js: () => 'large'}},
			// @ts-expect-error -- A text has no sum.
			measures: {total: sum('size')},
		}),
	).toThrow('expected a number, but "size" is a text');
	const promise = (async () => 1) as never;
	expect(defineAnalysis({...rest, derive: {fee: {is: 'number', js: promise}}, measures: {fees: sum('fee')}}).name).toBe(
		'x',
	);
	defineAnalysis({
		...rest,
		// @ts-expect-error -- A number is not a text.
		derive: {fee: {is: 'text', js: ({amount}) => amount}},
		measures: {records: count()},
	});
});
