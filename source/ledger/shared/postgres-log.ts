// The entries of a shared log, in PostgreSQL.
import {decodeChanges, encodeChanges} from './entry-text.ts';
import {NEW_ENTRIES, WRITE_LOCK} from './log-tables.ts';
import type {Postgres} from './postgres.ts';
import {MANY} from './shared-copy.ts';
import {type LogEntry, LogFault, type SharedLog} from './shared-log.ts';

export class PostgresLog implements SharedLog {
	readonly #postgres: Postgres;
	readonly #format: string;
	/** Who writes. */
	readonly #instance: string;

	/** @param format - What entries mean: see `fileproc.log`. */
	constructor(postgres: Postgres, format: string, instance: string) {
		this.#postgres = postgres;
		this.#format = format;
		this.#instance = instance;
	}

	/** One way to the database and back. */
	async begin(from: number): Promise<readonly LogEntry[]> {
		return this.#toEntries(
			await this.#postgres.begin(`SELECT pg_advisory_xact_lock${WRITE_LOCK}; ${entriesFrom(from)}`),
		);
	}

	async read(from: number): Promise<readonly LogEntry[]> {
		return this.#toEntries(await this.#postgres.ask(entriesFrom(from)));
	}

	async append({number, id, changes, changedRows}: LogEntry): Promise<void> {
		await this.#postgres.ask(
			`WITH written AS (INSERT INTO fileproc.entries (number, id, instance, changed_rows, changes) VALUES ($1, $2, $3, $4, $5) RETURNING number)
			SELECT pg_notify('${NEW_ENTRIES}', number::text) FROM written`,
			[number, id, this.#instance, changedRows, encodeChanges(changes)],
		);
	}

	commit(): Promise<void> {
		return this.#postgres.commit();
	}

	rollback(): Promise<void> {
		return this.#postgres.rollback();
	}

	#toEntries(rows: readonly Readonly<Record<string, unknown>>[]): readonly LogEntry[] {
		const [{format} = {}] = rows;
		if (format !== this.#format)
			throw new LogFault(
				'another version of this program has begun to use the log: end this one, and start that version instead',
			);
		return rows
			.filter(({number}) => number !== null)
			.map(({number, id, changed_rows, changes}) => ({
				...{number: Number(number), id: String(id), changedRows: Number(changed_rows)},
				changes: changes === null ? [] : decodeChanges(changes as Uint8Array),
			}));
	}
}

/** With the format in each row, also where there is no entry. What the first one has changed is known to who asks. */
const entriesFrom = (from: number): string =>
	`SELECT format, number, found.id, changed_rows, changes FROM fileproc.log LEFT JOIN (
		SELECT number, id, changed_rows, CASE WHEN number > ${Math.trunc(from)} THEN changes END AS changes FROM fileproc.entries
		WHERE number >= ${Math.trunc(from)} ORDER BY number LIMIT ${MANY + 1}) AS found ON true ORDER BY number`;
