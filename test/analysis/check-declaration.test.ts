import fc from 'fast-check';
import {expect, test} from 'vitest';
import {amountByMonth} from '../../source/analysis/builtin/amount-by-month.ts';
import {sales} from '../../source/analysis/builtin/sales.ts';
import {transactions} from '../../source/analysis/builtin/transactions.ts';
import {checkDeclaration} from '../../source/analysis/check-declaration.ts';
import type {AnalysisDeclaration} from '../../source/analysis/declaration.ts';
import {describeAnalysis} from '../../source/analysis/describe-analysis.ts';
import {analysisNames, declarationOf} from '../../source/analysis/registry.ts';
import {findEventFault} from '../../source/cli/replay/check-event.ts';
import {runStarted, stamp} from '../store/run-log.ts';

const good = {
	name: 'refunds',
	version: 1,
	title: 'Refunds',
	columns: {amount: {is: 'number'}, date: {is: 'date'}, shop: {is: 'text', aliases: ['store']}},
	measures: {
		records: {kind: 'count'},
		total: {kind: 'sum', of: 'amount'},
		months: {
			kind: 'groups',
			keys: [{name: 'month', of: 'date', part: 'month'}],
			measures: {records: {kind: 'count'}},
			orderBy: 'key',
			limit: 100,
		},
	},
	views: [{show: 'figures', figures: [{label: 'records', key: 'records', format: 'integer'}]}],
};
const {measures, columns} = good;
const {months} = measures;
const [figures] = good.views;
const faultsOf = (changes: object): string[] =>
	checkDeclaration({...good, ...changes}, {mayHaveFunctions: true}).map(({path, sentence}) => `${path}: ${sentence}`);

test('built-in declarations and any that the compiler accepts have no fault', () => {
	for (const declaration of [good, sales, transactions]) expect(checkDeclaration(declaration)).toEqual([]);
	for (const declaration of [...analysisNames.map(declarationOf), amountByMonth])
		expect(checkDeclaration(declaration, {isBuiltIn: true})).toEqual([]);
});

test.each<readonly [string, object, string]>([
	[
		'no name',
		{name: undefined},
		'name: expected lower case letters, digits and dashes that begin with a letter, but found nothing',
	],
	[
		'a name with capitals',
		{name: 'Refunds'},
		'name: expected lower case letters, digits and dashes that begin with a letter, but found "Refunds"',
	],
	['a version as text', {version: '1'}, 'version: expected a whole number from 1, but found "1"'],
	['an empty title', {title: ''}, 'title: expected a text of 1 to 200 characters, but found ""'],
	['columns as a list', {columns: []}, 'columns: expected an object, but found a list of 0'],
	[
		'an unknown type',
		{columns: {...columns, amount: {is: 'money'}}},
		'columns.amount.is: expected one of text, number, date, timestamp, but found "money"',
	],
	[
		'names of a pair that are no list',
		{columns: {...columns, amount: {is: 'number', pairs: [[['in'], 'out']]}}},
		'columns.amount.pairs[0][1]: expected a list',
	],
	[
		'a pair of one side',
		{columns: {...columns, amount: {is: 'number', pairs: [[['in']]]}}},
		'columns.amount.pairs[0]: expected two lists',
	],
	[
		'a misspelled key',
		{columns: {...columns, shop: {is: 'text', alias: []}}},
		'columns.shop.alias: is unknown; expected is, aliases, pairs, optional',
	],
	[
		'only optional columns',
		{columns: {shop: {is: 'text', optional: true}}, measures: {n: {kind: 'count'}}, views: []},
		'columns: expected one that is not optional: any file would fit otherwise',
	],
	[
		'a name that objects have',
		{columns: {...columns, constructor: {is: 'text'}}},
		'columns: expected a name of letters',
	],
	[
		'a huge list of aliases',
		{columns: {...columns, shop: {is: 'text', aliases: new Array(1e6).fill('x')}}},
		'columns.shop.aliases: expected at most 200 items, but found 1000000',
	],
	['no measures', {measures: {}, views: []}, 'measures: expected 1 to 50 entries, but found 0'],
	[
		'an unknown measure',
		{measures: {...measures, total: {kind: 'median', of: 'amount'}}},
		'measures.total.kind: expected one of count, sum',
	],
	[
		'a sum of no column',
		{measures: {...measures, total: {kind: 'sum', of: 'amunt'}}},
		'measures.total.of: expected one of the columns of type number (amount), but found "amunt"',
	],
	[
		'a sum of a text',
		{measures: {...measures, total: {kind: 'sum', of: 'shop'}}},
		'measures.total.of: expected a number, but "shop" is a text',
	],
	[
		'a measure that is a function',
		{measures: {...measures, total: () => 1}},
		'measures.total: expected a measure, like count(), but found a function',
	],
	[
		'a table within a table',
		{measures: {...measures, months: {...months, measures: {months}}}},
		'measures.months.measures.months.kind: expected one of count, sum, mean, share, min, max, but found "groups"',
	],
	[
		'a share of the whole, outside of a table',
		{measures: {...measures, total: {kind: 'share', of: 'amount'}}},
		'measures.total.kind: expected one of count, sum, mean, min, max, nearest',
	],
	[
		'the first key of a table with two',
		{
			measures: {
				...measures,
				months: {...months, keys: [...months.keys, {name: 'shop', of: 'shop', part: 'text'}]},
				first: {kind: 'first-key', table: 'months'},
			},
		},
		'measures.first.table: expected a table of one key, but months has 2',
	],
	[
		'three keys',
		{measures: {...measures, months: {...months, keys: [1, 2, 3]}}},
		'measures.months.keys: expected at most 2 items, but found 3',
	],
	[
		'an order by nothing',
		{measures: {...measures, months: {...months, orderBy: 'x'}}},
		'measures.months.orderBy: expected one of records, key, but found "x"',
	],
	[
		'no limit',
		{measures: {...measures, months: {...months, limit: 0}}},
		'measures.months.limit: expected a whole number from 1 to 120000, but found 0',
	],
	[
		'a product of three',
		{derive: {p: {product: ['amount', 'amount', 'amount']}}},
		'derive.p.product: expected two numbers',
	],
	[
		'a derived number that reads itself',
		{derive: {p: {product: ['p', 'amount']}}},
		'derive.p.product[0]: expected one of the columns of type number (amount), but found "p"',
	],
	[
		'a view of no measure',
		{views: [{show: 'figures', figures: [{label: 'x', key: 'x', format: 'integer'}]}]},
		'views[0].figures[0].key: expected one of records, total, months, but found "x"',
	],
	[
		'a view of no table',
		{views: [{show: 'bars', title: 'x', rows: 'total', name: 'month', values: []}]},
		'views[0].rows: expected one of the tables (months), but found "total"',
	],
	[
		'a huge list of views',
		{views: new Array(1e6).fill(figures)},
		'views: expected at most 50 items, but found 1000000',
	],
	['a function without a type', {derive: {fee: {js: () => 1}}}, 'derive.fee.is: expected one of text, number, date'],
	[
		'a text where a function is expected',
		{derive: {fee: {is: 'number', js: 'amount'}}},
		'derive.fee.js: expected a function of a record, but found "amount"',
	],
	[
		'decimals of a text',
		{derive: {size: {is: 'text', decimals: 2, js: () => 'x'}}},
		'derive.size.decimals: is unknown; expected is, js',
	],
	[
		'too many decimals',
		{derive: {fee: {is: 'number', decimals: 19, js: () => 1}}},
		'derive.fee.decimals: expected a whole number from 0 to 18, but found 19',
	],
	[
		'a product of what a function computes',
		{derive: {fee: {is: 'number', js: () => 1}, twice: {product: ['amount', 'fee']}}},
		'derive.twice.product[1]: fee is computed by a function, which may do this, too',
	],
	[
		'a computed column of the name of another',
		{derive: {amount: {is: 'number', js: () => 1}}},
		'derive.amount: is also the name of a column',
	],
	[
		'a sum of a computed text',
		{derive: {size: {is: 'text', js: () => 'x'}}, measures: {total: {kind: 'sum', of: 'size'}}},
		'expected a number, but "size" is a text',
	],
	['a condition that is none', {accept: true}, 'accept: expected a function of a record, but found true'],
	[
		'a condition that is a text',
		{where: 'amount > 1'},
		'where: expected a function of a record, but found "amount > 1"',
	],
	[
		'an origin of code',
		{code: {path: '/x.ts', digest: 'x', place: 0}},
		'code: is unknown; expected name, version, title, columns, derive, where, accept, measures, views',
	],
])('%s', (_, changes, sentence) => {
	const found = faultsOf(changes);
	expect(found.join('\n')).toContain(sentence);
});

test('anything else is refused without an exception', () => {
	fc.assert(
		fc.property(fc.anything({withNullPrototype: true, withBigInt: true}), value => {
			expect(checkDeclaration(value).length).toBeGreaterThan(0);
		}),
	);
	fc.assert(
		fc.property(fc.constantFrom(...Object.keys(good)), fc.anything(), (key, value) => {
			expect(() => checkDeclaration({...good, [key]: value})).not.toThrow();
		}),
	);
});

test('the largest declaration that is accepted can be recorded and replayed', () => {
	const text = 'x'.repeat(200);
	const names = Array.from({length: 49}, (_, index) => `n${index}`);
	const figure = {label: text, key: 'n0', format: 'integer', error: 'n1'};
	const largest = {
		...good,
		name: text,
		title: text,
		columns: {...Object.fromEntries(names.map(name => [name, {is: 'text'}])), date: {is: 'date'}},
		measures: {...Object.fromEntries(names.map(name => [name, {kind: 'distinct', of: name}])), months},
		views: [
			...names.map(() => ({show: 'figures', figures: new Array(50).fill(figure)})),
			{show: 'bars', title: text, rows: 'months', name: 'month', values: [{...figure, key: 'records'}]},
		],
	};
	expect(checkDeclaration(largest)).toEqual([]);
	const info = describeAnalysis(largest as unknown as AnalysisDeclaration);
	const [event] = stamp([runStarted({analyses: new Array(50).fill(info)})]);
	expect(findEventFault(event)).toBeNull();
});

test('functions may only come from a module', () => {
	const derive = {fee: {is: 'number', js: () => 1}};
	expect(faultsOf({derive, where: () => true, accept: () => true})).toEqual([]);
	expect(checkDeclaration({...good, derive, where: () => true, accept: () => true})).toEqual(
		['derive.fee.js', 'where', 'accept'].map(path => ({
			path,
			sentence: 'is a function, which threads can only load from a module: give the path of one instead',
		})),
	);
});
