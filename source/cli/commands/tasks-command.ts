// `fileproc-tui cancel <url> <id…>` and `retry`: tasks of a server are ended, or tried again.
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
		if (q !== null) return bulkCommand(connection, command, q);
		const stream = createOutputStream(process.stdout);
		const tasks: TaskView[] = [];
		let exitCode: number = exitCodes.ok;
		// Each for itself: that one cannot be retried says nothing of the others.
		for (const id of new Set(ids)) {
			try {
				const task =
					name === 'cancel' ? await cancel(connection, id) : await retryTask(connection, id, {patienceMs: PATIENCE_MS});
				tasks.push(task);
				if (!isJson) await stream.write(`${safe(`${id} ${task.status} ${task.file}`)}\n`);
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

/** One that has ended stays as it is. */
async function cancel(connection: Connection, id: string): Promise<TaskView> {
	const path = `/api/v1/run/${encodeURIComponent(id)}`;
	const {body} = await untilItGoesWell(() => connection.ask<TaskView>('DELETE', path), {patienceMs: PATIENCE_MS});
	return body;
}
