// Gives events out to those who listen. What happened is in the ledger, so a listener is a place in it: a slow one costs no memory, and one
// that comes again goes on where it was. Progress is only for those who keep up.
import type {ServerLedger} from '../ledger/server-ledger.ts';

export interface Listener {
	readonly account: string;
	/** Of one task only; `null`: of all. */
	readonly task: string | null;
	/** Events behind this one. */
	after: number;
	/** @returns Whether more may follow at once. */
	readonly send: (event: {readonly number: number | null; readonly line: string}) => boolean;
	readonly end: () => void;
	/** What its session or token hashes to: it ends with that; `null`: it needs none. */
	readonly token: Buffer | null;
	isBusy: boolean;
}

const SHORT_LOG = 1000;
/** Taken from the ledger at a time. */
const PAGE_EVENTS = 64;

export class EventHub {
	readonly #ledger: ServerLedger;
	readonly #listeners = new Set<Listener>();
	/** How many have come and gone. */
	completedStreams = 0;

	constructor(ledger: ServerLedger) {
		this.#ledger = ledger;
	}

	get activeStreams(): number {
		return this.#listeners.size;
	}

	streamsOf(account: string): number {
		return Array.from(this.#listeners).filter(listener => listener.account === account).length;
	}

	/** The newest event there is. */
	newest(): number {
		return Number(this.#ledger.get('SELECT max(number) AS newest FROM server_events')?.newest ?? 0);
	}

	/** Whether the log of an account is whole and short: then it says more than how things are now. */
	isWhole(account: string): boolean {
		const row = this.#ledger.get(
			`SELECT count(*) AS count FROM (SELECT 1 FROM server_events WHERE account = ? LIMIT ${SHORT_LOG + 1})`,
			account,
		);
		return Number(row?.count) <= SHORT_LOG && this.has(0);
	}

	/** Whether all events behind this one are still there. */
	has(after: number): boolean {
		const oldest = this.#ledger.get('SELECT min(number) AS oldest FROM server_events')?.oldest;
		if (after > this.newest()) return false;
		return oldest === null || oldest === undefined || after >= Number(oldest) - 1;
	}

	add(listener: Listener): void {
		this.#listeners.add(listener);
		this.pump(listener);
	}

	remove(listener: Listener): void {
		if (this.#listeners.delete(listener)) this.completedStreams++;
	}

	/** There are new events in the ledger. */
	wake(): void {
		for (const listener of this.#listeners) this.pump(listener);
	}

	/** Sends what there is, until the listener is busy. */
	pump(listener: Listener): void {
		while (!listener.isBusy && this.#listeners.has(listener)) {
			const {account, task, after} = listener;
			const newest = this.newest();
			const rows = this.#ledger.all(
				`SELECT number, line FROM server_events WHERE account = ?1 AND number > ?2 AND (?3 IS NULL OR task = ?3)
				ORDER BY number LIMIT ${PAGE_EVENTS}`,
				...[account, after, task],
			);
			for (const {number, line} of rows) {
				listener.after = Number(number);
				if (!listener.send({number: Number(number), line: String(line)})) listener.isBusy = true;
			}
			if (rows.length === PAGE_EVENTS) continue;
			// Those of others may be forgotten: it has not missed them.
			listener.after = Math.max(listener.after, newest);
			return;
		}
	}

	/** The oldest events are gone: a listener who has not had them is told so when it comes again. */
	forget(): void {
		for (const listener of this.#listeners) if (!this.has(listener.after)) listener.end();
	}

	/** Whether the events of a task are there from the first one on. */
	hasStart(account: string, task: string): boolean {
		const row = this.#ledger.get(
			'SELECT line FROM server_events WHERE account = ? AND task = ? ORDER BY number LIMIT 1',
			...[account, task],
		);
		return row !== undefined && String(row.line).startsWith('{"type":"task-queued"');
	}

	/** Progress: the next one says more. */
	tell(account: string, task: string, line: string): void {
		for (const listener of this.#listeners) {
			if (listener.isBusy || listener.account !== account) continue;
			if (listener.task === null || listener.task === task) listener.isBusy = !listener.send({number: null, line});
		}
	}

	/** Ends those whose session or token is not valid any more; nothing more is sent to them, however slowly they read. */
	endInvalid(isValid: (token: Buffer) => boolean): void {
		const known = new Map<string, boolean>();
		for (const listener of this.#listeners) {
			if (listener.token === null) continue;
			const key = listener.token.toString('hex');
			const isKnownValid = known.get(key) ?? isValid(listener.token);
			known.set(key, isKnownValid);
			if (isKnownValid) continue;
			this.remove(listener);
			listener.end();
		}
	}

	endAll(): void {
		for (const listener of this.#listeners) listener.end();
	}
}
