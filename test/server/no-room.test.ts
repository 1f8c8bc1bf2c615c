// A disk that is full under a server: whoever sends a file is told so, nothing of it stays, and it goes on when there is room.
import {closeSync, openSync, readdirSync, rmSync, statfsSync, statSync, writeSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {formOf, type Reply, replyOf, startTestServer, type TestServer} from '../helpers/server.ts';
import {mountSmallDisk} from '../helpers/small-disk.ts';

const MiB = 1024 * 1024;
const SENT = 'x'.repeat(6 * MiB);

/** Leaves so much room on a disk. */
function fill(path: string, room: number): void {
	const descriptor = openSync(path, 'w');
	const {bavail, bsize} = statfsSync(path);
	for (let left = bavail * bsize - room; left > 0; ) left -= writeSync(descriptor, Buffer.alloc(Math.min(left, MiB)));
	closeSync(descriptor);
}

const tusHeaders = {'tus-resumable': '1.0.0'};

const WAYS: Readonly<Record<string, (server: TestServer) => Promise<Reply>>> = {
	multipart: server => server.ask('POST', '/upload', {body: formOf(['first.csv', 'a\n1\n'], ['large.csv', SENT])}),
	PUT: server => server.ask('PUT', '/api/v1/files/large.csv', {body: SENT}),
	async tus(server) {
		const created = await server.ask('POST', '/api/v1/uploads', {
			headers: {...tusHeaders, 'upload-length': String(SENT.length)},
		});
		const reply = await server.ask('PATCH', created.headers.get('location') ?? '', {
			headers: {...tusHeaders, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream'},
			body: SENT,
		});
		expect(reply.headers.get('tus-resumable')).toBe('1.0.0');
		return reply;
	},
};

test.for(Object.keys(WAYS))('%s on a full disk', async (way, {skip}) => {
	const disk = mountSmallDisk(32 * MiB);
	if (disk === null) return skip('no file system can be mounted here');
	const server = await startTestServer({isOpen: true, dataFolder: join(disk, 'data')});
	const send = WAYS[way];
	if (send === undefined) throw new Error('Expected a way');
	const filler = join(disk, 'filler');
	fill(filler, 3 * MiB);
	const refused = await send(server);
	expect(refused).toMatchObject({
		...{status: 507, json: {code: 'DISK_FULL', type: '/docs/problems/disk-full', retry_after_seconds: 30}},
	});
	expect(refused.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
	expect(refused.headers.get('retry-after')).toBe('30');
	expect((await server.ask('GET', '/files')).json.files).toEqual([]);
	const bytesIn = (name: string): readonly number[] =>
		readdirSync(join(server.dataFolder, name)).map(file => statSync(join(server.dataFolder, name, file)).size);
	// Of an upload that may go on there is its place.
	expect(bytesIn('incoming')).toEqual(way === 'tus' ? [0] : []);
	expect(bytesIn('files')).toEqual([]);
	rmSync(filler);
	const sent = await send(server);
	expect(sent.status).toBe(way === 'tus' ? 204 : 201);
	const {files} = (await server.ask('GET', '/files')).json;
	expect(files.at(-1).size).toBe(SENT.length);
});

test('an upload by tus goes on where it was when there is room again', async ({skip}) => {
	const disk = mountSmallDisk(32 * MiB);
	if (disk === null) return skip('no file system can be mounted here');
	const server = await startTestServer({isOpen: true, dataFolder: join(disk, 'data')});
	const length = SENT.length + 3;
	const created = await server.ask('POST', '/api/v1/uploads', {
		headers: {...tusHeaders, 'upload-length': String(length)},
	});
	const path = created.headers.get('location') ?? '';
	const patch = (offset: number, body: string) =>
		fetch(server.url + path, {
			method: 'PATCH',
			headers: {...tusHeaders, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream'},
			body,
		}).then(replyOf);
	expect((await patch(0, 'abc')).status).toBe(204);
	fill(join(disk, 'filler'), 2 * MiB);
	expect((await patch(3, SENT)).json.code).toBe('DISK_FULL');
	const head = await server.ask('HEAD', path, {headers: tusHeaders});
	expect(head.headers.get('upload-offset')).toBe('3');
	rmSync(join(disk, 'filler'));
	expect((await patch(3, SENT)).status).toBe(204);
	const {files} = (await server.ask('GET', '/files')).json;
	expect((await server.ask('GET', files[0].links.original)).text).toBe(`abc${SENT}`);
});
