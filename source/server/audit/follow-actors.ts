// What a request does is done by who sends it, and what it is refused is written down.
import type {FastifyInstance, FastifyRequest} from 'fastify';
import type {ServerContext} from '../context.ts';
import {type Actor, actAs} from './audit-line.ts';
import {isOfAccess} from './refusals.ts';

const ID = /^[a-z]_[0-9a-z]{26}$/;

/** Call it before the routes are there. */
export function followActors(app: FastifyInstance, {refusals}: ServerContext): void {
	// After the body has come: who waits for that goes on outside of what came before.
	app.addHook('preHandler', (request, _reply, done) => actAs(actorOf(request), done));
	app.addHook('onResponse', async request => {
		const {problem, token} = request;
		const {action} = request.routeOptions.config;
		if (problem === null || action === undefined || !isOfAccess(problem.code)) return;
		// Who sends nothing is only shown the way to the login.
		if (problem.code === 'UNAUTHORIZED' && token === null) return;
		const {id} = (request.params ?? {}) as {readonly id?: string};
		const subject = problem.about ?? (id !== undefined && ID.test(id) ? id : null);
		refusals.add(actorOf(request), {action, subject}, problem.code);
	});
}

function actorOf({user, token, tokenId, scopes, ip, id}: FastifyRequest): Actor {
	const by =
		user === null
			? 'nobody'
			: token === null
				? 'open'
				: user.link !== undefined
					? 'link'
					: scopes === null
						? 'login'
						: 'token';
	return {account: user?.id ?? null, by, token: tokenId, from: ip, request: id};
}
