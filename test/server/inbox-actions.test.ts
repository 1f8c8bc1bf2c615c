// What operators do with a watched folder that is served beside: failed files tried again, the intake held.
import {readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, onTestFinished, test, vi} from 'vitest';
import {readWatchFlags} from '../../source/cli/arguments/read-watch-flags.ts';
import {openInbox} from '../../source/cli/commands/serve/open-inbox.ts';
import {WITHOUT_AMOUNT} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';
import {GOOD_FILE, type Reply, startTestServer, type TestServer} from '../helpers/server.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

interface ListedFile {
	readonly file: string;
	readonly claim: string;
	readonly state: string;
	readonly tag: string | null;
	readonly is_retriable: boolean;
}

class Scene {
	readonly server: TestServer;
	readonly root: string;
	readonly operator: string;

	private constructor(server: TestServer, root: string) {
		[this.server, this.root, this.operator] = [server, root, server.seat('op', 'operator').token];
	}

	/** @param routes - As JSON; left out: those that there are without any. */
	static async create(routes?: object): Promise<Scene> {
		const folder = createTemporaryFolder();
		const path = routes === undefined ? undefined : folder.write('routes.json', JSON.stringify(routes));
		const flags = readWatchFlags({settle: 0, poll: 0.1, ...(path !== undefined && {routes: path})}, []);
		const inbox = await openInbox(folder.at('inbox'), flags, {threads: 1}, () => {});
		onTestFinished(() => inbox.close());
		return new Scene(await startTestServer({inbox: inbox.served}), folder.at('inbox'));
	}

	drop(name: string, content: string): void {
		writeFileSync(join(this.root, 'unprocessed', name), content);
	}

	/** Of files that lie in `failed/`, whatever their names there are. */
	mend(content: string): void {
		for (const name of readdirSync(join(this.root, 'failed')))
			if (name.endsWith('.csv')) writeFileSync(join(this.root, 'failed', name), content);
	}

	post(path: string, json?: object, token = this.operator): Promise<Reply> {
		return this.server.ask('POST', `/api/v1/inbox/${path}`, {token, ...(json !== undefined && {json})});
	}

	async inbox(): Promise<{readonly files: readonly ListedFile[]; readonly json: Reply['json']}> {
		const {json} = await this.server.ask('GET', '/api/v1/inbox', {token: this.operator});
		return {files: json.files, json};
	}

	until(states: readonly (readonly [file: string, state: string])[]): Promise<readonly ListedFile[]> {
		return vi.waitFor(async () => {
			const {files} = await this.inbox();
			expect(files.map(({file, state}) => [file, state]).toSorted()).toEqual(states);
			// It is told of before it lies in its place.
			expect(files.every(({state, is_retriable}) => is_retriable === (state === 'failed'))).toBe(true);
			return files;
		}, PATIENT);
	}

	auditLines(): Promise<readonly Readonly<Record<string, unknown>>[]> {
		const {token} = this.server.seat(`root-${Math.random()}`, 'admin');
		return this.server
			.ask('GET', '/api/v1/audit', {token})
			.then(({json}) => json.lines.filter((line: {action: string}) => line.action.endsWith('-inbox')));
	}
}

test('failed files of the inbox are tried again: one, or all, and a dry run only counts them', async () => {
	const scene = await Scene.create();
	scene.drop('a.csv', WITHOUT_AMOUNT);
	scene.drop('b.csv', `${WITHOUT_AMOUNT}\n`);
	const failed = await scene.until([
		['a.csv', 'failed'],
		['b.csv', 'failed'],
	]);
	scene.mend(GOOD_FILE);
	const claim = failed.find(({file}) => file === 'a.csv')?.claim ?? '';
	expect((await scene.post('retry?dry_run=true', {claims: [claim]})).json).toEqual({
		...{dry_run: true, file_count: 1, tag: null},
	});
	expect((await scene.post('retry?dry_run=true', {all_failed: true})).json).toMatchObject({file_count: 2});
	await scene.until([
		['a.csv', 'failed'],
		['b.csv', 'failed'],
	]);
	expect(await scene.auditLines()).toEqual([]);
	expect(await scene.post('retry', {claims: [claim, 'no-such-claim']})).toMatchObject({
		status: 202,
		json: {dry_run: false, file_count: 1},
	});
	await scene.until([
		['a.csv', 'completed'],
		['b.csv', 'failed'],
	]);
	expect(await scene.post('retry', {claims: [claim]})).toMatchObject({status: 409, json: {code: 'NOT_RETRIABLE'}});
	scene.mend(`${GOOD_FILE}t,c,1.00,2024-01-01,food\n`);
	expect((await scene.post('retry', {all_failed: true})).json).toMatchObject({file_count: 1});
	await scene.until([
		['a.csv', 'completed'],
		['b.csv', 'completed'],
	]);
	expect(await scene.auditLines()).toMatchObject([
		{action: 'retry-inbox', details: {files: 1, tag: null}, outcome: 'done'},
		{action: 'retry-inbox', subject: claim, details: {files: 1, tag: null}, outcome: 'done'},
	]);
});

test('a failed file is sent on a route of one’s choice; which there are is listed', async () => {
	const scene = await Scene.create({
		routes: [
			{tag: 'sales', match: {name: 'never'}, steps: [{processor: 'analyze', with: {analysis: 'sales'}}]},
			{tag: 'amounts', match: 'any', steps: [{processor: 'analyze', with: {analysis: 'transactions'}}]},
		],
	});
	scene.drop('a.csv', 'department,amount\nfood,1.50\n');
	const [failed] = await scene.until([['a.csv', 'failed']]);
	expect((await scene.inbox()).json.tags).toEqual(['sales', 'amounts']);
	const claims = [failed?.claim ?? ''];
	expect(await scene.post('retry', {claims, tag: 'sale'})).toMatchObject({
		...{status: 400, json: {code: 'NO_ROUTE', detail: 'There is no route “sale”: expected “sales”, “amounts”.'}},
	});
	expect((await scene.post('retry', {claims, tag: 'sales'})).status).toBe(202);
	const [done] = await scene.until([['a.csv', 'completed']]);
	expect(done?.tag).toBe('sales');
});

test('while the intake is held no file is taken, also none that is tried again; then all are', async () => {
	const scene = await Scene.create();
	scene.drop('bad.csv', WITHOUT_AMOUNT);
	await scene.until([['bad.csv', 'failed']]);
	expect(await scene.post('pause')).toMatchObject({status: 200, json: {is_paused: true}});
	expect((await scene.inbox()).json.status.health.reasons).toMatchObject([{code: 'INTAKE_PAUSED'}]);
	scene.drop('good.csv', GOOD_FILE);
	scene.mend(`${GOOD_FILE}t,c,1.00,2024-01-01,food\n`);
	expect((await scene.post('retry', {all_failed: true})).status).toBe(202);
	await vi.waitFor(async () => expect((await scene.inbox()).json.status.files).toMatchObject({waiting: 1}), PATIENT);
	expect((await scene.inbox()).json.status.files).toMatchObject({failed: 1, completed: 0, processing: 0});
	expect((await scene.post('resume')).json).toEqual({is_paused: false});
	await scene.until([
		['bad.csv', 'completed'],
		['good.csv', 'completed'],
	]);
	expect((await scene.auditLines()).map(({action, details}) => [action, details])).toEqual([
		['pause-inbox', {to: 'resume'}],
		['retry-inbox', {files: 1, tag: null}],
		['pause-inbox', {to: 'pause'}],
	]);
});

test('what is done to the inbox is for operators, by tokens that may run, and says which files it means', async () => {
	const scene = await Scene.create();
	const {server} = scene;
	for (const role of ['viewer', 'uploader', 'user'] as const)
		for (const path of ['retry', 'pause', 'resume'])
			expect((await scene.post(path, {all_failed: true}, server.seat(`${role}-${path}`, role).token)).status).toBe(403);
	const tokenWith = async (...scopes: readonly string[]): Promise<string> =>
		(await server.ask('POST', '/api/v1/tokens', {token: scene.operator, json: {name: 'x', scopes}})).json.token;
	const reads = await tokenWith('read', 'upload');
	expect(await scene.post('pause', undefined, reads)).toMatchObject({status: 403, json: {code: 'SCOPE_NEEDED'}});
	expect((await scene.post('pause', undefined, await tokenWith('run'))).status).toBe(200);
	// What a token may do is said before it is tried.
	expect((await server.ask('GET', '/api/v1/auth/me', {token: reads})).json).toMatchObject({
		...{role: 'operator', scopes: ['read', 'upload']},
	});
	expect((await server.ask('GET', '/api/v1/auth/me', {token: scene.operator})).json.scopes).toBeNull();
	for (const body of [
		{},
		{claims: []},
		{claims: ['x'], all_failed: true},
		{all_failed: false},
		{claims: ['x'], more: 1},
	])
		expect((await scene.post('retry', body)).json.code, JSON.stringify(body)).toBe('INVALID');
	const bare = await startTestServer({isOpen: true});
	for (const path of ['retry', 'pause', 'resume'])
		expect((await bare.ask('POST', `/api/inbox/${path}`, {json: {all_failed: true}})).json.code).toBe('NO_INBOX');
});
