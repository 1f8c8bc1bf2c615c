// What is to be done with accounts and tokens: `users add ann`, `token revoke t_…`.
import type {ChainHead} from '../../ledger/audit-chain.ts';
import type {Role, Scope} from '../../server/roles.ts';
import {ROLES} from '../../server/roles.ts';
import {parseDuration} from '../../text/duration.ts';
import {joinWords} from '../../text/join-words.ts';
import {readHead, readScopes} from './flags/account-flags.ts';
import {type FlagValues, getDefault} from './flags.ts';
import {type MetadataFlags, readMetadataFlags} from './read-sharing-flags.ts';
import {quoted, UsageError} from './usage-error.ts';

/** Where accounts are: in the folder of a server, or what several of them share. */
export interface AccountPlace {
	readonly dataFolder: string;
	/** `null`: they are in the folder. */
	readonly metadata: MetadataFlags | null;
}

export interface UsersCommand extends AccountPlace {
	readonly name: 'users';
	/** As `serve` takes it. */
	readonly breachedPasswordsFile: string | null;
	readonly isJson: boolean;
	readonly action: UsersAction;
}

export type UsersAction =
	| {readonly type: 'add'; readonly user: string; readonly role: Role; readonly readsPassword: boolean}
	| {readonly type: 'role'; readonly user: string; readonly role: Role}
	| {readonly type: 'disable' | 'enable' | 'reset' | 'reset-2fa'; readonly user: string}
	| {readonly type: 'list'};

export interface TokenCommand extends AccountPlace {
	readonly name: 'token';
	readonly isJson: boolean;
	readonly action: TokenAction;
}

export type TokenAction =
	| {
			readonly type: 'create';
			/** What it is for. */
			readonly label: string;
			readonly user: string;
			readonly scopes: readonly Scope[];
			/** `null`: it does not expire. */
			readonly lifetimeMs: number | null;
	  }
	/** `user`: `null` for all. */
	| {readonly type: 'list'; readonly user: string | null}
	| {readonly type: 'revoke'; readonly id: string};

/** @throws {UsageError} */
export function readAccountWords(
	name: 'users' | 'token' | 'audit',
	words: readonly string[],
	values: FlagValues,
): UsersCommand | TokenCommand | AuditCommand {
	if (name === 'users') return readUsersWords(words, values);
	return name === 'token' ? readTokenWords(words, values) : readAuditWords(words, values);
}

/** @throws {UsageError} */
export function readUsersWords(words: readonly string[], values: FlagValues): UsersCommand {
	const breachedPasswordsFile = values['breached-passwords'] ?? null;
	return {name: 'users', breachedPasswordsFile, ...readCommon(values), action: readUsersAction(words, values)};
}

function readUsersAction([verb, user = '', ...more]: readonly string[], values: FlagValues): UsersAction {
	if (verb === 'list' && user === '') return {type: verb};
	if (user !== '' && more.length === 0) {
		if (verb === 'add') {
			const readsPassword = values['password-stdin'] ?? getDefault('password-stdin');
			return {type: verb, user, role: values.role ?? getDefault('role'), readsPassword};
		}
		if (verb === 'disable' || verb === 'enable' || verb === 'reset' || verb === 'reset-2fa') return {type: verb, user};
	}
	const role = ROLES.find(each => each === more[0]);
	if (verb === 'role' && user !== '' && more.length === 1) {
		if (role !== undefined) return {type: verb, user, role};
		throw new UsageError(`A role is ${joinWords(ROLES, 'or')}, but got ${quoted(more[0] ?? '')}.`);
	}
	throw new UsageError(
		'users takes add <name>, list, role <name> <role>, disable <name>, enable <name>, reset <name> or reset-2fa <name>, for example: fileproc-tui users add ann --role user.',
	);
}

/** @throws {UsageError} */
export function readTokenWords(words: readonly string[], values: FlagValues): TokenCommand {
	return {name: 'token', ...readCommon(values), action: readTokenAction(words, values)};
}

function readTokenAction([verb, subject = '', ...more]: readonly string[], values: FlagValues): TokenAction {
	const user = values.account ?? null;
	if (verb === 'list' && subject === '') return {type: verb, user};
	if (verb === 'revoke' && subject !== '' && more.length === 0) return {type: verb, id: subject};
	if (verb !== 'create' || subject === '' || more.length > 0)
		throw new UsageError(
			'token takes create <label>, list or revoke <id>, for example: fileproc-tui token create nightly --account ann --scopes read,upload.',
		);
	if (user === null)
		throw new UsageError('token create takes --account, the name of the account that the token is for.');
	const scopes = readScopes(values.scopes ?? getDefault('scopes'));
	if (scopes === null) throw new Error('Expected scopes that have been checked');
	const seconds = parseDuration(values.expires ?? getDefault('expires')) ?? 0;
	return {type: verb, label: subject, user, scopes, lifetimeMs: seconds === 0 ? null : seconds * 1000};
}

export interface AuditCommand {
	readonly name: 'audit';
	readonly dataFolder: string;
	readonly isJson: boolean;
	readonly action: {readonly type: 'export'} | {readonly type: 'verify'; readonly head: ChainHead | null};
}

/** @throws {UsageError} */
export function readAuditWords([verb, folder, ...more]: readonly string[], values: FlagValues): AuditCommand {
	const common = {
		name: 'audit',
		dataFolder: folder ?? getDefault('data'),
		isJson: values.json ?? getDefault('json'),
	} as const;
	if (more.length === 0 && folder !== '') {
		if (verb === 'export' && values.head == null) return {...common, action: {type: verb}};
		if (verb === 'verify') return {...common, action: {type: verb, head: readHead(values.head ?? '')}};
	}
	throw new UsageError(
		'audit takes export or verify and the folder of a server, for example: fileproc-tui audit verify ./fileproc-data; --head goes with verify.',
	);
}

const readCommon = (values: FlagValues) => ({
	dataFolder: values.data ?? getDefault('data'),
	metadata: readMetadataFlags(values),
	isJson: values.json ?? getDefault('json'),
});
