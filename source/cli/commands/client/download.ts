// What a server sends as a file, written here: whole, or not at all.
import {createHash} from 'node:crypto';
import {createWriteStream} from 'node:fs';
import {rename, rm} from 'node:fs/promises';
import type {IncomingMessage} from 'node:http';
import {resolve} from 'node:path';
import {pipeline} from 'node:stream/promises';
import {ClientError, toClientError} from '../../../client/client-error.ts';
import type {Connection} from '../../../client/connection.ts';
import {removeAtExit} from '../../../report/temporary-files.ts';
import {systemPath} from '../../../text/path-text.ts';
import {safe} from '../../../text/safe.ts';
import {EnvironmentError} from '../../arguments/environment-error.ts';

/** Tables are made when they are asked for. */
export const DOWNLOAD_TIMEOUT_MS = 180_000;

/** @throws {ClientError | EnvironmentError} */
export async function downloadTo(connection: Connection, path: string, output: string): Promise<void> {
	const answer = await connection.open('GET', path, {timeoutMs: DOWNLOAD_TIMEOUT_MS});
	const target = systemPath(resolve(output));
	const part = `${output}.${process.pid}.part`;
	const keep = removeAtExit(part);
	const file = createWriteStream(systemPath(part), {flags: 'w', flush: true});
	try {
		await pipeline(checked(answer, connection.origin), file);
		await rename(systemPath(part), target);
	} catch (error) {
		// What is begun again begins at the start, so nothing of it is of use. A file that is still being opened would be there afterwards.
		if (!file.closed) await new Promise<void>(resolve => file.once('close', () => resolve()));
		await rm(systemPath(part), {force: true}).then(keep, () => {});
		throw error instanceof ClientError ? error : new EnvironmentError(`${safe(output)} cannot be written`, error);
	}
	keep();
}

/**
The bytes of an answer, held against the digest that it states.

@throws {ClientError} Where they end too soon, or are others.
*/
export async function* checked(answer: IncomingMessage, origin: string): AsyncGenerator<Buffer, void, void> {
	const stated = /(?:^|,)\s*sha-256=:([A-Za-z0-9+/=]+):/.exec(String(answer.headers['repr-digest'] ?? ''))?.[1];
	const hash = createHash('sha256');
	try {
		for await (const chunk of answer as AsyncIterable<Buffer>) {
			hash.update(chunk);
			yield chunk;
		}
	} catch (error) {
		throw toClientError(error, origin);
	}
	if (stated === undefined || hash.digest('base64') === stated) return;
	throw new ClientError({
		...{code: 'CUT_OFF', title: 'Other bytes have come'},
		detail: `${origin}: the bytes that came are not those whose digest was stated.`,
		remedy: 'Try again.',
	});
}
