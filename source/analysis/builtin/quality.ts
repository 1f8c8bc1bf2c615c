// What is wrong with any table: missing, malformed and doubtful cells of each column, duplicates, records that do not fit, and a score.
import {declareAnalysis, qualityPart} from '../declaration.ts';

export const quality = declareAnalysis({
	name: 'quality',
	version: 1,
	title: 'Data quality',
	reads: 'columns',
	columns: {},
	measures: {
		rows: qualityPart('rows'),
		score: qualityPart('score'),
		score_exact: qualityPart('score_exact'),
		formula: qualityPart('formula'),
		columns: qualityPart('columns'),
		duplicate_keys: qualityPart('duplicate_keys'),
		duplicate_records: qualityPart('duplicate_records'),
		finding_count: qualityPart('finding_count'),
		findings: qualityPart('findings'),
	},
	views: [
		{
			show: 'figures',
			figures: [
				{label: 'score', key: 'score', format: 'decimal'},
				{label: 'rows', key: 'rows', format: 'integer'},
				{label: 'findings', key: 'finding_count', format: 'distinct'},
				{label: 'duplicate keys', key: 'duplicate_keys', format: 'distinct'},
				{label: 'duplicate records', key: 'duplicate_records', format: 'distinct'},
			],
		},
		{
			show: 'sentences',
			title: 'findings',
			rows: 'findings',
			name: 'text',
			values: [
				{label: 'share', key: 'share', format: 'share'},
				{label: 'first', key: 'examples', format: 'places'},
			],
		},
		{
			show: 'columns',
			title: 'columns',
			rows: 'columns',
			name: 'name',
			worst: ['missing', 'out_of_type', 'blanks', 'case_variants', 'outliers'],
			values: [
				{label: 'missing', key: 'missing', format: 'fault'},
				{label: 'out of type', key: 'out_of_type', format: 'fault'},
				{label: 'blanks', key: 'blanks', format: 'fault'},
				{label: 'case variants', key: 'case_variants', format: 'fault', exact: 'exact'},
				{label: 'outliers', key: 'outliers', format: 'fault', exact: 'exact'},
				{label: 'constant', key: 'constant', format: 'fault'},
				{label: 'empty', key: 'empty', format: 'fault'},
			],
		},
	],
});
