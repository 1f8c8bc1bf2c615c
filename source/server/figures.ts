// Figures for operators and users, from the ledger.
import type {ServerLedger} from '../ledger/server-ledger.ts';

export class Figures {
	readonly #ledger: ServerLedger;

	constructor(ledger: ServerLedger) {
		this.#ledger = ledger;
	}

	stored(): {readonly datasets: number; readonly results: number; readonly bytes: number} {
		const {datasets, bytes} =
			this.#ledger.get(`SELECT count(*) AS datasets, total(bytes) AS bytes FROM datasets WHERE state = 'stored'`) ?? {};
		const results = this.#ledger.get(`SELECT count(*) AS count FROM tasks WHERE state = 'COMPLETED'`)?.count;
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
