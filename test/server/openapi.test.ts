// The description of the server: that it has every route, that answers are what it says, and that nothing sent by it makes the server fail.
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {Validator} from '@seriousme/openapi-schema-validator';
import {Ajv} from 'ajv';
import fc from 'fast-check';
import {beforeEach, describe, expect, onTestFinished, test, vi} from 'vitest';
import {readWatchFlags} from '../../source/cli/arguments/read-watch-flags.ts';
import {openInbox} from '../../source/cli/commands/serve/open-inbox.ts';
import {ANSWERS, PROBLEM, rowOf} from '../../source/server/openapi/answers.ts';
import {EXAMPLES} from '../../source/server/openapi/examples.ts';
import {pickDeclared} from '../../source/server/openapi/pick-declared.ts';
import {integer, list, nullable, object, type Schema, string} from '../../source/server/openapi/shapes.ts';
import {pathOfProblem} from '../../source/server/problem.ts';
import {PROBLEMS} from '../../source/server/problem-catalog.ts';
import {STEP_MS, totpOf} from '../../source/server/totp.ts';
import {fromBase32} from '../helpers/base32.ts';
import {WITHOUT_AMOUNT} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';
import {cookieOf, optionsOf, TestProvider} from '../helpers/provider.ts';
import {randomCases, randomSeed} from '../helpers/random-cases.ts';
import {
	ENDLESS_FILE,
	formOf,
	GOOD_FILE,
	PASSWORD,
	type Question,
	type Reply,
	replyOf,
	startTestServer,
	type TestServer,
} from '../helpers/server.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

interface Operation {
	readonly summary?: string;
	readonly parameters?: readonly {readonly name: string; readonly in: string; readonly schema?: Schema}[];
	readonly requestBody?: {
		readonly content: {readonly 'application/json'?: {readonly schema: Schema; readonly example?: object}};
	};
	readonly responses: Readonly<
		Record<string, {readonly content?: Readonly<Record<string, {readonly schema: Schema}>>}>
	>;
}

interface Route {
	readonly method: string;
	/** As `/api/v1/files/{id}`. */
	readonly template: string;
	readonly operation: Operation;
	/** What its schemas refer to. */
	readonly components: object;
}

async function routesOf(server: TestServer): Promise<readonly Route[]> {
	const {json} = await server.ask('GET', '/openapi.json?version=3.1');
	return Object.entries(json.paths as Record<string, Record<string, Operation>>).flatMap(([template, operations]) =>
		Object.entries(operations).map(([method, operation]) => {
			return {method: method.toUpperCase(), template, operation, components: json.components as object};
		}),
	);
}

const rowOfRoute = ({method, template}: Route): string => rowOf(method, template.replaceAll(/\{(\w+)\}/g, ':$1'));

const ajv = new Ajv({strict: false, formats: {'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/}});

test('every route says what it is for and answers with, and nothing else is described', async () => {
	const routes = await routesOf(await startTestServer({isOpen: true}));
	expect(new Set(routes.map(rowOfRoute))).toEqual(new Set(Object.keys(ANSWERS)));
	for (const {operation, method, template} of routes) {
		expect(operation.summary, `${method} ${template}`).toMatch(/^[A-Z].*[^.]$/);
		expect(operation.responses['4XX']?.content, template).toHaveProperty(['application/problem+json']);
	}
});

/** Asks, and compares the answers with what is described. */
class Examiner {
	readonly server: TestServer;
	readonly #routes: readonly Route[];
	/** As `GET /files 200`. */
	readonly seen = new Set<string>();

	constructor(server: TestServer, routes: readonly Route[]) {
		this.server = server;
		this.#routes = routes;
	}

	async ask(method: string, path: string, question: Question = {}): Promise<Reply> {
		const plain = path.split('?')[0] ?? '';
		const route = this.#routes.find(
			each => each.method === method && new RegExp(`^${each.template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(plain),
		);
		if (route === undefined) throw new Error(`Expected ${method} ${path} to be described`);
		const response = await this.server.fetch(method, path, question);
		const type = response.headers.get('content-type')?.split(';')[0];
		// A stream of events has no end.
		if (type === 'text/event-stream') await response.body?.cancel();
		const reply = type === 'text/event-stream' ? {...emptyOf(response)} : await replyOf(response);
		const at = `${method} ${path}: ${reply.status} ${reply.text.slice(0, 500)}`;
		const {status} = reply;
		const described = route.operation.responses[status] ?? route.operation.responses[`${String(status)[0]}XX`];
		expect(described, at).toBeDefined();
		if (reply.text !== '') {
			const content = described?.content?.[type ?? ''];
			expect(content, at).toBeDefined();
			if (/^application\/(?:problem\+)?json$/.test(type ?? '') && content !== undefined) {
				const validate = ajv.compile({...content.schema, components: route.components});
				expect(validate(reply.json), `${at}: ${ajv.errorsText(validate.errors)}`).toBe(true);
			}
		}
		this.seen.add(`${rowOfRoute(route)} ${status}`);
		return reply;
	}
}

const ANY_VERSION = {'if-match': '*'};

/** Nothing listens at the address, but where mail goes. */
async function askWebhooks(examiner: Examiner, token: string): Promise<void> {
	const {id} = (await examiner.ask('POST', '/api/v1/webhooks', {token, json: {url: 'http://127.0.0.1:9/'}})).json;
	const path = `/api/v1/webhooks/${id}`;
	const {json} = await examiner.ask('POST', `${path}/test`, {token});
	const delivery = `/api/v1/deliveries/${json.id}`;
	for (const each of ['/api/v1/webhooks', path, `${path}/deliveries`, delivery])
		expect((await examiner.ask('GET', each, {token})).status, each).toBe(200);
	await examiner.ask('POST', `${delivery}/resend`, {token});
	await examiner.ask('PATCH', path, {token, headers: ANY_VERSION, json: {types: ['file.failed']}});
	await examiner.ask('POST', `${path}/secret`, {token});
	// What is confirmed already stays so.
	await examiner.ask('POST', `${path}/confirm`, {token, json: {code: 'x'}});
	await examiner.ask('DELETE', path, {token});
}

const emptyOf = ({status, headers}: Response): Reply => ({status, headers, text: '', json: undefined});

test('the description is valid OpenAPI in both versions, and 3.2 says what is in a stream', async () => {
	const server = await startTestServer({isOpen: true});
	const read = async (query: string) => (await server.ask('GET', `/openapi.json${query}`)).json;
	for (const [query, version] of [
		['', '3.2.0'],
		['?version=3.2', '3.2.0'],
		['?version=3.1', '3.1.0'],
	] as const) {
		const document = await read(query);
		expect(document.openapi).toBe(version);
		expect(await new Validator().validate(document), query).toEqual({valid: true});
		const {content} = document.paths['/api/v1/files'].get.responses['4XX'];
		expect(content).toEqual({'application/problem+json': {schema: {$ref: '#/components/schemas/Problem'}}});
		expect(document.components.schemas.Problem.required).toContain('code');
		const stream = document.paths['/api/v1/events'].get.responses['200'].content['text/event-stream'];
		expect(Object.keys(stream)).toEqual([version === '3.2.0' ? 'itemSchema' : 'schema']);
		expect(Object.keys(document.paths['/upload'].post.requestBody.content)).toEqual(['multipart/form-data']);
	}
	expect(await server.ask('GET', '/openapi.json?version=2.0')).toMatchObject({status: 400, json: {code: 'INVALID'}});
});

test('every body of JSON has an example, which is as described and is not refused for its form', async () => {
	const server = await startTestServer();
	const token = server.seat('root', 'admin').token;
	const routes = (await routesOf(server)).filter(({operation}) => operation.requestBody?.content['application/json']);
	expect(routes.length).toBeGreaterThan(10);
	const used = new Set<string>();
	for (const route of routes) {
		const {schema, example} = route.operation.requestBody?.content['application/json'] ?? {};
		const [row, at] = [rowOfRoute(route), `${route.method} ${route.template}`];
		expect(example, at).toBeDefined();
		used.add(row);
		const validate = ajv.compile(schema ?? {});
		expect(validate(example), `${at}: ${ajv.errorsText(validate.errors)}`).toBe(true);
		const path = route.template.replace(/\{\w+\}/, 'x');
		const reply = await server.ask(route.method, path, {token, json: example});
		// Those who are named in it are not there.
		expect(['INVALID', 'BAD_REQUEST', 'CONTENT_TYPE', 'INTERNAL'], `${at}: ${reply.text}`).not.toContain(
			reply.json?.code,
		);
	}
	expect(used).toEqual(new Set(Object.keys(EXAMPLES)));
});

test('whom to tell of a weakness is said where the operator names somebody', async () => {
	const path = '/.well-known/security.txt';
	const securityContact = 'mailto:security@example.com';
	const named = await (await startTestServer({securityContact})).ask('GET', path);
	expect(named.headers.get('content-type')).toBe('text/plain; charset=utf-8');
	const [, contact, expires = ''] = /^Contact: (.+)\nExpires: (.+)\n/.exec(named.text) ?? [];
	expect(contact).toBe(securityContact);
	const days = (Date.parse(expires) - Date.now()) / (24 * 60 * 60 * 1000);
	expect(days).toBeGreaterThan(30);
	expect(days).toBeLessThan(366);
	expect((await (await startTestServer()).ask('GET', path)).status).toBe(404);
});

test('each route answers as is described', async () => {
	const root = createTemporaryFolder().at('inbox');
	const inbox = await openInbox(root, readWatchFlags({settle: 0, poll: 0.1}, []), {threads: 1}, () => {});
	onTestFinished(() => inbox.close());
	const oidc = optionsOf(await TestProvider.start(), ['groups=analysts']);
	const server = await startTestServer({oidc, inbox: inbox.served, securityContact: 'https://example.com/security'});
	const examiner = new Examiner(server, await routesOf(server));
	const {ask} = {ask: examiner.ask.bind(examiner)};
	const auth = '/api/v1/auth';
	const name = {name: 'ann', password: PASSWORD};
	await ask('POST', `${auth}/register`, {json: {...name, invitation: server.invitation}});
	const {token} = (await ask('POST', `${auth}/login`, {json: name})).json;
	const get = (path: string) => ask('GET', path, {token});
	const post = (path: string, json?: object) => ask('POST', path, {token, ...(json !== undefined && {json})});

	const {secret} = (await post(`${auth}/second-factor`, {password: PASSWORD})).json;
	const code = totpOf(fromBase32(secret), Math.floor(Date.now() / STEP_MS));
	const [recovery] = (await post(`${auth}/second-factor/confirm`, {code})).json.recovery_codes;
	await get(`${auth}/second-factor`);
	for (const decision of ['allow', 'deny']) {
		const {device_code, user_code} = (await ask('POST', `${auth}/device/code`, {json: {}})).json;
		await get(`${auth}/device/${user_code}`);
		await post(`${auth}/device/${user_code}/${decision}`);
		await ask('POST', `${auth}/device/token`, {json: {device_code}});
	}
	await get('/device');
	await ask('GET', `${auth}/methods`);
	const sent = await ask('GET', `${auth}/oidc`);
	const there = await fetch(sent.headers.get('location') ?? '', {redirect: 'manual'});
	const back = new URL(there.headers.get('location') ?? '');
	const cookie = cookieOf(sent, 'fileproc_local_oidc');
	await ask('GET', back.pathname + back.search, {headers: {cookie}});
	const form = {'content-type': 'application/x-www-form-urlencoded'};
	const {user_code: code_of_page} = (await ask('POST', `${auth}/device/code`, {json: {}})).json;
	for (const body of [`user_code=${code_of_page}`, '', 'user_code=BCDF-GHJK', 'user_code=BCDF-GHJK&name=x&password=x'])
		await ask('POST', '/device', {...(body.includes('name') ? {} : {token}), headers: form, body});
	const renewed = (await post(`${auth}/second-factor/recovery-codes`, {password: PASSWORD, code: recovery})).json;

	const files = (await ask('POST', '/upload', {token, body: formOf(['a.csv', `${GOOD_FILE}t,c,x,2024-01-01,food\n`])}))
		.json.files;
	const file = String(files[0].file_id);
	await ask('PUT', '/api/v1/files/c.csv', {token, body: GOOD_FILE});
	await ask('POST', '/upload?to=inbox', {token, body: formOf(['a.csv', GOOD_FILE], ['.b.csv', 'x'])});
	await vi.waitFor(
		async () => expect((await get('/api/v1/inbox')).json.files).toMatchObject([{state: 'completed'}]),
		PATIENT,
	);
	expect((await post('/api/v1/inbox/retry?dry_run=true', {all_failed: true})).json.file_count).toBe(0);
	writeFileSync(join(root, 'unprocessed', 'bad.csv'), WITHOUT_AMOUNT);
	await vi.waitFor(
		async () => expect((await get('/api/v1/inbox?state=failed')).json.files).toMatchObject([{is_retriable: true}]),
		PATIENT,
	);
	for (const word of ['pause', 'retry', 'resume'])
		expect(
			(await post(`/api/v1/inbox/${word}`, word === 'retry' ? {all_failed: true} : undefined)).status,
		).toBeLessThan(300);
	for (const asked of [{}, {file_id: file}])
		expect((await post('/api/run?dry_run=true', asked)).json).toMatchObject({dry_run: true, task_execution_id: null});
	const task = String((await post('/api/run', {file_id: file, analyses: ['transactions']})).json.task_execution_id);
	await server.untilTask(token, task, 'COMPLETED');
	const bad = await server.upload(token, 'b.csv', 'a,b\n1,2\n');
	const waited = await ask('POST', '/api/run', {
		...{token, json: {file_id: bad, analyses: ['transactions']}, headers: {prefer: 'wait=60'}},
	});
	expect(waited.json).toMatchObject({status: 'FAILED', error: {code: expect.any(String)}});
	await post(`/api/v1/runs/${waited.json.task_execution_id}/retry`);
	const endless = await server.run(token, await server.upload(token, 'endless.csv.gz', ENDLESS_FILE));
	for (const word of ['pause', 'resume', 'cancel'])
		expect((await post(`/api/v1/runs/${endless}/${word}`)).status).toBe(200);
	await ask('DELETE', `/api/v1/run/${waited.json.task_execution_id}`, {token});
	for (const path of [
		...[`/api/v1/files/${file}/preview`, `/api/v1/files/${file}/result`, `/api/v1/files/${file}/result.json`],
		`/api/v1/files/${file}/rejects.csv`,
		...['/files', `/api/v1/files/${file}`, `/api/v1/files/${file}/original`, '/api/v1/run', `/api/v1/run/${task}`],
		...[
			'/api/run/status',
			'/api/v1/history',
			'/api/events',
			`/api/v1/run/${task}/events`,
			'/api/v1/results',
			`/api/v1/results/${task}`,
		],
		...[`/api/v1/results/${task}.csv`, `/api/v1/results/${task}/tables`, `/api/v1/results/${task}/rejects.csv`].filter(
			path => !path.endsWith('.csv') || path.endsWith('rejects.csv'),
		),
		...['/api/v1/tasks', '/api/v1/limits', '/api/v1/usage', '/api/v1/usage/users', '/stats', '/health', '/livez'],
		...[
			'/readyz',
			'/healthz',
			'/metrics',
			'/openapi.json',
			'/docs',
			'/docs/style.css',
			...['/app', '/app/overview', '/app/admin/users'],
			'/docs/actions',
			'/docs/problems/not-found',
		],
		...['/.well-known/api-catalog', '/.well-known/security.txt', `${auth}/me`],
		...['/api/v1/sessions', '/api/v1/users', '/api/v1/audit'],
	])
		expect((await get(path)).status, path).toBe(200);
	expect((await post('/api/v1/results/combined', {task_execution_ids: [task]})).status).toBe(200);
	expect((await get('/')).status).toBe(302);
	await get(`/api/v1/files/${file}x`);
	await ask('GET', '/files');
	for (const headers of [{range: 'bytes=0-3'}, {'if-none-match': '*'}])
		await ask('GET', `/api/v1/files/${file}/original`, {token, headers});

	const link = (await post('/api/v1/droplinks', {name: 'x'})).json;
	await ask('POST', '/upload', {token: link.token, body: formOf(['d.csv', GOOD_FILE])});
	expect((await ask('GET', '/api/v1/drop', {token: link.token})).json.files).toHaveLength(1);
	await get('/api/v1/droplinks');
	await ask('DELETE', `/api/v1/droplinks/${link.id}`, {token});
	const made = (await post('/api/v1/tokens', {name: 'x', scopes: ['read']})).json;
	await get('/api/v1/tokens');
	await ask('DELETE', `/api/v1/tokens/${made.id}`, {token});
	const invitation = (await post('/api/v1/invitations', {role: 'user'})).json;
	await get('/api/v1/invitations');
	await ask('POST', `${auth}/register`, {json: {name: 'ben', password: PASSWORD, invitation: invitation.invitation}});
	const second = (await post('/api/v1/invitations', {role: 'user'})).json;
	await ask('DELETE', `/api/v1/invitations/${second.id}`, {token});
	const ben = (await get('/api/v1/users')).json.users.find((user: {readonly name: string}) => user.name === 'ben').id;
	await get(`/api/v1/users/${ben}`);
	await ask('PATCH', `/api/v1/users/${ben}`, {token, headers: ANY_VERSION, json: {role: 'viewer'}});
	const {password} = (await post(`/api/v1/users/${ben}/reset`)).json;
	await ask('POST', `${auth}/login`, {json: {name: 'ben', password}});
	const {session: login} = server.session(ben);
	await get(`/api/v1/users/${ben}/sessions`);
	await ask('DELETE', `/api/v1/users/${ben}/sessions/${login}`, {token});
	server.addSecondFactor(ben);
	await ask('DELETE', `/api/v1/users/${ben}/second-factor`, {token});
	await ask('DELETE', `/api/v1/users/${ben}/sessions`, {token});

	const {token: cai} = server.seat('cai');
	const ofCai = (path: string, json: object) => ask('POST', `${auth}/second-factor${path}`, {token: cai, json});
	const begun = (await ofCai('', {password: PASSWORD})).json;
	const confirmation = {code: totpOf(fromBase32(begun.secret), Math.floor(Date.now() / STEP_MS))};
	const codes = (await ofCai('/confirm', confirmation)).json.recovery_codes;
	await ofCai('/disable', {password: PASSWORD, code: codes[0]});
	await askWebhooks(examiner, token);
	const all = {action: 'cancel', q: 'a', expected_count: (await get('/api/v1/files?q=a')).json.files.length};
	await post('/api/v1/bulk?dry_run=true', all);
	const {id: bulk} = (await post('/api/v1/bulk', all)).json;
	await get('/api/v1/bulk');
	await get(`/api/v1/bulk/${bulk}`);
	await ask('DELETE', `/api/v1/bulk/${bulk}`, {token});

	const mapping = {map: {amount: 'Betrag'}, headings: ['Betrag']};
	const named = '/api/v1/mappings/Filiale%20Berlin';
	for (const status of [201, 200]) expect((await ask('PUT', named, {token, json: mapping})).status).toBe(status);
	for (const path of ['/api/v1/mappings', named, `${named}/versions`]) await get(path);
	await ask('DELETE', named, {token});

	const tus = {'tus-resumable': '1.0.0'};
	await ask('OPTIONS', '/api/v1/uploads', {token});
	const upload = await ask('POST', '/api/v1/uploads', {token, headers: {...tus, 'upload-length': '3'}});
	const place = upload.headers.get('location') ?? '';
	await ask('HEAD', place, {token, headers: tus});
	const chunk = {...tus, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream'};
	await ask('PATCH', place, {token, headers: chunk, body: 'abc'});
	const other = await ask('POST', '/api/v1/uploads', {token, headers: {...tus, 'upload-length': '3'}});
	await ask('DELETE', other.headers.get('location') ?? '', {token, headers: tus});
	await get(place);

	await ask('DELETE', `/api/v1/files/${file}`, {token});
	const own = (await get('/api/v1/sessions')).json.sessions[0].id;
	await post(`${auth}/password`, {current_password: PASSWORD, new_password: `${PASSWORD} anew`});
	await post(`${auth}/logout`);
	const {token: last} = (
		await ask('POST', `${auth}/login`, {
			json: {name: 'ann', password: `${PASSWORD} anew`, code: renewed.recovery_codes[0]},
		})
	).json;
	await ask('DELETE', `/api/v1/sessions/${own}`, {token: last});

	await ask('POST', '/upload?task_id=quality', {token: last, body: formOf(['d.csv', GOOD_FILE])});
	await ask('PUT', '/api/v1/files/e.csv?task_id=quality', {token: last, body: GOOD_FILE});

	const successes = Object.entries(ANSWERS).flatMap(([row, {answers}]) =>
		Object.keys(answers).map(status => `${row} ${status}`),
	);
	// What needs a broken server, a protocol of its own, or is told apart elsewhere.
	const elsewhere =
		/503$|POST \/device 429|GET \/ws|(?:results\/:(?:name|id\/rejects.csv)|files\/:id\/(?:result|rejects).*) (?:206|304)|DELETE \/sessions\/:id/;
	expect(successes.filter(each => !elsewhere.test(each) && !examiner.seen.has(each))).toEqual([]);
});

test('members that are not described are left out, and said to be', () => {
	const schema = object({a: integer, 'b?': nullable(object({c: string})), d: list(object({e: integer}))});
	const others: string[] = [];
	const value = {a: 1, b: {c: 'x', secret: 1}, d: [{e: 1}, {e: 2, f: 3}], g: null};
	expect(pickDeclared(schema, value, place => others.push(place))).toEqual({a: 1, b: {c: 'x'}, d: [{e: 1}, {e: 2}]});
	expect(others).toEqual(['.b.secret', '.d[].f', '.g']);
	const proto = JSON.parse('{"a": 1, "b": null, "d": [], "constructor": 1}') as object;
	expect(pickDeclared(schema, proto, () => {})).toEqual({a: 1, b: null, d: []});
});

/** Values that fit a schema, now and then others. */
function valueFor(schema: Schema | undefined): fc.Arbitrary<unknown> {
	const {type, enum: values, items, properties} = schema ?? {};
	const fitting =
		values !== undefined
			? fc.constantFrom(...values)
			: properties !== undefined
				? fc.record(Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, valueFor(each)])), {
						requiredKeys: [],
					})
				: items !== undefined
					? fc.array(valueFor(items), {maxLength: 3})
					: [type].flat().includes('integer')
						? fc.integer({min: -2, max: 2000})
						: [type].flat().includes('boolean')
							? fc.boolean()
							: fc.string({maxLength: 20});
	return fc.oneof({weight: 5, arbitrary: fitting}, {weight: 1, arbitrary: fc.jsonValue({maxDepth: 2})});
}

test('no request that is made of the description makes the server fail', async () => {
	const server = await startTestServer({isOpen: true});
	const file = await server.upload(null, 'a.csv', GOOD_FILE);
	const task = await server.run(null, file);
	await server.untilTask(null, task, 'COMPLETED');
	// Streams have no end, and these are pages of text.
	const routes = (await routesOf(server)).filter(({template}) => !/\/(?:events|ws)$|^\/docs/.test(template));
	const ids = fc.oneof(
		fc.constantFrom(file, task, `${task}.csv`, `${task}.parquet`, '.', '%00', '%ff'),
		fc.string({maxLength: 30}),
	);
	const asked = fc.constantFrom(...routes).chain(route =>
		fc.record({
			route: fc.constant(route),
			id: ids,
			query: fc.record(
				Object.fromEntries(
					(route.operation.parameters ?? [])
						.filter(parameter => parameter.in === 'query')
						.map(({name, schema}) => [name, valueFor(schema)]),
				),
				{requiredKeys: []},
			),
			body: valueFor(route.operation.requestBody?.content['application/json']?.schema),
		}),
	);
	await fc.assert(
		fc.asyncProperty(asked, async ({route: {method, template}, id, query, body}) => {
			const given = new URLSearchParams(
				Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)])),
			);
			const path = template.replace(/\{\w+\}/, id.startsWith('%') ? id : encodeURIComponent(id));
			const question = ['POST', 'PATCH', 'DELETE'].includes(method) && body !== undefined ? {json: body} : {};
			const {status, text} = await server.ask(method, `${path}?${given}`, question);
			expect(status, `${method} ${path}?${given} ${JSON.stringify(body)}: ${text}`).toBeLessThan(500);
		}),
		{numRuns: randomCases(150), seed: randomSeed},
	);
	expect((await server.ask('GET', '/readyz')).status).toBe(200);
});

describe('pages', () => {
	let server: TestServer;
	beforeEach(async () => {
		server = await startTestServer({isOpen: true});
	});

	test('each problem has a page with its meaning and remedy, to which answers lead', async () => {
		for (const [code, {meaning, remedy}] of Object.entries(PROBLEMS)) {
			const {status, text} = await server.ask('GET', `/docs/problems/${pathOfProblem(code as keyof typeof PROBLEMS)}`);
			expect(status, code).toBe(200);
			for (const part of [code, escaped(meaning), escaped(remedy)]) expect(text, code).toContain(part);
		}
		const {json} = await server.ask('GET', '/nowhere');
		expect(ajv.validate(PROBLEM, json)).toBe(true);
		expect((await server.ask('GET', json.type)).text).toContain('NOT_FOUND');
		expect((await server.ask('GET', '/docs/problems/made-up')).status).toBe(404);
	});

	test('the reference has every route once, and neither scripts nor anything of other sites', async () => {
		const {text, headers} = await server.ask('GET', '/docs');
		for (const {method, template} of await routesOf(server)) {
			if (template.startsWith('/api/') && !template.startsWith('/api/v1/')) continue;
			expect(text.split(`<h3><code>${method} ${template}</code></h3>`), template).toHaveLength(2);
		}
		expect(text).not.toMatch(/<script|style=|https?:\/\/| on\w+=/i);
		const policy = headers.get('content-security-policy') ?? '';
		expect(policy.split(';').sort()).toEqual(
			[
				...[
					"default-src 'none'",
					"script-src 'self'",
					"style-src 'self'",
					"img-src 'self' data:",
					"connect-src 'self'",
				],
				...["font-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'", "object-src 'none'"],
				"require-trusted-types-for 'script'",
			].sort(),
		);
		expect((await server.ask('GET', '/docs/style.css')).headers.get('content-type')).toMatch(/^text\/css/);
		const {json} = await server.ask('GET', '/.well-known/api-catalog');
		for (const links of Object.values(json.linkset[0] as Record<string, string | {readonly href: string}[]>))
			for (const {href} of typeof links === 'string' ? [] : links)
				expect((await server.ask('GET', href)).status, href).toBe(200);
	});
});

const escaped = (text: string): string =>
	text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
