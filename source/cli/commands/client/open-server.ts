// From words of the command line to a connection: which server, with which token, and what its refusals mean for the exit code.
import {readFile} from 'node:fs/promises';
import {ClientError, unexpectedAnswer} from '../../../client/client-error.ts';
import {Connection} from '../../../client/connection.ts';
import {readServerAddress} from '../../../client/server-address.ts';
import {version} from '../../../engine/version.ts';
import {safe} from '../../../text/safe.ts';
import {EnvironmentError} from '../../arguments/environment-error.ts';
import type {ServerTarget} from '../../arguments/read-client-words.ts';
import {UsageError} from '../../arguments/usage-error.ts';
import {exitCodes} from '../exit-codes.ts';
import {Logins} from './logins.ts';

/** What the user has asked for cannot be, whatever server it is. */
const USAGE_CODES: ReadonlySet<string> = new Set([
	...[
		'BAD_ADDRESS',
		'INSECURE_ADDRESS',
		'UNKNOWN_TASK',
		'UNKNOWN_MAPPING',
		'UNKNOWN_OPTION',
		'BAD_OPTION',
		'BAD_ANALYSES',
		'BAD_FILTER',
		'INVALID',
	],
]);
const NOTHING_CODES: ReadonlySet<string> = new Set(['NOT_FOUND', 'EXPIRED', 'NO_TABLE', 'NO_REJECTS']);
/** What a task has come to, or not. */
const FILE_CODES: ReadonlySet<string> = new Set(['NOT_COMPLETED', 'ENDED', 'NOT_ENDED']);

/**
Opens a connection for a command, and closes it.

@returns The exit code: that of the command, or what a refusal means.
@throws {UsageError} @throws {EnvironmentError}
*/
export async function withServer(
	target: ServerTarget,
	perform: (connection: Connection) => Promise<number>,
): Promise<number> {
	let connection: Connection | null = null;
	try {
		connection = await connectTo(target, 'token');
		await greet(connection);
		return await perform(connection);
	} catch (error) {
		if (error instanceof ClientError) return exitCodeOfRefusal(error, connection?.origin);
		throw error;
	} finally {
		connection?.close();
	}
}

/**
Later on, a connection that breaks is waited for; a server that was never there is not.

@throws {ClientError}
*/
async function greet(connection: Connection): Promise<void> {
	const {body} = await connection.ask<{readonly active_tasks?: unknown} | null>('GET', '/api/v1/run/status');
	if (typeof body?.active_tasks !== 'number') throw unexpectedAnswer(connection.origin, 'another one');
}

/** @throws {UsageError} @throws {EnvironmentError} What is a matter of neither is written to standard error. */
export function exitCodeOfRefusal(error: ClientError, origin = ''): number {
	if (USAGE_CODES.has(error.code)) throw new UsageError(error.message);
	if (error.code === 'UNAUTHORIZED') throw new EnvironmentError(describeNobody(origin));
	const isNothing = NOTHING_CODES.has(error.code);
	if (!isNothing && !FILE_CODES.has(error.code)) throw new EnvironmentError(describeRefusal(error));
	process.stderr.write(`fileproc-tui: ${safe(describeRefusal(error))}\n`);
	return isNothing ? exitCodes.nothingMatched : exitCodes.fileFailed;
}

export const describeNobody = (origin: string): string =>
	`Nobody is logged in to ${origin}, or not any more. Log in: fileproc-tui login ${origin}`;

/** With what the operator finds it by, where it is theirs to mend. */
const describeRefusal = ({message, status, requestId}: ClientError): string =>
	status !== null && status >= 500 && requestId !== null ? `${message} (request ${requestId})` : message;

/**
@param who - `nobody`: to log in.
@throws {ClientError} @throws {UsageError} @throws {EnvironmentError}
*/
export async function connectTo(target: ServerTarget, who: 'token' | 'nobody'): Promise<Connection> {
	const origin = await originOf(target);
	const ca = target.caFile === null ? undefined : await readSmallFile(target.caFile, '--ca-file');
	const token = who === 'nobody' ? null : await tokenOf(target, origin);
	return new Connection({origin, token, userAgent: `fileproc-tui/${version}`, ...(ca !== undefined && {ca})});
}

/** @throws {UsageError} Where none is named, and there is not exactly one login. */
async function originOf({address, allowsHttp}: ServerTarget): Promise<string> {
	if (address !== null) return readServerAddress(address, allowsHttp);
	const servers = await new Logins().servers();
	const [only, ...others] = servers;
	if (only !== undefined && others.length === 0) return readServerAddress(only, allowsHttp);
	throw new UsageError(
		only === undefined
			? 'Say which server, for example https://files.example.org, or log in to one: fileproc-tui login https://files.example.org.'
			: `Say which server: there are logins to ${servers.join(', ')}.`,
	);
}

/** `null`: there is none, as for a server without accounts. */
async function tokenOf({tokenFile}: ServerTarget, origin: string): Promise<string | null> {
	if (tokenFile !== null)
		return readToken(await readSmallFile(tokenFile, '--token-file'), `The file ${tokenFile} (--token-file)`);
	const {FILEPROC_TOKEN: variable = ''} = process.env;
	if (variable !== '') return readToken(variable, 'FILEPROC_TOKEN');
	return (await new Logins().find(origin))?.token ?? null;
}

/** It becomes a header, in which other characters would be others' lines. */
function readToken(text: string, what: string): string {
	const token = text.trim();
	if (/^[\w.~+/=-]{1,4096}$/.test(token)) return token;
	throw new EnvironmentError(`${safe(what)} has no token in it: expected one word of letters, digits and signs.`);
}

/** Larger ones are something else. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

async function readSmallFile(path: string, flag: string): Promise<string> {
	try {
		const bytes = await readFile(path);
		if (bytes.length <= MAX_FILE_BYTES) return bytes.toString('utf8');
	} catch (error) {
		throw new EnvironmentError(`The file ${safe(path)} (${flag}) cannot be read`, error);
	}
	throw new EnvironmentError(`The file ${safe(path)} (${flag}) is too large to be what it should be.`);
}
