// What is known of each request when it has ended, however it ends: for the log and the metrics.
import {randomUUID} from 'node:crypto';
import type {IncomingMessage} from 'node:http';
import type {FastifyInstance} from 'fastify';
import type {ProblemCode} from './problem-catalog.ts';

export interface EndedRequest {
	readonly id: string;
	readonly method: string;
	/** As `/api/v1/files/:id`, so that no id or name is in it; `null`: there is no such path. */
	readonly route: string | null;
	readonly status: number;
	readonly ms: number;
	/** Of the account; `null`: nobody has logged in. */
	readonly user: string | null;
	readonly address: string;
	/** What it was refused with, and which limit that was of. */
	readonly problem: ProblemCode | null;
	readonly limit: string | null;
	/** Whether it broke off before all of the answer was sent. */
	readonly isCut: boolean;
}

const SANE_ID = /^[\w.:+/=@-]{1,128}$/;

/** What a trusted proxy calls the request, where that can be written to logs and headers; else a name of our own. */
export function idOfRequest(
	{headers, socket}: IncomingMessage,
	isTrustedProxy: (address: string | undefined) => boolean,
): string {
	const given = isTrustedProxy(socket.remoteAddress) ? headers['x-request-id'] : undefined;
	return typeof given === 'string' && SANE_ID.test(given) ? given : randomUUID();
}

/** Names each request in its answer, and calls back when it has ended. */
export function followRequests(app: FastifyInstance, onEnded: (request: EndedRequest) => void): void {
	app.addHook('onRequest', async (request, reply) => {
		reply.header('x-request-id', request.id);
		const startedAt = performance.now();
		reply.raw.once('close', () => {
			const {id, method, user, ip, routeOptions, raw} = request;
			const {statusCode, writableFinished} = reply.raw;
			onEnded({
				...{id, method, route: routeOptions.url ?? null, status: statusCode, user: user?.id ?? null},
				...{ms: Math.round((performance.now() - startedAt) * 1000) / 1000, isCut: !writableFinished},
				...{problem: request.problem?.code ?? null, limit: request.problem?.limit?.name ?? null},
				address: ip ?? raw.socket.remoteAddress ?? '',
			});
		});
	});
}
