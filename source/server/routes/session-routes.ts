// Where one is logged in, and the end of it; the same for admins, of everybody.
import {bothPaths, type Routes, tokenOf, userOf} from '../context.ts';
import {hashSecret} from '../ids.ts';
import {timeOf} from '../time-of.ts';
import type {Session} from '../tokens.ts';

/** @param own - What the login that asks hashes to. */
const describe = ({id, hash, client, createdAt, usedFrom, ...session}: Session, own: Buffer) => ({
	...{id, client: client === '' ? null : client, is_current: hash.equals(own)},
	...{
		created_at: timeOf(createdAt),
		expires_at: timeOf(session.expiresAt),
		ends_unused_at: timeOf(session.endsUnusedAt),
	},
	...{last_used_at: timeOf(session.usedAt), last_used_from: usedFrom},
});

export const sessionRoutes: Routes = (app, {tokens, users}) => {
	for (const path of bothPaths('/sessions')) {
		app.get(path, async request => {
			const own = hashSecret(tokenOf(request));
			return {sessions: tokens.sessionsOf(userOf(request).id).map(session => describe(session, own))};
		});
		app.delete<{Params: {id: string}}>(`${path}/:id`, async (request, reply) => {
			await tokens.endSession(userOf(request).id, request.params.id);
			return reply.code(204).send();
		});
	}
	for (const path of bothPaths('/users/:id/sessions')) {
		app.get<{Params: {id: string}}>(path, async request => {
			const own = hashSecret(tokenOf(request));
			return {sessions: tokens.sessionsOf(users.find(request.params.id).id).map(session => describe(session, own))};
		});
		app.delete<{Params: {id: string; session: string}}>(`${path}/:session`, async (request, reply) => {
			await tokens.endSession(users.find(request.params.id).id, request.params.session, 'end-session-of-user');
			return reply.code(204).send();
		});
	}
};
