// A watched folder that is served beside: how it is doing, its files, and what operators do with them.
import type {WatchedFile, WatchedFileState} from '../../model/watched-folder.ts';
import {quoted} from '../../text/quoted.ts';
import type {ActionName} from '../actions.ts';
import {bothPaths, type Routes} from '../context.ts';
import {byText, type PageQuery, pageOf, pageProperties} from '../paging.ts';
import {problem} from '../problem.ts';
import {noInbox, type ServedInbox} from '../served-inbox.ts';
import {timeOf} from '../time-of.ts';

/** In the order in which they are listed. */
const STATES = [
	...['processing', 'growing', 'waiting', 'failed', 'skipped', 'completed', 'duplicate'],
] as const satisfies readonly WatchedFileState[];

interface InboxQuery extends PageQuery {
	readonly state?: WatchedFileState;
}

interface RetryBody {
	readonly claims?: readonly string[];
	readonly all_failed?: boolean;
	readonly tag?: string;
}

const query = {type: 'object', properties: {...pageProperties, state: {type: 'string', enum: STATES}}} as const;
const retryQuery = {
	type: 'object',
	properties: {dry_run: {type: 'boolean', default: false, description: 'Say how many there are, and do nothing'}},
} as const;
const retryBody = {
	...{type: 'object', additionalProperties: false},
	properties: {
		claims: {
			...{type: 'array', minItems: 1, maxItems: 1000, items: {type: 'string', maxLength: 100}},
			description: 'The claims of failed files, as GET /inbox lists them',
		},
		all_failed: {type: 'boolean', enum: [true], description: 'All that have failed, instead of claims'},
		tag: {
			...{type: 'string', minLength: 1, maxLength: 100},
			description: 'The route that they begin with; left out: the one that fits',
		},
	},
} as const;

const describe = ({key: _, cameAt, endedAt, rejectedRows, isRetriable, ...file}: WatchedFile) => ({
	...{...file, came_at: timeOf(cameAt), ended_at: timeOf(endedAt), rejected_rows: rejectedRows},
	is_retriable: isRetriable,
});

/** Where a file stands in the list: by its state, and by what no other has. It says where to go on when the file itself has moved. */
const placeOf = ({state, key}: WatchedFile): string => `${STATES.indexOf(state)} ${key}`;
const byPlace = byText(placeOf);

/** @throws {Problem} Where it is not clear which files are meant. */
function claimsOf({claims, all_failed: isAll = false}: RetryBody): readonly string[] | 'all-failed' {
	if (isAll === (claims !== undefined))
		throw problem('INVALID', 'Expected the claims of failed files, or all_failed, and not both.');
	return claims ?? 'all-failed';
}

function assertTag(tag: string | null, {tags}: ServedInbox): void {
	if (tag === null || tags().includes(tag)) return;
	throw problem('NO_ROUTE', `There is no route ${quoted(tag)}: expected ${tags().map(quoted).join(', ')}.`);
}

export const inboxRoutes: Routes = (app, {options: {inbox}, auditLog}) => {
	const there = (): ServedInbox => {
		if (inbox === null) throw noInbox();
		return inbox;
	};
	/** It is told before it is done: what is asked for has no place in the ledger of the server. */
	const tell = (
		action: ActionName,
		subject: string | null,
		details: Readonly<Record<string, string | number | null>>,
	) => auditLog.add({action, subject, details});
	for (const path of bothPaths('/inbox')) {
		app.get<{Querystring: InboxQuery}>(path, {schema: {querystring: query}}, async (request, reply) => {
			const {look, tags} = there();
			const {state} = request.query;
			const {status, files} = look();
			const {items, next} = pageOf(reply, path, request.query, byPlace, (after, limit) =>
				files
					.filter(file => (state === undefined || file.state === state) && placeOf(file) > (after ?? ''))
					.toSorted((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1))
					.slice(0, limit),
			);
			return {status, tags: tags(), files: items.map(describe), next_cursor: next};
		});
		app.post<{Body: RetryBody; Querystring: {readonly dry_run: boolean}}>(
			`${path}/retry`,
			{schema: {body: retryBody, querystring: retryQuery}},
			async (request, reply) => {
				const [open, claims, tag] = [there(), claimsOf(request.body), request.body.tag ?? null];
				const {dry_run: isDryRun} = request.query;
				assertTag(tag, open);
				const found = await open.retry(claims, {tag, isDryRun: true});
				const answer = {dry_run: isDryRun, file_count: found.length, tag};
				if (isDryRun) return answer;
				if (found.length === 0)
					throw problem('NOT_RETRIABLE', 'None of these files has failed and may be tried again.');
				await tell('retry-inbox', found.length === 1 ? (found[0] ?? null) : null, {files: found.length, tag});
				const asked = await open.retry(found, {tag, isDryRun: false});
				return reply.code(202).send({...answer, file_count: asked.length});
			},
		);
		for (const word of ['pause', 'resume'] as const)
			app.post(`${path}/${word}`, async () => {
				const open = there();
				await tell('pause-inbox', null, {to: word});
				open[word]();
				return {is_paused: word === 'pause'};
			});
	}
};
