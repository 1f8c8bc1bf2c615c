// Flags of single commands, and of all commands.
import {DURATION_PATTERN, findDurationFault} from '../../../text/duration.ts';
import {flagsOf, READING} from './definition.ts';

export const COMMAND_FLAGS = [
	...flagsOf({group: 'Work', commands: ['sniff']}, [
		{
			name: 'quick',
			type: 'boolean',
			default: false,
			description: 'sniff reads the first MiB of each file only, and says so',
		},
	]),
	...flagsOf({group: 'Output', commands: ['init']}, [
		{
			name: 'stdout',
			type: 'boolean',
			default: false,
			description:
				'init prints the file instead of writing it; of several, the one that is named behind it, or the first',
		},
	]),
	...flagsOf({group: 'Generate', commands: ['generate']}, [
		{
			name: 'files',
			type: 'integer',
			default: 5,
			minimum: 1,
			maximum: 1_000_000,
			placeholder: '<n>',
			description: 'How many files to write',
		},
		{
			name: 'rows',
			type: 'integer',
			default: 1000,
			minimum: 0,
			maximum: 1_000_000_000,
			placeholder: '<n>',
			description: 'Records in each file, or lines of a log',
		},
		{
			name: 'seed',
			type: 'integer',
			default: 1,
			minimum: 0,
			maximum: Number.MAX_SAFE_INTEGER,
			placeholder: '<n>',
			description: 'The same seed writes the same bytes, on any machine',
		},
		{
			name: 'kind',
			type: 'string',
			default: 'transactions',
			choices: ['transactions', 'sales', 'activity', 'logs', 'wide', 'dirty'],
			placeholder: '<kind>',
			description: 'transactions, sales, activity, logs, wide or dirty',
		},
		{
			name: 'malformed',
			type: 'number',
			default: 0,
			minimum: 0,
			maximum: 1,
			placeholder: '<part>',
			description: 'The part of the records or lines that is broken, 0 to 1',
		},
	]),
	...flagsOf({group: 'Watched folder', commands: ['clean']}, [
		{
			name: 'older-than',
			type: 'string',
			default: '7d',
			placeholder: '<time>',
			pattern: DURATION_PATTERN,
			findFault: findDurationFault,
			description: 'clean removes files of claims that were finished so long ago: 7d, 12h, 30m; 0 removes those of all',
		},
	]),
	...flagsOf({group: 'Watched folder', commands: ['clean', 'cancel', 'retry']}, [
		{
			name: 'yes',
			type: 'boolean',
			default: false,
			description: 'clean does not ask, which off a terminal it never does; nor do cancel --q and retry --q',
		},
	]),
	...flagsOf({group: 'Watched folder', commands: ['retry-failed']}, [
		{name: 'all', type: 'boolean', default: false, description: 'retry-failed takes every failed file'},
		{
			name: 'route',
			type: 'string',
			default: null,
			placeholder: '<tag>',
			description: 'retry-failed sends the files through this route instead of the one that fits',
		},
	]),
	...flagsOf({group: 'Watched folder', commands: ['clean', 'retry-failed', 'cancel', 'retry', 'push', 'start']}, [
		{
			name: 'dry-run',
			type: 'boolean',
			default: false,
			description:
				'clean says what it would remove, retry-failed, cancel --q and retry --q what they would be done to, push and run what they would send and start, and do nothing',
		},
	]),
	...flagsOf({group: 'Replay', commands: ['replay']}, [
		{
			name: 'speed',
			type: 'number',
			default: 1,
			minimum: 0.01,
			maximum: 10_000,
			placeholder: '<n>',
			description: 'How many times as fast as it happened',
		},
	]),
	...flagsOf({group: 'Configuration', commands: [...READING, 'replay', 'attach']}, [
		{name: 'config', type: 'boolean', default: true, description: 'Read no configuration file'},
	]),
	...flagsOf({group: 'Configuration', commands: ['config']}, [
		{
			name: 'schema',
			type: 'boolean',
			default: false,
			description: 'Print the JSON Schema of configuration files, for editors',
		},
	]),
	...flagsOf({group: 'General'}, [
		{name: 'help', shortFlag: 'h', type: 'boolean', default: false, description: 'Show this help'},
		{name: 'version', shortFlag: 'v', type: 'boolean', default: false, description: 'Show the version'},
	]),
] as const;
