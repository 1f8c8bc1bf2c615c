// People who have come in by SSH, who were identified there. A secret stands for each of them as long as the connection lasts: it is in memory alone, and
// the account is asked for at each request, as for other logins.
import type {ServerChange, ServerLedger} from '../ledger/server-ledger.ts';
import {isConflict} from '../ledger/start-commit-thread.ts';
import type {Proof, User} from './accounts.ts';
import {actAs, auditLine} from './audit/audit-line.ts';
import {createId, createSecret, hashSecret} from './ids.ts';
import {mayCall, type Role} from './roles.ts';

export interface Visit {
	readonly token: string;
	readonly user: User;
	readonly end: () => void;
	/** Aborted when the account may not have it any more: it is disabled, has another password, or all its logins were ended. */
	readonly ended: AbortSignal;
}

export interface Visitor {
	/** Of the visit. */
	readonly id: string;
	readonly user: User;
}

interface KnownVisit extends Guest {
	readonly id: string;
	readonly role: Role;
	/** Of the account as it was at the beginning, hashed; `null`: there is no account. Who gets another one has all logins ended. */
	readonly password: string | null;
	readonly ending: AbortController;
}

export interface Guest {
	readonly user: User;
	/** Whether there is an account of the user: without accounts there is none. */
	readonly hasAccount: boolean;
}

export interface VisitOrigin {
	readonly address: string;
	/** The fingerprint of the key. */
	readonly key: string;
}

const PREFIX = 'fpv_';

/** Whether it is the secret of a visit, also of one that has ended. */
export const isOfVisit = (secret: string): boolean => secret.startsWith(PREFIX);

export class Visits {
	readonly #ledger: ServerLedger;
	readonly #known = new Map<string, KnownVisit>();
	readonly #onEnd: () => void;

	/** @param onEnd - Called when a visit has ended, and what depends on it must end, too. */
	constructor(ledger: ServerLedger, onEnd: () => void) {
		this.#ledger = ledger;
		this.#onEnd = onEnd;
	}

	/**
	@param role - What the visit may do at most, whatever role the account has.
	@returns `null` where the account may do nothing any more.
	*/
	async begin(guest: Guest, role: Role, {address, key}: VisitOrigin): Promise<Visit | null> {
		const password = guest.hasAccount ? this.#passwordOf(guest.user) : null;
		return this.#begin({...guest, role, password}, address, {key}, []);
	}

	/** @returns `null` where it is of no use any more: the account has another password by now, or the code was used. */
	async beginBy({user, password, uses, hasFactor}: Proof, address: string): Promise<Visit | null> {
		const visit = {user, hasAccount: true, role: user.role, password};
		return this.#begin(visit, address, {second_factor: hasFactor}, uses).catch((error: unknown) => {
			if (isConflict(error)) return null;
			throw error;
		});
	}

	async #begin(
		asked: Omit<KnownVisit, 'id' | 'ending'>,
		address: string,
		about: Readonly<Record<string, string | boolean>>,
		uses: readonly ServerChange[],
	): Promise<Visit | null> {
		const token = createSecret(PREFIX);
		const visit: KnownVisit = {id: createId('v'), ...asked, ending: new AbortController()};
		const user = this.#userOf(visit);
		if (user === null) return null;
		const account = visit.hasAccount ? user.id : null;
		const actor = {account, by: 'login', token: visit.id, from: address, request: null} as const;
		const details = {door: 'ssh', ...about, role: user.role};
		await actAs(actor, () => this.#ledger.commit(...uses, auditLine({action: 'log-in', subject: user.id, details})));
		const place = keyOf(hashSecret(token));
		this.#known.set(place, visit);
		const end = (): void => {
			if (this.#known.delete(place)) this.#onEnd();
		};
		return {token, user, end, ended: visit.ending.signal};
	}

	/** Of somebody who may not come in by what was known before: a password that was reset, sessions that were ended. */
	endOf(account: string): void {
		this.#endWhere(visit => visit.user.id === account);
		this.#onEnd();
	}

	/** Another process may have disabled an account, or given it another password. */
	endInvalid(): void {
		this.#endWhere(visit => this.#userOf(visit) === null);
	}

	#endWhere(isOver: (visit: KnownVisit) => boolean): void {
		for (const [place, visit] of Array.from(this.#known)) {
			if (!isOver(visit)) continue;
			this.#known.delete(place);
			visit.ending.abort();
		}
	}

	/** `null`: the secret is nobody's, or its account may do nothing any more. */
	find(hash: Buffer): Visitor | null {
		const visit = this.#known.get(keyOf(hash));
		const user = visit === undefined ? null : this.#userOf(visit);
		return visit === undefined || user === null ? null : {id: visit.id, user};
	}

	#passwordOf({id}: User): string | null {
		const password = this.#ledger.get('SELECT password FROM accounts WHERE id = ?', id)?.password;
		return password === undefined ? null : String(password);
	}

	#userOf({user, hasAccount, role, password}: KnownVisit): User | null {
		if (!hasAccount) return {...user, role};
		const row = this.#ledger.get(
			'SELECT role FROM accounts WHERE id = ? AND password = ? AND is_disabled = 0',
			...[user.id, password],
		);
		if (row === undefined) return null;
		const own = String(row.role) as Role;
		return {...user, role: mayCall(own, role) ? role : own};
	}
}

const keyOf = (hash: Buffer): string => hash.toString('hex');
