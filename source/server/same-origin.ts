// What the pages of other sites may not do with this server, through the browser of somebody who may.
import type {FastifyRequest} from 'fastify';
import {isLoopback} from '../text/is-loopback.ts';
import {problem} from './problem.ts';

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
A cookie comes with requests that another page has made, too: those may change nothing.

@throws {Problem} Where nothing says that the request comes from a page of this server.
*/
export function assertSameOrigin(request: FastifyRequest): void {
	if (!SAFE_METHODS.has(request.method) && originOf(request) !== 'own') throw foreignOrigin();
}

/**
Without accounts any program of this machine may do all there is; a page in a browser of this machine may not, whoever made it: also not under
another name that leads here.

@throws {Problem} Where it comes from one.
*/
export function assertNoForeignPage(request: FastifyRequest): void {
	if (!isLoopback(request.hostname.replace(/^\[(.*)\]$/, '$1')))
		throw problem('FOREIGN_ORIGIN', 'Without accounts the server is only called localhost, 127.0.0.1 or [::1].');
	if (!SAFE_METHODS.has(request.method) && originOf(request) === 'foreign') throw foreignOrigin();
}

/**
Pages of any site may open a WebSocket here: browsers do not ask before.

@throws {Problem} Where one of another site does.
*/
export function assertNoForeignOrigin(request: FastifyRequest): void {
	if (originOf(request) === 'foreign') throw foreignOrigin();
}

/** `unknown`: it comes from no browser, or from an old one. */
function originOf({headers, protocol, host}: FastifyRequest): 'own' | 'foreign' | 'unknown' {
	const site = headers['sec-fetch-site'];
	if (site !== undefined) return site === 'same-origin' || site === 'none' ? 'own' : 'foreign';
	const {origin} = headers;
	if (origin === undefined) return 'unknown';
	return origin === `${protocol}://${host}` ? 'own' : 'foreign';
}

const foreignOrigin = () => problem('FOREIGN_ORIGIN', 'The request comes from another page.');
