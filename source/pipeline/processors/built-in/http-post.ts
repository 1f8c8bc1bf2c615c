// One POST, and what came of it. It is over after its time, whatever the other side does; a redirect is an answer like any other.
import {request as requestHttp} from 'node:http';
import {request as requestHttps} from 'node:https';
import type {LookupFunction} from 'node:net';
import {Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';

export interface RequestBody {
	/** Of its content. */
	readonly type: string;
	/** In bytes. */
	readonly length: number;
	/** Gives it from its beginning. */
	readonly open: () => Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

export interface PostOptions {
	readonly body: RequestBody;
	readonly headers: Readonly<Record<string, string>>;
	/** From the beginning to the end of the answer. */
	readonly timeoutMs: number;
	/** Aborting it ends the request: it rejects with the reason. */
	readonly signal: AbortSignal;
	/** Finds the address of the host; left out: the system does. */
	readonly lookup?: LookupFunction;
	/** The other side is not waited for any longer. */
	readonly maxRetryAfterMs?: number;
}

export interface Answer {
	/** Of HTTP; 0: there was none. */
	readonly status: number;
	/** Why there was none. */
	readonly error: unknown;
	/** The beginning of what was said. */
	readonly text: string;
	readonly location: string | null;
	/** What the other side has asked to wait; 0 where it has not. */
	readonly retryAfterMs: number;
}

const TEXT_BYTES = 300;
const DEFAULT_MAX_RETRY_AFTER_MS = 60_000;

export async function post(url: string, options: PostOptions): Promise<Answer> {
	const {timeoutMs, signal} = options;
	signal.throwIfAborted();
	const timer = AbortSignal.timeout(timeoutMs);
	try {
		return await exchange(url, {...options, signal: AbortSignal.any([signal, timer])});
	} catch (error) {
		if (signal.aborted) throw signal.reason;
		const cause = timer.aborted ? new Error(`it took more than ${timeoutMs / 1000} s`) : error;
		return {status: 0, error: cause, text: '', location: null, retryAfterMs: 0};
	}
}

async function exchange(
	url: string,
	{body, headers, signal, lookup, maxRetryAfterMs = DEFAULT_MAX_RETRY_AFTER_MS}: PostOptions,
): Promise<Answer> {
	const {open, length} = body;
	const request = url.startsWith('https:') ? requestHttps : requestHttp;
	// A connection of its own: one that was kept may be closed by the other side as it is used.
	const sent = request(url, {
		method: 'POST',
		agent: false,
		signal,
		...(lookup !== undefined && {lookup}),
		headers: {...headers, 'content-length': String(length)},
	});
	const answered = new Promise<Answer>((resolve, reject) => {
		sent.on('error', reject);
		sent.once('response', response => {
			const {statusCode: status = 0, headers: said} = response;
			const location = said.location ?? null;
			const retryAfterMs = Math.min(maxRetryAfterMs, readRetryAfter(said['retry-after']));
			beginningOf(response).then(text => resolve({status, error: null, text, location, retryAfterMs}), reject);
		});
	});
	// The other side may answer, and close, before it has read all of it.
	const sending = pipeline(Readable.from(open(), {objectMode: false}), sent).catch(() => {});
	try {
		return await answered;
	} finally {
		sent.destroy();
		await sending;
	}
}

async function beginningOf(response: AsyncIterable<Buffer>): Promise<string> {
	let bytes = Buffer.alloc(0);
	for await (const piece of response) {
		bytes = Buffer.concat([bytes, piece]);
		if (bytes.length >= TEXT_BYTES) break;
	}
	return bytes.subarray(0, TEXT_BYTES).toString().replaceAll(/\s+/g, ' ').trim();
}

/** Seconds, or a date. */
function readRetryAfter(value: string | undefined): number {
	if (value === undefined) return 0;
	const milliseconds = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
	return Number.isNaN(milliseconds) ? 0 : Math.max(0, milliseconds);
}
