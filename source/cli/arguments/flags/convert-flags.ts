// Flags of `convert`.
import type {FlagDefinition} from './definition.ts';

export const CONVERT_FLAGS = [
	{
		name: 'output',
		shortFlag: 'o',
		type: 'string',
		default: null,
		placeholder: '<file>',
		completes: 'file',
		group: 'Convert',
		description: 'Where to: one file for all, a folder (out/) for one file each, or - for stdout',
		commands: ['convert'],
	},
	{
		name: 'to',
		type: 'string',
		default: null,
		defaultText: 'by the ending of the output, or csv',
		choices: ['csv', 'jsonl', 'parquet'],
		placeholder: '<format>',
		group: 'Convert',
		description: 'csv, jsonl or parquet',
		commands: ['convert'],
	},
	{
		name: 'columns',
		type: 'string',
		default: null,
		defaultText: 'all',
		placeholder: '<names>',
		group: 'Convert',
		description: 'Write only these, in this order: id,amount; a name with a comma stands in double quotes',
		commands: ['convert'],
	},
	{
		name: 'normalise',
		type: 'boolean',
		default: false,
		group: 'Convert',
		description: 'Write numbers like 1234.56 and dates like 2024-12-31, whatever form their column is in',
		commands: ['convert'],
	},
	{
		name: 'guard-formulas',
		type: 'boolean',
		default: false,
		group: 'Convert',
		description: 'Put a quote mark in front of cells that a spreadsheet would run as formulas',
		commands: ['convert'],
	},
] as const satisfies readonly FlagDefinition[];
