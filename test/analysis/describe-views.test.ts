import {expect, test} from 'vitest';
import {checkDeclaration} from '../../source/analysis/check-declaration.ts';
import {
	busiestHour,
	count,
	countBy,
	distinct,
	distinctKeys,
	groupBy,
	groupCount,
	hour,
	lineCount,
	max,
	mean,
	min,
	month,
	numbers,
	tableError,
	weekday,
} from '../../source/analysis/declaration.ts';
import {defineAnalysis} from '../../source/analysis/define-analysis.ts';
import {viewsOf} from '../../source/analysis/describe-views.ts';

const rest = {
	name: 'own',
	version: 1,
	title: 'Own',
	columns: {shop: {is: 'text'}, amount: {is: 'number'}, date: {is: 'date'}},
	measures: {
		records: count(),
		netTotal: numbers('amount'),
		least: min('amount'),
		latest: max('date'),
		all_shops: groupCount('shops'),
		customers: distinct('shop'),
		shops: groupBy('shop', {average: mean('amount'), total: numbers('amount')}, {orderBy: 'total', limit: 10}),
		months: groupBy(month('date'), {records: count()}, {orderBy: 'key', limit: 500}),
		pairs: groupBy([month('date'), 'shop'], {records: count()}, {orderBy: 'records'}),
		tooMany: tableError('shops'),
	},
} as const;

const figures = {
	show: 'figures',
	figures: [
		{label: 'records', key: 'records', format: 'integer'},
		{label: 'net total', key: 'netTotal', format: 'decimal'},
		{label: 'least', key: 'least', format: 'decimal'},
		{label: 'latest', key: 'latest', format: 'name'},
		{label: 'all shops', key: 'all_shops', format: 'distinct', error: 'tooMany'},
		{label: 'customers', key: 'customers', format: 'distinct'},
	],
};
const shops = {
	show: 'bars',
	title: 'shops',
	rows: 'shops',
	name: 'shop',
	values: [
		{label: 'total', key: 'total', format: 'decimal'},
		{label: 'average', key: 'average', format: 'decimal'},
	],
	error: 'tooMany',
	limit: 10,
	count: 'all_shops',
};
const records = {label: 'records', key: 'records', format: 'integer'};
const months = {show: 'series', title: 'months', rows: 'months', name: 'month', values: [records], limit: 500};
const pairs = {show: 'bars', title: 'pairs', rows: 'pairs', name: ['month', 'shop'], values: [records], limit: 100};

test('without views, all single values are shown, then all tables', () => {
	expect(viewsOf(defineAnalysis(rest))).toEqual([figures, shops, months, pairs]);
});

test('a short view shows the measures that it names', () => {
	const views = [
		{show: 'bars', of: 'shops'},
		{show: 'figures', of: ['records']},
	] as const;
	expect(viewsOf(defineAnalysis({...rest, views}))).toEqual([shops, {show: 'figures', figures: [records]}]);
});

test('a short view may name single values or a table, as it shows', () => {
	const faultsOf = (view: object): string[] =>
		checkDeclaration({...rest, views: [view]}).map(({path, sentence}) => `${path}: ${sentence}`);
	expect(faultsOf({show: 'figures', of: ['shops', 'tooMany']})).toEqual([
		'views[0].of[0]: expected one of the single values (records, netTotal, least, latest, all_shops, customers), but found "shops"',
		'views[0].of[1]: expected one of the single values (records, netTotal, least, latest, all_shops, customers), but found "tooMany"',
	]);
	expect(faultsOf({show: 'bars', of: 'records'})).toEqual([
		'views[0].of: expected one of the tables (shops, months, pairs), but found "records"',
	]);
	expect(faultsOf({show: 'bars', of: 'shops', title: 'x'})).toEqual(['views[0].title: is unknown; expected show, of']);
	expect(faultsOf({show: 'figures', of: 'records'})).toEqual(['views[0].of: expected a list, but found "records"']);
});

test('what is counted by hour or weekday is shown with their names, and all that belongs to it', () => {
	const records = [{label: 'records', key: 'records', format: 'integer'}];
	const views = viewsOf({
		name: 'visits',
		version: 1,
		title: 'Visits',
		columns: {user: {is: 'text'}, at: {is: 'timestamp'}},
		measures: {
			lines: lineCount(),
			users: groupBy('user', {records: count()}, {orderBy: 'records'}),
			unique: distinctKeys('users'),
			hours: countBy(hour('at')),
			days: countBy(weekday('at')),
			busiest: busiestHour('hours'),
		},
	});
	expect(views).toEqual([
		{
			show: 'figures',
			figures: [
				{label: 'lines', key: 'lines', format: 'integer'},
				{label: 'unique', key: 'unique', format: 'distinct'},
				{label: 'busiest', key: 'busiest', format: 'busiest-hour'},
			],
		},
		expect.objectContaining({rows: 'users'}),
		expect.objectContaining({show: 'bars', rows: 'hours', name: 'hour', values: records}),
		expect.objectContaining({show: 'bars', rows: 'days', name: 'weekday', values: records}),
	]);
	expect(views.map(view => ('names' in view ? [view.names?.length, view.names?.[0]] : null))).toEqual([
		null,
		null,
		[24, '00'],
		[7, 'Monday'],
	]);
});
