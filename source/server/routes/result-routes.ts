// What tasks came to, as JSON and as CSV.
import {createHash} from 'node:crypto';
import type {FastifyReply} from 'fastify';
import {bothPaths, type Routes, userOf} from '../context.ts';
import {notFound, problem} from '../problem.ts';
import {csvOfReport} from '../report-csv.ts';

export const resultRoutes: Routes = (app, {tasks}) => {
	for (const path of bothPaths('/results')) {
		app.get(path, {config: {role: 'viewer'}}, async request => ({
			results: tasks
				.list(userOf(request), 1000)
				.filter(({state}) => state === 'COMPLETED')
				.map(({id, dataset, file, task}) => ({task_execution_id: id, file_id: dataset, file, task_id: task})),
		}));
	}
	for (const path of bothPaths('/results/:name')) {
		app.get<{Params: {name: string}}>(path, {config: {role: 'viewer'}}, async (request, reply) => {
			const [, id = '', ending = ''] = /^(.*?)(\.\w+)?$/.exec(request.params.name) ?? [];
			const task = tasks.find(userOf(request), id);
			if (ending !== '' && ending !== '.json' && ending !== '.csv') throw notFound('form of a result');
			if (task.state !== 'COMPLETED')
				throw problem('NOT_COMPLETED', `The task is ${task.state}.`, {
					more: {status: task.state, error: task.error},
				});
			const report = tasks.reportOf(task);
			if (report === null) throw new Error('Expected a completed task to have a report');
			const about = {task_execution_id: task.id, file_id: task.dataset, task_id: task.task};
			if (ending !== '.csv') return sendBytes(reply, JSON.stringify({...about, ...report}), 'application/json');
			reply.header('content-disposition', attachment(`${task.file.replace(/\.(csv|tsv|txt)$/i, '')}.result.csv`));
			return sendBytes(reply, csvOfReport(report), 'text/csv');
		});
	}
};

function sendBytes(reply: FastifyReply, text: string, type: string): FastifyReply {
	const bytes = Buffer.from(text);
	const digest = createHash('sha256').update(bytes).digest('base64');
	return reply
		.header('repr-digest', `sha-256=:${digest}:`)
		.header('content-type', `${type}; charset=utf-8`)
		.send(bytes);
}

/** RFC 6266, with the name in ASCII for old programs and whole in UTF-8 (RFC 8187). */
function attachment(name: string): string {
	const ascii = name.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_');
	const encoded = encodeURIComponent(name.toWellFormed()).replaceAll(
		/['()*]/g,
		each => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
	);
	return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
