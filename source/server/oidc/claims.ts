// Whom a provider sends may come in only by what it says of them: each claim that the operator names has one of the values that are named for it.
import {safe} from '../../text/safe.ts';

export type Claims = Readonly<Record<string, unknown>>;

/** Values that let somebody in, by the claim. */
export type AllowedClaims = ReadonlyMap<string, ReadonlySet<string>>;

/** @param rules - As `groups=analysts`: of one claim any value is enough, and every claim must have one. */
export function readAllowed(rules: readonly string[]): AllowedClaims {
	const allowed = new Map<string, Set<string>>();
	for (const rule of rules) {
		const at = rule.indexOf('=');
		const claim = rule.slice(0, at);
		allowed.set(claim, (allowed.get(claim) ?? new Set()).add(rule.slice(at + 1)));
	}
	return allowed;
}

/** The first claim that keeps somebody out; `null`: none does. */
export function findMissing(claims: Claims, allowed: AllowedClaims): string | null {
	for (const [claim, values] of allowed) {
		const given = Object.hasOwn(claims, claim) ? [claims[claim]].flat() : [];
		if (!given.some(value => values.has(String(value)))) return claim;
	}
	return null;
}

/** What the account is called: of what the provider says the first that can be a name. */
export function nameOf(claims: Claims): string {
	const given = [claims.preferred_username, claims.email, claims.name, claims.sub];
	const names = given.map(each =>
		safe(String(each ?? ''))
			.replaceAll(/[^\p{L}\p{N}._@+-]/gu, '')
			.replace(/^[._@+-]+/, ''),
	);
	return names.find(name => name !== '')?.slice(0, 56) ?? 'user';
}
