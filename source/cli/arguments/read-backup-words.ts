// What is backed up or restored: `backup server.tar`, `restore server.tar --data ./new`.
import {type FlagValues, getDefault} from './flags.ts';
import {readOwnPath} from './read-operand.ts';

interface Place {
	/** Of the backup. */
	readonly path: string;
	/** The folder of the server. */
	readonly dataFolder: string;
}

export interface BackupCommand extends Place {
	readonly name: 'backup';
	readonly isConfigOnly: boolean;
}

export interface RestoreCommand extends Place {
	readonly name: 'restore';
	readonly isVerified: boolean;
}

export function readBackupWords(
	name: 'backup' | 'restore',
	words: readonly string[],
	values: FlagValues,
): BackupCommand | RestoreCommand {
	const path = readOwnPath(words, `${name} takes the file of a backup`, `${name} server.tar`);
	const dataFolder = values.data ?? getDefault('data');
	return name === 'backup'
		? {name, path, dataFolder, isConfigOnly: values['config-only'] ?? getDefault('config-only')}
		: {name, path, dataFolder, isVerified: values.verify ?? getDefault('verify')};
}
