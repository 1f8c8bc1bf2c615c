// A file that is sent in with the name of a task: it begins at once.
import {expect, test} from 'vitest';
import {formOf, GOOD_FILE, startTestServer} from '../helpers/server.ts';

test('a task begins with each file that is sent, in a form and by PUT', async () => {
	const server = await startTestServer({isOpen: true});
	const sent = await server.ask('POST', '/upload?task_id=transactions', {
		body: formOf(['a.csv', GOOD_FILE], ['.DS_Store', 'x'], ['b.csv', GOOD_FILE]),
	});
	expect(sent).toMatchObject({
		status: 202,
		json: {files: [{name: 'a.csv', status: 'QUEUED'}, {status: 'SKIPPED'}, {name: 'b.csv', status: 'QUEUED'}]},
	});
	const put = await server.ask('PUT', '/api/v1/files/c.csv?task_id=transactions', {body: GOOD_FILE});
	expect(put).toMatchObject({status: 202, json: {name: 'c.csv', status: 'QUEUED'}});
	for (const {task_execution_id: id, file_id, links} of [sent.json.files[0], sent.json.files[2], put.json]) {
		await server.untilTask(null, id, 'COMPLETED');
		expect((await server.ask('GET', links.task)).json).toMatchObject({file_id, task_id: 'transactions'});
	}
});

test('it is refused before a byte is taken where there is no such task, it is not for who asks, or too many wait', async () => {
	const server = await startTestServer({maxQueuedPerUser: 1, maxConcurrentTasks: 1});
	const [user, uploader] = [server.seat('ann').token, server.seat('up', 'uploader').token];
	const send = (token: string, task: string, to = '') =>
		server.ask('POST', `/upload?task_id=${task}${to}`, {token, body: formOf(['a.csv', GOOD_FILE])});
	expect(await send(user, 'nothing')).toMatchObject({status: 400, json: {code: 'UNKNOWN_TASK'}});
	expect((await send(uploader, 'profile')).status).toBe(403);
	expect((await send(user, 'profile', '&to=inbox')).status).toBe(400);
	const {json: made} = await server.ask('POST', '/api/v1/tokens', {
		token: user,
		json: {name: 'x', scopes: ['upload']},
	});
	expect(await send(made.token, 'profile')).toMatchObject({status: 403, json: {code: 'SCOPE_NEEDED'}});
	expect((await server.ask('GET', '/files', {token: user})).json.files).toEqual([]);
	// The file is there where its task has no more room.
	const many = await server.ask('POST', '/upload?task_id=profile', {
		token: user,
		body: formOf(...Array.from({length: 12}, (_, index) => [`${index}.csv`, GOOD_FILE] as const)),
	});
	expect([many.status, many.json.files[0].status]).toEqual([202, 'QUEUED']);
	const refused = many.json.files.filter(({status}: {status: string}) => status !== 'QUEUED');
	expect(refused.length).toBeGreaterThan(0);
	for (const file of refused) {
		expect(file).toMatchObject({status: 'STORED', reason: {code: 'TOO_MANY_TASKS'}});
		expect((await server.ask('GET', file.links.self, {token: user})).status).toBe(200);
	}
});
