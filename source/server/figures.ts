// Figures for operators and users, from the ledger.
import type {Row, ServerLedger} from '../ledger/server-ledger.ts';
import {type KeptTimes, type Retention, retentionOf} from './retention.ts';
import {seldom} from './seldom.ts';
import {timeOf} from './time-of.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export class Figures {
	readonly #ledger: ServerLedger;

	constructor(ledger: ServerLedger) {
		this.#ledger = ledger;
	}

	/** All rows are looked at. */
	readonly stored = seldom(() => this.#stored());

	#stored(): {readonly datasets: number; readonly results: number; readonly bytes: number} {
		const {datasets, bytes} =
			this.#ledger.get(`SELECT count(*) AS datasets, total(bytes) AS bytes FROM datasets WHERE state = 'stored'`) ?? {};
		const results = this.#ledger.get(`SELECT count(*) AS count FROM tasks WHERE report IS NOT NULL`)?.count;
		return {datasets: Number(datasets), results: Number(results), bytes: Number(bytes)};
	}

	/** Uploads in pieces that are not complete. */
	activeUploads(): number {
		return Number(this.#ledger.get('SELECT count(*) AS count FROM uploads WHERE dataset IS NULL')?.count);
	}

	events(): number {
		// The oldest ones go, and no number is left out.
		const row = this.#ledger.get(
			`SELECT (SELECT max(number) FROM server_events) - (SELECT min(number) FROM server_events) + 1 AS count`,
		);
		return Number(row?.count ?? 0);
	}

	/** @param account - `null`: all accounts. */
	tasksOf(account: string | null) {
		const row = this.#ledger.get(
			`SELECT count(*) FILTER (WHERE state = 'COMPLETED') AS completed, count(*) FILTER (WHERE state = 'FAILED') AS failed,
				count(*) FILTER (WHERE state = 'CANCELLED') AS cancelled, count(*) FILTER (WHERE state = 'PROCESSING') AS processing,
				count(*) FILTER (WHERE state = 'QUEUED') AS queued,
				total(rows) AS read, total(rejected_rows) AS rejected, min(created_at) AS since
			FROM tasks WHERE ?1 IS NULL OR account = ?1`,
			account,
		);
		const {
			completed = 0,
			failed = 0,
			cancelled = 0,
			processing = 0,
			queued = 0,
			read = 0,
			rejected = 0,
		} = numbersOf(row ?? {});
		return {
			files: {completed, failed, cancelled, processing, queued},
			rows: {read, rejected},
			/** When the first of them was asked for; `null`: there is none. */
			since: (row?.since ?? null) as number | null,
			times: this.#times(account),
		};
	}

	/**
	Of the tasks that completed within the last hour: how many there were a minute since the first of them began, and what was read in each second
	of their work.
	*/
	throughputOf(account: string | null) {
		const now = Date.now();
		const row = this.#ledger.get(
			`SELECT count(*) AS files, total(rows) AS rows, total(datasets.bytes) AS bytes, total(ended_at - started_at) AS worked,
				min(started_at) AS first
			FROM tasks JOIN datasets ON datasets.number = tasks.dataset
			WHERE tasks.state = 'COMPLETED' AND ended_at > ?2 AND (?1 IS NULL OR tasks.account = ?1)`,
			...[account, now - HOUR_MS],
		);
		const {files = 0, rows = 0, bytes = 0, worked = 0, first = 0} = numbersOf(row ?? {});
		const perSecond = (count: number): number => (worked === 0 ? 0 : Math.round((count * 1000) / worked));
		const minutes = Math.max(1, Math.min(now - first, HOUR_MS) / MINUTE_MS);
		return {
			files_per_minute: Math.round((files / minutes) * 10) / 10,
			rows_per_second: perSecond(rows),
			bytes_per_second: perSecond(bytes),
		};
	}

	/** @param times - How long data sets and results are kept. */
	retentionOf(account: string | null, times: KeptTimes): readonly Retention[] {
		return retentionOf(this.#ledger, account, times);
	}

	storageOf(account: string | null) {
		const sum = (sql: string): Row => this.#ledger.get(sql, account) ?? {};
		const datasets = sum(
			`SELECT total(bytes) AS bytes, min(expires_at) AS oldest FROM datasets
			WHERE state = 'stored' AND (?1 IS NULL OR account = ?1)`,
		);
		const results = sum('SELECT total(length(report)) AS bytes FROM tasks WHERE ?1 IS NULL OR account = ?1');
		const events = sum('SELECT total(octet_length(line)) AS bytes FROM server_events WHERE ?1 IS NULL OR account = ?1');
		const oldest = datasets.oldest as number | null;
		return {
			...{
				datasets_bytes: Number(datasets.bytes),
				results_bytes: Number(results.bytes),
				events_bytes: Number(events.bytes),
			},
			oldest_expires_at: timeOf(oldest),
		};
	}

	/** What an account has had done, by the month in which it was asked for, the newest first. */
	monthsOf(account: string) {
		return this.#ledger
			.all(
				`SELECT strftime('%Y-%m', created_at / 1000, 'unixepoch') AS month, count(*) AS tasks,
					count(*) FILTER (WHERE tasks.state = 'COMPLETED') AS completed, count(*) FILTER (WHERE tasks.state = 'FAILED') AS failed,
					total(datasets.bytes) FILTER (WHERE tasks.state = 'COMPLETED') AS bytes,
					total(rows) AS rows, total(rejected_rows) AS rejected_rows
				FROM tasks JOIN datasets ON datasets.number = tasks.dataset WHERE tasks.account = ?
				GROUP BY month ORDER BY month DESC LIMIT 24`,
				account,
			)
			.map(({month, ...counts}) => ({month: String(month), ...numbersOf(counts)}));
	}

	/** What each account has, those with the most bytes first. */
	usageOfUsers(limit: number) {
		return this.#ledger
			.all(
				`SELECT id, name, role, files, bytes, running, waiting FROM accounts
				LEFT JOIN (SELECT account, count(*) AS files, total(bytes) AS bytes FROM datasets WHERE state = 'stored' GROUP BY account)
					AS stored ON stored.account = accounts.id
				LEFT JOIN (SELECT account, count(*) FILTER (WHERE state = 'PROCESSING') AS running,
					count(*) FILTER (WHERE state = 'QUEUED') AS waiting
					FROM tasks WHERE state IN ('QUEUED', 'PROCESSING') GROUP BY account) AS open ON open.account = accounts.id
				ORDER BY bytes DESC, name LIMIT ?`,
				limit,
			)
			.map(({id, name, role, ...counts}) => ({
				id: String(id),
				name: String(name),
				role: String(role),
				...numbersOf(counts),
			}));
	}

	/** Of the tasks that ended last, exact. */
	#times(account: string | null) {
		const seconds = this.#ledger
			.all(
				`SELECT (ended_at - started_at) / 1000.0 AS seconds FROM tasks WHERE (?1 IS NULL OR account = ?1) AND state = 'COMPLETED'
				ORDER BY number DESC LIMIT 10000`,
				account,
			)
			.map(row => Number(row.seconds))
			.sort((one, other) => one - other);
		const quantile = (part: number): number | null => seconds[Math.ceil(part * seconds.length) - 1] ?? null;
		const mean = seconds.length === 0 ? null : seconds.reduce((sum, each) => sum + each, 0) / seconds.length;
		return {mean, p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99)};
	}
}

/** What there is nothing of is 0. */
const numbersOf = (row: Row): Readonly<Record<string, number>> =>
	Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value ?? 0)]));
