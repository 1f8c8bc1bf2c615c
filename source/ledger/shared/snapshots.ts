// Copies of a shared log as files, in the log itself: by them new instances begin, and entries that are in one need not be kept.
import {createReadStream, createWriteStream} from 'node:fs';
import {rm, stat} from 'node:fs/promises';
import type {DatabaseSync} from 'node:sqlite';
import {Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {zstdCompressSync, zstdDecompressSync} from 'node:zlib';
import {loadSqlite} from '../sqlite.ts';
import type {Postgres} from './postgres.ts';

/** Before it is packed. */
const PART_BYTES = 4 * 1024 * 1024;

/** A copy is made anew when so much has come since the last one, or half of what a copy takes. */
export interface SnapshotLimits {
	readonly bytes: number;
	readonly entries: number;
}

export const SNAPSHOT_LIMITS: SnapshotLimits = {bytes: 64 * 1024 * 1024, entries: 50_000};

/** The newest; `null`: there is none. */
export async function newestSnapshot(postgres: Postgres): Promise<number | null> {
	const [row] = await postgres.ask('SELECT max(position) AS position FROM fileproc.snapshots');
	return row?.position == null ? null : Number(row.position);
}

/** @param path - Nothing is there. */
export async function fetchSnapshot(postgres: Postgres, position: number, path: string): Promise<void> {
	async function* parts(): AsyncGenerator<Buffer, void, undefined> {
		for (let part = 0; ; part++) {
			const [row] = await postgres.ask('SELECT bytes FROM fileproc.snapshots WHERE position = $1 AND part = $2', [
				position,
				part,
			]);
			if (row === undefined) return;
			yield zstdDecompressSync(row.bytes as Uint8Array);
		}
	}
	await pipeline(Readable.from(parts()), createWriteStream(path, {mode: 0o600, flush: true}));
}

/** Within a transaction of the caller. @param path - Of a ledger that is a copy. @param beside - Where a file may be for a while. */
export async function keepSnapshot(postgres: Postgres, path: string, beside: string): Promise<number> {
	await rm(beside, {force: true});
	try {
		const position = copyTo(path, beside);
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

/** By a connection of its own: none is made within a transaction. @returns How far the copy is. */
function copyTo(path: string, target: string): number {
	const {DatabaseSync} = loadSqlite();
	const database = new DatabaseSync(path, {readOnly: true});
	try {
		database.prepare('VACUUM INTO ?').run(target);
	} finally {
		database.close();
	}
	const made: DatabaseSync = new DatabaseSync(target, {readOnly: true});
	try {
		return Number(made.prepare('SELECT position FROM shared_copy').get()?.position);
	} finally {
		made.close();
	}
}

/** Makes one where it is time to, and removes the entries that nobody needs any more. */
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
	await postgres.begin('SET LOCAL idle_in_transaction_session_timeout = 0');
	try {
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
