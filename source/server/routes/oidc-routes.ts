// Logins by a provider of the company: the browser goes there, and comes back with what it has said.
import type {FastifyReply, FastifyRequest} from 'fastify';
import {bothPaths, type Routes} from '../context.ts';
import type {OidcLogins} from '../oidc/oidc-logins.ts';
import {escapeHtml, pageOf} from '../openapi/docs-page.ts';
import {problem} from '../problem.ts';
import {isSecure, setSessionCookie} from '../session-cookie.ts';

const BEGIN = '/auth/oidc';
const CALLBACK = '/auth/oidc/callback';
/** Where somebody may go who has logged in: pages of this server alone. */
const GOALS = /^\/(?:device(?:\?user_code=[\w-]{1,20})?)?$/;

const beginQuery = {
	type: 'object',
	properties: {to: {type: 'string', maxLength: 100, description: '/ or /device: where the browser goes then'}},
} as const;

export const oidcRoutes: Routes = (app, {oidc, options}) => {
	const logins = (): OidcLogins => {
		if (oidc === null) throw problem('NO_PROVIDER', 'The server was started without --oidc-issuer.');
		return oidc;
	};
	for (const path of bothPaths('/auth/methods'))
		app.get(path, async () => ({
			...{password: !options.isOpen, registration: options.isOpen ? 'closed' : options.registration},
			provider: oidc === null ? null : {issuer: oidc.issuer, url: `/api/v1${BEGIN}`},
		}));
	for (const path of bothPaths(BEGIN))
		app.get<{Querystring: {readonly to?: string}}>(
			path,
			{schema: {querystring: beginQuery}},
			async (request, reply) => {
				const {to = '/'} = request.query;
				if (!GOALS.test(to))
					throw problem('BAD_REQUEST', 'Expected ?to=/ or ?to=/device, which are pages of this server.');
				const redirectUri = `${request.protocol}://${request.host}/api/v1${CALLBACK}`;
				const {address, cookie} = await logins().begin(redirectUri, to);
				setBrowserCookie(reply, cookie);
				return reply.redirect(address, 302);
			},
		);
	for (const path of bothPaths(CALLBACK))
		app.get(path, async (request, reply) => {
			const origin = {address: request.ip, client: request.headers['user-agent'] ?? ''};
			const query = request.url.split('?')[1] ?? '';
			const session = await logins().complete(query, readBrowserCookie(request), origin);
			setBrowserCookie(reply, null);
			setSessionCookie(reply, session.token, session.expiresAt);
			// A redirection would still be one of the provider's page, for which browsers send no cookie that is strict.
			return reply.type('text/html; charset=utf-8').send(goOnPage(session.to, session.user.name));
		});
};

const goOnPage = (to: string, name: string): string =>
	pageOf(
		'You are logged in',
		`<meta http-equiv="refresh" content="0; url=${escapeHtml(to)}">\n<p>As <b>${escapeHtml(name)}</b>. <a href="${escapeHtml(to)}">Go on</a></p>`,
	);

/** It must come along from the provider's page, so it is laxer than that of the session, and of use for one login alone. */
const nameOf = (request: FastifyRequest): string =>
	isSecure(request) ? '__Host-fileproc-oidc' : 'fileproc_local_oidc';

const readBrowserCookie = (request: FastifyRequest): string | null => request.cookies[nameOf(request)] ?? null;

/** @param value - `null`: it is removed. */
function setBrowserCookie(reply: FastifyReply, value: string | null): void {
	const {request} = reply;
	const options = {path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure(request)} as const;
	if (value === null) reply.clearCookie(nameOf(request), options);
	else reply.setCookie(nameOf(request), value, {...options, maxAge: 600});
}
