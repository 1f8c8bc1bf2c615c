// Flags of `users` and `token`, which work on the folder of a server, also while it runs.
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
