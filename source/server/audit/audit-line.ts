// Lines of the audit log: who has done what, and from where. A line is written in the transaction of what it tells of, so there is neither without the other.
import {AsyncLocalStorage} from 'node:async_hooks';
import type {ServerChange} from '../../ledger/server-ledger.ts';
import type {ActionName} from '../actions.ts';
import type {ProblemCode} from '../problem-catalog.ts';

/** Who asks, and from where. */
export interface Actor {
	/** The id of the account; `null`: nobody has logged in, or it is none. */
	readonly account: string | null;
	/** By a login, the token of a program, a drop link, without accounts, by a command on the machine, or the server by itself. */
	readonly by: 'login' | 'token' | 'link' | 'nobody' | 'open' | 'command' | 'server';
	/** The id of the login or the token. */
	readonly token: string | null;
	/** The address, or the user of the machine. */
	readonly from: string | null;
	/** The id of the request, as in answers and the log. */
	readonly request: string | null;
}

export interface AuditFacts {
	readonly action: ActionName;
	/** The id of what it was done to, or what it has made. */
	readonly subject: string | null;
	/** Never secrets: names, roles, scopes, counts. */
	readonly details?: Readonly<Record<string, string | number | boolean | null>>;
	/** Left out: the one who asks. */
	readonly account?: string;
}

const SERVER: Actor = {account: null, by: 'server', token: null, from: null, request: null};

const actors = new AsyncLocalStorage<Actor>();

/** What is done within, and what it waits for, is done by this one. */
export const actAs = <Result>(actor: Actor, perform: () => Result): Result => actors.run(actor, perform);

/** To be written together with what it tells of; where nobody asks, the server does it by itself. */
export const auditLine = (facts: AuditFacts): ServerChange =>
	changeOf(actors.getStore() ?? SERVER, facts, {outcome: 'done', code: null, times: 1});

export interface Outcome {
	readonly outcome: 'done' | 'refused';
	/** What it was refused with. */
	readonly code: ProblemCode | null;
	/** How often, by the same one and with the same outcome, within two seconds. */
	readonly times: number;
}

export function changeOf(
	{account, by, token, from, request}: Actor,
	{action, subject, details, account: other}: AuditFacts,
	{outcome, code, times}: Outcome,
): ServerChange {
	// Hashed as it is written here: the order of the members is part of it.
	const record = {
		...{at: new Date().toISOString(), account: other ?? account, by, token, from, action, subject},
		...{details: details ?? {}, outcome, code, times, request},
	};
	return {statement: 'addAuditLine', values: [JSON.stringify(record)], rows: 1};
}
