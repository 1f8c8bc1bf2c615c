// Streams of events over WebSocket: the messages of the server-sent events, for those who have a socket anyway. The first message says who reads, and
// from where on: a token in the URL would be in every log on the way.
import type {FastifyReply, FastifyRequest} from 'fastify';
import {type RawData, WebSocket, WebSocketServer} from 'ws';
import type {User} from '../accounts.ts';
import {ACTIONS} from '../actions.ts';
import {bothPaths, type Routes, type ServerContext} from '../context.ts';
import type {EndReason, Page, StreamEvent} from '../event-hub.ts';
import {readEventId} from '../event-id.ts';
import {assertRoom, openStream, type Transport} from '../event-stream.ts';
import {Problem, problem, unauthorized} from '../problem.ts';
import {covers} from '../roles.ts';
import {assertNoForeignOrigin} from '../same-origin.ts';
import {takeUpgrade} from '../upgrade.ts';

type SocketRequest = FastifyRequest<{Querystring: {after?: string}; Params: {id?: string}}>;

const SUBPROTOCOL = 'fileproc.v1';
const BEAT_MS = 20_000;
/** Who has a session may leave the first message away; who has none must send it. */
const [GREETING_MS, TOKEN_MS] = [1000, 10_000];
/** Connections of which nobody knows yet whose they are. */
const MAX_UNKNOWN = 500;
const MAX_MESSAGE_BYTES = 4096;
/** For the other side to close, too. */
const CLOSING_MS = 2000;

/** RFC 6455, and numbers of our own from 4000 on: those of HTTP. */
const CODES = {going: 1001, policy: 1008, overload: 1013, unauthorized: 4401} as const;

const ENDS: Readonly<Record<EndReason, readonly [code: number, reason: string]>> = {
	'session-ended': [CODES.unauthorized, 'The session has ended'],
	closing: [CODES.going, 'The server ends'],
	forgotten: [CODES.overload, 'Too far behind: come again'],
};

export const socketRoutes: Routes = (app, context) => {
	const server = new WebSocketServer({
		...{noServer: true, clientTracking: true, maxPayload: MAX_MESSAGE_BYTES, closeTimeout: CLOSING_MS},
		handleProtocols: protocols => protocols.has(SUBPROTOCOL) && SUBPROTOCOL,
	});
	const unknown = new Set<WebSocket>();
	const accept = async (request: SocketRequest, reply: FastifyReply): Promise<void> => {
		assertNoForeignOrigin(request);
		reply.hijack();
		const {socket, head} = takeUpgrade(request.raw, reply.raw);
		server.handleUpgrade(request.raw, socket, head, webSocket => {
			webSocket.on('error', () => {});
			if (unknown.size >= MAX_UNKNOWN) {
				webSocket.close(CODES.overload, 'Too many connections: come again later');
				return;
			}
			unknown.add(webSocket);
			webSocket.on('close', () => unknown.delete(webSocket));
			greet(webSocket, request, greeting => {
				unknown.delete(webSocket);
				follow(context, webSocket, request, greeting);
			});
		});
	};
	const path = [...bothPaths('/ws'), ...bothPaths('/runs/:id/events'), ...bothPaths('/run/:id/events')];
	for (const url of path)
		app.get(
			url,
			{
				constraints: {upgrade: 'websocket'},
				config: {isForAnybody: true},
				exposeHeadRoute: false,
				schema: {hide: true, querystring: {type: 'object', properties: {after: {type: 'string', maxLength: 40}}}},
			},
			accept as (request: FastifyRequest, reply: FastifyReply) => Promise<void>,
		);
	for (const url of bothPaths('/ws'))
		app.get(url, {config: {isForAnybody: true}, exposeHeadRoute: false}, async (_, reply) => {
			reply.header('upgrade', 'websocket').header('connection', 'upgrade');
			throw problem(
				'WEBSOCKET_ONLY',
				`Ask for a WebSocket, with the subprotocol ${SUBPROTOCOL}; the same as server-sent events is at /api/v1/events.`,
			);
		});
	app.addHook('preClose', async () => {
		for (const webSocket of server.clients) webSocket.close(...ENDS.closing);
	});
};

interface Greeting {
	readonly token?: string;
	readonly after?: unknown;
}

/** Waits for the first message. */
function greet(webSocket: WebSocket, request: SocketRequest, onGreeted: (greeting: Greeting) => void): void {
	const isKnown = request.user !== null;
	const finish = (greeting: Greeting | null): void => {
		clearTimeout(deadline);
		// Nothing is said after that, so there is nothing to be kept.
		webSocket.removeAllListeners('message').on('message', () => webSocket.close(CODES.policy, 'Expected one message'));
		if (greeting === null) webSocket.close(CODES.policy, 'Expected {"token": …, "after": …}');
		else if (webSocket.readyState === WebSocket.OPEN) onGreeted(greeting);
	};
	const deadline = setTimeout(
		() => (isKnown ? finish({}) : webSocket.close(CODES.unauthorized, 'Expected a message with a token')),
		isKnown ? GREETING_MS : TOKEN_MS,
	);
	webSocket.on('close', () => clearTimeout(deadline));
	webSocket.on('message', (data: RawData) => finish(readGreeting(data)));
}

/** `null`: it is none. */
function readGreeting(data: RawData): Greeting | null {
	try {
		const value: unknown = JSON.parse(String(data));
		if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
		const {token, after, ...others} = value as Readonly<Record<string, unknown>>;
		if (Object.keys(others).length > 0 || (token !== undefined && typeof token !== 'string')) return null;
		return {...(token !== undefined && {token}), after};
	} catch {
		return null;
	}
}

function follow(context: ServerContext, webSocket: WebSocket, request: SocketRequest, greeting: Greeting): void {
	const {tasks} = context;
	const token = greeting.token ?? request.token;
	// The session may have ended since the connection was opened.
	const user = token === null ? request.user : findReader(context, request, token);
	const {id} = request.params;
	try {
		if (user === null) throw unauthorized();
		const task = id === undefined ? null : tasks.find(user, id);
		assertRoom(context, user);
		const after = readEventId(greeting.after ?? request.query.after);
		const close = openStream(context, {user, token, task, after}, createTransport(webSocket));
		webSocket.on('close', close);
	} catch (error) {
		if (!(error instanceof Problem)) throw error;
		// As an answer would have it; who asks for too much is to come again later.
		webSocket.close(error.status === 429 ? CODES.overload : 4000 + error.status, error.message);
	}
}

/** `null`: nobody, or somebody who may not read. */
function findReader({tokens}: ServerContext, {ip}: SocketRequest, token: string): User | null {
	const caller = tokens.find(token, ip);
	return caller === null || caller.unready !== null || !covers(caller.scopes, ACTIONS.watch.scope) ? null : caller.user;
}

function createTransport(webSocket: WebSocket): Transport {
	let isAlive = true;
	webSocket.on('pong', () => {
		isAlive = true;
	});
	return {
		name: 'websocket',
		beatMs: BEAT_MS,
		send(page, onTaken) {
			const messages = encode(page);
			for (const [place, message] of messages.entries())
				webSocket.send(message, {binary: false}, place === messages.length - 1 ? () => onTaken() : undefined);
		},
		bufferedBytes: () => webSocket.bufferedAmount,
		beat() {
			if (isAlive) webSocket.ping();
			else webSocket.terminate();
			isAlive = false;
		},
		end: reason => webSocket.close(...ENDS[reason]),
	};
}

const encoded = new WeakMap<Page, readonly Buffer[]>();

/** A page goes to many readers. */
function encode(page: Page): readonly Buffer[] {
	const known = encoded.get(page);
	if (known !== undefined) return known;
	const messages = page.map(event => Buffer.from(textOf(event)));
	encoded.set(page, messages);
	return messages;
}

/** The fields of a server-sent event. */
const textOf = ({name, id, line}: StreamEvent): string =>
	`{${name === null ? '' : `"event":"${name}",`}${id === null ? '' : `"id":"${id}",`}"data":${line}}`;
