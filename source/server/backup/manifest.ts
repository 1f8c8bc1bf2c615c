// What a backup says of itself: which files it has, and what they hash to.
export interface Manifest {
	readonly format: 'fileproc-tui backup';
	readonly version: 1;
	/** Of the program that made it. */
	readonly made_by: string;
	/** Everything that was acknowledged before then is in it. */
	readonly begun_at: string;
	/** Accounts and webhooks alone. */
	readonly is_config_only: boolean;
	readonly files: readonly ManifestFile[];
}

export interface ManifestFile {
	readonly name: string;
	readonly bytes: number;
	readonly sha256: string;
}

export const MANIFEST_NAME = 'manifest.json';
export const LEDGER_NAME = 'ledger.db';

/** A backup cannot be made or used; a sentence for people. */
export class BackupError extends Error {}
