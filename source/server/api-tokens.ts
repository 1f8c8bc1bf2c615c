// Tokens of programs: made by somebody who has an account, for some of what its role may do, and shown once.
import type {Row, ServerLedger} from '../ledger/server-ledger.ts';
import {isConflict} from '../ledger/start-commit-thread.ts';
import type {User} from './accounts.ts';
import {auditLine} from './audit/audit-line.ts';
import {createId, createSecret, hashSecret} from './ids.ts';
import {notFound, problem} from './problem.ts';
import {mayCall, type Role, SCOPES, type Scope} from './roles.ts';
import {timeOf} from './time-of.ts';

export interface ApiToken {
	readonly id: string;
	/** The name of the account. */
	readonly user: string;
	/** What it is for, in words of who made it. */
	readonly name: string;
	readonly scopes: readonly Scope[];
	readonly createdAt: number;
	/** `null`: never. */
	readonly expiresAt: number | null;
	/** To the minute; `null`: it has not been used. */
	readonly usedAt: number | null;
	readonly usedFrom: string | null;
}

export interface TokenRequest {
	readonly name: string;
	readonly scopes: readonly Scope[];
	/** `null`: for ever. */
	readonly lifetimeMs: number | null;
}

/** More than anybody keeps an eye on. */
const MAX_TOKENS = 100;

export class ApiTokens {
	readonly #ledger: ServerLedger;

	constructor(ledger: ServerLedger) {
		this.#ledger = ledger;
	}

	/**
	@param maker - The id of the login that makes it, with which it ends where a provider of logins ends that; `null`: the machine itself does.
	@returns The secret, too, which is not kept: programs that look for secrets in texts know it by its beginning.
	@throws {Problem} Where a scope is for another role, or there are too many tokens.
	*/
	async create(
		{id: account, name: user, role}: User,
		{name, scopes, lifetimeMs}: TokenRequest,
		maker: string | null,
	): Promise<ApiToken & {readonly secret: string}> {
		assertOfUse(role, scopes);
		const [id, createdAt] = [createId('t'), Date.now()];
		const secret = createSecret(`fp_live_${id.slice(2)}_`);
		const expiresAt = lifetimeMs === null ? null : createdAt + lifetimeMs;
		try {
			await this.#ledger.commit(
				{
					statement: 'addApiToken',
					values: [hashSecret(secret), id, account, name, scopes.join(' '), createdAt, expiresAt, MAX_TOKENS, maker],
					rows: 1,
				},
				auditLine({action: 'make-token', subject: id, details: {owner: account, name, scopes: scopes.join(' ')}}),
			);
		} catch (error) {
			if (!isConflict(error)) throw error;
			throw problem('TOO_MANY_TOKENS', `The account has ${MAX_TOKENS} tokens: remove one first.`);
		}
		return {id, user, name, scopes, createdAt, expiresAt, usedAt: null, usedFrom: null, secret};
	}

	/**
	The newest one first.

	@param account - `null`: of all accounts.
	*/
	list(account: string | null): readonly ApiToken[] {
		const rows = this.#ledger.all(
			`SELECT tokens.id, accounts.name AS user, tokens.name, scopes, tokens.created_at, expires_at, used_at, used_from
			FROM tokens JOIN accounts ON accounts.id = tokens.account
			WHERE kind = 'api' AND (?1 IS NULL OR account = ?1) AND (expires_at IS NULL OR expires_at > ?2)
			ORDER BY tokens.created_at DESC, tokens.id`,
			...[account, Date.now()],
		);
		return rows.map(toToken);
	}

	/**
	@param account - `null`: of any account.
	@throws {Problem} Where the account has no such token.
	*/
	async remove(account: string | null, id: string): Promise<void> {
		try {
			await this.#ledger.commit(
				{statement: 'removeApiToken', values: [id, account], rows: 1},
				auditLine({action: 'revoke-token', subject: id}),
			);
		} catch (error) {
			throw isConflict(error) ? notFound('token') : error;
		}
	}
}

/** A role may change; a token that would wait for that is a mistake, or a trap. */
function assertOfUse(role: Role, scopes: readonly Scope[]): void {
	const useless = scopes.find(scope => !mayCall(role, SCOPES[scope]));
	if (useless !== undefined)
		throw problem('FORBIDDEN', `The role ${role} may not do what the scope ${useless} is for: leave that scope away.`);
}

const toToken = (row: Row): ApiToken => ({
	id: String(row.id),
	user: String(row.user),
	name: String(row.name),
	scopes: String(row.scopes).split(' ') as Scope[],
	createdAt: Number(row.created_at),
	expiresAt: row.expires_at === null ? null : Number(row.expires_at),
	usedAt: row.used_at === null ? null : Number(row.used_at),
	usedFrom: row.used_from === null ? null : String(row.used_from),
});

/** As programs are answered. */
export const describeToken = ({id, name, scopes, createdAt, expiresAt, usedAt, usedFrom}: ApiToken) => ({
	...{id, name, scopes, created_at: timeOf(createdAt), expires_at: timeOf(expiresAt)},
	...{last_used_at: timeOf(usedAt), last_used_from: usedFrom},
});
