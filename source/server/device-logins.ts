// Programs that a person lets in from elsewhere (RFC 8628): the program shows a code, somebody who is logged in types it and says yes, and the program
// gets a login of that account.
import type {ServerLedger} from '../ledger/server-ledger.ts';
import {isConflict} from '../ledger/start-commit-thread.ts';
import type {User} from './accounts.ts';
import {auditLine} from './audit/audit-line.ts';
import {createId, createSecret, createUserCode, hashSecret} from './ids.ts';
import {LoginDelays, USER_CODE_PATIENCE} from './login-delays.ts';
import {notFound, type Problem, problem} from './problem.ts';
import {MAX_CLIENT, type Origin, type SessionLimits, toUser} from './tokens.ts';

export interface DeviceCode {
	readonly deviceCode: string;
	readonly userCode: string;
	readonly expiresInSeconds: number;
	readonly intervalSeconds: number;
}

/** What is shown to the person who is to decide. */
export interface DeviceRequest {
	readonly client: string;
	readonly askedFrom: string;
	readonly createdAt: number;
	readonly expiresAt: number;
}

export interface DeviceSession {
	readonly token: string;
	readonly expiresAt: number;
	readonly user: User;
}

/** Who decides, with what the login hashes to. */
export interface Decider {
	readonly user: User;
	readonly token: Buffer;
	readonly address: string;
}

const LIFETIME_MS = 15 * 60_000;
const INTERVAL_MS = 5000;
/** Networks are not even: a question may come a little early. */
const EARLY_MS = 500;
/** A flood of them takes no more than this much of the ledger. */
const MAX_PENDING = 1000;
/** Programs whose last question is remembered. */
const MAX_POLLS = 2 * MAX_PENDING;

interface Poll {
	readonly at: number;
	readonly intervalMs: number;
}

export class DeviceLogins {
	readonly #ledger: ServerLedger;
	readonly #limits: Pick<SessionLimits, 'sessionTtlMs'>;
	readonly #delays = new LoginDelays(USER_CODE_PATIENCE);
	/** The one that asked longest ago first, by what its code hashes to. */
	readonly #polls = new Map<string, Poll>();

	constructor(ledger: ServerLedger, limits: Pick<SessionLimits, 'sessionTtlMs'>) {
		this.#ledger = ledger;
		this.#limits = limits;
	}

	/** @throws {Problem} Where too many wait. */
	async begin({address, client}: Origin): Promise<DeviceCode> {
		const [deviceCode, userCode, now] = [createSecret('fpc_'), createUserCode(), Date.now()];
		try {
			await this.#ledger.commit({
				statement: 'addDeviceLogin',
				values: [
					...[hashSecret(deviceCode), hashSecret(userCode), client.slice(0, MAX_CLIENT), address],
					...[now, now + LIFETIME_MS, MAX_PENDING],
				],
				rows: 1,
			});
		} catch (error) {
			if (!isConflict(error)) throw error;
			throw problem('TOO_MANY_CODES', `${MAX_PENDING} programs wait for somebody to let them in.`, {retryAfter: 60});
		}
		return {
			...{deviceCode, userCode},
			...{expiresInSeconds: LIFETIME_MS / 1000, intervalSeconds: INTERVAL_MS / 1000},
		};
	}

	/**
	What the person is asked about.

	@throws {Problem} 404 where there is no such code, or not any more; 429 after many of these.
	*/
	async look({user, address}: Pick<Decider, 'user' | 'address'>, typed: string): Promise<DeviceRequest> {
		const row = this.#ledger.get(
			`SELECT client, asked_from, created_at, expires_at FROM device_logins WHERE user_hash = ? AND state = 'pending' AND expires_at > ?`,
			...[hashOf(typed), Date.now()],
		);
		const isKnown = await this.#delays.guard(user.name, address, async () => row !== undefined);
		if (row === undefined || !isKnown) throw unknownCode();
		return {
			...{client: String(row.client), askedFrom: String(row.asked_from)},
			...{createdAt: Number(row.created_at), expiresAt: Number(row.expires_at)},
		};
	}

	/** @throws {Problem} As `look`. */
	async decide(decider: Decider, typed: string, decision: 'allow' | 'deny'): Promise<void> {
		const {user, token} = decider;
		const {client, askedFrom} = await this.look(decider, typed);
		const state = decision === 'allow' ? 'allowed' : 'denied';
		try {
			await this.#ledger.commit(
				{statement: 'decideDeviceLogin', values: [hashOf(typed), state, user.id, token, Date.now()], rows: 1},
				auditLine({
					...{action: 'let-program-in', subject: user.id, account: user.id},
					details: {decision, client, asked_from: askedFrom},
				}),
			);
		} catch (error) {
			// Somebody else was first.
			throw isConflict(error) ? unknownCode() : error;
		}
	}

	/**
	Asked by the program from time to time.

	@throws {Problem} As long as nobody has decided, and where nothing comes of it.
	*/
	async fetch(deviceCode: string, origin: Origin): Promise<DeviceSession> {
		const hash = hashSecret(deviceCode);
		const row = this.#ledger.get('SELECT state, expires_at FROM device_logins WHERE device_hash = ?', hash);
		if (row === undefined || Number(row.expires_at) <= Date.now())
			throw refusal('EXPIRED_TOKEN', 'The code has expired, was used, or was never given out: begin again.');
		this.#notePoll(hash.toString('hex'));
		if (row.state === 'pending') throw refusal('AUTHORIZATION_PENDING', 'Nobody has let the program in yet.');
		if (row.state === 'denied') throw await this.#refused(hash, 'The person has refused to let the program in.');
		return this.#logIn(hash, origin);
	}

	async #logIn(hash: Buffer, {address, client}: Origin): Promise<DeviceSession> {
		const [token, id, now] = [createSecret('fps_'), createId('t'), Date.now()];
		const expiresAt = now + this.#limits.sessionTtlMs;
		const owner = this.#ledger.get(
			'SELECT id, name, role FROM accounts WHERE id = (SELECT account FROM device_logins WHERE device_hash = ?)',
			hash,
		);
		if (owner === undefined) throw await this.#refused(hash, NOT_ANY_MORE);
		const user = toUser(owner);
		try {
			await this.#ledger.commit(
				{
					statement: 'addDeviceSession',
					values: [hashSecret(token), id, client.slice(0, MAX_CLIENT), now, expiresAt, address, hash],
					rows: 1,
				},
				{statement: 'removeDeviceLogin', values: [hash], rows: 1},
				auditLine({action: 'log-in-program', subject: user.id, account: user.id, details: {client}}),
			);
		} catch (error) {
			if (!isConflict(error)) throw error;
			throw await this.#refused(hash, NOT_ANY_MORE);
		}
		return {token, expiresAt, user};
	}

	/** It is told once. */
	async #refused(hash: Buffer, detail: string): Promise<Problem> {
		await this.#ledger.commit({statement: 'removeDeviceLogin', values: [hash]});
		return refusal('ACCESS_DENIED', detail);
	}

	/** @throws {Problem} Where it asks too often, from then on with a longer interval. */
	#notePoll(key: string): void {
		const [known, now] = [this.#polls.get(key), Date.now()];
		const isEarly = known !== undefined && now - known.at < known.intervalMs - EARLY_MS;
		const intervalMs = (known?.intervalMs ?? INTERVAL_MS) + (isEarly ? INTERVAL_MS : 0);
		this.#polls.delete(key);
		this.#polls.set(key, {at: now, intervalMs});
		for (const oldest of this.#polls.keys()) {
			if (this.#polls.size <= MAX_POLLS) break;
			this.#polls.delete(oldest);
		}
		if (isEarly)
			throw refusal('SLOW_DOWN', `Ask every ${intervalMs / 1000} seconds from now on.`, {
				interval: intervalMs / 1000,
			});
	}
}

const NOT_ANY_MORE = 'Who has let the program in has logged out since, or may not log in any more.';

/** People type it in any case, with and without its dash. */
function hashOf(typed: string): Buffer {
	const letters = typed.toUpperCase().replaceAll(/[^A-Z]/g, '');
	return hashSecret(`${letters.slice(0, 4)}-${letters.slice(4)}`);
}

const unknownCode = (): Problem => notFound('code');

/** As RFC 6749 names it, too. */
const refusal = (
	code: 'AUTHORIZATION_PENDING' | 'SLOW_DOWN' | 'EXPIRED_TOKEN' | 'ACCESS_DENIED',
	detail: string,
	more: Readonly<Record<string, unknown>> = {},
): Problem => problem(code, detail, {more: {error: code.toLowerCase(), ...more}});
