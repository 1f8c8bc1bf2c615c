// One action on all files that match.
import type {FastifyRequest} from 'fastify';
import {ACTIONS, type ActionName} from '../actions.ts';
import {BULK_ACTIONS, type Bulk, type BulkAction, type BulkRequest} from '../bulks.ts';
import {bothPaths, type Routes, type ServerContext, userOf} from '../context.ts';
import {assertMay} from '../identify.ts';
import {byNumber, type PageQuery, pageOf, pageQuery} from '../paging.ts';
import {problem} from '../problem.ts';
import type {GivenOptions, TaskOptions} from '../task-options.ts';
import {timeOf} from '../time-of.ts';
import {EVERYBODY, ofProperty, ownerOf} from '../whose.ts';
import {describeDataset} from './file-routes.ts';
import {askedMapping, readTask} from './task-routes.ts';

interface BulkBody {
	readonly action: BulkAction;
	readonly q: string;
	readonly expected_count?: number;
	readonly task_id?: string;
	readonly analyses?: readonly string[];
	readonly options?: GivenOptions;
	readonly mapping?: string;
	readonly of?: string;
}

const bodyOf = (known: TaskOptions) => ({
	...{type: 'object', required: ['action', 'q'], additionalProperties: false},
	properties: {
		action: {type: 'string', enum: BULK_ACTIONS},
		q: {
			...{type: 'string', minLength: 1, maxLength: 1000},
			description: 'Terms as in the filter of the dashboard: status:failed size>1GB',
		},
		expected_count: {
			...{type: 'integer', minimum: 0},
			description:
				'How many files matched when somebody looked: with a tenth more or less it is refused. A dry run may leave it out',
		},
		task_id: {type: 'string', maxLength: 100, description: 'What run starts'},
		analyses: {type: 'array', items: {type: 'string', maxLength: 100}, minItems: 1, maxItems: 20},
		options: {type: 'object', maxProperties: 50, described: known.properties},
		mapping: askedMapping,
		of: ofProperty,
	},
});

const querystring = {
	type: 'object',
	properties: {dry_run: {type: 'boolean', default: false, description: 'Say what would be done, and do nothing'}},
} as const;

/** What is done to each file, by the table of actions. */
const DOES: Readonly<Record<BulkAction, ActionName>> = {
	...{cancel: 'cancel', retry: 'retry', delete: 'delete-file', run: 'start'},
};
const SAMPLE = 10;

const pathOfBulk = ({id}: Bulk): string => `/api/v1/bulk/${id}`;

const describeBulk = (bulk: Bulk) => ({
	...{id: bulk.id, action: bulk.action, q: bulk.q, of: bulk.of, status: bulk.state, ...bulk.counts},
	...{created_at: timeOf(bulk.createdAt), ended_at: timeOf(bulk.endedAt), links: {self: pathOfBulk(bulk)}},
});

/** @throws {Problem} Where the action is not for who asks, or has not what it needs. */
function readRequest(request: FastifyRequest<{Body: BulkBody}>, context: ServerContext): BulkRequest {
	const {action, q, task_id: taskId, analyses, options, mapping, of} = request.body;
	assertMay(request, ACTIONS[DOES[action]]);
	const given = {
		...(taskId !== undefined && {task_id: taskId}),
		...(analyses !== undefined && {analyses}),
		...(options !== undefined && {options}),
		...(mapping !== undefined && {mapping}),
	};
	if (action !== 'run' && Object.keys(given).length > 0)
		throw problem('INVALID', `task_id, analyses, options and mapping are for the action run alone, not for ${action}.`);
	if (of !== undefined && (action === 'run' || action === 'delete'))
		throw problem('INVALID', `of is for cancel and retry: ${action} is done to one’s own files.`);
	const owner = of === undefined ? null : ownerOf(context.ledger, userOf(request), of);
	const whose = of === undefined ? null : (owner ?? EVERYBODY);
	return {action, q, of: whose, task: action === 'run' ? readTask(userOf(request), given, context) : null};
}

export const bulkRoutes: Routes = (app, context) => {
	const {bulks, options} = context;
	const body = bodyOf(options.taskOptions);
	for (const path of bothPaths('/bulk')) {
		app.post<{Body: BulkBody; Querystring: {readonly dry_run: boolean}}>(
			path,
			{schema: {body, querystring}},
			async (request, reply) => {
				const [user, asked, expected = null] = [
					userOf(request),
					readRequest(request, context),
					request.body.expected_count,
				];
				if (request.query.dry_run) {
					const {files, applies} = await bulks.plan(user, asked, expected);
					const counts = {total: files.length, applies, skipped: files.length - applies};
					return reply.code(200).send({
						...{dry_run: true, action: asked.action, q: asked.q, of: asked.of, ...counts},
						sample: files.slice(0, SAMPLE).map(file => describeDataset(file)),
					});
				}
				if (expected === null)
					throw problem('INVALID', 'expected_count is needed: a dry run (?dry_run=true) says how many files match.');
				const bulk = await bulks.create(user, asked, expected);
				return reply.code(202).header('location', pathOfBulk(bulk)).send(describeBulk(bulk));
			},
		);
		app.get<{Querystring: PageQuery}>(path, {schema: {querystring: pageQuery}}, async (request, reply) => {
			const {items, next} = pageOf(reply, path, request.query, byNumber, (before, limit) =>
				bulks.list(userOf(request), before, limit),
			);
			return {bulks: items.map(describeBulk), next_cursor: next};
		});
	}
	for (const path of bothPaths('/bulk/:id')) {
		app.get<{Params: {id: string}}>(path, async request => {
			const bulk = bulks.find(userOf(request), request.params.id);
			const remarks = bulks.remarksOf(bulk).map(({file, state, reason}) => ({file_id: file, status: state, reason}));
			return {...describeBulk(bulk), remarks};
		});
		app.delete<{Params: {id: string}}>(path, async request =>
			describeBulk(await bulks.cancel(userOf(request), request.params.id)),
		);
	}
};
