// Who calls, and whether the route is for them.
import type {FastifyRequest} from 'fastify';
import {LOCAL_USER} from './accounts.ts';
import {COOKIE, mayCall, type ServerContext} from './context.ts';
import {forbidden, problem, unauthorized} from './problem.ts';

/** Finds out who calls. @throws {Problem} Where the route is not for them. */
export function identify(request: FastifyRequest, {options, accounts}: ServerContext): void {
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
	throw problem('FOREIGN_ORIGIN', 'The request comes from another page.');
}
