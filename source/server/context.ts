// What the routes of a server share.
import type {FastifyInstance, FastifyRequest} from 'fastify';
import type {Accounts, Role, User} from './accounts.ts';
import type {Answers} from './answers.ts';
import type {Datasets} from './datasets.ts';
import type {Downloads} from './downloads.ts';
import type {EventHub} from './event-hub.ts';
import type {Figures} from './figures.ts';
import type {Health} from './health.ts';
import type {ServerOptions} from './options.ts';
import type {Tasks} from './tasks.ts';
import type {Uploads} from './uploads.ts';

export interface ServerContext {
	readonly options: ServerOptions;
	readonly accounts: Accounts;
	readonly datasets: Datasets;
	readonly downloads: Downloads;
	readonly tasks: Tasks;
	readonly hub: EventHub;
	readonly answers: Answers;
	readonly figures: Figures;
	readonly health: () => Promise<Health>;
	readonly uploads: Uploads;
	readonly startedAt: number;
	/** What makes the first account, which is an admin; `null`: there is one. */
	readonly invitation: () => string | null;
}

export type Routes = (app: FastifyInstance, context: ServerContext) => void;

declare module 'fastify' {
	interface FastifyRequest {
		/** `null`: nobody has logged in, which only public routes see. */
		user: User | null;
		/** The secret that came with the request. */
		token: string | null;
	}
	interface FastifyContextConfig {
		/** The least role that may call it; left out: anybody, also without an account. */
		readonly role?: Role;
	}
}

/** @throws {Error} On a route that anybody may call. */
export function userOf(request: FastifyRequest): User {
	if (request.user === null) throw new Error('Expected a route that needs a role');
	return request.user;
}

const RANKS: readonly Role[] = ['viewer', 'uploader', 'user', 'operator', 'admin'];

export const mayCall = (role: Role, least: Role): boolean => RANKS.indexOf(role) >= RANKS.indexOf(least);

/** The paths of a route: with the version, and without it, as the systems before had them. */
export const bothPaths = (path: string): readonly string[] => [`/api/v1${path}`, `/api${path}`];

/** Of the page; programs send their token as a header. */
export const COOKIE = 'fileproc_session';
