// Mappings: which headings of files are which columns.
import type {FastifyReply, FastifyRequest} from 'fastify';
import type {ColumnMap} from '../../analysis/column-map.ts';
import {bothPaths, type Routes, type ServerContext, userOf} from '../context.ts';
import {type ExpectedVersion, MAX_NAME, type Mapping} from '../mappings.ts';
import {byNumber, type PageQuery, pageOf, pageQuery} from '../paging.ts';
import {problem} from '../problem.ts';
import {timeOf} from '../time-of.ts';

interface MappingBody {
	readonly map: ColumnMap;
	readonly headings?: readonly string[];
	readonly file_id?: string;
}

interface ByName {
	readonly Params: {readonly name: string};
}

const HEADING = {type: 'string', maxLength: 1000} as const;

const body = {
	...{type: 'object', required: ['map'], additionalProperties: false},
	properties: {
		map: {
			...{type: 'object', minProperties: 1, maxProperties: 200, additionalProperties: HEADING},
			description: 'Headings by the columns of analyses: {"amount": "Betrag"}',
		},
		headings: {
			...{type: 'array', items: HEADING, minItems: 1, maxItems: 2000},
			description: 'Of the files that it is for',
		},
		file_id: {type: 'string', maxLength: 100, description: 'A file with this heading, instead of headings'},
	},
} as const;

const params = {
	...{type: 'object', required: ['name']},
	properties: {name: {type: 'string', maxLength: MAX_NAME}},
} as const;

const versionQuery = {
	type: 'object',
	properties: {version: {type: 'integer', minimum: 1, description: 'Left out: the newest one'}},
} as const;

const pathOf = ({name}: Pick<Mapping, 'name'>): string => `/api/v1/mappings/${encodeURIComponent(name)}`;

const describe = (mapping: Mapping) => ({
	...{id: mapping.id, name: mapping.name, version: mapping.version, headings: mapping.headings, map: mapping.map},
	created_at: timeOf(mapping.createdAt),
	links: {self: pathOf(mapping), versions: `${pathOf(mapping)}/versions`},
});

const send = (reply: FastifyReply, mapping: Mapping): FastifyReply =>
	reply.header('etag', tagOf(mapping)).send(describe(mapping));

const tagOf = ({version}: Mapping): string => `"${version}"`;

/** The version that `If-Match` names. A tag that is none of ours names one that there is not. */
function expectedVersion({headers}: FastifyRequest): ExpectedVersion {
	const given = headers['if-match'];
	if (given === undefined) return null;
	if (given.trim() === '*') return 'any';
	const version = /^"(\d{1,9})"$/.exec(given.trim())?.[1];
	return version === undefined ? -1 : Number(version);
}

/** @throws {Problem} Where the heading is not said, or cannot be found out. */
async function headingsOf(
	{datasets, previews}: ServerContext,
	request: FastifyRequest<{Body: MappingBody}>,
): Promise<readonly string[]> {
	const {headings, file_id: file} = request.body;
	if ((headings === undefined) === (file === undefined))
		throw problem('BAD_MAPPING', 'Expected headings, or the file_id of a file that has them.');
	if (headings !== undefined) return headings;
	const found = await previews.headingsOf(datasets.findReadable(userOf(request), file ?? ''), {});
	if (found === null) throw problem('BAD_MAPPING', 'The file has no heading that could be found out: send headings.');
	return found;
}

export const mappingRoutes: Routes = (app, context) => {
	const {mappings} = context;
	for (const path of bothPaths('/mappings'))
		app.get(path, async request => ({mappings: mappings.list(userOf(request)).map(describe)}));
	for (const path of bothPaths('/mappings/:name')) {
		app.get<ByName & {Querystring: {readonly version?: number}}>(
			path,
			{schema: {params, querystring: versionQuery}},
			async (request, reply) =>
				send(reply, mappings.find(userOf(request), request.params.name, request.query.version ?? null)),
		);
		app.put<ByName & {Body: MappingBody}>(path, {schema: {params, body}}, async (request, reply) => {
			const asked = {headings: await headingsOf(context, request), map: request.body.map};
			const {name} = request.params;
			const {mapping, isNew} = await mappings.save(userOf(request), name, asked, expectedVersion(request));
			if (isNew) reply.code(201).header('location', pathOf(mapping));
			return send(reply, mapping);
		});
		app.delete<ByName>(path, {schema: {params}}, async (request, reply) => {
			await mappings.remove(userOf(request), request.params.name, expectedVersion(request));
			return reply.code(204).send();
		});
	}
	for (const path of bothPaths('/mappings/:name/versions'))
		app.get<ByName & {Querystring: PageQuery}>(
			path,
			{schema: {params, querystring: pageQuery}},
			async (request, reply) => {
				const {name} = request.params;
				const at = path.replace(':name', encodeURIComponent(name));
				const {items, next} = pageOf(reply, at, request.query, byNumber, (before, limit) =>
					mappings.versionsOf(userOf(request), name, before, limit),
				);
				return {versions: items.map(describe), next_cursor: next};
			},
		);
};
