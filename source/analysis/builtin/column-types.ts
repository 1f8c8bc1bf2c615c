// The types of the columns of any table and no figures of them, for `sniff`.
import {columnTypes, count, declareAnalysis} from '../declaration.ts';

export const columnTypesAlone = declareAnalysis({
	name: 'types-of-columns',
	version: 1,
	title: 'Types of columns',
	reads: 'columns',
	columns: {},
	measures: {rows: count(), columns: columnTypes()},
	views: [],
});
