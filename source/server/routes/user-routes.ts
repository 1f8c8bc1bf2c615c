// Admins look after accounts.
import {bothPaths, type Routes} from '../context.ts';
import {problem} from '../problem.ts';
import {ROLES, type Role} from '../roles.ts';
import {describeListed} from '../users.ts';

const page = {
	type: 'object',
	properties: {
		limit: {type: 'integer', minimum: 1, maximum: 1000, default: 100},
		cursor: {type: 'string', maxLength: 400},
	},
} as const;

const body = {
	...{type: 'object', minProperties: 1, additionalProperties: false},
	properties: {role: {type: 'string', enum: ROLES}, is_disabled: {type: 'boolean'}},
} as const;

interface OfOne {
	readonly Params: {readonly id: string};
}

export const userRoutes: Routes = (app, {users}) => {
	const config = {role: 'admin', scope: 'admin:users'} as const;
	for (const path of bothPaths('/users')) {
		app.get<{Querystring: {readonly limit: number; readonly cursor?: string}}>(
			path,
			{config, schema: {querystring: page}},
			async (request, reply) => {
				const {limit, cursor} = request.query;
				const found = users.list(cursor === undefined ? '' : nameOf(cursor), limit + 1);
				const shown = found.slice(0, limit);
				const last = found.length > limit ? shown.at(-1) : undefined;
				const next = last === undefined ? null : cursorOf(last.name);
				if (next !== null) reply.header('link', `<${path}?limit=${limit}&cursor=${next}>; rel="next"`);
				return {users: shown.map(describeListed), next_cursor: next};
			},
		);
		app.get<OfOne>(`${path}/:id`, {config}, async request => describeListed(users.find(request.params.id)));
		app.patch<OfOne & {Body: {readonly role?: Role; readonly is_disabled?: boolean}}>(
			`${path}/:id`,
			{config, schema: {body}},
			async request => {
				const {role, is_disabled: isDisabled} = request.body;
				const change = {...(role !== undefined && {role}), ...(isDisabled !== undefined && {isDisabled})};
				return describeListed(await users.change(request.params.id, change));
			},
		);
		app.post<OfOne>(`${path}/:id/reset`, {config}, async request => {
			const password = await users.resetPassword(request.params.id);
			return {user: describeListed(users.find(request.params.id)), password};
		});
		app.delete<OfOne>(`${path}/:id/sessions`, {config}, async (request, reply) => {
			await users.endSessions(request.params.id);
			return reply.code(204).send();
		});
	}
};

const cursorOf = (name: string): string => Buffer.from(name).toString('base64url');

function nameOf(cursor: string): string {
	const name = Buffer.from(cursor, 'base64url').toString();
	if (cursorOf(name) !== cursor || name === '') throw problem('BAD_CURSOR', 'Expected the cursor of an earlier page.');
	return name;
}
