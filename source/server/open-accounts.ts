// Everything about who asks, for one server: accounts, and all the ways to prove that one has one.
import type {ServerLedger} from '../ledger/server-ledger.ts';
import {Accounts} from './accounts.ts';
import {ApiTokens} from './api-tokens.ts';
import {AuditLog} from './audit/audit-log.ts';
import {Refusals} from './audit/refusals.ts';
import type {ClosingList} from './closing-list.ts';
import {DeviceLogins} from './device-logins.ts';
import {DropLinks} from './drop-links.ts';
import type {EventHub} from './event-hub.ts';
import {Invitations} from './invitations.ts';
import type {OidcLogins, OidcLoginsOptions} from './oidc/oidc-logins.ts';
import type {OidcOptions, ServerOptions} from './options.ts';
import {Passwords} from './passwords.ts';
import {SecondFactors} from './second-factors.ts';
import {Tokens} from './tokens.ts';
import {Users} from './users.ts';

/** @throws {ServeError} Where the provider of logins cannot be made out. */
export async function openAccounts(options: ServerOptions, ledger: ServerLedger, hub: EventHub, closing: ClosingList) {
	const passwords = new Passwords(options.breachedPasswordsFile);
	closing.add(() => passwords.close());
	const tokens = new Tokens(ledger, options, hub);
	closing.add(() => tokens.writeUses().catch(options.onFault));
	const refusals = new Refusals(ledger);
	closing.add(() => refusals.write().catch(options.onFault));
	const invitations = new Invitations(ledger);
	const secondFactors = new SecondFactors(ledger, tokens, options.secondFactorRole);
	const oidc = options.oidc === null ? null : await openOidc(options.oidc, {ledger, tokens, passwords, options});
	return {
		...{tokens, refusals, invitations, secondFactors, oidc},
		accounts: new Accounts({ledger, passwords, tokens, invitations, secondFactors}),
		users: new Users(ledger, passwords, tokens),
		...{apiTokens: new ApiTokens(ledger), auditLog: new AuditLog(ledger)},
		...{deviceLogins: new DeviceLogins(ledger, options), dropLinks: new DropLinks(ledger, options.onFault)},
	};
}

/** What it needs is loaded where there is a provider. @throws {ServeError} */
async function openOidc(
	{allow, role, ...named}: OidcOptions,
	{options, ...parts}: Pick<OidcLoginsOptions, 'ledger' | 'tokens' | 'passwords'> & {readonly options: ServerOptions},
): Promise<OidcLogins> {
	const [{OidcLogins: Logins}, {Provider}, {readAllowed}] = await Promise.all([
		import('./oidc/oidc-logins.ts'),
		import('./oidc/provider.ts'),
		import('./oidc/claims.ts'),
	]);
	const provider = await Provider.read(named);
	return new Logins({...parts, provider, allowed: readAllowed(allow), role, limits: options, onFault: options.onFault});
}
