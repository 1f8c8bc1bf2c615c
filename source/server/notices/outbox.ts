// Sends what is written down to be sent, again and again until it has arrived or has failed too often. All of its state is in the ledger, so the
// next process goes on; what was under way when one died is sent once more, with the same id.
import type {Row, ServerChange, ServerLedger} from '../../ledger/server-ledger.ts';
import {lineOf} from '../event-line.ts';
import {timeOf} from '../time-of.ts';
import type {AnyNoticeType} from './notice.ts';
import type {Send, Sent} from './sending.ts';

const [SECOND_MS, MINUTE_MS, HOUR_MS] = [1000, 60_000, 3_600_000];
/** Until the next attempt, after so many have failed. */
const DELAYS_MS = [
	...[5 * SECOND_MS, 5 * MINUTE_MS, 30 * MINUTE_MS],
	...[2, 5, 10, 14, 20, 24].map(hours => hours * HOUR_MS),
];
/** So that those that failed together do not come again together. */
const JITTER = 0.1;
/** An endpoint that has failed so often in a row rests, and is tried once after that time. */
const FAILURES_UNTIL_REST = 15;
const REST_MS = HOUR_MS;
const MAX_AT_ONCE = 32;
/** A receiver that does not answer keeps the others from nothing. */
const MAX_AT_ONCE_OF_ENDPOINT = 4;
/** The clock may be set meanwhile. */
const MAX_SLEEP_MS = MINUTE_MS;
/** After something that has nothing to do with the receiver, as a ledger that cannot be written. */
const FAULT_MS = 5000;

/** Who has been disabled gets nothing. */
const SENDABLE = `FROM deliveries JOIN endpoints ON endpoints.number = deliveries.endpoint JOIN notices ON notices.number = deliveries.notice
	WHERE deliveries.state = 'pending'
		AND (endpoints.state = 'on' OR (endpoints.state = 'unconfirmed' AND notices.type = 'webhook.confirm'))
		AND NOT EXISTS (SELECT 1 FROM accounts WHERE accounts.id = endpoints.account AND is_disabled = 1)
		AND deliveries.number NOT IN (SELECT value FROM json_each(?1)) AND endpoints.number NOT IN (SELECT value FROM json_each(?2))`;

const NEXT = `SELECT deliveries.number, deliveries.endpoint, deliveries.failures, endpoints.id AS endpoint_id, endpoints.account, url, secret,
		old_secret, old_secret_until, endpoints.failures AS endpoint_failures, notices.id AS notice, type, body ${SENDABLE}
		AND next_at <= ?3 AND coalesce(rests_until, 0) <= ?3 ORDER BY next_at, deliveries.number LIMIT 1`;

const NEXT_AT = `SELECT min(max(next_at, coalesce(rests_until, 0))) AS at ${SENDABLE}`;

export interface OutboxOptions {
	readonly ledger: ServerLedger;
	readonly send: Send;
	readonly onFault: (error: unknown) => void;
	/** Called after each attempt. */
	readonly onAttempt?: (outcome: 'delivered' | 'retried' | 'dead') => void;
}

export class Outbox {
	readonly #options: OutboxOptions;
	readonly #underWay = new Map<number, {readonly endpoint: number; readonly done: Promise<void>}>();
	readonly #closing = new AbortController();
	#timer: NodeJS.Timeout | undefined;

	constructor(options: OutboxOptions) {
		this.#options = options;
		options.ledger.onCommitted(changes => {
			if (changes.some(({statement}) => WAKING.has(statement))) this.wake();
		});
	}

	/** Sends what is due, and what will be due in its time. */
	wake(): void {
		try {
			this.#startAll();
		} catch (error) {
			this.#options.onFault(error);
			this.#sleep(FAULT_MS);
		}
	}

	/** What is under way is given up, and sent by the next process. */
	async close(): Promise<void> {
		this.#closing.abort(new Error('The server ends'));
		clearTimeout(this.#timer);
		await Promise.all(Array.from(this.#underWay.values(), ({done}) => done));
	}

	#startAll(): void {
		const {ledger} = this.#options;
		// Of several instances one sends; another one that becomes the keeper is woken by its housekeeping.
		if (ledger.shared?.isKeeper === false) return;
		while (!this.#closing.signal.aborted && this.#underWay.size < MAX_AT_ONCE) {
			const taken = this.#taken();
			const row = ledger.get(NEXT, ...taken, Date.now());
			if (row === undefined) {
				const at = ledger.get(NEXT_AT, ...taken)?.at;
				if (at != null) this.#sleep(Number(at) - Date.now());
				return;
			}
			this.#start(row);
		}
	}

	/** What is under way, and the endpoints that get nothing more meanwhile. One that has failed gets one at a time. */
	#taken(): readonly [deliveries: string, endpoints: string] {
		const counts = new Map<number, number>();
		for (const {endpoint} of this.#underWay.values()) counts.set(endpoint, (counts.get(endpoint) ?? 0) + 1);
		const failing = this.#options.ledger.all(
			'SELECT number FROM endpoints WHERE failures > 0 AND number IN (SELECT value FROM json_each(?))',
			JSON.stringify([...counts.keys()]),
		);
		const isFailing = new Set(failing.map(({number}) => Number(number)));
		const full = [...counts].filter(([endpoint, count]) => count >= MAX_AT_ONCE_OF_ENDPOINT || isFailing.has(endpoint));
		return [JSON.stringify([...this.#underWay.keys()]), JSON.stringify(full.map(([endpoint]) => endpoint))];
	}

	#start(row: Row): void {
		const number = Number(row.number);
		const done = this.#attempt(row)
			.then(
				() => true,
				(error: unknown) => {
					if (!this.#closing.signal.aborted) this.#options.onFault(error);
					return false;
				},
			)
			.then(isWell => {
				this.#underWay.delete(number);
				if (isWell) this.wake();
				else this.#sleep(FAULT_MS);
			});
		this.#underWay.set(number, {endpoint: Number(row.endpoint), done});
	}

	async #attempt(row: Row): Promise<void> {
		const {ledger, send, onAttempt} = this.#options;
		const begunAt = Date.now();
		const isOldSecretInUse = row.old_secret !== null && Number(row.old_secret_until) > begunAt;
		const sent = await send({
			url: String(row.url),
			secrets: [String(row.secret), ...(isOldSecretInUse ? [String(row.old_secret)] : [])],
			notice: {id: String(row.notice), type: row.type as AnyNoticeType, body: String(row.body)},
			signal: this.#closing.signal,
		});
		const {status, fault} = sent;
		const ms = Date.now() - begunAt;
		const number = Number(row.number);
		const {outcome, changes} = fault === null ? arrived(row) : failed(row, sent, fault);
		await ledger.commit({statement: 'addDeliveryAttempt', values: [number, begunAt, ms, status, fault]}, ...changes);
		onAttempt?.(outcome);
	}

	#sleep(ms: number): void {
		clearTimeout(this.#timer);
		if (this.#closing.signal.aborted) return;
		this.#timer = setTimeout(() => this.wake(), Math.max(0, Math.min(ms, MAX_SLEEP_MS)));
		this.#timer.unref();
	}
}

/** Changes after which there may be something to send. */
const WAKING: ReadonlySet<string> = new Set<ServerChange['statement']>([
	...(['addDeliveries', 'addDelivery', 'sendAgain', 'changeEndpoint', 'confirmEndpoint'] as const),
]);

interface AttemptEnd {
	readonly outcome: 'delivered' | 'retried' | 'dead';
	readonly changes: readonly ServerChange[];
}

const arrived = ({number, endpoint}: Row): AttemptEnd => ({
	outcome: 'delivered',
	changes: [
		{statement: 'endDelivery', values: [Number(number), 'delivered', Date.now()]},
		{statement: 'forgetFailures', values: [Number(endpoint)]},
	],
});

/** @param fault - What was wrong, as a sentence. */
function failed(row: Row, {retryAfterMs, isGone}: Sent, fault: string): AttemptEnd {
	const [number, endpoint, now] = [Number(row.number), Number(row.endpoint), Date.now()];
	const say = (type: string, members: object): ServerChange => ({
		statement: 'addEvent',
		values: [String(row.account), null, lineOf(type, {webhookId: row.endpoint_id, reason: fault, ...members})],
	});
	const dead: ServerChange = {statement: 'endDelivery', values: [number, 'failed', now]};
	if (isGone)
		return {
			outcome: 'dead',
			changes: [
				dead,
				{statement: 'switchOffEndpoint', values: [endpoint, `${fault}: the receiver wants no more notices`]},
				say('webhook-switched-off', {}),
			],
		};
	const failuresOfEndpoint = Number(row.endpoint_failures) + 1;
	const restsUntil = failuresOfEndpoint >= FAILURES_UNTIL_REST ? now + REST_MS : null;
	const changes: ServerChange[] = [{statement: 'countFailure', values: [endpoint, restsUntil]}];
	// It is said once, not after each attempt that follows.
	if (failuresOfEndpoint === FAILURES_UNTIL_REST) changes.push(say('webhook-resting', {until: timeOf(restsUntil)}));
	const delayMs = delayAfter(Number(row.failures) + 1);
	if (delayMs === null) return {outcome: 'dead', changes: [...changes, dead]};
	const nextAt = now + Math.max(delayMs, retryAfterMs);
	return {outcome: 'retried', changes: [...changes, {statement: 'delayDelivery', values: [number, nextAt]}]};
}

/** @returns `null`: it is not tried again. */
export function delayAfter(failures: number, random: () => number = Math.random): number | null {
	const delayMs = DELAYS_MS[failures - 1];
	return delayMs === undefined ? null : Math.round(delayMs * (1 + JITTER * random()));
}
