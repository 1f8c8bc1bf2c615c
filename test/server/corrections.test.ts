// Rejected records that are corrected and sent in again: the new file is linked to the first one, and both are counted together.
import {parse} from 'csv-parse/sync';
import {expect, test} from 'vitest';
import {formOf, GOOD_FILE, startTestServer, type TestServer} from '../helpers/server.ts';

const BAD = `${GOOD_FILE}x1,c1,none,2024-01-01,food\nx2,c1,some,2024-01-01,food\n`;

/** A file with two rejected records, and these as they are fetched, with so many of them put right. */
async function rejected(server: TestServer, name = 'sales.csv', token: string | null = null) {
	const file = await server.upload(token, name, BAD);
	const task = await server.run(token, file);
	await server.untilTask(token, task, 'COMPLETED');
	const {text} = await server.ask('GET', `/api/v1/results/${task}/rejects.csv`, {token});
	const [heading = [], ...rows] = parse(text) as string[][];
	const corrected = rows.map((row, index) => row.with(heading.indexOf('amount'), `${index + 1}.00`));
	const fixed = [heading, ...corrected]
		.map(row => `${row.map(cell => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`)
		.join('');
	return {file, task, fixed};
}

const viewOf = async (server: TestServer, file: string) => (await server.ask('GET', `/api/v1/files/${file}`)).json;

test('corrected records are linked to the file that they were rejected of, and file and result count both', async () => {
	const server = await startTestServer({isOpen: true});
	const {file, task, fixed} = await rejected(server);
	const before = await viewOf(server, file);
	expect(before).toMatchObject({rows: 22, rejected_rows: 2, corrects: null, corrections: [], with_corrections: null});
	const sent = await server.ask('POST', '/upload?task_id=transactions', {body: formOf(['my corrections.csv', fixed])});
	const [{file_id: second, task_execution_id: again, corrects}] = sent.json.files;
	expect(corrects).toBe(file);
	await server.untilTask(null, again, 'COMPLETED');
	const both = {
		corrections: [{file_id: second, name: 'my corrections.csv', task_execution_id: again, rows: 2, rejected_rows: 0}],
		with_corrections: {rows: 24, rejected_rows: 2},
	};
	expect(await viewOf(server, file)).toMatchObject({...both, rows: 22, rejected_rows: 2});
	expect((await server.ask('GET', `/api/v1/results/${task}`)).json).toMatchObject(both);
	expect(await viewOf(server, second)).toMatchObject({corrects: file, corrections: [], rows: 2});
	expect((await server.ask('GET', '/stats')).json.rows).toMatchObject({read: 24, rejected: 2});
	expect((await server.ask('GET', '/api/v1/history')).json.tasks).toHaveLength(2);
	// What is deleted was counted, and stays so.
	expect((await server.ask('DELETE', `/api/v1/files/${second}`)).status).toBe(204);
	expect(await viewOf(server, file)).toMatchObject(both);
});

test('a correction of a correction is one of the first file; one that is told by its id is linked whatever is in it, also in pieces', async () => {
	const server = await startTestServer({isOpen: true});
	const {file, fixed} = await rejected(server);
	const spoiled = fixed.replace('"1.00"', '"what"');
	const second = await server.upload(null, 'fixed.csv', spoiled);
	await server.untilTask(null, await server.run(null, second), 'COMPLETED');
	const put = await server.ask('PUT', `/api/v1/files/third.csv?corrects=${second}`, {body: GOOD_FILE});
	expect(put.json.corrects).toBe(file);
	const metadata = `filename ${btoa('fourth.csv')},corrects ${btoa(file)}`;
	const begun = await server.ask('POST', '/api/v1/uploads', {
		headers: {'tus-resumable': '1.0.0', 'upload-length': '4', 'upload-metadata': metadata},
	});
	const done = await server.ask('PATCH', begun.headers.get('location') ?? '', {
		headers: {'tus-resumable': '1.0.0', 'upload-offset': '0', 'content-type': 'application/offset+octet-stream'},
		body: 'a,b\n',
	});
	expect((await viewOf(server, done.headers.get('upload-file-id') ?? '')).corrects).toBe(file);
	const names = (await viewOf(server, file)).corrections.map(({name}: {name: string}) => name);
	expect(names).toEqual(['fixed.csv', 'third.csv', 'fourth.csv']);
});

test('what is another account’s is not corrected, and one that is told of by a wrong id is refused before a byte is taken', async () => {
	const server = await startTestServer();
	const [ann, ben] = [server.seat('ann').token, server.seat('ben').token];
	const {file, fixed} = await rejected(server, 'sales.csv', ann);
	const {json} = await server.ask('POST', '/upload', {token: ben, body: formOf(['fixed.csv', fixed])});
	expect(json.files[0].corrects).toBeNull();
	const refused = await server.ask('PUT', `/api/v1/files/b.csv?corrects=${file}`, {token: ben, body: GOOD_FILE});
	expect(refused.status).toBe(404);
	const headers = {
		'tus-resumable': '1.0.0',
		'upload-length': '4',
		'upload-metadata': `filename ${btoa('b.csv')},corrects ${btoa(file)}`,
	};
	expect((await server.ask('POST', '/api/v1/uploads', {token: ben, headers})).status).toBe(404);
	expect((await server.ask('GET', '/files', {token: ben})).json.files).toHaveLength(1);
});
