// The HTTP side: what every request goes through and every answer has, and all routes.
import type {IncomingMessage, ServerResponse} from 'node:http';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import fastify, {type FastifyInstance} from 'fastify';
import {DESCRIPTION_LINK} from './answer-links.ts';
import {followActors} from './audit/follow-actors.ts';
import type {ServerContext} from './context.ts';
import {authorize, identify} from './identify.ts';
import {compileWhenNeeded} from './lazy-validation.ts';
import {createRequestLimits} from './limit-requests.ts';
import {collectMethods} from './methods.ts';
import {nameActions} from './name-actions.ts';
import {describeRoutes} from './openapi/describe-routes.ts';
import {packAnswers} from './pack-answers.ts';
import {Problem, problem} from './problem.ts';
import {followRequests, idOfRequest} from './requests.ts';
import {accountRoutes} from './routes/account-routes.ts';
import {auditRoutes} from './routes/audit-routes.ts';
import {bulkRoutes} from './routes/bulk-routes.ts';
import {catalogRoutes} from './routes/catalog-routes.ts';
import {deviceRoutes} from './routes/device-routes.ts';
import {docsRoutes} from './routes/docs-routes.ts';
import {dropLinkRoutes} from './routes/drop-link-routes.ts';
import {eventRoutes} from './routes/event-routes.ts';
import {fileRoutes} from './routes/file-routes.ts';
import {inboxRoutes} from './routes/inbox-routes.ts';
import {incomingRoutes} from './routes/incoming-routes.ts';
import {invitationRoutes} from './routes/invitation-routes.ts';
import {mappingRoutes} from './routes/mapping-routes.ts';
import {oidcRoutes} from './routes/oidc-routes.ts';
import {operationRoutes} from './routes/operation-routes.ts';
import {pageRoutes} from './routes/page-routes.ts';
import {resultRoutes} from './routes/result-routes.ts';
import {secondFactorRoutes} from './routes/second-factor-routes.ts';
import {sessionRoutes} from './routes/session-routes.ts';
import {socketRoutes} from './routes/socket-routes.ts';
import {taskRoutes} from './routes/task-routes.ts';
import {tokenRoutes} from './routes/token-routes.ts';
import {uploadRoutes} from './routes/upload-routes.ts';
import {usageRoutes} from './routes/usage-routes.ts';
import {userRoutes} from './routes/user-routes.ts';
import {webhookRoutes} from './routes/webhook-routes.ts';
import {answerUnreadable, isOurFault, pathOf, sendProblem} from './send-problem.ts';
import {logRequest} from './server-log.ts';
import type {ServerTls} from './tls.ts';
import {trustedProxies} from './trusted-proxies.ts';
import {asksForWebSocket, routeUpgrades, upgradeConstraint} from './upgrade.ts';

/** Pages have no scripts or styles within them, and are shown within no other page. */
const CONTENT_SECURITY_POLICY = {
	...{defaultSrc: ["'none'"], scriptSrc: ["'self'"], styleSrc: ["'self'"], imgSrc: ["'self'", 'data:']},
	...{connectSrc: ["'self'"], fontSrc: ["'self'"], formAction: ["'self'"], baseUri: ["'none'"]},
	...{frameAncestors: ["'none'"], objectSrc: ["'none'"], requireTrustedTypesFor: ["'script'"]},
};

const MAX_BODY_BYTES = 1024 * 1024;
/** The name of a file has up to 255 bytes, each of which may be written as three. */
const MAX_PARAMETER = 3 * 255;
/** For a year no browser asks without TLS. */
const HSTS = 'max-age=31536000; includeSubDomains';

export async function createApp(context: ServerContext, tls: ServerTls | null): Promise<FastifyInstance> {
	const {trustProxy, log, onFault} = context.options;
	const http = {headersTimeout: 20_000, maxHeaderSize: 16 * 1024, shouldUpgradeCallback: asksForWebSocket};
	const isTrustedProxy = trustedProxies(trustProxy);
	const app = fastify({
		logger: false,
		bodyLimit: MAX_BODY_BYTES,
		routerOptions: {maxParamLength: MAX_PARAMETER, constraints: {upgrade: upgradeConstraint}},
		...(tls === null ? {http} : {https: {...http, ...tls.options}}),
		...(trustProxy.length > 0 && {trustProxy: [...trustProxy]}),
		requestTimeout: 0,
		frameworkErrors: sendProblem,
		genReqId: request => idOfRequest(request, isTrustedProxy),
		requestIdHeader: false,
		clientErrorHandler: answerUnreadable,
	});
	app.setValidatorCompiler(compileWhenNeeded());
	const limitRequest = createRequestLimits(context.options.requestsPerMinute);
	const answerOther = collectMethods(app);
	app.decorate('isTrustedProxy', isTrustedProxy);
	app.decorateRequest('problem', null);
	followRequests(app, request => {
		logRequest(log, request);
		context.metrics.countRequest(request);
	});
	app.decorateRequest('user', null);
	app.decorateRequest('token', null);
	app.decorateRequest('tokenId', null);
	app.decorateRequest('unready', null);
	app.decorateRequest('isMonitor', false);
	app.decorateRequest('scopes', null);
	await app.register(cookie);
	await app.register(helmet, {
		contentSecurityPolicy: {
			useDefaults: false,
			directives: CONTENT_SECURITY_POLICY,
		},
		strictTransportSecurity: false,
	});
	// How large a file may be is seen to where it is stored: here it would be cut off there.
	await app.register(multipart, {
		preservePath: true,
		limits: {fileSize: Number.POSITIVE_INFINITY, files: 1000, fields: 100},
	});
	nameActions(app);
	await describeRoutes(app, context.options);
	app.addHook('onRequest', async (request, reply) => {
		reply.headers({'cache-control': 'no-store', link: DESCRIPTION_LINK});
		if (request.protocol === 'https') reply.header('strict-transport-security', HSTS);
		if (context.ledger.shared !== null) await context.ledger.catchUp();
		identify(request, context);
		limitRequest(request, reply);
		authorize(request, context);
	});
	packAnswers(app);
	followActors(app, context);
	app.setErrorHandler((error: Error, request, reply) => {
		if (isOurFault(error)) onFault(error, {id: request.id, route: request.routeOptions.url ?? null});
		return sendProblem(error, request, reply);
	});
	continueWhenAsked(app);
	app.setNotFoundHandler((request, reply) => {
		if (asksForWebSocket(request.raw))
			return sendProblem(problem('NOT_FOUND', `There is no WebSocket at ${pathOf(request)}.`), request, reply);
		const answer = answerOther(request, reply, pathOf(request));
		return answer instanceof Problem ? sendProblem(answer, request, reply) : answer;
	});
	for (const routes of [
		accountRoutes,
		auditRoutes,
		deviceRoutes,
		oidcRoutes,
		secondFactorRoutes,
		sessionRoutes,
		tokenRoutes,
		invitationRoutes,
		userRoutes,
		fileRoutes,
		incomingRoutes,
		dropLinkRoutes,
		inboxRoutes,
		uploadRoutes,
		taskRoutes,
		resultRoutes,
		eventRoutes,
		socketRoutes,
		operationRoutes,
		docsRoutes,
		pageRoutes,
		catalogRoutes,
		usageRoutes,
		webhookRoutes,
		bulkRoutes,
		mappingRoutes,
	])
		await app.register(async instance => routes(instance, context));
	routeUpgrades(app);
	await app.ready();
	return app;
}

/** Who waits to be told before sending the body (Expect: 100-continue) is told so when nothing speaks against it. */
function continueWhenAsked(app: FastifyInstance): void {
	app.server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
		app.server.emit('request', request, response);
	});
	app.addHook('preParsing', async ({headers}, {raw}) => {
		if (/^100-continue$/i.test(headers.expect ?? '')) raw.writeContinue();
	});
}
