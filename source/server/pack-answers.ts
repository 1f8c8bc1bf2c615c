// Answers in JSON and pages are packed where the client takes that. Only those that are named: an answer with a secret in it, beside what somebody else
// may have chosen, tells by its length what the secret is (BREACH).
import type {FastifyInstance} from 'fastify';
import {chooseCoding, LEAST_BYTES, pack} from './content-coding.ts';
import {rowOf} from './openapi/answers.ts';

/** Lists, descriptions and figures. What is downloaded sees to it itself. */
export const PACKED_ANSWERS: ReadonlySet<string> = new Set([
	...['GET /files', 'GET /files/:id', 'GET /run', 'GET /run/:id', 'GET /results', 'GET /results/:id/tables'],
	...['GET /tasks', 'GET /inbox', 'GET /stats', 'GET /usage', 'GET /usage/users', 'GET /metrics'],
	...['GET /openapi.json', 'GET /docs', 'GET /docs/style.css', 'GET /docs/actions'],
]);

export function packAnswers(app: FastifyInstance): void {
	app.addHook('onSend', async ({method, routeOptions, headers}, reply, payload) => {
		const isText = typeof payload === 'string' || Buffer.isBuffer(payload);
		const {url} = routeOptions;
		if (!isText || url === undefined || !PACKED_ANSWERS.has(rowOf(method === 'HEAD' ? 'GET' : method, url)))
			return payload;
		reply.header('vary', 'accept-encoding');
		const coding = payload.length < LEAST_BYTES ? null : chooseCoding(headers['accept-encoding']);
		if (coding === null) return payload;
		reply.header('content-encoding', coding);
		reply.removeHeader('content-length');
		return pack(coding, Buffer.from(payload));
	});
}
