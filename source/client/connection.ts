// Requests to one server: where it is, who asks, and how long to wait. An answer is given out with its head; who asked reads its body at their own pace.
import {Agent, type IncomingMessage, type RequestOptions, request as requestByHttp} from 'node:http';
import {request as requestByHttps, Agent as TlsAgent} from 'node:https';
import {Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {ClientError, timeoutError, toClientError, unexpectedAnswer} from './client-error.ts';
import {errorOfAnswer} from './problem-answer.ts';

export interface ConnectionOptions {
	/** Of `readServerAddress`. */
	readonly origin: string;
	/** Sent with each request; `null`: there is none, as for a login or a server without accounts. */
	readonly token: string | null;
	/** What this program calls itself; people see it in the list of their sessions. */
	readonly userAgent: string;
	/** Certificates in PEM that are trusted beside those of the system. */
	readonly ca?: string;
	/** With nothing coming or going for so long, a request has failed. */
	readonly timeoutMs?: number;
}

export interface Question {
	readonly headers?: Readonly<Record<string, string>>;
	/** Sent as JSON. */
	readonly json?: unknown;
	/** Sent as it is; its headers say what it is. */
	readonly body?: Uint8Array;
	/** The same, as it comes. Where it fails, the server has a request that was broken off. */
	readonly stream?: AsyncIterable<Uint8Array>;
	/** Called with how many bytes of the body are on their way so far. */
	readonly onSent?: (byteCount: number) => void;
	readonly signal?: AbortSignal | undefined;
	/** Instead of that of the connection. 0: for ever. */
	readonly timeoutMs?: number;
}

/** An answer of less than 300. */
export interface Reply<Body> {
	readonly status: number;
	readonly headers: IncomingMessage['headers'];
	readonly body: Body;
}

const TIMEOUT_MS = 30_000;
/** More is no answer to a question, but a file, which is not kept in memory. */
const MAX_JSON_BYTES = 256 * 1024 * 1024;
const MAX_PROBLEM_BYTES = 64 * 1024;

export class Connection {
	readonly origin: string;
	readonly #options: ConnectionOptions;
	readonly #agent: Agent;

	/** @param agent - With connections that are kept; left out: there are none yet. */
	constructor(options: ConnectionOptions, agent?: Agent) {
		this.#options = options;
		this.origin = options.origin;
		const isSecure = options.origin.startsWith('https:');
		this.#agent =
			agent ??
			(isSecure
				? new TlsAgent({keepAlive: true, ...(options.ca !== undefined && {ca: trusted(options.ca)})})
				: new Agent({keepAlive: true}));
	}

	/** The same server by the same connections, asked by somebody else. */
	withToken(token: string | null): Connection {
		return new Connection({...this.#options, token}, this.#agent);
	}

	/**
	Resolves with the head of the answer. Its body must be read or destroyed.

	@param path - Below the origin, as `/api/v1/files`.
	@throws {ClientError} Also for each answer of 300 and more.
	*/
	async open(method: string, path: string, question: Question = {}): Promise<IncomingMessage> {
		const answer = await this.#send(method, path, question);
		const {statusCode: status = 0, headers} = answer;
		if (status < 300) return answer;
		if (status < 400) {
			answer.destroy();
			throw unexpectedAnswer(this.origin, `a redirection to ${headers.location ?? 'nowhere'}`, status);
		}
		const text = await readText(answer, MAX_PROBLEM_BYTES).catch(() => '');
		throw errorOfAnswer({status, headers, text}, this.origin);
	}

	/**
	An answer in JSON; `undefined` where it has no body.

	@throws {ClientError}
	*/
	async ask<Body>(method: string, path: string, question: Question = {}): Promise<Reply<Body>> {
		const answer = await this.open(method, path, question);
		const {statusCode: status = 0, headers} = answer;
		const text = await readText(answer, MAX_JSON_BYTES).catch((error: unknown) => {
			throw this.#reasonOf(error, question.signal);
		});
		if (text === '') return {status, headers, body: undefined as Body};
		try {
			return {status, headers, body: JSON.parse(text) as Body};
		} catch (error) {
			if (!(error instanceof SyntaxError)) throw error;
			throw unexpectedAnswer(this.origin, `${headers['content-type'] ?? 'something'}, which is no JSON`, status);
		}
	}

	/** Ends connections that are kept for further requests. */
	close(): void {
		this.#agent.destroy();
	}

	async #send(method: string, path: string, question: Question): Promise<IncomingMessage> {
		const {json, body = json === undefined ? undefined : Buffer.from(JSON.stringify(json)), signal} = question;
		const {timeoutMs = this.#options.timeoutMs ?? TIMEOUT_MS} = question;
		const {promise, resolve, reject} = Promise.withResolvers<IncomingMessage>();
		const request = (this.origin.startsWith('https:') ? requestByHttps : requestByHttp)(
			new URL(path, this.origin),
			this.#optionsOf(method, question, body),
		);
		// Of the socket, so that it counts while the body comes, too.
		request.setTimeout(timeoutMs, () => request.destroy(timeoutError(this.origin, timeoutMs)));
		request.on('response', resolve);
		request.on('error', reject);
		// An answer may come before all is sent; then what went wrong with the rest is of no interest.
		pipeline(question.stream ?? Readable.from(slicesOf(body, question.onSent)), request).catch(reject);
		try {
			return await promise;
		} catch (error) {
			throw this.#reasonOf(error, signal);
		}
	}

	#optionsOf(method: string, {headers, json, signal}: Question, body: Question['body']): RequestOptions {
		const {token, userAgent} = this.#options;
		return {
			...{method, agent: this.#agent},
			...(signal !== undefined && {signal}),
			headers: {
				...{'user-agent': userAgent, accept: 'application/json, application/problem+json'},
				...(token !== null && {authorization: `Bearer ${token}`}),
				...(json !== undefined && {'content-type': 'application/json'}),
				...(body !== undefined && {'content-length': String(body.length)}),
				...headers,
			},
		};
	}

	/** An abort stays what it is: who asked for it knows. */
	#reasonOf(error: unknown, signal: AbortSignal | undefined): unknown {
		return signal?.aborted === true ? signal.reason : toClientError(error, this.origin);
	}
}

/** What the system has not taken yet of a body is little, so that progress is that of the network. */
const SLICE_BYTES = 256 * 1024;

function* slicesOf(body: Uint8Array | undefined, onSent: Question['onSent']): Generator<Uint8Array> {
	for (let sentBytes = 0; body !== undefined && sentBytes < body.length; ) {
		yield body.subarray(sentBytes, sentBytes + SLICE_BYTES);
		sentBytes = Math.min(sentBytes + SLICE_BYTES, body.length);
		onSent?.(sentBytes);
	}
}

/** Node's own list is replaced by what is given, so it is given, too. */
const trusted = (pem: string): string[] => [...process.getBuiltinModule('node:tls').getCACertificates('default'), pem];

async function readText(answer: IncomingMessage, maxBytes: number): Promise<string> {
	const chunks: Buffer[] = [];
	let byteCount = 0;
	for await (const chunk of answer as AsyncIterable<Buffer>) {
		byteCount += chunk.length;
		if (byteCount > maxBytes)
			throw new ClientError({
				...{code: 'TOO_LARGE_ANSWER', title: 'The answer is too large'},
				detail: `The answer has more than ${maxBytes / 1024 / 1024} MiB.`,
				remedy: 'Ask for less at once.',
			});
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString('utf8');
}
