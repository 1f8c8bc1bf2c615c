// Whatever is sent: an answer that says what is wrong with it, and never a fault of the server.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {randomCases, randomSeed} from '../helpers/random-cases.ts';
import {GOOD_FILE, startTestServer} from '../helpers/server.ts';

const PATHS = [
	...['/api/run', '/upload', '/api/v1/uploads', '/api/v1/auth/login', '/api/v1/auth/register', '/api/auth/logout'],
	...['/api/run/x/retry', '/files', '/api/results/x.csv', '/api/uploads/x', '/health', '/nowhere'],
];

const headerText = fc.string({unit: fc.integer({min: 0x20, max: 0x7e}).map(code => String.fromCharCode(code))});
const headers = fc.dictionary(
	fc.constantFrom(
		...['idempotency-key', 'upload-length', 'upload-offset', 'upload-metadata', 'upload-checksum', 'tus-resumable'],
		...['last-event-id', 'cookie', 'authorization', 'range', 'content-type', 'accept', 'x-http-method-override'],
	),
	fc.oneof(headerText, fc.constantFrom('1.0.0', '-1', '9e99', 'application/json', 'multipart/form-data; boundary=q')),
);
const body = fc.oneof(
	fc.uint8Array({maxLength: 200}).map(bytes => new Uint8Array(bytes)),
	fc.json(),
	fc.record({file_id: fc.json(), task_id: fc.json()}, {requiredKeys: []}).map(value => JSON.stringify(value)),
);

test('no body and no header gives more than a refusal, as problem+json', async () => {
	const server = await startTestServer({isOpen: true});
	await fc.assert(
		fc.asyncProperty(
			fc.constantFrom('POST', 'PATCH', 'DELETE', 'PUT'),
			...[fc.constantFrom(...PATHS), headers, body, fc.boolean()],
			async (method, path, given, sent, isJson) => {
				const all = {...given, ...(isJson && {'content-type': 'application/json'})};
				const {status, json, text} = await server.ask(method, path, {headers: all, body: sent});
				expect(status, text).toBeLessThan(500);
				if (status >= 400 && json !== undefined) expect(json).toMatchObject({status, code: expect.any(String)});
				expect(text).not.toMatch(/node:|\n\s+at /);
			},
		),
		{numRuns: randomCases(150), seed: randomSeed},
	);
	expect(await server.upload(null, 'a.csv', GOOD_FILE)).toMatch(/^f_/);
});

test.each([3, 2000, 20_000])('%i values within values are refused', async depth => {
	const server = await startTestServer({isOpen: true});
	const file = await server.upload(null, 'a.csv', GOOD_FILE);
	const body = `{"file_id": "${file}", "options": {"a": ${'['.repeat(depth)}${']'.repeat(depth)}}}`;
	const {status, json} = await server.ask('POST', '/api/run', {headers: {'content-type': 'application/json'}, body});
	expect(status).toBe(400);
	expect(json).toMatchObject({status: 400});
});

test('JSON that is too large is refused as that', async () => {
	const server = await startTestServer({isOpen: true});
	const body = JSON.stringify({file_id: 'x'.repeat(2 * 1024 * 1024)});
	const {status, json} = await server.ask('POST', '/api/run', {headers: {'content-type': 'application/json'}, body});
	expect(status).toBe(413);
	expect(json).toMatchObject({status: 413});
});
