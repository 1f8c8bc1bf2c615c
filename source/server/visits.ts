// People who have come in by SSH, who were identified there. A secret stands for each of them as long as the connection lasts: it is in memory alone, and
// the account is asked for at each request, as for other logins.
import type {ServerLedger} from '../ledger/server-ledger.ts';
import type {User} from './accounts.ts';
import {actAs, auditLine} from './audit/audit-line.ts';
import {createId, createSecret, hashSecret} from './ids.ts';
import {mayCall, type Role} from './roles.ts';

export interface Visit {
	readonly token: string;
	readonly user: User;
	readonly end: () => void;
}

export interface Visitor {
	/** Of the visit. */
	readonly id: string;
	readonly user: User;
}

interface KnownVisit extends Guest {
	readonly id: string;
	readonly role: Role;
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
		const [token, visit] = [createSecret(PREFIX), {id: createId('v'), ...guest, role}];
		const user = this.#userOf(visit);
		if (user === null) return null;
		const account = guest.hasAccount ? user.id : null;
		const actor = {account, by: 'login', token: visit.id, from: address, request: null} as const;
		const details = {door: 'ssh', key, role: user.role};
		await actAs(actor, () => this.#ledger.commit(auditLine({action: 'log-in', subject: user.id, details})));
		const place = keyOf(hashSecret(token));
		this.#known.set(place, visit);
		const end = (): void => {
			if (this.#known.delete(place)) this.#onEnd();
		};
		return {token, user, end};
	}

	/** Of somebody who may not come in by what was known before: a password that was reset, sessions that were ended. */
	endOf(account: string): void {
		for (const [place, visit] of this.#known) if (visit.user.id === account) this.#known.delete(place);
		this.#onEnd();
	}

	/** `null`: the secret is nobody's, or its account may do nothing any more. */
	find(hash: Buffer): Visitor | null {
		const visit = this.#known.get(keyOf(hash));
		const user = visit === undefined ? null : this.#userOf(visit);
		return visit === undefined || user === null ? null : {id: visit.id, user};
	}

	#userOf({user, hasAccount, role}: KnownVisit): User | null {
		if (!hasAccount) return {...user, role};
		const row = this.#ledger.get('SELECT role FROM accounts WHERE id = ? AND is_disabled = 0', user.id);
		if (row === undefined) return null;
		const own = String(row.role) as Role;
		return {...user, role: mayCall(own, role) ? role : own};
	}
}

const keyOf = (hash: Buffer): string => hash.toString('hex');
