// Flags of the ledger: what keeps runs, and what is done with those that are kept.
import type {FlagDefinition} from './definition.ts';

export const LEDGER_FLAGS = [
	{
		name: 'ledger',
		type: 'string',
		default: null,
		placeholder: '<file>',
		completes: 'file',
		group: 'Ledger',
		description: 'Save the run to this file, or read past runs from it; it is made if there is none',
		commands: ['run', 'config', 'history', 'doctor'],
		env: 'FILEPROC_LEDGER',
		config: 'own',
	},
	{
		name: 'save',
		type: 'boolean',
		default: false,
		group: 'Ledger',
		description:
			'Save the run to your own ledger, fileproc-tui/ledger.db in $XDG_STATE_HOME (~/.local/state by default)',
		commands: ['run', 'config'],
		env: 'FILEPROC_SAVE',
		config: 'own',
	},
	{
		name: 'keep-days',
		type: 'integer',
		default: null,
		minimum: 0,
		maximum: 100_000,
		unit: 'days',
		placeholder: '<n>',
		group: 'Ledger',
		description: 'With history prune: remove runs that started earlier than so many days ago; 0 keeps all',
		commands: ['history'],
	},
	{
		name: 'keep-size',
		type: 'size',
		default: null,
		minimum: 0,
		maximum: Number.MAX_SAFE_INTEGER,
		unit: 'bytes',
		placeholder: '<size>',
		group: 'Ledger',
		description: 'With history prune: remove the oldest runs until the ledger is no larger than this',
		commands: ['history'],
	},
] as const satisfies readonly FlagDefinition[];
