// How the page is delivered: what browsers may keep, in which coding it comes, how much of it there is, and what it may do.
import {readdirSync, readFileSync} from 'node:fs';
import {brotliDecompressSync, gunzipSync, zstdDecompressSync} from 'node:zlib';
import {expect, test} from 'vitest';
import {startTestServer} from '../helpers/server.ts';

const FOLDER = 'dist/web';
const assets = readdirSync(`${FOLDER}/assets`);
const plain = assets.filter(name => !/\.(?:br|zst)$/.test(name));
const start = readFileSync(`${FOLDER}/index.html`, 'utf8');

/** What a script loads before it runs. */
function loadedBy(name: string, seen = new Set<string>()): ReadonlySet<string> {
	if (seen.has(name)) return seen;
	seen.add(name);
	const code = readFileSync(`${FOLDER}/assets/${name}`, 'utf8');
	for (const [, next = ''] of code.matchAll(/(?:from|import)\s*"\.\/([\w.-]+\.js)"/g)) loadedBy(next, seen);
	return seen;
}

test('the first view needs at most 200 kB of script, packed, and charts come later', () => {
	const [, first = ''] = /assets\/([\w.-]+\.js)"/.exec(start) ?? [];
	const loaded = [...loadedBy(first)];
	expect(loaded.length).toBeGreaterThan(0);
	const bytes = loaded.reduce((sum, name) => sum + readFileSync(`${FOLDER}/assets/${name}.zst`).length, 0);
	expect(bytes).toBeLessThanOrEqual(200_000);
	const code = loaded.map(name => readFileSync(`${FOLDER}/assets/${name}`, 'utf8')).join('');
	expect(code).not.toContain('u-over');
	expect(plain.some(name => readFileSync(`${FOLDER}/assets/${name}`, 'utf8').includes('u-over'))).toBe(true);
});

test('the document has nothing in it that its policy would have to allow, and asks nothing of elsewhere', () => {
	expect(start).not.toMatch(/<style|style=|<script(?![^>]*\bsrc=)|\bon\w+=/);
	for (const [, address = ''] of start.matchAll(/(?:src|href)="([^"]*)"/g)) expect(address).toMatch(/^\/app\/assets\//);
});

test('what has a hash in its name may be kept for ever, and the document is asked for each time', async () => {
	const server = await startTestServer();
	for (const path of ['/app', '/app/', '/app/overview', '/app/results/r_1']) {
		const {status, headers, text} = await server.ask('GET', path);
		expect([status, text], path).toEqual([200, start]);
		expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
		expect(headers.get('cache-control')).toBe('no-cache');
		expect(headers.get('content-security-policy')).toMatch(/^default-src 'none';script-src 'self';style-src 'self';/);
		expect(headers.get('content-security-policy')).not.toContain('unsafe');
		const again = await server.ask('GET', path, {headers: {'if-none-match': headers.get('etag') ?? ''}});
		expect([again.status, again.text]).toEqual([304, '']);
	}
	for (const name of plain) {
		const {status, headers} = await server.ask('HEAD', `/app/assets/${name}`);
		expect(status, name).toBe(200);
		expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
		expect(headers.get('x-content-type-options')).toBe('nosniff');
	}
	expect(await server.ask('GET', '/app/assets/none-00000000.js')).toMatchObject({
		status: 404,
		json: {code: 'NOT_FOUND'},
	});
	expect((await server.ask('GET', '/')).headers.get('location')).toBe('/app');
});

test('each coding is of the same bytes, and has a tag of its own', async () => {
	const server = await startTestServer();
	const [script = ''] = plain.filter(name => name.endsWith('.js'));
	const tags = new Set<string | null>();
	for (const [accepted, coding, unpack] of [
		['zstd, br, gzip', 'br', brotliDecompressSync],
		['gzip, zstd', 'zstd', zstdDecompressSync],
		['gzip', 'gzip', gunzipSync],
		['br;q=0, gzip', 'gzip', gunzipSync],
		['identity', null, (bytes: Buffer) => bytes],
	] as const) {
		// `fetch` unpacks by itself, so it is asked not to by a coding that it does not know of: node:http is plain enough.
		const response = await fetchRaw(`${server.url}/app/assets/${script}`, accepted);
		expect(response.coding ?? null, accepted).toBe(coding);
		expect(unpack(response.bytes).equals(readFileSync(`${FOLDER}/assets/${script}`)), accepted).toBe(true);
		tags.add(response.etag);
	}
	expect(tags.size).toBe(4);
});

async function fetchRaw(url: string, accepted: string) {
	const {get} = await import('node:http');
	return new Promise<{readonly coding: string | undefined; readonly etag: string | null; readonly bytes: Buffer}>(
		(resolve, reject) => {
			get(url, {headers: {'accept-encoding': accepted}}, response => {
				const chunks: Buffer[] = [];
				response.on('data', (chunk: Buffer) => chunks.push(chunk));
				response.on('end', () =>
					resolve({
						...{coding: response.headers['content-encoding'], etag: response.headers.etag ?? null},
						bytes: Buffer.concat(chunks),
					}),
				);
			}).on('error', reject);
		},
	);
}

test('loading the page counts for no limit of requests', async () => {
	const server = await startTestServer({requestsPerMinute: 2});
	for (let count = 0; count < 5; count++) expect((await server.ask('GET', '/app')).status).toBe(200);
});
