// What admins see and do of accounts, over HTTP and on the command line of the machine: there is always one admin who can log in.
import type {ServerChange, ServerLedger} from '../ledger/server-ledger.ts';
import {isConflict} from '../ledger/start-commit-thread.ts';
import type {User} from './accounts.ts';
import {auditLine} from './audit/audit-line.ts';
import {createPassword} from './ids.ts';
import type {Passwords} from './passwords.ts';
import {notFound, type Problem, problem} from './problem.ts';
import type {Role} from './roles.ts';
import {timeOf} from './time-of.ts';
import {type Tokens, toUser} from './tokens.ts';
import {versionChanged} from './version-tags.ts';

export interface ListedUser extends User {
	readonly isDisabled: boolean;
	/** Somebody else has made the password. */
	readonly mustChangePassword: boolean;
	readonly hasSecondFactor: boolean;
	readonly createdAt: number;
	/** Of a login or a token that is still kept; `null`: of none. */
	readonly usedAt: number | null;
}

export interface UserChange {
	readonly role?: Role;
	readonly isDisabled?: boolean;
}

const COLUMNS = `id, name, role, is_disabled, must_change_password, created_at,
	EXISTS (SELECT 1 FROM second_factors WHERE account = accounts.id AND confirmed_at IS NOT NULL) AS has_second_factor,
	(SELECT max(used_at) FROM tokens WHERE account = accounts.id) AS used_at`;

export class Users {
	readonly #ledger: ServerLedger;
	readonly #passwords: Passwords;
	readonly #tokens: Tokens;

	constructor(ledger: ServerLedger, passwords: Passwords, tokens: Tokens) {
		this.#ledger = ledger;
		this.#passwords = passwords;
		this.#tokens = tokens;
	}

	/**
	By their names.

	@param after - The name behind which the page begins; `''`: the first page.
	*/
	list(after: string, limit: number): readonly ListedUser[] {
		return this.#ledger
			.all(`SELECT ${COLUMNS} FROM accounts WHERE name > ? ORDER BY name LIMIT ?`, after, limit)
			.map(toListed);
	}

	/** @throws {Problem} Where there is no such user. */
	find(id: string): ListedUser {
		return this.#one('id', id, notFound('user'));
	}

	/** @throws {Problem} Where there is no such user. */
	findByName(name: string): ListedUser {
		return this.#one('name', name, problem('NOT_FOUND', `There is no user ${JSON.stringify(name)}.`));
	}

	/**
	@param seen - What was looked at before; left out: it is changed whatever it is.
	@throws {Problem} Where there is no such user, it is not as it was seen, or no admin would be left.
	*/
	async change(id: string, {role, isDisabled}: UserChange, seen?: ListedUser): Promise<ListedUser> {
		const changes: ServerChange[] = [];
		if (seen !== undefined)
			changes.push({statement: 'holdAccount', values: [id, seen.role, seen.isDisabled ? 1 : 0], rows: 1});
		if (isDisabled !== undefined) changes.push({statement: 'setDisabled', values: [isDisabled ? 1 : 0, id], rows: 1});
		if (role !== undefined) changes.push({statement: 'setRole', values: [role, id], rows: 1});
		// Who may invite nobody any more has invited nobody.
		if (isDisabled === true || (role !== undefined && role !== 'admin'))
			changes.push({statement: 'removeInvitationsOf', values: [id]});
		const {name} = this.find(id);
		try {
			const details = {...(role !== undefined && {role}), ...(isDisabled !== undefined && {is_disabled: isDisabled})};
			await this.#ledger.commit(...changes, auditLine({action: 'change-user', subject: id, details}));
		} catch (error) {
			if (!isConflict(error)) throw error;
			const now = this.find(id);
			if (seen !== undefined && (seen.role !== now.role || seen.isDisabled !== now.isDisabled)) throw versionChanged();
			throw problem('LAST_ADMIN', `${name} is the last admin who can log in: make another one first.`);
		}
		this.#tokens.endStreams();
		return this.find(id);
	}

	/**
	Ends everything that was opened by the account, also its tokens, invitations and links: anyone who had its password may have made some.

	@returns The password that the user logs in with, and then has to change.
	@throws {Problem} Where there is no such user.
	*/
	async resetPassword(id: string): Promise<string> {
		this.find(id);
		const password = createPassword();
		await this.#ledger.commit(
			{statement: 'resetPassword', values: [await this.#passwords.hash(password, ''), id], rows: 1},
			{statement: 'removeTokens', values: [id]},
			{statement: 'removeInvitationsOf', values: [id]},
			{statement: 'removeDropLinksOf', values: [id]},
			auditLine({action: 'reset-password', subject: id}),
		);
		this.#tokens.visits.endOf(id);
		return password;
	}

	/** @throws {Problem} Where there is no such user. */
	async endSessions(id: string): Promise<void> {
		this.find(id);
		await this.#ledger.commit(
			{statement: 'removeSessions', values: [id]},
			auditLine({action: 'end-sessions', subject: id}),
		);
		this.#tokens.visits.endOf(id);
	}

	#one(column: 'id' | 'name', value: string, fault: Problem): ListedUser {
		const row = this.#ledger.get(`SELECT ${COLUMNS} FROM accounts WHERE ${column} = ?`, value);
		if (row === undefined) throw fault;
		return toListed(row);
	}
}

const toListed = (row: Readonly<Record<string, unknown>>): ListedUser => ({
	...toUser(row),
	isDisabled: row.is_disabled !== 0,
	mustChangePassword: row.must_change_password !== 0,
	hasSecondFactor: row.has_second_factor !== 0,
	createdAt: Number(row.created_at),
	usedAt: row.used_at === null ? null : Number(row.used_at),
});

/** As programs are answered. */
export const describeListed = ({id, name, role, createdAt, usedAt, ...states}: ListedUser) => ({
	...{id, name, role, is_disabled: states.isDisabled, must_change_password: states.mustChangePassword},
	has_second_factor: states.hasSecondFactor,
	created_at: timeOf(createdAt),
	last_used_at: timeOf(usedAt),
});
