// Admins look after accounts.
import {bothPaths, type Routes} from '../context.ts';
import {byText, type PageQuery, pageOf, pageQuery} from '../paging.ts';
import {ROLES, type Role} from '../roles.ts';
import {describeListed, type ListedUser} from '../users.ts';
import {assertVersion, sendVersion} from '../version-tags.ts';

const byName = byText<ListedUser>(({name}) => name);

/** What may be changed of it. */
const versionOf = ({id, role, isDisabled}: ListedUser) => [id, role, isDisabled];

const body = {
	...{type: 'object', minProperties: 1, additionalProperties: false},
	properties: {role: {type: 'string', enum: ROLES}, is_disabled: {type: 'boolean'}},
} as const;

interface OfOne {
	readonly Params: {readonly id: string};
}

export const userRoutes: Routes = (app, {users, secondFactors}) => {
	for (const path of bothPaths('/users')) {
		app.get<{Querystring: PageQuery}>(path, {schema: {querystring: pageQuery}}, async (request, reply) => {
			const {items, next} = pageOf(reply, path, request.query, byName, (after, limit) =>
				users.list(after ?? '', limit),
			);
			return {users: items.map(describeListed), next_cursor: next};
		});
		app.get<OfOne>(`${path}/:id`, async (request, reply) => {
			const user = users.find(request.params.id);
			sendVersion(reply, versionOf(user));
			return describeListed(user);
		});
		app.patch<OfOne & {Body: {readonly role?: Role; readonly is_disabled?: boolean}}>(
			`${path}/:id`,
			{schema: {body}},
			async (request, reply) => {
				const seen = users.find(request.params.id);
				assertVersion(request, versionOf(seen));
				const {role, is_disabled: isDisabled} = request.body;
				const change = {...(role !== undefined && {role}), ...(isDisabled !== undefined && {isDisabled})};
				const user = await users.change(request.params.id, change, seen);
				sendVersion(reply, versionOf(user));
				return describeListed(user);
			},
		);
		app.post<OfOne>(`${path}/:id/reset`, async request => {
			const password = await users.resetPassword(request.params.id);
			return {user: describeListed(users.find(request.params.id)), password};
		});
		app.delete<OfOne>(`${path}/:id/second-factor`, async (request, reply) => {
			await secondFactors.reset(users.find(request.params.id).id);
			return reply.code(204).send();
		});
		app.delete<OfOne>(`${path}/:id/sessions`, async (request, reply) => {
			await users.endSessions(request.params.id);
			return reply.code(204).send();
		});
	}
};
