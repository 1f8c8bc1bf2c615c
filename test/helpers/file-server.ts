// A server of files over HTTP, whose faults a test chooses.
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';

export interface ServedRequest {
	readonly path: string;
	readonly range: {readonly start: number; readonly end: number} | null;
	readonly headers: IncomingMessage['headers'];
}

/** What is wrong with an answer. */
export type Fault =
	| {readonly type: 'status'; readonly status: number}
	/** Ends after so many bytes of the body, as if that was all, or by a cut connection. */
	| {readonly type: 'short'; readonly bytes: number; readonly isCut: boolean}
	/** No answer. */
	| {readonly type: 'silent'};

export interface FileServer {
	readonly url: string;
	readonly files: Map<string, {data: Buffer; etag?: string | undefined; lastModified?: string}>;
	readonly requests: ServedRequest[];
	/** Asked for each request. */
	fault: (request: ServedRequest, count: number) => Fault | null;
	hasRanges: boolean;
	/** Answers conditions as a server that does not know them. */
	ignoresConditions: boolean;
	readonly stop: () => Promise<void>;
}

export async function startFileServer(): Promise<FileServer> {
	const server = createServer((request, response) => answer(served, request, response));
	await new Promise<void>(resolve => {
		server.listen(0, '127.0.0.1', resolve);
	});
	const served: FileServer = {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		files: new Map(),
		requests: [],
		fault: () => null,
		hasRanges: true,
		ignoresConditions: false,
		stop: () =>
			new Promise(resolve => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
	return served;
}

interface Answer {
	readonly status: number;
	readonly headers?: Readonly<Record<string, string | number>>;
	readonly body?: Buffer | string;
}

function answer(served: FileServer, incoming: IncomingMessage, response: ServerResponse): void {
	const {pathname: path} = new URL(incoming.url ?? '', served.url);
	const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(incoming.headers.range ?? '') ?? [];
	const range = from === undefined ? null : {start: Number(from), end: Number(to) + 1};
	const request = {path, range, headers: incoming.headers};
	served.requests.push(request);
	const fault = served.fault(request, served.requests.length);
	if (fault?.type === 'silent') return;
	const {
		status,
		headers = {},
		body = '',
	} = fault?.type === 'status' ? {status: fault.status, body: 'no'} : answerTo(request, served);
	if (fault?.type === 'short' && fault.isCut) {
		response.writeHead(status, headers);
		response.write(body.slice(0, fault.bytes), () => response.destroy());
	} else if (fault?.type === 'short') {
		const {'content-length': _, ...others} = headers;
		response.writeHead(status, others).end(body.slice(0, fault.bytes));
	} else response.writeHead(status, headers).end(body);
}

function answerTo({path, range, headers}: ServedRequest, {files, hasRanges, ignoresConditions}: FileServer): Answer {
	const file = files.get(path);
	if (file === undefined) return {status: 404, body: 'no such file'};
	const {data, etag, lastModified} = file;
	const condition = headers['if-match'];
	if (condition !== undefined && condition !== etag && !ignoresConditions) return {status: 412};
	const versions = {
		...(etag !== undefined && {etag}),
		...(lastModified !== undefined && {'last-modified': lastModified}),
	};
	if (!hasRanges || range === null)
		return {status: 200, headers: {...versions, 'content-length': data.length}, body: data};
	if (range.start >= data.length)
		return {status: 416, headers: {...versions, 'content-range': `bytes */${data.length}`}};
	const body = data.subarray(range.start, range.end);
	const contentRange = `bytes ${range.start}-${range.start + body.length - 1}/${data.length}`;
	return {status: 206, headers: {...versions, 'content-length': body.length, 'content-range': contentRange}, body};
}
