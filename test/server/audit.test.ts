// The audit log: one line for each thing that is done, in its transaction; refusals; and a chain that shows what was changed.
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import fc from 'fast-check';
import {expect, onTestFinished, test, vi} from 'vitest';
import {readWatchFlags} from '../../source/cli/arguments/read-watch-flags.ts';
import {openInbox} from '../../source/cli/commands/serve/open-inbox.ts';
import {CHAIN_START, type ChainedLine, chainHash, verifyChain} from '../../source/ledger/audit-chain.ts';
import {ACTION_LIST, type ActionName} from '../../source/server/actions.ts';
import {STEP_MS, totpOf} from '../../source/server/totp.ts';
import {fromBase32} from '../helpers/base32.ts';
import {WITHOUT_AMOUNT} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';
import {logInByProvider, optionsOf, TestProvider} from '../helpers/provider.ts';
import {randomCases, randomSeed} from '../helpers/random-cases.ts';
import {
	ENDLESS_FILE,
	formOf,
	GOOD_FILE,
	PASSWORD,
	type Question,
	type Reply,
	startTestServer,
	type TestServer,
	TOTP_SECRET,
} from '../helpers/server.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

interface AuditRecord {
	readonly account: string | null;
	readonly by: string;
	readonly token: string | null;
	readonly from: string | null;
	readonly action: ActionName;
	readonly subject: string | null;
	readonly outcome: string;
	readonly code: string | null;
	readonly times: number;
	readonly request: string | null;
}

function linesOf(server: TestServer): readonly ChainedLine[] {
	const database = new DatabaseSync(`${server.dataFolder}/ledger.db`, {readOnly: true});
	const rows = database.prepare('SELECT number, record, hash FROM audit WHERE number > 0 ORDER BY number').all();
	database.close();
	return rows.map(({number, record, hash}) => ({
		number: Number(number),
		record: String(record),
		hash: Buffer.from(hash as Uint8Array),
	}));
}

const recordsOf = (server: TestServer): readonly AuditRecord[] =>
	linesOf(server).map(({record}) => JSON.parse(record) as AuditRecord);

/** Somebody of each kind, who does one thing after the other. */
class Doer {
	readonly server: TestServer;
	readonly root: string;
	readonly ann: {readonly id: string; readonly token: string};
	/** The action that the next requests are called by. */
	doing: ActionName = 'log-in';

	/** Where files of the watched folder are dropped. */
	readonly unprocessed: string;

	constructor(server: TestServer, unprocessed: string) {
		this.server = server;
		this.unprocessed = unprocessed;
		this.root = server.seat('root', 'admin').token;
		this.ann = server.seat('ann');
	}

	/** Named after the action, so that its line is found. */
	readonly ask = (method: string, path: string, question: Question = {}): Promise<Reply> => {
		const headers = {...question.headers, 'x-request-id': this.doing};
		return this.server.ask(method, `/api/v1${path}`, {token: this.ann.token, ...question, headers});
	};

	/** What must be there before, under another name. */
	readonly prepare = (method: string, path: string, question: Question = {}): Promise<Reply> =>
		this.server.ask(method, `/api/v1${path}`, {token: this.ann.token, ...question});

	upload(name = 'a.csv', content: string | Uint8Array = GOOD_FILE): Promise<string> {
		return this.server.upload(this.ann.token, name, content);
	}

	async start(name: string, content: string | Uint8Array): Promise<string> {
		return this.server.run(this.ann.token, await this.upload(name, content));
	}
}

const tus = {'tus-resumable': '1.0.0'};
const codeNow = (secret: Buffer, offset = 0): string => totpOf(secret, Math.floor(Date.now() / STEP_MS) + offset);

function withFactor(server: TestServer, name: string): string {
	const {id, token} = server.seat(name);
	server.addSecondFactor(id);
	return token;
}

const newProgram = async (prepare: Doer['prepare']): Promise<{device_code: string; user_code: string}> =>
	(await prepare('POST', '/auth/device/code', {json: {}})).json;

/** Nobody listens there, which is none of the audit log's business. */
const HOOK = 'http://127.0.0.1:9/';

const MAPPING = {map: {amount: 'Betrag'}, headings: ['Betrag', 'Datum']};

const newWebhook = async (prepare: Doer['prepare']): Promise<string> =>
	(await prepare('POST', '/webhooks', {json: {url: HOOK}})).json.id;

/** Nothing can be cancelled of files without a task. */
const bulkOf = async (ask: Doer['ask']) => ({
	...{action: 'cancel', q: 'csv'},
	expected_count: (await ask('GET', '/files?q=csv')).json.files.length,
});

/** The id of an account, a file and so on, of an upload, and of a claim. */
const SUBJECT = /^(?:[a-z]_[0-9a-z]{26}|[0-9a-f]{32}|\d{8}-\d{6}-[0-9a-z]{8})$/;

/** Each action that changes something, done once by each of its routes. */
const DOINGS: Readonly<Partial<Record<ActionName, readonly ((doer: Doer) => Promise<Reply>)[]>>> = {
	'log-in': [({ask}) => ask('POST', '/auth/login', {token: null, json: {name: 'ann', password: PASSWORD}})],
	register: [({ask}) => ask('POST', '/auth/register', {token: null, json: {name: 'new', password: PASSWORD}})],
	'log-out': [({ask, server, ann}) => ask('POST', '/auth/logout', {token: server.session(ann.id).token})],
	'log-in-by-provider': [({server, doing}) => logInByProvider(server, {headers: {'x-request-id': doing}})],
	'log-in-program': [
		async ({ask, prepare}) => {
			const {device_code, user_code} = await newProgram(prepare);
			await prepare('POST', `/auth/device/${user_code}/allow`);
			return ask('POST', '/auth/device/token', {token: null, json: {device_code}});
		},
	],
	'let-program-in': [
		async ({ask, prepare}) => ask('POST', `/auth/device/${(await newProgram(prepare)).user_code}/allow`),
		async ({ask, prepare}) => ask('POST', `/auth/device/${(await newProgram(prepare)).user_code}/deny`),
		async ({server, prepare, ann, doing}) => {
			const {user_code} = await newProgram(prepare);
			const body = new URLSearchParams({user_code, decision: 'allow'}).toString();
			const headers = {'content-type': 'application/x-www-form-urlencoded', 'x-request-id': doing};
			return server.ask('POST', '/device', {token: ann.token, headers, body});
		},
	],
	'change-password': [
		({ask, server}) =>
			ask('POST', '/auth/password', {
				token: server.seat('eva').token,
				json: {current_password: PASSWORD, new_password: 'another 9 horses'},
			}),
	],
	'add-second-factor': [
		({ask}) => ask('POST', '/auth/second-factor', {json: {password: PASSWORD}}),
		async ({ask, prepare}) => {
			const {secret} = (await prepare('POST', '/auth/second-factor', {json: {password: PASSWORD}})).json;
			return ask('POST', '/auth/second-factor/confirm', {json: {code: codeNow(fromBase32(secret))}});
		},
	],
	'renew-recovery-codes': [
		({ask, server}) =>
			ask('POST', '/auth/second-factor/recovery-codes', {
				token: withFactor(server, 'ida'),
				json: {password: PASSWORD, code: codeNow(TOTP_SECRET)},
			}),
	],
	'disable-second-factor': [
		({ask, server}) =>
			ask('POST', '/auth/second-factor/disable', {
				token: withFactor(server, 'uma'),
				json: {password: PASSWORD, code: codeNow(TOTP_SECRET)},
			}),
	],
	'end-session': [({ask, server, ann}) => ask('DELETE', `/sessions/${server.session(ann.id).session}`)],
	'make-token': [({ask}) => ask('POST', '/tokens', {json: {name: 'x', scopes: ['read']}})],
	'revoke-token': [
		async ({ask, prepare}) =>
			ask('DELETE', `/tokens/${(await prepare('POST', '/tokens', {json: {name: 'x', scopes: ['read']}})).json.id}`),
	],
	'make-drop-link': [({ask}) => ask('POST', '/droplinks', {json: {name: 'x'}})],
	'withdraw-drop-link': [
		async ({ask, prepare}) =>
			ask('DELETE', `/droplinks/${(await prepare('POST', '/droplinks', {json: {name: 'x'}})).json.id}`),
	],
	invite: [({ask, root}) => ask('POST', '/invitations', {token: root, json: {role: 'user'}})],
	'withdraw-invitation': [
		async ({ask, prepare, root}) =>
			ask(
				'DELETE',
				`/invitations/${(await prepare('POST', '/invitations', {token: root, json: {role: 'user'}})).json.id}`,
				{token: root},
			),
	],
	'change-user': [
		({ask, server, root}) =>
			ask('PATCH', `/users/${server.seat('changed').id}`, {
				...{token: root, headers: {'if-match': '*'}},
				json: {role: 'viewer'},
			}),
	],
	'reset-password': [({ask, server, root}) => ask('POST', `/users/${server.seat('reset').id}/reset`, {token: root})],
	'reset-second-factor': [
		({ask, server, root}) => {
			const {id} = server.seat('lost');
			server.addSecondFactor(id);
			return ask('DELETE', `/users/${id}/second-factor`, {token: root});
		},
	],
	'end-session-of-user': [
		({ask, server, root}) => {
			const {id, session} = server.seat('away');
			return ask('DELETE', `/users/${id}/sessions/${session}`, {token: root});
		},
	],
	'end-sessions': [({ask, server, root}) => ask('DELETE', `/users/${server.seat('out').id}/sessions`, {token: root})],
	upload: [
		({ask}) => ask('POST', '/upload', {body: formOf(['a.csv', GOOD_FILE])}),
		({ask}) => ask('PUT', '/files/a.csv', {body: GOOD_FILE}),
		async ({ask, prepare}) => {
			const begun = await prepare('POST', '/uploads', {headers: {...tus, 'upload-length': '6'}});
			const path = begun.headers.get('location')?.replace('/api/v1', '') ?? '';
			const patch = (offset: number) => ({
				headers: {...tus, 'upload-offset': `${offset}`, 'content-type': 'application/offset+octet-stream'},
				body: 'a,b',
			});
			// The first piece is none that is told of.
			await ask('PATCH', path, patch(0));
			return ask('PATCH', path, patch(3));
		},
	],
	bulk: [
		async ({ask}) => ask('POST', '/bulk', {json: await bulkOf(ask)}),
		async ({ask, prepare, server}) => {
			const {id} = (await prepare('POST', '/bulk', {json: await bulkOf(prepare)})).json;
			await vi.waitFor(
				async () => expect((await prepare('GET', `/bulk/${id}`)).json.status).toBe('COMPLETED'),
				PATIENT,
			);
			// It would take files without number to be in time.
			server.writeLedger(database =>
				database.exec(`UPDATE bulks SET state = 'RUNNING', ended_at = NULL WHERE id = '${id}'`),
			);
			return ask('DELETE', `/bulk/${id}`);
		},
	],
	'change-mappings': [
		({ask}) => ask('PUT', '/mappings/Berlin', {json: MAPPING}),
		async ({ask, prepare}) => {
			await prepare('PUT', '/mappings/Rome', {json: MAPPING});
			return ask('DELETE', '/mappings/Rome');
		},
	],
	'change-webhooks': [
		({ask}) => ask('POST', '/webhooks', {json: {url: HOOK}}),
		async ({ask, prepare}) =>
			ask('PATCH', `/webhooks/${await newWebhook(prepare)}`, {headers: {'if-match': '*'}, json: {state: 'off'}}),
		async ({ask, prepare}) => ask('DELETE', `/webhooks/${await newWebhook(prepare)}`),
		async ({ask, prepare}) => ask('POST', `/webhooks/${await newWebhook(prepare)}/secret`),
		async ({ask, prepare}) => ask('POST', `/webhooks/${await newWebhook(prepare)}/test`),
		async ({ask, prepare, server}) => {
			const id = await newWebhook(prepare);
			server.writeLedger(database =>
				database.exec(`UPDATE endpoints SET state = 'unconfirmed', secret = 'x' WHERE id = '${id}'`),
			);
			return ask('POST', `/webhooks/${id}/confirm`, {json: {code: 'x'}});
		},
		async ({ask, prepare}) => {
			const {json} = await prepare('POST', `/webhooks/${await newWebhook(prepare)}/test`);
			return ask('POST', `/deliveries/${json.id}/resend`);
		},
	],
	'begin-upload': [({ask}) => ask('POST', '/uploads', {headers: {...tus, 'upload-length': '3'}})],
	'retry-inbox': [
		async doer => {
			writeFileSync(join(doer.unprocessed, 'bad.csv'), WITHOUT_AMOUNT);
			const list = () => doer.prepare('GET', '/inbox?state=failed', {token: doer.root});
			const [failed] = await vi.waitFor(async () => {
				const {files} = (await list()).json;
				// It is told of before it lies in its place.
				expect(files).toMatchObject([{is_retriable: true}]);
				return files;
			}, PATIENT);
			return doer.ask('POST', '/inbox/retry', {token: doer.root, json: {claims: [failed.claim]}});
		},
	],
	'pause-inbox': (['pause', 'resume'] as const).map(
		word =>
			({ask, root}: Doer) =>
				ask('POST', `/inbox/${word}`, {token: root}),
	),
	'give-up-upload': [
		async ({ask, prepare}) => {
			const begun = await prepare('POST', '/uploads', {headers: {...tus, 'upload-length': '6'}});
			return ask('DELETE', begun.headers.get('location')?.replace('/api/v1', '') ?? '', {headers: tus});
		},
	],
	'delete-file': [async doer => doer.ask('DELETE', `/files/${await doer.upload()}`)],
	start: [async doer => doer.ask('POST', '/run', {json: {file_id: await doer.upload(), analyses: ['transactions']}})],
	cancel: [
		async doer => {
			const task = await doer.start('endless.csv.gz', ENDLESS_FILE);
			await doer.server.untilTask(doer.ann.token, task, 'PROCESSING');
			return doer.ask('DELETE', `/run/${task}`);
		},
		async doer => {
			const task = await doer.start('endless-too.csv.gz', ENDLESS_FILE);
			await doer.server.untilTask(doer.ann.token, task, 'PROCESSING');
			return doer.ask('POST', `/run/${task}/cancel`);
		},
	],
	pause: [
		async doer => {
			const task = await doer.start('held.csv.gz', ENDLESS_FILE);
			await doer.server.untilTask(doer.ann.token, task, 'PROCESSING');
			return doer.ask('POST', `/run/${task}/pause`);
		},
		async doer => {
			const task = await doer.start('held-and-on.csv.gz', ENDLESS_FILE);
			await doer.server.untilTask(doer.ann.token, task, 'PROCESSING');
			await doer.prepare('POST', `/run/${task}/pause`);
			return doer.ask('POST', `/run/${task}/resume`);
		},
	],
	retry: [
		async doer => {
			const task = await doer.start('b.csv', 'a,b\n1,2\n');
			await doer.server.untilTask(doer.ann.token, task, 'FAILED');
			return doer.ask('POST', `/run/${task}/retry`);
		},
	],
};

test('whatever is changed is told by one line, with who, from where, and what', async () => {
	// Only a proxy that is trusted may name requests.
	const oidc = optionsOf(await TestProvider.start(), ['groups=analysts']);
	const inbox = await openInbox(
		createTemporaryFolder().at('inbox'),
		readWatchFlags({settle: 0, poll: 0.1}, []),
		{threads: 1},
		() => {},
	);
	onTestFinished(() => inbox.close());
	const served = await startTestServer({trustProxy: ['127.0.0.1'], oidc, inbox: inbox.served});
	const doer = new Doer(served, inbox.served.unprocessed);
	const {server, ann} = doer;
	const changing = ACTION_LIST.filter(({changes, routes}) => changes && routes.length > 0);
	expect(changing.map(({name}) => name).toSorted()).toEqual(Object.keys(DOINGS).toSorted());
	for (const {name, routes} of changing) {
		const doings = DOINGS[name] ?? [];
		expect(doings, name).toHaveLength(routes.length);
		doer.doing = name;
		for (const [place, perform] of doings.entries()) {
			const {status, text} = await perform(doer);
			expect(status, `${routes[place]}: ${text}`).toBeLessThan(300);
			const told = recordsOf(server).filter(({request, action}) => request === name && action === name);
			expect(told, routes[place]).toHaveLength(place + 1);
			expect(told.at(-1), routes[place]).toMatchObject({
				action: name,
				outcome: 'done',
				code: null,
				times: 1,
				from: '127.0.0.1',
			});
			// All logins of a person, and the one folder that there is, have no name.
			if (name !== 'log-out' && name !== 'pause-inbox') expect(told.at(-1)?.subject, routes[place]).toMatch(SUBJECT);
		}
	}
	// What was done by somebody who has logged in names the account and the login.
	const {account, by, token} = recordsOf(server).find(({action}) => action === 'make-token') ?? {};
	expect({account, by, token}).toEqual({account: ann.id, by: 'login', token: expect.stringMatching(/^t_/)});
	expect(verifyChain(linesOf(server), null)).toMatchObject({fault: null});
});

test('what somebody may not do, and logins that fail, are told, together where they come again and again; no secret is', async () => {
	const server = await startTestServer();
	const [{id, token}, root] = [server.seat('ann'), server.seat('root', 'admin')];
	const logIn = (name: string, password: string) => server.ask('POST', '/api/v1/auth/login', {json: {name, password}});
	for (let tries = 0; tries < 3; tries++) await logIn('ann', 'a wrong secret');
	await logIn('password typed as name', 'x');
	await server.ask('GET', '/api/v1/users', {token});
	await server.ask('GET', '/files', {token: 'fps_not-a-token'});
	// Who sends nothing is no news.
	await server.ask('GET', '/files');
	const made = await server.ask('POST', '/api/v1/tokens', {token, json: {name: 'x', scopes: ['read']}});
	await server.ask('POST', '/api/run', {token: made.json.token, json: {file_id: 'x'}});
	const refused = await vi.waitFor(() => {
		const found = recordsOf(server).filter(({outcome}) => outcome === 'refused');
		expect(found.reduce((sum, {times}) => sum + times, 0)).toBe(7);
		return found;
	}, PATIENT);
	const short = refused.map(({account, by, action, subject, code, from}) => ({
		account,
		by,
		action,
		subject,
		code,
		from,
	}));
	const [nobody, from] = [{account: null, by: 'nobody'}, '127.0.0.1'];
	expect(short).toContainEqual({...nobody, action: 'log-in', subject: id, code: 'LOGIN_FAILED', from});
	expect(short).toContainEqual({...nobody, action: 'log-in', subject: null, code: 'LOGIN_FAILED', from});
	expect(short).toContainEqual({account: id, by: 'login', action: 'see-users', subject: null, code: 'FORBIDDEN', from});
	expect(short).toContainEqual({...nobody, action: 'see-files', subject: null, code: 'UNAUTHORIZED', from});
	expect(short).toContainEqual({account: id, by: 'token', action: 'start', subject: null, code: 'SCOPE_NEEDED', from});
	const all = JSON.stringify(recordsOf(server));
	for (const secret of ['a wrong secret', 'password typed', PASSWORD, token, root.token, made.json.token, 'fps_'])
		expect(all).not.toContain(secret);
});

test('admins read it page by page, with the end of the chain; a token needs its own scope', async () => {
	const server = await startTestServer();
	const {token} = server.seat('root', 'admin');
	for (const name of ['one', 'two', 'three'])
		await server.ask('POST', '/api/v1/tokens', {token, json: {name, scopes: ['admin:audit']}});
	const first = await server.ask('GET', '/api/v1/audit?limit=2', {token});
	expect(first.json.lines.map(({details}: {readonly details: {readonly name: string}}) => details.name)).toEqual([
		'three',
		'two',
	]);
	const [last] = linesOf(server).slice(-1);
	expect(first.json.head).toEqual({number: 3, hash: last?.hash.toString('hex')});
	const second = await server.ask('GET', `/api/v1/audit?limit=2&cursor=${first.json.next_cursor}`, {token});
	expect(second.json).toMatchObject({lines: [{number: 1, details: {name: 'one'}}], next_cursor: null});
	const program = (await server.ask('POST', '/api/v1/tokens', {token, json: {name: 'x', scopes: ['admin:audit']}})).json
		.token;
	expect((await server.ask('GET', '/api/v1/audit', {token: program})).status).toBe(200);
	expect((await server.ask('GET', '/api/v1/users', {token: program})).status).toBe(403);
});

test('nothing changes or removes a line, and what is not done is not told', async () => {
	const server = await startTestServer();
	const {token} = server.seat('ann');
	await server.ask('POST', '/api/v1/tokens', {token, json: {name: 'x', scopes: ['read']}});
	server.writeLedger(database => {
		expect(() => database.exec('DELETE FROM audit')).toThrow('only added to');
		expect(() => database.exec(`UPDATE audit SET record = '{}'`)).toThrow('only added to');
	});
	const count = linesOf(server).length;
	expect((await server.ask('DELETE', '/api/v1/tokens/t_00000000000000000000000000', {token})).status).toBe(404);
	expect((await server.ask('POST', '/api/v1/auth/register', {json: {name: 'ann', password: PASSWORD}})).status).toBe(
		409,
	);
	expect(linesOf(server)).toHaveLength(count);
});

const chainOf = (records: readonly string[]): ChainedLine[] => {
	let hash: Buffer = CHAIN_START;
	return records.map((record, index) => {
		hash = chainHash(hash, record);
		return {number: index + 1, record, hash};
	});
};

test('the first link that is not as it was is found, and a cut end where somebody knows the end', () => {
	const records = fc.uniqueArray(fc.string(), {minLength: 1, maxLength: 20});
	fc.assert(
		fc.property(records, fc.nat(), fc.string(), (texts, at, other) => {
			const lines = chainOf(texts);
			const place = at % lines.length;
			const head = verifyChain(lines, null).head;
			expect(verifyChain(lines, head)).toEqual({
				fault: null,
				head: {number: lines.length, hash: lines.at(-1)?.hash.toString('hex')},
			});
			const line = lines[place];
			if (line === undefined) return;
			if (other !== line.record)
				expect(verifyChain(lines.with(place, {...line, record: other}), null).fault).toMatchObject({number: place + 1});
			// Without one, all others count on, so only the end can be cut off unseen.
			const without = lines.filter(each => each !== line);
			expect(verifyChain(without, null).fault?.number ?? null).toBe(place === lines.length - 1 ? null : place + 1);
			expect(verifyChain(without, head).fault).toMatchObject({number: place + 1});
			// All of it made anew.
			const anew = chainOf(texts.with(place, `${line.record}!`));
			expect(verifyChain(anew, null).fault).toBeNull();
			expect(verifyChain(anew, head).fault).toMatchObject({number: lines.length, expected: head.hash});
		}),
		{numRuns: randomCases(300), seed: randomSeed},
	);
});
