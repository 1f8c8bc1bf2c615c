// The HTTP side: who calls, what is answered when something is wrong, what every answer has.
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import swagger from '@fastify/swagger';
import fastify, {type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest} from 'fastify';
import {CommitError} from '../ledger/start-commit-thread.ts';
import {LOCAL_USER} from './accounts.ts';
import {COOKIE, mayCall, type ServerContext} from './context.ts';
import {badRequest, forbidden, Problem, unauthorized} from './problem.ts';
import {accountRoutes} from './routes/account-routes.ts';
import {eventRoutes} from './routes/event-routes.ts';
import {fileRoutes} from './routes/file-routes.ts';
import {operationRoutes} from './routes/operation-routes.ts';
import {resultRoutes} from './routes/result-routes.ts';
import {taskRoutes} from './routes/task-routes.ts';
import {uploadRoutes} from './routes/upload-routes.ts';

const MAX_BODY_BYTES = 1024 * 1024;

export async function createApp(context: ServerContext): Promise<FastifyInstance> {
	const app = fastify({
		logger: false,
		bodyLimit: MAX_BODY_BYTES,
		routerOptions: {maxParamLength: 200},
		http: {headersTimeout: 20_000, maxHeaderSize: 16 * 1024},
		requestTimeout: 0,
		ajv: {customOptions: {coerceTypes: 'array', removeAdditional: false}},
	});
	app.decorateRequest('user', null);
	app.decorateRequest('token', null);
	await app.register(cookie);
	await app.register(helmet, {
		contentSecurityPolicy: {
			useDefaults: false,
			directives: {defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"], formAction: ["'self'"]},
		},
		strictTransportSecurity: false,
	});
	// How large a file may be is seen to where it is stored: here it would be cut off there.
	await app.register(multipart, {limits: {fileSize: Number.POSITIVE_INFINITY, files: 1000, fields: 100}});
	await app.register(swagger, {
		openapi: {
			openapi: '3.1.0',
			info: {title: 'fileproc-tui', version: context.options.version},
			components: {securitySchemes: {token: {type: 'http', scheme: 'bearer'}}},
		},
	});
	app.addHook('onRequest', async (request, reply) => {
		reply.header('cache-control', 'no-store');
		identify(request, context);
	});
	app.setErrorHandler((error: FastifyError | Problem, request, reply) => sendProblem(error, request, reply));
	app.setNotFoundHandler((request, reply) =>
		sendProblem(
			new Problem(404, {
				code: 'NOT_FOUND',
				title: 'Not found',
				detail: `There is no ${request.method} ${pathOf(request)}.`,
			}),
			...([request, reply] as const),
		),
	);
	for (const routes of [
		accountRoutes,
		fileRoutes,
		uploadRoutes,
		taskRoutes,
		resultRoutes,
		eventRoutes,
		operationRoutes,
	])
		await app.register(async instance => routes(instance, context));
	await app.ready();
	return app;
}

const pathOf = ({url}: FastifyRequest): string => url.split('?')[0] ?? '';

/** Finds out who calls. @throws {Problem} Where the route is not for them. */
function identify(request: FastifyRequest, {options, accounts}: ServerContext): void {
	const {role} = request.routeOptions.config;
	if (options.isOpen) request.user = LOCAL_USER;
	else {
		const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
		const token = bearer ?? request.cookies[COOKIE] ?? null;
		request.token = token;
		request.user = token === null ? null : accounts.findUser(token);
		if (bearer === undefined && request.user !== null) assertSameOrigin(request);
	}
	if (role === undefined) return;
	if (request.user === null) throw unauthorized();
	if (!mayCall(request.user.role, role)) throw forbidden(request.user.role);
}

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A cookie comes with requests that another page has made, too: those may change nothing. */
function assertSameOrigin({method, headers}: FastifyRequest): void {
	if (SAFE_METHODS.has(method)) return;
	const site = headers['sec-fetch-site'];
	if (site === 'same-origin' || site === 'none') return;
	const {origin, host} = headers;
	if (site === undefined && origin !== undefined && origin.replace(/^https?:\/\//, '') === host) return;
	throw new Problem(403, {
		code: 'FOREIGN_ORIGIN',
		title: 'Not allowed',
		detail: 'The request comes from another page.',
	});
}

function sendProblem(error: FastifyError | Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
	const problem =
		error instanceof Problem ? error : error instanceof CommitError ? problemOfCommit(error) : problemOf(error);
	const {retryAfter} = problem.members;
	if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter));
	if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
	return reply
		.code(problem.status)
		.header('content-type', 'application/problem+json; charset=utf-8')
		.send(JSON.stringify(problem.body(pathOf(request))));
}

const problemOfCommit = ({isFull, isConflict, message}: CommitError): Problem =>
	isConflict
		? new Problem(409, {
				code: 'CONFLICT',
				title: 'Something has changed',
				detail: 'It is not as it was any more: look again.',
			})
		: new Problem(isFull ? 507 : 503, {
				...{
					code: isFull ? 'DISK_FULL' : 'LEDGER_UNAVAILABLE',
					title: 'It cannot be kept',
					detail: message,
					retryAfter: 30,
				},
			});

/** What fastify and its plugins say is wrong with a request; anything else is a fault of ours, and not told outside. */
function problemOf(error: FastifyError): Problem {
	const {statusCode = 500, code, message, validation} = error;
	// Values within values, deeper than any function can follow.
	if (error instanceof RangeError && code === undefined)
		return badRequest('TOO_DEEP', 'The JSON of the request is nested too deeply.');
	if (code === 'ENOSPC' || code === 'EDQUOT')
		return new Problem(507, {
			...{
				code: 'DISK_FULL',
				title: 'The disk is full',
				detail: 'There is no room for it on the disk of the server.',
				retryAfter: 30,
			},
		});
	if (statusCode >= 500)
		return new Problem(500, {code: 'INTERNAL', title: 'Internal error', detail: 'Something went wrong in the server.'});
	const name = validation === undefined ? code.replace(/^FST_(ERR_)?/, '') : 'INVALID';
	return new Problem(statusCode, {code: name, title: 'Bad request', detail: message});
}
