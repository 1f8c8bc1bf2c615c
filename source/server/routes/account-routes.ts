// Registration, login, logout, another password.
import {timingSafeEqual} from 'node:crypto';
import type {FastifyRequest} from 'fastify';
import {type Login, type LoginRequest, noAccounts, registrationClosed, type User} from '../accounts.ts';
import {bothPaths, type Routes, tokenOf, userOf} from '../context.ts';
import {hashSecret} from '../ids.ts';
import {placeOf} from '../place-of.ts';
import {clearSessionCookie, setSessionCookie} from '../session-cookie.ts';
import type {Origin} from '../tokens.ts';

interface Credentials {
	readonly name: string;
	readonly password: string;
	readonly invitation?: string;
}

const text = {type: 'string', minLength: 1, maxLength: 1024} as const;

const bodyOf = (properties: Readonly<Record<string, object>>, ...required: readonly string[]) => ({
	body: {type: 'object', required, additionalProperties: false, properties},
});

const CODE =
	'Of the second factor: six digits of the app, or a recovery code. Without it, an account that has one is answered 401 SECOND_FACTOR_NEEDED; then the same is sent once more with it';

const originOf = ({ip, headers}: FastifyRequest): Origin => ({address: ip, client: headers['user-agent'] ?? ''});

export const accountRoutes: Routes = (app, {accounts, tokens, options, invitation}) => {
	const register = ({name, password, invitation: given}: Credentials, address: string): Promise<User> => {
		const applicant = {name, password, place: placeOf(address)};
		if (options.isOpen) throw noAccounts();
		const first = invitation();
		if (first !== null && given !== undefined && timingSafeEqual(hashSecret(given), hashSecret(first)))
			return accounts.registerFirstAdmin(applicant);
		if (options.registration !== 'closed' && given !== undefined) return accounts.registerInvited(applicant, given);
		if (options.registration !== 'open') throw registrationClosed();
		return accounts.register(applicant);
	};
	const describe = ({id, name, role}: User) => ({id, name, role});
	const loginBody = ({token, expiresAt, user, mustChangePassword, mustEnrolSecondFactor}: Login) => ({
		...{token, expires_at: new Date(expiresAt).toISOString(), user: describe(user)},
		...(mustChangePassword && {must_change_password: true}),
		...(mustEnrolSecondFactor && {must_enrol_second_factor: true}),
	});
	for (const path of bothPaths('/auth/register')) {
		app.post<{Body: Credentials}>(
			path,
			{schema: bodyOf({name: text, password: text, invitation: text}, 'name', 'password')},
			async (request, reply) => {
				const user = await register(request.body, request.ip);
				return reply.code(201).send({user: describe(user)});
			},
		);
	}
	for (const path of bothPaths('/auth/login')) {
		app.post<{Body: LoginRequest}>(
			path,
			{schema: bodyOf({name: text, password: text, code: {...text, description: CODE}}, 'name', 'password')},
			async (request, reply) => {
				const login = await accounts.logIn(request.body, originOf(request));
				setSessionCookie(reply, login.token, login.expiresAt);
				return reply.send(loginBody(login));
			},
		);
	}
	for (const path of bothPaths('/auth/logout')) {
		app.post(path, async (request, reply) => {
			if (request.token !== null) await tokens.logOut(request.token);
			clearSessionCookie(reply);
			return reply.header('clear-site-data', '"cookies", "storage"').code(204).send();
		});
	}
	for (const path of bothPaths('/auth/me')) {
		app.get(path, async request => ({...describe(userOf(request)), scopes: request.scopes}));
	}
	for (const path of bothPaths('/auth/password')) {
		app.post<{Body: {readonly current_password: string; readonly new_password: string}}>(
			path,
			{
				schema: bodyOf({current_password: text, new_password: text}, 'current_password', 'new_password'),
			},
			async (request, reply) => {
				const {current_password: current, new_password: next} = request.body;
				const token = hashSecret(tokenOf(request));
				await accounts.changePassword(userOf(request), token, {current, next, address: request.ip});
				return reply.code(204).send();
			},
		);
	}
};
