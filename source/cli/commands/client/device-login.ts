// A login without a password typed here (RFC 8628): somebody who is logged in elsewhere, in a browser or by this program, lets this one in.
import {setTimeout as wait} from 'node:timers/promises';
import {ClientError} from '../../../client/client-error.ts';
import type {Connection} from '../../../client/connection.ts';
import {safe} from '../../../text/safe.ts';
import {EnvironmentError} from '../../arguments/environment-error.ts';
import {exitCodes} from '../exit-codes.ts';
import {ask, canAsk} from './ask-terminal.ts';

interface DeviceCode {
	readonly device_code: string;
	readonly user_code: string;
	readonly verification_uri: string;
	readonly verification_uri_complete: string;
	readonly expires_in: number;
	readonly interval: number;
}

interface GivenToken {
	readonly access_token: string;
	readonly expires_at: string;
	readonly user: {readonly name: string; readonly role: string};
}

interface AskingProgram {
	readonly client: string;
	readonly asked_from: string;
	readonly created_at: string;
}

const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const SLOWER_SECONDS = 5;

/** @throws {ClientError} @throws {EnvironmentError} Where nobody lets it in. */
export async function logInByDevice(connection: Connection): Promise<GivenToken> {
	const json = {client_id: 'fileproc-tui'};
	const {body: code} = await connection.ask<DeviceCode>('POST', '/api/v1/auth/device/code', {json});
	process.stderr.write(
		safeLines(
			`Open ${code.verification_uri_complete}`,
			`or ${code.verification_uri}, and type the code ${code.user_code}.`,
			'Or say, where you are logged in to it:',
			`  fileproc-tui login ${connection.origin} --allow ${code.user_code}`,
			`Waiting for ${Math.round(code.expires_in / 60)} minutes …`,
		),
	);
	const endsAt = performance.now() + code.expires_in * 1000;
	let seconds = code.interval;
	while (performance.now() < endsAt) {
		await wait(seconds * 1000);
		const answer = await askForToken(connection, code.device_code);
		if (typeof answer === 'object') return answer;
		if (answer === 'slower') seconds += SLOWER_SECONDS;
	}
	throw new EnvironmentError('Nobody has let this program in. Begin again to get another code.');
}

/** What passes by itself is waited for, as the decision is. */
async function askForToken(connection: Connection, device_code: string): Promise<GivenToken | 'pending' | 'slower'> {
	try {
		const json = {device_code, grant_type: GRANT};
		return (await connection.ask<GivenToken>('POST', '/api/v1/auth/device/token', {json})).body;
	} catch (error) {
		if (!(error instanceof ClientError)) throw error;
		const {code, status} = error;
		if (code === 'SLOW_DOWN') return 'slower';
		if (code === 'AUTHORIZATION_PENDING' || status === null || status === 429 || status >= 500) return 'pending';
		throw error;
	}
}

/** @param connection - Of somebody who is logged in. @throws {ClientError} */
export async function letProgramIn(connection: Connection, code: string): Promise<number> {
	const path = `/api/v1/auth/device/${encodeURIComponent(code)}`;
	const {body} = await connection.ask<AskingProgram>('GET', path);
	if (!canAsk())
		throw new EnvironmentError(
			`Somebody has to say whether it is theirs, and there is no terminal to ask. Say so in a browser: ${connection.origin}/device?user_code=${encodeURIComponent(code)}`,
		);
	process.stderr.write(
		safeLines(
			`A program asks to be let in by this code. It calls itself ${body.client || 'nothing'},`,
			`and asked at ${body.created_at} from ${body.asked_from}. It may then do all that you may.`,
		),
	);
	const isAllowed = /^y(?:es)?$/i.test((await ask('Is it yours? [y/N] ')).trim());
	await connection.ask('POST', `${path}/${isAllowed ? 'allow' : 'deny'}`);
	process.stderr.write(isAllowed ? 'fileproc-tui: it is let in\n' : 'fileproc-tui: it is refused\n');
	return exitCodes.ok;
}

const safeLines = (...lines: readonly string[]): string => lines.map(line => `${safe(line)}\n`).join('');
