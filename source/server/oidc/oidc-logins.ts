// Logins by a provider of the company (OpenID Connect): who may come in is looked at when they come, and again whenever what the provider has said expires.
import type {Row, ServerChange, ServerLedger} from '../../ledger/server-ledger.ts';
import {isConflict} from '../../ledger/start-commit-thread.ts';
import type {User} from '../accounts.ts';
import {auditLine} from '../audit/audit-line.ts';
import {createId, createSecret, hashSecret} from '../ids.ts';
import type {Passwords} from '../passwords.ts';
import {problem} from '../problem.ts';
import type {Role} from '../roles.ts';
import {MAX_CLIENT, type Origin, type SessionLimits, type Tokens, toUser} from '../tokens.ts';
import {type BegunLogins, KeptLogins, SealedLogins} from './begun-logins.ts';
import {type AllowedClaims, type Claims, findMissing, nameOf} from './claims.ts';
import type {Granted, Provider} from './provider.ts';

export interface OidcLoginsOptions {
	readonly ledger: ServerLedger;
	readonly tokens: Pick<Tokens, 'endStreams' | 'visits'>;
	readonly passwords: Passwords;
	readonly provider: Provider;
	readonly allowed: AllowedClaims;
	/** Of accounts that are made at the first login. */
	readonly role: Role;
	readonly limits: Pick<SessionLimits, 'sessionTtlMs'>;
	readonly onFault: (error: unknown) => void;
}

export interface OidcSession {
	readonly token: string;
	readonly expiresAt: number;
	readonly user: User;
	readonly to: string;
}

/** However long the provider says that it holds. */
const [MIN_CHECK_MS, MAX_CHECK_MS] = [30_000, 60 * 60_000];
const MAX_SAME_NAMES = 1000;

export class OidcLogins {
	readonly #options: OidcLoginsOptions;
	readonly #begun: BegunLogins;
	/** The one that is under way. */
	#checking: Promise<void> | null = null;
	/** Until when nothing is asked. */
	#restsUntil = 0;
	/** To ask by, by the grant, where it is not written down yet: what was used is of no use any more. */
	readonly #unwritten = new Map<string, string>();

	constructor(options: OidcLoginsOptions) {
		this.#options = options;
		const {shared} = options.ledger;
		this.#begun = shared === null ? new KeptLogins() : new SealedLogins(shared.secret);
	}

	get issuer(): string {
		return this.#options.provider.issuer;
	}

	/**
	@returns Where the browser goes, and what it must show when it comes back.
	@throws {Problem} Where the provider cannot be reached.
	*/
	async begin(redirectUri: string, to: string): Promise<{readonly address: string; readonly cookie: string}> {
		const challenge = this.#options.provider.newChallenge();
		const address = await this.#options.provider.addressFor(challenge, redirectUri);
		const cookie = this.#begun.keep({...challenge, redirectUri, to, at: Date.now()});
		return {address: address.href, cookie};
	}

	/** @throws {Problem} Where it was begun by nobody, or the provider or the claims keep it out. */
	async complete(query: string, cookie: string | null, origin: Origin): Promise<OidcSession> {
		const state = new URLSearchParams(query).get('state') ?? '';
		const begun = cookie === null ? null : this.#begun.take(state, cookie);
		if (begun === null)
			throw problem('PROVIDER_REFUSED', 'This login was not begun in this browser within ten minutes: begin again.');
		const granted = await this.#options.provider.exchange(new URL(`?${query}`, begun.redirectUri), begun);
		this.#assertAllowed(granted.claims);
		const user = await this.#accountOf(granted);
		return {...(await this.#logIn(user, granted, origin)), user, to: begun.to};
	}

	/** Asks the provider again of all whose time is over: who may not be in any more is out. What it gives to ask by is of use once, so this is done once at a time. */
	checkDue(): Promise<void> {
		this.#checking ??= this.#checkDue().finally(() => {
			this.#checking = null;
		});
		return this.#checking;
	}

	async #checkDue(): Promise<void> {
		if (Date.now() < this.#restsUntil) return;
		const rows = this.#options.ledger.all(
			`SELECT id, refresh_token, subject, provider_grants.account FROM provider_grants
			JOIN identities ON identities.account = provider_grants.account AND issuer = ? WHERE check_at <= ? AND refresh_token <> '' ORDER BY check_at`,
			...[this.issuer, Date.now()],
		);
		for (const row of rows) {
			const pauseMs = await this.#check(String(row.id), row);
			if (pauseMs === null) continue;
			// It is not well, so nobody else is asked about.
			this.#restsUntil = Date.now() + pauseMs;
			return;
		}
	}

	/** @returns How long the provider is to be left alone; `null`: there is no reason to. */
	async #check(id: string, {refresh_token: known, subject, account}: Row): Promise<number | null> {
		const {provider, allowed, ledger, onFault} = this.#options;
		const refreshToken = this.#unwritten.get(id) ?? String(known);
		const renewal = await provider.renew(refreshToken, String(subject));
		if (renewal.outcome === 'ended') {
			// Other logins of the same person are others to the provider, too.
			await this.#end(String(account), 'the provider has ended it', {statement: 'removeGrant', values: [id]});
			return null;
		}
		const newest = renewal.outcome === 'granted' ? renewal.granted.refreshToken : renewal.refreshToken;
		if (newest !== null && newest !== refreshToken) this.#unwritten.set(id, newest);
		if (renewal.outcome === 'unknown') {
			if (renewal.refreshToken !== String(known))
				await ledger.commit({statement: 'keepRefreshToken', values: [id, renewal.refreshToken]});
			this.#unwritten.delete(id);
			onFault(new Error(`${provider.issuer} does not say whether who has logged in by it may stay: ${renewal.reason}`));
			return renewal.pauseMs;
		}
		const missing = findMissing(renewal.granted.claims, allowed);
		if (missing === null)
			await ledger.commit({statement: 'renewGrant', values: [id, newest, checkAt(renewal.granted)]});
		else
			await this.#end(
				String(account),
				`the claim ${missing} lets it in no more`,
				{statement: 'removeTokens', values: [String(account)]},
				{statement: 'removeDropLinksOf', values: [String(account)]},
				{statement: 'removeGrantsOf', values: [String(account)]},
			);
		this.#unwritten.delete(id);
		return null;
	}

	async #end(account: string, reason: string, ...changes: readonly ServerChange[]): Promise<void> {
		const {ledger, tokens} = this.#options;
		await ledger.commit(...changes, auditLine({action: 'end-sessions', subject: account, details: {reason}}));
		tokens.visits.endOf(account);
		tokens.endStreams();
	}

	#assertAllowed(claims: Claims): void {
		const missing = findMissing(claims, this.#options.allowed);
		if (missing === null) return;
		throw problem(
			'CLAIM_NEEDED',
			`What the provider says of you as ${missing} does not let you in: ask an admin of this server.`,
		);
	}

	/** The account of who comes; made at the first time, and never one of the same name that is there already. */
	async #accountOf({subject, claims}: Granted): Promise<User> {
		const {ledger, passwords, role} = this.#options;
		const find = () =>
			ledger.get(
				'SELECT accounts.id, name, role FROM identities JOIN accounts ON accounts.id = account WHERE issuer = ? AND subject = ?',
				...[this.issuer, subject],
			);
		const known = find();
		if (known !== undefined) return toUser(known);
		// Nobody knows it, so nobody logs in by it.
		const password = await passwords.hash(createSecret(''), '');
		const wanted = nameOf(claims);
		for (let number = 1; number <= MAX_SAME_NAMES; number++) {
			const user: User = {id: createId('u'), name: number === 1 ? wanted : `${wanted}-${number}`, role};
			try {
				await ledger.commit(
					{statement: 'addAccount', values: [user.id, user.name, password, role, Date.now(), 0]},
					{statement: 'addIdentity', values: [this.issuer, subject, user.id]},
					auditLine({
						action: 'register',
						subject: user.id,
						account: user.id,
						details: {name: user.name, role, issuer: this.issuer},
					}),
				);
				return user;
			} catch (error) {
				if (!isConflict(error)) throw error;
				// The same person may have come twice at the same moment.
				const meanwhile = find();
				if (meanwhile !== undefined) return toUser(meanwhile);
			}
		}
		throw problem('NAME_TAKEN', `There are ${MAX_SAME_NAMES} accounts ${wanted} already: ask an admin.`);
	}

	async #logIn(
		user: User,
		granted: Granted,
		{address, client}: Origin,
	): Promise<Pick<OidcSession, 'token' | 'expiresAt'>> {
		const {ledger, limits} = this.#options;
		const [token, grant, now] = [createSecret('fps_'), createId('g'), Date.now()];
		const hash = hashSecret(token);
		const {refreshToken, expiresInMs} = granted;
		// Without anything to ask by, the login ends when what was said ends.
		const lifetimeMs = refreshToken === null ? Math.min(expiresInMs, limits.sessionTtlMs) : limits.sessionTtlMs;
		const expiresAt = now + lifetimeMs;
		try {
			await ledger.commit(
				{
					statement: 'addGrant',
					values: [grant, user.id, refreshToken ?? '', refreshToken === null ? expiresAt : checkAt(granted)],
				},
				{
					statement: 'addOidcSession',
					values: [hash, createId('t'), client.slice(0, MAX_CLIENT), now, expiresAt, address, user.id, grant],
					rows: 1,
				},
				auditLine({action: 'log-in-by-provider', subject: user.id, account: user.id, details: {issuer: this.issuer}}),
			);
		} catch (error) {
			if (!isConflict(error)) throw error;
			throw problem('LOGIN_FAILED', 'The account may not log in: ask an admin.', {about: user.id});
		}
		return {token, expiresAt};
	}
}

const checkAt = ({expiresInMs}: Granted): number =>
	Date.now() + Math.min(MAX_CHECK_MS, Math.max(MIN_CHECK_MS, expiresInMs));
