// Whether a server shares what it has with others, and by what.
import type {FlagValues} from './flags.ts';
import {UsageError} from './usage-error.ts';

/** Where the database is said to be: one of the two. */
export interface MetadataFlags {
	readonly metadata: string | null;
	/** A file with the address in it. */
	readonly metadataFile: string | null;
}

export interface SharingFlags extends MetadataFlags {
	readonly sharedFiles: string;
}

/** @returns `null`: there is none. @throws {UsageError} */
export function readMetadataFlags(values: FlagValues): MetadataFlags | null {
	const {metadata = null, 'metadata-file': metadataFile = null} = values;
	if (metadata !== null && metadataFile !== null)
		throw new UsageError('--metadata and --metadata-file exclude each other: give one of them.');
	return metadata === null && metadataFile === null ? null : {metadata, metadataFile};
}

/** What only one server can have, by the flag that asks for it. */
const ALONE = {
	watch: 'a watched folder has one owner, and other instances would not know it: start fileproc-tui watch beside them',
	'encryption-key-file': 'uploads that are encrypted cannot go on at another instance',
	open: 'instances are for many people, who have accounts',
} as const;

/** @returns `null`: nothing is shared. @throws {UsageError} */
export function readSharingFlags(values: FlagValues): SharingFlags | null {
	const found = readMetadataFlags(values);
	const {'shared-files': sharedFiles = null} = values;
	if (found === null) {
		if (sharedFiles === null) return null;
		throw new UsageError(
			'--shared-files is for servers that share accounts and tasks, too: add --metadata postgres://name@host/database.',
		);
	}
	if (sharedFiles === null)
		throw new UsageError(
			'Servers that share accounts and tasks have their files in one folder, which all of them see: add --shared-files <dir>.',
		);
	for (const [flag, reason] of Object.entries(ALONE)) {
		const value = values[flag as keyof typeof ALONE];
		if (value !== undefined && value !== null && value !== false)
			throw new UsageError(`--metadata and --${flag} exclude each other: ${reason}.`);
	}
	return {...found, sharedFiles};
}
