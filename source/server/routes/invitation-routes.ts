// Admins invite others.
import {noAccounts, registrationClosed} from '../accounts.ts';
import {bothPaths, type Routes, userOf} from '../context.ts';
import type {Invitation} from '../invitations.ts';
import {ROLES, type Role} from '../roles.ts';
import {timeOf} from '../time-of.ts';

const DAY_SECONDS = 24 * 60 * 60;

const body = {
	...{type: 'object', required: ['role'], additionalProperties: false},
	properties: {
		role: {type: 'string', enum: ROLES},
		expires_in: {
			...{type: 'integer', minimum: 60, maximum: 30 * DAY_SECONDS, default: 7 * DAY_SECONDS},
			description: 'Seconds',
		},
	},
} as const;

const describe = ({id, role, createdBy, createdAt, expiresAt}: Invitation) => ({
	...{id, role, created_by: createdBy},
	...{created_at: timeOf(createdAt), expires_at: timeOf(expiresAt)},
});

export const invitationRoutes: Routes = (app, {invitations, options}) => {
	for (const path of bothPaths('/invitations')) {
		app.post<{Body: {readonly role: Role; readonly expires_in: number}}>(
			path,
			{schema: {body}},
			async (request, reply) => {
				// It would be of no use.
				if (options.isOpen) throw noAccounts();
				if (options.registration === 'closed') throw registrationClosed();
				const {role, expires_in: seconds} = request.body;
				const made = await invitations.create(userOf(request).id, role, seconds * 1000);
				return reply.code(201).send({...describe(made), invitation: made.secret});
			},
		);
		app.get(path, async () => ({invitations: invitations.list().map(describe)}));
		app.delete<{Params: {id: string}}>(`${path}/:id`, async (request, reply) => {
			await invitations.remove(request.params.id);
			return reply.code(204).send();
		});
	}
};
