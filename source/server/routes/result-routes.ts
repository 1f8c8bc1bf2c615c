// What tasks came to: the report as JSON, its tables as CSV and Parquet.
import type {FastifyReply, FastifyRequest} from 'fastify';
import type {FileReport} from '../../model/report.ts';
import {addLinks} from '../answer-links.ts';
import {bothPaths, type Routes, type ServerContext, userOf} from '../context.ts';
import {describeCorrections} from '../corrections.ts';
import {describeMapping} from '../describe-task.ts';
import {sendBytes, sendFile} from '../downloads.ts';
import {byNumber, type PageQuery, pageOf, pageQuery} from '../paging.ts';
import {notFound, problem} from '../problem.ts';
import {shownReport, shownResults, viewsOf} from '../shown-report.ts';
import type {FullTables, TableFile} from '../tables/full-tables.ts';
import type {KeptTable} from '../tables/kept-table.ts';
import {cutTablesOf, givenUpTablesOf, type ResultTable, tablesOf} from '../tables/result-tables.ts';
import {csvOf, parquetOf} from '../tables/table-files.ts';
import type {Task} from '../task.ts';
import {timeOf} from '../time-of.ts';

type ResultRequest = FastifyRequest<{Params: {name: string}; Querystring: {table?: string}}>;

type NewestRequest = FastifyRequest<{Params: {id: string; ending?: string}; Querystring: {table?: string}}>;

interface Result {
	readonly task: Task;
	readonly report: FileReport;
}

const CSV = 'text/csv; charset=utf-8';

interface Form {
	readonly type: string;
	/** Of a table that the report lists. */
	readonly write: (table: ResultTable) => Buffer;
	/** Of one that is kept beside it. */
	readonly find: (tables: FullTables, task: Task, table: KeptTable) => Promise<TableFile>;
}

/** By the ending of the name that is asked for. */
const FORMS: ReadonlyMap<string, Form> = new Map([
	['csv', {type: CSV, write: csvOf, find: async (tables, {id}, table) => tables.csvOf(id, table)}],
	[
		'parquet',
		{
			type: 'application/vnd.apache.parquet',
			write: parquetOf,
			find: (tables, {id}, table) => tables.parquetOf(id, table),
		},
	],
]);

const query = {
	type: 'object',
	properties: {table: {type: 'string', maxLength: 200, description: 'As transactions.categories; else the first one'}},
} as const;

const combinedBody = {
	...{type: 'object', required: ['task_execution_ids'], additionalProperties: false},
	properties: {
		task_execution_ids: {
			...{type: 'array', items: {type: 'string', maxLength: 100}, minItems: 1, maxItems: 1000, uniqueItems: true},
			description: 'Completed tasks, each of a file; what they came to is added up exactly',
		},
	},
} as const;

export const resultRoutes: Routes = (app, context) => {
	const {results} = context;
	for (const path of bothPaths('/results')) {
		app.get<{Querystring: PageQuery}>(path, {schema: {querystring: pageQuery}}, async (request, reply) => {
			const {items, next} = pageOf(reply, path, request.query, byNumber, (before, limit) =>
				results.list(userOf(request), before, limit),
			);
			const shown = items.map(({id, dataset, file, task, endedAt, rejectedRows, expiresAt}) => ({
				...{task_execution_id: id, file_id: dataset, file, task_id: task, expires_at: timeOf(expiresAt)},
				...{completed_at: timeOf(endedAt), rejected_rows: rejectedRows},
				links: {self: selfOf({id})},
			}));
			return {results: shown, next_cursor: next};
		});
	}
	for (const path of bothPaths('/results/combined'))
		app.post<{Body: {readonly task_execution_ids: readonly string[]}}>(
			path,
			{schema: {body: combinedBody}},
			async request => {
				const user = userOf(request);
				const found = request.body.task_execution_ids.map(id => context.tasks.find(user, id));
				const analyses = await results.combined(found);
				const sum = (of: (task: Task) => number | null): number =>
					found.reduce((total, each) => total + (of(each) ?? 0), 0);
				return {
					...{files: found.length, bytes: sum(({bytes}) => bytes), rows: sum(({rows}) => rows)},
					...{rejected_rows: sum(each => each.rejectedRows), analyses: shownResults(analyses)},
					task_execution_ids: request.body.task_execution_ids,
				};
			},
		);
	for (const path of bothPaths('/results/:name')) {
		app.get(path, {schema: {querystring: query}}, async (request, reply) => {
			const {params, query: asked} = request as ResultRequest;
			const [, id = '', ending = null] = /^(.*?)(?:\.(\w+))?$/.exec(params.name) ?? [];
			return sendResult(context, request, reply, findResult(context, request, id), {ending, table: asked.table});
		});
	}
	// The newest one of a file.
	for (const path of bothPaths('/files/:id/result')) {
		const send = async (request: FastifyRequest, reply: FastifyReply) => {
			const {params, query: asked} = request as NewestRequest;
			const result = findNewest(context, request, params.id);
			return sendResult(context, request, reply, result, {ending: params.ending ?? null, table: asked.table});
		};
		app.get(path, {schema: {querystring: query}}, send);
		app.get(`${path}.:ending`, {schema: {querystring: query}}, send);
	}
	for (const path of bothPaths('/results/:id/tables')) {
		app.get<{Params: {id: string}}>(path, async request => {
			const {task, report} = findResult(context, request, request.params.id);
			const kept = await context.fullTables.list(task.id);
			const [cut, givenUp] = [cutTablesOf(report), givenUpTablesOf(report)];
			return {
				tables: tablesOf(report).map(({name, columns, rows}) => ({
					...{name, columns: kept.find(each => each.name === name)?.columns ?? columns},
					rows: kept.find(each => each.name === name)?.rows ?? rows.length,
					is_complete: !givenUp.includes(name) && (!cut.includes(name) || kept.some(each => each.name === name)),
					links: {csv: tableLink(task, 'csv', name), parquet: tableLink(task, 'parquet', name)},
				})),
				views: viewsOf(report),
			};
		});
	}
	for (const path of bothPaths('/results/:id/rejects.csv'))
		app.get<{Params: {id: string}}>(path, async (request, reply) =>
			sendRejects(context, request, reply, findResult(context, request, request.params.id)),
		);
	for (const path of bothPaths('/files/:id/rejects.csv'))
		app.get<{Params: {id: string}}>(path, async (request, reply) =>
			sendRejects(context, request, reply, findNewest(context, request, request.params.id)),
		);
};

/** @throws {Problem} */
function findResult({tasks, results}: ServerContext, request: FastifyRequest, id: string): Result {
	const task = tasks.find(userOf(request), id);
	return {task, report: results.reportOf(task)};
}

/** Of the task that has ended last. @throws {Problem} */
function findNewest({datasets, tasks, results}: ServerContext, request: FastifyRequest, file: string): Result {
	const user = userOf(request);
	const task = tasks.newestResult(user, file);
	if (task !== null) return {task, report: results.reportOf(task)};
	datasets.find(user, file);
	throw problem('NOT_COMPLETED', 'No task of the file has completed.');
}

/** All of it as JSON, or one of its tables. */
async function sendResult(
	context: ServerContext,
	request: FastifyRequest,
	reply: FastifyReply,
	result: Result,
	asked: {readonly ending: string | null; readonly table: string | undefined},
): Promise<FastifyReply> {
	const {table} = asked;
	const ending = asked.ending ?? (prefersCsv(request.headers.accept) ? 'csv' : null);
	if (asked.ending === null) reply.header('vary', 'accept');
	if (ending !== null && ending !== 'json') return sendTable(context, request, reply, result, {ending, table});
	const {task, report} = result;
	const about = {
		...{task_execution_id: task.id, file_id: task.dataset, task_id: task.task},
		...{expires_at: timeOf(context.results.expiresAt(task)), mapping: describeMapping(task.mapping)},
		...describeCorrections(context.results.correctionsOf(task), {
			rows: report.rows,
			rejectedRows: report.rejected_rows,
		}),
	};
	const text = JSON.stringify({...about, ...shownReport(report), links: linksOf(result)});
	const name = ending === null ? null : `${baseOf(task)}.result.json`;
	return sendBytes(request, reply, {name, type: 'application/json; charset=utf-8'}, Buffer.from(text));
}

/** Whether somebody asks for a table rather than for the report; who does not say gets the report. */
export function prefersCsv(accept = ''): boolean {
	const weights = new Map(
		accept.split(',').map(range => {
			const [type = '', ...parameters] = range.split(';').map(part => part.trim().toLowerCase());
			const weight = parameters.find(each => each.startsWith('q='))?.slice(2);
			return [type, weight === undefined ? 1 : Number(weight)] as const;
		}),
	);
	return (weights.get('text/csv') ?? 0) > (weights.get('application/json') ?? 0);
}

async function sendRejects(
	{downloads, results}: ServerContext,
	request: FastifyRequest,
	reply: FastifyReply,
	{task, report}: Result,
): Promise<FastifyReply> {
	if (report.rejected_rows === 0) throw problem('NO_REJECTS', `No record of ${task.file} was rejected.`);
	return sendFile(request, reply, {
		...{name: `${baseOf(task)}.rejects.csv`, type: CSV, path: results.rejectsPathOf(task)},
		...{sha256: null, onEnd: downloads.hold(task.id)},
	});
}

/** One table: the one that was asked for, or the first one with links to the others. */
async function sendTable(
	{fullTables, downloads}: ServerContext,
	request: FastifyRequest,
	reply: FastifyReply,
	{task, report}: Result,
	{ending, table: asked}: {readonly ending: string; readonly table: string | undefined},
): Promise<FastifyReply> {
	const form = FORMS.get(ending);
	if (form === undefined) throw notFound('form of a result');
	const tables = tablesOf(report);
	const table = asked === undefined ? tables[0] : tables.find(({name}) => name === asked);
	if (table === undefined) {
		const known = tables.map(({name}) => name);
		const detail = known.length === 0 ? 'It has none.' : `It has ${known.join(', ')}: name one by ?table=….`;
		throw problem('NO_TABLE', `The result has no such table. ${detail}`, {more: {tables: known}});
	}
	const others = tables.filter(each => each !== table);
	if (others.length > 0)
		addLinks(
			reply,
			others.map(({name}) => `<${tableLink(task, ending, name)}>; rel="alternate"; title="${name}"`),
		);
	const download = {name: `${baseOf(task)}.${table.name}.${ending}`, type: form.type};
	const onEnd = downloads.hold(task.id);
	try {
		const kept = (await fullTables.list(task.id)).find(({name}) => name === table.name);
		if (kept !== undefined) {
			const file = await form.find(fullTables, task, kept);
			return await sendFile(request, reply, {...download, ...file, onEnd});
		}
	} catch (error) {
		onEnd();
		throw error;
	}
	onEnd();
	return sendBytes(request, reply, download, form.write(table));
}

const selfOf = ({id}: Pick<Task, 'id'>): string => `/api/v1/results/${id}`;

const tableLink = (task: Task, ending: string, table: string): string =>
	`${selfOf(task)}.${ending}?table=${encodeURIComponent(table)}`;

const linksOf = ({task, report}: Result) => ({
	...{self: selfOf(task), tables: `${selfOf(task)}/tables`, csv: `${selfOf(task)}.csv`},
	...{parquet: `${selfOf(task)}.parquet`, task: `/api/v1/run/${task.id}`},
	...(report.rejected_rows > 0 && {rejects: `${selfOf(task)}/rejects.csv`}),
});

/** The name of the file, without what says how it was written. */
const baseOf = ({file}: Task): string =>
	file.replace(/(?:\.(?:csv|tsv|txt|log|parquet|zip|tar|tgz))?(?:\.(?:gz|zst|br))?$/i, '');
