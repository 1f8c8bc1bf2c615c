// Gives each route its summary and answers, for the description (`/openapi.json`) and for what is sent.
import swagger from '@fastify/swagger';
import type {FastifyInstance, FastifySchema, RouteOptions} from 'fastify';
import {ACTIONS} from '../actions.ts';
import type {ServerOptions} from '../options.ts';
import {ANSWERS, type Body, PROBLEM, PROBLEM_TYPE, rowOf} from './answers.ts';
import {pickDeclared} from './pick-declared.ts';
import type {Schema} from './shapes.ts';

/** Call it before the routes are there. */
export async function describeRoutes(
	app: FastifyInstance,
	{version, onFault}: Pick<ServerOptions, 'version' | 'onFault'>,
): Promise<void> {
	await app.register(swagger, {
		openapi: {
			openapi: '3.1.0',
			info: {title: 'fileproc-tui', version},
			components: {securitySchemes: {token: {type: 'http', scheme: 'bearer'}}},
		},
		transform: ({schema, url}) => ({schema: showDescribed(schema) as FastifySchema, url}),
	});
	app.addHook('onRoute', route => {
		for (const method of [route.method].flat()) {
			const row = ANSWERS[rowOf(method, route.url)];
			if (row !== undefined) route.schema = {...route.schema, ...schemaOf(row, isForSomebody(route))};
		}
	});
	app.setSerializerCompiler(({schema, url, method}) => value => {
		const picked = pickDeclared(schema as Schema, value, place =>
			onFault(new Error(`Expected ${method} ${url} to answer with what it describes, found ${place}`)),
		);
		return JSON.stringify(picked);
	});
}

function isForSomebody({config}: RouteOptions): boolean {
	const {action, isForAnybody} = config ?? {};
	return action !== undefined && isForAnybody !== true && ACTIONS[action].role !== null;
}

function schemaOf({summary, answers}: (typeof ANSWERS)[string], needsToken: boolean): FastifySchema {
	const described = Object.entries(answers).map(([status, body]) => [status, answerOf(summary, body)]);
	const refused = {description: 'What is wrong', content: {[PROBLEM_TYPE]: {schema: PROBLEM}}};
	return {
		summary,
		...(needsToken && {security: [{token: []}]}),
		response: {...Object.fromEntries(described), '4xx': refused, '5xx': refused},
	} as FastifySchema;
}

function answerOf(description: string, body: Body): object {
	if (body === null) return {description, type: 'null'};
	if (typeof body === 'string') return {description, content: {[body]: {schema: {type: 'string'}}}};
	return {description, content: {'application/json': {schema: body}}};
}

/** Members of an object that its route checks by itself, and not by the schema, are there as `described`. */
function showDescribed(schema: unknown): unknown {
	if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return schema;
	const {described, ...rest} = schema as Readonly<Record<string, unknown>>;
	if (described !== undefined) return {...rest, properties: described, additionalProperties: false};
	return Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, showDescribed(value)]));
}
