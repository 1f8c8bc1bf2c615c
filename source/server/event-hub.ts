// Gives events out to those who listen. What happened is in the ledger, so a listener is a place in it: one that does not read costs no memory,
// and one that comes again goes on where it was. Progress is only for those who keep up.
//
//   commit -> listeners of its accounts wait for a turn -> a page from the ledger, read once for all at the same place -> send
//   taken by the system -> the next page
import {randomBytes} from 'node:crypto';
import type {ServerChange, ServerLedger} from '../ledger/server-ledger.ts';
import type {EventId} from './event-id.ts';

export interface StreamEvent {
	/** Those that are no event of the log have one. */
	readonly name: 'reset' | 'snapshot' | null;
	/** Its place in the log; `null`: it has none. */
	readonly number: number | null;
	/** From where one may go on; `null`: from nowhere. */
	readonly id: string | null;
	/** JSON. */
	readonly line: string;
}

/** Shared by all to whom it is sent. */
export type Page = readonly StreamEvent[];

/** The session has ended; the server ends; events are gone that the listener has not had. */
export type EndReason = 'session-ended' | 'closing' | 'forgotten';

export type TransportName = 'sse' | 'websocket';

export interface Listener {
	readonly account: string;
	readonly transport: TransportName;
	/** Of one task only; `null`: of all. */
	readonly task: string | null;
	/** What it gets first. Asked for one by one, as it takes them. */
	readonly opening: Iterator<Page>;
	/** Events behind this one. */
	after: number;
	/** @param onTaken - Called when the system has taken all of it. */
	readonly send: (page: Page, onTaken: () => void) => void;
	/** What the system has not taken yet. */
	readonly bufferedBytes: () => number;
	readonly end: (reason: EndReason) => void;
	/** What its session or token hashes to: it ends with that; `null`: it needs none. */
	readonly token: Buffer | null;
	isSending: boolean;
}

const SHORT_LOG = 1000;
/** What a listener has waiting at most, besides what the system keeps for it. */
const PAGE_EVENTS = 64;
const PAGE_CHARACTERS = 16 * 1024;
/** Full pages that are kept for those who come to the same place: with what they are as bytes, 5 MB, in other alphabets 15. */
const KEPT_PAGES = 128;
/** With more that the system has not taken, a listener does not keep up. */
const KEEPS_UP_BYTES = 4096;
/** Listeners that are served before anybody else has a turn: a millisecond or two. */
const TURN_LISTENERS = 64;

export class EventHub {
	readonly #ledger: ServerLedger;
	/** Of this process, or of the log that it shares. */
	readonly #epoch: string;
	readonly #listeners = new Map<string, Set<Listener>>();
	/** Those for whom there may be something. */
	readonly #waiting = new Set<Listener>();
	/** Those asked for last, by where they begin. Each reader of a long log would else read all of it for itself, and leave it to be collected. */
	readonly #kept = new Map<string, Page>();
	#isTurnComing = false;
	#hasEnded = false;
	readonly #active: Record<TransportName, number> = {sse: 0, websocket: 0};
	/** How many have come and gone. */
	completedStreams = 0;
	/** How many listeners came with the id of an event that is gone, or that this log never had. */
	resets = 0;

	/** @throws {CommitError} When the ledger cannot be written. */
	static async open(ledger: ServerLedger): Promise<EventHub> {
		const {shared} = ledger;
		// Where several share the log of events, it is one, whoever gives events out.
		const epoch = shared === null ? randomBytes(4).toString('hex') : shared.log.slice(0, 8);
		await ledger.commit({statement: shared === null ? 'addEpoch' : 'addSharedEpoch', values: [epoch]});
		return new EventHub(ledger, epoch);
	}

	private constructor(ledger: ServerLedger, epoch: string) {
		this.#ledger = ledger;
		this.#epoch = epoch;
		ledger.onCommitted((changes, elapsedMs) => {
			this.#wakeFor(changes);
			if (elapsedMs === null && changes.some(({statement}) => statement === 'removeEvents')) this.forget();
		});
		ledger.onProgress((account, task, line) => this.tell(account, task, line));
	}

	get activeStreams(): number {
		return this.#active.sse + this.#active.websocket;
	}

	activeBy(transport: TransportName): number {
		return this.#active[transport];
	}

	streamsOf(account: string): number {
		return this.#listeners.get(account)?.size ?? 0;
	}

	/** The newest event there is. */
	newest(): number {
		return Number(this.#ledger.get(`SELECT seq FROM sqlite_sequence WHERE name = 'server_events'`)?.seq ?? 0);
	}

	/** The id of an event. */
	idOf(number: number): string {
		return `${this.#epoch}:${number}`;
	}

	/** The place of an event; `null`: events behind it are gone, or it is none of this log, which may be a copy from before it. */
	placeOf({epoch, number}: EventId): number | null {
		const row =
			epoch === null
				? // Ids were numbers before there were epochs.
					this.#ledger.get('SELECT min(after) AS end FROM event_epochs')
				: this.#ledger.get(
						`SELECT (SELECT min(after) FROM event_epochs AS later WHERE later.number > event_epochs.number) AS end
						FROM event_epochs WHERE name = ?`,
						epoch,
					);
		if (row === undefined) return null;
		const end = row.end === null ? this.newest() : Number(row.end);
		return number <= end && number >= this.#beforeOldest() ? number : null;
	}

	/** The place in front of the oldest event that there is. */
	#beforeOldest(): number {
		const oldest = this.#ledger.get('SELECT min(number) AS oldest FROM server_events')?.oldest;
		return oldest == null ? this.newest() : Number(oldest) - 1;
	}

	/** Whether the log of an account is whole and short: then it says more than how things are now. */
	isWhole(account: string): boolean {
		const row = this.#ledger.get(
			`SELECT count(*) AS count FROM (SELECT 1 FROM server_events WHERE account = ? LIMIT ${SHORT_LOG + 1})`,
			account,
		);
		return Number(row?.count) <= SHORT_LOG && this.#beforeOldest() === 0;
	}

	/** Whether the events of a task are there from the first one on. */
	hasStart(account: string, task: string): boolean {
		const row = this.#ledger.get(
			'SELECT line FROM server_events WHERE account = ? AND task = ? ORDER BY number LIMIT 1',
			...[account, task],
		);
		return row !== undefined && String(row.line).startsWith('{"type":"task-queued"');
	}

	add(listener: Listener): void {
		if (this.#hasEnded) {
			listener.end('closing');
			return;
		}
		const others = this.#listeners.get(listener.account);
		if (others === undefined) this.#listeners.set(listener.account, new Set([listener]));
		else others.add(listener);
		this.#active[listener.transport]++;
		this.#wake(listener);
	}

	remove(listener: Listener): void {
		const listeners = this.#listeners.get(listener.account);
		if (listeners?.delete(listener) !== true) return;
		if (listeners.size === 0) this.#listeners.delete(listener.account);
		this.#waiting.delete(listener);
		this.#active[listener.transport]--;
		this.completedStreams++;
	}

	/** Progress: the next one says more. */
	tell(account: string, task: string, line: string): void {
		const page: Page = [{name: null, number: null, id: null, line}];
		for (const listener of this.#listeners.get(account) ?? []) {
			if (listener.task !== null && listener.task !== task) continue;
			if (this.#isIdle(listener) && listener.bufferedBytes() < KEEPS_UP_BYTES) listener.send(page, () => {});
		}
	}

	/** The oldest events are gone: a listener who has not had them is told so when it comes again. */
	forget(): void {
		this.#kept.clear();
		const place = this.#beforeOldest();
		for (const listeners of this.#listeners.values()) {
			for (const listener of listeners) {
				if (listener.after >= place) continue;
				// All that is gone had been committed: who has nothing to wait for has had what was its own.
				if (this.#isIdle(listener)) listener.after = place;
				else listener.end('forgotten');
			}
		}
	}

	/** Whether it has had everything up to now. */
	#isIdle(listener: Listener): boolean {
		return !listener.isSending && !this.#waiting.has(listener);
	}

	/**
	Ends those whose session or token is not valid any more; nothing more is sent to them, however slowly they read.

	@param validOf - Gives those that are valid of some, as hexadecimal digits.
	*/
	endInvalid(validOf: (tokens: readonly Buffer[]) => ReadonlySet<string>): void {
		const byToken = new Map<string, {readonly token: Buffer; readonly listeners: Listener[]}>();
		for (const listeners of this.#listeners.values()) {
			for (const listener of listeners) {
				const {token} = listener;
				if (token === null) continue;
				const key = token.toString('hex');
				const known = byToken.get(key);
				if (known === undefined) byToken.set(key, {token, listeners: [listener]});
				else known.listeners.push(listener);
			}
		}
		if (byToken.size === 0) return;
		const valid = validOf(Array.from(byToken.values(), ({token}) => token));
		for (const [key, {listeners}] of byToken)
			if (!valid.has(key)) for (const listener of listeners) listener.end('session-ended');
	}

	/** Of those who come later, too. */
	endAll(): void {
		this.#hasEnded = true;
		for (const listeners of this.#listeners.values()) for (const listener of listeners) listener.end('closing');
	}

	#wakeFor(changes: readonly ServerChange[]): void {
		for (const {statement, values} of changes) {
			if (statement !== 'addEvent') continue;
			for (const listener of this.#listeners.get(String(values[0])) ?? []) this.#wake(listener);
		}
	}

	#wake(listener: Listener): void {
		this.#waiting.add(listener);
		if (this.#isTurnComing) return;
		this.#isTurnComing = true;
		setImmediate(() => this.#takeTurn());
	}

	/** Some listeners, and then whatever else the server has to do. */
	#takeTurn(): void {
		this.#isTurnComing = false;
		const pages = new Map<string, Page>();
		let count = 0;
		for (const listener of this.#waiting) {
			if (count++ === TURN_LISTENERS) break;
			this.#waiting.delete(listener);
			this.#serve(listener, pages);
		}
		const [next] = this.#waiting;
		if (next !== undefined) this.#wake(next);
	}

	/** @param pages - Those that others had in this turn. */
	#serve(listener: Listener, pages: Map<string, Page>): void {
		if (listener.isSending) return;
		const page = this.#nextPage(listener, pages);
		if (page.length === 0) return;
		listener.isSending = true;
		listener.send(page, () => {
			listener.isSending = false;
			if (this.#listeners.get(listener.account)?.has(listener) === true) this.#wake(listener);
		});
	}

	#nextPage(listener: Listener, pages: Map<string, Page>): Page {
		const {done, value} = listener.opening.next();
		if (done !== true) return value;
		const {account, task, after} = listener;
		const key = `${account} ${task} ${after}`;
		const page = pages.get(key) ?? this.#keptAt(key) ?? this.#read(account, task, after, key);
		pages.set(key, page);
		listener.after = page.at(-1)?.number ?? after;
		return page;
	}

	#keptAt(key: string): Page | undefined {
		const page = this.#kept.get(key);
		if (page !== undefined) this.#keep(key, page);
		return page;
	}

	#keep(key: string, page: Page): void {
		this.#kept.delete(key);
		this.#kept.set(key, page);
		if (this.#kept.size <= KEPT_PAGES) return;
		const [oldest] = this.#kept.keys();
		if (oldest !== undefined) this.#kept.delete(oldest);
	}

	/** @param key - A full page is kept by it: nothing is ever added to that. */
	#read(account: string, task: string | null, after: number, key: string): Page {
		const rows = this.#ledger.all(
			`SELECT number, line FROM server_events WHERE account = ?1 AND number > ?2 AND (?3 IS NULL OR task = ?3)
			ORDER BY number LIMIT ${PAGE_EVENTS}`,
			...[account, after, task],
		);
		let characters = 0;
		const events = rows.map(row => {
			const number = Number(row.number);
			return {name: null, number, id: this.idOf(number), line: String(row.line)};
		});
		const end = events.findIndex(({line}, place) => {
			characters += line.length;
			return place > 0 && characters > PAGE_CHARACTERS;
		});
		const page = end === -1 ? events : events.slice(0, end);
		if (end !== -1 || page.length === PAGE_EVENTS) this.#keep(key, page);
		return page;
	}
}
