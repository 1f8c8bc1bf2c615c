// A scanner looks at each file before anybody reads it: what it calls harmful goes, and while it says nothing files wait, are let through, or are refused.
import {subscribe, unsubscribe} from 'node:diagnostics_channel';
import {chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createServer, type Server, type Socket} from 'node:net';
import {expect, onTestFinished, test, vi} from 'vitest';
import type {ServerLedger} from '../../source/ledger/server-ledger.ts';
import {scanFile} from '../../source/server/scanning/scanner.ts';
import {Scans} from '../../source/server/scanning/scans.ts';
import {PATIENT} from '../helpers/patient.ts';
import {formOf, GOOD_FILE, startTestServer, type TestServer} from '../helpers/server.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const NEVER = new AbortController().signal;
const EICAR = 'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*\n';

/** A program as clamscan is one; without its file beside it, it cannot tell. */
function scannerProgram(): {
	readonly command: readonly [string];
	readonly start: () => void;
	readonly stop: () => void;
	readonly open: () => void;
} {
	const folder = createTemporaryFolder();
	const path = folder.write(
		'scan.sh',
		`#!/bin/sh
[ -e "${folder.at('well')}" ] || { echo 'no database' >&2; exit 2; }
if grep -q EICAR "$1"; then while [ ! -e "${folder.at('gate')}" ]; do sleep 0.05; done; echo "$1: Eicar-Test-Signature FOUND"; exit 1; fi
exit 0
`,
	);
	chmodSync(path, 0o755);
	const start = (): void => writeFileSync(folder.at('well'), '');
	start();
	return {
		command: [path],
		start,
		stop: () => rmSync(folder.at('well')),
		open: () => writeFileSync(folder.at('gate'), ''),
	};
}

const statusOf = async (server: TestServer, token: string, id: string): Promise<string | number> =>
	(await server.ask('GET', `/api/v1/files/${id}`, {token})).json.status;

test('harmless files are read as ever; harmful ones are gone with what was asked of them, and the owner is told what they are', async () => {
	const {command, open} = scannerProgram();
	const server = await startTestServer({scan: {scanner: {command}, onOutage: 'hold'}});
	const {token} = server.seat('ann');
	const good = await server.upload(token, 'good.csv', GOOD_FILE);
	await server.untilTask(token, await server.run(token, good), 'COMPLETED');
	expect(await statusOf(server, token, good)).toBe('COMPLETED');
	const sent = await server.ask('POST', '/api/v1/upload?task_id=quality', {token, body: formOf(['bad.csv', EICAR])});
	const [{file_id: bad, task_execution_id: task}] = sent.json.files;
	expect((await server.ask('GET', `/api/v1/files/${bad}`, {token})).json.status).toBe('SCANNING');
	open();
	const failed = await server.untilTask(token, task, 'FAILED');
	expect(failed.error).toMatchObject({
		code: 'BLOCKED_BY_SCAN',
		message: expect.stringContaining('Eicar-Test-Signature'),
	});
	await vi.waitFor(async () => expect(await statusOf(server, token, bad)).toBe(404), PATIENT);
	await vi.waitFor(() => expect(readdirSync(`${server.dataFolder}/files`)).toEqual([good]), PATIENT);
	let lines: readonly string[] = [];
	server.writeLedger(database => {
		lines = database
			.prepare('SELECT line FROM server_events ORDER BY number')
			.all()
			.map(({line}) => String(line));
	});
	const scanned = lines.map(line => JSON.parse(line)).filter(({type}) => type === 'file-scanned');
	expect(scanned).toMatchObject([
		{fileId: good, verdict: 'clean', reason: null},
		{fileId: bad, verdict: 'blocked', reason: 'Eicar-Test-Signature FOUND'},
	]);
	expect((await server.ask('GET', '/metrics', {token: server.seat('op', 'operator').token})).text).toMatch(
		/fileproc_scans_total\{outcome="blocked"\} 1/,
	);
});

test('while the scanner says nothing files wait, also over a restart, and go on by themselves when it is back', async () => {
	const {command, start, stop} = scannerProgram();
	stop();
	const faults: string[] = [];
	const onFault = (error: unknown): void => void faults.push(String(error));
	const server = await startTestServer({scan: {scanner: {command}, onOutage: 'hold'}, onFault});
	const {token} = server.seat('ann');
	const id = await server.upload(token, 'good.csv', GOOD_FILE);
	const task = await server.run(token, id);
	await vi.waitFor(
		() => expect(faults.join()).toMatch(/the scanner says nothing: .*ended with 2: no database/),
		PATIENT,
	);
	expect(await statusOf(server, token, id)).toBe('SCANNING');
	expect((await server.ask('GET', `/api/run/${task}`, {token})).json.status).toBe('QUEUED');
	for (const path of ['original', 'preview'])
		expect(await server.ask('GET', `/api/v1/files/${id}/${path}`, {token})).toMatchObject({
			status: 409,
			json: {code: 'SCANNING'},
		});
	await server.restart();
	expect(await statusOf(server, token, id)).toBe('SCANNING');
	start();
	await server.untilTask(token, task, 'COMPLETED');
	expect((await server.ask('GET', `/api/v1/files/${id}/original`, {token})).text).toBe(GOOD_FILE);
});

test('nothing waits for a scanner that says nothing where files are let through, or refused', async () => {
	const scanOf = (onOutage: 'allow' | 'reject') => ({scanner: {command: ['/no/such/program']}, onOutage}) as const;
	const faults: string[] = [];
	const onFault = (error: unknown): void => void faults.push(String(error));
	const lax = await startTestServer({scan: scanOf('allow'), onFault});
	const ann = lax.seat('ann').token;
	const task = await lax.run(ann, await lax.upload(ann, 'good.csv', GOOD_FILE));
	await lax.untilTask(ann, task, 'COMPLETED');
	expect(faults).toEqual([expect.stringMatching(/Files are let through, because the scanner says nothing: .*ENOENT/)]);
	const strict = await startTestServer({scan: scanOf('reject'), onFault});
	const ben = strict.seat('ben').token;
	const id = await strict.upload(ben, 'good.csv', GOOD_FILE);
	await vi.waitFor(async () => expect(await statusOf(strict, ben, id)).toBe(404), PATIENT);
	// Who asks for it, or wants something made of it, is told what has become of it; others know of nothing.
	const told = {
		status: 404,
		json: {code: 'NOT_FOUND', detail: expect.stringContaining('The file was removed: the scanner')},
	};
	const start = (token: string) => strict.ask('POST', '/api/v1/runs', {token, json: {file_id: id, task_id: 'quality'}});
	expect(await start(ben)).toMatchObject(told);
	expect(await strict.ask('GET', `/api/v1/files/${id}/original`, {token: ben})).toMatchObject(told);
	expect((await start(strict.seat('eve').token)).json.detail).toBe('There is no such file.');
	expect(faults[1]).toMatch(/Files are refused, because the scanner says nothing: .*ENOENT/);
});

test('files of which the scanner says nothing keep no others waiting', async () => {
	const folder = createTemporaryFolder();
	const program = folder.write(
		'scan.sh',
		`#!/bin/sh\ngrep -q UNREADABLE "$1" && { echo 'cannot read it' >&2; exit 2; }\nexit 0\n`,
	);
	chmodSync(program, 0o755);
	const server = await startTestServer({scan: {scanner: {command: [program]}, onOutage: 'hold'}, onFault() {}});
	const {token} = server.seat('ann');
	const bad: string[] = [];
	for (const name of ['a', 'b', 'c']) bad.push(await server.upload(token, `${name}.csv`, `UNREADABLE ${name}\n`));
	const before = performance.now();
	for (const name of ['d', 'e', 'f']) {
		const good = await server.upload(token, `${name}.csv`, GOOD_FILE);
		await server.untilTask(token, await server.run(token, good), 'COMPLETED');
	}
	// Not one after the other, each time when those in front of it have been tried once more.
	expect(performance.now() - before).toBeLessThan(PATIENT.timeout);
	for (const id of bad) expect(await statusOf(server, token, id)).toBe('SCANNING');
});

test('an upload that was complete when the process died is scanned like any other', async () => {
	const {command} = scannerProgram();
	const server = await startTestServer({scan: {scanner: {command}, onOutage: 'hold'}});
	const {token} = server.seat('ann');
	const headers = {'tus-resumable': '1.0.0', 'upload-length': String(GOOD_FILE.length)};
	const begun = await server.ask('POST', '/api/v1/uploads', {token, headers});
	const id = (begun.headers.get('location') ?? '').split('/').at(-1) ?? '';
	await server.close();
	writeFileSync(`${server.dataFolder}/incoming/${id}`, GOOD_FILE);
	server.writeLedger(database => database.exec('UPDATE uploads SET received_bytes = bytes'));
	await server.start();
	await vi.waitFor(async () => {
		const {files} = (await server.ask('GET', '/files', {token})).json;
		expect(files).toMatchObject([{status: 'STORED', size: GOOD_FILE.length}]);
	}, PATIENT);
});

test('what waits for a scanner is read by a server that is started without one, and its owner is told', async () => {
	const {command, stop} = scannerProgram();
	stop();
	const server = await startTestServer({scan: {scanner: {command}, onOutage: 'hold'}, onFault() {}});
	const {token} = server.seat('ann');
	const id = await server.upload(token, 'good.csv', GOOD_FILE);
	const task = await server.run(token, id);
	await server.restart({scan: null});
	await server.untilTask(token, task, 'COMPLETED');
	let lines: readonly string[] = [];
	server.writeLedger(database => {
		lines = database
			.prepare('SELECT line FROM server_events ORDER BY number')
			.all()
			.map(({line}) => String(line));
	});
	const scanned = lines.map(line => JSON.parse(line)).filter(({type}) => type === 'file-scanned');
	expect(scanned).toMatchObject([{fileId: id, verdict: 'skipped'}]);
});

test('no more files are looked at at once than the scanner has processors for, whichever way they come', async () => {
	const folder = createTemporaryFolder();
	const program = folder.write(
		'scan.sh',
		`#!/bin/sh\ntouch "${folder.at('running')}.$$"\nls "${folder.path}" | grep -c '^running' >> "${folder.at('counts')}"\nwhile [ ! -e "${folder.at('gate')}" ]; do sleep 0.05; done\nrm "${folder.at('running')}.$$"\n`,
	);
	chmodSync(program, 0o755);
	const faults: unknown[] = [];
	const scans = new Scans({
		scanner: {command: [program]},
		onOutage: 'hold',
		ledger: {all: () => []} as unknown as ServerLedger,
		pathOf: id => id,
		failTasks: async () => {},
		remove: async () => {},
		onReady() {},
		onScanned() {},
		onFault: error => void faults.push(error),
	});
	const all = Array.from({length: 200}, () => scans.scanPath(folder.write('a.csv', 'a\n')));
	await vi.waitFor(() => expect(readFileSync(folder.at('counts'), 'utf8').trim().split('\n')).toHaveLength(2), PATIENT);
	// Who would wait for very long is told to come again.
	expect(await Promise.race(all)).toMatchObject({outcome: 'unavailable', reason: expect.stringContaining('others')});
	writeFileSync(folder.at('gate'), '');
	const outcomes = (await Promise.all(all)).map(({outcome}) => outcome);
	expect(outcomes.filter(outcome => outcome === 'clean').length).toBeGreaterThan(10);
	expect(Math.max(...readFileSync(folder.at('counts'), 'utf8').trim().split('\n').map(Number))).toBe(2);
	expect(faults).toEqual([]);
	await scans.close();
});

test('whoever waits for a scanner waits no longer when the server ends, and nothing is let through by that', async () => {
	const program = createTemporaryFolder().write('scan.sh', '#!/bin/sh\nexec sleep 1000\n');
	chmodSync(program, 0o755);
	const outcomes: string[] = [];
	const scans = new Scans({
		...{scanner: {command: [program]}, onOutage: 'allow', ledger: {all: () => []} as unknown as ServerLedger},
		...{pathOf: id => id, failTasks: async () => {}, remove: async () => {}, onReady() {}},
		onScanned: outcome => void outcomes.push(outcome),
		onFault(error) {
			throw error;
		},
	});
	const all = Array.from({length: 5}, () => scans.scanPath(program));
	scans.stop();
	expect((await Promise.all(all)).map(({outcome}) => outcome)).toEqual(Array(5).fill('unavailable'));
	expect(outcomes).toEqual([]);
	await scans.close();
});

test('a file may be removed while it is looked at, and without a scanner nothing waits', async () => {
	const {command, stop} = scannerProgram();
	stop();
	const server = await startTestServer({scan: {scanner: {command}, onOutage: 'hold'}, onFault() {}});
	const {token} = server.seat('ann');
	const id = await server.upload(token, 'good.csv', GOOD_FILE);
	expect((await server.ask('DELETE', `/api/v1/files/${id}`, {token})).status).toBe(204);
	expect(existsSync(`${server.dataFolder}/files/${id}`)).toBe(false);
});

/** Speaks as clamd does. @param answer - Of what has come. */
async function startClamd(answer: (bytes: Buffer) => string): Promise<string> {
	const server: Server = createServer(socket => {
		let all = Buffer.alloc(0);
		socket.on('error', () => {});
		socket.on('data', bytes => {
			all = Buffer.concat([all, bytes]);
			let at = all.indexOf(0) + 1;
			if (at === 0) return;
			expect(all.subarray(0, at).toString()).toBe('zINSTREAM\0');
			const pieces: Buffer[] = [];
			while (all.length >= at + 4) {
				const length = all.readUInt32BE(at);
				at += 4;
				if (length === 0) return void socket.end(`${answer(Buffer.concat(pieces))}\0`);
				if (all.length < at + length) return;
				pieces.push(all.subarray(at, at + length));
				at += length;
			}
		});
	});
	const path = createTemporaryFolder().at('clamd.sock');
	await new Promise<void>(resolve => server.listen(path, resolve));
	onTestFinished(() => void server.close());
	return path;
}

test('clamd gets the very bytes of a file that is encrypted on the disk', async () => {
	let got = Buffer.alloc(0);
	const clamd = await startClamd(bytes => {
		got = Buffer.from(bytes);
		return 'stream: OK';
	});
	const encryptionKeyFile = createTemporaryFolder().write('key', 'ab'.repeat(32));
	chmodSync(encryptionKeyFile, 0o600);
	const server = await startTestServer({isOpen: true, encryptionKeyFile, scan: {scanner: {clamd}, onOutage: 'hold'}});
	await server.upload(null, 'a.csv', GOOD_FILE);
	await vi.waitFor(() => expect(got.toString()).toBe(GOOD_FILE), PATIENT);
});

test('a clamd that takes its time is waited for without anything piling up', async () => {
	const path = createTemporaryFolder().write('a.csv', 'x'.repeat(8 * 1024 * 1024));
	const sockets: Socket[] = [];
	const note = (message: unknown): void => void sockets.push((message as {readonly socket: Socket}).socket);
	subscribe('net.client.socket', note);
	onTestFinished(() => void unsubscribe('net.client.socket', note));
	let most = 0;
	const server = createServer(socket => {
		socket.on('error', () => {});
		socket.on('data', () => {
			most = Math.max(most, ...sockets.map(each => each.listenerCount('close') + each.listenerCount('error')));
			socket.pause();
			setTimeout(() => socket.resume(), 2);
			if (socket.bytesRead > 8 * 1024 * 1024) socket.end('stream: OK\0');
		});
	});
	const clamd = createTemporaryFolder().at('clamd.sock');
	await new Promise<void>(resolve => server.listen(clamd, resolve));
	onTestFinished(() => void server.close());
	expect(await scanFile({clamd}, path, NEVER)).toEqual({outcome: 'clean'});
	expect(most).toBeGreaterThan(0);
	expect(most).toBeLessThan(12);
});

test('clamd gets the very bytes, and each of its answers is understood', async () => {
	const content = Buffer.alloc(300_000, 'abc');
	const path = createTemporaryFolder().write('a.csv', content.toString());
	let got = Buffer.alloc(0);
	const answers = {
		'stream: OK': {outcome: 'clean'},
		'stream: Eicar-Test-Signature FOUND': {outcome: 'blocked', reason: 'Eicar-Test-Signature'},
		'INSTREAM size limit exceeded. ERROR': {outcome: 'unavailable', reason: expect.stringContaining('size limit')},
		'': {outcome: 'unavailable', reason: expect.stringContaining('closed the connection')},
	};
	for (const [said, verdict] of Object.entries(answers)) {
		const clamd = await startClamd(bytes => {
			got = Buffer.from(bytes);
			return said;
		});
		expect(await scanFile({clamd}, path, NEVER), said).toEqual(verdict);
		expect(got.equals(content)).toBe(true);
	}
	expect(await scanFile({clamd: '/no/such/socket'}, path, NEVER)).toMatchObject({outcome: 'unavailable'});
	expect(await scanFile({clamd: '127.0.0.1:9'}, path, NEVER)).toMatchObject({outcome: 'unavailable'});
	const stopped = AbortSignal.abort();
	expect(await scanFile({command: ['sleep', '60']}, path, stopped)).toMatchObject({outcome: 'unavailable'});
});
