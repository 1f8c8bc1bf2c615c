// `fileproc-tui get <url> <id>`: what a task came to, its tables and rejected records, or a file as it was sent in.
import {untilItGoesWell} from '../../client/backoff.ts';
import type {Connection} from '../../client/connection.ts';
import {layOutSafely} from '../../text/json-layout.ts';
import {OWN_OUTPUT_START_BYTES} from '../../text/own-output.ts';
import {safe} from '../../text/safe.ts';
import {isRemotePath} from '../../text/shown-url.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';
import type {GetCommand} from '../arguments/read-client-words.ts';
import {createOutputStream} from '../outputs/output-stream.ts';
import {isReplaceableAt, isReplaceableStart, type RecognizedKind} from '../outputs/own-file.ts';
import type {ObjectRule} from '../outputs/remote-outputs.ts';
import {exists} from '../process/exists.ts';
import {checked, DOWNLOAD_TIMEOUT_MS, downloadTo} from './client/download.ts';
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
				untilItGoesWell(() => downloadTo(connection, path, file), {patienceMs: PATIENCE_MS});
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
