// `fileproc-tui login <url>` and `logout <url>`: a token of a server is fetched, kept for this user alone, and given back.
import {ClientError} from '../../client/client-error.ts';
import type {Connection} from '../../client/connection.ts';
import {layOutSafely} from '../../text/json-layout.ts';
import {safe} from '../../text/safe.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';
import type {LoginCommand, LogoutCommand} from '../arguments/read-client-words.ts';
import {UsageError} from '../arguments/usage-error.ts';
import {createOutputStream} from '../outputs/output-stream.ts';
import {readPassword} from './accounts/read-password.ts';
import {ask, canAsk} from './client/ask-terminal.ts';
import {letProgramIn, logInByDevice} from './client/device-login.ts';
import {Logins, type StoredLogin} from './client/logins.ts';
import {connectTo, exitCodeOfRefusal, withServer} from './client/open-server.ts';

import {exitCodes} from './exit-codes.ts';

/** What the server answers to a login. */
interface LoginBody {
	readonly token: string;
	readonly expires_at: string;
	readonly user: {readonly name: string; readonly role: string};
	readonly must_change_password?: true;
}

export async function loginCommand(command: LoginCommand): Promise<number> {
	if (command.server.address === null)
		throw new UsageError(
			'login takes the address of a server, for example: fileproc-tui login https://files.example.org.',
		);
	const {allowedCode} = command;
	if (allowedCode !== null) return withServer(command.server, connection => letProgramIn(connection, allowedCode));
	let connection: Connection | null = null;
	try {
		connection = await connectTo(command.server, 'nobody');
		const body = await logIn(connection, command);
		return await keep(connection.origin, body, command.isJson);
	} catch (error) {
		if (error instanceof ClientError) return exitCodeOfRefusal(error, connection?.origin);
		throw error;
	} finally {
		connection?.close();
	}
}

async function logIn(connection: Connection, command: LoginCommand): Promise<LoginBody> {
	const {account, readsPassword} = command;
	if (command.isByDevice) return logInFromElsewhere(connection);
	if (!readsPassword && !canAsk())
		throw new UsageError(
			'There is no terminal to ask for the password: pass it by --password-stdin, or log in by --device.',
		);
	if (readsPassword && account === null)
		throw new UsageError('--password-stdin needs to know whose it is: add --account <name>.');
	const name = account ?? (await ask('Name, or Enter to log in by a browser or another machine: ')).trim();
	if (name === '') return logInFromElsewhere(connection);
	const password = readsPassword ? await readPassword() : await ask('Password: ', {isSecret: true});
	const body = await logInByPassword(connection, {name, password});
	if (body.must_change_password !== true) return body;
	if (!canAsk())
		throw new EnvironmentError(
			'Somebody else has made this password, so it has to be changed first: log in once at a terminal.',
		);
	await changePassword(connection.withToken(body.token), password);
	return body;
}

async function logInFromElsewhere(connection: Connection): Promise<LoginBody> {
	const {access_token: token, expires_at, user} = await logInByDevice(connection);
	return {token, expires_at, user};
}

async function logInByPassword(
	connection: Connection,
	json: {readonly name: string; readonly password: string; readonly code?: string},
): Promise<LoginBody> {
	try {
		return (await connection.ask<LoginBody>('POST', '/api/v1/auth/login', {json})).body;
	} catch (error) {
		const isAsked = error instanceof ClientError && error.code === 'SECOND_FACTOR_NEEDED' && json.code === undefined;
		if (!isAsked) throw error;
		if (!canAsk())
			throw new EnvironmentError(
				'The account has a second factor, for which there is no terminal to ask: log in by --device, or use a token.',
			);
		return logInByPassword(connection, {...json, code: await ask('Code of the second factor: ', {isSecret: true})});
	}
}

const MAX_TRIES = 3;

async function changePassword(connection: Connection, current: string): Promise<void> {
	process.stderr.write('Somebody else has made this password. Choose another one.\n');
	for (let tries = 1; ; tries++) {
		const next = await ask('New password: ', {isSecret: true});
		if (next !== (await ask('The same again: ', {isSecret: true}))) {
			process.stderr.write('They are not the same.\n');
			if (tries < MAX_TRIES) continue;
			throw new EnvironmentError('The password has not been changed.');
		}
		try {
			await connection.ask('POST', '/api/v1/auth/password', {json: {current_password: current, new_password: next}});
			return;
		} catch (error) {
			if (!(error instanceof ClientError && /PASSWORD$/.test(error.code)) || tries === MAX_TRIES) throw error;
			process.stderr.write(`${safe(error.message)}\n`);
		}
	}
}

async function keep(server: string, {token, expires_at, user}: LoginBody, isJson: boolean): Promise<number> {
	const login: StoredLogin = {server, token, user: user.name, role: user.role, expires_at};
	await new Logins().save(login);
	if (isJson) {
		const stream = createOutputStream(process.stdout);
		await stream.write(`${layOutSafely({server, user: user.name, role: user.role, expires_at}, '')}\n`);
		await stream.flush();
	} else
		process.stderr.write(
			`fileproc-tui: ${safe(`logged in to ${server} as ${user.name} (${user.role}), until ${expires_at} at the latest`)}\n`,
		);
	return exitCodes.ok;
}

/** The server may not know it any more, or not be there: here it is forgotten anyway. */
export async function logoutCommand({server}: LogoutCommand): Promise<number> {
	const connection = await connectTo(server, 'nobody');
	const {origin} = connection;
	const logins = new Logins();
	const login = await logins.findAny(origin);
	if (login === null) {
		connection.close();
		process.stderr.write(`fileproc-tui: nobody is logged in to ${origin}\n`);
		return exitCodes.nothingMatched;
	}
	let reason: ClientError | null = null;
	try {
		await connection.withToken(login.token).ask('POST', '/api/v1/auth/logout');
	} catch (error) {
		if (!(error instanceof ClientError)) throw error;
		if (error.status !== 401) reason = error;
	} finally {
		connection.close();
	}
	await logins.remove(origin);
	if (reason === null) {
		process.stderr.write(`fileproc-tui: logged out of ${origin}\n`);
		return exitCodes.ok;
	}
	throw new EnvironmentError(
		`The login is forgotten here, but ${origin} has not ended it: ${reason.message} It ends by itself; to end it now, log in and end the session there.`,
	);
}
