// Flags of `users` and `token`, which work on the folder of a server, also while it runs.
import type {ChainHead} from '../../../ledger/audit-chain.ts';
import {ROLES, SCOPES, type Scope} from '../../../server/roles.ts';
import {DURATION_PATTERN, findDurationFault} from '../../../text/duration.ts';
import {flagsOf} from './definition.ts';

const names = Object.keys(SCOPES) as readonly Scope[];

/** @returns `null` where one of them is none. */
export function readScopes(text: string): readonly Scope[] | null {
	const parts = new Set(text.split(','));
	const scopes = names.filter(name => parts.has(name));
	return scopes.length === parts.size ? scopes : null;
}

/** @returns `null` where it is none. */
export function readHead(text: string): ChainHead | null {
	const [, number, hash = ''] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
	return number === undefined ? null : {number: Number(number), hash};
}

export const ACCOUNT_FLAGS = [
	...flagsOf({group: 'Server', commands: ['users']}, [
		{
			name: 'role',
			type: 'string',
			default: 'user',
			choices: ROLES,
			placeholder: '<role>',
			description: 'What the account that users add makes may do: viewer, uploader, user, operator or admin',
		},
		{
			name: 'password-stdin',
			type: 'boolean',
			default: false,
			description:
				'users add reads the password from standard input, instead of making one that has to be changed; login, instead of asking for it',
			commands: ['users', 'login'],
		},
	]),
	...flagsOf({group: 'Server', commands: ['login']}, [
		{
			name: 'device',
			type: 'boolean',
			default: false,
			description:
				'Log in without a name and a password: it shows a code, by which somebody who is logged in lets it in from a browser or another machine',
		},
		{
			name: 'allow',
			type: 'string',
			default: null,
			placeholder: '<code>',
			description: 'Let in the program that shows this code',
		},
	]),
	...flagsOf({group: 'Server', commands: ['audit']}, [
		{
			name: 'head',
			type: 'string',
			default: null,
			placeholder: '<number:hash>',
			description:
				'Where the log ended earlier, as export and verify say it: audit verify then sees whether its end was cut off or made anew',
			findFault: text => (readHead(text) === null ? 'a head is a number and a SHA-256, like 12:9f86d0…' : undefined),
		},
	]),
	...flagsOf({group: 'Server', commands: ['token']}, [
		{
			name: 'account',
			type: 'string',
			default: null,
			placeholder: '<name>',
			description: 'Whose token is made, or whose are listed; who logs in',
			commands: ['token', 'login'],
		},
		{
			name: 'scopes',
			type: 'string',
			default: 'read',
			placeholder: '<names>',
			description: `What a token may do of what its account may, with commas between: ${names.join(', ')}`,
			findFault: text => (readScopes(text) === null ? `scopes are ${names.join(', ')}` : undefined),
		},
		{
			name: 'expires',
			type: 'string',
			default: '90d',
			placeholder: '<time>',
			description: 'How long a token is of use, like 12h or 90d; 0: for ever',
			pattern: DURATION_PATTERN,
			findFault: findDurationFault,
		},
	]),
] as const;
