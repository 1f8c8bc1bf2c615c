// What is in any table: for each column its type, values, sums, quantiles, lengths and most frequent values.
import {columnFigures, count, declareAnalysis} from '../declaration.ts';

export const profile = declareAnalysis({
	name: 'profile',
	version: 1,
	title: 'Profile of columns',
	reads: 'columns',
	columns: {},
	measures: {rows: count(), columns: columnFigures()},
	views: [
		{show: 'figures', figures: [{label: 'rows', key: 'rows', format: 'integer'}]},
		{
			show: 'columns',
			title: 'columns',
			rows: 'columns',
			name: 'name',
			histogram: 'histogram',
			values: [
				{label: 'type', key: 'type', format: 'name'},
				{label: 'nulls', key: 'null_share', format: 'share'},
				{label: 'distinct', key: 'distinct', format: 'distinct'},
				{label: 'min', key: 'min', format: 'name'},
				{label: 'max', key: 'max', format: 'name'},
				{label: 'mean', key: 'mean', format: 'decimal'},
				{label: 'median', key: 'quantiles', format: 'median'},
				{label: 'most frequent', key: 'top', format: 'top-value'},
			],
		},
	],
});
