// Copies of a shared log as files, in the log itself: by them new instances begin, and entries that are in one need not be kept.
import {createReadStream, createWriteStream} from 'node:fs';
import {rm, stat} from 'node:fs/promises';
import type {DatabaseSync} from 'node:sqlite';
import {Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {zstdCompressSync, zstdDecompressSync} from 'node:zlib';
import {loadSqlite} from '../sqlite.ts';
import {BEGIN_LOCK} from './log-tables.ts';
import type {Postgres} from './postgres.ts';
import {LogAway} from './shared-log.ts';

/** Before it is packed. */
const PART_BYTES = 4 * 1024 * 1024;

/** A copy is made anew when so much has come since the last one, or half of what a copy takes. */
export interface SnapshotLimits {
	readonly bytes: number;
	readonly entries: number;
}

export const SNAPSHOT_LIMITS: SnapshotLimits = {bytes: 64 * 1024 * 1024, entries: 50_000};

export interface KeptSnapshot {
	readonly position: number;
	readonly parts: number;
}

/** The newest; `null`: there is none. */
export async function newestSnapshot(postgres: Postgres): Promise<KeptSnapshot | null> {
	const [row] = await postgres.ask(
		'SELECT position, count(*) AS parts FROM fileproc.snapshots GROUP BY position ORDER BY position DESC LIMIT 1',
	);
	return row === undefined ? null : {position: Number(row.position), parts: Number(row.parts)};
}

/** @param path - Nothing is there. @throws {LogAway} Also where another one has taken its place meanwhile. */
export async function fetchSnapshot(postgres: Postgres, snapshot: KeptSnapshot, path: string): Promise<void> {
	async function* parts(): AsyncGenerator<Buffer, void, undefined> {
		for (let part = 0; part < snapshot.parts; part++) {
			const [row] = await postgres.ask('SELECT bytes FROM fileproc.snapshots WHERE position = $1 AND part = $2', [
				snapshot.position,
				part,
			]);
			if (row === undefined) throw new LogAway('the copy there was made anew while it was fetched: start again');
			yield zstdDecompressSync(row.bytes as Uint8Array);
		}
	}
	await pipeline(Readable.from(parts()), createWriteStream(path, {mode: 0o600, flush: true}));
}

/** Within a transaction of the caller. @param path - Of a ledger that is a copy. @param beside - Where a file may be for a while. */
export async function keepSnapshot(postgres: Postgres, path: string, beside: string): Promise<number> {
	await rm(beside, {force: true});
	try {
		const position = await copyTo(path, beside);
		let part = 0;
		await postgres.ask('DELETE FROM fileproc.snapshots WHERE position = $1', [position]);
		for await (const bytes of createReadStream(beside, {highWaterMark: PART_BYTES}))
			await postgres.ask('INSERT INTO fileproc.snapshots (position, part, bytes) VALUES ($1, $2, $3)', [
				...[position, part++, zstdCompressSync(bytes as Buffer)],
			]);
		await postgres.ask('DELETE FROM fileproc.snapshots WHERE position < $1', [position]);
		return position;
	} finally {
		await rm(beside, {force: true});
	}
}

/** At once, and beside what is written meanwhile: in steps it would begin again after each commit. */
const ALL_PAGES = 2 ** 31 - 1;

/** By a connection of its own, and not in this thread, which goes on with what others wait for. @returns How far the copy is. */
async function copyTo(path: string, target: string): Promise<number> {
	const {backup, DatabaseSync} = loadSqlite();
	const database = new DatabaseSync(path, {readOnly: true});
	try {
		await backup(database, target, {rate: ALL_PAGES});
	} finally {
		database.close();
	}
	const made: DatabaseSync = new DatabaseSync(target);
	try {
		// All of it is to be in one file.
		made.exec('PRAGMA journal_mode = DELETE');
		return Number(made.prepare('SELECT position FROM shared_copy').get()?.position);
	} finally {
		made.close();
	}
}

/** Makes one where it is time to, and removes the entries that nobody needs any more; not while an instance begins, which may be fetching the last one. */
export async function tidyLog(
	postgres: Postgres,
	path: string,
	beside: string,
	limits: SnapshotLimits = SNAPSHOT_LIMITS,
): Promise<void> {
	const [found] = await postgres.ask(
		`SELECT count(*) AS count, coalesce(sum(length(changes)), 0) AS bytes FROM fileproc.entries
		WHERE number > coalesce((SELECT max(position) FROM fileproc.snapshots), 0)`,
	);
	const bytes = Number(found?.bytes);
	const isMuch = bytes > Math.max(limits.bytes, (await stat(path)).size / 2);
	if (!isMuch && Number(found?.count) <= limits.entries) return;
	const [row] = await postgres.begin(
		`SET LOCAL idle_in_transaction_session_timeout = 0; SELECT pg_try_advisory_xact_lock${BEGIN_LOCK} AS is_alone`,
	);
	try {
		if (row?.is_alone !== true) return await postgres.rollback();
		const position = await keepSnapshot(postgres, path, beside);
		// The newest that is in it stays, by which copies see that the log is theirs.
		await postgres.ask(
			`DELETE FROM fileproc.entries WHERE number < least($1, (SELECT min(position) FROM fileproc.instances WHERE seen_at > now() - interval '1 day'))`,
			[position],
		);
		await postgres.commit();
	} catch (error) {
		await postgres.rollback().catch(() => {});
		throw error;
	}
}
