// Files come in: several as parts of a form, or one as the body of a request.
import type {FastifyReply, FastifyRequest} from 'fastify';
import {messageOf} from '../../text/system-error.ts';
import {bothPaths, type Routes, userOf} from '../context.ts';
import type {Dataset} from '../datasets.ts';
import {Problem, problem} from '../problem.ts';
import {StatedDigests} from '../stated-digests.ts';
import {describeDataset} from './file-routes.ts';

/** What the parser of the parts says has no number of a status. */
const isOfParser = (error: unknown): boolean =>
	error instanceof Error && !('statusCode' in error) && !('code' in error) && !(error instanceof Problem);

export const incomingRoutes: Routes = (app, {datasets}) => {
	/** Who asks before sending (Expect: 100-continue) is refused before a byte is sent. */
	const onRequest = async (request: FastifyRequest): Promise<void> => {
		datasets.assertRoom(userOf(request), Number(request.headers['content-length'] ?? 0));
	};
	const access = {config: {role: 'uploader', scope: 'upload'}, onRequest} as const;

	const upload = async (request: FastifyRequest, reply: FastifyReply) => {
		if (!request.isMultipart())
			throw problem('NOT_MULTIPART', 'Expected multipart/form-data, as curl -F file=@data.csv sends it.');
		const user = userOf(request);
		const stated = followBody(request);
		const files: Dataset[] = [];
		try {
			for await (const {filename, file} of request.files())
				files.push(await datasets.store(user, {name: filename, source: 'api', stated: null}, file));
			stated.verify();
		} catch (error) {
			// Who is told that it failed has no ids of what had come before.
			for (const {id} of files) await datasets.remove(user, id);
			throw isOfParser(error)
				? problem('MALFORMED', `The parts of the request cannot be told apart: ${messageOf(error)}.`)
				: error;
		}
		if (files.length === 0)
			throw problem('NO_FILE', 'Expected a part with a file, as curl -F file=@data.csv sends it.');
		return reply.code(201).send({files: files.map(describeDataset)});
	};
	for (const path of ['/upload', ...bothPaths('/upload')]) app.post(path, access, upload);

	void app.register(async whole => {
		// Its bytes go to the disk as they come, whatever they are said to be.
		whole.removeAllContentTypeParsers();
		whole.addContentTypeParser('*', (_request, _payload, done) => done(null));
		// The path is that of a file that is there, so its parameter has the same name.
		for (const path of bothPaths('/files/:id')) {
			whole.put<{Params: {id: string}}>(path, access, async (request, reply) => {
				if (request.headers['content-range'] !== undefined)
					throw problem('NO_PARTS', 'The body is the whole file; to send parts of one, use tus at /api/v1/uploads.');
				const stated = new StatedDigests(request.headers);
				// Who is refused in the middle is told so: the connection is not to end with the reading.
				const chunks = request.raw.iterator({destroyOnReturn: false}) as AsyncIterable<Buffer>;
				const received = {name: request.params.id, source: 'put', stated};
				const described = describeDataset(await datasets.store(userOf(request), received, chunks));
				return reply.code(201).header('location', described.links.self).send(described);
			});
		}
	});
};

/** Hashes the body of a form as it is read. @throws {Problem} */
function followBody({raw, headers}: FastifyRequest): StatedDigests {
	const stated = new StatedDigests(headers);
	if (stated.isEmpty) return stated;
	// Until somebody else reads it, nothing flows.
	raw.pause();
	raw.on('data', (bytes: Buffer) => stated.update(bytes));
	return stated;
}
