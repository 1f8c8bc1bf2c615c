// Flags of the ledger: what keeps runs, and what is done with those that are kept.
import {flagsOf} from './definition.ts';

export const LEDGER_FLAGS = [
	...flagsOf({group: 'Ledger', commands: ['run', 'config', 'history', 'verify', 'doctor'], config: 'own'}, [
		{
			name: 'ledger',
			type: 'string',
			default: null,
			placeholder: '<file>',
			completes: 'file',
			description: 'Save the run to this file, or read past runs from it; it is made if there is none',
		},
		{
			name: 'save',
			type: 'boolean',
			default: false,
			description:
				'Save the run to your own ledger, fileproc-tui/ledger.db in $XDG_STATE_HOME (~/.local/state by default)',
			commands: ['run', 'config'],
		},
	]),
	...flagsOf({group: 'Ledger', commands: ['run', 'config'], config: 'own'}, [
		{
			name: 'hash',
			type: 'string',
			default: null,
			placeholder: '<kind>',
			choices: ['xxh3', 'sha256'],
			defaultText: 'xxh3 where the run is saved',
			description:
				'Hash files as they are read: xxh3 shows what changed by accident, sha256 also what was forged; it is in the reports, and takes longer',
		},
	]),
	...flagsOf({group: 'Ledger', commands: ['history']}, [
		{
			name: 'resume',
			type: 'boolean',
			default: false,
			description:
				'Take files from the ledger that have not changed since they were read in the same way, and go on within large ones where the last run was cut',
			commands: ['run', 'config'],
		},
		{
			name: 'verify-content',
			type: 'boolean',
			default: false,
			description: 'With --resume: hash files before they are taken from the ledger, instead of trusting their times',
			commands: ['run', 'config'],
		},
		{
			name: 'run',
			type: 'string',
			default: null,
			placeholder: '<id>',
			description: 'With verify: the files of this run, instead of each file as it was read last',
			commands: ['verify'],
		},
		{
			name: 'keep-days',
			type: 'integer',
			default: null,
			minimum: 0,
			maximum: 100_000,
			unit: 'days',
			placeholder: '<n>',
			description: 'With history prune: remove runs that started earlier than so many days ago; 0 keeps all',
		},
		{
			name: 'keep-size',
			type: 'size',
			default: null,
			minimum: 0,
			maximum: Number.MAX_SAFE_INTEGER,
			unit: 'bytes',
			placeholder: '<size>',
			description: 'With history prune: remove the oldest runs until the ledger is no larger than this',
		},
	]),
] as const;
