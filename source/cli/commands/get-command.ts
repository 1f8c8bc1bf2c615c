// `fileproc-tui get <url> <id>`: what a task came to, its tables and rejected records, or a file as it was sent in.
import {createHash} from 'node:crypto';
import {createWriteStream} from 'node:fs';
import {rename} from 'node:fs/promises';
import type {IncomingMessage} from 'node:http';
import {resolve} from 'node:path';
import {pipeline} from 'node:stream/promises';
import {untilItGoesWell} from '../../client/backoff.ts';
import {ClientError, toClientError} from '../../client/client-error.ts';
import type {Connection} from '../../client/connection.ts';
import {removeAtExit} from '../../report/temporary-files.ts';
import {layOutSafely} from '../../text/json-layout.ts';
import {OWN_OUTPUT_START_BYTES} from '../../text/own-output.ts';
import {systemPath} from '../../text/path-text.ts';
import {safe} from '../../text/safe.ts';
import {isRemotePath} from '../../text/shown-url.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';
import type {GetCommand} from '../arguments/read-client-words.ts';
import {createOutputStream} from '../outputs/output-stream.ts';
import {isReplaceableAt, isReplaceableStart, type RecognizedKind} from '../outputs/own-file.ts';
import type {ObjectRule} from '../outputs/remote-outputs.ts';
import {exists} from '../process/exists.ts';
import {withServer} from './client/open-server.ts';
import {PATIENCE_MS} from './client/perform-jobs.ts';
import {exitCodes} from './exit-codes.ts';

export function getCommand(command: GetCommand): Promise<number> {
	const {server, output, form} = command;
	return withServer(server, async connection => {
		const path = pathOf(command);
		if (output === null || output === '-') await toStandardOutput(connection, path, isReport(command));
		else {
			const fetchTo = (file: string): Promise<void> =>
				untilItGoesWell(() => toFile(connection, path, file), {patienceMs: PATIENCE_MS});
			if (isRemotePath(output)) await toObject(output, command, fetchTo);
			else {
				assertReplaceable(output, command);
				await fetchTo(output);
			}
			process.stderr.write(
				`fileproc-tui: ${form === 'rejects' ? 'the rejected records are' : 'it is'} in ${safe(output)}\n`,
			);
		}
		return exitCodes.ok;
	});
}

const isFile = ({id}: GetCommand): boolean => id.startsWith('f_');
const isReport = (command: GetCommand): boolean => command.form === 'json' && !isFile(command);

function pathOf(command: GetCommand): string {
	const {id, form, table} = command;
	const named = encodeURIComponent(id);
	if (isFile(command) && form === 'json') return `/api/v1/files/${named}/original`;
	const result = `/api/v1/results/${named}`;
	if (form === 'json') return result;
	if (form === 'rejects') return `${result}/rejects.csv`;
	return `${result}.${form}${table === null ? '' : `?table=${encodeURIComponent(table)}`}`;
}

/** What may be replaced by each. */
const KINDS: Readonly<Record<GetCommand['form'], RecognizedKind | null>> = {
	json: 'report',
	rejects: 'rejects',
	csv: null,
	parquet: null,
};

/** @throws {EnvironmentError} Where a file is there that this program has not written. */
function assertReplaceable(output: string, {form, isForced}: GetCommand): void {
	if (isForced || !exists(output)) return;
	const own = KINDS[form];
	if (own !== null && isReplaceableAt(output, own)) return;
	throw new EnvironmentError(`${safe(output)} is there already: choose another name, or add --force.`);
}

/** @throws {EnvironmentError} Where an object is there that this program has not written. */
async function toObject(
	output: string,
	{form, isForced}: GetCommand,
	fetchTo: (file: string) => Promise<void>,
): Promise<void> {
	const {assertReplaceable: assertObjectReplaceable, saveObject} = await import('../outputs/remote-outputs.ts');
	const own = KINDS[form];
	const rule: ObjectRule = {
		...{flag: '--output', noun: 'The result', startBytes: OWN_OUTPUT_START_BYTES},
		reason: 'an object of that name exists.',
		mayReplace: start => isForced || (own !== null && isReplaceableStart(start, own)),
	};
	await assertObjectReplaceable(output, rule);
	await saveObject(output, rule, async file => {
		await fetchTo(file);
		return true;
	});
}

/** What has been printed cannot be taken back, so nothing is asked for twice. */
async function toStandardOutput(connection: Connection, path: string, isLaidOut: boolean): Promise<void> {
	const stream = createOutputStream(process.stdout);
	if (isLaidOut) {
		const {body} = await untilItGoesWell(() => connection.ask('GET', path), {patienceMs: PATIENCE_MS});
		await stream.write(`${layOutSafely(body, '')}\n`);
	} else {
		const answer = await connection.open('GET', path, {timeoutMs: DOWNLOAD_TIMEOUT_MS});
		for await (const chunk of checked(answer, connection.origin)) {
			if (stream.isClosed()) break;
			await stream.write(chunk);
		}
	}
	await stream.flush();
}

/** Tables are made when they are asked for. */
const DOWNLOAD_TIMEOUT_MS = 180_000;

async function toFile(connection: Connection, path: string, output: string): Promise<void> {
	const answer = await connection.open('GET', path, {timeoutMs: DOWNLOAD_TIMEOUT_MS});
	const target = systemPath(resolve(output));
	const part = `${output}.${process.pid}.part`;
	const keep = removeAtExit(part);
	const file = createWriteStream(systemPath(part), {flags: 'w', flush: true});
	try {
		await pipeline(checked(answer, connection.origin), file);
	} catch (error) {
		throw error instanceof ClientError ? error : new EnvironmentError(`${safe(output)} cannot be written`, error);
	}
	await rename(systemPath(part), target);
	keep();
}

/**
The bytes of an answer, held against the digest that it states.

@throws {ClientError} Where they end too soon, or are others.
*/
async function* checked(answer: IncomingMessage, origin: string): AsyncGenerator<Buffer, void, void> {
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
