// Flags of `convert`.
import {flagsOf} from './definition.ts';

export const CONVERT_FLAGS = [
	...flagsOf({group: 'Convert', commands: ['convert']}, [
		{
			name: 'output',
			shortFlag: 'o',
			type: 'string',
			default: null,
			placeholder: '<file>',
			completes: 'file',
			takesObjects: true,
			description:
				'Where to: one file for all, a folder (out/) for one file each, or - for stdout; with get one file, with init a folder',
			commands: ['convert', 'get', 'init'],
		},
		{
			name: 'to',
			type: 'string',
			default: null,
			defaultText: 'by the ending of the output, or csv',
			choices: ['csv', 'jsonl', 'parquet'],
			placeholder: '<format>',
			description: 'csv, jsonl or parquet',
		},
		{
			name: 'columns',
			type: 'string',
			default: null,
			defaultText: 'all',
			placeholder: '<names>',
			description: 'Write only these, in this order: id,amount; a name with a comma stands in double quotes',
		},
		{
			name: 'normalise',
			type: 'boolean',
			default: false,
			description:
				'Write numbers like 1234.56 and dates like 2024-12-31, whatever form their column is in; Parquet always has them so',
		},
		{
			name: 'guard-formulas',
			type: 'boolean',
			default: false,
			description: 'Put a quote mark in front of cells that a spreadsheet would run as formulas',
		},
	]),
] as const;
