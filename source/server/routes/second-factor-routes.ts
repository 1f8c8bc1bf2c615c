// The second factor of one's own account: added, confirmed, and given up again. Each change asks for the password, so that a login that is left open is not
// enough.
import {bothPaths, type Routes, tokenOf, userOf} from '../context.ts';
import {hashSecret} from '../ids.ts';
import {timeOf} from '../time-of.ts';

const text = {type: 'string', minLength: 1, maxLength: 1024} as const;

const bodyOf = (...names: readonly string[]) => ({
	body: {
		...{type: 'object', required: names, additionalProperties: false},
		properties: Object.fromEntries(names.map(name => [name, text])),
	},
});

interface PasswordBody {
	readonly Body: {readonly password: string};
}

interface CodeBody {
	readonly Body: {readonly code: string};
}

export const secondFactorRoutes: Routes = (app, {accounts, secondFactors}) => {
	for (const path of bothPaths('/auth/second-factor')) {
		app.get(path, async request => {
			tokenOf(request);
			const {confirmedAt, recoveryCodesLeft, isRequired} = secondFactors.stateOf(userOf(request));
			return {
				...{is_enrolled: confirmedAt !== null, is_required: isRequired},
				...{enrolled_at: timeOf(confirmedAt), recovery_codes_left: recoveryCodesLeft},
			};
		});
		app.post<PasswordBody>(path, {schema: bodyOf('password')}, async (request, reply) => {
			tokenOf(request);
			await accounts.assertPassword(userOf(request), request.body.password, request.ip);
			return reply.code(201).send(await secondFactors.begin(userOf(request)));
		});
		app.post<CodeBody>(`${path}/confirm`, {schema: bodyOf('code')}, async request => {
			const origin = {token: hashSecret(tokenOf(request)), address: request.ip};
			return {recovery_codes: await secondFactors.confirm(userOf(request), request.body.code, origin)};
		});
		app.post<PasswordBody & CodeBody>(`${path}/recovery-codes`, {schema: bodyOf('password', 'code')}, async request => {
			tokenOf(request);
			const {password, code} = request.body;
			await accounts.assertPassword(userOf(request), password, request.ip);
			return {recovery_codes: await secondFactors.renewRecoveryCodes(userOf(request), code, request.ip)};
		});
		app.post<PasswordBody & CodeBody>(
			`${path}/disable`,
			{schema: bodyOf('password', 'code')},
			async (request, reply) => {
				tokenOf(request);
				const {password, code} = request.body;
				await accounts.assertPassword(userOf(request), password, request.ip);
				await secondFactors.disable(userOf(request), code, request.ip);
				return reply.code(204).send();
			},
		);
	}
};
