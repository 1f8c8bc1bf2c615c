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
	],
});
