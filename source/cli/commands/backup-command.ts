// `fileproc-tui backup` and `restore`: what a server has, as one file, and back. The server may run while a backup is made.
import {resolve} from 'node:path';
import {version} from '../../engine/version.ts';
import {LedgerError} from '../../ledger/ledger-error.ts';
import {BackupError, type Manifest} from '../../server/backup/manifest.ts';
import {restoreBackup} from '../../server/backup/restore-backup.ts';
import {takeBackup} from '../../server/backup/take-backup.ts';
import {formatBytes, quantity} from '../../text/format.ts';
import {safe} from '../../text/safe.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';
import type {BackupCommand, RestoreCommand} from '../arguments/read-backup-words.ts';
import {exitCodes} from './exit-codes.ts';

export function backupCommand({path, dataFolder, isConfigOnly}: BackupCommand): Promise<number> {
	return report(`The backup is in ${safe(path)}`, () =>
		takeBackup({dataFolder: resolve(dataFolder), path: resolve(path), isConfigOnly, version}),
	);
}

export function restoreCommand({path, dataFolder, isVerified}: RestoreCommand): Promise<number> {
	return report(`${safe(dataFolder)} is as it was`, () =>
		restoreBackup({path: resolve(path), dataFolder: resolve(dataFolder), isVerified}),
	);
}

async function report(beginning: string, perform: () => Promise<Manifest>): Promise<number> {
	try {
		const {begun_at: begunAt, files} = await perform();
		const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
		const sentence = `${beginning}: ${quantity(files.length, 'file')}, ${formatBytes(bytes)}, with all that was acknowledged before ${begunAt}.`;
		process.stderr.write(`fileproc-tui: ${sentence}\n`);
		return exitCodes.ok;
	} catch (error) {
		if (error instanceof BackupError || error instanceof LedgerError) throw new EnvironmentError(error.message);
		throw error;
	}
}
