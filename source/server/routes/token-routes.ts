// Tokens of programs: only those who have logged in make them, so that none makes another one.
import {describeToken} from '../api-tokens.ts';
import {bothPaths, type Routes, tokenOf, userOf} from '../context.ts';
import {SCOPES, type Scope} from '../roles.ts';

interface TokenBody {
	readonly name: string;
	readonly scopes: readonly Scope[];
	readonly expires_in: number | null;
}

const DAY_SECONDS = 24 * 60 * 60;
const DEFAULT_SECONDS = 90 * DAY_SECONDS;
const MAX_SECONDS = 10 * 366 * DAY_SECONDS;

const body = {
	...{type: 'object', required: ['name', 'scopes'], additionalProperties: false},
	properties: {
		name: {type: 'string', minLength: 1, maxLength: 100},
		scopes: {type: 'array', minItems: 1, uniqueItems: true, items: {type: 'string', enum: Object.keys(SCOPES)}},
		expires_in: {
			// Not `type: ['integer', 'null']`: an empty text would be taken as null, and the token would never expire.
			...{anyOf: [{const: null}, {type: 'integer', minimum: 60, maximum: MAX_SECONDS}], default: DEFAULT_SECONDS},
			description: 'Seconds; null: it does not expire',
		},
	},
} as const;

export const tokenRoutes: Routes = (app, {apiTokens, tokens}) => {
	for (const path of bothPaths('/tokens')) {
		app.post<{Body: TokenBody}>(path, {schema: {body}}, async (request, reply) => {
			tokenOf(request);
			const {name, scopes, expires_in: seconds} = request.body;
			const lifetimeMs = seconds === null ? null : seconds * 1000;
			const made = await apiTokens.create(userOf(request), {name, scopes, lifetimeMs}, request.tokenId);
			return reply.code(201).send({...describeToken(made), token: made.secret});
		});
		app.get(path, async request => {
			tokenOf(request);
			return {tokens: apiTokens.list(userOf(request).id).map(describeToken)};
		});
		app.delete<{Params: {id: string}}>(`${path}/:id`, async (request, reply) => {
			tokenOf(request);
			await apiTokens.remove(userOf(request).id, request.params.id);
			tokens.endStreams();
			return reply.code(204).send();
		});
	}
};
