// What several tasks came to together is what one run over all of their files says, to the last digit.
import {expect, test} from 'vitest';
import {processBatch} from '../../source/index.ts';
import {startTestServer, type TestServer} from '../helpers/server.ts';
import {createTemporaryFolder, transactionsHeader} from '../helpers/temporary-folder.ts';
import {zipOf} from '../helpers/zip.ts';

const rows = (start: number, count: number): string =>
	transactionsHeader +
	Array.from({length: count}, (_, index) => {
		const at = start + index;
		return `t${at},c${at % 7},${(at * 37) % 1000}.${10 + (at % 90)},2024-0${1 + (at % 9)}-11,${'abcde'[at % 5]}\n`;
	}).join('');

const combine = (server: TestServer, ids: readonly string[], token: string | null = null) =>
	server.ask('POST', '/api/v1/results/combined', {token, json: {task_execution_ids: ids}});

test('tasks, also of archives, come to the same together as a run over all files', async () => {
	const server = await startTestServer({isOpen: true});
	const folder = createTemporaryFolder();
	const files = {
		'a.csv': rows(0, 400),
		'b.csv': `${rows(300, 250)}x,c1,none,2024-01-01,food\n`,
		'c.zip': zipOf([
			{name: 'd.csv', content: rows(1000, 30)},
			{name: 'e.csv', content: rows(2000, 5)},
		]),
	};
	const ids: string[] = [];
	for (const [name, content] of Object.entries(files)) {
		folder.write(name, content);
		ids.push(await server.run(null, await server.upload(null, name, content), ['transactions', 'profile']));
	}
	for (const id of ids) await server.untilTask(null, id, 'COMPLETED');
	const report = await processBatch([folder.path], {analysis: {allOf: ['transactions', 'profile']}, threads: 1});
	const together = await combine(server, ids);
	expect(together.status, together.text).toBe(200);
	expect(together.json).toMatchObject({files: 3, rows: 686, rejected_rows: 1, task_execution_ids: ids});
	expect(together.json.analyses).toEqual(JSON.parse(JSON.stringify(report.analyses)));
	expect((await combine(server, ids.slice(0, 1))).json.analyses.transactions.total_transactions).toBe(400);
	// Over a restart, too.
	await server.restart();
	expect((await combine(server, ids)).json).toEqual(together.json);
});

test('what has no result, other records, or is another’s is refused', async () => {
	const server = await startTestServer();
	const [ann, ben] = [server.seat('ann').token, server.seat('ben').token];
	const file = await server.upload(ann, 'a.csv', rows(0, 20));
	const good = await server.run(ann, file);
	const bad = await server.run(ann, await server.upload(ann, 'b.csv', 'no,table\n'));
	const asked = {file_id: file, analyses: ['transactions'], options: {where: 'amount > 5'}};
	const some = (await server.ask('POST', '/api/run', {token: ann, json: asked})).json.task_execution_id;
	for (const id of [good, some]) await server.untilTask(ann, id, 'COMPLETED');
	await server.untilTask(ann, bad, 'FAILED');
	expect(await combine(server, [good, bad], ann)).toMatchObject({status: 409, json: {code: 'NOT_COMPLETED'}});
	expect(await combine(server, [good, some], ann)).toMatchObject({status: 409, json: {code: 'NOT_COMBINABLE'}});
	expect(await combine(server, [good], ben)).toMatchObject({status: 404, json: {code: 'NOT_FOUND'}});
	// Made by an earlier version.
	server.writeLedger(database => database.exec(`UPDATE tasks SET partials = NULL WHERE id = '${good}'`));
	expect(await combine(server, [good], ann)).toMatchObject({status: 409, json: {code: 'NOT_COMBINABLE'}});
});

test('more than is added up at once is refused before it is read, and how many fit is said', async () => {
	const server = await startTestServer({isOpen: true});
	const ids: string[] = [];
	for (const name of ['a.csv', 'b.csv'])
		ids.push(await server.run(null, await server.upload(null, name, rows(0, 20 + ids.length))));
	for (const id of ids) await server.untilTask(null, id, 'COMPLETED');
	server.writeLedger(database =>
		database.exec(`UPDATE tasks SET partials = zeroblob(${128 * 1024 * 1024}) WHERE id = '${ids[1]}'`),
	);
	const refused = await combine(server, ids);
	expect(refused).toMatchObject({status: 413, json: {code: 'BODY_TOO_LARGE'}});
	expect(refused.text).toContain('the first 1 of them fit');
	expect((await combine(server, ids.slice(0, 1))).status).toBe(200);
});
