// The cookie of the page; programs send their token as a header. Browsers send one with `__Host-` by TLS only, and only to the server that has
// set it. Without TLS they are given one on their own machine alone: elsewhere anybody on the way could read it.
import type {FastifyReply, FastifyRequest} from 'fastify';
import {isFromThisMachine} from './loopback.ts';

const SECURE_NAME = '__Host-fileproc';
const LOCAL_NAME = 'fileproc_local';

export const isSecure = ({protocol}: FastifyRequest): boolean => protocol === 'https';

/** The token in it; `null`: there is none. */
export const readSessionCookie = (request: FastifyRequest): string | null =>
	request.cookies[isSecure(request) ? SECURE_NAME : LOCAL_NAME] ?? null;

export function setSessionCookie(reply: FastifyReply, token: string, expiresAt: number): void {
	const {request} = reply;
	const secure = isSecure(request);
	if (!secure && !isFromThisMachine(request)) return;
	reply.setCookie(secure ? SECURE_NAME : LOCAL_NAME, token, {
		...{path: '/', httpOnly: true, sameSite: 'strict', secure, expires: new Date(expiresAt)},
	});
}

export function clearSessionCookie(reply: FastifyReply): void {
	const secure = isSecure(reply.request);
	reply.clearCookie(secure ? SECURE_NAME : LOCAL_NAME, {path: '/', httpOnly: true, sameSite: 'strict', secure});
}
