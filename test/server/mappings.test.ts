// Mappings: which headings of files are which columns, kept under a name, and used for the next file with the same heading.
import {expect, test} from 'vitest';
import {type Reply, startTestServer, type TestServer} from '../helpers/server.ts';
import {zipOf} from '../helpers/zip.ts';

const HEADINGS = ['Wert 7', 'Stichtag', 'Wer', 'Wofür'];
const MAP = {amount: 'Wert 7', date: 'Stichtag', customer_id: 'Wer', category: 'Wofür'};
const ROWS = '1.50,2024-01-01,k1,food\n2.25,2024-01-02,k2,fuel\n';
const FILE = `${HEADINGS.join(',')}\n${ROWS}`;

const save = (
	server: TestServer,
	name: string,
	json: object = {map: MAP, headings: HEADINGS},
	headers: Record<string, string> = {},
): Promise<Reply> => server.ask('PUT', `/api/v1/mappings/${encodeURIComponent(name)}`, {json, headers});

const run = (server: TestServer, file_id: string, more: object = {analyses: ['transactions']}): Promise<Reply> =>
	server.ask('POST', '/api/run', {json: {file_id, ...more}, headers: {prefer: 'wait=60'}});

const open = (): Promise<TestServer> => startTestServer({isOpen: true});

test('the next file with the same heading, in any order, is read by the mapping, and task, events and result say so', async () => {
	const server = await open();
	const before = await server.upload(null, 'a.csv', FILE);
	expect((await run(server, before)).json).toMatchObject({status: 'FAILED', mapping: null});
	expect((await save(server, 'Filiale Berlin', {map: MAP, file_id: before})).json).toMatchObject({
		...{name: 'Filiale Berlin', version: 1, headings: HEADINGS, map: MAP},
	});
	const turned = `Wofür,Wer,Wert 7,Stichtag\nfood,k1,1.50,2024-01-01\nfuel,k2,2.25,2024-01-02\n`;
	const mapping = {name: 'Filiale Berlin', version: 1, is_automatic: true};
	for (const [name, text] of [
		['b.csv', FILE],
		['c.csv', turned],
	] as const) {
		const file = await server.upload(null, name, text);
		const {json} = await run(server, file);
		expect(json).toMatchObject({status: 'COMPLETED', mapping, options: {}, rows: 2});
		const result = (await server.ask('GET', json.links.result)).json;
		expect(result).toMatchObject({mapping, result: {total_amount_exact: '3.75'}});
		expect((await server.ask('GET', `/api/v1/files/${file}/preview`)).json.mapping).toEqual({
			...{name: 'Filiale Berlin', version: 1, map: MAP},
		});
	}
	// Whose task failed before completes now.
	const again = await run(server, before);
	expect(again.json).toMatchObject({status: 'COMPLETED', mapping});
	const response = await server.fetch('GET', `${again.json.links.events}?after=0`);
	const reader = response.body?.getReader();
	let events = '';
	while (!events.includes('run-completed')) events += new TextDecoder().decode((await reader?.read())?.value);
	await reader?.cancel();
	expect(/event: run-started\n.*data: (.*)\n/s.exec(events)?.[1] ?? events).toContain(
		'"mapping":{"name":"Filiale Berlin"',
	);
});

test('a file that waits for its scanner is not read for its heading, and of two who remove a mapping at once one has', async () => {
	const server = await startTestServer({
		...{isOpen: true, scan: {scanner: {command: ['/no/such/program']}, onOutage: 'hold'}, onFault() {}},
	});
	const file = await server.upload(null, 'a.csv', FILE);
	expect(await save(server, 'm', {map: MAP, file_id: file})).toMatchObject({status: 409, json: {code: 'SCANNING'}});
	await save(server, 'm');
	const removed = await Promise.all([1, 2].map(() => server.ask('DELETE', '/api/v1/mappings/m')));
	expect(removed.map(({status}) => status).toSorted()).toEqual([204, 404]);
});

test('another heading, another analysis, a map of the task’s own, an archive and the name none are read without it', async () => {
	const server = await open();
	await save(server, 'm');
	const file = await server.upload(null, 'a.csv', FILE);
	const zip = await server.upload(null, 'c.zip', zipOf([{name: 'a.csv', content: FILE}]));
	const other = await server.upload(null, 'b.csv', `Wert 7,Stichtag,Wer\n1,2024-01-01,k1\n`);
	for (const [id, asked] of [
		[other, {analyses: ['transactions']}],
		[zip, {analyses: ['transactions']}],
		[file, {analyses: ['transactions'], mapping: 'none'}],
		[file, {analyses: ['profile']}],
		[file, {analyses: ['transactions'], options: {map: MAP}}],
	] as const)
		expect((await run(server, id, asked)).json).toMatchObject({mapping: null});
	expect((await run(server, file, {})).json).toMatchObject({mapping: {name: 'm'}, status: 'COMPLETED'});
});

test('a mapping that is asked for by its name is that version, whatever becomes of it; what cannot be is refused', async () => {
	const server = await startTestServer({isOpen: true, maxConcurrentTasks: 1});
	await save(server, 'm');
	const file = await server.upload(null, 'a.csv', FILE);
	const asked = {file_id: file, analyses: ['transactions'], mapping: 'm'};
	const first = await server.ask('POST', '/api/run', {json: asked});
	expect(first.json.mapping).toEqual({name: 'm', version: 1, is_automatic: false});
	expect((await server.ask('DELETE', '/api/v1/mappings/m')).status).toBe(204);
	expect(await server.untilTask(null, first.json.task_execution_id, 'COMPLETED')).toMatchObject({
		mapping: {name: 'm', version: 1},
	});
	expect((await run(server, file, {mapping: 'm'})).json).toMatchObject({status: 400, code: 'UNKNOWN_MAPPING'});
	// Its number is never that of another one.
	expect((await save(server, 'm')).json.version).toBe(2);
	for (const [json, code] of [
		[{mapping: 'm', options: {map: MAP}}, 'BAD_OPTION'],
		[{mapping: 'm', analyses: ['sales']}, 'BAD_OPTION'],
	] as const)
		expect((await run(server, file, json)).json).toMatchObject({code});
	for (const path of ['/upload?task_id=transactions&mapping=m', '/upload?mapping=m']) {
		const form = new FormData();
		form.append('file', new Blob([FILE]), 'b.csv');
		const {json} = await server.ask('POST', path, {body: form});
		expect(await server.untilTask(null, json.files[0].task_execution_id, 'COMPLETED')).toMatchObject({
			mapping: {name: 'm', version: 2, is_automatic: false},
		});
	}
	const bulk = await server.ask('POST', '/api/v1/bulk', {
		json: {action: 'run', q: 'a.csv', expected_count: 1, analyses: ['transactions'], mapping: 'm'},
	});
	expect(bulk.status).toBe(202);
});

test('a change names the version that was seen, makes the next one, and earlier ones stay', async () => {
	const server = await open();
	const first = await save(server, 'm');
	expect([first.status, first.headers.get('etag'), first.headers.get('location')]).toEqual([
		...[201, '"1"', '/api/v1/mappings/m'],
	]);
	// The same once more is no change.
	expect((await save(server, 'm')).json).toEqual(first.json);
	const changed = {map: {amount: 'Wert 7'}, headings: HEADINGS};
	expect((await save(server, 'm', changed)).json).toMatchObject({status: 428, code: 'VERSION_NEEDED'});
	for (const tag of ['"2"', '"x"', 'W/"1"'])
		expect((await save(server, 'm', changed, {'if-match': tag})).json).toMatchObject({
			...{status: 412, code: 'VERSION_CHANGED', version: 1},
		});
	const second = await save(server, 'm', changed, {'if-match': '"1"'});
	expect([second.status, second.json.version]).toEqual([200, 2]);
	expect((await save(server, 'm', {map: MAP, headings: HEADINGS}, {'if-match': '*'})).json.version).toBe(3);
	expect((await save(server, 'new', changed, {'if-match': '*'})).status).toBe(412);
	const {json} = await server.ask('GET', '/api/v1/mappings/m/versions?limit=2');
	expect(json.versions.map(({version}: {version: number}) => version)).toEqual([3, 2]);
	const rest = await server.ask('GET', `/api/v1/mappings/m/versions?limit=2&cursor=${json.next_cursor}`);
	expect(rest.json).toMatchObject({versions: [{version: 1, map: MAP}], next_cursor: null});
	expect((await server.ask('GET', '/api/v1/mappings/m?version=2')).json.map).toEqual({amount: 'Wert 7'});
	expect((await server.ask('GET', '/api/v1/mappings/m?version=4')).status).toBe(404);
	expect((await server.ask('GET', '/api/v1/mappings')).json.mappings).toMatchObject([{name: 'm', version: 3}]);
	for (const [tag, status] of [
		['"2"', 412],
		['"3"', 204],
	] as const)
		expect((await server.ask('DELETE', '/api/v1/mappings/m', {headers: {'if-match': tag}})).status).toBe(status);
	expect((await server.ask('GET', '/api/v1/mappings/m/versions')).status).toBe(404);
});

test('of changes at the same time one is made, and the others are told so', async () => {
	const server = await open();
	await save(server, 'm');
	const changes = Array.from({length: 8}, (_, index) =>
		save(server, 'm', {map: MAP, headings: [...HEADINGS, `x${index}`]}, {'if-match': '"1"'}),
	);
	const statuses = (await Promise.all(changes)).map(({status}) => status);
	expect(statuses.toSorted()).toEqual([200, ...Array<number>(7).fill(412)]);
	expect((await server.ask('GET', '/api/v1/mappings/m')).json.version).toBe(2);
});

test('a name, a map or headings that cannot be used are refused with what was expected', async () => {
	const server = await open();
	for (const name of ['none', ' m', 'a\u200bb', 'a\nb'])
		expect((await save(server, name)).json, name).toMatchObject({status: 400, code: 'BAD_MAPPING'});
	for (const [json, detail] of [
		[{map: {amuont: 'Wert 7'}, headings: HEADINGS}, /did you mean amount/],
		[{map: {amount: 'Summe'}, headings: HEADINGS}, /expected one of Wert 7, Stichtag/],
		[{map: MAP}, /headings, or the file_id/],
	] as const) {
		const reply = await save(server, 'm', json);
		expect(reply.json).toMatchObject({status: 400, code: 'BAD_MAPPING', detail: expect.stringMatching(detail)});
	}
	expect((await save(server, 'm', {map: MAP, file_id: 'f_x'})).status).toBe(404);
	expect((await server.ask('GET', '/api/v1/mappings')).json).toEqual({mappings: []});
});

test('a task that is tried again takes the mapping that there is then', async () => {
	const server = await open();
	const file = await server.upload(null, 'a.csv', FILE);
	const {json: failed} = await run(server, file);
	await save(server, 'm');
	await server.restart();
	const {json} = await server.ask('POST', `${failed.links.self}/retry`);
	expect(await server.untilTask(null, json.task_execution_id, 'COMPLETED')).toMatchObject({mapping: {version: 1}});
});
