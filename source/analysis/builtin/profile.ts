// What is in any table: for each column its type, values, sums, quantiles, lengths and most frequent values.
import {columnFigures, count, declareAnalysis} from '../declaration.ts';

export const profile = declareAnalysis({
	name: 'profile',
	version: 1,
	title: 'Profile of columns',
	reads: 'columns',
	columns: {},
	measures: {rows: count(), columns: columnFigures()},
	views: [{show: 'figures', figures: [{label: 'rows', key: 'rows', format: 'integer'}]}],
});
