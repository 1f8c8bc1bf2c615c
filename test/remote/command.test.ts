// The command with objects of a store as its files and outputs.
import {readdirSync, readFileSync} from 'node:fs';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {type Ending, runCommand} from '../helpers/command.ts';
import {type ObjectStore, startObjectStore} from '../helpers/object-store.ts';
import {startTestServer} from '../helpers/server.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

let store: ObjectStore;
beforeAll(async () => {
	store = await startObjectStore();
	await store.put('in/2026/a.csv', `${HEADER}${row(1)}${row(2)}`);
	await store.put('in/2026/b.csv', `${HEADER}${row(3)}`);
});
afterAll(() => store.stop());

const HEADER = 'transaction_id,user_id,amount,timestamp,category\n';
const row = (id: number): string => `t${id},u${id},${id}.50,2026-01-01T00:00:00Z,food\n`;
const at = (key: string): string => `s3://${store.bucket}/${key}`;

/** In a folder of its own, with one for temporary files that must be empty at the end. */
async function run(
	words: readonly string[],
	env: Readonly<Record<string, string>> = {},
): Promise<Ending & {folder: string}> {
	const {path: folder} = createTemporaryFolder();
	const temporary = createTemporaryFolder();
	const ending = await runCommand(words, {
		cwd: folder,
		env: {
			...{TMPDIR: temporary.path, AWS_ENDPOINT_URL: store.endpoint, AWS_EC2_METADATA_DISABLED: 'true'},
			...{AWS_ACCESS_KEY_ID: 'a-key', AWS_SECRET_ACCESS_KEY: 'a-secret-key', HOME: folder},
			...env,
		},
	});
	expect(
		readdirSync(temporary.path).filter(name => name.endsWith('.tmp') || /fileproc-.*\.(?:json|csv|jsonl)$/.test(name)),
	).toEqual([]);
	return {...ending, folder};
}

test('reports and tables are written beside the data, and are no data for the next run', async () => {
	const words = [
		at('in'),
		'--plain',
		'--report',
		at('out/report.json'),
		'--report',
		at('in/report.csv'),
		'--export',
		at('out/tables/'),
	];
	const first = await run(words);
	expect(first).toMatchObject({code: 0, stderr: ''});
	const report = JSON.parse(await store.get('out/report.json')) as {totals: object};
	expect(report.totals).toMatchObject({files: 2, completed: 2, rows: 3});
	expect(await store.keys()).toEqual(
		expect.arrayContaining([
			'in/2026/a.csv',
			'in/2026/b.csv',
			'in/report.csv',
			'out/report.json',
			'out/tables/activity.users.csv',
		]),
	);
	// The same once more: own outputs are replaced.
	expect(await run(words)).toMatchObject({code: 0, stderr: ''});
	expect((JSON.parse(await store.get('out/report.json')) as {totals: object}).totals).toMatchObject({
		files: 2,
		rows: 3,
	});
});

test('what others have written is replaced with --force only, and an input never', async () => {
	await store.put('theirs.json', '{"a": 1}');
	const refused = await run([at('in/2026/a.csv'), '--json', '--report', at('theirs.json')]);
	expect(refused).toMatchObject({
		code: 3,
		stdout: '',
		stderr: expect.stringContaining(`The report ${at('theirs.json')} is not written`),
	});
	expect(await store.get('theirs.json')).toBe('{"a": 1}');
	const input = await run([at('in/2026/a.csv'), '--report', at('in/2026/a.csv'), '--force']);
	expect(input).toMatchObject({code: 2, stderr: expect.stringContaining('is also an input')});
	expect(await run([at('in/2026/a.csv'), '--plain', '--report', at('theirs.json'), '--force'])).toMatchObject({
		code: 0,
	});
	expect(JSON.parse(await store.get('theirs.json'))).toMatchObject({totals: {files: 1}});
});

test('records are converted from objects to objects, in parts where they are many', async () => {
	const many = `${HEADER}${Array.from({length: 300_000}, (_, id) => row(id)).join('')}`;
	await store.put('large/many.csv', many);
	await store.put('large/few.csv', `${HEADER}${row(1)}`);
	const {code, stdout} = await run(['convert', at('large/'), '-o', at('converted/'), '--to', 'csv']);
	expect({code, stdout}).toEqual({code: 0, stdout: `Wrote 300,001 records of 2 files to ${at('converted/')}\n`});
	expect(await store.get('converted/many.csv')).toBe(many);
	expect(await store.get('converted/few.csv')).toBe(`${HEADER}${row(1)}`);
	expect(await store.unfinishedUploads()).toBe(0);
	const again = await run(['convert', at('large/few.csv'), '-o', at('converted/few.csv')]);
	expect(again).toMatchObject({
		code: 3,
		stderr: expect.stringContaining('an object of that name exists. --force replaces it.'),
	});
	const here = await run(['convert', at('in/*/*.csv'), '-o', 'out/']);
	expect(readFileSync(`${here.folder}/out/2026/b.csv`, 'utf8')).toBe(`${HEADER}${row(3)}`);
});

test('rejected records and a recording are objects once the run has ended, and replace only their like', async () => {
	await store.put('faulty/a.csv', `${HEADER}${row(1)}"t2,u2\n`);
	await store.put('faulty/b.csv', `${HEADER}${row(3)}`);
	const words = [at('faulty'), '--plain', '--rejects', at('out/bad.csv'), '--record', at('out/run.jsonl')];
	for (const _ of ['new', 'replaced']) {
		expect(await run(words)).toMatchObject({code: 0, stderr: ''});
		expect(await store.get('out/bad.csv')).toContain('a.csv,3,');
	}
	expect((await run(['replay', at('out/run.jsonl'), '--speed', '100'])).stdout).toContain('2 rows, 1 rejected');
	const converted = ['convert', at('faulty/a.csv'), '-o', at('out/good.csv'), '--rejects'];
	expect(await run([...converted, at('out/good.csv')])).toMatchObject({
		...{code: 2, stderr: expect.stringContaining('are the same file')},
	});
	await store.put('theirs.csv', 'a,b\n');
	for (const flag of ['--rejects', '--record']) {
		const refused = await run([at('faulty'), '--json', flag, at('theirs.csv')]);
		expect(refused).toMatchObject({
			code: 3,
			stdout: '',
			stderr: expect.stringContaining('an object of that name exists'),
		});
	}
	expect(await store.get('theirs.csv')).toBe('a,b\n');
	expect(await store.unfinishedUploads()).toBe(0);
});

test('outputs that cannot be objects say so before anything is read', async () => {
	expect(await run([at('in'), '--log-file', at('run.log')])).toMatchObject({
		...{code: 2, stderr: expect.stringContaining('--log-file takes a file of this machine')},
	});
	for (const flag of ['--rejects', '--record', '--report'])
		expect(await run([at('in/2026/a.csv'), flag, at('in/2026/a.csv')])).toMatchObject({
			...{code: expect.toBeOneOf([2, 3]), stdout: '', stderr: expect.stringMatching(/not written|is also an input/)},
		});
	expect(await run([at('in'), '--report', 'https://anna:word@host/report.json'])).toMatchObject({
		...{code: 2, stderr: expect.stringContaining('Nothing is written to web servers')},
	});
	expect(await run([at('in'), '--plain', '--report', 's3://no-such-bucket-here/report.json'])).toMatchObject({
		...{code: 3, stderr: expect.stringContaining('There is no bucket')},
	});
});

test('a list names objects, sniff looks into them, and without credentials it is said what to set', async () => {
	const list = createTemporaryFolder().write('list', `${at('in/2026/a.csv')}\n${at('in/2026/b.csv')}\n`);
	expect(JSON.parse((await run(['--files-from', list, '--json'])).stdout)).toMatchObject({totals: {files: 2, rows: 3}});
	expect((await run(['sniff', at('in/2026/a.csv')])).stdout).toContain('comma, utf-8, LF');
	const {code, stdout} = await run([at('in'), '--json'], {AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: ''});
	expect(code).toBe(1);
	expect(JSON.parse(stdout)).toMatchObject({
		files: [{error: {code: 'NO_CREDENTIALS', message: expect.stringContaining('AWS_PROFILE')}}],
	});
});

test.each([
	['in the profile', (endpoint: string) => `[profile elsewhere]\nendpoint_url = ${endpoint}\n`],
	[
		'of its services',
		(endpoint: string) => `[profile elsewhere]\nservices = own\n[services own]\ns3 =\n  endpoint_url = ${endpoint}\n`,
	],
])('endpoint and credentials may stand in the files of the tools of AWS, the endpoint %s', async (_, config) => {
	const home = createTemporaryFolder();
	home.write('.aws/config', config(store.endpoint));
	home.write('.aws/credentials', '[elsewhere]\naws_access_key_id = a-key\naws_secret_access_key = a-secret-key\n');
	const none = {AWS_ENDPOINT_URL: '', AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: ''};
	const {stdout} = await run([at('in/2026/a.csv'), '--json'], {...none, AWS_PROFILE: 'elsewhere', HOME: home.path});
	expect(JSON.parse(stdout)).toMatchObject({totals: {files: 1, completed: 1, rows: 2}});
});

test('objects go along routes and to a server, and what the server made of them comes back as an object', async () => {
	const taken = await run(['watch', '--input', at('in/2026/a.csv')]);
	expect(taken).toMatchObject({code: 0, stderr: ''});
	expect(JSON.parse(taken.stdout)).toMatchObject({file: 'a.csv', rows: 2});
	expect(await run(['watch', '--input', at('in')])).toMatchObject({
		...{code: 3, stderr: expect.stringContaining('is no object, but others may be below it: name one')},
	});
	expect(await run(['watch', '--input', at('in/none.csv')])).toMatchObject({
		...{code: 3, stderr: expect.stringContaining('there is no such object, and none below')},
	});
	const routes = createTemporaryFolder().write(
		'routes.json',
		'{"routes": [{"tag": "orders", "match": {"name": "a.*"}, "steps": []}]}',
	);
	const named = ['in/none.csv', 'in', 'in/2026/a.csv', 'in/2026/b.csv'].map(at);
	const checked = await run(['routes', 'check', routes, ...named, '--json']);
	expect(checked.code).toBe(1);
	expect(JSON.parse(checked.stdout).files).toMatchObject([
		{file: at('in/none.csv'), route: null, error: {code: 'NO_SUCH_OBJECT'}},
		{file: at('in'), route: null, error: {code: 'NO_SUCH_OBJECT'}},
		{file: at('in/2026/a.csv'), route: 'orders'},
		{file: at('in/2026/b.csv'), route: null},
	]);
	const server = await startTestServer({isOpen: true});
	const pushed = await run(['push', server.url, at('in/2026/'), '--wait', '--json']);
	expect(pushed).toMatchObject({code: 0, stderr: ''});
	expect(JSON.parse(pushed.stdout)).toMatchObject({totals: {files: 2, completed: 2, rows: 3}});
	const {files} = (await server.ask('GET', '/api/v1/files')).json;
	expect(files.map(({name}: {name: string}) => name).sort()).toEqual(['a.csv', 'b.csv']);
	const {tasks} = (await server.ask('GET', '/api/v1/run')).json;
	const words = ['get', server.url, tasks[0].task_execution_id, '-o', at('out/result.json')];
	for (const more of [[], ['--force']]) expect(await run([...words, ...more])).toMatchObject({code: 0});
	expect(JSON.parse(await store.get('out/result.json'))).toMatchObject({task_execution_id: tasks[0].task_execution_id});
	const table = [...words.slice(0, 3), '--csv', '--table', 'users', '-o', at('out/result.json')];
	expect(await run(table)).toMatchObject({code: 3, stderr: expect.stringContaining('an object of that name exists')});
});

test.each<[readonly string[], string, object?]>([
	[['watch', 's3://bucket/in'], 'fileproc-tui s3://bucket/in/ --save --resume'],
	[['generate', 's3://bucket/in'], 'generate takes the folder to write to, on this machine'],
	[['restore', 'https://host/backup.tar?token=abc'], 'but got “https://host/backup.tar”'],
	[['init', 'systemd', '-o', 's3://bucket/in'], 'init writes to a folder of this machine'],
	[['serve', '--data', 's3://bucket/in'], '--data takes a folder of this machine'],
	[['./data', '--ledger', 's3://bucket/ledger.db'], '--ledger takes a file of this machine'],
	[['backup', 's3://bucket/backup.tar'], 'backup takes the file of a backup, on this machine'],
	[['./data'], 'ledger takes a file of this machine; but got “s3://bucket/l.db”', {ledger: 's3://bucket/l.db'}],
	[['./data'], 'logFile takes a file of this machine', {logFile: 's3://bucket/run.log'}],
	[['./data'], 'but got “https://host/log”', {logFile: 'https://host/log?token=abc'}],
	[['watch', 'data'], 'watch.statusFile takes a file of this', {watch: {statusFile: 's3://bucket/status.json'}}],
])('%j, which must be of this machine, makes no folder of that name', async (words, sentence, config) => {
	const home = createTemporaryFolder();
	if (config !== undefined) home.write('fileproc-tui/config.json', JSON.stringify(config));
	const {code, stderr, folder} = await run(words, {XDG_CONFIG_HOME: home.path});
	expect({code, stderr}).toEqual({code: config === undefined ? 2 : 3, stderr: expect.stringContaining(sentence)});
	expect(readdirSync(folder).filter(name => name !== '.cache')).toEqual([]);
});
