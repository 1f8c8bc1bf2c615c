// A store that speaks as much of S3 as is needed to list objects and to read ranges of them, and takes its time for each answer, as one far
// away does. All objects have the same bytes, which are in memory, so it costs next to no processor time.
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';

export interface SlowStore {
	readonly endpoint: string;
	/** Requests so far. */
	readonly requestCount: () => number;
	readonly close: () => Promise<void>;
}

const BUCKET = 'slow';
const ETAG = '"1"';

export const nameOfObject = (index: number): string => `part-${String(index).padStart(4, '0')}.csv`;

/** One that is in no listing. */
export const SMALL_OBJECT = 'small.csv';

/** What there is: so many objects of the same bytes, and a small one. */
export interface StoredData {
	readonly data: Uint8Array;
	readonly count: number;
	readonly small: Uint8Array;
}

/** @param delayMs - Before each answer. */
export async function startSlowStore(stored: StoredData, delayMs: number): Promise<SlowStore> {
	let requests = 0;
	const server = createServer((request, response) => {
		requests++;
		setTimeout(() => answer(request, response, stored), delayMs);
	});
	server.keepAliveTimeout = 60_000;
	await new Promise<void>(resolve => {
		server.listen(0, '127.0.0.1', resolve);
	});
	return {
		endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		requestCount: () => requests,
		close: () =>
			new Promise(resolve => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

function answer(request: IncomingMessage, response: ServerResponse, stored: StoredData): void {
	const {pathname, searchParams} = new URL(request.url ?? '/', 'http://store');
	if (searchParams.has('list-type')) {
		response.writeHead(200, {'content-type': 'application/xml'}).end(listing(stored.data.length, stored.count));
		return;
	}
	const isSmall = pathname === `/${BUCKET}/${SMALL_OBJECT}`;
	const names = Array.from({length: stored.count}, (_, index) => `/${BUCKET}/${nameOfObject(index)}`);
	const data = isSmall ? stored.small : stored.data;
	if (!isSmall && !names.includes(pathname)) {
		response.writeHead(404).end();
		return;
	}
	const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
	const start = Number(from ?? 0);
	const end = Math.min(data.length, Number(to ?? data.length - 1) + 1);
	response.writeHead(from === undefined ? 200 : 206, {
		etag: ETAG,
		'content-length': end - start,
		...(from !== undefined && {'content-range': `bytes ${start}-${end - 1}/${data.length}`}),
	});
	response.end(request.method === 'HEAD' ? undefined : data.subarray(start, end));
}

function listing(bytes: number, count: number): string {
	const objects = Array.from(
		{length: count},
		(_, index) =>
			`<Contents><Key>${nameOfObject(index)}</Key><Size>${bytes}</Size><ETag>${ETAG.replaceAll('"', '&quot;')}</ETag></Contents>`,
	);
	return `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><Name>${BUCKET}</Name><KeyCount>${count}</KeyCount><IsTruncated>false</IsTruncated>${objects.join('')}</ListBucketResult>`;
}
