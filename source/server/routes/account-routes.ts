// Registration, login, logout.
import {timingSafeEqual} from 'node:crypto';
import {registrationClosed, type Session, type User} from '../accounts.ts';
import {bothPaths, COOKIE, type Routes, userOf} from '../context.ts';
import {hashSecret} from '../ids.ts';

interface Credentials {
	readonly name: string;
	readonly password: string;
	readonly invitation?: string;
}

const text = {type: 'string', minLength: 1, maxLength: 1000} as const;

export const accountRoutes: Routes = (app, {accounts, options, invitation}) => {
	const assertMayRegister = ({invitation: given}: Credentials): boolean => {
		const first = invitation();
		const isFirst = first !== null && given !== undefined && timingSafeEqual(hashSecret(given), hashSecret(first));
		if (isFirst || options.registration === 'open') return isFirst;
		throw registrationClosed();
	};
	const describe = ({id, name, role}: User) => ({id, name, role});
	const sessionBody = ({token, expiresAt, user}: Session) => ({
		...{token, expires_at: new Date(expiresAt).toISOString(), user: describe(user)},
	});
	for (const path of bothPaths('/auth/register')) {
		app.post<{Body: Credentials}>(
			path,
			{
				schema: {
					body: {
						...{type: 'object', required: ['name', 'password'], additionalProperties: false},
						properties: {name: text, password: text, invitation: text},
					},
				},
			},
			async (request, reply) => {
				const {name, password} = request.body;
				const isFirst = assertMayRegister(request.body);
				const user = await (isFirst ? accounts.registerFirst(name, password) : accounts.register(name, password));
				return reply.code(201).send({user: describe(user)});
			},
		);
	}
	for (const path of bothPaths('/auth/login')) {
		app.post<{Body: Credentials & {code?: string}}>(
			path,
			{
				schema: {
					body: {
						...{type: 'object', required: ['name', 'password'], additionalProperties: false},
						properties: {name: text, password: text, code: text},
					},
				},
			},
			async (request, reply) => {
				const session = await accounts.logIn(request.body.name, request.body.password, request.ip);
				reply.setCookie(COOKIE, session.token, {
					...{path: '/', httpOnly: true, sameSite: 'strict', expires: new Date(session.expiresAt)},
				});
				return reply.send(sessionBody(session));
			},
		);
	}
	for (const path of bothPaths('/auth/logout')) {
		app.post(path, {config: {role: 'viewer'}}, async (request, reply) => {
			if (request.token !== null) await accounts.logOut(request.token, userOf(request));
			return reply.clearCookie(COOKIE, {path: '/'}).code(204).send();
		});
	}
	for (const path of bothPaths('/auth/me'))
		app.get(path, {config: {role: 'viewer'}}, async request => describe(userOf(request)));
};
