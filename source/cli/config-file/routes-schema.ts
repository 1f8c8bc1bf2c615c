// The part of the JSON Schema that is about routes, so that editors complete and check them. Whether tags lead anywhere no schema can say.
import {DIALECT_PATTERNS} from '../../engine/plan/dialect-rules.ts';
import {analyzeSettings} from '../../pipeline/analyze.ts';
import type {BuiltIn} from '../../pipeline/processors/built-in.ts';
import {builtIns} from '../../pipeline/processors/built-ins.ts';
import {timeout} from '../../pipeline/processors/timeout.ts';
import {COMPRESSIONS} from '../../pipeline/routes/parse-match.ts';
import {MAX_ROUTES} from '../../pipeline/routes/parse-routes.ts';
import {ENCODING_PATTERN} from '../arguments/encoding-fault.ts';

type Schema = Readonly<Record<string, unknown>>;

const TEXT: Schema = {type: 'string', minLength: 1};

const oneOrMore = (description: string, item: Schema): Schema => ({
	description,
	anyOf: [item, {type: 'array', minItems: 1, items: item}],
});

const objectOf = (properties: Readonly<Record<string, Schema>>, others: Schema = {}): Schema => ({
	type: 'object',
	additionalProperties: false,
	properties,
	...others,
});

/** @param sizePattern - What sizes are written like. */
export function schemaOfRoutes(sizePattern: string): Schema {
	const size: Schema = {
		anyOf: [
			{type: 'integer', minimum: 0},
			{type: 'string', pattern: sizePattern},
		],
	};
	const match = objectOf(
		{
			name: oneOrMore('Patterns of the name, as in a shell: *.csv', {type: 'string', pattern: '^[^/]+$'}),
			size: {description: 'Bytes: {"min": 1, "max": "10MiB"}', ...objectOf({min: size, max: size}, {minProperties: 1})},
			folder: oneOrMore('Patterns of the folder below the inbox; the empty text for the inbox itself', {
				type: 'string',
				pattern: '^([^/]|$)',
			}),
			columns: oneOrMore('Columns that the header has, by names as analyses compare them', {
				type: 'string',
				pattern: '\\S',
			}),
			dialect: {description: 'How the file is written', ...objectOf(dialectParts(), {minProperties: 1})},
			firstBytes: {description: 'A text, or bytes: hex:25 50 44 46, base64:JVBERg==', ...TEXT},
			contains: {description: 'A text that stands in the unpacked text', ...TEXT},
			matches: {description: 'A regular expression that fits a line; (?i) in front for any case', ...TEXT},
		},
		{minProperties: 1},
	);
	const step = objectOf(
		{
			processor: {
				description: 'The name of a processor, or the path of a module that exports one',
				anyOf: [{enum: PROCESSORS.map(({name}) => name)}, TEXT],
			},
			with: {description: 'The settings of the processor', type: 'object', properties: {timeout: timeout.schema}},
			tags: {
				description: 'From what the processor says to the tag of the route that the file goes on with',
				type: 'object',
				additionalProperties: TEXT,
			},
		},
		{required: ['processor'], allOf: PROCESSORS.map(schemaOfSettings)},
	);
	const route = objectOf(
		{
			tag: {description: 'The name of the route', ...TEXT},
			match: {
				description: 'Which files take it: all terms must hold; without it, only those that a step sends here',
				anyOf: [{const: 'any'}, match],
			},
			steps: {description: 'What is done, one after the other', type: 'array', items: step},
		},
		{required: ['tag', 'steps']},
	);
	return {
		description: 'Which files take which steps: the first route whose match holds is taken',
		type: 'array',
		minItems: 1,
		maxItems: MAX_ROUTES,
		items: route,
	};
}

const PROCESSORS = [{name: 'analyze', settings: analyzeSettings}, ...builtIns];

function schemaOfSettings({name, settings}: Pick<BuiltIn, 'name' | 'settings'>): Schema {
	const properties = {with: settings.schema};
	return {
		if: {properties: {processor: {const: name}}, required: ['processor']},
		// biome-ignore lint/suspicious/noThenProperty: JSON Schema has it.
		then: settings.schema.required === undefined ? {properties} : {properties, required: ['with']},
	};
}

const dialectParts = (): Readonly<Record<string, Schema>> => ({
	delimiter: {type: 'string', pattern: DIALECT_PATTERNS.delimiter},
	quote: {type: 'string', pattern: DIALECT_PATTERNS.quote},
	encoding: {type: 'string', pattern: ENCODING_PATTERN},
	header: {type: 'boolean'},
	compression: {enum: [...COMPRESSIONS, null]},
});

export function schemaOfProcessors(): Schema {
	const path: Schema = {type: 'string', pattern: '/|\\.m?[jt]s$'};
	return {
		description: 'Modules of your own processors, from the folder of this file: steps may call them by their names',
		anyOf: [path, {type: 'array', items: path}],
	};
}
