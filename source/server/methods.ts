// What a path answers to methods that it has no route for: OPTIONS lists those that it has, and others are refused with the same list.
import type {FastifyInstance, FastifyReply, FastifyRequest} from 'fastify';
import {type Problem, problem} from './problem.ts';

/** In the order in which they are listed. TRACE is answered nowhere: it shows what a proxy has added. */
export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** Answers where there is no route. */
export type AnswerOther = (request: FastifyRequest, reply: FastifyReply, path: string) => FastifyReply | Problem;

/** Call it before the routes are there. */
export function collectMethods(app: FastifyInstance): AnswerOther {
	const routes: {readonly pattern: RegExp; readonly methods: readonly string[]}[] = [];
	app.addHook('onRoute', ({url, method}) => {
		routes.push({pattern: patternOf(url), methods: [method].flat()});
	});
	const methodsOf = (path: string): readonly string[] => {
		const found = new Set(routes.filter(({pattern}) => pattern.test(path)).flatMap(({methods}) => methods));
		return found.size === 0 ? [] : METHODS.filter(method => method === 'OPTIONS' || found.has(method));
	};
	return ({method}, reply, path) => {
		const methods = methodsOf(path);
		if (methods.length === 0) return problem('NOT_FOUND', `There is no ${method} ${path}.`);
		const allow = methods.join(', ');
		reply.header('allow', allow);
		if (method === 'OPTIONS') return reply.code(204).send();
		return problem('METHOD_NOT_ALLOWED', `There is no ${method} ${path}: it has ${allow}.`);
	};
}

/** Of paths as fastify writes them: `/api/files/:id`. */
const patternOf = (url: string): RegExp =>
	new RegExp(
		`^${url
			.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
			.replaceAll(/:\w+/g, '[^/]+')
			.replaceAll('*', '.*')}$`,
	);
