// `push … --dry-run` and `run … --dry-run`: what would be sent and started, as the server says that it would be, and nothing of it is done.
import {untilItGoesWell} from '../../../client/backoff.ts';
import {ClientError, unexpectedAnswer} from '../../../client/client-error.ts';
import type {Connection} from '../../../client/connection.ts';
import type {TaskView} from '../../../client/messages.ts';
import type {ErrorReport} from '../../../model/report.ts';
import {formatBytes, formatInteger} from '../../../text/format.ts';
import {layOutSafely} from '../../../text/json-layout.ts';
import {safe} from '../../../text/safe.ts';
import {createOutputStream} from '../../outputs/output-stream.ts';
import {exitCodes} from '../exit-codes.ts';
import {PATIENCE_MS} from './perform-jobs.ts';
import {type AskedWork, askOf, RUN, type ServerJob} from './server-job.ts';

interface TaskPlan extends Pick<TaskView, 'task_id' | 'analyses' | 'position' | 'mapping'> {
	readonly dry_run: true;
	/** Of the task that is there, because the same was asked for before. */
	readonly task_execution_id: string | null;
}

interface PlannedFile {
	readonly file: string;
	/** `null`: it is still to be sent. */
	readonly file_id: string | null;
	readonly bytes: number | null;
	readonly action: 'send' | 'start' | 'retry' | 'none';
	/** `null`: no task is wanted, or the server has no room for one now. */
	readonly task: TaskPlan | null;
	/** Why nothing is done, or not yet. */
	readonly error: Pick<ErrorReport, 'code' | 'message'> | null;
}

interface Usage {
	readonly files: {readonly used: number; readonly limit: number | null};
	readonly bytes: {readonly used: number; readonly limit: number | null; readonly limit_of_a_file: number};
}

const PATIENCE = {patienceMs: PATIENCE_MS};

/** Files that are there already. @param ids - Of the jobs. @returns The exit code. @throws {ClientError} */
export async function planTasks(
	connection: Connection,
	jobs: readonly ServerJob[],
	{ids, work, isJson}: {readonly ids: readonly string[]; readonly work: AskedWork; readonly isJson: boolean},
): Promise<number> {
	await planTask(connection, {...work, fileId: null});
	const files: PlannedFile[] = [];
	for (const [index, {file, bytesTotal: bytes}] of jobs.entries()) {
		const file_id = ids[index] ?? '';
		const {task, error} = await planTask(connection, {...work, fileId: file_id});
		const known = task?.task_execution_id ?? null;
		const action = known === null ? 'start' : (await hasGoneWell(connection, known)) ? 'none' : 'retry';
		files.push({file, file_id, bytes, action, task, error});
	}
	return print(files, isJson);
}

/** Files of this machine. @returns The exit code. @throws {ClientError} */
export async function planSending(
	connection: Connection,
	jobs: readonly ServerJob[],
	{work, isJson}: {readonly work: AskedWork | null; readonly isJson: boolean},
): Promise<number> {
	const {task, error} = work === null ? {task: null, error: null} : await planTask(connection, {...work, fileId: null});
	const ask = () => connection.ask<Usage>('GET', '/api/v1/usage');
	const {files: count, bytes} = (await untilItGoesWell(ask, PATIENCE)).body;
	let [filesLeft, bytesLeft] = [leftOf(count), leftOf(bytes)];
	const files = jobs.map((job): PlannedFile => {
		const {file, bytesTotal} = job;
		const none = {...{file, file_id: null, bytes: bytesTotal, task: null}, action: 'none'} as const;
		if ('fault' in job) return {...none, error: job.fault.error};
		const size = bytesTotal ?? 0;
		if (size > bytes.limit_of_a_file) return {...none, error: tooLarge(bytes.limit_of_a_file)};
		if (filesLeft < 1 || bytesLeft < size) return {...none, error: NO_ROOM};
		[filesLeft, bytesLeft] = [filesLeft - 1, bytesLeft - size];
		return {...none, action: 'send', task, error};
	});
	return print(files, isJson);
}

/**
Without a file it says what is wrong with what is asked for, and an earlier server, which would start a task, refuses it.

@throws {ClientError}
*/
async function planTask(
	connection: Connection,
	asked: AskedWork & {readonly fileId: string | null},
): Promise<Pick<PlannedFile, 'task' | 'error'>> {
	try {
		// Not tried again: a full queue is a valid answer here.
		const {body} = await connection.ask<TaskPlan>('POST', `${RUN}?dry_run=true`, askOf(asked));
		if (body.dry_run !== true) throw unexpectedAnswer(connection.origin, 'one that cannot say what would start');
		return {task: body, error: null};
	} catch (error) {
		if (!(error instanceof ClientError && error.code === 'TOO_MANY_TASKS')) throw error;
		return {task: null, error: {code: error.code, message: error.detail}};
	}
}

/** Else it would be tried again. */
async function hasGoneWell(connection: Connection, id: string): Promise<boolean> {
	const ask = () => connection.ask<TaskView>('GET', `${RUN}/${encodeURIComponent(id)}`);
	const {status} = (await untilItGoesWell(ask, PATIENCE)).body;
	return status !== 'FAILED' && status !== 'CANCELLED';
}

const leftOf = ({used, limit}: Usage['files']): number => (limit === null ? Number.POSITIVE_INFINITY : limit - used);

const tooLarge = (limit: number) => ({
	...{code: 'TOO_LARGE', message: `The server takes files of up to ${formatBytes(limit)}.`},
});

const NO_ROOM = {code: 'QUOTA_EXCEEDED', message: 'The quota of the account has no room for it.'};

/** @returns The exit code: that of what would be done. */
async function print(files: readonly PlannedFile[], isJson: boolean): Promise<number> {
	const stream = createOutputStream(process.stdout);
	await stream.write(`${isJson ? layOutSafely({dry_run: true, files}, '') : files.map(lineOf).map(safe).join('\n')}\n`);
	await stream.flush();
	const isRefused = files.some(({action, error}) => action === 'none' && error !== null && error.code !== 'SKIPPED');
	return isRefused ? exitCodes.fileFailed : exitCodes.ok;
}

function lineOf({file, file_id, bytes, action, task, error}: PlannedFile): string {
	const name = `${file_id === null || file.startsWith(file_id) ? '' : `${file_id}  `}${file}`;
	const what = `${name}${bytes === null ? '' : ` (${formatBytes(bytes)})`}`;
	const known = task?.task_execution_id ?? null;
	if (action === 'retry') return `${what}: it would try ${known} again`;
	if (action === 'none')
		return `${what}: nothing, ${error === null ? `it is ${known} already` : `${error.code} ${error.message}`}`;
	const sent = action === 'send' ? 'it would be sent' : null;
	const begun =
		error === null ? (task === null ? null : `it would start ${workOf(task)}`) : `it would wait: ${error.message}`;
	return `${what}: ${[sent, begun].filter(part => part !== null).join(', and ')}`;
}

function workOf({task_id, analyses, mapping = null, position}: TaskPlan): string {
	const name = task_id === '' ? 'what fits its columns' : analyses.length > 0 ? analyses.join(', ') : task_id;
	const by = mapping === null ? '' : `, read by the mapping ${mapping.name}, version ${mapping.version}`;
	return `${name}${by}, ${position === null ? 'at once' : `at place ${formatInteger(position)} of those that wait`}`;
}
