// What may be done by whom: roles of accounts, and scopes of tokens of programs, which narrow a role.

/** The least one first: each may do what those in front of it may. */
export const ROLES = ['viewer', 'uploader', 'user', 'operator', 'admin'] as const;

export type Role = (typeof ROLES)[number];

export const mayCall = (role: Role, least: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(least);

/** Each with the least role that it is of use to. `admin:*` is all that begin with `admin:`. */
export const SCOPES = {
	read: 'viewer',
	upload: 'uploader',
	run: 'user',
	'admin:users': 'admin',
	'admin:audit': 'admin',
	'admin:*': 'admin',
} as const satisfies Readonly<Record<string, Role>>;

export type Scope = keyof typeof SCOPES;

/**
@param scopes - `null`: those of a login, which may do all that the role may.
@param needed - `null`: it is for people who have logged in, and no program.
*/
export function covers(scopes: readonly Scope[] | null, needed: Scope | null): boolean {
	if (scopes === null) return true;
	if (needed === null) return false;
	return scopes.some(scope => scope === needed || (scope.endsWith(':*') && needed.startsWith(scope.slice(0, -1))));
}
