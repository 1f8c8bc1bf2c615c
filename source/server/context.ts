// What the routes of a server share.
import type {FastifyInstance, FastifyRequest} from 'fastify';
import type {ServerLedger} from '../ledger/server-ledger.ts';
import {type Accounts, noAccounts, type User} from './accounts.ts';
import type {ActionName} from './actions.ts';
import type {Answers} from './answers.ts';
import type {ApiTokens} from './api-tokens.ts';
import type {AuditLog} from './audit/audit-log.ts';
import type {Refusals} from './audit/refusals.ts';
import type {Bulks} from './bulks.ts';
import type {Datasets} from './datasets.ts';
import type {DeviceLogins} from './device-logins.ts';
import type {Downloads} from './downloads.ts';
import type {DropLinks} from './drop-links.ts';
import type {EventHub} from './event-hub.ts';
import type {Figures} from './figures.ts';
import type {FileList} from './file-list.ts';
import type {Health} from './health.ts';
import type {Invitations} from './invitations.ts';
import type {Mappings} from './mappings.ts';
import type {MonitoringToken} from './metrics/metrics-door.ts';
import type {ServerMetrics} from './metrics/server-metrics.ts';
import type {Endpoints} from './notices/endpoints.ts';
import type {OidcLogins} from './oidc/oidc-logins.ts';
import type {ServerOptions} from './options.ts';
import type {Previews} from './previews.ts';
import type {Problem} from './problem.ts';
import type {Results} from './results.ts';
import type {Scope} from './roles.ts';
import type {Scans} from './scanning/scans.ts';
import type {SecondFactors} from './second-factors.ts';
import type {FullTables} from './tables/full-tables.ts';
import type {TaskHistory} from './task-history.ts';
import type {Tasks} from './tasks.ts';
import type {Tokens, Unready} from './tokens.ts';
import type {Uploads} from './uploads.ts';
import type {Users} from './users.ts';

export interface ServerContext {
	readonly options: ServerOptions;
	readonly accounts: Accounts;
	readonly tokens: Tokens;
	readonly apiTokens: ApiTokens;
	readonly invitations: Invitations;
	readonly deviceLogins: DeviceLogins;
	/** `null`: there is no provider of logins. */
	readonly oidc: OidcLogins | null;
	readonly dropLinks: DropLinks;
	readonly users: Users;
	readonly auditLog: AuditLog;
	readonly refusals: Refusals;
	readonly secondFactors: SecondFactors;
	readonly datasets: Datasets;
	/** `null`: there is no scanner. */
	readonly scans: Scans | null;
	readonly downloads: Downloads;
	readonly tasks: Tasks;
	/** To be read. */
	readonly ledger: Pick<ServerLedger, 'get' | 'shared' | 'catchUp'>;
	readonly previews: Previews;
	readonly mappings: Mappings;
	readonly taskHistory: TaskHistory;
	readonly results: Results;
	readonly fullTables: FullTables;
	readonly hub: EventHub;
	readonly answers: Answers;
	readonly figures: Figures;
	readonly fileList: FileList;
	readonly health: () => Promise<Health>;
	readonly bulks: Bulks;
	readonly endpoints: Endpoints;
	readonly uploads: Uploads;
	readonly metrics: ServerMetrics;
	/** Of `--metrics-token-file`; `null`: there is none. */
	readonly monitoringToken: MonitoringToken | null;
	readonly startedAt: number;
	/** What makes the first admin; `null`: there is one. */
	readonly invitation: () => string | null;
}

export type Routes = (app: FastifyInstance, context: ServerContext) => void;

declare module 'fastify' {
	interface FastifyInstance {
		/** Whether it is the address of one of `--trust-proxy`. */
		readonly isTrustedProxy: (address: string | undefined) => boolean;
	}
	interface FastifyRequest {
		/** `null`: nobody has logged in, which only public routes see. */
		user: User | null;
		/** What it was refused with. */
		problem: Problem | null;
		/** The id of the login or token that came with the request. */
		tokenId: string | null;
		/** The secret that came with the request. */
		token: string | null;
		/** Whether it came with the token of `--metrics-token-file`. */
		isMonitor: boolean;
		/** What the login must do before anything else; `null`: nothing. */
		unready: Unready | null;
		/** What a token of a program may do; `null`: all that the role may. */
		scopes: readonly Scope[] | null;
	}
	interface FastifyContextConfig {
		/** Whether such a request counts for no limit. */
		readonly isUnlimited?: (request: FastifyRequest) => boolean;
		/** What it does, which says who may call it: see `name-actions.ts`. */
		readonly action?: ActionName;
		/** Whether anybody may call it, whatever its action says, because it finds out by itself who that is. */
		readonly isForAnybody?: true;
	}
}

/** @throws {Error} On a route that anybody may call. */
export function userOf(request: FastifyRequest): User {
	if (request.user === null) throw new Error('Expected a route that needs a role');
	return request.user;
}

/**
What has come with the request, on a route that is for people who have logged in.

@throws {Problem} Where there are no accounts to log in to.
*/
export function tokenOf({token}: FastifyRequest): string {
	if (token !== null) return token;
	throw noAccounts();
}

/** The paths of a route: with the version, and without it, as the systems before had them. */
export const bothPaths = (path: string): readonly string[] => [`/api/v1${path}`, `/api${path}`];
