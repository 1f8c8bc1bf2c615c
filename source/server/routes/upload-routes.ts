// The paths of uploads that may be cut off; see `uploads.ts`.
import type {FastifyReply, FastifyRequest} from 'fastify';
import {bothPaths, type Routes, userOf} from '../context.ts';
import {notFound} from '../problem.ts';
import {CONTENT_TYPE, VERSION} from '../uploads.ts';

export const uploadRoutes: Routes = (app, {uploads}) => {
	// Their bytes go to the disk as they come.
	app.addContentTypeParser(CONTENT_TYPE, (_request, _payload, done) => done(null));
	app.addContentTypeParser('*', (_request, _payload, done) => done(null));
	const isUnlimited = ({user, params}: FastifyRequest): boolean =>
		user !== null && uploads.isKnown((params as {readonly id: string}).id, user);
	for (const path of bothPaths('/uploads')) {
		const handle = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
			reply.headers({'tus-version': VERSION, 'tus-resumable': VERSION});
			uploads.check(request.raw);
			const {status, headers} = await uploads.handle(path, userOf(request), request.raw);
			return reply.code(status).headers(Object.fromEntries(headers)).send();
		};
		for (const method of ['POST', 'OPTIONS']) app.route({method, url: path, handler: handle});
		// One that was let in goes on: clients give a file up where they are refused in the middle.
		// A HEAD by itself would not be described.
		for (const method of ['HEAD', 'PATCH', 'DELETE'])
			app.route({method: [method], url: `${path}/:id`, config: {isUnlimited}, handler: handle});
		// What was sent in is had as a file, not here.
		app.get(`${path}/:id`, {exposeHeadRoute: false}, async () => {
			throw notFound('file');
		});
	}
};
