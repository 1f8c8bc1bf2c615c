// The entries of a shared log, in PostgreSQL.
import {decodeChanges, encodeChanges} from './entry-text.ts';
import {NEW_ENTRIES, WRITE_LOCK} from './log-tables.ts';
import type {Postgres} from './postgres.ts';
import {type FoundEntries, type LogEntry, LogFault, type SharedLog} from './shared-log.ts';

/** What comes at once, where it is not a single entry: it must be here before somebody loses patience. */
const [MAX_ENTRIES, MAX_BYTES] = [500, 4 * 1024 * 1024];

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
	async begin(from: number): Promise<FoundEntries> {
		return this.#toFound(await this.#postgres.begin(`SELECT pg_advisory_xact_lock${WRITE_LOCK}; ${entriesFrom(from)}`));
	}

	async read(from: number): Promise<FoundEntries> {
		return this.#toFound(await this.#postgres.ask(entriesFrom(from)));
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

	#toFound(rows: readonly Readonly<Record<string, unknown>>[]): FoundEntries {
		const [{format, newest} = {}] = rows;
		if (format !== this.#format)
			throw new LogFault(
				'another version of this program has begun to use the log: end this one, and start that version instead',
			);
		const found = rows.filter(({number}) => number !== null);
		const entries = found.map(({number, id, changed_rows, changes}) => ({
			...{number: Number(number), id: String(id), changedRows: Number(changed_rows)},
			changes: changes === null ? [] : decodeChanges(changes as Uint8Array),
		}));
		return {entries, isAll: (found.at(-1)?.number ?? null) === newest};
	}
}

/** With the format, and the number of the newest entry, in each row, also where there is no entry. What the first one has changed is known to who asks. */
const entriesFrom = (from: number): string =>
	`SELECT format, (SELECT max(number) FROM fileproc.entries) AS newest, number, found.id, changed_rows, changes FROM fileproc.log LEFT JOIN (
		SELECT number, id, changed_rows, changes FROM (
			SELECT number, id, changed_rows, CASE WHEN number > ${Math.trunc(from)} THEN changes END AS changes,
				sum(CASE WHEN number > ${Math.trunc(from)} THEN length(changes) ELSE 0 END) OVER (ORDER BY number ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
			FROM (SELECT * FROM fileproc.entries WHERE number >= ${Math.trunc(from)} ORDER BY number LIMIT ${MAX_ENTRIES + 1}) AS first_ones
		) AS summed WHERE coalesce(before, 0) < ${MAX_BYTES}) AS found ON true ORDER BY number`;
