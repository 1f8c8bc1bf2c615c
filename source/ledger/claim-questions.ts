// Answers what the process that watches a folder asks of its ledger.
import {zstdDecompressSync} from 'node:zlib';
import {pathText} from '../text/path-text.ts';
import type {ClaimAnswers, ClaimQuestion, Decision, KnownClaim, KnownOutcome, ResultKey} from './claims-protocol.ts';
import {FILE_HASH, resultKeyValues} from './content-key.ts';
import type {Statements} from './statements.ts';

export class ClaimQuestions {
	readonly #statements: Statements;

	constructor(statements: Statements) {
		this.#statements = statements;
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
				const row = this.#statements.get(`SELECT ${CLAIM_COLUMNS} FROM claims WHERE id = ?`, question.id);
				return row === undefined ? null : toClaim(row);
			}
			case 'failed':
				return this.#failed();
			case 'known':
				return question.ids.filter(
					id => this.#statements.get('SELECT 1 AS found FROM claims WHERE id = ?', id) !== undefined,
				);
			case 'state': {
				const row = this.#statements.get('SELECT state FROM processor_states WHERE processor = ?', question.processor);
				return row === undefined ? null : bytesOf(row.state);
			}
		}
	}

	#unfinished(): readonly KnownClaim[] {
		const sql = `SELECT ${CLAIM_COLUMNS} FROM claims WHERE state <> 'finished' ORDER BY number`;
		return this.#statements.all(sql).map(toClaim);
	}

	#failed(): readonly string[] {
		const rows = this.#statements.all(
			`SELECT id FROM claims WHERE status = 'failed' AND retried_by IS NULL AND state = 'finished' ORDER BY decided_at, number`,
		);
		return rows.map(({id}) => String(id));
	}

	#outcome(key: ResultKey): KnownOutcome | null {
		const row = this.#statements.get(
			`SELECT id AS claim, name, destination, code, message FROM claims WHERE status <> 'duplicate' AND result =
			(SELECT number FROM results WHERE settings = ? AND hash = ? AND content = ? AND kind = ?) ORDER BY number DESC LIMIT 1`,
			...resultKeyValues(key),
		);
		if (row === undefined) return null;
		return {...(row as unknown as KnownOutcome), name: pathText(Buffer.from(bytesOf(row.name)))};
	}

	#result(id: string): string | null {
		const row = this.#statements.get(
			`SELECT start, length, segments.results AS segment FROM claims JOIN results ON results.number = claims.result
			JOIN segments ON segments.number = results.segment WHERE claims.id = ?`,
			id,
		);
		if (row === undefined) return null;
		const [start, length] = [Number(row.start), Number(row.length)];
		return zstdDecompressSync(bytesOf(row.segment)).toString('utf8', start, start + length);
	}
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
