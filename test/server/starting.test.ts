// When a server does not start, and who may have its folder.
import {expect, test} from 'vitest';
import {startTestServer} from '../helpers/server.ts';

test('one process serves a folder, and the next one when that has ended', async () => {
	const first = await startTestServer();
	const second = startTestServer({dataFolder: first.dataFolder});
	await expect(second).rejects.toThrow(/served by another process/);
	await first.close();
	const third = await startTestServer({dataFolder: first.dataFolder});
	expect((await third.ask('GET', '/readyz')).status).toBe(200);
});

test('a folder that has accounts is not served without them', async () => {
	const server = await startTestServer();
	await server.account('ann');
	await server.close();
	await expect(startTestServer({dataFolder: server.dataFolder, isOpen: true})).rejects.toThrow(/has accounts/);
	// The folder is free again.
	await startTestServer({dataFolder: server.dataFolder});
});

test('health says what was found', async () => {
	const server = await startTestServer({isOpen: true});
	const {status, json} = await server.ask('GET', '/health');
	expect(status).toBe(200);
	expect(json).toMatchObject({status: 'healthy', checks: {database: 'pass', disk: 'pass'}});
});
