// When a server does not start, and who may have its folder.
import {expect, onTestFinished, test, vi} from 'vitest';
import {PATIENT} from '../helpers/patient.ts';
import {ENDLESS_FILE, startTestServer} from '../helpers/server.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

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

test('a port that is taken leaves nothing behind', async () => {
	const first = await startTestServer();
	const port = Number(new URL(first.url).port);
	const dataFolder = createTemporaryFolder().at('data');
	const before = process.getActiveResourcesInfo().filter(name => name === 'MessagePort').length;
	await expect(startTestServer({dataFolder, port})).rejects.toMatchObject({code: 'EADDRINUSE'});
	await vi.waitFor(
		() => expect(process.getActiveResourcesInfo().filter(name => name === 'MessagePort')).toHaveLength(before),
		PATIENT,
	);
	const second = await startTestServer({dataFolder});
	expect((await second.ask('GET', '/readyz')).status).toBe(200);
});

test('health says what was found', async () => {
	const server = await startTestServer({isOpen: true});
	const {status, json} = await server.ask('GET', '/health');
	expect(status).toBe(200);
	expect(json).toMatchObject({
		status: 'healthy',
		checks: {database: 'pass', disk: 'pass', workers: 'pass', queue: 'pass', clock: 'pass'},
	});
});

test('a full queue, tasks that nobody works on and a clock that was set back are told', async () => {
	const server = await startTestServer({isOpen: true, maxConcurrentTasks: 1, maxQueued: 1});
	const checks = async () => (await server.ask('GET', '/health')).json;
	const file = await server.upload(null, 'endless.csv.gz', ENDLESS_FILE);
	const running = await server.run(null, file);
	await server.untilTask(null, running, 'PROCESSING');
	expect(await checks()).toMatchObject({status: 'healthy', checks: {workers: 'pass', queue: 'pass'}});
	const waiting = await server.run(null, file, ['profile']);
	await vi.waitFor(
		async () => expect(await checks()).toMatchObject({status: 'degraded', checks: {queue: 'fail'}}),
		PATIENT,
	);
	for (const id of [waiting, running]) await server.ask('DELETE', `/api/run/${id}`);
	await vi.waitFor(async () => expect((await checks()).status).toBe('healthy'), PATIENT);
	vi.useFakeTimers({toFake: ['Date']});
	onTestFinished(() => void vi.useRealTimers());
	vi.setSystemTime(Date.now() - 120_000);
	await vi.waitFor(
		async () => expect(await checks()).toMatchObject({status: 'degraded', checks: {clock: 'fail'}}),
		PATIENT,
	);
});
