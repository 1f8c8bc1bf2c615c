import type {FastifyRequest} from 'fastify';
import {isLoopback} from '../text/is-loopback.ts';

/** Whether somebody on this machine asks. A proxy on it asks for others, wherever they are. */
export const isFromThisMachine = ({ip, headers}: FastifyRequest): boolean =>
	isLoopback(ip) && headers['x-forwarded-for'] === undefined && headers.forwarded === undefined;
