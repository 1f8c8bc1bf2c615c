// What has been done: for users of what is theirs, for operators of all.
import {expect, test} from 'vitest';
import {GOOD_FILE, startTestServer} from '../helpers/server.ts';

test('users see the figures of what is theirs, operators those of all', async () => {
	const server = await startTestServer({datasetTtlMs: 3_600_000});
	const admin = await server.admin();
	const [ann, ben] = [await server.account('ann'), await server.account('ben')];
	const nothing = (await server.ask('GET', '/stats', {token: ben})).json;
	expect(nothing).toMatchObject({
		files: {...{completed: 0, failed: 0, cancelled: 0, processing: 0, queued: 0}, ...{duplicate: 0, skipped: 0}},
		...{success_rate: null, processing_time_seconds: {mean: null, p99: null}, rows: {read: 0, rejected: 0}},
		throughput: {files_per_minute: 0, rows_per_second: 0, bytes_per_second: 0},
		storage: {datasets_bytes: 0, results_bytes: 0, events_bytes: 0, oldest_expires_at: null},
	});
	const texts = {COMPLETED: `${GOOD_FILE}t99,c1,not-a-number,2024-01-01,food\n`, FAILED: 'name\nann\n'};
	for (const [state, text] of Object.entries(texts)) {
		const file = await server.upload(ann, 'a.csv', text);
		await server.untilTask(ann, await server.run(ann, file), state);
	}
	const file = await server.upload(ben, 'b.csv', GOOD_FILE);
	await server.untilTask(ben, await server.run(ben, file), 'COMPLETED');

	const ofAnn = (await server.ask('GET', '/stats', {token: ann})).json;
	expect(ofAnn).toMatchObject({
		...{files: {completed: 1, failed: 1}, success_rate: 0.5, rows: {read: 21, rejected: 1}},
		storage: {datasets_bytes: texts.COMPLETED.length + texts.FAILED.length},
	});
	expect(Date.parse(ofAnn.storage.oldest_expires_at)).toBeGreaterThan(Date.now());
	const classOf = (stats: {readonly retention: readonly {readonly class: string}[]}, name: string) =>
		stats.retention.find(each => each.class === name);
	expect(classOf(ofAnn, 'files')).toEqual({
		...{class: 'files', kept_seconds: 3600, kept_count: null, count: 2},
		next_expires_at: ofAnn.storage.oldest_expires_at,
	});
	expect(classOf(ofAnn, 'results')).toMatchObject({kept_seconds: null, count: 1, next_expires_at: null});
	expect(classOf(ofAnn, 'history')).toMatchObject({count: 2});
	expect(classOf(ofAnn, 'events')).toMatchObject({kept_count: 200_000, next_expires_at: null});
	expect(classOf(ofAnn, 'unfinished-uploads')).toMatchObject({kept_seconds: 86_400, count: 0, next_expires_at: null});
	const ofAll = (await server.ask('GET', '/stats', {token: admin})).json;
	expect(ofAll).toMatchObject({files: {completed: 2, failed: 1}, rows: {read: 41, rejected: 1}});
	expect(ofAll.throughput.rows_per_second).toBeGreaterThan(0);
	expect(ofAll.system).toMatchObject({
		...{cpu_ratio: expect.any(Number), rss_bytes: expect.any(Number), uptime_seconds: expect.any(Number)},
	});
	expect(ofAll.storage.results_bytes).toBeGreaterThan(ofAnn.storage.results_bytes);
});

test('operators see the workers on other machines, and nobody where this one reads', async () => {
	const worker = {name: 'east-1', version: '0.1.0', fits: true, isDraining: false, threads: 2, jobs: 1} as const;
	const told = {...worker, filesDone: 3, partsDone: 4, bytesPerSecond: 5e6, seenAgoMs: 500};
	const workersElsewhere = () => [
		told,
		{...told, name: 'west-1', isDraining: true},
		{...told, name: 'old', fits: false},
	];
	const server = await startTestServer({workersElsewhere, metricsAddress: {host: '127.0.0.1', port: 0}});
	const admin = await server.admin();
	const ann = await server.account('ann');
	const {workers} = (await server.ask('GET', '/stats', {token: admin})).json;
	expect(workers).toHaveLength(3);
	expect(workers[0]).toEqual({
		...{name: 'east-1', version: '0.1.0', state: 'ready', threads: 2, jobs: 1, files: 3, parts: 4},
		...{bytes_per_second: 5e6, seen_seconds: 0.5},
	});
	expect((await server.ask('GET', '/stats', {token: ann})).json.workers).toBeUndefined();
	const metrics = await (await fetch(server.metricsUrl ?? '')).text();
	for (const sample of [
		'fileproc_workers{state="ready"} 1',
		'fileproc_workers{state="ending"} 1',
		'fileproc_workers{state="other-version"} 1',
		'fileproc_worker_threads 4',
		'fileproc_worker_jobs 2',
		'fileproc_worker_bytes_per_second 10000000',
	])
		expect(metrics).toContain(sample);
	const alone = await startTestServer();
	expect((await alone.ask('GET', '/stats', {token: await alone.admin()})).json.workers).toBeUndefined();
});
