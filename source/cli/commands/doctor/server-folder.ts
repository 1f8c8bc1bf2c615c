// What the folder of a server is like, for `doctor`: its ledger, the room on its disk, and of each class of what is kept how much there is and when it goes.
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {checkLedger} from '../../../ledger/check-ledger.ts';
import {openToRead} from '../../../ledger/open-database.ts';
import {countEncrypted} from '../../../server/encryption/stored-names.ts';
import {type KeptTimes, type Retention, retentionOf} from '../../../server/retention.ts';
import {formatShortDuration} from '../../../text/duration.ts';
import {formatBytes, formatInteger} from '../../../text/format.ts';
import type {FolderFinding} from '../../../watch/check-folder.ts';

const ledgerOf = (folder: string): string => join(folder, 'ledger.db');

/** A watched folder has its ledger elsewhere. */
export const isServerFolder = (folder: string): boolean =>
	existsSync(ledgerOf(folder)) && existsSync(join(folder, 'files')) && existsSync(join(folder, 'incoming'));

/** @param times - As the server is started with, by the same flags. */
export function describeServerFolder(folder: string, times: KeptTimes): readonly FolderFinding[] {
	const path = ledgerOf(folder);
	const {bytes, fault} = checkLedger(path);
	const ledger = {
		name: 'ledger',
		found: fault === null ? `${path}, ${formatBytes(bytes)}, whole` : path,
		advice: fault,
	};
	if (fault !== null) return [ledger];
	const database = openToRead(path);
	try {
		const source = {
			get: (sql: string, ...values: readonly (string | number | null)[]) => database.prepare(sql).get(...values),
		};
		const kept = retentionOf(source, null, times);
		return [
			ledger,
			describeEncryption(folder),
			...kept.map(each => ({name: each.class, found: describeKept(each), advice: null})),
		];
	} finally {
		database.close();
	}
}

function describeEncryption(folder: string): FolderFinding {
	const {encrypted, plain} = countEncrypted(join(folder, 'files'));
	const found =
		encrypted === 0
			? 'none: files that are sent in lie there as they are (--encryption-key-file)'
			: `${formatInteger(encrypted)} of ${formatInteger(encrypted + plain)} files that were sent in; results, tables, rejected records and names are not`;
	return {name: 'encryption', found, advice: null};
}

function describeKept({count, kept_seconds: seconds, kept_count: newest, next_expires_at: next}: Retention): string {
	const kept =
		seconds !== null
			? `kept ${formatShortDuration(seconds)}`
			: newest !== null
				? `the newest ${formatInteger(newest)} are kept`
				: 'kept for ever';
	return [formatInteger(count), kept, ...(next === null ? [] : [`the next one goes at ${next}`])].join(', ');
}
