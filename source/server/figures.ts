// Figures for operators and users, from the ledger.
import type {Row, ServerLedger} from '../ledger/server-ledger.ts';

export class Figures {
	readonly #ledger: ServerLedger;

	constructor(ledger: ServerLedger) {
		this.#ledger = ledger;
	}

	stored(): {readonly datasets: number; readonly results: number; readonly bytes: number} {
		const {datasets, bytes} =
			this.#ledger.get(`SELECT count(*) AS datasets, total(bytes) AS bytes FROM datasets WHERE state = 'stored'`) ?? {};
		const results = this.#ledger.get(`SELECT count(*) AS count FROM tasks WHERE report IS NOT NULL`)?.count;
		return {datasets: Number(datasets), results: Number(results), bytes: Number(bytes)};
	}

	events(): number {
		return Number(this.#ledger.get('SELECT count(*) AS count FROM server_events')?.count);
	}

	ofAccount(account: string) {
		const states = new Map(
			this.#ledger
				.all('SELECT state, count(*) AS count FROM tasks WHERE account = ? GROUP BY state', account)
				.map(({state, count}) => [String(state), Number(count)]),
		);
		const of = (state: string): number => states.get(state) ?? 0;
		const {read, rejected} =
			this.#ledger.get(
				'SELECT total(rows) AS read, total(rejected_rows) AS rejected FROM tasks WHERE account = ?',
				account,
			) ?? {};
		return {
			files: {
				...{completed: of('COMPLETED'), failed: of('FAILED'), cancelled: of('CANCELLED')},
				...{processing: of('PROCESSING'), queued: of('QUEUED')},
			},
			rows: {read: Number(read), rejected: Number(rejected)},
			times: this.#times(account),
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
	#times(account: string) {
		const seconds = this.#ledger
			.all(
				`SELECT (ended_at - started_at) / 1000.0 AS seconds FROM tasks WHERE account = ? AND state = 'COMPLETED'
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
