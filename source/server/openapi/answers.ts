// What each route is for and answers with. A route that is not here fails a test; a member of an answer that is not here does not leave the server.

import {BULK_ACTIONS} from '../bulks.ts';
import {PROBLEMS} from '../problem-catalog.ts';
import {ROLES} from '../roles.ts';
import {TASK_STATES} from '../task.ts';
import {ACCOUNT_ANSWERS} from './account-answers.ts';
import {corrected, RESULT_ANSWERS, usedMapping} from './result-answers.ts';
import {
	boolean,
	integer,
	list,
	nullable,
	number,
	object,
	oneOf,
	open,
	page,
	type Schema,
	string,
	time,
} from './shapes.ts';

/** A schema is of JSON; a text is another type of content; `null`: there is no body. */
export type Body = Schema | string | null;

export interface RouteAnswers {
	readonly summary: string;
	/** By status. */
	readonly answers: Readonly<Record<number, Body>>;
}

const role = oneOf(...ROLES);
const user = object({id: string, name: string, role});
const error = object({code: string, message: string, line: nullable(integer), byte_offset: nullable(integer)});
const stored = {
	...{file_id: string, name: string, display_name: string, relative_path: nullable(string)},
	corrects: nullable(string),
	...{size: integer, sha256: string},
	...{received_at: time, expires_at: nullable(time)},
};
const storedFile = object({
	...stored,
	status: oneOf('STORED', 'SCANNING'),
	links: object({self: string, original: string, preview: string}),
});
const file = object({
	...{...stored, status: oneOf('STORED', 'SCANNING', ...TASK_STATES), source: string, owner: string},
	...{route: nullable(string), tag: nullable(string), task_id: nullable(string), task_execution_id: nullable(string)},
	...{attempts: integer, started_at: nullable(time), completed_at: nullable(time), processing_time: nullable(number)},
	...{rows: nullable(integer), rejected_rows: nullable(integer), error: nullable(error)},
	...corrected,
	links: object({self: string, original: string, preview: string, 'task?': string, 'result?': string}),
});
const task = object({
	...{
		task_execution_id: string,
		owner_id: string,
		file_id: string,
		file: string,
		bytes: integer,
		task_id: string,
		analyses: list(string),
		options: open({}),
		mapping: nullable(usedMapping),
	},
	...{
		status: oneOf(...TASK_STATES),
		is_paused: boolean,
		attempts: integer,
		position: nullable(integer),
		created_at: time,
	},
	...{started_at: nullable(time), completed_at: nullable(time), rows: nullable(integer)},
	...{rejected_rows: nullable(integer), error: nullable(error)},
	links: object({self: string, events: string, result: string}),
});
/** `task_execution_id`: of the one that is there already, because the same was asked for before. */
const taskPlan = object({
	...{dry_run: boolean, file_id: nullable(string), file: nullable(string), bytes: nullable(integer), task_id: string},
	...{analyses: list(string), options: open({}), mapping: nullable(usedMapping), position: nullable(integer)},
	task_execution_id: nullable(string),
});
/** As `sniff --quick --json` has it. */
const preview = object({
	...{
		file_id: string,
		dialect: nullable(open({})),
		columns: list(open({name: string, type: string})),
		records: integer,
	},
	...{problems: list(open({code: string, message: string})), analyses: list(string), preview: list(list(string))},
	...{quick: boolean, mapping: nullable(object({name: string, version: integer, map: open({})}))},
});
const mapping = object({
	...{id: string, name: string, version: integer, headings: list(string), map: open({}), created_at: time},
	links: object({self: string, versions: string}),
});
const webhook = {
	...{id: string, url: string, types: list(string), state: oneOf('unconfirmed', 'on', 'off'), created_at: time},
	...{off_reason: nullable(string), failures: integer, rests_until: nullable(time)},
	links: object({self: string, deliveries: string}),
};
const delivery = {
	...{id: string, webhook_id: string, message_id: string, type: string, attempts: integer, created_at: time},
	...{state: oneOf('pending', 'delivered', 'failed'), next_attempt_at: nullable(time), ended_at: nullable(time)},
};
const deliveryAttempt = object({
	...{number: integer, at: time, elapsed_ms: integer, status: nullable(integer), error: nullable(string)},
});
const bulk = {
	...{
		id: string,
		action: oneOf(...BULK_ACTIONS),
		q: string,
		of: nullable(string),
		status: oneOf('RUNNING', 'COMPLETED', 'CANCELLED'),
	},
	...{total: integer, pending: integer, done: integer, skipped: integer, failed: integer},
	...{created_at: time, ended_at: nullable(time), links: object({self: string})},
};
const bulkPlan = object({
	...{
		dry_run: boolean,
		action: oneOf(...BULK_ACTIONS),
		q: string,
		of: nullable(string),
		total: integer,
		applies: integer,
		skipped: integer,
	},
	sample: list(storedFile),
});
const ofLimit = object({used: integer, limit: nullable(integer)});
const check = oneOf('pass', 'fail');
const counts = {completed: integer, failed: integer, cancelled: integer, processing: integer, queued: integer};

const health = object({
	status: oneOf('healthy', 'degraded', 'unhealthy'),
	'system?': object({
		storage: object({
			...{datasets_count: integer, results_count: integer, total_items: integer},
			...{bytes_used: integer, bytes_free: integer},
		}),
		streaming: object({active_streams: integer, completed_streams: integer, cached_events_count: integer}),
		execution: object({
			...{active_tasks: integer, queued_tasks: integer, max_concurrent_tasks: integer, workers: integer},
		}),
	}),
	'capabilities?': object({
		...{concurrent_users: string, concurrent_tasks: integer, thread_safe: boolean},
		...{max_upload_bytes: integer, resumable_uploads: string, analyses: list(string)},
	}),
	...{
		'version?': string,
		'uptime_seconds?': integer,
		'checks?': object({database: check, disk: check, workers: check, queue: check, 'inbox?': check, clock: check}),
	},
});

const inboxCounts = object({
	...{waiting: integer, skipped: integer, processing: integer, completed: integer, failed: integer, duplicate: integer},
});
const inboxFile = object({
	...{file: string, claim: nullable(string), state: string, tag: nullable(string), step: nullable(string)},
	...{attempts: integer, bytes: integer, came_at: nullable(time), ended_at: nullable(time), rows: nullable(integer)},
	...{rejected_rows: nullable(integer), code: nullable(string), message: nullable(string), place: string},
	...{note: nullable(string), is_retriable: boolean},
});
const inboxRetry = object({dry_run: boolean, file_count: integer, tag: nullable(string)});
const inboxIntake = object({is_paused: boolean});
/** Of one of several files: taken, left out with its reason, or dropped into the inbox. */
const incomingFile = object({
	...{
		name: string,
		status: oneOf('STORED', 'QUEUED', 'SKIPPED', 'WAITING'),
		'task_execution_id?': string,
		'file_id?': string,
		'display_name?': string,
		'relative_path?': nullable(string),
		'corrects?': nullable(string),
	},
	...{'size?': integer, 'sha256?': string, 'received_at?': time, 'expires_at?': nullable(time)},
	'reason?': object({code: string, message: string}),
	'links?': object({'self?': string, 'original?': string, 'preview?': string, 'inbox?': string, 'task?': string}),
});

const keptClass = object({
	...{class: string, kept_seconds: nullable(number), kept_count: nullable(integer), count: integer},
	next_expires_at: nullable(time),
});
const stats = object({
	since: time,
	'inbox?': object({files: inboxCounts, bytes: inboxCounts, success_rate: nullable(number)}),
	files: object({...counts, duplicate: integer, skipped: integer}),
	success_rate: nullable(number),
	processing_time_seconds: object({
		...{mean: nullable(number), p50: nullable(number), p95: nullable(number), p99: nullable(number)},
	}),
	throughput: object({files_per_minute: number, rows_per_second: number, bytes_per_second: number}),
	rows: object({read: integer, rejected: integer}),
	system: object({cpu_ratio: number, rss_bytes: integer, uptime_seconds: integer}),
	storage: object({
		...{datasets_bytes: integer, results_bytes: integer, events_bytes: integer},
		oldest_expires_at: nullable(time),
	}),
	retention: list(keptClass),
	'encryption?': object({uploads: boolean, plain_files: integer}),
	'workers?': list(
		object({
			...{name: string, version: string, state: oneOf('ready', 'ending', 'other-version'), threads: integer},
			...{jobs: integer, files: integer, parts: integer, bytes_per_second: number, seen_seconds: number},
		}),
	),
});

const usage = object({
	...{user, files: ofLimit, running: ofLimit, waiting: ofLimit, streams: ofLimit},
	bytes: object({used: integer, limit: nullable(integer), limit_of_a_file: integer}),
	months: list(
		object({
			...{month: string, tasks: integer, completed: integer, failed: integer},
			...{bytes: integer, rows: integer, rejected_rows: integer},
		}),
	),
});

/** RFC 9457. */
export const PROBLEM_TYPE = 'application/problem+json';

export const PROBLEM: Schema = {
	...open({
		...{type: string, title: string, status: integer, detail: string, code: oneOf(...Object.keys(PROBLEMS))},
		...{remedy: string, 'instance?': string, 'request_id?': string, 'retry_after_seconds?': integer},
		'violated-policies?': list(string),
	}),
	description: 'What is wrong, and by its code what to do about it: see /docs/problems/',
};

const EVENTS = 'text/event-stream';
const PLAIN = 'text/plain';

/** By the method and the path without `/api` and `/api/v1`. */
export const ANSWERS: Readonly<Record<string, RouteAnswers>> = {
	...ACCOUNT_ANSWERS,
	'POST /upload': {
		summary: 'Send files in, as multipart/form-data; with task_id a task begins with each',
		answers: {201: object({files: list(incomingFile)}), 202: object({files: list(incomingFile)})},
	},
	'GET /files': {summary: 'One’s files, with what was made of each', answers: {200: page('files', file)}},
	'GET /files/:id': {summary: 'A file', answers: {200: file}},
	'PUT /files/:id': {
		summary: 'Send a file in, under the name in the path; with task_id a task begins with it',
		answers: {201: storedFile, 202: incomingFile},
	},
	'DELETE /files/:id': {summary: 'Remove a file', answers: {204: null}},
	'GET /files/:id/original': {
		summary: 'A file as it was sent in',
		answers: {200: 'application/octet-stream', 206: 'application/octet-stream', 304: null},
	},
	'POST /uploads': {summary: 'Begin an upload in pieces (tus 1.0)', answers: {201: null}},
	'OPTIONS /uploads': {summary: 'What uploads in pieces may do', answers: {204: null}},
	'HEAD /uploads/:id': {summary: 'How far an upload is', answers: {200: null}},
	'PATCH /uploads/:id': {summary: 'Go on with an upload', answers: {204: null}},
	'DELETE /uploads/:id': {summary: 'Give an upload up', answers: {204: null}},
	'GET /uploads/:id': {summary: 'Nothing: what was sent in is had as a file', answers: {}},

	'POST /run': {
		summary: 'Start a task; Prefer: wait=10 waits for its end, dry_run=true only says what would start',
		answers: {200: {anyOf: [task, taskPlan]}, 202: task},
	},
	'GET /run': {summary: 'One’s tasks', answers: {200: page('tasks', task)}},
	'GET /run/status': {
		summary: 'How busy the server is',
		answers: {
			200: object({
				...{active_tasks: integer, message: string, queued_tasks: integer, max_concurrent_tasks: integer},
			}),
		},
	},
	'GET /run/:id': {summary: 'A task', answers: {200: task}},
	'DELETE /run/:id': {summary: 'Cancel a task', answers: {200: task}},
	'POST /run/:id/cancel': {summary: 'Cancel a task', answers: {200: task}},
	'POST /run/:id/pause': {
		summary: 'Hold a task: one that is worked on goes on later from its last checkpoint',
		answers: {200: task},
	},
	'POST /run/:id/resume': {summary: 'Let a task go on', answers: {200: task}},
	'GET /history': {
		summary: 'One’s tasks that have ended, also of files that are gone',
		answers: {200: page('tasks', task)},
	},
	'POST /run/:id/retry': {summary: 'Try a task again that failed or was cancelled', answers: {202: task}},
	'GET /run/:id/events': {summary: 'Follow a task', answers: {200: EVENTS}},
	'GET /events': {summary: 'Follow all of one’s tasks and files', answers: {200: EVENTS}},
	'GET /ws': {summary: 'Follow them by WebSocket', answers: {101: null}},

	'GET /files/:id/preview': {
		summary:
			'The beginning of a file: how it is written, its columns, its first records, and the analyses that can be made of it',
		answers: {200: preview},
	},
	...RESULT_ANSWERS,

	'POST /bulk': {
		summary: 'Cancel, retry, delete or run all files that match; dry_run=true only says what would be done',
		answers: {200: bulkPlan, 202: object(bulk)},
	},
	'GET /bulk': {summary: 'One’s actions on all that matched', answers: {200: page('bulks', object(bulk))}},
	'GET /bulk/:id': {
		summary: 'How far it is, and files to which it was not done',
		answers: {
			200: object({
				...bulk,
				remarks: list(object({file_id: string, status: oneOf('skipped', 'failed'), reason: string})),
			}),
		},
	},
	'DELETE /bulk/:id': {summary: 'Cancel the rest of it', answers: {200: object(bulk)}},

	'GET /mappings': {
		summary: 'One’s mappings: which headings of files are which columns',
		answers: {200: object({mappings: list(mapping)})},
	},
	'GET /mappings/:name': {summary: 'A mapping, or an earlier version of it', answers: {200: mapping}},
	'GET /mappings/:name/versions': {
		summary: 'All versions of a mapping, the newest first',
		answers: {200: page('versions', mapping)},
	},
	'PUT /mappings/:name': {
		summary: 'Save a mapping, or its next version, for which If-Match names the one before',
		answers: {200: mapping, 201: mapping},
	},
	'DELETE /mappings/:name': {summary: 'Remove a mapping', answers: {204: null}},

	'POST /webhooks': {
		summary: 'Be notified, at an https: address (Standard Webhooks) or by mail; the secret is shown only once',
		answers: {201: object({...webhook, secret: nullable(string)})},
	},
	'GET /webhooks': {summary: 'Where one is notified', answers: {200: object({webhooks: list(object(webhook))})}},
	'GET /webhooks/:id': {summary: 'A webhook', answers: {200: object(webhook)}},
	'PATCH /webhooks/:id': {summary: 'Choose its notices, switch it on or off', answers: {200: object(webhook)}},
	'DELETE /webhooks/:id': {summary: 'Remove a webhook', answers: {204: null}},
	'POST /webhooks/:id/secret': {
		summary: 'Make another secret for a webhook; the one before signs for a day, too',
		answers: {200: object({secret: string})},
	},
	'POST /webhooks/:id/test': {summary: 'Send a test to a webhook', answers: {202: object(delivery)}},
	'POST /webhooks/:id/confirm': {summary: 'Confirm a mail address by its code', answers: {200: object(webhook)}},
	'GET /webhooks/:id/deliveries': {
		summary: 'What was sent to a webhook, the newest first',
		answers: {200: page('deliveries', object(delivery))},
	},
	'GET /deliveries/:id': {
		summary: 'A delivery, with each attempt',
		answers: {200: object({...delivery, log: list(deliveryAttempt)})},
	},
	'POST /deliveries/:id/resend': {summary: 'Send a notice again, with the same id', answers: {202: object(delivery)}},
	'GET /tasks': {
		summary: 'What can be made of files, and the options of each',
		answers: {
			200: object({
				options: open({}),
				tasks: list(
					object({
						...{task_id: string, title: string, aliases: list(string)},
						columns: list(object({name: string, type: string, optional: boolean})),
					}),
				),
			}),
		},
	},
	'GET /limits': {
		summary: 'How much may be sent in and asked for',
		answers: {
			200: object({
				...{max_upload_bytes: integer, quota_bytes: nullable(integer), quota_files: nullable(integer)},
				...{max_concurrent_tasks: integer, max_queued: integer, max_queued_per_user: integer},
				...{max_streams_per_user: integer, dataset_ttl_seconds: nullable(number)},
				result_ttl_seconds: nullable(number),
			}),
		},
	},
	'GET /inbox': {
		summary: 'The folder that is watched beside: how it is doing, and its files',
		answers: {
			200: object({status: open({}), tags: list(string), files: list(inboxFile), next_cursor: nullable(string)}),
		},
	},
	'POST /inbox/retry': {
		summary: 'Have failed files of the watched folder tried again; dry_run=true only says how many',
		answers: {200: inboxRetry, 202: inboxRetry},
	},
	'POST /inbox/pause': {
		summary: 'Have no further file of the watched folder taken; those that were taken go on',
		answers: {200: inboxIntake},
	},
	'POST /inbox/resume': {summary: 'Have files of the watched folder taken again', answers: {200: inboxIntake}},
	'GET /usage': {summary: 'What one has used of it, and what was done month by month', answers: {200: usage}},
	'GET /usage/users': {
		summary: 'What each account has used',
		answers: {
			200: object({
				users: list(
					object({
						...{id: string, name: string, role, files: integer, bytes: integer, running: integer, waiting: integer},
					}),
				),
			}),
		},
	},
	'GET /stats': {summary: 'Figures of one’s tasks, to operators of all', answers: {200: stats}},
	'GET /health': {summary: 'How the server is; to operators more of it', answers: {200: health, 503: health}},
	'GET /livez': {summary: 'Whether the process answers', answers: {200: PLAIN}},
	'GET /readyz': {summary: 'Whether it can do its work', answers: {200: PLAIN, 503: PLAIN}},
	'GET /healthz': {summary: 'The same', answers: {200: PLAIN, 503: PLAIN}},
	'GET /metrics': {summary: 'Metrics for Prometheus', answers: {200: PLAIN}},
	'GET /openapi.json': {summary: 'This description', answers: {200: open({})}},
	'GET /docs': {summary: 'This description as a page', answers: {200: 'text/html'}},
	'GET /': {summary: 'The way to the page', answers: {302: null}},
	'GET /app': {summary: 'The page for browsers', answers: {200: 'text/html'}},
	'GET /app/:view': {summary: 'A view of the page', answers: {200: 'text/html'}},
	'GET /app/:view/:part': {summary: 'A view of the page, or a script or style of it', answers: {200: 'text/html'}},
	'GET /docs/style.css': {summary: 'How it looks', answers: {200: 'text/css'}},
	'GET /docs/actions': {summary: 'Who may do what, and by which doors', answers: {200: 'text/html'}},
	'GET /docs/problems/:code': {summary: 'What a problem means, and what to do about it', answers: {200: 'text/html'}},
	'GET /.well-known/security.txt': {summary: 'Whom to tell of a weakness (RFC 9116)', answers: {200: PLAIN}},
	'GET /.well-known/api-catalog': {
		summary: 'Where this description is (RFC 9727)',
		answers: {200: 'application/linkset+json'},
	},
};

/** The row of a route; `/runs` is another name of `/run`. */
export const rowOf = (method: string, url: string): string =>
	`${method} ${url.replace(/^\/api(?:\/v1)?(?=\/)/, '').replace(/^\/runs(?=\/|$)/, '/run')}`;
