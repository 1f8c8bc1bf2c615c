// The page for browsers and its parts.
import type {FastifyReply, FastifyRequest} from 'fastify';
import type {Routes} from '../context.ts';
import {encodingOf, Page, type PageFile} from '../page.ts';
import {problem} from '../problem.ts';

/** What is under it and is no part of the page is one of its views, which it knows itself. */
const PATH = '/app';
const PARTS = 'assets';

interface PageParams {
	readonly view?: string;
	readonly part?: string;
}

/** A page is many requests: counting them would keep those out who share an address. */
const quietly = {config: {isUnlimited: () => true}};

export const pageRoutes: Routes = app => {
	const page = new Page();
	app.get('/', quietly, async (_request, reply) => reply.redirect(PATH, 302));
	for (const path of [PATH, `${PATH}/:view`, `${PATH}/:view/:part`])
		app.get<{Params: PageParams}>(path, quietly, async (request, reply) => {
			const {view, part} = request.params;
			const file = view === PARTS ? page.part(part ?? '') : page.start;
			if (file !== undefined) return sendPart(request, reply, file);
			throw problem(
				'NOT_FOUND',
				view === PARTS
					? 'The page has no such part: it was built anew since it was loaded, so load it again.'
					: 'The page is not part of this build: make it by npm run build.',
			);
		});
};

async function sendPart(request: FastifyRequest, reply: FastifyReply, file: PageFile): Promise<FastifyReply> {
	const {coding, bytes} = await encodingOf(file, request.headers['accept-encoding']);
	const etag = `"${file.etag}${coding === null ? '' : `-${coding}`}"`;
	reply.headers({
		'cache-control': file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
		etag,
		vary: 'accept-encoding',
	});
	const known = request.headers['if-none-match']?.split(',').map(tag => tag.trim().replace(/^W\//, ''));
	if (known?.some(tag => tag === etag || tag === '*') === true) return reply.code(304).send();
	if (coding !== null) reply.header('content-encoding', coding);
	return reply.type(file.type).send(bytes);
}
