// Where one is logged in, and the end of it.
import {bothPaths, type Routes, tokenOf, userOf} from '../context.ts';
import {hashSecret} from '../ids.ts';
import {timeOf} from '../time-of.ts';

export const sessionRoutes: Routes = (app, {tokens}) => {
	for (const path of bothPaths('/sessions')) {
		app.get(path, async request => {
			const own = hashSecret(tokenOf(request));
			return {
				sessions: tokens
					.sessionsOf(userOf(request).id)
					.map(({id, hash, client, createdAt, expiresAt, usedAt, usedFrom}) => ({
						...{id, client: client === '' ? null : client, is_current: hash.equals(own)},
						...{created_at: timeOf(createdAt), expires_at: timeOf(expiresAt)},
						...{last_used_at: timeOf(usedAt), last_used_from: usedFrom},
					})),
			};
		});
		app.delete<{Params: {id: string}}>(`${path}/:id`, async (request, reply) => {
			await tokens.endSession(userOf(request).id, request.params.id);
			return reply.code(204).send();
		});
	}
};
