// Follows what happens on a server, across cut connections and restarts: each event of its log once, in order. Bytes are taken from the network as
// messages are taken from here, so who reads slowly keeps nothing in memory.
import type {IncomingMessage} from 'node:http';
import {setTimeout as wait} from 'node:timers/promises';
import {type BackoffOptions, waitMsAfter} from './backoff.ts';
import {ClientError, timeoutError, toClientError, unexpectedAnswer} from './client-error.ts';
import type {Connection} from './connection.ts';
import {type EventBlock, EventBlocks} from './event-blocks.ts';
import type {ServerEvent, ServerMessage, TaskView} from './messages.ts';

export type StreamState =
	| {readonly name: 'connecting'}
	| {readonly name: 'live'}
	/** It is tried again after `waitMs`. */
	| {readonly name: 'lost'; readonly reason: ClientError; readonly waitMs: number};

export interface StreamOptions {
	readonly connection: Connection;
	/** The `id` of the last message that is known; left out: from the beginning, or how things are now where that would be long. */
	readonly after?: string | null;
	/** Of one task only. */
	readonly taskId?: string;
	/** Ends it without an error. */
	readonly signal?: AbortSignal;
	/** Called at each change, at once, also while messages wait. */
	readonly onState?: (state: StreamState) => void;
	/** With nothing coming for so long, not even a sign of life, the connection is lost. The server gives one every 15 s. */
	readonly silenceMs?: number;
	readonly backoff?: BackoffOptions;
}

const SILENCE_MS = 45_000;

/** @throws {ClientError} What does not pass by itself: nobody is logged in (any more), there is no such task, the certificate is wrong. */
export async function* readEvents(options: StreamOptions): AsyncGenerator<ServerMessage, void, void> {
	const {connection, signal, onState, backoff} = options;
	let place = options.after ?? null;
	let failures = 0;
	const blocks = {retryMs: null as number | null};
	const isAborted = (): boolean => signal?.aborted === true;
	while (!isAborted()) {
		let reason = new ClientError({
			...{code: 'CUT_OFF', title: 'The connection was cut', remedy: 'Try again.'},
			detail: `${connection.origin}: the server has ended the stream.`,
		});
		onState?.({name: 'connecting'});
		try {
			for await (const block of readOnce(options, place, blocks)) {
				failures = 0;
				const message = toMessage(block, connection.origin);
				yield message;
				if ('id' in message && message.id !== null) place = message.id;
			}
		} catch (error) {
			if (isAborted()) return;
			if (!(error instanceof ClientError && error.mayPass)) throw error;
			reason = error;
		}
		if (isAborted()) return;
		failures++;
		const {retryMs} = blocks;
		const waitMs = Math.max(
			waitMsAfter(failures, {...(retryMs !== null && {firstMs: retryMs}), ...backoff}),
			reason.retryAfterMs ?? 0,
		);
		onState?.({name: 'lost', reason, waitMs});
		await wait(waitMs, undefined, signal === undefined ? {} : {signal}).catch((error: unknown) => {
			if (!isAborted()) throw error;
		});
	}
}

/** One connection, until it ends. */
async function* readOnce(
	{connection, taskId, signal, onState, silenceMs = SILENCE_MS}: StreamOptions,
	place: string | null,
	known: {retryMs: number | null},
): AsyncGenerator<EventBlock, void, void> {
	const path = taskId === undefined ? '/api/v1/events' : `/api/v1/run/${encodeURIComponent(taskId)}/events`;
	const answer = await connection.open('GET', place === null ? path : `${path}?after=${encodeURIComponent(place)}`, {
		headers: {
			accept: 'text/event-stream',
			'cache-control': 'no-store',
			...(place !== null && {'last-event-id': place}),
		},
		signal,
	});
	try {
		const type = answer.headers['content-type'] ?? 'something';
		if (!type.startsWith('text/event-stream')) throw unexpectedAnswer(connection.origin, type, answer.statusCode);
		onState?.({name: 'live'});
		const blocks = new EventBlocks();
		const decoder = new TextDecoder();
		for await (const bytes of withinSilence(answer, silenceMs, connection.origin)) {
			const complete = blocks.push(decoder.decode(bytes, {stream: true}));
			known.retryMs = blocks.retryMs ?? known.retryMs;
			yield* complete;
		}
	} catch (error) {
		if (error instanceof RangeError) throw unexpectedAnswer(connection.origin, error.message, answer.statusCode);
		throw toClientError(error, connection.origin);
	} finally {
		answer.destroy();
	}
}

/** Time counts only while bytes are waited for: who takes them slowly is not cut off. */
async function* withinSilence(answer: IncomingMessage, silenceMs: number, origin: string): AsyncGenerator<Buffer> {
	answer.setTimeout(0);
	const chunks = answer[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
	for (;;) {
		const timer = setTimeout(() => answer.destroy(timeoutError(origin, silenceMs)), silenceMs);
		try {
			const {done, value} = await chunks.next();
			if (done === true) return;
			// A timer that is due while others are busy must not end what has come meanwhile.
			clearTimeout(timer);
			yield value;
		} finally {
			clearTimeout(timer);
		}
	}
}

/** @throws {ClientError} Where it is nothing that a server of ours says. */
function toMessage({name, id, data}: EventBlock, origin: string): ServerMessage {
	if (name === 'reset') return {type: 'reset'};
	const said = parse(data);
	if (said === null) throw unexpectedAnswer(origin, 'an event that is no JSON');
	if (name === 'snapshot')
		return {type: 'snapshot', id, tasks: said.tasks as readonly TaskView[], isComplete: said.is_complete === true};
	return {type: 'event', id, event: said as ServerEvent};
}

function parse(data: string): Readonly<Record<string, unknown>> | null {
	try {
		const value: unknown = JSON.parse(data);
		return typeof value === 'object' ? (value as Record<string, unknown> | null) : null;
	} catch {
		return null;
	}
}
