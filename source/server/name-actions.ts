// Gives each route the action that it does, by which it is known who may call it.
import type {FastifyInstance, RouteOptions} from 'fastify';
import {type ActionName, actionOfRoute} from './actions.ts';
import {rowOf} from './openapi/answers.ts';

/**
Call it before the routes are there.

@throws {Error} As soon as there is a route that no action has: it would be open to everybody.
*/
export function nameActions(app: FastifyInstance): void {
	app.addHook('onRoute', route => {
		route.config = {...route.config, action: actionOf(route)};
	});
}

function actionOf({method, url}: RouteOptions): ActionName {
	// The head of an answer is for those who may have the answer.
	const names = [method]
		.flat()
		.map(each => actionOfRoute(rowOf(each, url)) ?? (each === 'HEAD' ? actionOfRoute(rowOf('GET', url)) : undefined));
	const [name] = names;
	if (name === undefined || names.some(each => each !== name))
		throw new Error(
			`Expected one action of source/server/actions.ts to have the route ${method} ${url}, found ${names.join(', ')}`,
		);
	return name;
}
