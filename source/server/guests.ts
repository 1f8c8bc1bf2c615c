// Who comes in by SSH: by a name and a key that the SSH side has found right, or by the password of an account.
import {type Accounts, LOCAL_USER, type LoginRequest, loginFailed} from './accounts.ts';
import type {ServerOptions} from './options.ts';
import {problem} from './problem.ts';
import type {Tokens} from './tokens.ts';
import type {Guest, Visit} from './visits.ts';

/** Without accounts everybody is the one user. @returns `null`: there is nobody of this name. */
export function findGuest(name: string, {isOpen, isSshAlone}: ServerOptions, accounts: Accounts): Guest | null {
	if (isOpen || (isSshAlone && !accounts.hasAny)) return {user: LOCAL_USER, hasAccount: false};
	const user = accounts.findByName(name);
	return user === null ? null : {user, hasAccount: true};
}

/** @throws {Problem} As for other logins; also where something else must be done first. */
export async function visitBy(
	request: LoginRequest,
	address: string,
	{accounts, tokens}: {readonly accounts: Accounts; readonly tokens: Tokens},
): Promise<Visit> {
	const proof = await accounts.prove(request, address);
	if (proof.mustChangePassword)
		throw problem('PASSWORD_CHANGE_NEEDED', 'Somebody else has made the password: choose another one first.');
	if (proof.mustEnrolSecondFactor)
		throw problem(
			'SECOND_FACTOR_ENROLMENT_NEEDED',
			`The role ${proof.user.role} needs a second factor: add one first.`,
		);
	const visit = await tokens.visits.beginBy(proof, address);
	if (visit === null) throw loginFailed(proof.user.id);
	return visit;
}
