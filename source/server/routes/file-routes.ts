// Files that were sent in are listed, sent back, and removed.
import {escapeInvisible} from '../../text/escape-invisible.ts';
import {messageOf} from '../../text/system-error.ts';
import {bothPaths, type Routes, userOf} from '../context.ts';
import {describeCorrections} from '../corrections.ts';
import type {Dataset} from '../datasets.ts';
import {pathOfTask} from '../describe-task.ts';
import {sendFile} from '../downloads.ts';

import type {ListedFile} from '../file-list.ts';
import {type FilterQuery, filterQueryOf, readFilter} from '../filter-query.ts';
import {byNumber, linkNext, placeOf} from '../paging.ts';

import {problem} from '../problem.ts';
import {assertOptions, type GivenOptions} from '../task-options.ts';
import {timeOf} from '../time-of.ts';
import {ownerOf} from '../whose.ts';

export const describeDataset = ({
	id,
	name,
	relativePath,
	corrects,
	bytes,
	sha256,
	receivedAt,
	expiresAt,
	isScanning,
}: Stored) => ({
	// The name is data; what is shown of it has nothing that acts, or cannot be seen.
	...{
		file_id: id,
		name,
		display_name: escapeInvisible(name),
		relative_path: relativePath,
		corrects,
		size: bytes,
		sha256,
		status: isScanning ? 'SCANNING' : 'STORED',
	},
	received_at: timeOf(receivedAt),
	expires_at: timeOf(expiresAt),
	links: {
		self: `/api/v1/files/${id}`,
		original: `/api/v1/files/${id}/original`,
		preview: `/api/v1/files/${id}/preview`,
	},
});

type Stored = Pick<
	Dataset,
	'isScanning' | 'id' | 'name' | 'relativePath' | 'corrects' | 'bytes' | 'sha256' | 'receivedAt' | 'expiresAt'
>;

function describe(file: ListedFile, owner: string) {
	const {source, task} = file;
	const {links, ...stored} = describeDataset(file);
	const {startedAt = null, endedAt = null} = task ?? {};
	return {
		...stored,
		// Routes and tags are those of a watched folder.
		...{source, owner, route: null, tag: null},
		...{task_id: task?.task ?? null, task_execution_id: task?.id ?? null},
		...{status: file.isScanning ? 'SCANNING' : (task?.state ?? stored.status), attempts: task?.attempts ?? 0},
		...{started_at: timeOf(startedAt), completed_at: timeOf(endedAt)},
		processing_time: startedAt === null || endedAt === null ? null : (endedAt - startedAt) / 1000,
		...{rows: task?.rows ?? null, rejected_rows: task?.rejectedRows ?? null, error: task?.error ?? null},
		...describeCorrections(file.corrections, {rows: task?.rows ?? null, rejectedRows: task?.rejectedRows ?? null}),
		links: {
			...links,
			...(task !== null && {task: pathOfTask(task)}),
			...(task?.state === 'COMPLETED' && {result: `/api/v1/results/${task.id}`}),
		},
	};
}

const previewQuery = {
	type: 'object',
	properties: {
		options: {type: 'string', maxLength: 10_000, description: 'As a task takes them, in JSON: {"delimiter": ";"}'},
	},
} as const;

/** @throws {Problem} */
function readOptions(text = '{}'): GivenOptions {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (error) {
		throw problem('BAD_OPTION', `options is no JSON: ${messageOf(error)}.`);
	}
	if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as GivenOptions;
	throw problem('BAD_OPTION', 'options takes an object in JSON, like {"delimiter": ";"}.');
}

export const fileRoutes: Routes = (app, {datasets, downloads, fileList, ledger, previews, mappings, options}) => {
	for (const path of ['/files', ...bothPaths('/files')])
		app.get<{Querystring: FilterQuery}>(path, {schema: {querystring: filterQueryOf}}, async (request, reply) => {
			const user = userOf(request);
			const filter = readFilter(request.query.q ?? '');
			const {query} = request;
			const {files, next} = await fileList.list(
				ownerOf(ledger, user, request.query.of),
				filter,
				placeOf(query, byNumber),
				query.limit,
			);
			const cursor = next === null ? null : byNumber.write({number: next});
			linkNext(reply, path, query, cursor);
			return {files: files.map(file => describe(file, file.owner ?? user.name)), next_cursor: cursor};
		});

	for (const path of bothPaths('/files/:id')) {
		app.get<{Params: {id: string}}>(path, async request => {
			const user = userOf(request);
			return describe(fileList.find(user.id, request.params.id), user.name);
		});
		app.delete<{Params: {id: string}}>(path, async (request, reply) => {
			await datasets.remove(userOf(request), request.params.id);
			return reply.code(204).send();
		});
	}
	for (const path of bothPaths('/files/:id/preview')) {
		app.get<{Params: {id: string}; Querystring: {options?: string}}>(
			path,
			{schema: {querystring: previewQuery}},
			async request => {
				const dataset = datasets.findReadable(userOf(request), request.params.id);
				const given = readOptions(request.query.options);
				assertOptions({analyses: [], options: given, mapping: null}, options.taskOptions);
				const {file: _, ...found} = await previews.find(dataset, given);
				const fitting = mappings.match(
					dataset.account,
					found.columns.map(({name}) => name),
				);
				const mapping = fitting === null ? null : {name: fitting.name, version: fitting.version, map: fitting.map};
				return {file_id: dataset.id, ...found, mapping};
			},
		);
	}
	for (const path of bothPaths('/files/:id/original')) {
		app.get<{Params: {id: string}}>(path, async (request, reply) => {
			const {id} = request.params;
			const onEnd = downloads.hold(id);
			try {
				const {name, sha256} = datasets.findReadable(userOf(request), id);
				return await sendFile(request, reply, {
					...{name, type: 'application/octet-stream', path: datasets.pathOf(id)},
					...{sha256: Buffer.from(sha256, 'hex'), onEnd},
				});
			} catch (error) {
				onEnd();
				throw error;
			}
		});
	}
};
