// Writes one run to a ledger.
import type {DatabaseSync, StatementSync} from 'node:sqlite';
import {compressed} from './compress.ts';
import {contentKeyOf} from './content-key.ts';
import type {KeptResults} from './kept-results.ts';
import type {AttemptRow, NewEntries, NewRun, RejectRow} from './protocol.ts';

export class RunWriter {
	readonly #database: DatabaseSync;
	readonly #results: KeptResults;
	readonly #run: number | bigint;
	readonly #addFile: StatementSync;
	readonly #addAttempt: StatementSync;
	readonly #removeRejects: StatementSync;
	readonly #addReject: StatementSync;
	readonly #addEvents: StatementSync;
	readonly #setEnd: StatementSync;
	#eventsNumber = 0;

	/** Adds the run, in a transaction of its own. */
	constructor(database: DatabaseSync, results: KeptResults, run: NewRun) {
		const {id, startedAt, folder, paths, settings, reading = '', process, version} = run;
		this.#database = database;
		this.#results = results;
		const {lastInsertRowid} = database
			.prepare(
				`INSERT INTO runs (id, started_at, status, folder, paths, settings, reading, process, version)
				VALUES (?, ?, 'running', ?, ?, ?, ?, ?, ?)`,
			)
			.run(id, startedAt, folder, JSON.stringify(paths), settings, reading, process, version);
		this.#run = lastInsertRowid;
		this.#addFile = database.prepare(
			`INSERT OR REPLACE INTO files (run, position, file, status, no_record, code, analyses, attempts, bytes, rows, rejected_rows,
				content_hash)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		);
		this.#addAttempt = database.prepare(
			`INSERT OR REPLACE INTO attempts (run, position, number, file, started_at, ended_at, code) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		);
		this.#removeRejects = database.prepare('DELETE FROM rejects WHERE run = ? AND position = ?');
		this.#addReject = database.prepare(
			'INSERT INTO rejects (run, position, reason, count, line) VALUES (?, ?, ?, ?, ?)',
		);
		this.#addEvents = database.prepare('INSERT INTO events (run, number, lines) VALUES (?, ?, ?)');
		this.#setEnd = database.prepare('UPDATE runs SET status = ?, ended_at = ?, totals = ? WHERE number = ?');
	}

	/**
	Writes everything that the messages say, or nothing.

	@param others - Writes what belongs to the same transaction.
	*/
	write(messages: readonly NewEntries[], others = (): void => {}): void {
		const database = this.#database;
		database.exec('BEGIN IMMEDIATE');
		const eventsNumber = this.#eventsNumber;
		try {
			others();
			// A copy of those of one message would only be garbage.
			const lines =
				messages.length === 1 ? (messages[0]?.lines ?? NO_LINES) : Buffer.concat(messages.map(each => each.lines));
			if (lines.length > 0) this.#addEvents.run(this.#run, this.#eventsNumber++, compressed(lines));
			this.#results.addCheckpoints(
				this.#run,
				messages.flatMap(({checkpoints}) => checkpoints),
			);
			this.#results.add(
				this.#run,
				messages.flatMap(({results}) => results),
			);
			for (const {files, attempts = [], rejects = [], end} of messages) {
				this.#writeAttempts(attempts);
				this.#writeRejects(rejects);
				for (const file of files) {
					this.#addFile.run(
						this.#run,
						file.position,
						file.file,
						file.status,
						file.noRecord,
						file.code,
						file.analyses,
						file.attempts,
						file.bytes,
						file.rows,
						file.rejectedRows,
						file.contentHash === null ? null : contentKeyOf(file.contentHash).content,
					);
				}
				this.#setEnd.run(end?.status ?? 'running', end?.endedAt ?? null, totalsText(end), this.#run);
			}
			database.exec('COMMIT');
		} catch (error) {
			this.#eventsNumber = eventsNumber;
			if (database.isTransaction) database.exec('ROLLBACK');
			throw error;
		}
	}

	#writeAttempts(attempts: readonly AttemptRow[]): void {
		for (const {position, number, file, startedAt, endedAt, code} of attempts)
			this.#addAttempt.run(this.#run, position, number, file, startedAt, endedAt, code);
	}

	/** Those of a file that is retried after its end replace the ones before. */
	#writeRejects(rejects: readonly RejectRow[]): void {
		for (const position of new Set(rejects.map(each => each.position))) this.#removeRejects.run(this.#run, position);
		for (const {position, reason, count, line} of rejects)
			this.#addReject.run(this.#run, position, reason, count, line);
	}
}

const NO_LINES = new Uint8Array(0);

const totalsText = (end: NewEntries['end']): string | null => (end === null ? null : JSON.stringify(end.totals));
