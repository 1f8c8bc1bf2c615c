import type {FastifyRequest} from 'fastify';
import {isLoopback} from '../text/is-loopback.ts';

/** What proxies say of those for whom they ask, and of themselves. */
const OF_PROXIES = ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'forwarded', 'via'];

/**
Whether somebody on this machine asks. A proxy on it asks for others, wherever they are: it shows by its headers, by the name under which others know the
server, or by being named in `--trust-proxy`. One that does none of this cannot be told apart from a program on this machine.
*/
export const isFromThisMachine = ({ip, headers, hostname, raw, server}: FastifyRequest): boolean =>
	isLoopback(ip) &&
	OF_PROXIES.every(name => headers[name] === undefined) &&
	isLoopback(hostname.replace(/^\[(.*)\]$/, '$1')) &&
	!server.isTrustedProxy(raw.socket.remoteAddress);
