// What operators may do with tasks of others: see, cancel, hold and retry them, one or all that match; and what they may not.
import {expect, test, vi} from 'vitest';
import {PATIENT} from '../helpers/patient.ts';
import {ENDLESS_FILE, GOOD_FILE, startTestServer} from '../helpers/server.ts';

async function scene() {
	const server = await startTestServer({maxConcurrentTasks: 1});
	const [ann, ben, ops] = [server.seat('ann'), server.seat('ben'), server.seat('ops', 'operator')];
	const bad = await server.run(ann.token, await server.upload(ann.token, 'bad.csv', 'a,b\n1,2\n'));
	await server.untilTask(ann.token, bad, 'FAILED');
	return {server, ann, ben, ops, bad};
}

test('an operator sees, holds, cancels and retries a task of somebody else, whose own it stays, and the audit log names both', async () => {
	const {server, ann, ben, ops, bad} = await scene();
	const long = await server.run(ann.token, await server.upload(ann.token, 'endless.csv.gz', ENDLESS_FILE));
	const act = (token: string, id: string, word: string) => server.ask('POST', `/api/v1/run/${id}/${word}`, {token});
	for (const word of ['pause', 'resume', 'cancel'])
		expect((await act(ops.token, long, word)).json, word).toMatchObject({owner_id: ann.id});
	await server.untilTask(ann.token, long, 'CANCELLED');
	expect((await act(ops.token, bad, 'retry')).status).toBe(202);
	await server.untilTask(ann.token, bad, 'FAILED');
	for (const word of ['pause', 'cancel', 'retry']) expect((await act(ben.token, bad, word)).status).toBe(404);
	// What the task came to, and its file, are its owner's alone.
	for (const path of [`results/${bad}`, `run/${bad}/events`])
		expect((await server.ask('GET', `/api/v1/${path}`, {token: ops.token})).status).toBe(404);
	const {lines} = (await server.ask('GET', '/api/v1/audit?limit=50', {token: server.seat('root', 'admin').token})).json;
	for (const action of ['pause', 'cancel', 'retry'])
		expect(lines).toContainEqual(
			expect.objectContaining({action, account: ops.id, details: expect.objectContaining({owner: ann.id})}),
		);
});

test('lists are of one account or of all for operators, and of one’s own for others', async () => {
	const {server, ann, ben, ops, bad} = await scene();
	await server.upload(ben.token, 'ben.csv', GOOD_FILE);
	const names = async (token: string, of: string) => {
		const {status, json} = await server.ask('GET', `/files?of=${encodeURIComponent(of)}`, {token});
		return status === 200
			? json.files.map((file: {owner: string; name: string}) => `${file.owner} ${file.name}`)
			: status;
	};
	expect(await names(ops.token, '*')).toEqual(['ann bad.csv', 'ben ben.csv']);
	expect(await names(ops.token, 'Ben')).toEqual(['ben ben.csv']);
	expect(await names(ops.token, 'nobody')).toBe(404);
	for (const path of ['files', 'run', 'history'])
		expect((await server.ask('GET', `/api/v1/${path}?of=ann`, {token: ben.token})).status).toBe(403);
	for (const path of ['run', 'history']) {
		const {tasks} = (await server.ask('GET', `/api/v1/${path}?of=*`, {token: ops.token})).json;
		expect(tasks).toMatchObject([{task_execution_id: bad, owner_id: ann.id}]);
		expect((await server.ask('GET', `/api/v1/${path}`, {token: ops.token})).json.tasks).toEqual([]);
	}
});

test('one action is done to all files of all accounts that match, by operators alone, and no file is removed so', async () => {
	const {server, ann, ben, ops, bad} = await scene();
	const other = await server.run(ben.token, await server.upload(ben.token, 'worse.csv', 'a,b\n1,2\n'));
	await server.untilTask(ben.token, other, 'FAILED');
	const json = {action: 'retry', q: 'status:failed', of: '*'};
	const plan = await server.ask('POST', '/api/v1/bulk?dry_run=true', {token: ops.token, json});
	expect(plan.json).toMatchObject({total: 2, applies: 2, of: '*'});
	expect((await server.ask('POST', '/api/v1/bulk?dry_run=true', {token: ben.token, json})).status).toBe(403);
	expect((await server.ask('POST', '/api/v1/bulk', {token: ops.token, json: {...json, action: 'delete'}})).status).toBe(
		400,
	);
	const begun = await server.ask('POST', '/api/v1/bulk', {token: ops.token, json: {...json, expected_count: 2}});
	expect(begun.status).toBe(202);
	await vi.waitFor(async () => {
		const {json: bulk} = await server.ask('GET', begun.json.links.self, {token: ops.token});
		expect(bulk).toMatchObject({status: 'COMPLETED', done: 2, of: '*'});
	}, PATIENT);
	for (const [seat, id] of [
		[ann, bad],
		[ben, other],
	] as const)
		expect(await server.untilTask(seat.token, id, 'FAILED')).toMatchObject({attempts: 2});
	expect((await server.ask('GET', begun.json.links.self, {token: ben.token})).status).toBe(404);
});
