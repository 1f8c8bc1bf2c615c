// Node's own SQLite, which is loaded only where a ledger is used.
import {LedgerError} from './ledger-error.ts';

export type Sqlite = typeof import('node:sqlite');

/** Older versions may lose committed data when two processes start to write at the same moment: sqlite.org/wal.html, the WAL-reset bug. */
export const MINIMUM_SQLITE_VERSION = '3.51.3';

/** The version of SQLite in this Node, as `3.53.4`; `null` where it has none. */
export const sqliteVersion = (): string | null => process.versions.sqlite ?? null;

/** Whether results may be trusted to it. */
export const isSqliteRecent = (version: string | null): version is string =>
	version !== null && compareVersions(version, MINIMUM_SQLITE_VERSION) >= 0;

/** @throws {LedgerError} When this Node has no SQLite, or one that is too old to be trusted with results. */
export function loadSqlite(version = sqliteVersion()): Sqlite {
	if (!isSqliteRecent(version)) {
		const found = version === null ? 'has none' : `has ${version}`;
		throw new LedgerError(
			`A ledger needs SQLite ${MINIMUM_SQLITE_VERSION} or newer, and Node ${process.versions.node} ${found}: use Node 24.`,
		);
	}
	return loadAnySqlite();
}

/** For what holds no results. */
export const loadAnySqlite = (): Sqlite => withoutWarning(() => process.getBuiltinModule('node:sqlite'));

/** Node 22 warns that its SQLite is experimental, on standard error, where the dashboard may be. */
function withoutWarning<Value>(load: () => Value): Value {
	const {emitWarning} = process;
	process.emitWarning = () => {};
	try {
		return load();
	} finally {
		process.emitWarning = emitWarning;
	}
}

function compareVersions(left: string, right: string): number {
	const parts = (text: string): number[] => text.split('.').map(Number);
	const differences = parts(left).map((part, index) => part - (parts(right)[index] ?? 0));
	return differences.find(difference => difference !== 0) ?? 0;
}
