// Uploads that are encrypted on the disk: what is read of them, what is seen of changes, and that nothing lies there in plain.
import {createHash, randomBytes} from 'node:crypto';
import {chmodSync, existsSync, readdirSync, readFileSync, truncateSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {expect, onTestFinished, test} from 'vitest';
import {readWatchFlags} from '../../source/cli/arguments/read-watch-flags.ts';
import {describeServerFolder} from '../../source/cli/commands/doctor/server-folder.ts';
import {openInbox} from '../../source/cli/commands/serve/open-inbox.ts';
import {addFolderKey, keyIdOf, keysFor, offsetOfFrame} from '../../source/engine/shared/encryption.ts';
import {restoreBackup} from '../../source/server/backup/restore-backup.ts';
import {takeBackup} from '../../source/server/backup/take-backup.ts';
import {createIncoming, openIncoming} from '../../source/server/encryption/incoming-file.ts';
import {readStored} from '../../source/server/encryption/stored-file.ts';
import {StoredNames} from '../../source/server/encryption/stored-names.ts';
import {parquetOf, text} from '../helpers/parquet.ts';
import {type Reply, startTestServer, type TestServer} from '../helpers/server.ts';
import {createTemporaryFolder, transactionsText} from '../helpers/temporary-folder.ts';
import {zipOf} from '../helpers/zip.ts';

const MARKER = 'marker-that-nobody-reads';
const FRAME = 64 * 1024;
const OPEN = {isOpen: true} as const;

function keyFile(content: string | Uint8Array = randomBytes(32).toString('hex')): string {
	const path = createTemporaryFolder().at('key');
	writeFileSync(path, content, {mode: 0o600});
	return path;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const storedPath = (server: TestServer, id: string): string => join(server.dataFolder, 'files', `${id}.enc`);

/** Files of the server that have the marker in them. */
function plainFiles(server: TestServer): readonly string[] {
	return readdirSync(server.dataFolder, {recursive: true, withFileTypes: true})
		.filter(entry => entry.isFile())
		.map(entry => join(entry.parentPath, entry.name))
		.filter(path => readFileSync(path).includes(MARKER));
}

async function download(server: TestServer, id: string, range?: string): Promise<Buffer> {
	const headers = range === undefined ? {} : {range};
	const reply = await server.fetch('GET', `/api/v1/files/${id}/original`, {headers});
	expect(reply.status).toBe(range === undefined ? 200 : 206);
	return Buffer.from(await reply.arrayBuffer());
}

const tus = {'tus-resumable': '1.0.0'};

async function begin(
	server: TestServer,
	length: number,
	metadata = `filename ${btoa('sent.bin')}`,
	more: Readonly<Record<string, string>> = {},
): Promise<string> {
	const reply = await server.ask('POST', '/api/v1/uploads', {
		headers: {...tus, ...more, 'upload-length': String(length), 'upload-metadata': metadata},
	});
	expect(reply.status).toBe(201);
	return new URL(reply.headers.get('location') ?? '', `${server.url}/api/v1/uploads`).pathname;
}

const patch = (
	server: TestServer,
	path: string,
	offset: number,
	bytes: Uint8Array,
	more: Readonly<Record<string, string>> = {},
): Promise<Reply> =>
	server.ask('PATCH', path, {
		headers: {...tus, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream', ...more},
		body: new Uint8Array(bytes),
	});

/** Sends it up to each of these places in turn, and all of it at last. */
async function sendInPieces(server: TestServer, bytes: Buffer, ...ends: readonly number[]): Promise<string> {
	const path = await begin(server, bytes.length);
	let offset = 0;
	let id = '';
	for (const end of [...ends, bytes.length]) {
		const reply = await patch(server, path, offset, bytes.subarray(offset, end));
		expect(reply.headers.get('upload-offset')).toBe(String(end));
		id = reply.headers.get('upload-file-id') ?? '';
		offset = end;
	}
	return id;
}

const marked = (length: number): Buffer => Buffer.alloc(length, `${MARKER} `);

test('what comes by a form is given out as it came, whole and in ranges, and is not on the disk in plain', async () => {
	const server = await startTestServer({...OPEN, encryptionKeyFile: keyFile(randomBytes(32))});
	const bytes = marked(3 * FRAME + 100);
	const id = await server.upload(null, 'sent.txt', bytes);
	expect((await server.ask('GET', `/api/v1/files/${id}`)).json).toMatchObject({
		size: bytes.length,
		sha256: sha256(bytes),
	});
	expect((await download(server, id)).equals(bytes)).toBe(true);
	for (const [from, to] of [
		[0, 0],
		[FRAME - 1, FRAME],
		[FRAME, 2 * FRAME - 1],
		[100, 3 * FRAME + 99],
	] as const)
		expect((await download(server, id, `bytes=${from}-${to}`)).equals(bytes.subarray(from, to + 1))).toBe(true);
	expect(plainFiles(server)).toEqual([]);
	expect((await server.ask('GET', '/api/v1/stats')).json.encryption).toEqual({uploads: true, plain_files: 0});
	const found = describeServerFolder(server.dataFolder, {datasetTtlMs: null, resultTtlMs: null});
	expect(found.find(({name}) => name === 'encryption')?.found).toMatch(/^1 of 1 files/);
});

test('uploads in pieces go on after a restart, and no piece is on the disk in plain meanwhile', async () => {
	const server = await startTestServer({...OPEN, encryptionKeyFile: keyFile(randomBytes(32).toString('base64'))});
	const bytes = Buffer.concat([marked(2 * FRAME), randomBytes(FRAME + 5), marked(70)]);
	const path = await begin(server, bytes.length);
	let offset = 0;
	for (const end of [10, 30, FRAME, FRAME + 1, 3 * FRAME]) {
		await patch(server, path, offset, bytes.subarray(offset, end));
		offset = end;
		expect(plainFiles(server)).toEqual([]);
		await server.restart();
		const {headers} = await server.ask('HEAD', path, {headers: tus});
		expect(headers.get('upload-offset')).toBe(String(end));
		expect(readdirSync(join(server.dataFolder, 'incoming'))).toHaveLength(2);
	}
	// What is refused leaves what was there.
	const refused = await patch(server, path, offset, bytes.subarray(offset, offset + 9), {
		'upload-checksum': 'sha256 AAAA',
	});
	expect(refused.status).toBe(460);
	const reply = await patch(server, path, offset, bytes.subarray(offset));
	const id = reply.headers.get('upload-file-id') ?? '';
	expect((await download(server, id)).equals(bytes)).toBe(true);
	expect((await server.ask('GET', `/api/v1/files/${id}`)).json.sha256).toBe(sha256(bytes));
	expect(readdirSync(join(server.dataFolder, 'incoming'))).toEqual([]);
	expect(plainFiles(server)).toEqual([]);
});

test('files that end where a frame does, and one byte beside, come back as they were', async () => {
	const server = await startTestServer({...OPEN, encryptionKeyFile: keyFile()});
	for (const length of [1, FRAME - 1, FRAME, FRAME + 1, 2 * FRAME]) {
		const bytes = randomBytes(length);
		for (const id of [
			await server.upload(null, 'a.bin', bytes),
			await sendInPieces(server, bytes, Math.ceil(length / 2)),
		])
			expect((await download(server, id)).equals(bytes), `of ${length}`).toBe(true);
	}
});

test('keys without a folder are those of files anywhere, and of no others than encrypted ones', () => {
	const keys = [randomBytes(32)] as const;
	onTestFinished(addFolderKey({folder: '', keys}));
	for (const path of ['/data/a.enc', 'C:\\data\\a.enc', '\\\\host\\share\\a.enc', 'a.enc'])
		expect(keysFor(path)).toBe(keys);
	expect(keysFor('C:\\data\\a.csv')).toBeNull();
});

test('what was acknowledged is there whatever was written behind it when the process died', async () => {
	const bytes = randomBytes(4 * FRAME);
	const key = randomBytes(32);
	const folder = createTemporaryFolder();
	onTestFinished(addFolderKey({folder: folder.path, keys: [key]}));
	for (const acknowledged of [1, FRAME - 1, FRAME, FRAME + 1, 2 * FRAME]) {
		const place = {names: new StoredNames(folder.at(`${acknowledged}`), true), id: 'upload', keys: [key] as const};
		const path = await createIncoming(place, false);
		const write = async (from: number, to: number): Promise<void> => {
			const file = await openIncoming(place, from, false);
			await file.handle.writev([bytes.subarray(from, to)], from);
			await file.settle(to, to === bytes.length);
			// Of the writes that the process has died behind, nobody has been told.
			if (to === acknowledged || to === bytes.length) await file.forgetEarlier();
			await file.close();
		};
		await write(0, acknowledged);
		for (const died of [acknowledged + 1, 3 * FRAME]) await write(acknowledged, died);
		await write(acknowledged, bytes.length);
		const pieces: Uint8Array[] = [];
		for await (const piece of readStored(path)) pieces.push(piece);
		expect(Buffer.concat(pieces).equals(bytes), `behind ${acknowledged}`).toBe(true);
	}
});

test('an upload that cannot be finished because somebody has changed its file is told of once', async () => {
	const faults: unknown[] = [];
	const encryptionKeyFile = keyFile();
	const server = await startTestServer({...OPEN, encryptionKeyFile, onFault: error => void faults.push(error)});
	const id = (await begin(server, 5)).split('/').at(-1);
	await server.close();
	server.writeLedger(database => database.exec(`UPDATE uploads SET received_bytes = bytes WHERE id = '${id}'`));
	const [name] = readdirSync(join(server.dataFolder, 'incoming'));
	writeFileSync(join(server.dataFolder, 'incoming', String(name)), randomBytes(200));
	await server.start();
	for (let minutes = 0; minutes < 3; minutes++) await server.tidyUp();
	expect(faults).toEqual([expect.objectContaining({code: 'CORRUPT_ENCRYPTION'})]);
});

test('a key is replaced by another one in front of it: what is there is read, and goes on, by the one before', async () => {
	const [before, after] = [randomBytes(32), randomBytes(32)];
	const path = keyFile(before.toString('hex'));
	const server = await startTestServer({...OPEN, encryptionKeyFile: path, onFault() {}});
	const text = transactionsText(2000);
	const old = await server.upload(null, 'old.csv', text);
	const begun = await begin(server, 3 * FRAME);
	const bytes = randomBytes(3 * FRAME);
	const send = (from: number, to: number): Promise<Reply> =>
		server.ask('PATCH', begun, {
			headers: {...tus, 'upload-offset': String(from), 'content-type': 'application/offset+octet-stream'},
			body: bytes.subarray(from, to),
		});
	expect((await send(0, FRAME + 1)).status).toBe(204);
	await server.close();
	writeFileSync(path, `${after.toString('base64')}\n${before.toString('hex')}\n`);
	await server.start();
	const sent = await send(FRAME + 1, bytes.length);
	expect(sent.status).toBe(204);
	expect((await download(server, sent.headers.get('upload-file-id') ?? '')).equals(bytes)).toBe(true);
	expect((await download(server, old)).toString()).toBe(text);
	const task = await server.run(null, old);
	expect(await server.untilTask(null, task, 'COMPLETED', 'FAILED')).toMatchObject({status: 'COMPLETED', rows: 2000});
	const fresh = await server.upload(null, 'fresh.csv', text);
	const idIn = (file: string): string => readFileSync(storedPath(server, file)).subarray(8, 16).toString('hex');
	expect([idIn(old), idIn(fresh)]).toEqual([before, after].map(key => keyIdOf(key).toString('hex')));
	// Without the one before, what was encrypted by it cannot be read, and says so; all else can.
	await server.close();
	writeFileSync(path, after.toString('hex'));
	await server.start();
	expect((await download(server, fresh)).toString()).toBe(text);
	expect((await server.ask('GET', `/api/v1/files/${old}/original`)).status).toBeGreaterThanOrEqual(500);
	// With neither of them the server does not start.
	await server.close();
	writeFileSync(path, randomBytes(32).toString('hex'));
	await expect(server.start()).rejects.toThrow('in a line of its own behind the first one');
	for (const [content, words] of [
		[`${after.toString('hex')}\nno key\n`, 'has no key in line 2'],
		['\n\n', 'is empty'],
	] as const) {
		writeFileSync(path, content);
		await expect(server.start(), content).rejects.toThrow(words);
	}
	writeFileSync(path, after.toString('hex'));
	await server.start();
});

test('an upload that is broken off and given up leaves nothing', async () => {
	const server = await startTestServer({...OPEN, encryptionKeyFile: keyFile()});
	const path = await begin(server, 1000);
	await patch(server, path, 0, marked(500));
	expect(readdirSync(join(server.dataFolder, 'incoming'))).toHaveLength(2);
	expect((await server.ask('DELETE', path, {headers: tus})).status).toBe(204);
	expect(readdirSync(join(server.dataFolder, 'incoming'))).toEqual([]);
});

test('several threads read a large file, and its figures are those of a plain one', async () => {
	const csv = transactionsText(150_000);
	// From 2 MiB on.
	expect(csv.length).toBeGreaterThan(4 * 1024 * 1024);
	const report = async (encryptionKeyFile: string | null, threads: number) => {
		const server = await startTestServer({...OPEN, encryptionKeyFile, threads});
		const id = await server.upload(null, 'large.csv', csv);
		const task = await server.run(null, id);
		await server.untilTask(null, task, 'COMPLETED');
		const {json} = await server.ask('GET', `/api/v1/results/${task}`);
		expect(json).toMatchObject({rows: 150_000});
		return {result: json.result, dialect: json.dialect, hash: json.content_hash};
	};
	expect(await report(keyFile(), 2)).toEqual(await report(null, 1));
});

test('members of archives, packed files and Parquet are read of encrypted files', async () => {
	const server = await startTestServer({...OPEN, encryptionKeyFile: keyFile()});
	const csv = transactionsText(20_000);
	const zip = zipOf([
		{name: 'one.csv', content: csv, method: 8},
		{name: 'two.csv', content: csv, method: 0},
	]);
	const files = {'some.zip': zip, 'some.csv.gz': gzipSync(csv)};
	for (const [name, bytes] of Object.entries(files)) {
		const task = await server.run(null, await server.upload(null, name, bytes));
		const {rows} = await server.untilTask(null, task, 'COMPLETED');
		expect(rows, name).toBe(name === 'some.zip' ? 40_000 : 20_000);
	}
	const values = Array.from({length: 30_000}, (_, index) => `value ${index}`);
	const parquet = parquetOf([{name: 'name', ...text, data: values}]);
	expect(parquet.length).toBeGreaterThan(2 * FRAME);
	const id = await server.upload(null, 'some.parquet', parquet);
	const {columns, preview} = (await server.ask('GET', `/api/v1/files/${id}/preview`)).json;
	expect(columns).toMatchObject([{name: 'name'}]);
	expect(preview[1]).toEqual(['value 1']);
});

test('what goes into the watched folder is as it was sent, also where the account has the same bytes encrypted', async () => {
	const root = createTemporaryFolder().at('inbox');
	const inbox = await openInbox(root, readWatchFlags({settle: 60, poll: 0.1}, []), {threads: 1}, () => {});
	onTestFinished(() => inbox.close());
	const server = await startTestServer({...OPEN, encryptionKeyFile: keyFile(), inbox: inbox.served});
	const bytes = Buffer.from(transactionsText(20));
	await server.upload(null, 'same.csv', bytes);
	const known = {'upload-known': `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`};
	const path = await begin(server, bytes.length, `filename ${btoa('in.csv')},to ${btoa('inbox')}`, known);
	expect((await patch(server, path, 0, bytes)).status).toBe(204);
	expect(readFileSync(join(root, 'unprocessed', 'in.csv')).equals(bytes)).toBe(true);
	// Elsewhere they are taken.
	const other = await begin(server, bytes.length, `filename ${btoa('again.csv')}`, known);
	const {headers} = await server.ask('HEAD', other, {headers: tus});
	expect((await download(server, headers.get('upload-file-id') ?? '')).equals(bytes)).toBe(true);
});

test('rejected records and previews are read of an encrypted file, and the key is in no place but its file', async () => {
	const key = randomBytes(32);
	const server = await startTestServer({...OPEN, encryptionKeyFile: keyFile(key.toString('hex'))});
	const id = await server.upload(null, 'some.csv', `${transactionsText(20)}broken,line\n`);
	expect((await server.ask('GET', `/api/v1/files/${id}/preview`)).json.analyses).toContain('transactions');
	const task = await server.run(null, id);
	expect(await server.untilTask(null, task, 'COMPLETED')).toMatchObject({rejected_rows: 1});
	expect((await server.ask('GET', `/api/results/${task}/rejects.csv`)).text).toContain('broken');
	await server.close();
	for (const entry of readdirSync(server.dataFolder, {recursive: true, withFileTypes: true})) {
		if (!entry.isFile()) continue;
		const bytes = readFileSync(join(entry.parentPath, entry.name));
		for (const each of [key, key.toString('hex'), key.toString('base64')])
			expect(bytes.includes(each), entry.name).toBe(false);
	}
});

test('a changed byte, swapped frames and a file that is cut off are seen', async () => {
	const server = await startTestServer({...OPEN, encryptionKeyFile: keyFile()});
	const csv = transactionsText(8000);
	const size = Buffer.byteLength(csv);
	expect(size).toBeGreaterThan(3 * FRAME);
	const [one, two] = [offsetOfFrame(1), offsetOfFrame(2)];
	const changes: Readonly<Record<string, (path: string, bytes: Buffer) => void>> = {
		changed(path, bytes) {
			bytes.writeUInt8(bytes.readUInt8(one + 500) ^ 1, one + 500);
			writeFileSync(path, bytes);
		},
		swapped(path, bytes) {
			const frames = [
				bytes.subarray(0, offsetOfFrame(0)),
				bytes.subarray(one, two),
				bytes.subarray(offsetOfFrame(0), one),
			];
			writeFileSync(path, Buffer.concat([...frames, bytes.subarray(two)]));
		},
		'cut at a frame': path => truncateSync(path, two),
		'cut in a frame': path => truncateSync(path, two + 1000),
		'cut in the header': path => truncateSync(path, 20),
	};
	for (const [name, change] of Object.entries(changes)) {
		const id = await server.upload(null, 'changed.csv', csv);
		change(storedPath(server, id), readFileSync(storedPath(server, id)));
		const task = await server.run(null, id);
		const {error} = await server.untilTask(null, task, 'FAILED');
		expect(error, name).toMatchObject({code: 'CORRUPT_ENCRYPTION'});
	}
});

test('a key that is wrong, missing, read by others or none ends the start, and says what to do', async () => {
	const key = keyFile();
	const server = await startTestServer({...OPEN, encryptionKeyFile: key});
	const id = await server.upload(null, 'a.txt', MARKER);
	await server.close();
	await expect(server.start({encryptionKeyFile: null})).rejects.toThrow(
		/encrypted files, and there is no key: .*--encryption-key-file/,
	);
	await expect(server.start({encryptionKeyFile: keyFile()})).rejects.toThrow(
		/is encrypted by another key: expected the one known by [0-9a-f]{16}, but/,
	);
	await expect(server.start({encryptionKeyFile: keyFile('too short')})).rejects.toThrow(
		/expected 32 bytes, .* but it has 9 bytes/,
	);
	const open = keyFile();
	chmodSync(open, 0o644);
	await expect(server.start({encryptionKeyFile: open})).rejects.toThrow(/can be read by others: chmod 600/);
	await server.start();
	expect((await download(server, id)).toString()).toBe(MARKER);
});

test('files from before there was a key are read as they are, and told', async () => {
	const server = await startTestServer(OPEN);
	const before = await server.upload(null, 'before.txt', MARKER);
	await server.restart({encryptionKeyFile: keyFile()});
	expect(server.warnings.join()).toMatch(/1 of the files were sent in before there was a key/);
	const behind = await server.upload(null, 'behind.txt', 'other text');
	expect((await download(server, before)).toString()).toBe(MARKER);
	expect((await download(server, behind)).toString()).toBe('other text');
	expect(plainFiles(server)).toEqual([join(server.dataFolder, 'files', before)]);
	expect((await server.ask('GET', '/api/v1/stats')).json.encryption).toEqual({uploads: true, plain_files: 1});
	expect((await server.ask('DELETE', `/api/v1/files/${before}`)).status).toBe(204);
	expect((await server.ask('GET', '/api/v1/stats')).json.encryption.plain_files).toBe(0);
});

test('a backup has encrypted files as they are, and uploads that are under way go on', async () => {
	const encryptionKeyFile = keyFile();
	const server = await startTestServer({...OPEN, encryptionKeyFile});
	const id = await server.upload(null, 'a.txt', MARKER);
	const bytes = marked(FRAME + 500);
	const path = await begin(server, bytes.length);
	await patch(server, path, 0, bytes.subarray(0, FRAME + 100));
	const folder = createTemporaryFolder();
	const [backup, dataFolder] = [folder.at('backup.tar'), folder.at('data')];
	await takeBackup({dataFolder: server.dataFolder, path: backup, isConfigOnly: false, version: '0.0.0'});
	expect(readFileSync(backup).includes(MARKER)).toBe(false);
	await server.close();
	await restoreBackup({path: backup, dataFolder, isVerified: true});
	const restored = await startTestServer({...OPEN, encryptionKeyFile, dataFolder});
	expect((await download(restored, id)).toString()).toBe(MARKER);
	const reply = await patch(restored, path, FRAME + 100, bytes.subarray(FRAME + 100));
	expect((await download(restored, reply.headers.get('upload-file-id') ?? '')).equals(bytes)).toBe(true);
	expect(existsSync(join(dataFolder, 'files', id))).toBe(false);
});
