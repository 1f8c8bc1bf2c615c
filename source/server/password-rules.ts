// Which passwords may be chosen. Those that exist are only compared.
import {problem} from './problem.ts';

const MIN_CHARACTERS = 8;
/** What is hashed for a login is bounded. */
export const MAX_PASSWORD_BYTES = 1024;

/** @throws {Problem} That says what to do. */
export function assertPassword(name: string, password: string): void {
	if (Array.from(password).length < MIN_CHARACTERS || Buffer.byteLength(password) > MAX_PASSWORD_BYTES)
		throw problem(
			'BAD_PASSWORD',
			`A password has ${MIN_CHARACTERS} characters or more, and ${MAX_PASSWORD_BYTES} bytes at most: choose another one.`,
		);
	if (name.length > 3 && password.toLowerCase().includes(name.toLowerCase()))
		throw problem('BAD_PASSWORD', 'The password must not contain the name: choose another one.');
}
