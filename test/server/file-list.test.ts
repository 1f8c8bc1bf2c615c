// The list of files: what was made of each last, by the terms of the dashboard's filter, page by page.
import {expect, test} from 'vitest';
import {GOOD_FILE, startTestServer} from '../helpers/server.ts';

test('files are listed with what was made of them, by terms, page by page', async () => {
	const server = await startTestServer({isOpen: true});
	const upload = (name: string, text: string) => server.upload(null, name, text);
	const good = await upload('orders.csv', GOOD_FILE);
	const bad = await upload('orders of ümit.csv', GOOD_FILE.replaceAll('2024', 'never'));
	const other = await upload('names.csv', 'name\nann\n');
	const stored = await upload('later.csv', GOOD_FILE);
	for (const [file, state] of [
		[good, 'COMPLETED'],
		[bad, 'COMPLETED'],
		[other, 'FAILED'],
	] as const)
		await server.untilTask(null, await server.run(null, file), state);
	const list = async (q: string, more = '') => {
		const {json} = await server.ask('GET', `/files?q=${encodeURIComponent(q)}${more}`);
		return json.files.map(({file_id}: {file_id: string}) => file_id);
	};
	expect(await list('')).toEqual([good, bad, other, stored]);
	expect(await list('status:failed')).toEqual([other]);
	expect(await list('status:completed')).toEqual([good, bad]);
	expect(await list('status:done')).toEqual([good]);
	expect(await list('status:rejected')).toEqual([bad]);
	expect(await list('!status:completed,failed')).toEqual([stored]);
	expect(await list('"ORDERS OF Ü"')).toEqual([bad]);
	expect(await list('analysis:trans orders')).toEqual([good, bad]);
	expect(await list('rejected>10')).toEqual([bad]);
	expect(await list('rows>10 !rejected>10')).toEqual([good]);

	const first = await server.ask('GET', '/files?q=orders&limit=1');
	expect(first.json.files).toHaveLength(1);
	const next = /^<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1];
	const second = await server.ask('GET', String(next));
	expect(second.json).toMatchObject({files: [{file_id: bad}], next_cursor: null});

	const refused = await server.ask('GET', '/files?q=status:odd');
	expect(refused).toMatchObject({status: 400, json: {code: 'BAD_FILTER'}});
	expect(refused.json.detail).toContain('There is no status “odd”');

	const {json} = await server.ask('GET', `/api/v1/files/${other}`);
	expect(json).toMatchObject({
		...{file_id: other, name: 'names.csv', size: 9, source: 'api', owner: 'local', route: null, tag: null},
		...{status: 'FAILED', attempts: 1, rows: null, task_id: 'transactions', error: {code: 'MISSING_COLUMN'}},
	});
	expect(json.processing_time).toBeGreaterThanOrEqual(0);
	expect(json.completed_at >= json.started_at && json.started_at >= json.received_at).toBe(true);
	expect((await server.ask('GET', `/api/v1/files/${stored}`)).json).toMatchObject({
		...{status: 'STORED', attempts: 0, task_id: null, task_execution_id: null, started_at: null, error: null},
	});
});

test('of very many files a page looks at some, also where it finds none, and says where to go on', async () => {
	const server = await startTestServer({isOpen: true});
	const first = await server.upload(null, 'first.csv', GOOD_FILE);
	server.writeLedger(database => {
		database.exec(`WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 6000)
			INSERT INTO datasets (id, account, name, source, state, bytes, sha256, received_at)
			SELECT 'f_' || n, account, CASE n WHEN 6000 THEN 'last.csv' ELSE 'other.csv' END, 'api', 'stored', 1, sha256, 0
			FROM numbers, (SELECT account, sha256 FROM datasets)`);
	});
	const find = async (path: string) => {
		const {json, headers} = await server.ask('GET', path);
		const next = /^<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1] ?? null;
		expect(next === null).toBe(json.next_cursor === null);
		return {ids: json.files.map(({file_id}: {file_id: string}) => file_id), next};
	};
	const begin = await find('/files?q=last');
	expect(begin.ids).toEqual([]);
	expect(await find(begin.next ?? '')).toEqual({ids: ['f_6000'], next: null});
	// All of them, each once.
	const all: string[] = [];
	for (let path: string | null = '/files?limit=1000'; path !== null; ) {
		const page: {ids: string[]; next: string | null} = await find(path);
		expect(page.ids.length).toBeLessThanOrEqual(1000);
		all.push(...page.ids);
		path = page.next;
	}
	expect(all).toEqual([first, ...Array.from({length: 6000}, (_, index) => `f_${index + 1}`)]);
});
