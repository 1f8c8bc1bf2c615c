// Reads what a ledger knows of a watched folder: its claims, what became of them, and who has owned it. Nothing is written.
import type {DatabaseSync, SQLInputValue} from 'node:sqlite';
import {pathText} from '../text/path-text.ts';
import type {ClaimState, ClaimStatus, Destination} from './claims-protocol.ts';
import {explained, explainedEach, openToRead} from './open-database.ts';

/** One row of the table `claims`, without what only its processing needs. Times are milliseconds since 1970. */
export interface Claim {
	readonly id: string;
	/** Where it was dropped, below `unprocessed/`; as a text of `text/path-text.ts`. */
	readonly name: string;
	/** What it is called in the other folders. */
	readonly storedName: string;
	readonly source: string;
	/** The route that a person has chosen for it. */
	readonly route: string | null;
	/** The failed claim whose file it has taken up again. */
	readonly retryOf: string | null;
	/** The claim that has taken its file up again: then it does not count any more. */
	readonly retriedBy: string | null;
	readonly state: ClaimState;
	/** These are `null` until it is decided; some of them for good. */
	readonly status: ClaimStatus | null;
	readonly destination: Destination | null;
	/** The id of the claim that had the same content. */
	readonly duplicateOf: string | null;
	/** The name of its file, as `name`. */
	readonly duplicateOfName: string | null;
	readonly code: string | null;
	readonly message: string | null;
	readonly tag: string | null;
	readonly step: string | null;
	readonly attempts: number;
	readonly bytes: number;
	readonly rows: number | null;
	readonly rejectedRows: number | null;
	readonly arrivedAt: number;
	readonly claimedAt: number;
	readonly startedAt: number | null;
	readonly decidedAt: number | null;
	readonly finishedAt: number | null;
}

export interface ClaimFilter {
	readonly states?: readonly ClaimState[];
	readonly statuses?: readonly ClaimStatus[];
	readonly tag?: string;
	/** At most so many; without it, all. */
	readonly limit?: number;
	/** By default those that were decided last come first, and before them those that are not decided, in the order they were claimed. */
	readonly order?: 'oldest-first';
}

/** Sums over the claims of one status and tag. */
export interface ClaimSum {
	readonly status: ClaimStatus;
	readonly tag: string | null;
	readonly files: number;
	readonly bytes: number;
	readonly rows: number;
	readonly rejectedRows: number;
}

/** What was decided in a span of time. */
export interface DecidedSum {
	readonly files: number;
	readonly bytes: number;
}

/** A process that watches the folder, or has. */
export interface Owner {
	readonly epoch: number;
	/** A text of `process-name.ts`. */
	readonly process: string;
	readonly startedAt: number;
	/** `null`: it has not ended, or was killed. */
	readonly endedAt: number | null;
}

export interface ClaimsReader {
	readonly list: (filter?: ClaimFilter) => Claim[];
	/** `null`: there is no such claim. */
	readonly find: (id: string) => Claim | null;
	/** Of all claims that are decided. */
	readonly sums: () => ClaimSum[];
	/** Of all claims that are not decided. */
	readonly undecided: () => DecidedSum;
	/** How many were decided from a moment on, and up to another one. */
	readonly decidedBetween: (startMs: number, endMs: number) => DecidedSum;
	/** When each of those was decided that were from a moment on, in order. */
	readonly decidedSince: (startMs: number) => Iterable<{readonly decidedAt: number; readonly bytes: number}>;
	/** From start to decision, in milliseconds, of files that were processed: of those that were decided last. */
	readonly processingTimes: (limit: number) => number[];
	/** The one that watches the folder, or has last; `null`: nobody ever has. */
	readonly owner: () => Owner | null;
}

export interface OpenClaims extends ClaimsReader {
	/** Runs several queries on one state of the ledger. */
	readonly atOnce: <Value>(perform: () => Value) => Value;
	readonly close: () => void;
}

/**
Opens the ledger of a watched folder to read it.

@throws {LedgerError} When there is none, or it cannot be read; from its functions, too.
*/
export function openClaims(path: string): OpenClaims {
	const database = openToRead(path);
	const {list, find, sums, undecided, decidedBetween, decidedSince, processingTimes, owner} = readClaims(database);
	return {
		list: filter => explained(path, () => list(filter)),
		find: id => explained(path, () => find(id)),
		sums: () => explained(path, sums),
		undecided: () => explained(path, undecided),
		decidedBetween: (start, end) => explained(path, () => decidedBetween(start, end)),
		decidedSince: start => explainedEach(path, decidedSince(start)),
		processingTimes: limit => explained(path, () => processingTimes(limit)),
		owner: () => explained(path, owner),
		atOnce: perform =>
			explained(path, () => {
				database.exec('BEGIN');
				try {
					return perform();
				} finally {
					database.exec('COMMIT');
				}
			}),
		close: () => database.close(),
	};
}

/** Reads from a ledger that is open already, as the watch has it. */
export function readClaims(database: DatabaseSync): ClaimsReader {
	return {
		list: (filter = {}) => listClaims(database, filter),
		find(id) {
			const row = database.prepare(`SELECT ${COLUMNS} FROM claims WHERE id = ?`).get(id);
			return row === undefined ? null : claimOf(row as unknown as ClaimRow);
		},
		sums: () =>
			database
				.prepare(
					`SELECT status, tag, count(*) AS files, sum(bytes) AS bytes, total(rows) AS rows, total(rejected_rows) AS rejectedRows
					FROM claims WHERE status IS NOT NULL AND retried_by IS NULL GROUP BY status, tag ORDER BY status, tag`,
				)
				.all() as unknown as ClaimSum[],
		undecided: () =>
			database
				.prepare(
					`SELECT count(*) AS files, total(bytes) AS bytes FROM claims WHERE state <> 'finished' AND status IS NULL`,
				)
				.get() as unknown as DecidedSum,
		decidedBetween: (startMs, endMs) =>
			database
				.prepare('SELECT count(*) AS files, total(bytes) AS bytes FROM claims WHERE decided_at BETWEEN ? AND ?')
				.get(startMs, endMs) as unknown as DecidedSum,
		decidedSince: startMs =>
			database
				.prepare('SELECT decided_at AS decidedAt, bytes FROM claims WHERE decided_at >= ? ORDER BY decided_at, number')
				.iterate(startMs) as Iterable<unknown> as Iterable<{readonly decidedAt: number; readonly bytes: number}>,
		processingTimes: limit =>
			(
				database
					.prepare(
						`SELECT decided_at - started_at AS ms FROM claims
						WHERE decided_at IS NOT NULL AND started_at IS NOT NULL AND status <> 'duplicate'
						ORDER BY decided_at DESC, number DESC LIMIT ?`,
					)
					.all(limit) as unknown as {readonly ms: number}[]
			).map(({ms}) => ms),
		owner() {
			const row = database
				.prepare(
					`SELECT epoch, process, started_at AS startedAt, ended_at AS endedAt FROM owners ORDER BY epoch DESC LIMIT 1`,
				)
				.get();
			return row === undefined ? null : (row as unknown as Owner);
		},
	};
}

const COLUMNS = `id, name, stored_name AS storedName, source, route, retry_of AS retryOf, retried_by AS retriedBy, state, status, destination, duplicate_of AS duplicateOf,
	(SELECT first.name FROM claims AS first WHERE first.id = claims.duplicate_of) AS duplicateOfName, code, message,
	tag, step, attempts, bytes, rows, rejected_rows AS rejectedRows, arrived_at AS arrivedAt, claimed_at AS claimedAt,
	started_at AS startedAt, decided_at AS decidedAt, finished_at AS finishedAt`;

type ClaimRow = Omit<Claim, 'name' | 'storedName' | 'duplicateOfName'> & {
	readonly name: Uint8Array;
	readonly storedName: Uint8Array;
	readonly duplicateOfName: Uint8Array | null;
};

const claimOf = ({name, storedName, duplicateOfName, ...rest}: ClaimRow): Claim => ({
	...rest,
	name: pathText(Buffer.from(name)),
	storedName: pathText(Buffer.from(storedName)),
	duplicateOfName: duplicateOfName === null ? null : pathText(Buffer.from(duplicateOfName)),
});

function listClaims(database: DatabaseSync, {states, statuses, tag, limit, order}: ClaimFilter): Claim[] {
	const conditions: string[] = [];
	const values: SQLInputValue[] = [];
	// The words are of closed lists, and as a part of the text they let SQLite choose the index of unfinished claims.
	if (states !== undefined) conditions.push(oneOf('state', states));
	if (states !== undefined && !states.includes('finished')) conditions.push(`state <> 'finished'`);
	if (statuses !== undefined)
		conditions.push(oneOf('status', statuses), 'decided_at IS NOT NULL', 'retried_by IS NULL');
	if (tag !== undefined) {
		conditions.push('tag = ?');
		values.push(tag);
	}
	const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
	const by =
		order === 'oldest-first'
			? 'number'
			: statuses === undefined
				? 'decided_at IS NOT NULL, decided_at DESC, number'
				: 'decided_at DESC, number DESC';
	const statement = database.prepare(`SELECT ${COLUMNS} FROM claims ${where} ORDER BY ${by} LIMIT ?`);
	return (statement.all(...values, limit ?? -1) as unknown as ClaimRow[]).map(claimOf);
}

const oneOf = (column: string, words: readonly string[]): string =>
	words.length === 1 ? `${column} = '${words[0]}'` : `${column} IN (${words.map(word => `'${word}'`).join(', ')})`;
