// Streams of events: server-sent events, with everything after the last one that a reader has had.
import type {FastifyReply, FastifyRequest} from 'fastify';
import {bothPaths, type Routes, userOf} from '../context.ts';
import type {Page, StreamEvent} from '../event-hub.ts';
import {readEventId} from '../event-id.ts';
import {assertRoom, openStream, type Transport} from '../event-stream.ts';

type EventRequest = FastifyRequest<{Querystring: {after?: string}; Params: {id?: string}}>;

/** Behind proxies a connection that says nothing is cut. */
const BEAT_MS = 15_000;
/** So many that nobody has taken: the reader has gone, and the network has not told. */
const MAX_UNTAKEN_BEATS = 8;
/** What is under way may still arrive. */
const ENDING_MS = 2000;

export const eventRoutes: Routes = (app, context) => {
	const {tasks} = context;
	const stream = async (request: EventRequest, reply: FastifyReply): Promise<void> => {
		const user = userOf(request);
		const {id} = request.params;
		const task = id === undefined ? null : tasks.find(user, id);
		assertRoom(context, user);
		// Proxies may take the header away.
		const after = readEventId(request.headers['last-event-id'] ?? request.query.after);
		reply.hijack();
		openResponse(reply);
		const close = openStream(context, {user, token: request.token, task, after}, createTransport(reply));
		reply.raw.on('close', close);
	};
	for (const path of [...bothPaths('/events'), ...bothPaths('/runs/:id/events'), ...bothPaths('/run/:id/events')]) {
		app.get(
			path,
			{
				// Without a body there is nothing that would end it.
				exposeHeadRoute: false,
				schema: {querystring: {type: 'object', properties: {after: {type: 'string', maxLength: 40}}}},
			},
			stream as (request: FastifyRequest, reply: FastifyReply) => Promise<void>,
		);
	}
};

function openResponse(reply: FastifyReply): void {
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

function createTransport({raw}: FastifyReply): Transport {
	let untakenBeats = 0;
	// It may break off at any time.
	raw.on('error', () => {});
	return {
		name: 'sse',
		beatMs: BEAT_MS,
		send: (page, onTaken) => raw.write(encode(page), () => onTaken()),
		bufferedBytes: () => raw.writableLength,
		beat() {
			if (raw.writableLength === 0) {
				untakenBeats = 0;
				raw.write(': still here\n\n');
			} else if (++untakenBeats > MAX_UNTAKEN_BEATS) raw.destroy();
		},
		end() {
			raw.end();
			// Who does not read must not get the rest at some later time.
			setTimeout(() => raw.destroy(), ENDING_MS).unref();
		},
	};
}

const encoded = new WeakMap<Page, Buffer>();

/** A page goes to many readers. */
function encode(page: Page): Buffer {
	const known = encoded.get(page);
	if (known !== undefined) return known;
	const bytes = Buffer.from(page.map(textOf).join(''));
	encoded.set(page, bytes);
	return bytes;
}

const textOf = ({name, id, line}: StreamEvent): string =>
	`${name === null ? '' : `event: ${name}\n`}${id === null ? '' : `id: ${id}\n`}data: ${line}\n\n`;
