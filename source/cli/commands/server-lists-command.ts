// `fileproc-tui files <url> [term…]` and `history <url> [term…|id]`: what an account has on a server.

import {describeServed} from '../../analysis/on-demand.ts';
import {untilItGoesWell} from '../../client/backoff.ts';
import type {Connection} from '../../client/connection.ts';
import type {TaskView} from '../../client/messages.ts';
import type {Report} from '../../model/report.ts';
import {sumTotals} from '../../model/totals.ts';
import {summaryLines} from '../../report/summary.ts';
import {formatBytes, formatInteger} from '../../text/format.ts';
import {layOutSafely} from '../../text/json-layout.ts';
import {safe} from '../../text/safe.ts';
import {decideLook} from '../arguments/look.ts';
import type {FilesCommand, ServerHistoryCommand} from '../arguments/read-client-words.ts';
import {createOutputStream} from '../outputs/output-stream.ts';
import {minuteOf, tableLines} from './accounts/table-lines.ts';
import {withServer} from './client/open-server.ts';
import {PATIENCE_MS} from './client/perform-jobs.ts';
import {fetchReport} from './client/server-job.ts';
import {exitCodes} from './exit-codes.ts';

/** A file, as the server describes it. */
interface FileView {
	readonly file_id: string;
	readonly name: string;
	readonly size: number;
	readonly status: string;
	readonly rows: number | null;
	readonly rejected_rows: number | null;
	readonly received_at: string;
	readonly expires_at: string | null;
}

const PATIENCE = {patienceMs: PATIENCE_MS};
/** The most that one answer lists. */
const PAGE = 1000;

export function filesCommand({server, terms, limit, isJson}: FilesCommand): Promise<number> {
	return withServer(server, async connection => {
		const q = terms.length === 0 ? '' : `&q=${encodeURIComponent(terms.join(' '))}`;
		const files = await listAll<FileView>(connection, `/api/v1/files?limit=${Math.min(limit, PAGE)}${q}`, {
			member: 'files',
			limit,
		});
		const lines = tableLines(
			['ID', 'STATUS', 'SIZE', 'ROWS', 'REJECTED', 'RECEIVED', 'EXPIRES', 'NAME'],
			files.map(each => [
				...[each.file_id, each.status, formatBytes(each.size), countOf(each.rows), countOf(each.rejected_rows)],
				...[timeOf(each.received_at), timeOf(each.expires_at), each.name],
			]),
		);
		return print(isJson ? layOutSafely({files}, '') : lines.join('\n'), files.length, terms);
	});
}

export function serverHistoryCommand(command: ServerHistoryCommand): Promise<number> {
	const {server, words, limit, isJson} = command;
	const [word = ''] = words;
	const status = words.length === 1 ? /^status:(\w+)$/i.exec(word)?.[1]?.toUpperCase() : undefined;
	return withServer(server, async connection => {
		if (words.length === 1 && /^r_\w+$/.test(word)) return showTask(connection, word, command);
		// Those that are still to end are in the list of tasks alone.
		const isList = words.length === 0 || status === 'QUEUED' || status === 'PROCESSING';
		const terms = `&q=${encodeURIComponent(words.join(' '))}`;
		const wanted = isList ? `run?${status === undefined ? '' : `status=${status}&`}` : 'history?';
		const path = `/api/v1/${wanted}limit=${Math.min(limit, PAGE)}${isList ? '' : terms}`;
		const tasks = await listAll<TaskView>(connection, path, {member: 'tasks', limit});
		const lines = tableLines(
			['ID', 'STATUS', 'ROWS', 'REJECTED', 'CREATED', 'TASK', 'FILE'],
			tasks.map(each => [
				...[each.task_execution_id, each.status, countOf(each.rows), countOf(each.rejected_rows)],
				...[timeOf(each.created_at), each.task_id || '-', each.file],
			]),
		);
		return print(isJson ? layOutSafely({tasks}, '') : lines.join('\n'), tasks.length, words);
	});
}

/** A task by itself is a run of one file. */
async function showTask(connection: Connection, id: string, {isJson, look}: ServerHistoryCommand): Promise<number> {
	const path = `/api/v1/run/${encodeURIComponent(id)}`;
	const {body: task} = await untilItGoesWell(() => connection.ask<TaskView>('GET', path), PATIENCE);
	if (isJson) return print(layOutSafely(task, ''), 1, []);
	if (task.status === 'QUEUED' || task.status === 'PROCESSING') {
		const place = task.position === null ? '' : `, place ${formatInteger(task.position)} in the queue`;
		return print(safe(`${id} ${task.status} ${task.file}${place}`), 1, []);
	}
	const report = await fetchReport(connection, task.file, task, PATIENCE);
	const {analysis, result, results, processing_time: seconds} = report;
	const own =
		results === undefined
			? [[analysis, result] as const]
			: Object.entries(results).map(([name, each]) => [name, each.result] as const);
	const ended: Report = {
		report_version: results === undefined ? 1 : 2,
		...{status: 'completed', totals: sumTotals([report], seconds * 1000), files: [report]},
		analyses: Object.fromEntries(own.filter(([name, each]) => name !== null && each !== null)) as Report['analyses'],
	};
	const {columns, color, ascii} = decideLook(look, process);
	const lines = summaryLines(ended, describeServed(), {columns: columns(), color, ascii});
	if (task.mapping != null)
		lines.push('', safe(`Read by the mapping ${task.mapping.name}, version ${task.mapping.version}`));
	return print(lines.join('\n'), 1, []);
}

/** Page after page. */
async function listAll<Item>(
	connection: Connection,
	path: string,
	{member, limit}: {readonly member: string; readonly limit: number},
): Promise<readonly Item[]> {
	const items: Item[] = [];
	for (let cursor: string | null = ''; cursor !== null && items.length < limit; ) {
		const at: string = cursor === '' ? path : `${path}&cursor=${encodeURIComponent(cursor)}`;
		const {body} = await untilItGoesWell(() => connection.ask<Readonly<Record<string, unknown>>>('GET', at), PATIENCE);
		items.push(...(body[member] as readonly Item[]));
		cursor = (body.next_cursor ?? null) as string | null;
	}
	return items.slice(0, limit);
}

async function print(text: string, count: number, words: readonly string[]): Promise<number> {
	const stream = createOutputStream(process.stdout);
	await stream.write(`${text}\n`);
	await stream.flush();
	return count === 0 && words.length > 0 ? exitCodes.nothingMatched : exitCodes.ok;
}

const countOf = (count: number | null): string => (count === null ? '-' : formatInteger(count));
const timeOf = (time: string | null): string => minuteOf(time === null ? null : Date.parse(time));
