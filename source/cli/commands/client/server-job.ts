// A file on its way through a server: sent, given to a task, waited for. Each step may be repeated without anything being done twice.
import {createHash} from 'node:crypto';
import {type Patience, untilItGoesWell} from '../../../client/backoff.ts';
import {ClientError} from '../../../client/client-error.ts';
import type {Connection} from '../../../client/connection.ts';
import type {TaskView} from '../../../client/messages.ts';
import type {UploadOptions} from '../../../client/upload-file.ts';
import type {ErrorReport, FileReport} from '../../../model/report.ts';
import type {AnalysisResults} from '../../../model/results.ts';

interface AnyJob {
	/** As given or found; of files that are there already, as the server calls them. */
	readonly file: string;
	/** `null`: not known. */
	readonly bytesTotal: number | null;
}

export interface SendableJob extends AnyJob {
	/** Resolves with the id that the server has given the file: each time with the same one, as long as it is there. */
	readonly send: (options: UploadOptions) => Promise<string>;
}

/** One that nothing can be made of. */
export interface FaultyJob extends AnyJob {
	readonly fault: {readonly status: 'failed' | 'skipped'; readonly error: ErrorReport};
}

export type ServerJob = SendableJob | FaultyJob;

/** What is to be made of a file, and how it is read. */
export interface AskedWork {
	readonly tasks: readonly string[];
	/** As the server takes them; `null`: none. */
	readonly options: Readonly<Record<string, unknown>> | null;
	/** The name of one; `null`: the one for its heading, if there is one. */
	readonly mapping: string | null;
}

export const NOTHING_ASKED: AskedWork = {tasks: [], options: null, mapping: null};

/** A task that has begun, or was there. */
export interface StartedTask extends TaskView {
	/** There where it is tried again: what it had failed with. */
	readonly failedBefore?: ErrorReport;
}

export const RUN = '/api/v1/run';
const COMBINED = '/api/v1/results/combined';

/** What a task is asked for with; the same is known again by its key. @param fileId - `null`: that of a file which is not there yet. */
export function askOf({
	fileId,
	tasks,
	options,
	mapping,
	before,
}: AskedWork & {readonly fileId: string | null; readonly before?: string}) {
	const key = createHash('sha256')
		.update(
			JSON.stringify([
				'run',
				fileId,
				tasks,
				before ?? null,
				...(options === null && mapping === null ? [] : [options, mapping]),
			]),
		)
		.digest('base64url');
	const [only] = tasks;
	const json = {
		...(fileId !== null && {file_id: fileId}),
		...(tasks.length === 1 && {task_id: only}),
		...(tasks.length > 1 && {analyses: tasks}),
		...(options !== null && {options}),
		...(mapping !== null && {mapping}),
	};
	return {json, headers: {'idempotency-key': `"${key}"`}};
}

/**
Starts a task of a file; where the same was asked before, it is that task, tried again if it did not complete.

@param before - A task of the same that is of no use any more, because its result has expired.
@throws {ClientError}
*/
export async function startTask(
	connection: Connection,
	asked: AskedWork & {readonly fileId: string; readonly before?: string},
	patience: Patience,
): Promise<StartedTask> {
	const {signal} = patience;
	const {body, headers} = await untilItGoesWell(
		() => connection.ask<TaskView>('POST', RUN, {...askOf(asked), signal}),
		// As many may wait as the server lets one account have; each that ends makes room.
		{...patience, isWorthWaiting: ({code: problem}) => problem === 'TOO_MANY_TASKS'},
	);
	if (headers['idempotency-replayed'] !== 'true') return body;
	// The answer of then says how it was then.
	const path = `${RUN}/${encodeURIComponent(body.task_execution_id)}`;
	const {body: task} = await untilItGoesWell(() => connection.ask<TaskView>('GET', path, {signal}), patience);
	if (task.status !== 'FAILED' && task.status !== 'CANCELLED') return task;
	const again = await retryTask(connection, task.task_execution_id, patience);
	return task.error === null ? again : {...again, failedBefore: task.error};
}

/** @throws {ClientError} */
export async function retryTask(connection: Connection, id: string, patience: Patience): Promise<TaskView> {
	const path = `${RUN}/${encodeURIComponent(id)}`;
	const {signal} = patience;
	let mayHaveCome = false;
	return untilItGoesWell(async () => {
		try {
			return (await connection.ask<TaskView>('POST', `${path}/retry`, {signal})).body;
		} catch (error) {
			if (!(error instanceof ClientError)) throw error;
			// The answer to an earlier try was lost, and it runs.
			if (mayHaveCome && error.code === 'NOT_ENDED')
				return (await connection.ask<TaskView>('GET', path, {signal})).body;
			mayHaveCome ||= error.status === null;
			throw error;
		}
	}, patience);
}

/** What a task came to, as a run on this machine would report it. @throws {ClientError} `EXPIRED` */
export async function fetchReport(
	connection: Connection,
	file: string,
	task: TaskView,
	patience: Patience,
): Promise<FileReport> {
	const {task_execution_id: id, attempts, rows, rejected_rows, error} = task;
	if (task.status !== 'COMPLETED') {
		const status = task.status === 'FAILED' ? 'failed' : 'cancelled';
		return {...unreadReport(file, status, error), attempts, rows: rows ?? 0, rejected_rows: rejected_rows ?? 0};
	}
	const path = `/api/v1/results/${encodeURIComponent(id)}`;
	const {signal} = patience;
	const {body} = await untilItGoesWell(
		() => connection.ask<FileReport & Readonly<Record<string, unknown>>>('GET', path, {signal, timeoutMs: 120_000}),
		patience,
	);
	const {task_execution_id: _id, file_id: _file, task_id: _task, expires_at: _expires, ...rest} = body;
	const {links: _links, mapping: _mapping, corrections: _corrections, with_corrections: _with, ...report} = rest;
	return {...report, file};
}

/**
What tasks came to together; `null`: the server cannot say.

@throws {ClientError} Where it does not answer.
*/
export async function fetchCombined(
	connection: Connection,
	tasks: readonly string[],
	patience: Patience,
): Promise<AnalysisResults | null> {
	const {signal} = patience;
	const json = {task_execution_ids: tasks};
	try {
		const {body} = await untilItGoesWell(
			() => connection.ask<{readonly analyses: AnalysisResults}>('POST', COMBINED, {json, signal, timeoutMs: 120_000}),
			patience,
		);
		return body.analyses;
	} catch (error) {
		// Too many or too large for it, or an earlier version, which does not know of this.
		if (error instanceof ClientError && error.status !== null && error.status < 500) return null;
		throw error;
	}
}

export const unreadReport = (file: string, status: FileReport['status'], error: FileReport['error']): FileReport => ({
	...{file, status, analysis: null, attempts: 0, bytes: 0, rows: 0, rejected_rows: 0, processing_time: 0},
	...{error, dialect: null, result: null, rejects: []},
});
