// Writes claims of a watched folder: each change is a few rows. All of it within a transaction of the caller.
import type {DatabaseSync, StatementSync} from 'node:sqlite';
import {constants, zstdCompressSync, zstdDecompressSync} from 'node:zlib';
import {pathBytes, pathText} from '../text/path-text.ts';
import type {
	ClaimAnswers,
	ClaimChange,
	ClaimQuestion,
	Decision,
	KnownClaim,
	KnownOutcome,
	NewClaim,
	ResultKey,
} from './claims-protocol.ts';
import {contentKeyOf, FILE_HASH} from './content-key.ts';

/** SQLite has no checksums of what it keeps. */
const WITH_CHECKSUM = {params: {[constants.ZSTD_c_checksumFlag]: 1}};

/** What else is decided in the same transaction: results go into one segment. */
interface NewResultRow {
	readonly claim: string;
	readonly key: ResultKey;
	readonly json: Uint8Array;
}

export class ClaimsWriter {
	readonly #database: DatabaseSync;
	readonly #statements = new Map<string, StatementSync>();
	readonly #epoch: number;

	constructor(database: DatabaseSync, epoch: number) {
		this.#database = database;
		this.#epoch = epoch;
	}

	#run(sql: string, ...values: (string | number | Uint8Array | null)[]): number {
		let statement = this.#statements.get(sql);
		if (statement === undefined) {
			statement = this.#database.prepare(sql);
			this.#statements.set(sql, statement);
		}
		return Number(statement.run(...values).changes);
	}

	#get(sql: string, ...values: (string | number | Uint8Array | null)[]): Record<string, unknown> | undefined {
		let statement = this.#statements.get(sql);
		if (statement === undefined) {
			statement = this.#database.prepare(sql);
			this.#statements.set(sql, statement);
		}
		return statement.get(...values);
	}

	/** @throws {Error} When another process watches the folder by now. */
	assertOwner(): void {
		const {epoch} = this.#get('SELECT max(epoch) AS epoch FROM owners') ?? {};
		if (epoch !== this.#epoch) throw new Error('another process has taken the folder over');
	}

	apply(changes: readonly ClaimChange[]): void {
		const results: NewResultRow[] = [];
		for (const change of changes) {
			if (change.type === 'decide') {
				const {result} = change.decision;
				if (result !== null) results.push({claim: change.id, ...result});
			}
			this.#apply(change);
		}
		this.#addResults(results);
	}

	#apply(change: ClaimChange): void {
		switch (change.type) {
			case 'intend':
				this.#add(change.claim, 'intended');
				break;
			case 'adopt':
				this.#add(change.claim, 'claimed');
				break;
			case 'withdraw':
				this.#run('UPDATE claims SET retried_by = NULL WHERE retried_by = ?', change.id);
				this.#run('DELETE FROM claims WHERE id = ?', change.id);
				break;
			case 'start': {
				const {id, attempt, identity, bytes, at} = change;
				this.#assertOne(
					this.#run(
						`UPDATE claims SET state = 'claimed', attempts = ?, identity = ?, bytes = ?, started_at = ?
						WHERE id = ? AND state IN ('intended', 'claimed')`,
						...[attempt, identity, bytes, at, id],
					),
					change,
				);
				this.#run(
					'INSERT INTO claim_attempts (claim, number, epoch, started_at) SELECT number, ?, ?, ? FROM claims WHERE id = ?',
					...[attempt, this.#epoch, at, id],
				);
				break;
			}
			case 'give-up':
				this.#endAttempt(change.id, change.at, change.code, change.attempt);
				break;
			case 'decide':
				this.#decide(change.id, change.at, change.decision);
				break;
			case 'finish':
				this.#run(`UPDATE claims SET state = 'finished', finished_at = ? WHERE id = ?`, change.at, change.id);
		}
	}

	#add(claim: NewClaim, state: 'intended' | 'claimed'): void {
		const {id, name, storedName, source, route = null, retryOf = null, bytes, arrivedAt, claimedAt} = claim;
		this.#run(
			`INSERT INTO claims (id, name, stored_name, source, route, retry_of, state, bytes, arrived_at, claimed_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			...[id, pathBytes(name), pathBytes(storedName), source, route, retryOf, state, bytes, arrivedAt, claimedAt],
		);
		if (retryOf === null) return;
		this.#assertOne(
			this.#run(
				`UPDATE claims SET retried_by = ? WHERE id = ? AND state = 'finished' AND destination = 'failed' AND retried_by IS NULL`,
				...[id, retryOf],
			),
			{type: 'retry', id: retryOf},
		);
	}

	#endAttempt(id: string, at: number, code: string | null, attempt?: number): void {
		this.#run(
			`UPDATE claim_attempts SET ended_at = ?, code = ? WHERE claim = (SELECT number FROM claims WHERE id = ?)
			AND number = coalesce(?, (SELECT attempts FROM claims WHERE id = ?))`,
			...[at, code, id, attempt ?? null, id],
		);
	}

	#decide(id: string, at: number, decision: Decision): void {
		const {status, destination, duplicateOf, code, message, tag, step, rows, rejectedRows, contentHash} = decision;
		this.#assertOne(
			this.#run(
				`UPDATE claims SET state = 'decided', status = ?, destination = ?, duplicate_of = ?, code = ?, message = ?, tag = ?, step = ?,
				rows = ?, rejected_rows = ?, content_hash = ?, outputs = ?, decided_at = ?,
				result = (SELECT result FROM claims AS other WHERE other.id = ?)
				WHERE id = ? AND state IN ('intended', 'claimed')`,
				...[status, destination, duplicateOf, code, message, tag, step, rows, rejectedRows],
				contentHash === null ? null : contentKeyOf(contentHash).content,
				...[JSON.stringify(decision.outputs), at, duplicateOf, id],
			),
			{type: 'decide', id},
		);
		this.#endAttempt(id, at, code);
		for (const {processor, state} of decision.states) {
			this.#run(
				`INSERT OR REPLACE INTO processor_states (processor, state, claim) SELECT ?, ?, number FROM claims WHERE id = ?`,
				...[processor, state, id],
			);
		}
	}

	#addResults(results: readonly NewResultRow[]): void {
		if (results.length === 0) return;
		const joined = zstdCompressSync(Buffer.concat(results.map(({json}) => json)), WITH_CHECKSUM);
		this.#run('INSERT INTO segments (results) VALUES (?)', joined);
		const {segment} = this.#get('SELECT last_insert_rowid() AS segment') ?? {};
		let start = 0;
		for (const {claim, key, json} of results) {
			// A file that somebody has tried again has another result than the first time.
			this.#run(
				`INSERT INTO results (settings, hash, content, kind, segment, start, length) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
				ON CONFLICT DO UPDATE SET segment = ?5, start = ?6, length = ?7`,
				...[...keyValues(key), Number(segment), start, json.length],
			);
			this.#run(
				`UPDATE claims SET result = (SELECT number FROM results WHERE settings = ? AND hash = ? AND content = ? AND kind = ?)
				WHERE id = ?`,
				...[...keyValues(key), claim],
			);
			start += json.length;
		}
	}

	/** A claim that is not in the state it should be in is a fault of this program. */
	#assertOne(changedRows: number, {type, id}: {readonly type: string; readonly id: string}): void {
		if (changedRows !== 1) throw new Error(`Expected the claim ${id} to be in another state when it comes to: ${type}`);
	}

	answer(question: ClaimQuestion): ClaimAnswers[keyof ClaimAnswers] {
		switch (question.type) {
			case 'unfinished':
				return this.#unfinished();
			case 'outcome':
				return this.#outcome(question.key);
			case 'result':
				return this.#result(question.id);
			case 'claim': {
				const row = this.#get(`SELECT ${CLAIM_COLUMNS} FROM claims WHERE id = ?`, question.id);
				return row === undefined ? null : toClaim(row);
			}
			case 'failed':
				return this.#failed();
			case 'known':
				return question.ids.filter(id => this.#get('SELECT 1 AS found FROM claims WHERE id = ?', id) !== undefined);
			case 'state': {
				const row = this.#get('SELECT state FROM processor_states WHERE processor = ?', question.processor);
				return row === undefined ? null : bytesOf(row.state);
			}
		}
	}

	#unfinished(): readonly KnownClaim[] {
		const rows = this.#database
			.prepare(`SELECT ${CLAIM_COLUMNS} FROM claims WHERE state <> 'finished' ORDER BY number`)
			.all();
		return rows.map(toClaim);
	}

	#failed(): readonly string[] {
		const rows = this.#database
			.prepare(
				`SELECT id FROM claims WHERE status = 'failed' AND retried_by IS NULL AND state = 'finished' ORDER BY decided_at, number`,
			)
			.all();
		return rows.map(({id}) => String(id));
	}

	#outcome(key: ResultKey): KnownOutcome | null {
		const row = this.#get(
			`SELECT id AS claim, destination, code, message FROM claims WHERE status <> 'duplicate' AND result =
			(SELECT number FROM results WHERE settings = ? AND hash = ? AND content = ? AND kind = ?) ORDER BY number DESC LIMIT 1`,
			...keyValues(key),
		);
		return row === undefined ? null : ({...row} as unknown as KnownOutcome);
	}

	#result(id: string): Uint8Array | null {
		const row = this.#get(
			`SELECT start, length, segments.results AS segment FROM claims JOIN results ON results.number = claims.result
			JOIN segments ON segments.number = results.segment WHERE claims.id = ?`,
			id,
		);
		if (row === undefined) return null;
		const [start, length] = [Number(row.start), Number(row.length)];
		return new Uint8Array(zstdDecompressSync(bytesOf(row.segment)).subarray(start, start + length));
	}
}

function keyValues({settings, content, kind}: ResultKey): [Uint8Array, string, Uint8Array, string] {
	const {hash, content: bytes} = contentKeyOf(content);
	return [Buffer.from(settings, 'hex'), hash, bytes, kind];
}

const CLAIM_COLUMNS = `*, ${FILE_HASH} AS hash_text,
	(SELECT count(*) FROM claim_attempts WHERE claim = claims.number AND ended_at IS NULL) AS cut_attempts,
	(SELECT code FROM claim_attempts WHERE claim = claims.number ORDER BY number DESC LIMIT 1) AS last_code`;

function toClaim(row: Record<string, unknown>): KnownClaim {
	const {id, name, stored_name, source, state, bytes, arrived_at, claimed_at, attempts, cut_attempts, identity} = row;
	return {
		...({id, source, state, bytes, attempts, identity} as Pick<
			KnownClaim,
			'id' | 'source' | 'state' | 'bytes' | 'attempts' | 'identity'
		>),
		route: row.route as string | null,
		retryOf: row.retry_of as string | null,
		retriedBy: row.retried_by as string | null,
		name: pathText(Buffer.from(bytesOf(name))),
		storedName: pathText(Buffer.from(bytesOf(stored_name))),
		arrivedAt: Number(arrived_at),
		claimedAt: Number(claimed_at),
		cutAttempts: Number(cut_attempts),
		lastCode: row.last_code as string | null,
		startedAt: row.started_at as number | null,
		decidedAt: row.decided_at as number | null,
		decision: row.status === null ? null : toDecision(row),
	};
}

function toDecision(row: Record<string, unknown>): NonNullable<KnownClaim['decision']> {
	const {status, destination, duplicate_of, code, message, tag, step, rows, rejected_rows, content_hash} = row;
	return {
		...({status, destination, duplicateOf: duplicate_of, code, message, tag, step, rows} as Pick<
			Decision,
			'status' | 'destination' | 'duplicateOf' | 'code' | 'message' | 'tag' | 'step' | 'rows'
		>),
		rejectedRows: rejected_rows as number | null,
		contentHash: content_hash === null ? null : String(row.hash_text),
		outputs: JSON.parse(String(row.outputs)) as readonly string[],
	};
}

function bytesOf(value: unknown): Uint8Array {
	if (!(value instanceof Uint8Array)) throw new Error('Expected a value of bytes in the ledger');
	return value;
}
