// The description of the server as `/openapi.json` gives it: what routes declare, with bodies that are no JSON, examples, and streams.
import {PROBLEM, PROBLEM_TYPE, rowOf} from './answers.ts';
import {EXAMPLES} from './examples.ts';
import {object, type Schema, string} from './shapes.ts';

/** 3.1 is what most tools read; 3.2 says what is in a stream. */
export const OPENAPI_VERSIONS = ['3.2', '3.1'] as const;
export type OpenApiVersion = (typeof OPENAPI_VERSIONS)[number];

interface Content {
	readonly schema?: Schema;
	readonly [name: string]: unknown;
}

interface Operation {
	readonly requestBody?: {readonly content: Readonly<Record<string, Content>>};
	readonly responses?: Readonly<Record<string, {readonly content?: Readonly<Record<string, Content>>}>>;
}

/** As `@fastify/swagger` makes it. */
export interface Declared {
	readonly components?: object;
	readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const EVENT_STREAM = 'text/event-stream';

/** A server-sent event. */
const EVENT: Schema = {
	...object({
		'event?': {...string, description: 'reset or snapshot; left out: data says by its type what has happened'},
		'id?': {...string, description: 'To go on from here: Last-Event-ID, or ?after='},
		data: {...string, description: 'JSON'},
	}),
	additionalProperties: true,
};

/** Bodies that are bytes, by their rows. */
const BODIES: Readonly<Record<string, Readonly<Record<string, Content>>>> = {
	'POST /upload': {
		'multipart/form-data': {
			schema: {
				type: 'object',
				properties: {file: {type: 'array', items: {type: 'string', description: 'A file, with its name'}}},
				required: ['file'],
			},
		},
	},
	'PUT /files/:id': {'application/octet-stream': {}},
	'PATCH /uploads/:id': {'application/offset+octet-stream': {}},
};

/** `null`: there is no such version. */
export const readVersion = (given: string | undefined): OpenApiVersion | null =>
	OPENAPI_VERSIONS.find(version => given === undefined || given.startsWith(version)) ?? null;

export function documentOf({paths = {}, components = {}, ...declared}: Declared, version: OpenApiVersion): object {
	const described = Object.entries(paths).map(([path, operations]) => [
		path,
		Object.fromEntries(
			Object.entries(operations).map(([method, operation]) => {
				const row = rowOf(method.toUpperCase(), path.replaceAll(/\{(\w+)\}/g, ':$1'));
				return [method, describe(operation, row, version)];
			}),
		),
	]);
	return {
		...declared,
		openapi: `${version}.0`,
		components: {...components, schemas: {Problem: PROBLEM}},
		paths: Object.fromEntries(described),
	};
}

function describe(
	{requestBody, responses = {}, ...operation}: Operation,
	row: string,
	version: OpenApiVersion,
): object {
	const bytes = BODIES[row];
	const body = bytes === undefined ? requestBody : {required: true, content: bytes};
	const example = EXAMPLES[row];
	return {
		...operation,
		...(body !== undefined && {
			requestBody: {...body, content: mapContents(body.content, content => withExample(content, example))},
		}),
		responses: Object.fromEntries(
			Object.entries(responses).map(([status, {content, ...answer}]) => [
				status,
				content === undefined
					? answer
					: {...answer, content: mapContents(content, (each, type) => contentOf(each, type, version))},
			]),
		),
	};
}

const mapContents = (
	contents: Readonly<Record<string, Content>>,
	change: (content: Content, type: string) => Content,
): Readonly<Record<string, Content>> =>
	Object.fromEntries(Object.entries(contents).map(([type, content]) => [type, change(content, type)]));

const withExample = (content: Content, example: object | undefined): Content =>
	example === undefined ? content : {...content, example};

function contentOf(content: Content, type: string, version: OpenApiVersion): Content {
	// One place for what every route may answer with.
	if (type === PROBLEM_TYPE) return {schema: {$ref: '#/components/schemas/Problem'}};
	return type === EVENT_STREAM && version === '3.2' ? {itemSchema: EVENT} : content;
}
