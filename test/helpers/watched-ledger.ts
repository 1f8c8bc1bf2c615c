// The rows of the ledger of a watched folder, read by SQL that shares nothing with the program; from a copy, so that nothing of it is changed.
import {copyFileSync, existsSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {zstdDecompressSync} from 'node:zlib';

export interface ClaimRow {
	readonly id: string;
	/** Bytes, as latin1 text. */
	readonly name: string;
	readonly storedName: string;
	readonly state: string;
	readonly status: string | null;
	readonly destination: string | null;
	readonly duplicateOf: string | null;
	readonly code: string | null;
	readonly attempts: number;
	readonly rows: number | null;
	readonly rejectedRows: number | null;
	readonly contentHash: string | null;
	/** The number of its result. */
	readonly result: number | null;
	/** Names of files that its steps have made. */
	readonly outputs: readonly string[];
}

export interface LedgerRows {
	/** What SQLite itself finds wrong. */
	readonly faults: readonly string[];
	readonly claims: readonly ClaimRow[];
	readonly attempts: ReadonlyMap<string, {readonly count: number; readonly cut: number; readonly isLastEnded: boolean}>;
	/** Claims, without duplicates, by their result. */
	readonly resultClaims: ReadonlyMap<number, readonly string[]>;
	/** JSON by the number of the result. */
	readonly kept: ReadonlyMap<number, Buffer>;
	/** Rows of files of all runs. */
	readonly fileRows: number;
	/** Types of the events that ended a file, by its claim. */
	readonly endings: ReadonlyMap<string, readonly string[]>;
	/** Events `file-started`. */
	readonly starts: ReadonlyMap<string, number>;
}

type Row = Record<string, unknown>;

export function readLedgerRows(root: string): LedgerRows {
	const copy = mkdtempSync(join(tmpdir(), 'fileproc-account-'));
	try {
		for (const name of ['ledger.db', 'ledger.db-wal']) {
			const path = join(root, '.state', name);
			if (existsSync(path)) copyFileSync(path, join(copy, name));
		}
		const database = new DatabaseSync(join(copy, 'ledger.db'));
		try {
			return readRows((sql: string): Row[] => database.prepare(sql).all());
		} finally {
			database.close();
		}
	} finally {
		rmSync(copy, {recursive: true, force: true});
	}
}

function readRows(all: (sql: string) => Row[]): LedgerRows {
	const integrity = all('PRAGMA integrity_check').map(row => String(row.integrity_check));
	const dangling = all('PRAGMA foreign_key_check').map(row => `a row of ${String(row.table)} refers to nothing`);
	const claims = all('SELECT * FROM claims ORDER BY number').map(toClaim);
	const attempts = new Map<string, {count: number; cut: number; isLastEnded: boolean}>();
	for (const {id, ended_at} of all(
		'SELECT id, ended_at FROM claim_attempts JOIN claims ON claims.number = claim ORDER BY claim, claim_attempts.number',
	)) {
		const known = attempts.get(String(id)) ?? {count: 0, cut: 0, isLastEnded: false};
		const isLastEnded = ended_at !== null;
		attempts.set(String(id), {count: known.count + 1, cut: known.cut + (isLastEnded ? 0 : 1), isLastEnded});
	}
	const resultClaims = new Map<number, string[]>();
	for (const {id, result, status} of claims) {
		if (result === null || status === 'duplicate') continue;
		resultClaims.set(result, [...(resultClaims.get(result) ?? []), id]);
	}
	return {
		faults: [...integrity.filter(text => text !== 'ok'), ...dangling],
		claims,
		attempts,
		resultClaims,
		kept: readKept(all),
		fileRows: Number(all('SELECT count(*) AS count FROM files')[0]?.count),
		...readEvents(all),
	};
}

function readKept(all: (sql: string) => Row[]): Map<number, Buffer> {
	const segments = new Map(all('SELECT number, results FROM segments').map(row => [row.number, bytesOf(row.results)]));
	const unpacked = new Map(Array.from(segments, ([number, bytes]) => [number, zstdDecompressSync(bytes)]));
	return new Map(
		all('SELECT number, segment, start, length FROM results').map(({number, segment, start, length}) => {
			const from = Number(start);
			return [Number(number), Buffer.from(unpacked.get(segment)?.subarray(from, from + Number(length)) ?? [])];
		}),
	);
}

const ENDINGS = new Set(['file-completed', 'file-failed', 'file-skipped', 'file-cancelled']);

function readEvents(all: (sql: string) => Row[]): Pick<LedgerRows, 'endings' | 'starts'> {
	const endings = new Map<string, string[]>();
	const starts = new Map<string, number>();
	for (const {lines} of all('SELECT lines FROM events ORDER BY run, number')) {
		for (const line of zstdDecompressSync(bytesOf(lines)).toString().split('\n').slice(0, -1)) {
			const {type, claim} = JSON.parse(line) as {type: string; claim?: string};
			if (claim === undefined) continue;
			if (type === 'file-started') starts.set(claim, (starts.get(claim) ?? 0) + 1);
			if (ENDINGS.has(type)) endings.set(claim, [...(endings.get(claim) ?? []), type]);
		}
	}
	return {endings, starts};
}

function toClaim(row: Row): ClaimRow {
	const text = (value: unknown): string | null => (value === null ? null : String(value));
	const number = (value: unknown): number | null => (value === null ? null : Number(value));
	return {
		id: String(row.id),
		name: bytesOf(row.name).toString('latin1'),
		storedName: bytesOf(row.stored_name).toString('latin1'),
		state: String(row.state),
		status: text(row.status),
		destination: text(row.destination),
		duplicateOf: text(row.duplicate_of),
		code: text(row.code),
		attempts: Number(row.attempts),
		rows: number(row.rows),
		rejectedRows: number(row.rejected_rows),
		contentHash: row.content_hash === null ? null : bytesOf(row.content_hash).toString('hex'),
		result: number(row.result),
		outputs: JSON.parse(String(row.outputs ?? '[]')) as string[],
	};
}

function bytesOf(value: unknown): Buffer {
	if (!(value instanceof Uint8Array)) throw new Error('Expected bytes');
	return Buffer.from(value);
}
