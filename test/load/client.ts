// A client that costs little: thousands of them run in one process, beside the server that they load.
import {Agent, type IncomingMessage, request} from 'node:http';

export interface Answer {
	readonly status: number;
	readonly body: Buffer;
	readonly headers: IncomingMessage['headers'];
}

export interface Asked {
	readonly token?: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: Uint8Array | string;
}

export interface Event {
	readonly name: string | null;
	readonly id: string | null;
	/** Its place in the log, which is the end of the id; `null`: it has none. */
	readonly number: number | null;
	readonly data: Readonly<Record<string, unknown>>;
}

export interface Followed {
	/** Resolves when the stream has begun. */
	readonly begun: Promise<void>;
	/** Reads no more, as a program that hangs. */
	readonly stall: () => void;
	readonly goOn: () => void;
	readonly close: () => void;
}

export class LoadClient {
	readonly port: number;
	readonly #agent: Agent;

	/** @param maxSockets - Requests at the same time, besides streams. */
	constructor(port: number, maxSockets: number) {
		this.port = port;
		this.#agent = new Agent({keepAlive: true, maxSockets});
	}

	ask(method: string, path: string, {token, headers, body}: Asked = {}): Promise<Answer> {
		const {promise, resolve, reject} = Promise.withResolvers<Answer>();
		const sent = request(
			{
				...{host: '127.0.0.1', port: this.port, agent: this.#agent, method, path},
				headers: {
					...(token !== undefined && {authorization: `Bearer ${token}`}),
					...(body !== undefined && {'content-length': Buffer.byteLength(body)}),
					...headers,
				},
			},
			response => {
				const parts: Buffer[] = [];
				response.on('data', part => parts.push(part as Buffer));
				response.on('error', reject);
				response.on('end', () =>
					resolve({status: response.statusCode ?? 0, body: Buffer.concat(parts), headers: response.headers}),
				);
			},
		);
		sent.on('error', reject);
		sent.end(body);
		return promise;
	}

	/** @param onEnded - Called when the server has ended it, or the connection is broken. */
	follow(
		path: string,
		{token, after}: {readonly token: string; readonly after?: string},
		onEvent: (event: Event) => void,
		onEnded: () => void = () => {},
	): Followed {
		const begun = Promise.withResolvers<void>();
		begun.promise.catch(() => {});
		let [response, isClosed] = [undefined as IncomingMessage | undefined, false];
		const sent = request({
			...{host: '127.0.0.1', port: this.port, agent: false, path},
			headers: {authorization: `Bearer ${token}`, ...(after !== undefined && {'last-event-id': after})},
		});
		sent.on('response', opened => {
			response = opened;
			if (opened.statusCode !== 200) begun.reject(new Error(`Expected a stream, but got ${opened.statusCode}`));
			opened.setEncoding('utf8');
			let text = '';
			opened.on('data', piece => {
				text += piece;
				const end = text.lastIndexOf('\n\n');
				if (end === -1) return;
				for (const block of text.slice(0, end).split('\n\n')) parse(block, onEvent);
				text = text.slice(end + 2);
			});
			opened.on('error', () => {});
			opened.on('close', () => {
				if (!isClosed) onEnded();
			});
			begun.resolve();
		});
		sent.on('error', error => begun.reject(error));
		sent.end();
		return {
			begun: begun.promise,
			stall: () => response?.pause(),
			goOn: () => response?.resume(),
			close() {
				isClosed = true;
				sent.destroy();
			},
		};
	}

	close(): void {
		this.#agent.destroy();
	}
}

function parse(block: string, onEvent: (event: Event) => void): void {
	let [name, id, data] = [null as string | null, null as string | null, undefined as string | undefined];
	for (const line of block.split('\n')) {
		if (line.startsWith('data: ')) data = line.slice(6);
		else if (line.startsWith('id: ')) id = line.slice(4);
		else if (line.startsWith('event: ')) name = line.slice(7);
	}
	if (data !== undefined)
		onEvent({name, id, number: id === null ? null : Number(id.split(':')[1]), data: JSON.parse(data) as Event['data']});
}
