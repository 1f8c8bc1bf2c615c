// Links for others to send files in: made, listed and withdrawn by who has the account; who has one sees what came by it.
import {bothPaths, type Routes, tokenOf, userOf} from '../context.ts';
import type {DropLink, DroppedFile} from '../drop-links.ts';
import {byNumber, type PageQuery, pageOf, pageQuery} from '../paging.ts';
import {problem} from '../problem.ts';
import {timeOf} from '../time-of.ts';

interface LinkBody {
	readonly name: string;
	readonly expires_in: number;
	readonly max_bytes: number;
	readonly max_files: number;
}

const DAY_SECONDS = 24 * 60 * 60;
const GIB = 1024 ** 3;

const body = {
	...{type: 'object', required: ['name'], additionalProperties: false},
	properties: {
		name: {type: 'string', minLength: 1, maxLength: 100, description: 'What it is for; who uses it sees this'},
		expires_in: {
			...{type: 'integer', minimum: 60, maximum: 90 * DAY_SECONDS, default: DAY_SECONDS},
			description: 'Seconds',
		},
		max_bytes: {
			...{type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER, default: GIB},
			description: 'Of all files that come by it',
		},
		max_files: {type: 'integer', minimum: 1, maximum: 1_000_000, default: 100},
	},
} as const;

const describe = ({id, name, maxBytes, maxFiles, createdAt, expiresAt, usedAt, usedBytes, usedFiles}: DropLink) => ({
	...{id, name, max_bytes: maxBytes, max_files: maxFiles, used_bytes: usedBytes, used_files: usedFiles},
	...{created_at: timeOf(createdAt), expires_at: timeOf(expiresAt), last_used_at: timeOf(usedAt)},
});

const describeFile = ({name, bytes, sha256, receivedAt}: DroppedFile) => ({
	...{name, size: bytes, sha256, received_at: timeOf(receivedAt)},
});

export const dropLinkRoutes: Routes = (app, {dropLinks}) => {
	for (const path of bothPaths('/droplinks')) {
		app.post<{Body: LinkBody}>(path, {schema: {body}}, async (request, reply) => {
			tokenOf(request);
			const {name, expires_in: seconds, max_bytes: maxBytes, max_files: maxFiles} = request.body;
			const asked = {name, maxBytes, maxFiles, lifetimeMs: seconds * 1000};
			const made = await dropLinks.create(userOf(request), asked, request.tokenId);
			return reply.code(201).send({...describe(made), token: made.secret});
		});
		app.get(path, async request => ({droplinks: dropLinks.list(userOf(request)).map(describe)}));
		app.delete<{Params: {id: string}}>(`${path}/:id`, async (request, reply) => {
			await dropLinks.remove(userOf(request), request.params.id);
			return reply.code(204).send();
		});
	}
	for (const path of bothPaths('/drop'))
		app.get<{Querystring: PageQuery}>(path, {schema: {querystring: pageQuery}}, async (request, reply) => {
			const {link} = userOf(request);
			if (link === undefined) throw problem('NOT_FOUND', 'This is for who comes by a drop link: send its token.');
			const {items, next} = pageOf(reply, path, request.query, byNumber, (before, limit) =>
				dropLinks.filesOf(link.id, before, limit),
			);
			const {id: _, last_used_at: __, ...shown} = describe(dropLinks.look(link.id));
			return {...shown, files: items.map(describeFile), next_cursor: next};
		});
};
