// What the secret that comes with a request stands for: a login of a person, or a token of a program. Only what a secret hashes to is kept, and the ledger is
// asked at each request, so what another process has written there, such as that an account is disabled, counts at once.

import type {Row, ServerChange, ServerLedger} from '../ledger/server-ledger.ts';
import {isConflict} from '../ledger/start-commit-thread.ts';
import type {User} from './accounts.ts';
import {auditLine} from './audit/audit-line.ts';
import type {EventHub} from './event-hub.ts';
import {createId, createSecret, hashSecret} from './ids.ts';
import {isGranted} from './oidc/grants.ts';
import {notFound} from './problem.ts';
import {mayCall, type Role, type Scope} from './roles.ts';
import {Visits} from './visits.ts';

/** How long a login lasts, after the last request and at most, and what it needs. */
export interface SessionLimits {
	readonly sessionIdleMs: number;
	readonly sessionTtlMs: number;
	/** From this role on, nobody does anything without a second factor. */
	readonly secondFactorRole: Role;
}

/** Somebody else has made the password; the role must have a second factor, and the account has none. */
export type Unready = 'password' | 'second-factor';

/** Who calls. */
export interface Caller {
	/** Of the login or the token. */
	readonly id: string;
	readonly user: User;
	/** `null`: a login, which may do all that the role may. */
	readonly scopes: readonly Scope[] | null;
	/** `null`: the login may do all that the role may; else what must be done before. */
	readonly unready: Unready | null;
}

/** Where a request comes from. */
export interface Origin {
	readonly address: string;
	/** What the program calls itself; `''`: it does not say. */
	readonly client: string;
}

export interface NewSession {
	readonly token: string;
	readonly expiresAt: number;
	readonly change: ServerChange;
}

export interface Session {
	readonly id: string;
	readonly hash: Buffer;
	readonly client: string;
	readonly createdAt: number;
	readonly expiresAt: number;
	/** When it ends unless it is used before. */
	readonly endsUnusedAt: number;
	readonly usedAt: number;
	readonly usedFrom: string;
}

/** The last use is known to the minute: it is not worth a write at each request. */
const USE_STEP_MS = 60_000;
export const MAX_CLIENT = 200;

/** What must hold of a token, with the time and the end of patience with idle sessions. */
const VALID = `is_disabled = 0 AND (expires_at IS NULL OR expires_at > ?2) AND (kind = 'api' OR used_at > ?3) AND ${isGranted('tokens')}`;

interface Use {
	readonly hash: Buffer;
	readonly at: number;
	readonly address: string;
}

export class Tokens {
	readonly visits: Visits;
	readonly #ledger: ServerLedger;
	readonly #limits: SessionLimits;
	readonly #hub: Pick<EventHub, 'endInvalid'>;
	/** Not written yet, by the hash. */
	readonly #uses = new Map<string, Use>();

	constructor(ledger: ServerLedger, limits: SessionLimits, hub: Pick<EventHub, 'endInvalid'>) {
		this.#ledger = ledger;
		this.#limits = limits;
		this.#hub = hub;
		this.visits = new Visits(ledger, () => this.#endInvalidStreams());
	}

	/** `null`: the secret is nobody's, or not any more. */
	find(secret: string, address: string): Caller | null {
		const [hash, now] = [hashSecret(secret), Date.now()];
		const visitor = this.visits.find(hash);
		if (visitor !== null) return {...visitor, scopes: null, unready: null};
		const row = this.#ledger.get(
			`SELECT accounts.id, accounts.name, role, tokens.id AS token, must_change_password, kind, scopes, used_at, confirmed_at,
				provider_grant IS NOT NULL AS is_by_provider
			FROM tokens JOIN accounts ON accounts.id = tokens.account
			LEFT JOIN second_factors ON second_factors.account = accounts.id WHERE hash = ?1 AND ${VALID}`,
			...[hash, now, now - this.#limits.sessionIdleMs],
		);
		if (row === undefined) return null;
		if (now - Number(row.used_at ?? 0) >= USE_STEP_MS) this.#uses.set(hash.toString('hex'), {hash, at: now, address});
		const isSession = row.kind === 'session';
		const user = toUser(row);
		return {
			id: String(row.token),
			user,
			scopes: isSession ? null : (String(row.scopes).split(' ') as Scope[]),
			unready: isSession ? this.#findUnready(user, row) : null,
		};
	}

	#findUnready({role}: User, row: Row): Unready | null {
		const {must_change_password: mustChange, confirmed_at: confirmedAt, is_by_provider: isByProvider} = row;
		if (mustChange !== 0) return 'password';
		// The provider asks for more than one factor itself.
		if (isByProvider === 1) return null;
		return confirmedAt === null && mayCall(role, this.#limits.secondFactorRole) ? 'second-factor' : null;
	}

	isValid(hash: Buffer): boolean {
		if (this.visits.find(hash) !== null) return true;
		const now = Date.now();
		const row = this.#ledger.get(
			`SELECT 1 AS found FROM tokens JOIN accounts ON accounts.id = tokens.account WHERE hash = ?1 AND ${VALID}`,
			...[hash, now, now - this.#limits.sessionIdleMs],
		);
		return row !== undefined;
	}

	/** Of many at once: a question for each of them would hold up everybody else. @returns As hexadecimal digits. */
	#validOf(hashes: readonly Buffer[]): ReadonlySet<string> {
		const now = Date.now();
		const rows = this.#ledger.all(
			`SELECT lower(hex(tokens.hash)) AS hash FROM json_each(?1) AS given JOIN tokens ON tokens.hash = unhex(given.value)
			JOIN accounts ON accounts.id = tokens.account WHERE ${VALID}`,
			...[JSON.stringify(hashes.map(hash => hash.toString('hex'))), now, now - this.#limits.sessionIdleMs],
		);
		const visits = hashes.filter(hash => this.visits.find(hash) !== null).map(hash => hash.toString('hex'));
		return new Set([...rows.map(({hash}) => String(hash)), ...visits]);
	}

	/**
	@param proof - The password as it was when it was compared, and whether a second factor was asked for, too: nobody logs in by what has been
	changed meanwhile.
	*/
	newSession(
		account: string,
		proof: {readonly password: string; readonly hasFactor: boolean},
		{address, client}: Origin,
	): NewSession {
		const [token, now] = [createSecret('fps_'), Date.now()];
		const expiresAt = now + this.#limits.sessionTtlMs;
		return {
			token,
			expiresAt,
			change: {
				statement: 'addSession',
				values: [
					hashSecret(token),
					createId('t'),
					client.slice(0, MAX_CLIENT),
					now,
					expiresAt,
					address,
					account,
					proof.password,
					proof.hasFactor ? 1 : 0,
				],
				rows: 1,
			},
		};
	}

	/** The one that was used last first. */
	sessionsOf(account: string): readonly Session[] {
		const now = Date.now();
		const rows = this.#ledger.all(
			`SELECT tokens.id, hash, tokens.name, tokens.created_at, expires_at, used_at, used_from
			FROM tokens JOIN accounts ON accounts.id = tokens.account
			WHERE account = ?1 AND kind = 'session' AND ${VALID} ORDER BY used_at DESC, tokens.id`,
			...[account, now, now - this.#limits.sessionIdleMs],
		);
		return rows.map(row => toSession(row, this.#limits.sessionIdleMs));
	}

	/** @throws {Problem} Where the account has no such session. */
	async endSession(
		account: string,
		id: string,
		action: 'end-session' | 'end-session-of-user' = 'end-session',
	): Promise<void> {
		try {
			await this.#ledger.commit(
				{statement: 'removeSession', values: [account, id], rows: 1},
				auditLine({action, subject: id, details: {owner: account}}),
			);
		} catch (error) {
			throw isConflict(error) ? notFound('session') : error;
		}
		this.endStreams();
	}

	async logOut(secret: string): Promise<void> {
		await this.#ledger.commit(
			{statement: 'removeToken', values: [hashSecret(secret)]},
			auditLine({action: 'log-out', subject: null}),
		);
		this.endStreams();
	}

	/** Ends the streams, and the visits by SSH, of those who may not have them any more. */
	endStreams(): void {
		this.visits.endInvalid();
		this.#endInvalidStreams();
	}

	#endInvalidStreams(): void {
		this.#hub.endInvalid(hashes => this.#validOf(hashes));
	}

	/** @throws {CommitError} When they cannot be written now: they are lost, and the next use of each is written. */
	async writeUses(): Promise<void> {
		const uses = Array.from(this.#uses.values());
		this.#uses.clear();
		if (uses.length === 0) return;
		await this.#ledger.commit(
			...uses.map(({hash, at, address}) => ({statement: 'useToken', values: [at, address, hash]}) as const),
		);
	}

	/** To be written from time to time. */
	removalOfExpired(now: number): ServerChange {
		return {statement: 'removeExpiredTokens', values: [now, now - this.#limits.sessionIdleMs]};
	}
}

export const toUser = ({id, name, role}: Row): User => ({
	id: String(id),
	name: String(name),
	role: String(role) as Role,
});

const toSession = (row: Row, idleMs: number): Session => ({
	id: String(row.id),
	hash: Buffer.from(row.hash as Uint8Array),
	client: String(row.name),
	createdAt: Number(row.created_at),
	expiresAt: Number(row.expires_at),
	endsUnusedAt: Math.min(Number(row.used_at) + idleMs, Number(row.expires_at)),
	usedAt: Number(row.used_at),
	usedFrom: String(row.used_from),
});
