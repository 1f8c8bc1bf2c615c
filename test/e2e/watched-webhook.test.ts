// Files that wait for another program keep no other one from its turn.
import {readFileSync, writeFileSync} from 'node:fs';
import {expect, test, vi} from 'vitest';
import {transactions} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';
import {WatchedScene} from '../helpers/watched-scene.ts';
import {startWebhookServer} from '../helpers/webhook-server.ts';

/** More than are open at a time. */
const COUNT = 300;

test('a webhook without an answer keeps its own files waiting, and those with the same content, but no other', async () => {
	const scene = new WatchedScene();
	const {url, deliveries} = await startWebhookServer(() => {});
	const routes = [
		{tag: 'hook', match: {name: '*.txt'}, steps: [{processor: 'webhook', with: {url, timeout: 3600}}]},
		{tag: 'rest', match: 'any', steps: [{processor: 'analyze'}]},
	];
	const path = `${scene.root}.routes.json`;
	writeFileSync(path, JSON.stringify({routes}));
	for (let number = 0; number < COUNT; number++)
		writeFileSync(`${scene.root}/unprocessed/${number}.txt`, number < COUNT / 2 ? `${number}` : 'the same');
	const done = (name: string): Promise<void> =>
		vi.waitFor(
			() => expect(scene.list('results').filter(each => each.endsWith(`__${name}.json`))).toHaveLength(1),
			PATIENT,
		);
	// What an earlier process has left is in nobody's way, either.
	for (const name of ['first.csv', 'second.csv']) {
		const watching = scene.start('--routes', path);
		await vi.waitFor(() => expect(scene.list('underprocess')).toHaveLength(COUNT), PATIENT);
		await vi.waitFor(() => expect(deliveries.length).toBeGreaterThan(0), PATIENT);
		writeFileSync(`${scene.root}/unprocessed/${name}`, transactions(name.length));
		await done(name);
		watching.kill();
		await watching.ended;
	}
	// So many requests at a time, of each process.
	expect(deliveries.length).toBeLessThanOrEqual(64);
});

test('a file whose webhook fails is sent as often as its step says, and its reason and the figures know its route', async () => {
	const scene = new WatchedScene();
	const {url, deliveries} = await startWebhookServer(response => response.writeHead(503).end());
	const script = 'echo >> "$0"; exit 75';
	const runs = `${scene.root}.runs`;
	const routes = [
		{tag: 'hook', match: {name: 'hook*'}, steps: [{processor: 'webhook', with: {url, retries: 1}}]},
		{tag: 'command', match: 'any', steps: [{processor: 'command', with: {run: ['sh', '-c', script, runs]}}]},
	];
	const path = `${scene.root}.routes.json`;
	writeFileSync(path, JSON.stringify({routes}));
	for (const name of ['hook.txt', 'command.txt']) writeFileSync(`${scene.root}/unprocessed/${name}`, name);
	expect((await scene.start('--once', '--routes', path).ended).code).toBe(1);
	expect(deliveries).toHaveLength(2);
	// What does not try again by itself is begun anew.
	expect(readFileSync(runs, 'utf8')).toBe('\n\n\n');
	for (const [name, attempts, step] of [
		['hook', 1, 'webhook'],
		['command', 3, 'command'],
	] as const) {
		const reason = scene.list('failed').find(each => each.endsWith(`__${name}.txt.reason.json`)) ?? '';
		expect(JSON.parse(readFileSync(`${scene.root}/failed/${reason}`, 'utf8'))).toMatchObject({
			...{attempts, route: name, step, content_hash: expect.stringMatching(/^sha256:/)},
		});
	}
	expect(scene.events.flatMap(event => (event.type === 'file-failed' ? [event] : []))).toEqual(
		expect.arrayContaining(['hook', 'command'].map(tag => expect.objectContaining({file: `${tag}.txt`, tag}))),
	);
});
