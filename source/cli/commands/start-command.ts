// `fileproc-tui run <url> <file-id…>`: files that are on a server already are processed there.
import {untilItGoesWell} from '../../client/backoff.ts';
import type {Connection} from '../../client/connection.ts';
import type {StartCommand} from '../arguments/read-client-words.ts';
import {withServer} from './client/open-server.ts';
import {PATIENCE_MS, performJobs} from './client/perform-jobs.ts';
import {planTasks} from './client/plan-jobs.ts';
import type {ServerJob} from './client/server-job.ts';

export function startCommand({server, ids, settings, work, waits, isDryRun}: StartCommand): Promise<number> {
	return withServer(server, async connection => {
		const jobs: ServerJob[] = [];
		const all = new Set(ids);
		for (const id of all) jobs.push(await jobOf(connection, id, all.size === 1));
		if (isDryRun) return planTasks(connection, jobs, {ids: [...all], work, isJson: settings.output === 'json'});
		return performJobs(connection, jobs, {
			...work,
			settings,
			paths: ids,
			areThere: true,
			until: waits ? 'ended' : 'started',
		});
	});
}

/** @throws {ClientError} Where there is no such file: nothing is begun. */
async function jobOf(connection: Connection, id: string, isAlone: boolean): Promise<ServerJob> {
	const path = `/api/v1/files/${encodeURIComponent(id)}`;
	const {body} = await untilItGoesWell(
		() => connection.ask<{readonly name: string; readonly size: number}>('GET', path),
		{patienceMs: PATIENCE_MS},
	);
	// Two files may have the same name.
	return {file: isAlone ? body.name : `${id}/${body.name}`, bytesTotal: body.size, send: async () => id};
}
