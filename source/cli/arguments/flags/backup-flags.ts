// Flags of `backup` and `restore`.
import {flagsOf} from './definition.ts';

export const BACKUP_FLAGS = [
	...flagsOf({group: 'Server', commands: ['backup']}, [
		{
			name: 'config-only',
			type: 'boolean',
			default: false,
			description: 'Back up accounts and webhooks alone, without secrets of webhooks, files and history',
		},
	]),
	...flagsOf({group: 'Server', commands: ['restore']}, [
		{
			name: 'verify',
			type: 'boolean',
			default: false,
			description: 'Read all that was restored once more, and check the ledger as a whole',
		},
	]),
] as const;
