// Programs ask to be let in, and people decide (RFC 8628); what programs send is JSON, or a form as the standard has it.
import type {FastifyInstance, FastifyReply, FastifyRequest} from 'fastify';
import {noAccounts} from '../accounts.ts';
import {bothPaths, type Routes, type ServerContext, tokenOf, userOf} from '../context.ts';
import type {Decider, DeviceRequest} from '../device-logins.ts';
import {decidedPage, devicePage} from '../device-page.ts';
import {hashSecret} from '../ids.ts';
import {Problem, problem} from '../problem.ts';
import {assertNoForeignOrigin} from '../same-origin.ts';
import {setSessionCookie} from '../session-cookie.ts';
import {timeOf} from '../time-of.ts';
import type {Origin} from '../tokens.ts';

const HTML = 'text/html; charset=utf-8';
const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const text = {type: 'string', maxLength: 1024} as const;

interface OfCode {
	readonly Params: {readonly code: string};
}

/** What the page sends. */
interface PageForm {
	readonly user_code?: string;
	readonly decision?: string;
	readonly name?: string;
	readonly password?: string;
	readonly second_factor?: string;
}

const originOf = ({ip, headers}: FastifyRequest): Origin => ({address: ip, client: headers['user-agent'] ?? ''});

const deciderOf = (request: FastifyRequest): Decider => ({
	...{user: userOf(request), token: hashSecret(tokenOf(request)), address: request.ip},
});

const describe = ({client, askedFrom, createdAt, expiresAt}: DeviceRequest) => ({
	...{client, asked_from: askedFrom, created_at: timeOf(createdAt), expires_at: timeOf(expiresAt)},
});

export const deviceRoutes: Routes = (app, context) => {
	const {deviceLogins, options} = context;
	app.addContentTypeParser('application/x-www-form-urlencoded', {parseAs: 'string'}, (_request, body, done) =>
		done(null, Object.fromEntries(new URLSearchParams(String(body)))),
	);
	for (const path of bothPaths('/auth/device/code'))
		app.post(
			path,
			{schema: {body: {type: 'object', properties: {client_id: text, scope: text}, additionalProperties: false}}},
			async request => {
				if (options.isOpen) throw noAccounts();
				const {deviceCode, userCode, expiresInSeconds, intervalSeconds} = await deviceLogins.begin(originOf(request));
				const page = `${request.protocol}://${request.host}/device`;
				return {
					...{device_code: deviceCode, user_code: userCode, verification_uri: page},
					verification_uri_complete: `${page}?user_code=${userCode}`,
					...{expires_in: expiresInSeconds, interval: intervalSeconds},
				};
			},
		);
	for (const path of bothPaths('/auth/device/token'))
		app.post<{Body: {readonly device_code: string}}>(
			path,
			{
				schema: {
					body: {
						...{type: 'object', required: ['device_code'], additionalProperties: false},
						properties: {
							...{device_code: {...text, minLength: 1}, client_id: text},
							grant_type: {type: 'string', enum: [GRANT], default: GRANT},
						},
					},
				},
			},
			async request => {
				const {token, expiresAt, user} = await deviceLogins.fetch(request.body.device_code, originOf(request));
				return {
					...{access_token: token, token_type: 'Bearer'},
					...{expires_in: Math.floor((expiresAt - Date.now()) / 1000), expires_at: timeOf(expiresAt)},
					user: {id: user.id, name: user.name, role: user.role},
				};
			},
		);
	for (const path of bothPaths('/auth/device/:code')) {
		app.get<OfCode>(path, async request => describe(await deviceLogins.look(deciderOf(request), request.params.code)));
		for (const decision of ['allow', 'deny'] as const)
			app.post<OfCode>(`${path}/${decision}`, async (request, reply) => {
				await deviceLogins.decide(deciderOf(request), request.params.code, decision);
				return reply.code(204).send();
			});
	}
	pageRoutes(app, context);
};

function pageRoutes(app: FastifyInstance, context: ServerContext): void {
	const {deviceLogins, options, oidc} = context;
	const providerUrl = oidc === null ? null : '/api/v1/auth/oidc';
	const codeQuery = {type: 'object', properties: {user_code: {type: 'string', maxLength: 20}}} as const;
	app.get<{Querystring: {readonly user_code?: string}}>(
		'/device',
		{schema: {querystring: codeQuery}},
		async (request, reply) => {
			if (options.isOpen) throw noAccounts();
			const {user_code: code = ''} = request.query;
			return reply.type(HTML).send(devicePage({code, name: nameOf(request), providerUrl, fault: null, asks: null}));
		},
	);
	app.post<{Body: PageForm | null}>('/device', {config: {isForAnybody: true}}, async (request, reply) => {
		assertNoForeignOrigin(request);
		if (options.isOpen) throw noAccounts();
		const {user_code: code = '', decision, ...credentials} = request.body ?? {};
		let name = nameOf(request);
		try {
			if (code.trim() === '') throw problem('BAD_REQUEST', 'Type the code that the program shows.');
			const decider = name === null ? await logIn(context, reply, credentials) : deciderOf(request);
			name = decider.user.name;
			if (decision === 'allow' || decision === 'deny') {
				await deviceLogins.decide(decider, code, decision);
				return reply.type(HTML).send(decidedPage(decision));
			}
			const asks = await deviceLogins.look(decider, code);
			return reply.type(HTML).send(devicePage({code, name, providerUrl, fault: null, asks}));
		} catch (error) {
			if (!(error instanceof Problem)) throw error;
			request.problem = error;
			if (error.retryAfter !== undefined) reply.header('retry-after', String(error.retryAfter));
			const status = SHOWN_STATUSES.find(each => each === error.status) ?? 400;
			return reply
				.code(status)
				.type(HTML)
				.send(devicePage({code, name, providerUrl, fault: error.message, asks: null}));
		}
	});
}

/** Those that the page is answered with beside 400. */
const SHOWN_STATUSES = [401, 404, 429] as const;

/** A person who has logged in in this browser: a program with a token lets nobody in. */
const nameOf = ({user, scopes, token}: FastifyRequest): string | null =>
	scopes === null && token !== null ? (user?.name ?? null) : null;

/** @throws {Problem} Also where the login must first do something else. */
async function logIn(
	{accounts}: ServerContext,
	reply: FastifyReply,
	{name = '', password = '', second_factor: factor = ''}: PageForm,
): Promise<Decider> {
	const {request} = reply;
	const code = factor.trim() === '' ? undefined : factor;
	const login = await accounts.logIn({name, password, code}, originOf(request));
	if (login.mustChangePassword)
		throw problem('PASSWORD_CHANGE_NEEDED', 'Somebody else has made this password: first choose another one.');
	if (login.mustEnrolSecondFactor)
		throw problem('SECOND_FACTOR_ENROLMENT_NEEDED', 'The role may do nothing without a second factor: first add one.');
	setSessionCookie(reply, login.token, login.expiresAt);
	return {user: login.user, token: hashSecret(login.token), address: request.ip};
}
