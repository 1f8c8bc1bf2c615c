// Tasks are asked for, looked at, ended and tried again.
import {createHash} from 'node:crypto';
import type {FastifyRequest} from 'fastify';
import {servedNames} from '../../analysis/on-demand.ts';
import {findCombinationFault} from '../../analysis/registry.ts';
import {isConflict} from '../../ledger/start-commit-thread.ts';
import type {User} from '../accounts.ts';
import type {Answer} from '../answers.ts';
import {bothPaths, type Routes, type ServerContext, userOf} from '../context.ts';
import type {Dataset} from '../datasets.ts';
import {describeMapping, describePlan, describeTask, pathOfTask} from '../describe-task.ts';
import {type FilterQuery, filterQueryOf, readFilter} from '../filter-query.ts';
import {MAX_NAME, NO_MAPPING} from '../mappings.ts';
import {byNumber, linkNext, type PageQuery, pageOf, pageProperties, placeOf} from '../paging.ts';
import {problem} from '../problem.ts';
import {type AskedTask, draftOf, TASK_STATES, type Task, type TaskState} from '../task.ts';
import {TASK_NAMES} from '../task-names.ts';
import {assertOptions, type GivenOptions} from '../task-options.ts';
import {ofProperty, ownerOf} from '../whose.ts';

interface TaskRequest {
	readonly file_id?: string;
	readonly task_id?: string;
	readonly analyses?: readonly string[];
	readonly options?: GivenOptions;
	readonly mapping?: string;
}

type TaskAnswer = ReturnType<typeof describeTask>;

interface TaskQuery extends PageQuery {
	readonly status?: TaskState;
	readonly of?: string;
}

const taskQuery = {
	type: 'object',
	properties: {...pageProperties, status: {type: 'string', enum: TASK_STATES}, of: ofProperty},
} as const;

const dryRunQuery = {
	type: 'object',
	properties: {dry_run: {type: 'boolean', default: false, description: 'Say what would start, and start nothing'}},
} as const;

/** As a task asks for one, wherever it does. */
export const askedMapping = {
	...{type: 'string', minLength: 1, maxLength: MAX_NAME},
	description: `The name of a mapping, or ${NO_MAPPING}; left out: the one that is for files with this heading, if there is one`,
} as const;

const MAX_WAIT_SECONDS = 60;

/** What `Prefer: wait=10` asks for (RFC 7240); `null`: not to wait. */
function waitOf(prefer: string | readonly string[] | undefined): number | null {
	const seconds = /(?:^|,)\s*wait\s*=\s*"?(\d{1,6})"?\s*(?:[,;]|$)/i.exec([prefer].flat().join(','))?.[1];
	return seconds === undefined ? null : Math.min(Number(seconds), MAX_WAIT_SECONDS);
}

/** `run` is what the systems before had; `runs` is the plural that all lists of this API have. */
const taskPaths = (path = ''): readonly string[] => [...bothPaths(`/runs${path}`), ...bothPaths(`/run${path}`)];

export const taskRoutes: Routes = (app, context) => {
	const {tasks, datasets, options, answers, ledger, taskHistory} = context;
	const describe = (task: Task) => describeTask(task, tasks.positionOf(task));
	for (const path of taskPaths()) {
		app.post<{Body: TaskRequest; Querystring: {readonly dry_run: boolean}}>(
			path,
			{
				schema: {
					querystring: dryRunQuery,
					body: {
						...{type: 'object', additionalProperties: false},
						properties: {
							file_id: {
								...{type: 'string', maxLength: 100},
								description: 'Needed, but in a dry run: without it, a file is meant that is still to be sent in',
							},
							task_id: {type: 'string', maxLength: 100},
							analyses: {type: 'array', items: {type: 'string', maxLength: 100}, minItems: 1, maxItems: 20},
							// Checked below, where it can be said what is wrong with them.
							options: {type: 'object', maxProperties: 50, described: options.taskOptions.properties},
							mapping: askedMapping,
						},
					},
				},
			},
			async (request, reply) => {
				const {body} = request;
				const user = userOf(request);
				const isDryRun = request.query.dry_run;
				if (body.file_id === undefined) {
					if (isDryRun) return reply.code(200).send(planUnsent(user, body, context));
					throw problem('INVALID', 'file_id is needed: it says of which file the task is.');
				}
				const fingerprint = fingerprintOf(body);
				const key = answers.keyOf(request.headers['idempotency-key']);
				const replay = (before: Answer) =>
					reply
						.code(before.status)
						.header('idempotency-replayed', 'true')
						.header('location', before.location)
						.send(tellAgain(before.answer as TaskAnswer, user, tasks));
				const find = () => (key === null ? null : answers.find(user, key, fingerprint));
				const before = find();
				if (before !== null && !isDryRun) return replay(before);
				if (before !== null) return reply.code(200).send(describeKnown(before.answer as TaskAnswer));
				const dataset = datasets.find(user, body.file_id);
				if (isDryRun) return reply.code(200).send(await planTask(user, dataset, body, context));
				const remember = (draft: Task) =>
					key === null
						? []
						: [
								answers.change(user, key, fingerprint, {
									...{status: 202, location: pathOfTask(draft), answer: describeTask(draft, null)},
								}),
							];
				let task: Task;
				try {
					task = await tasks.submit(user, dataset, readTask(user, body, context), remember);
				} catch (error) {
					// The same may have been asked at the same time.
					const meanwhile = isConflict(error) ? find() : null;
					if (meanwhile === null) throw error;
					return replay(meanwhile);
				}
				reply.header('location', pathOfTask(task));
				const waitSeconds = waitOf(request.headers.prefer);
				if (waitSeconds === null) return reply.code(202).send(describe(task));
				reply.header('preference-applied', `wait=${waitSeconds}`);
				const waited = await tasks.untilEnded(user, task.id, waitSeconds * 1000);
				return reply.code(waited.endedAt === null ? 202 : 200).send(describe(waited));
			},
		);
		app.get<{Querystring: TaskQuery}>(path, {schema: {querystring: taskQuery}}, async (request, reply) => {
			const {status = null, of} = request.query;
			const owner = ownerOf(ledger, userOf(request), of);
			const {items, next} = pageOf(reply, path, request.query, byNumber, (before, limit) =>
				tasks.list(owner, limit, before, status),
			);
			return {tasks: items.map(describe), next_cursor: next};
		});
	}
	for (const path of taskPaths('/status')) {
		app.get(path, async () => {
			const active = tasks.activeCount;
			return {
				...{active_tasks: active, message: `Currently processing ${active} task(s)`},
				...{queued_tasks: tasks.queuedCount, max_concurrent_tasks: options.maxConcurrentTasks},
			};
		});
	}
	for (const path of taskPaths('/:id')) {
		app.get<{Params: {id: string}}>(path, async request => describe(tasks.reach(userOf(request), request.params.id)));
		const cancel = async (request: FastifyRequest<{Params: {id: string}}>) =>
			describe(await tasks.cancel(userOf(request), request.params.id));
		app.delete<{Params: {id: string}}>(path, cancel);
		app.post<{Params: {id: string}}>(`${path}/cancel`, cancel);
		app.post<{Params: {id: string}}>(`${path}/pause`, async request =>
			describe(await tasks.pause(userOf(request), request.params.id)),
		);
		app.post<{Params: {id: string}}>(`${path}/resume`, async request =>
			describe(await tasks.resumeTask(userOf(request), request.params.id)),
		);
		app.post<{Params: {id: string}}>(`${path}/retry`, async (request, reply) =>
			reply.code(202).send(describe(await tasks.retry(userOf(request), request.params.id))),
		);
	}
	for (const path of bothPaths('/history'))
		app.get<{Querystring: FilterQuery}>(path, {schema: {querystring: filterQueryOf}}, async (request, reply) => {
			const filter = readFilter(request.query.q ?? '');
			const {query} = request;
			const owner = ownerOf(ledger, userOf(request), query.of);
			const {items, next} = await taskHistory.list(owner, filter, placeOf(query, byNumber), query.limit);
			const cursor = next === null ? null : byNumber.write({number: next});
			linkNext(reply, path, query, cursor);
			return {tasks: items.map(describe), next_cursor: cursor};
		});
};

/** What a task of a file would be. @throws {Problem} As where it is started. */
async function planTask(user: User, dataset: Dataset, asked: TaskRequest, context: ServerContext) {
	const {tasks, mappings} = context;
	const task = draftOf(user, dataset, readTask(user, asked, context));
	const position = tasks.nextPosition(user, dataset);
	// Nobody reads a file that waits for a scanner.
	const chosen = dataset.isScanning ? null : await mappings.choose(task);
	return describePlan(describeTask({...task, mapping: task.mapping ?? chosen}, null), {position, known: null});
}

/** As `planTask`, of a file that is still to be sent in. */
function planUnsent(user: User, asked: TaskRequest, context: ServerContext) {
	const {task, mapping, ...others} = readTask(user, asked, context);
	const position = context.tasks.nextPosition(user, {isScanning: false});
	return describePlan(
		{...{file_id: null, file: null, bytes: null, task_id: task}, ...others, mapping: describeMapping(mapping)},
		{position, known: null},
	);
}

/** The same was asked for before, with the same key: nothing further would start. */
const describeKnown = (before: TaskAnswer) => describePlan(before, {position: null, known: before.task_execution_id});

/** As it was told first, but for the place, which is another one by now. */
function tellAgain(before: TaskAnswer, user: User, tasks: ServerContext['tasks']): TaskAnswer {
	const task = tasks.findIfThere(user, before.task_execution_id);
	return {...before, position: task === null ? null : tasks.positionOf(task)};
}

const fingerprintOf = ({file_id, task_id, analyses, options, mapping}: TaskRequest): Buffer =>
	createHash('sha256')
		.update(
			JSON.stringify([
				...[file_id, task_id ?? null, analyses ?? null, inOrder(options)],
				// Answers that are kept from before there were mappings are found as they were.
				...(mapping === undefined ? [] : [mapping]),
			]),
		)
		.digest();

/** The same options are the same in any order. */
const inOrder = (options: GivenOptions = {}): readonly unknown[] =>
	Object.entries(options).sort(([one], [other]) => (one < other ? -1 : 1));

/** @throws {Problem} When there is no such task or analysis, or the options cannot be used. */
export function readTask(
	user: User,
	{task_id: name, analyses, options = {}, mapping}: Omit<TaskRequest, 'file_id'>,
	{mappings, options: {taskOptions}}: Pick<ServerContext, 'mappings' | 'options'>,
): AskedTask {
	const names = analyses ?? (name === undefined ? [] : [TASK_NAMES[name] ?? name]);
	const unknown = names.find(each => !servedNames.includes(each));
	if (unknown !== undefined)
		throw problem(
			'UNKNOWN_TASK',
			`There is no task ${JSON.stringify(unknown)}: known are ${[...Object.keys(TASK_NAMES), ...servedNames].join(', ')}.`,
		);
	const fault = names.length > 1 ? findCombinationFault(names, []) : undefined;
	if (fault !== undefined) throw problem('BAD_ANALYSES', fault);
	const asked = {
		...{task: name ?? names.join(','), analyses: names, options, mapping: mappings.asked(user, mapping)},
	};
	assertOptions(asked, taskOptions);
	return asked;
}
