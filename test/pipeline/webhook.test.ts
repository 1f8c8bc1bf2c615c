// `webhook`, with a real server.

import {type AddressInfo, createServer} from 'node:net';
import {expect, onTestFinished, test, vi} from 'vitest';
import type {JsonObject} from '../../source/pipeline/pipeline.ts';
import {PATIENT} from '../helpers/patient.ts';
import {createStepRunner, failureOf} from '../helpers/run-step.ts';
import {signatureOf, startWebhookServer} from '../helpers/webhook-server.ts';

const file = {name: 'größe.csv', content: 'a,b\n1,2\n'};

test('what is known of a file is sent as JSON, with a signature that the other side can work out', async () => {
	const {run, folder} = createStepRunner();
	const {url, deliveries} = await startWebhookServer();
	const key = 'a secret ü';
	const settings = {url, secret: {file: folder.write('secret', `${key}\n`)}, headers: {'x-own': 'mine'}};
	const before = Math.floor(Date.now() / 1000);
	const {metadata, outputs, text} = await run('webhook', settings, file, {metadata: {rows: 1}});
	expect({metadata, outputs, text}).toEqual({metadata: {webhook: {status: 200, attempts: 1}}, outputs: [], text: null});
	expect(deliveries).toHaveLength(1);
	const [delivery] = deliveries;
	if (delivery === undefined) throw new Error('Expected a delivery');
	const {headers, body, path} = delivery;
	expect(path).toBe('/hook');
	expect(JSON.parse(body.toString())).toEqual({
		claim: 'c1',
		name: 'größe.csv',
		tag: 'route',
		bytes: 8,
		metadata: {rows: 1},
	});
	expect(headers).toMatchObject({
		'content-type': 'application/json',
		'content-length': String(body.length),
		'x-own': 'mine',
		'x-fileproc-claim': 'c1',
		'x-fileproc-name': encodeURIComponent('größe.csv'),
	});
	expect(Number(headers['x-fileproc-timestamp'])).toBeGreaterThanOrEqual(before);
	expect(headers['x-fileproc-signature']).toBe(signatureOf(key, delivery));
	expect(JSON.stringify(headers)).not.toContain(key);
});

test('the file itself is sent as it is, and signed', async () => {
	const {run} = createStepRunner();
	const {url, deliveries} = await startWebhookServer();
	process.env.WEBHOOK_TEST_KEY = 'k';
	onTestFinished(() => {
		delete process.env.WEBHOOK_TEST_KEY;
	});
	const settings = {url, send: 'file', secret: {env: 'WEBHOOK_TEST_KEY'}};
	const content = Buffer.alloc(3_000_000, 'bytes\0ÿ');
	await run('webhook', settings, {name: 'l.bin', content});
	await run('webhook', settings, {name: 'empty.bin', content: ''});
	expect(deliveries.map(({body}) => body.length)).toEqual([3_000_000, 0]);
	expect(deliveries[0]?.body.equals(content)).toBe(true);
	for (const delivery of deliveries) {
		expect(delivery.headers['x-fileproc-signature']).toBe(signatureOf('k', delivery));
		expect(delivery.headers['content-type']).toBe('application/octet-stream');
	}
});

test('what may pass is tried again, and is the same delivery for the other side', async () => {
	const {run, logged} = createStepRunner();
	const {url, deliveries} = await startWebhookServer((response, count) => {
		if (count === 0) response.writeHead(503).end('not yet');
		else if (count === 1) response.destroy();
		else response.end();
	});
	const {metadata} = await run('webhook', {url}, file);
	expect(metadata).toEqual({webhook: {status: 200, attempts: 3}});
	expect(new Set(deliveries.map(({body}) => body.toString())).size).toBe(1);
	expect(new Set(deliveries.map(({headers}) => headers['x-fileproc-claim'])).size).toBe(1);
	expect(logged.join('\n')).toMatch(/The answer was 503: not yet; tried again in .*\n.*There was no answer/);
});

test('a refusal fails the file at once, anything else after the retries', async () => {
	const {run} = createStepRunner();
	const failed = async (settings: JsonObject) => {
		const {code, message, mayPass} = await failureOf(run('webhook', settings, file));
		expect(code).toBe('WEBHOOK_FAILED');
		return [message.replace(/127\.0\.0\.1:\d+/, 'host'), mayPass];
	};
	const refusing = await startWebhookServer(response => response.writeHead(403).end('not\nyou'));
	expect(await failed({url: refusing.url})).toEqual(['host: The answer was 403: not you', false]);
	expect(refusing.deliveries).toHaveLength(1);
	const broken = await startWebhookServer(response => response.writeHead(500).end('x'.repeat(5_000_000)));
	expect(await failed({url: broken.url, retries: 1})).toEqual([
		`host: The answer was 500: ${'x'.repeat(300)}, 2 times`,
		true,
	]);
	expect(broken.deliveries).toHaveLength(2);
	const nobody = await startWebhookServer();
	const closed = nobody.url.replace(/:\d+/, ':1');
	expect((await failed({url: closed, retries: 0}))[0]).toContain('ECONNREFUSED');
});

test('a redirect is refused, and nothing goes where it leads', async () => {
	const {run} = createStepRunner();
	const other = await startWebhookServer();
	const {url} = await startWebhookServer(response => response.writeHead(307, {location: other.url}).end());
	const error = await failureOf(run('webhook', {url}, file));
	expect(error.message).toContain(`The answer was 307, a redirect to ${other.url}, which is not followed`);
	expect(error.mayPass).toBe(false);
	expect(other.deliveries).toHaveLength(0);
});

test('the other side is waited for as long as it asks', async () => {
	const {run} = createStepRunner();
	const {url, deliveries} = await startWebhookServer((response, count) =>
		count === 0 ? response.writeHead(429, {'retry-after': '1'}).end() : response.end(),
	);
	const startedAtMs = performance.now();
	await run('webhook', {url}, file);
	expect(deliveries).toHaveLength(2);
	expect(performance.now() - startedAtMs).toBeGreaterThan(950);
});

/** Answers nothing, or a byte now and then. */
async function startSlowServers(): Promise<readonly string[]> {
	const silent = await startWebhookServer(() => {});
	const dripping = await startWebhookServer(response => {
		response.writeHead(200);
		const timer = setInterval(() => response.write('.'), 20);
		response.on('close', () => clearInterval(timer));
	});
	return [silent.url, dripping.url];
}

test('a server that does not come to an end fails the file after its time', async () => {
	const {run} = createStepRunner();
	for (const url of await startSlowServers()) {
		const error = await failureOf(run('webhook', {url, timeout: 0.5, retries: 0}, file));
		expect(error.message).toContain('There was no answer: it took more than 0.5 s');
		expect(error.mayPass).toBe(true);
	}
});

test('a server that does not come to an end holds up its own file, and no other one', async () => {
	const {run} = createStepRunner();
	const good = await startWebhookServer();
	const controller = new AbortController();
	const hanging = (await startSlowServers()).map(url =>
		run('webhook', {url, timeout: 300}, file, {signal: controller.signal}),
	);
	for (let count = 0; count < 20; count++) await run('webhook', {url: good.url}, file);
	expect(good.deliveries).toHaveLength(20);
	controller.abort(new Error('no longer'));
	for (const each of hanging) await expect(each).rejects.toThrow('no longer');
});

test('one that does not read what it is sent fails after its time, too', async () => {
	const {run} = createStepRunner();
	const server = createServer(socket => socket.pause());
	await new Promise<void>(resolve => {
		server.listen(0, '127.0.0.1', resolve);
	});
	onTestFinished(() => {
		server.close();
	});
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
	const large = {name: 'large', content: Buffer.alloc(20_000_000)};
	const error = await failureOf(run('webhook', {url, send: 'file', timeout: 0.5, retries: 0}, large));
	expect(error.message).toContain('it took more than 0.5 s');
});

test('a file that is given up is waited for no longer, in a request and between two', async () => {
	const {run} = createStepRunner();
	for (const answer of [
		() => {},
		(response: {writeHead: (status: number, headers: object) => {end: () => void}}) =>
			response.writeHead(503, {'retry-after': '50'}).end(),
	]) {
		const {url, deliveries} = await startWebhookServer(answer as never);
		const controller = new AbortController();
		const running = run('webhook', {url, timeout: 60}, file, {signal: controller.signal});
		await vi.waitFor(() => expect(deliveries).toHaveLength(1), PATIENT);
		controller.abort(new Error('no longer'));
		await expect(running).rejects.toThrow('no longer');
	}
});

test('settings are checked, and a secret that is missing is told without telling any', async () => {
	const {processors, folder} = createStepRunner();
	const faults = async (settings: JsonObject) =>
		(await processors.check('webhook', settings)).map(({path, sentence}) => `${path.join('.')}: ${sentence}`);
	const url = 'https://example.com/hook';
	expect(await faults({url})).toEqual([]);
	expect(await faults({url: 'example.com'})).toEqual([
		expect.stringContaining('url: expected an address as https://host/path'),
	]);
	expect(await faults({url: 'https://me:word@example.com/'})).toEqual([
		expect.stringContaining('without a name and a password'),
	]);
	expect(await faults({url: 'file:///etc/passwd'})).toEqual([expect.stringContaining('url: expected an address')]);
	expect(await faults({url, secret: 'plain'})).toEqual([
		'secret: expected {"env": …} or {"file": …}, and not the secret itself',
	]);
	expect(await faults({url, secret: {}})).toEqual([
		'secret: expected either "env", the name of a variable, or "file", a path',
	]);
	expect(await faults({url, secret: {env: 'NOT_SET_ANYWHERE'}})).toEqual([
		'secret.env: expected a secret in the variable NOT_SET_ANYWHERE, but it is not set',
	]);
	expect(await faults({url, secret: {file: folder.write('empty', '\n')}})).toEqual([
		'secret.file: expected a secret in the file, but it is empty',
	]);
	expect(await faults({url, headers: {'Content-Length': '3'}})).toEqual([
		'headers.Content-Length: this header is sent by itself',
	]);
	expect(await faults({url, headers: {'x-a': 'b\r\nevil: 1'}})).toEqual([
		'headers.x-a: expected a header of printable ASCII',
	]);
});
