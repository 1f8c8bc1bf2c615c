// `fileproc-tui cancel <url> <id…>`, `retry`, `pause` and `resume`: tasks of a server are ended, tried again, held, or let go on.
import {untilItGoesWell} from '../../client/backoff.ts';
import {ClientError} from '../../client/client-error.ts';
import type {Connection} from '../../client/connection.ts';
import type {TaskView} from '../../client/messages.ts';
import {layOutSafely} from '../../text/json-layout.ts';
import {safe} from '../../text/safe.ts';
import type {TasksCommand} from '../arguments/read-client-words.ts';
import {createOutputStream} from '../outputs/output-stream.ts';
import {bulkCommand} from './client/bulk-command.ts';
import {exitCodeOfRefusal, withServer} from './client/open-server.ts';
import {PATIENCE_MS} from './client/perform-jobs.ts';
import {retryTask} from './client/server-job.ts';
import {exitCodes} from './exit-codes.ts';

export function tasksCommand(command: TasksCommand): Promise<number> {
	const {name, server, ids, q, isJson} = command;
	return withServer(server, async connection => {
		if (q !== null && (name === 'cancel' || name === 'retry')) return bulkCommand(connection, {...command, name}, q);
		const stream = createOutputStream(process.stdout);
		const tasks: TaskView[] = [];
		let exitCode: number = exitCodes.ok;
		// Each for itself: that one cannot be retried says nothing of the others.
		for (const id of new Set(ids)) {
			try {
				const task = await ACTIONS[name](connection, id);
				tasks.push(task);
				if (!isJson)
					await stream.write(`${safe(`${id} ${task.is_paused === true ? 'PAUSED' : task.status} ${task.file}`)}\n`);
			} catch (error) {
				if (!(error instanceof ClientError)) throw error;
				exitCode = Math.max(exitCode, exitCodeOfRefusal(error, connection.origin));
			}
		}
		if (isJson) await stream.write(`${layOutSafely({tasks}, '')}\n`);
		await stream.flush();
		return exitCode;
	});
}

type ActOnTask = (connection: Connection, id: string) => Promise<TaskView>;

/** Each may be asked for once more where its answer is lost: a task that is as it should be stays so. */
const asking =
	(method: string, action = ''): ActOnTask =>
	async (connection, id) => {
		const path = `/api/v1/run/${encodeURIComponent(id)}${action}`;
		const ask = () => connection.ask<TaskView>(method, path);
		return (await untilItGoesWell(ask, {patienceMs: PATIENCE_MS})).body;
	};

const ACTIONS: Readonly<Record<TasksCommand['name'], ActOnTask>> = {
	/** One that has ended stays as it is. */
	cancel: asking('DELETE'),
	retry: (connection, id) => retryTask(connection, id, {patienceMs: PATIENCE_MS}),
	pause: asking('POST', '/pause'),
	resume: asking('POST', '/resume'),
};
