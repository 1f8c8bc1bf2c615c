// Streams of events: server-sent events, with everything after the last one that a reader has had.
import type {FastifyReply, FastifyRequest} from 'fastify';
import {bothPaths, type Routes, type ServerContext, userOf} from '../context.ts';
import type {Listener} from '../event-hub.ts';
import {hashSecret} from '../ids.ts';
import {problem} from '../problem.ts';
import {describeTask} from './task-routes.ts';

type EventRequest = FastifyRequest<{Querystring: {after?: string}; Params: {id?: string}}>;

/** Behind proxies a connection that says nothing is cut. */
const HEARTBEAT_MS = 15_000;
/** Of a snapshot. */
const MAX_TASKS = 1000;

export const eventRoutes: Routes = (app, context) => {
	const stream = async (request: EventRequest, reply: FastifyReply): Promise<void> => {
		const {tasks, hub} = context;
		const user = userOf(request);
		const {id} = request.params;
		const task = id === undefined ? null : tasks.find(user, id);
		assertRoom(context, user.id);
		const asked = readPlace(request);
		const isKnown = asked !== null && hub.has(asked);
		reply.hijack();
		openStream(reply);
		const {raw} = reply;
		const write = (event: string | null, number: number | null, data: string): boolean =>
			raw.write(
				`${event === null ? '' : `event: ${event}\n`}${number === null ? '' : `id: ${number}\n`}data: ${data}\n\n`,
			);
		// From the beginning, where that is not long; else how things are now, and what happens from then on.
		const isFromStart = asked === null && (task === null ? hub.isWhole(user.id) : hub.hasStart(user.id, task.id));
		const start = isKnown ? asked : isFromStart ? 0 : hub.newest();
		if (asked !== null && !isKnown) write('reset', start, JSON.stringify({type: 'reset'}));
		if (!isKnown && !isFromStart) {
			const shown = tasks.list(user, MAX_TASKS).map(each => describeTask(each, tasks.positionOf(each)));
			write('snapshot', start, JSON.stringify({type: 'snapshot', tasks: shown}));
		}
		const listener: Listener = {
			...{account: user.id, task: task?.id ?? null, after: start, isBusy: false},
			token: request.token === null ? null : hashSecret(request.token),
			send: ({number, line}) => write(null, number, line),
			end: () => raw.end(),
		};
		const heartbeat = setInterval(() => {
			if (!listener.isBusy) listener.isBusy = !raw.write(': still here\n\n');
		}, HEARTBEAT_MS);
		raw.on('drain', () => {
			listener.isBusy = false;
			hub.pump(listener);
		});
		raw.on('close', () => {
			clearInterval(heartbeat);
			hub.remove(listener);
		});
		// It may break off at any time.
		raw.on('error', () => {});
		hub.add(listener);
	};
	for (const path of [...bothPaths('/events'), ...bothPaths('/run/:id/events')]) {
		app.get(
			path,
			{
				config: {role: 'viewer', scope: 'read'},
				// Without a body there is nothing that would end it.
				exposeHeadRoute: false,
				schema: {querystring: {type: 'object', properties: {after: {type: 'string', maxLength: 40}}}},
			},
			stream as (request: FastifyRequest, reply: FastifyReply) => Promise<void>,
		);
	}
};

function assertRoom({hub, options}: ServerContext, account: string): void {
	if (hub.streamsOf(account) < options.maxStreamsPerUser) return;
	throw problem('TOO_MANY_STREAMS', 'Close one first.', {
		retryAfter: 5,
		more: {max_streams_per_user: options.maxStreamsPerUser},
	});
}

/** Proxies may take the header away. `null`: nothing was had before. */
function readPlace({headers, query}: EventRequest): number | null {
	const given = headers['last-event-id'] ?? query.after;
	if (given === undefined) return null;
	const place = Number(given);
	// What is none is as good as one that is gone.
	return Number.isSafeInteger(place) && place >= 0 ? place : Number.MAX_SAFE_INTEGER;
}

function openStream(reply: FastifyReply): void {
	const headers = {
		...(reply.getHeaders() as Record<string, string>),
		'content-type': 'text/event-stream; charset=utf-8',
		'cache-control': 'no-store',
		incremental: '?1',
		'x-accel-buffering': 'no',
		// It ends with its stream: one that is kept for the next request would hold up the end of the server.
		connection: 'close',
	};
	reply.raw.writeHead(200, headers);
	// Readers that lost the same server are not to come back in step.
	reply.raw.write(`retry: ${2500 + Math.floor(Math.random() * 2000)}\n\n`);
}
