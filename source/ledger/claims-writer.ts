// Writes claims of a watched folder: each change is a few rows. All of it within a transaction of the caller.
import {pathBytes} from '../text/path-text.ts';
import type {ClaimChange, Decision, NewClaim, ResultKey} from './claims-protocol.ts';
import {compressed} from './compress.ts';
import {contentKeyOf, resultKeyValues} from './content-key.ts';
import type {Statements, Value} from './statements.ts';
import {TextBytes} from './text-bytes.ts';

/** What else is decided in the same transaction: results go into one segment. */
interface NewResultRow {
	readonly claim: string;
	readonly key: ResultKey;
	readonly json: string;
}

export class ClaimsWriter {
	readonly #statements: Statements;
	readonly #epoch: number;
	readonly #resultBytes = new TextBytes();

	constructor(statements: Statements, epoch: number) {
		this.#statements = statements;
		this.#epoch = epoch;
	}

	#run(sql: string, ...values: readonly Value[]): number {
		return this.#statements.run(sql, ...values);
	}

	#get(sql: string, ...values: readonly Value[]): Record<string, unknown> | undefined {
		return this.#statements.get(sql, ...values);
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
		const {bytes, ends} = this.#resultBytes.join(results.map(({json}) => json));
		this.#run('INSERT INTO segments (results) VALUES (?)', compressed(bytes));
		const {segment} = this.#get('SELECT last_insert_rowid() AS segment') ?? {};
		let start = 0;
		for (const [index, {claim, key}] of results.entries()) {
			const end = ends[index] ?? start;
			// A file that somebody has tried again has another result than the first time.
			this.#run(
				`INSERT INTO results (settings, hash, content, kind, segment, start, length) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
				ON CONFLICT DO UPDATE SET segment = ?5, start = ?6, length = ?7`,
				...[...resultKeyValues(key), Number(segment), start, end - start],
			);
			this.#run(
				`UPDATE claims SET result = (SELECT number FROM results WHERE settings = ? AND hash = ? AND content = ? AND kind = ?)
				WHERE id = ?`,
				...[...resultKeyValues(key), claim],
			);
			start = end;
		}
	}

	/** A claim that is not in the state it should be in is a fault of this program. */
	#assertOne(changedRows: number, {type, id}: {readonly type: string; readonly id: string}): void {
		if (changedRows !== 1) throw new Error(`Expected the claim ${id} to be in another state when it comes to: ${type}`);
	}
}
