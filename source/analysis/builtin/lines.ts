// What any text is like: its lines, words and levels, and which lines are frequent.
import {count, declareAnalysis, groupBy, longest, topValues, total} from '../declaration.ts';
import {lineColumns} from '../line-columns.ts';

export const lines = declareAnalysis({
	name: 'lines',
	version: 1,
	title: 'Lines of text',
	reads: 'lines',
	columns: lineColumns,
	measures: {
		lines: count(),
		blank_lines: total('blank'),
		words: total('words'),
		bytes: total('bytes'),
		longest_line: longest('length'),
		levels: groupBy('level', {lines: count()}, {orderBy: 'lines', leavesOutEmpty: true}),
		frequent: topValues('masked', {name: 'line', limit: 10}),
	},
	views: [
		{
			show: 'figures',
			figures: [
				{label: 'lines', key: 'lines', format: 'integer'},
				{label: 'blank lines', key: 'blank_lines', format: 'integer'},
				{label: 'words', key: 'words', format: 'integer'},
				{label: 'bytes', key: 'bytes', format: 'integer'},
				{label: 'longest line', key: 'longest_line', format: 'line-length'},
			],
		},
		{
			show: 'bars',
			title: 'levels',
			rows: 'levels',
			name: 'level',
			values: [{label: 'lines', key: 'lines', format: 'integer'}],
		},
		{
			show: 'bars',
			title: 'frequent lines',
			rows: 'frequent',
			name: 'line',
			values: [{label: 'lines', key: 'count', format: 'integer', exact: 'exact'}],
		},
	],
});
