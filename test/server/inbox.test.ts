// A watched folder that is served beside the files of accounts.
import {createHash} from 'node:crypto';
import {existsSync, linkSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, onTestFinished, test, vi} from 'vitest';
import {readWatchFlags} from '../../source/cli/arguments/read-watch-flags.ts';
import {openInbox} from '../../source/cli/commands/serve/open-inbox.ts';
import {PATIENT} from '../helpers/patient.ts';
import {formOf, GOOD_FILE, type Question, startTestServer, type TestServer} from '../helpers/server.ts';
import {createTemporaryFolder, transactionsText} from '../helpers/temporary-folder.ts';

interface Scene {
	readonly server: TestServer;
	readonly root: string;
	/** Has the role of an operator. */
	readonly operator: string;
	readonly uploader: string;
	readonly notices: readonly string[];
}

async function createScene(settle = 0): Promise<Scene> {
	const root = createTemporaryFolder().at('inbox');
	const notices: string[] = [];
	const flags = readWatchFlags({settle, poll: 0.1}, []);
	const inbox = await openInbox(root, flags, {threads: 1}, notice => notices.push(notice));
	onTestFinished(() => inbox.close());
	const server = await startTestServer({inbox: inbox.served});
	const seat = (name: string, role: 'operator' | 'uploader'): string => server.seat(name, role).token;
	return {server, root, notices, operator: seat('op', 'operator'), uploader: seat('up', 'uploader')};
}

const drop = (server: TestServer, token: string, ...files: readonly (readonly [string, string])[]) =>
	server.ask('POST', '/upload?to=inbox', {token, body: formOf(...files)});

const inFolder = (root: string, name: string): readonly string[] => readdirSync(join(root, name));

test('a file that is sent to the inbox is processed like one that was dropped there, and operators see how', async () => {
	const {server, root, operator, uploader, notices} = await createScene();
	const sent = await drop(server, uploader, ['a.csv', GOOD_FILE], ['.hidden.csv', 'x'], ['../b.csv', 'x\n1\n']);
	expect(sent).toMatchObject({
		status: 201,
		json: {
			files: [
				{name: 'a.csv', size: GOOD_FILE.length, status: 'WAITING'},
				{name: '.hidden.csv', status: 'SKIPPED', reason: {code: 'JUNK_NAME'}},
				{name: 'b.csv', status: 'WAITING'},
			],
		},
	});
	const ask = async (path: string, question: Question = {token: operator}) =>
		(await server.ask('GET', path, question)).json;
	const untilDone = (files: object) =>
		vi.waitFor(async () => {
			const {status} = await ask('/api/v1/inbox');
			expect(status.files).toMatchObject({...files, waiting: 0, processing: 0});
		}, PATIENT);
	await untilDone({completed: 2});
	await drop(server, uploader, ['again.csv', GOOD_FILE]);
	await untilDone({completed: 2, duplicate: 1});
	// What is known of a file is told before it lies where it belongs.
	await vi.waitFor(async () => {
		const places = (await ask('/api/v1/inbox')).files.map(({place}: {place: string}) => place);
		expect(places.filter((place: string) => place.startsWith('underprocess/'))).toEqual([]);
	}, PATIENT);
	const {status, files} = await ask('/api/v1/inbox');
	expect(status).toMatchObject({folder: root, health: {status: 'ok'}, rows: {read: 21}});
	expect(files).toContainEqual(
		expect.objectContaining({file: 'a.csv', state: 'completed', rows: 20, rejected_rows: 0, code: null}),
	);
	// Page by page, and by state.
	const first = await server.ask('GET', '/api/v1/inbox?limit=2', {token: operator});
	expect(first.headers.get('link')).toMatch(/^<\/api\/v1\/inbox\?limit=2&cursor=[\w-]+>; rel="next"/);
	const rest = await ask(`/api/v1/inbox?limit=2&cursor=${first.json.next_cursor}`);
	expect([...first.json.files, ...rest.files]).toEqual(files);
	expect(rest.next_cursor).toBeNull();
	expect((await ask('/api/inbox?state=duplicate')).files).toMatchObject([{file: 'again.csv'}]);
	expect((await server.ask('GET', '/api/inbox?state=gone', {token: operator})).status).toBe(400);
	// Nobody else is told of it.
	expect((await server.ask('GET', '/api/v1/inbox', {token: uploader})).status).toBe(403);
	expect(await ask('/stats')).toMatchObject({
		...{files: {duplicate: 1, skipped: 0}, inbox: {files: {completed: 2, duplicate: 1}, success_rate: 1}},
	});
	expect((await ask('/stats', {token: uploader})).inbox).toBeUndefined();
	expect(await ask('/health')).toMatchObject({status: 'healthy', checks: {inbox: 'pass'}});
	expect((await ask('/files', {token: uploader})).files).toEqual([]);
	expect(notices).toEqual([expect.stringContaining('was not there: it was made')]);
});

const TUS = {'tus-resumable': '1.0.0'};
const metadataOf = (values: Readonly<Record<string, string>>): string =>
	Object.entries(values)
		.map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`)
		.join(',');

async function begin(server: TestServer, token: string, length: number, metadata: Readonly<Record<string, string>>) {
	const headers = {...TUS, 'upload-length': String(length), 'upload-metadata': metadataOf(metadata)};
	return server.ask('POST', '/api/v1/uploads', {token, headers});
}

const send = (server: TestServer, token: string, path: string, offset: number, body: string) =>
	server.ask('PATCH', path, {
		token,
		headers: {...TUS, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream'},
		body,
	});

test('an upload in pieces goes into the inbox once it is whole, once, and counts for who has sent it', async () => {
	const {server, root, operator, uploader} = await createScene();
	const half = GOOD_FILE.length >> 1;
	const begun = await begin(server, uploader, GOOD_FILE.length, {filename: '../a.csv', to: 'inbox'});
	expect(begun.status).toBe(201);
	const path = begun.headers.get('location') ?? '';
	expect((await send(server, uploader, path, 0, GOOD_FILE.slice(0, half))).status).toBe(204);
	expect(inFolder(root, 'unprocessed')).toEqual([]);
	await server.restart();
	const ended = await send(server, uploader, path, half, GOOD_FILE.slice(half));
	expect([ended.status, ended.headers.get('upload-file-id')]).toEqual([204, null]);
	await vi.waitFor(async () => {
		const {files} = (await server.ask('GET', '/api/v1/inbox', {token: operator})).json;
		expect(files).toMatchObject([{file: 'a.csv', state: 'completed', rows: 20}]);
	}, PATIENT);
	// Who did not hear of it is told again.
	const again = await send(server, uploader, path, GOOD_FILE.length, '');
	expect([again.status, again.headers.get('upload-offset')]).toEqual([204, String(GOOD_FILE.length)]);
	expect(readdirSync(join(server.dataFolder, 'incoming'))).toEqual([]);
	await server.restart();
	expect((await server.ask('GET', '/api/v1/inbox', {token: operator})).json.files).toHaveLength(1);
	for (const [metadata, code] of [
		[{filename: '.a.csv', to: 'inbox'}, 'NOT_TAKEN'],
		[{filename: 'a.csv', to: 'outbox'}, 'BAD_REQUEST'],
	] as const)
		expect((await begin(server, uploader, 1, metadata)).json.code).toBe(code);
	// Bytes that are known are sent all the same: the folder is to have a file of its own.
	await server.upload(uploader, 'own.csv', GOOD_FILE);
	const digest = createHash('sha256').update(GOOD_FILE).digest('base64');
	const to = Buffer.from('inbox').toString('base64');
	const known = await server.ask('POST', '/api/v1/uploads', {
		token: uploader,
		headers: {
			...{'tus-resumable': '1.0.0', 'upload-length': String(GOOD_FILE.length)},
			...{'upload-metadata': `filename Yi5jc3Y=,to ${to}`, 'upload-known': `sha-256=:${digest}:`},
		},
	});
	expect([known.status, known.headers.get('upload-offset')]).toEqual([201, null]);
	const bare = await startTestServer();
	expect((await begin(bare, bare.seat('ann').token, 1, {filename: 'a.csv', to: 'inbox'})).json.code).toBe('NO_INBOX');
});

test.each([
	'before',
	'moved',
	'linked',
	'gone',
] as const)('a process that dies while an upload goes into the inbox (%s) leaves it there once', async moment => {
	const {server, root, operator, uploader} = await createScene();
	const begun = await begin(server, uploader, GOOD_FILE.length, {filename: 'a.csv', to: 'inbox'});
	const id = (begun.headers.get('location') ?? '').split('/').at(-1) ?? '';
	const incoming = join(server.dataFolder, 'incoming', id);
	const part = join(
		root,
		'unprocessed',
		`upload-${[id.slice(0, 8), id.slice(8, 12), id.slice(12, 16), id.slice(16, 20), id.slice(20)].join('-')}.part`,
	);
	await server.close();
	server.writeLedger(database => database.exec(`UPDATE uploads SET received_bytes = bytes WHERE id = '${id}'`));
	writeFileSync(moment === 'before' ? incoming : part, GOOD_FILE);
	if (moment !== 'before') rmSync(incoming);
	if (moment === 'linked' || moment === 'gone') linkSync(part, join(root, 'unprocessed', 'a.csv'));
	if (moment === 'gone') rmSync(part);
	await server.start();
	await vi.waitFor(async () => {
		const {files} = (await server.ask('GET', '/api/v1/inbox', {token: operator})).json;
		expect(files).toMatchObject([{file: 'a.csv', state: 'completed'}]);
	}, PATIENT);
	expect(inFolder(root, 'unprocessed')).toEqual([]);
});

test('what is dropped counts for the quota of who drops it for a day, however it comes', async () => {
	vi.useFakeTimers({toFake: ['Date']});
	onTestFinished(() => void vi.useRealTimers());
	const {server, uploader} = await createScene();
	await server.restart({quotaFiles: 2});
	const other = server.seat('other', 'uploader').token;
	expect((await drop(server, uploader, ['a.csv', GOOD_FILE])).status).toBe(201);
	const begun = await begin(server, uploader, 3, {filename: 'b.csv', to: 'inbox'});
	expect((await send(server, uploader, begun.headers.get('location') ?? '', 0, 'x\n1')).status).toBe(204);
	expect((await drop(server, uploader, ['c.csv', GOOD_FILE])).json.code).toBe('QUOTA_EXCEEDED');
	expect((await begin(server, uploader, 3, {filename: 'c.csv', to: 'inbox'})).json.code).toBe('QUOTA_EXCEEDED');
	expect((await drop(server, other, ['d.csv', GOOD_FILE])).status).toBe(201);
	const lines = (await server.ask('GET', '/api/v1/audit', {token: server.seat('root', 'admin').token})).json;
	expect(JSON.stringify(lines)).toContain('"to":"inbox"');
	vi.setSystemTime(Date.now() + 25 * 3_600_000);
	await server.tidyUp();
	let left = -1;
	server.writeLedger(database => {
		left = Number(database.prepare('SELECT count(*) AS count FROM inbox_drops').get()?.count);
	});
	expect(left).toBe(0);
});

test('a file is in the inbox whole or not at all, and replaces none', async () => {
	// Nothing is taken.
	const {server, root, uploader} = await createScene(86_400);
	const names = ['a.csv', 'a (2).csv', 'a (3).csv'];
	for (const name of names)
		expect((await drop(server, uploader, ['a.csv', name])).json.files).toMatchObject([{name, status: 'WAITING'}]);
	await drop(server, uploader, ['x.csv.gz', '1'], ['x.csv.gz', '2']);
	const all = [...names, 'x (2).csv.gz', 'x.csv.gz'].toSorted();
	expect(inFolder(root, 'unprocessed').toSorted()).toEqual(all);
	for (const name of names) expect(readFileSync(join(root, 'unprocessed', name), 'utf8')).toBe(name);
	// Another digest than stated: nothing of the whole request.
	const wrong = await server.ask('POST', '/upload?to=inbox', {
		...{token: uploader, body: formOf(['b.csv', 'x'])},
		headers: {'content-digest': `sha-256=:${'A'.repeat(43)}=:`},
	});
	expect(wrong).toMatchObject({status: 400, json: {code: 'WRONG_DIGEST'}});
	expect(inFolder(root, 'unprocessed').toSorted()).toEqual(all);
	// What came in when a process died goes; other files stay.
	const part = join(root, 'unprocessed', 'upload-00000000-0000-4000-8000-000000000000.part');
	for (const path of [part, join(root, 'unprocessed', 'mine.part')]) writeFileSync(path, 'x');
	await server.restart();
	expect([existsSync(part), existsSync(join(root, 'unprocessed', 'mine.part'))]).toEqual([false, true]);
});

test('what stands in the way of the inbox is told by /health; without a folder there is none', async () => {
	const {server, root, operator} = await createScene();
	const {rmSync} = await import('node:fs');
	rmSync(join(root, 'processed'), {recursive: true});
	writeFileSync(join(root, 'processed'), 'in the way');
	writeFileSync(join(root, 'unprocessed', 'a.csv'), transactionsText(3));
	await vi.waitFor(async () => {
		const {json} = await server.ask('GET', '/health', {token: operator});
		expect(json).toMatchObject({status: 'degraded', checks: {inbox: 'fail', database: 'pass'}});
	}, PATIENT);
	const other = await startTestServer({isOpen: true});
	expect(await other.ask('GET', '/api/v1/inbox')).toMatchObject({status: 404, json: {code: 'NO_INBOX'}});
	expect((await other.ask('POST', '/upload?to=inbox', {body: formOf(['a.csv', 'x'])})).json.code).toBe('NO_INBOX');
	expect((await other.ask('GET', '/health')).json.checks).not.toHaveProperty('inbox');
});

test('what is sent to the inbox needs as much room as any other file while it comes', async () => {
	const root = createTemporaryFolder().at('inbox');
	const inbox = await openInbox(root, readWatchFlags({settle: 0, poll: 0.1}, []), {threads: 1}, () => {});
	onTestFinished(() => inbox.close());
	const server = await startTestServer({inbox: inbox.served, quotaBytes: 1000});
	const {token} = server.seat('up', 'uploader');
	await server.upload(token, 'a.csv', 'x'.repeat(600));
	expect(await drop(server, token, ['b.csv', 'x'.repeat(600)])).toMatchObject({
		status: 413,
		json: {code: 'QUOTA_EXCEEDED'},
	});
	expect((await drop(server, token, ['c.csv', GOOD_FILE.slice(0, 100)])).status).toBe(201);
	expect(inFolder(root, 'unprocessed').filter(name => name.includes('b.csv') || name.endsWith('.part'))).toEqual([]);
});
