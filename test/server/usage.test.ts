import {expect, test} from 'vitest';
import {PATIENT} from '../helpers/patient.ts';
import {GOOD_FILE, startTestServer} from '../helpers/server.ts';

test('everybody sees what they have of what they may have, and operators what each has', async () => {
	const server = await startTestServer({
		...{maxConcurrentTasks: 0, quotaBytes: 1_000_000, quotaFiles: 9, maxQueued: 50, maxQueuedPerUser: 20},
		...{maxStreamsPerUser: 7, registration: 'open'},
	});
	const [root, ann] = [await server.admin(), await server.account('ann')];
	const file = await server.upload(ann, 'a.csv', GOOD_FILE);
	for (const _ of [1, 2]) await server.run(ann, file);
	const announced = {'tus-resumable': '1.0.0', 'upload-length': '500'};
	await server.ask('POST', '/api/v1/uploads', {token: ann, headers: announced});
	const bytes = GOOD_FILE.length;
	const {json} = await server.ask('GET', '/api/v1/usage', {token: ann});
	expect(json).toEqual({
		user: {id: expect.any(String), name: 'ann', role: 'user'},
		files: {used: 2, limit: 9},
		bytes: {used: bytes + 500, limit: 1_000_000, limit_of_a_file: 64 * 1024 * 1024},
		running: {used: 0, limit: 0},
		waiting: {used: 2, limit: 20},
		streams: {used: 0, limit: 7},
		months: [
			{
				month: new Date().toISOString().slice(0, 7),
				...{tasks: 2, completed: 0, failed: 0, bytes: 0, rows: 0, rejected_rows: 0},
			},
		],
	});
	await server.restart({maxConcurrentTasks: 1, quotaBytes: null});
	await expect
		.poll(async () => (await server.ask('GET', '/api/usage', {token: ann})).json, PATIENT)
		.toMatchObject({
			bytes: {limit: null},
			waiting: {used: 0},
			months: [{tasks: 2, completed: 2, bytes: 2 * bytes, rows: 40}],
		});
	expect((await server.ask('GET', '/api/v1/usage/users', {token: ann})).status).toBe(403);
	const {users} = (await server.ask('GET', '/api/v1/usage/users', {token: root})).json;
	expect(users).toMatchObject([
		{name: 'ann', role: 'user', files: 1, bytes, running: 0, waiting: 0},
		{name: 'root', role: 'admin', files: 0, bytes: 0, running: 0, waiting: 0},
	]);
});
