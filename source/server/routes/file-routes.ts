// Files come in, are listed, and are removed.
import type {FastifyReply, FastifyRequest} from 'fastify';
import {messageOf} from '../../text/system-error.ts';
import {bothPaths, type Routes, userOf} from '../context.ts';
import type {Dataset} from '../datasets.ts';
import {sendFile} from '../downloads.ts';
import {type PageQuery, pageOf, pageQuery} from '../paging.ts';
import {Problem, problem} from '../problem.ts';

/** What the parser of the parts says has no number of a status. */
const isOfParser = (error: unknown): boolean =>
	error instanceof Error && !('statusCode' in error) && !('code' in error) && !(error instanceof Problem);

const describe = ({id, name, bytes, sha256, receivedAt, expiresAt}: Dataset) => ({
	...{file_id: id, name, size: bytes, sha256, status: 'STORED', received_at: new Date(receivedAt).toISOString()},
	expires_at: expiresAt === null ? null : new Date(expiresAt).toISOString(),
	links: {self: `/api/v1/files/${id}`, original: `/api/v1/files/${id}/original`},
});

export const fileRoutes: Routes = (app, {datasets, downloads}) => {
	const upload = async (request: FastifyRequest, reply: FastifyReply) => {
		if (!request.isMultipart())
			throw problem('NOT_MULTIPART', 'Expected multipart/form-data, as curl -F file=@data.csv sends it.');
		const user = userOf(request);
		// Told before a byte is sent, where the client says how many there are.
		datasets.assertRoom(user, Number(request.headers['content-length'] ?? 0));
		const files: Dataset[] = [];
		try {
			for await (const part of request.files()) files.push(await datasets.store(user, part.filename, part.file, 'api'));
		} catch (error) {
			// Who is told that it failed has no ids of what had come before.
			for (const {id} of files) await datasets.remove(user, id);
			throw isOfParser(error)
				? problem('MALFORMED', `The parts of the request cannot be told apart: ${messageOf(error)}.`)
				: error;
		}
		if (files.length === 0)
			throw problem('NO_FILE', 'Expected a part with a file, as curl -F file=@data.csv sends it.');
		return reply.code(201).send({files: files.map(describe)});
	};
	for (const path of ['/upload', ...bothPaths('/upload')])
		app.post(path, {config: {role: 'uploader', scope: 'upload'}}, upload);

	for (const path of ['/files', ...bothPaths('/files')])
		app.get<{Querystring: PageQuery}>(
			path,
			{config: {role: 'viewer', scope: 'read'}, schema: {querystring: pageQuery}},
			async (request, reply) => {
				const {items, next} = pageOf(reply, path, request.query, (after, limit) =>
					datasets.list(userOf(request), after ?? 0, limit),
				);
				return {files: items.map(describe), next_cursor: next};
			},
		);

	for (const path of bothPaths('/files/:id')) {
		app.get<{Params: {id: string}}>(path, {config: {role: 'viewer', scope: 'read'}}, async request =>
			describe(datasets.find(userOf(request), request.params.id)),
		);
		app.delete<{Params: {id: string}}>(path, {config: {role: 'uploader', scope: 'upload'}}, async (request, reply) => {
			await datasets.remove(userOf(request), request.params.id);
			return reply.code(204).send();
		});
	}
	for (const path of bothPaths('/files/:id/original')) {
		app.get<{Params: {id: string}}>(path, {config: {role: 'viewer', scope: 'read'}}, async (request, reply) => {
			const {id} = request.params;
			const onEnd = downloads.hold(id);
			try {
				const {name, sha256} = datasets.find(userOf(request), id);
				return await sendFile(request, reply, {
					...{name, type: 'application/octet-stream', path: datasets.pathOf(id)},
					...{sha256: Buffer.from(sha256, 'hex'), onEnd},
				});
			} catch (error) {
				onEnd();
				throw error;
			}
		});
	}
};
