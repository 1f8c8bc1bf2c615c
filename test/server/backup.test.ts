// A backup of a server that goes on, restored elsewhere.
import {execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {DatabaseSync} from 'node:sqlite';
import {expect, test} from 'vitest';
import {restoreBackup} from '../../source/server/backup/restore-backup.ts';
import {takeBackup} from '../../source/server/backup/take-backup.ts';
import {PASSWORD, startTestServer, type TestServer} from '../helpers/server.ts';
import {createTemporaryFolder, transactionsText} from '../helpers/temporary-folder.ts';

const take = ({dataFolder}: TestServer, path: string, isConfigOnly = false) =>
	takeBackup({dataFolder, path, isConfigOnly, version: '0.0.0'});

interface Acknowledged {
	readonly file: string;
	readonly task: string;
	readonly sha256: string;
	readonly result: string;
}

/** With a rejected record, so that there is more to be kept. */
async function work(server: TestServer, number: number): Promise<Acknowledged> {
	const text = `${transactionsText(50)}T${number},c,no number,2024-01-01,food\n`;
	const file = await server.upload(null, `${number}.csv`, text);
	const task = await server.run(null, file);
	await server.untilTask(null, task, 'COMPLETED');
	const {text: result} = await server.ask('GET', `/api/results/${task}`);
	return {file, task, sha256: createHash('sha256').update(text).digest('hex'), result};
}

async function expectThere(server: TestServer, {file, task, sha256, result}: Acknowledged): Promise<void> {
	const original = await server.ask('GET', `/api/v1/files/${file}/original`);
	expect(createHash('sha256').update(original.text).digest('hex')).toBe(sha256);
	expect((await server.ask('GET', `/api/results/${task}`)).text).toBe(result);
	expect((await server.ask('GET', `/api/results/${task}/rejects.csv`)).text).toContain('no number');
}

test('under load, all that was acknowledged before it began is there where it is restored, and nothing half', async () => {
	const server = await startTestServer({isOpen: true});
	const path = createTemporaryFolder().at('x.tar');
	const before: Acknowledged[] = [];
	let isToEnd = false;
	let files = 0;
	// Files come, are worked on, and go, all the time.
	const load = [0, 1].map(async lane => {
		for (let number = lane; !isToEnd; number += 2) {
			const done = await work(server, number);
			files++;
			if (number % 3 === 0) await server.ask('DELETE', `/api/v1/files/${done.file}`);
			else before.push(done);
		}
	});
	const headers = {'tus-resumable': '1.0.0', 'upload-length': '9'};
	const upload = (await server.ask('POST', '/api/v1/uploads', {headers})).headers.get('location') ?? '';
	const type = 'application/offset+octet-stream';
	const send = (offset: number, body: string) =>
		server.ask('PATCH', upload, {
			headers: {'tus-resumable': '1.0.0', 'upload-offset': `${offset}`, 'content-type': type},
			body,
		});
	expect((await send(0, 'a,b\n1')).status).toBe(204);
	while (before.length < 4) await new Promise(setImmediate);
	const acknowledged = [...before];
	const manifest = await take(server, path);
	expect((await send(5, ',2\n3')).status).toBe(204);
	const had = files;
	while (files === had) await new Promise(setImmediate);
	isToEnd = true;
	await Promise.all(load);
	expect(existsSync(`${server.dataFolder}/backup`)).toBe(false);
	// Any tar shows it.
	const listed = execFileSync('tar', ['-tf', path]).toString().trim().split('\n');
	expect(listed).toEqual([...manifest.files.map(({name}) => name), 'manifest.json']);

	const last = (await server.ask('GET', '/api/run?limit=1000')).json.tasks.length;
	const dataFolder = createTemporaryFolder().at('elsewhere');
	await restoreBackup({path, dataFolder, isVerified: true});
	const folders = new Set(listed.slice(0, -1).map(name => name.split('/')[0] ?? ''));
	expect(readdirSync(dataFolder).toSorted()).toEqual([...folders].toSorted());
	const restored = await startTestServer({isOpen: true, dataFolder});
	for (const each of acknowledged) await expectThere(restored, each);
	expect((await restored.ask('GET', '/api/run?limit=1000')).json.tasks.length).toBeLessThan(last);
	// What the ledger names lies there, and nothing else.
	const stored = (await restored.ask('GET', '/files?limit=1000')).json.files.map(
		({file_id}: {file_id: string}) => file_id,
	);
	expect(readdirSync(`${dataFolder}/files`).sort()).toEqual(stored.sort());
	// An upload goes on where it was.
	const head = await restored.ask('HEAD', upload, {headers: {'tus-resumable': '1.0.0'}});
	expect(head.headers.get('upload-offset')).toBe('5');
	const rest = await restored.ask('PATCH', upload, {
		headers: {'tus-resumable': '1.0.0', 'upload-offset': '5', 'content-type': type},
		body: ',2\n3',
	});
	expect(rest.status).toBe(204);
	await expect(restoreBackup({path, dataFolder, isVerified: false})).rejects.toThrow(/folder of a server already/);
	await expect(take(server, path)).rejects.toThrow(/is there already/);
});

test('who follows events gets one reset where an earlier backup was put back, and goes on', async () => {
	const server = await startTestServer({isOpen: true});
	const path = createTemporaryFolder().at('x.tar');
	await work(server, 0);
	await take(server, path);
	await work(server, 1);
	const streamOf = async (from: TestServer, after: string, isEnough: (text: string) => boolean): Promise<string> => {
		const response = await from.fetch('GET', `/api/v1/events?after=${encodeURIComponent(after)}`);
		let text = '';
		for await (const piece of response.body ?? []) {
			text += Buffer.from(piece).toString();
			if (isEnough(text)) break;
		}
		return text;
	};
	const ids = (text: string): readonly string[] => Array.from(text.matchAll(/^id: (.*)$/gm), ([, id]) => id ?? '');
	const seen = ids(await streamOf(server, '0', text => text.split('"run-completed"').length > 2)).at(-1) ?? '';
	const dataFolder = createTemporaryFolder().at('elsewhere');
	await restoreBackup({path, dataFolder, isVerified: false});
	const restored = await startTestServer({isOpen: true, dataFolder});
	const {task} = await work(restored, 2);
	const text = await streamOf(restored, seen, each => each.includes(task) && each.includes('event: snapshot'));
	expect(text.split('event: reset')).toHaveLength(2);
});

test('the configuration alone has accounts and webhooks, without secrets of these, and no history', async () => {
	const server = await startTestServer({webhookAllow: ['127.0.0.1']});
	const {token: ann} = server.seat('ann');
	const {json: webhook} = await server.ask('POST', '/api/v1/webhooks', {
		token: ann,
		json: {url: 'http://127.0.0.1:9/'},
	});
	const file = await server.upload(ann, 'sales-of-spring.csv', transactionsText(5));
	await server.untilTask(ann, await server.run(ann, file), 'COMPLETED');
	const path = createTemporaryFolder().at('x.tar');
	const manifest = await take(server, path, true);
	expect(manifest.files.map(({name}) => name)).toEqual(['ledger.db']);
	const bytes = readFileSync(path);
	for (const secret of [webhook.secret, 'sales-of-spring', ann]) expect(bytes.includes(secret)).toBe(false);
	const dataFolder = createTemporaryFolder().at('elsewhere');
	await restoreBackup({path, dataFolder, isVerified: true});
	const restored = await startTestServer({dataFolder, webhookAllow: ['127.0.0.1']});
	const {json} = await restored.ask('POST', '/api/v1/auth/login', {json: {name: 'ann', password: PASSWORD}});
	expect(json.token).toEqual(expect.any(String));
	const database = new DatabaseSync(`${dataFolder}/ledger.db`, {readOnly: true});
	const {state, secret} = database.prepare('SELECT state, secret FROM endpoints').get() ?? {};
	expect({state, secret}).toEqual({state: 'off', secret: ''});
	expect(database.prepare('SELECT count(*) AS count FROM tasks').get()?.count).toBe(0);
	database.close();
});

test('a backup that is damaged, cut off or something else is refused, and is no folder of a server afterwards', async () => {
	const server = await startTestServer({isOpen: true});
	await work(server, 0);
	const folder = createTemporaryFolder();
	const path = folder.at('x.tar');
	const {files} = await take(server, path);
	const bytes = readFileSync(path);
	const refusal = async (name: string, content: Buffer): Promise<string> => {
		writeFileSync(folder.at(name), content);
		const dataFolder = folder.at(`${name}-restored`);
		const error = await restoreBackup({path: folder.at(name), dataFolder, isVerified: false}).catch(
			(fault: Error) => fault.message,
		);
		expect(existsSync(`${dataFolder}/ledger.db`)).toBe(false);
		return String(error);
	};
	const flipped = Buffer.from(bytes);
	const place = 512 + Math.floor((files[0]?.bytes ?? 0) / 2);
	flipped.writeUInt8(flipped.readUInt8(place) ^ 1, place);
	expect(await refusal('flipped', flipped)).toMatch(/ledger\.db has other bytes than the manifest says/);
	expect(await refusal('cut', bytes.subarray(0, bytes.length - 2048))).toMatch(/cut off/);
	expect(await refusal('other', Buffer.alloc(1024))).toMatch(/no backup of fileproc-tui/);
	const climbing = Buffer.from(bytes.toString('latin1').replaceAll('"name": "files/', '"name": "../../'), 'latin1');
	expect(await refusal('climbing', climbing)).toMatch(/there is no place for a file/);
	await expect(
		takeBackup({dataFolder: folder.at('none'), path: folder.at('y'), isConfigOnly: false, version: '0'}),
	).rejects.toThrow(/not the folder of a server/);
});
