// Who has an account, and how they prove it.
import type {ServerChange, ServerLedger} from '../ledger/server-ledger.ts';
import {isConflict} from '../ledger/start-commit-thread.ts';
import {auditLine} from './audit/audit-line.ts';
import type {LinkBounds} from './drop-links.ts';
import {createId, createPassword} from './ids.ts';
import type {Invitations} from './invitations.ts';
import {LoginDelays, PASSWORD_PATIENCE} from './login-delays.ts';
import {assertPassword, MAX_PASSWORD_BYTES} from './password-rules.ts';
import type {Passwords} from './passwords.ts';
import {placeOf} from './place-of.ts';
import {type Problem, problem} from './problem.ts';
import type {Role} from './roles.ts';
import type {SecondFactors} from './second-factors.ts';
import {type Origin, type Tokens, toUser} from './tokens.ts';

export interface User {
	/** Of its account. */
	readonly id: string;
	readonly name: string;
	readonly role: Role;
	/** Somebody who sends files to this account by a link, and may do nothing else; left out: the account itself. */
	readonly link?: LinkBounds;
}

/** Everybody who calls, where there are no accounts. */
export const LOCAL_USER: User = {id: 'u_local', name: 'local', role: 'admin'};

export interface Login {
	readonly token: string;
	readonly expiresAt: number;
	readonly user: User;
	/** What must be done before anything else can be. */
	readonly mustChangePassword: boolean;
	readonly mustEnrolSecondFactor: boolean;
}

/** Who somebody has shown to be, before anything comes of it. */
export interface Proof extends Pick<Login, 'user' | 'mustChangePassword' | 'mustEnrolSecondFactor'> {
	/** To be written together with what comes of it, so that a code is of use once. */
	readonly uses: readonly ServerChange[];
	readonly hasFactor: boolean;
	/** Of the account as it was then, hashed. */
	readonly password: string;
}

const NAME = /^[\p{L}\p{N}][\p{L}\p{N}._@+-]{0,63}$/u;

export const registrationClosed = (): Problem =>
	problem('REGISTRATION_CLOSED', 'Accounts are made by invitation only.');

/** Used by now, withdrawn, expired, or never made: which of these is told to nobody. */
const invitationUnknown = (): Problem =>
	problem(
		'REGISTRATION_CLOSED',
		'The invitation makes no account: it was used already, withdrawn, has expired, or is mistyped. Log in if it was yours, or ask an admin for another one.',
	);

/** Where everything is for everybody. */
export const noAccounts = (): Problem =>
	problem('NO_ACCOUNTS', 'The server was started with --open, so nobody logs in to it.');

const nameTaken = (name: string): Problem =>
	problem('NAME_TAKEN', `There is an account ${name} already: choose another name.`);

/** @param about - The account of this name; `null`: there is none. */
export const loginFailed = (about: string | null): Problem =>
	problem('LOGIN_FAILED', 'The name or the password is wrong.', {about});

const wrongPassword = (): Problem => problem('WRONG_PASSWORD', 'The current password is another one.');

export interface LoginRequest {
	readonly name: string;
	readonly password: string;
	readonly code?: string | undefined;
}

/** Who wants an account. */
export interface Applicant {
	readonly name: string;
	readonly password: string;
	/** Where the request comes from, see `place-of.ts`; `''`: from the command line of this machine. */
	readonly place: string;
}

export interface AccountParts {
	readonly ledger: ServerLedger;
	readonly passwords: Passwords;
	readonly tokens: Tokens;
	readonly invitations: Invitations;
	readonly secondFactors: SecondFactors;
}

export class Accounts {
	readonly #ledger: ServerLedger;
	readonly #passwords: Passwords;
	readonly #tokens: Tokens;
	readonly #invitations: Invitations;
	readonly #secondFactors: SecondFactors;
	readonly #delays = new LoginDelays(PASSWORD_PATIENCE);

	constructor({ledger, passwords, tokens, invitations, secondFactors}: AccountParts) {
		this.#ledger = ledger;
		this.#passwords = passwords;
		this.#tokens = tokens;
		this.#invitations = invitations;
		this.#secondFactors = secondFactors;
	}

	/** @throws {Problem} When the name is taken, or the name or password cannot be used. */
	async register(applicant: Applicant): Promise<User> {
		const {user, hash} = await this.#prepare(applicant, 'user');
		await this.#add([addition(user, hash), registered(user)], () => nameTaken(user.name));
		return user;
	}

	/** @throws {Problem} Also when there is no such invitation, or not any more. */
	async registerInvited(applicant: Applicant, invitation: string): Promise<User> {
		const role = this.#invitations.roleOf(invitation);
		if (role === null) throw invitationUnknown();
		const {user, hash} = await this.#prepare(applicant, role);
		await this.#add([this.#invitations.use(invitation), addition(user, hash), registered(user)], () =>
			this.#invitations.roleOf(invitation) === null ? invitationUnknown() : nameTaken(applicant.name),
		);
		return user;
	}

	/**
	The first admin.

	@throws {Problem} When the name or password cannot be used, or somebody else was first.
	*/
	async registerFirstAdmin(applicant: Applicant): Promise<User> {
		const {user, hash} = await this.#prepare(applicant, 'admin');
		await this.#add(
			[{statement: 'addFirstAdmin', values: [user.id, user.name, hash, Date.now()], rows: 1}, registered(user)],
			registrationClosed,
		);
		return user;
	}

	/**
	By an admin on the machine itself.

	@param password - `null`: one is made, and returned, which the user then has to change.
	@throws {Problem} When the name is taken, or the name or password cannot be used.
	*/
	async add(name: string, role: Role, password: string | null): Promise<{user: User; made: string | null}> {
		const made = password === null ? createPassword() : null;
		const {user, hash} = await this.#prepare({name, password: password ?? made ?? '', place: ''}, role);
		const line = auditLine({action: 'add-user', subject: user.id, details: {name, role}});
		await this.#add([addition(user, hash, made !== null), line], () => nameTaken(name));
		return {user, made};
	}

	async #prepare(
		{name, password, place}: Applicant,
		role: Role,
	): Promise<{readonly user: User; readonly hash: string}> {
		if (!NAME.test(name))
			throw problem('BAD_NAME', 'A name has 1 to 64 letters, digits and ._@+-, and begins with a letter or digit.');
		assertPassword(name, password);
		return {user: {id: createId('u'), name, role}, hash: await this.#passwords.hash(password, place)};
	}

	/** @throws {Problem} This one, where something else was first. */
	async #add(changes: readonly ServerChange[], conflict: () => Problem): Promise<void> {
		try {
			await this.#ledger.commit(...changes);
		} catch (error) {
			throw isConflict(error) ? conflict() : error;
		}
	}

	/**
	@param code - Of the second factor; left out: none was sent, and an account that has one is asked for it.
	@throws {Problem} 401, the same for a wrong name, a wrong password and a disabled account; 429 after many of them.
	*/
	async logIn(request: LoginRequest, origin: Origin): Promise<Login> {
		const {user, uses, hasFactor, password, ...needs} = await this.prove(request, origin.address);
		const {token, expiresAt, change} = this.#tokens.newSession(user.id, {password, hasFactor}, origin);
		// The account may have been disabled meanwhile, or have got another password, or the code may have been used.
		const line = auditLine({action: 'log-in', subject: user.id, account: user.id, details: {second_factor: hasFactor}});
		await this.#add([...uses, change, line], () => loginFailed(user.id));
		return {token, expiresAt, user, ...needs};
	}

	/** @throws {Problem} As `logIn`. */
	async prove({name, password, code}: LoginRequest, address: string): Promise<Proof> {
		const row = this.#ledger.get(
			'SELECT id, name, password, role, is_disabled, must_change_password FROM accounts WHERE name = ?',
			name,
		);
		const isIn = await this.#delays.guard(name, address, async () => {
			const isRight = await this.#isRight(password, row === undefined ? null : String(row.password), address);
			return isRight && row?.is_disabled === 0;
		});
		if (row === undefined || !isIn) throw loginFailed(row === undefined ? null : String(row.id));
		const user = toUser(row);
		const uses = await this.#secondFactors.use(user, code, address);
		const hasFactor = uses.length > 0;
		const mustEnrolSecondFactor = !hasFactor && this.#secondFactors.stateOf(user).isRequired;
		return {
			...{user, uses, hasFactor, password: String(row.password), mustEnrolSecondFactor},
			mustChangePassword: row.must_change_password !== 0,
		};
	}

	/** @throws {Problem} Where it is another one. */
	async assertPassword({id, name}: User, password: string, address: string): Promise<void> {
		const stored = this.#passwordOf(id);
		if (!(await this.#delays.guard(name, address, () => this.#isRight(password, stored, address))))
			throw wrongPassword();
	}

	/**
	Ends all sessions but the one of this token.

	@throws {Problem} Where the current password is wrong, or the new one cannot be used.
	*/
	async changePassword(
		{id, name}: User,
		token: Buffer,
		{current, next, address}: {readonly current: string; readonly next: string; readonly address: string},
	): Promise<void> {
		if (current === next) throw problem('BAD_PASSWORD', 'The new password is the current one: choose another one.');
		assertPassword(name, next);
		const stored = this.#passwordOf(id);
		if (!(await this.#delays.guard(name, address, () => this.#isRight(current, stored, address))))
			throw wrongPassword();
		await this.#ledger.commit(
			{statement: 'changePassword', values: [await this.#passwords.hash(next, placeOf(address)), id, stored], rows: 1},
			{statement: 'removeOtherSessions', values: [id, token]},
			auditLine({action: 'change-password', subject: id}),
		);
		this.#tokens.endStreams();
	}

	#passwordOf(id: string): string {
		const stored = this.#ledger.get('SELECT password FROM accounts WHERE id = ?', id)?.password;
		if (typeof stored !== 'string') throw new Error('Expected an account that has logged in');
		return stored;
	}

	/** The same work, whatever there is to compare with: the time says nothing. */
	#isRight(password: string, stored: string | null, address: string): Promise<boolean> {
		const isTooLong = Buffer.byteLength(password) > MAX_PASSWORD_BYTES;
		return this.#passwords.verify(isTooLong ? '' : password, isTooLong ? null : stored, placeOf(address));
	}

	/** `null`: there is none of this name, or it may do nothing any more. */
	findByName(name: string): User | null {
		const row = this.#ledger.get('SELECT id, name, role FROM accounts WHERE name = ? AND is_disabled = 0', name);
		return row === undefined ? null : toUser(row);
	}

	get hasAdmin(): boolean {
		return this.#ledger.get(`SELECT 1 AS found FROM accounts WHERE role = 'admin' LIMIT 1`) !== undefined;
	}

	get hasAny(): boolean {
		return this.#ledger.get('SELECT 1 AS found FROM accounts LIMIT 1') !== undefined;
	}
}

const registered = ({id, name, role}: User): ServerChange =>
	auditLine({action: 'register', subject: id, account: id, details: {name, role}});

const addition = ({id, name, role}: User, hash: string, mustChange = false): ServerChange => ({
	statement: 'addAccount',
	values: [id, name, hash, role, Date.now(), mustChange ? 1 : 0],
});
