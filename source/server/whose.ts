// Whose things are meant: one's own, or, for operators, those of another account or of all.
import type {ServerLedger} from '../ledger/server-ledger.ts';
import type {User} from './accounts.ts';
import {forbidden, notFound} from './problem.ts';
import {mayCall} from './roles.ts';

/** By it all accounts are named. */
export const EVERYBODY = '*';

/** The id of an account; `null`: of all. */
export type Owner = string | null;

export const mayReachAll = ({role}: User): boolean => mayCall(role, 'operator');

export const ofProperty = {
	...{type: 'string', minLength: 1, maxLength: 64},
	description: `For operators: those of the account of this name, or of all (${EVERYBODY}). Left out: one’s own`,
} as const;

/**
@param of - As it was asked for.
@throws {Problem} Where it is not for who asks, or there is no such account.
*/
export function ownerOf(ledger: Pick<ServerLedger, 'get'>, user: User, of: string | undefined): Owner {
	if (of === undefined) return user.id;
	if (!mayReachAll(user)) throw forbidden(user.role);
	if (of === EVERYBODY) return null;
	const row = ledger.get('SELECT id FROM accounts WHERE name = ?', of);
	if (row === undefined) throw notFound('account');
	return String(row.id);
}
