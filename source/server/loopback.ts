import {isIPv4} from 'node:net';
import type {FastifyRequest} from 'fastify';

/** Whether only this machine can reach it. `::ffff:127.0.0.1` is how IPv4 looks to a server that listens by IPv6. */
export function isLoopback(address: string): boolean {
	const plain = address.replace(/^::ffff:/i, '');
	return address === 'localhost' || address === '::1' || (isIPv4(plain) && plain.startsWith('127.'));
}

/** Whether somebody on this machine asks. A proxy on it asks for others, wherever they are. */
export const isFromThisMachine = ({ip, headers}: FastifyRequest): boolean =>
	isLoopback(ip) && headers['x-forwarded-for'] === undefined && headers.forwarded === undefined;
