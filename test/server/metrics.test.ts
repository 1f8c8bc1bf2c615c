// Metrics: that Prometheus can read them, what they say, and who is given them.
import {mkdirSync, writeFileSync} from 'node:fs';
import {setTimeout as wait} from 'node:timers/promises';
import {expect, test, vi} from 'vitest';
import type {FolderLook} from '../../source/model/watched-folder.ts';
import {Counter, Histogram, OPEN_METRICS_TEXT, PROMETHEUS_TEXT, textOf} from '../../source/server/metrics/families.ts';
import {labelsOf, METRIC_NAMES, type MetricName} from '../../source/server/metrics/metric-names.ts';
import {type ReadFamily, readMetrics} from '../helpers/metrics-parser.ts';
import {PATIENT} from '../helpers/patient.ts';
import {formOf, GOOD_FILE, replyOf, startTestServer, type TestServer} from '../helpers/server.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const TOKEN = 'monitoring-token-of-the-test';

function tokenFile(): string {
	const path = createTemporaryFolder().at('token');
	writeFileSync(path, `${TOKEN}\n`);
	return path;
}

const scrape = async (url: string, headers: Readonly<Record<string, string>> = {}) =>
	replyOf(await fetch(url, {headers}));

/** The value of the sample that has these labels, and maybe others; `undefined` where there is none. */
function valueIn(families: ReadonlyMap<string, ReadFamily>, name: string, labels: object = {}): number | undefined {
	const family = families.get(name.replace(/_(?:count|sum|bucket)$/, '')) ?? families.get(name);
	return family?.samples.find(
		sample => sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
	)?.value;
}

test('any name of a label and any number can be read back, in both formats', async () => {
	const counter = new Counter({name: 'fileproc_made_up_total', help: 'Made up.'});
	counter.add({word: 'a "quoted"\nline \\ {x="y"} 漢'}, 1.5);
	counter.add({word: 'b'});
	counter.add({word: 'b'}, 1e-9);
	const histogram = new Histogram({name: 'fileproc_made_up_seconds', help: 'Made up.'}, [0.1, 1]);
	for (const value of [0.1, 0.2, 5]) histogram.observe(value, {route: '/a/:id'});
	for (const type of [PROMETHEUS_TEXT, OPEN_METRICS_TEXT]) {
		const isOpenMetrics = type === OPEN_METRICS_TEXT;
		const families = readMetrics(await textOf([counter, histogram], type), {isOpenMetrics});
		const counted = families.get(isOpenMetrics ? 'fileproc_made_up' : 'fileproc_made_up_total');
		expect(counted?.samples.map(({labels, value}) => [labels.word, value])).toEqual([
			['a "quoted"\nline \\ {x="y"} 漢', 1.5],
			['b', 1 + 1e-9],
		]);
		expect(families.get('fileproc_made_up_seconds')?.samples.map(({value}) => value)).toEqual([1, 2, 3, 5.3, 3]);
	}
});

test('what has happened is counted, by templates and outcomes and never by users or names', async () => {
	const server = await startTestServer({
		...{metricsAddress: {host: '127.0.0.1', port: 0}, maxConcurrentTasks: 1, requestsPerMinute: 1000},
	});
	const token = await server.account('ann');
	await server.ask('POST', '/api/v1/auth/login', {json: {name: 'ann', password: 'wrong password'}});
	await server.ask('GET', '/api/v1/auth/me', {token: 'fps_wrong'});
	await server.ask('GET', '/nobody/knows/salaries.csv', {token});
	const file = await server.upload(token, 'salaries.csv', GOOD_FILE);
	const bad = await server.upload(token, 'bad.csv', 'a,b\n1,2\n');
	for (const each of [file, bad]) {
		const task = await server.run(token, each);
		await server.untilTask(token, task, 'COMPLETED', 'FAILED');
	}
	const failed = (await server.ask('GET', '/api/run?status=FAILED', {token})).json.tasks[0];
	await server.ask('POST', `/api/run/${failed.task_execution_id}/retry`, {token});
	await server.untilTask(token, failed.task_execution_id, 'FAILED');
	const late = await server.fetch('GET', '/api/events?after=99999', {token});
	await late.body?.cancel();
	await server.tidyUp();
	const read = async () => readMetrics((await scrape(server.metricsUrl)).text, {isOpenMetrics: false});
	// A request counts when its connection is done with it.
	const families = await vi.waitFor(async () => {
		const found = await read();
		expect(valueIn(found, 'fileproc_tasks_total', {outcome: 'failed'})).toBe(2);
		expect(valueIn(found, 'fileproc_event_streams_active', {transport: 'sse'})).toBe(0);
		expect(valueIn(found, 'fileproc_http_requests_total', {route: '/upload', status: '201'})).toBe(2);
		return found;
	}, PATIENT);
	const expected = [
		['fileproc_build_info', {node: process.versions.node}, 1],
		['fileproc_tasks_active', {}, 0],
		['fileproc_tasks_queued', {}, 0],
		['fileproc_tasks_limit', {}, 1],
		['fileproc_tasks_total', {analysis: 'transactions', outcome: 'completed'}, 1],
		['fileproc_task_duration_seconds_count', {analysis: 'transactions'}, 3],
		['fileproc_task_queue_wait_seconds_count', {}, 2],
		['fileproc_rows_total', {outcome: 'ok'}, 20],
		['fileproc_rows_total', {outcome: 'rejected'}, 0],
		['fileproc_read_bytes_total', {}, GOOD_FILE.length],
		['fileproc_uploads_active', {}, 0],
		['fileproc_uploads_total', {outcome: 'completed'}, 2],
		['fileproc_upload_bytes_total', {}, GOOD_FILE.length + 8],
		['fileproc_http_requests_total', {route: 'none', method: 'GET', status: '404'}, 1],
		['fileproc_auth_failures_total', {kind: 'login'}, 1],
		['fileproc_auth_failures_total', {kind: 'session'}, 1],
		['fileproc_retries_total', {code: failed.error.code}, 1],
		['fileproc_event_streams_active', {transport: 'websocket'}, 0],
		['fileproc_event_streams_active', {transport: 'sse'}, 0],
		['fileproc_event_resets_total', {}, 1],
	] as const;
	for (const [name, labels, value] of expected) expect(valueIn(families, name, labels), name).toBe(value);
	expect(valueIn(families, 'fileproc_last_success_timestamp_seconds')).toBeCloseTo(Date.now() / 1000, -3);
	expect(valueIn(families, 'fileproc_ledger_commit_duration_seconds_count')).toBeGreaterThan(10);
	expect(valueIn(families, 'fileproc_event_log_events')).toBeGreaterThan(10);
	expect(valueIn(families, 'fileproc_ledger_bytes')).toBeGreaterThan(10_000);
	expect(valueIn(families, 'fileproc_disk_free_bytes', {volume: 'data'})).toBeGreaterThan(0);
	const known = /^(?:fileproc|process|nodejs)_/;
	const sampled = Array.from(families).filter(([, {samples}]) => samples.length > 0);
	for (const [name, {samples}] of sampled) {
		const labels = new Set(samples.flatMap(sample => Object.keys(sample.labels)).filter(label => label !== 'le'));
		expect([...labels], name).toEqual(labelsOf(name as MetricName));
	}
	// In this test nothing is refused, expires, is notified or scanned, and there are no workers elsewhere.
	expect(sampled.length).toBeGreaterThan(METRIC_NAMES.length - 12);
	for (const name of families.keys()) expect(name).toMatch(known);
	const {text, headers} = await scrape(server.metricsUrl, {accept: 'application/openmetrics-text;version=1.0.0'});
	expect(headers.get('content-type')).toBe(OPEN_METRICS_TEXT);
	readMetrics(text, {isOpenMetrics: true});
	for (const secret of ['ann', 'salaries', file, token]) expect(text).not.toContain(secret);
});

/** All that says something of one server; those of other machines and of webhooks have tests of their own. */
const NAMES = [
	...['build_info', 'tasks_active', 'tasks_queued', 'tasks_limit', 'tasks_total', 'task_duration_seconds'],
	...['task_queue_wait_seconds', 'retries_total', 'rows_total', 'read_bytes_total', 'inbox_files'],
	...['inbox_oldest_file_age_seconds', 'last_success_timestamp_seconds', 'uploads_active', 'upload_bytes_total'],
	...['uploads_total', 'http_requests_total', 'http_request_duration_seconds', 'refused_requests_total'],
	...['auth_failures_total', 'event_streams_active', 'event_log_events', 'event_resets_total'],
	...['ledger_commit_duration_seconds', 'ledger_bytes', 'disk_free_bytes', 'content_expired_total'],
];

test('there is every metric that monitoring may ask for, also of a folder that is watched beside', async () => {
	const folder = createTemporaryFolder();
	const files = {waiting: 3, skipped: 0, processing: 1, completed: 7, failed: 2, duplicate: 0};
	const status = {files, oldest: {file: 'a.csv', age: 12.5}, health: {status: 'ok', reasons: []}};
	mkdirSync(folder.at('unprocessed'));
	const inbox = {
		look: () => ({status, files: []}) as unknown as FolderLook,
		unprocessed: folder.at('unprocessed'),
		needsMarker: false,
		tags: () => [],
		retry: async () => [],
		pause() {},
		resume() {},
	};
	const server = await startTestServer({
		...{inbox, workersElsewhere: () => [], metricsAddress: {host: '127.0.0.1', port: 0}},
	});
	const families = readMetrics((await scrape(server.metricsUrl)).text, {isOpenMetrics: false});
	expect([...families.keys()]).toEqual(expect.arrayContaining(NAMES.map(name => `fileproc_${name}`)));
	// Alerts and dashboards are made of that table, so it has what there is, and nothing else.
	expect([...families.keys()].sort()).toEqual([...METRIC_NAMES].sort());
	expect(valueIn(families, 'fileproc_inbox_files', {state: 'waiting'})).toBe(3);
	expect(valueIn(families, 'fileproc_inbox_files', {state: 'failed'})).toBe(2);
	expect(valueIn(families, 'fileproc_inbox_oldest_file_age_seconds')).toBe(12.5);
	for (const volume of ['data', 'inbox'])
		expect(valueIn(families, 'fileproc_disk_free_bytes', {volume})).toBeGreaterThan(0);
	for (const name of ['process_open_fds', 'nodejs_eventloop_lag_p99_seconds'])
		expect(valueIn(families, name)).toBeGreaterThan(0);
});

test('files that expire and uploads that come to nothing are counted by their kinds', async () => {
	const server = await startTestServer({
		isOpen: true,
		datasetTtlMs: 1,
		metricsAddress: {host: '127.0.0.1', port: 0},
	});
	await server.upload(null, 'a.csv', GOOD_FILE);
	const wrong = {'content-digest': `sha-256=:${Buffer.alloc(32).toString('base64')}:`};
	const refused = await server.ask('PUT', '/api/v1/files/b.csv', {headers: wrong, body: 'a,b\n'});
	expect(refused.status).toBeGreaterThanOrEqual(400);
	await wait(2);
	await server.tidyUp();
	const families = readMetrics((await scrape(server.metricsUrl)).text, {isOpenMetrics: false});
	expect(valueIn(families, 'fileproc_content_expired_total', {class: 'dataset'})).toBe(1);
	expect(valueIn(families, 'fileproc_content_expired_total', {class: 'result'})).toBe(0);
	expect(valueIn(families, 'fileproc_uploads_total', {outcome: 'completed'})).toBe(1);
	expect(valueIn(families, 'fileproc_uploads_total', {outcome: 'failed'})).toBe(1);
});

test('what is refused by a limit is counted by its name', async () => {
	const server = await startTestServer({
		isOpen: true,
		metricsAddress: {host: '127.0.0.1', port: 0},
		quotaFiles: 0,
		requestsPerMinute: 2,
	});
	for (let count = 0; count < 5; count++) await server.ask('POST', '/upload', {body: formOf(['a.csv', GOOD_FILE])});
	await vi.waitFor(async () => {
		const families = readMetrics((await scrape(server.metricsUrl)).text, {isOpenMetrics: false});
		expect(valueIn(families, 'fileproc_refused_requests_total', {policy: 'user'})).toBe(3);
	}, PATIENT);
});

test('on the listener of the users metrics are for operators and who has the token of monitoring, as is all of the health', async () => {
	const server = await startTestServer({metricsTokenFile: tokenFile()});
	const [admin, user] = [await server.admin(), await server.account('ben')];
	const statusFor = async (token: string | null) => (await server.ask('GET', '/metrics', {token})).status;
	expect(await statusFor(null)).toBe(401);
	expect(await statusFor(`${TOKEN}x`)).toBe(401);
	expect(await statusFor(user)).toBe(403);
	expect(await statusFor(admin)).toBe(200);
	const {status, headers, text} = await server.ask('GET', '/metrics', {token: TOKEN});
	expect([status, headers.get('content-type')]).toEqual([200, PROMETHEUS_TEXT]);
	readMetrics(text, {isOpenMetrics: false});
	const from = {'x-forwarded-for': '198.51.100.7'};
	expect((await server.ask('GET', '/health', {headers: from})).json).toEqual({status: 'healthy'});
	expect((await server.ask('GET', '/health', {token: TOKEN, headers: from})).json).toHaveProperty('system');
	const [accept, type] = ['application/health+json', /^application\/health\+json/];
	const told = await server.ask('GET', '/health', {headers: {accept}});
	expect(told.headers.get('content-type')).toMatch(type);
	expect(told.json).toMatchObject({status: 'pass', checks: {database: [{status: 'pass'}]}});
	expect((await server.ask('GET', '/health', {headers: {...from, accept}})).json).toEqual({status: 'pass'});
	const open = await startTestServer({isHealthPublic: true});
	expect((await open.ask('GET', '/health', {headers: from})).json).toHaveProperty('system');
	// It is for monitoring only.
	expect((await server.ask('GET', '/files', {token: TOKEN})).status).toBe(401);
});

test('a server without accounts asks for the token of monitoring where it has one', async () => {
	const statusFor = async (server: TestServer, token: string | null) =>
		(await server.ask('GET', '/metrics', {token})).status;
	const [closed, open] = [
		await startTestServer({isOpen: true, metricsTokenFile: tokenFile()}),
		await startTestServer({isOpen: true}),
	];
	for (const token of [null, `${TOKEN}x`]) {
		expect(await statusFor(closed, token)).toBe(401);
		expect(await statusFor(open, token)).toBe(200);
	}
	expect(await statusFor(closed, TOKEN)).toBe(200);
	expect((await closed.ask('GET', '/files')).status).toBe(200);
});

test('on a listener of their own metrics are all there is, and with a token only for who has it', async () => {
	const metricsAddress = {host: '127.0.0.1', port: 0};
	const server = await startTestServer({metricsAddress});
	expect((await scrape(server.metricsUrl.replace('/metrics', '/files'))).status).toBe(404);
	expect((await fetch(server.metricsUrl, {method: 'POST'})).status).toBe(405);
	const guarded = await startTestServer({metricsAddress, metricsTokenFile: tokenFile()});
	expect((await scrape(guarded.metricsUrl)).status).toBe(401);
	expect((await scrape(guarded.metricsUrl, {authorization: `Bearer ${TOKEN}`})).status).toBe(200);
});

test('another token of monitoring is in use once the server is told so; one that cannot be used changes nothing', async () => {
	const metricsTokenFile = tokenFile();
	const server = await startTestServer({metricsTokenFile});
	const statusFor = async (token: string) => (await server.ask('GET', '/metrics', {token})).status;
	writeFileSync(metricsTokenFile, 'another-token-of-the-test\n');
	expect([await statusFor(TOKEN), await statusFor('another-token-of-the-test')]).toEqual([200, 401]);
	await server.reload();
	expect([await statusFor(TOKEN), await statusFor('another-token-of-the-test')]).toEqual([401, 200]);
	writeFileSync(metricsTokenFile, 'short\n');
	await expect(server.reload()).rejects.toThrow(/has no token/);
	expect(await statusFor('another-token-of-the-test')).toBe(200);
});

test('a token that can be guessed, or is not there, and a port that is taken keep the server from starting', async () => {
	const folder = createTemporaryFolder();
	writeFileSync(folder.at('short'), 'secret\n');
	for (const [name, sentence] of [
		['none', /none \(--metrics-token-file\) cannot be read: ENOENT/],
		['short', /short \(--metrics-token-file\) has no token: expected one line of 16/],
	] as const)
		await expect(startTestServer({metricsTokenFile: folder.at(name)})).rejects.toThrow(sentence);
	const first = await startTestServer({metricsAddress: {host: '127.0.0.1', port: 0}});
	const port = Number(new URL(first.metricsUrl).port);
	const dataFolder = folder.at('data');
	const second = startTestServer({dataFolder, metricsAddress: {host: '127.0.0.1', port}});
	await expect(second).rejects.toMatchObject({code: 'EADDRINUSE'});
	await startTestServer({dataFolder});
});
