// An analysis that the program does not have, as a recording or a later version may bring one: outputs know it only by what the
// events say of it.
import fc from 'fast-check';
import type {
	AnalysisInfo,
	FiguresView,
	LabelledValue,
	ResultObject,
	TableView,
} from '../../source/model/analysis-info.ts';
import {HOSTILE_TEXTS} from '../report/sample-report.ts';

export const visits: AnalysisInfo = {
	name: 'visits',
	title: 'Visits by page',
	columns: [
		{name: 'page', type: 'text', isOptional: false},
		{name: 'seconds', type: 'number', isOptional: true},
		{name: 'day', type: 'date', isOptional: true},
	],
	views: [
		{
			show: 'figures',
			figures: [
				{label: 'visits', key: 'visits', format: 'integer'},
				{label: 'seconds', key: 'seconds', format: 'decimal'},
				{label: 'from search', key: 'search_share', format: 'share'},
				{label: 'visitors', key: 'visitors', format: 'distinct'},
				{label: 'first page', key: 'first_page', format: 'name'},
				{label: 'days', key: 'days', format: 'dates'},
				{label: 'longest', key: 'longest', format: 'decimal'},
			],
		},
		{
			show: 'bars',
			title: 'pages',
			rows: 'pages',
			name: 'page_name',
			values: [
				{label: 'seconds', key: 'seconds', format: 'decimal'},
				{label: 'share', key: 'share', format: 'share'},
				{label: 'last seen', key: 'last', format: 'name'},
			],
			error: 'pages_error',
		},
		{
			show: 'series',
			title: 'visits by month',
			rows: 'months',
			name: 'month',
			values: [{label: 'visits', key: 'visits', format: 'integer'}],
		},
	],
};

export const visitsResult: ResultObject = {
	visits: 12_345,
	seconds: '98765.50',
	search_share: '0.256000',
	visitors: {value: 4321, exact: false},
	first_page: '',
	days: {earliest: '2024-01-01', latest: '2024-03-31'},
	// `longest` is missing.
	pages: [
		{page_name: '/home', seconds: '90000.25', share: '0.911250', last: 'today'},
		{page_name: '/evil\u{1b}[2J', seconds: '8765.25', share: '0.088750', last: null},
		{page_name: 7, seconds: 'many', share: true, last: ''},
	],
	months: [
		{month: '2024-01', visits: 10_000},
		{month: '2024-03', visits: 2345},
	],
};

const text = fc.oneof(fc.constantFrom(...HOSTILE_TEXTS, '漢字'.repeat(30)), fc.string({maxLength: 40}));
const key = fc.constantFrom('a', 'b', 'c', 'rows', '__proto__', 'constructor', 'length');
const decimal = fc
	.tuple(fc.bigInt({min: -(10n ** 60n), max: 10n ** 60n}), fc.bigInt({min: 0n, max: 10n ** 38n}))
	.map(([whole, fraction]) => `${whole}.${fraction}`);

const labelled: fc.Arbitrary<LabelledValue> = fc.record(
	{
		label: text,
		key,
		format: fc.constantFrom('integer', 'distinct', 'decimal', 'share', 'name', 'dates', 'median', 'top-value'),
		error: key,
	},
	{requiredKeys: ['label', 'key', 'format']},
);
const figuresView: fc.Arbitrary<FiguresView> = fc.record({
	show: fc.constant('figures'),
	figures: fc.array(labelled, {maxLength: 5}),
});
const tableView: fc.Arbitrary<TableView> = fc.record(
	{
		show: fc.constantFrom('bars', 'series', 'columns'),
		title: text,
		rows: key,
		name: fc.oneof(key, fc.tuple(key, key)),
		values: fc.array(labelled, {maxLength: 4}),
		histogram: key,
		error: key,
		limit: fc.nat({max: 40}),
		count: key,
	},
	{requiredKeys: ['show', 'title', 'rows', 'name', 'values']},
);

/** Any views. */
export const anyInfo: fc.Arbitrary<AnalysisInfo> = fc.record({
	name: fc.constant('any'),
	title: text,
	columns: fc.constant([]),
	views: fc.array(fc.oneof(figuresView, tableView), {maxLength: 4}),
});

const value = fc.oneof(
	text,
	decimal,
	fc.constantFrom(null, true, -1, 0, 1e308, 12.5, '0.5', '2024-01', '2024-02', '9999-12', '0001-01-01', '9999-12-31'),
	fc.record({value: fc.nat(), exact: fc.boolean()}),
	fc.record({earliest: text, latest: text}),
	fc.record({p50: fc.oneof(text, decimal), exact: fc.boolean()}),
	fc.array(fc.record({value: text, count: fc.nat()}), {maxLength: 30}),
	fc.record({code: text, message: text}),
	fc.jsonValue({maxDepth: 2}),
);
const object = fc.dictionary(key, value, {maxKeys: 6});

/** Anything that a result may have in the places of which views speak. */
export const anyResult = fc
	.dictionary(key, fc.oneof(value, fc.array(object, {maxLength: 30})), {maxKeys: 6})
	.map(result => result as ResultObject);
