// Who may do what: accounts, their tokens, their roles.
import type {ServerChange, ServerLedger} from '../ledger/server-ledger.ts';
import {CommitError} from '../ledger/start-commit-thread.ts';
import {createId, createSecret, hashSecret} from './ids.ts';
import type {Passwords} from './passwords.ts';
import {type Problem, problem} from './problem.ts';

export type Role = 'admin' | 'operator' | 'user' | 'uploader' | 'viewer';

export interface User {
	/** Of its account. */
	readonly id: string;
	readonly name: string;
	readonly role: Role;
}

/** Whoever it is that calls, where there are no accounts. */
export const LOCAL_USER: User = {id: 'u_local', name: 'local', role: 'admin'};

export interface Session {
	readonly token: string;
	readonly expiresAt: number;
	readonly user: User;
}

const SESSION_MS = 7 * 24 * 60 * 60 * 1000;
const MIN_PASSWORD = 8;
const MAX_PASSWORD = 1000;
const NAME = /^[\p{L}\p{N}][\p{L}\p{N}._@+-]{0,63}$/u;

/**
How long one more try has to wait after so many that failed: never for ever. Who tries one name from one place is slowed down at once; others
who come from there, or have that name, hardly: nobody is to be kept out by what somebody else does.
*/
interface Patience {
	readonly freeTries: number;
	readonly longestDelayMs: number;
}

const PATIENCE = {
	'name and address': {freeTries: 5, longestDelayMs: 60_000},
	address: {freeTries: 50, longestDelayMs: 10_000},
	name: {freeTries: 20, longestDelayMs: 5_000},
} as const satisfies Readonly<Record<string, Patience>>;
const FORGOTTEN_MS = 15 * 60_000;

interface FailureKey {
	readonly key: string;
	readonly patience: Patience;
}

const failureKeys = (name: string, address: string): readonly FailureKey[] => [
	{key: `both ${address} ${name.toLowerCase()}`, patience: PATIENCE['name and address']},
	{key: `address ${address}`, patience: PATIENCE.address},
	{key: `name ${name.toLowerCase()}`, patience: PATIENCE.name},
];

interface Failures {
	count: number;
	lastAt: number;
}

export const registrationClosed = (): Problem =>
	problem('REGISTRATION_CLOSED', 'Accounts are made by invitation only.');

export class Accounts {
	readonly #ledger: ServerLedger;
	readonly #passwords: Passwords;
	readonly #failures = new Map<string, Failures>();
	readonly #onEnded: (token: Buffer | null, account: string) => void;

	/** @param onEnded - Called when a session has ended; `null`: all of the account. */
	constructor(ledger: ServerLedger, passwords: Passwords, onEnded: (token: Buffer | null, account: string) => void) {
		this.#ledger = ledger;
		this.#passwords = passwords;
		this.#onEnded = onEnded;
	}

	/** @throws {Problem} When the name is taken, or the name or password cannot be used. */
	async register(name: string, password: string, role: Role = 'user'): Promise<User> {
		const {user, hash} = await this.#prepare(name, password, role);
		await this.#add(
			{statement: 'addAccount', values: [user.id, name, hash, role, Date.now()]},
			problem('NAME_TAKEN', `Choose another name than ${name}.`),
		);
		return user;
	}

	/**
	The first one, which is an admin.

	@throws {Problem} When the name or password cannot be used, or somebody else was first.
	*/
	async registerFirst(name: string, password: string): Promise<User> {
		const {user, hash} = await this.#prepare(name, password, 'admin');
		await this.#add(
			{statement: 'addFirstAccount', values: [user.id, name, hash, Date.now()], rows: 1},
			registrationClosed(),
		);
		return user;
	}

	async #prepare(name: string, password: string, role: Role): Promise<{readonly user: User; readonly hash: string}> {
		if (!NAME.test(name))
			throw problem('BAD_NAME', 'A name has 1 to 64 letters, digits and ._@+-, and begins with a letter or digit.');
		assertPassword(name, password);
		return {user: {id: createId('u'), name, role}, hash: await this.#passwords.hash(password)};
	}

	/** @throws {Problem} This one, where another account is in the way. */
	async #add(change: ServerChange, conflict: Problem): Promise<void> {
		try {
			await this.#ledger.commit(change);
		} catch (error) {
			throw error instanceof CommitError && error.isConflict ? conflict : error;
		}
	}

	/**
	@param address - Of who tries: failures are counted for each, and for each name.
	@throws {Problem} 401, the same for a wrong name and a wrong password.
	*/
	async logIn(name: string, password: string, address: string): Promise<Session> {
		const keys = failureKeys(name, address);
		this.#assertNotTooOften(keys);
		const row = this.#ledger.get('SELECT id, name, password, role, is_disabled FROM accounts WHERE name = ?', name);
		const isRight = await this.#passwords.verify(
			password.slice(0, MAX_PASSWORD),
			row === undefined ? null : String(row.password),
		);
		if (row === undefined || !isRight || row.is_disabled !== 0) {
			for (const {key} of keys) this.#countFailure(key);
			throw problem('LOGIN_FAILED', 'The name or the password is wrong.');
		}
		for (const {key} of keys) if (!key.startsWith('address ')) this.#failures.delete(key);
		const user = toUser(row);
		const token = createSecret('fps_');
		const [now, expiresAt] = [Date.now(), Date.now() + SESSION_MS];
		await this.#ledger.commit({
			statement: 'addToken',
			values: [hashSecret(token), createId('t'), user.id, 'session', 'login', now, expiresAt],
		});
		return {token, expiresAt, user};
	}

	/** `null`: it is nobody's, or not any more. */
	findUser(token: string): User | null {
		const row = this.#ledger.get(
			`SELECT accounts.id, accounts.name, role FROM tokens JOIN accounts ON accounts.id = tokens.account
			WHERE hash = ? AND is_disabled = 0 AND (expires_at IS NULL OR expires_at > ?)`,
			...[hashSecret(token), Date.now()],
		);
		return row === undefined ? null : toUser(row);
	}

	async logOut(token: string, {id}: User): Promise<void> {
		const hash = hashSecret(token);
		await this.#ledger.commit({statement: 'removeToken', values: [hash]});
		this.#onEnded(hash, id);
	}

	get hasAny(): boolean {
		return this.#ledger.get('SELECT 1 AS found FROM accounts LIMIT 1') !== undefined;
	}

	#assertNotTooOften(keys: readonly FailureKey[]): void {
		const now = Date.now();
		for (const {key, patience} of keys) {
			const failures = this.#failures.get(key);
			if (failures === undefined || failures.count < patience.freeTries) continue;
			const delayMs = Math.min(patience.longestDelayMs, 1000 * 2 ** Math.min(10, failures.count - patience.freeTries));
			const leftMs = failures.lastAt + delayMs - now;
			if (leftMs <= 0) continue;
			throw problem('TOO_MANY_LOGINS', 'Too many logins have failed. Please try again later.', {
				retryAfter: Math.ceil(leftMs / 1000),
			});
		}
	}

	#countFailure(key: string): void {
		const now = Date.now();
		for (const [known, {lastAt}] of this.#failures) if (now - lastAt > FORGOTTEN_MS) this.#failures.delete(known);
		const failures = this.#failures.get(key) ?? {count: 0, lastAt: now};
		this.#failures.set(key, {count: failures.count + 1, lastAt: now});
	}
}

const toUser = ({id, name, role}: Readonly<Record<string, unknown>>): User => ({
	id: String(id),
	name: String(name),
	role: String(role) as Role,
});

function assertPassword(name: string, password: string): void {
	const length = Array.from(password).length;
	if (length < MIN_PASSWORD || length > MAX_PASSWORD)
		throw problem('BAD_PASSWORD', `A password has ${MIN_PASSWORD} to ${MAX_PASSWORD} characters.`);
	if (password.toLowerCase().includes(name.toLowerCase()) && name.length > 3)
		throw problem('BAD_PASSWORD', 'The password must not contain the name.');
}
