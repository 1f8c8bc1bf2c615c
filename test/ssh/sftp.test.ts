// Files by SFTP: who sees and puts what, as a table; what is taken and what is not; and OpenSSH's own clients for it.
import {mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Client, FileEntry, SFTPWrapper} from 'ssh2';
import {expect, onTestFinished, test, vi} from 'vitest';
import {readWatchFlags} from '../../source/cli/arguments/read-watch-flags.ts';
import {openInbox} from '../../source/cli/commands/serve/open-inbox.ts';
import {ROLES} from '../../source/server/roles.ts';
import {startProgram} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';
import {serveSsh} from '../helpers/served-ssh.ts';
import {GOOD_FILE, startTestServer, type TestServer} from '../helpers/server.ts';
import {whyNoSsh} from '../helpers/ssh.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const sftpOf = (client: Client): Promise<SFTPWrapper> =>
	new Promise((resolve, reject) => client.sftp((error, sftp) => (error ? reject(error) : resolve(sftp))));

/** Resolves with what the call gives, or with the code that it is refused by. */
const ask = <Result>(
	call: (done: (error: Error | null | undefined, result?: Result) => void) => unknown,
): Promise<Result | number> =>
	new Promise(resolve =>
		call((error, result) => resolve(error ? ((error as {code?: number}).code ?? -1) : (result as Result))),
	);

const [OK, NO_SUCH_FILE, DENIED, FAILURE, UNSUPPORTED] = [undefined, 2, 3, 4, 8];

const put = (sftp: SFTPWrapper, path: string, content: string | Buffer) =>
	ask<undefined>(done => sftp.writeFile(path, content, done));
const get = async (sftp: SFTPWrapper, path: string): Promise<string | number> => {
	const found = await ask<Buffer>(done => sftp.readFile(path, done as never));
	return typeof found === 'number' ? found : found.toString();
};
const list = async (sftp: SFTPWrapper, path: string): Promise<readonly string[] | number> => {
	const found = await ask<FileEntry[]>(done => sftp.readdir(path, done as never));
	return typeof found === 'number' ? found : found.map(({filename}) => filename).toSorted();
};
const untilListed = (sftp: SFTPWrapper, path: string, ...names: readonly string[]): Promise<void> =>
	vi.waitFor(async () => expect(await list(sftp, path)).toEqual(names), PATIENT);

async function open(server: TestServer, name: string): Promise<SFTPWrapper> {
	const ssh = await serveSsh(server);
	const {privateText: privateKey} = ssh.letIn(`role=admin,user="${name}"`);
	return sftpOf(await ssh.connect(name, {privateKey}));
}

test('what each role may do', async () => {
	const server = await startTestServer();
	const found: Record<string, unknown> = {};
	for (const role of ROLES) {
		const {token} = server.seat(role, role);
		const sftp = await open(server, role);
		const before = await list(sftp, '/');
		const putting = await put(sftp, 'unprocessed/a.csv', GOOD_FILE);
		const {json} = await server.ask('GET', '/api/v1/files', {token});
		const isKept = json.files.length === 1;
		if (json.files[0]?.task_execution_id != null) await untilListed(sftp, 'processed', 'a.csv');
		found[role] = {
			...{before, putting, isKept},
			folder: await ask<undefined>(done => sftp.mkdir('unprocessed/b', done)),
			...{unprocessed: await list(sftp, 'unprocessed'), processed: await list(sftp, 'processed')},
			result: typeof (await get(sftp, 'results/a.csv.json')) === 'string',
			elsewhere: await put(sftp, 'processed/b.csv', GOOD_FILE),
			removing: await ask<undefined>(done => sftp.unlink('unprocessed/a.csv', done)),
		};
	}
	const before = ['failed', 'processed', 'results', 'unprocessed'];
	const never = {before, elsewhere: DENIED, removing: UNSUPPORTED};
	const user = {
		...{...never, putting: OK, isKept: true, folder: OK, unprocessed: ['b'], processed: ['a.csv'], result: true},
	};
	expect(found).toEqual({
		viewer: {
			...{...never, putting: DENIED, isKept: false, folder: DENIED, unprocessed: [], processed: [], result: false},
		},
		// It may send files in and start nothing.
		uploader: {...user, unprocessed: ['a.csv', 'b'], processed: [], result: false},
		...{user, operator: user, admin: user},
	});
});

test('a role of a key is the most that its account may do', async () => {
	const server = await startTestServer();
	server.seat('ann', 'user');
	const ssh = await serveSsh(server);
	const {privateText: privateKey} = ssh.letIn('role=viewer,user="ann"');
	const sftp = await sftpOf(await ssh.connect('ann', {privateKey}));
	expect(await put(sftp, 'unprocessed/a.csv', GOOD_FILE)).toBe(DENIED);
});

test('each user has their own files, under the names that they gave them', async () => {
	const server = await startTestServer();
	const {token} = server.seat('ann');
	server.seat('bob');
	const [ann, bob] = [await open(server, 'ann'), await open(server, 'bob')];
	await put(ann, '/unprocessed/a.csv', GOOD_FILE);
	await put(ann, 'unprocessed/wrong.csv', 'a,b\n1,2\n'.repeat(3).replaceAll('a', '\0'));
	await untilListed(ann, 'processed', 'a.csv');
	await put(ann, 'unprocessed/a.csv', `${GOOD_FILE}t99,c1,1.25,2024-01-01,food\nbad,row\n`);
	await vi.waitFor(async () => expect(await list(ann, 'processed')).toHaveLength(2), PATIENT);
	// The newer one has the name.
	expect(await get(ann, 'processed/a.csv')).toContain('bad,row');
	const results = await list(ann, 'results');
	expect(results).toContain('a.csv.json');
	expect(await get(ann, 'results/a.csv.rejects.csv')).toContain('bad,row');
	expect(JSON.parse(String(await get(ann, 'results/a.csv.json')))).toMatchObject({rejected_rows: 1});
	expect([await list(bob, 'processed'), await list(bob, 'results')]).toEqual([[], []]);
	expect(await get(bob, 'processed/a.csv')).toBe(NO_SUCH_FILE);
	const {json} = await server.ask('GET', '/api/v1/files', {token});
	expect(json.files.map((file: {source: string}) => file.source)).toEqual(['put', 'put', 'put']);
});

test('a file is taken when it was closed, and nothing is left of one that was not', async () => {
	const server = await startTestServer();
	const {token} = server.seat('ann');
	const ssh = await serveSsh(server);
	const {privateText: privateKey} = ssh.letIn('role=user,user="ann"');
	const client = await ssh.connect('ann', {privateKey});
	const sftp = await sftpOf(client);
	const handle = (await ask<Buffer>(done => sftp.open('unprocessed/a.csv', 'w', done as never))) as Buffer;
	const bytes = Buffer.from(GOOD_FILE);
	const write = (offset: number): Promise<unknown> =>
		ask(done => sftp.write(handle, bytes, 0, bytes.length, offset, done as never));
	expect(await write(0)).not.toBe(FAILURE);
	// Nobody knows what would be between.
	expect(await write(10)).toBe(FAILURE);
	expect(await list(sftp, 'unprocessed')).toEqual([]);
	client.destroy();
	const usage = async () => (await server.ask('GET', '/api/v1/usage', {token})).json;
	await vi.waitFor(async () => expect(await usage()).toMatchObject({files: {used: 0}, bytes: {used: 0}}), PATIENT);
	const {json} = await server.ask('GET', '/api/v1/files', {token});
	expect(json.files).toEqual([]);
	expect(ssh.faults).toEqual([]);
});

test('there is no way out, and there are no links and no names that are not what they seem', async () => {
	const server = await startTestServer();
	server.seat('ann');
	const sftp = await open(server, 'ann');
	const real = (path: string) => ask<string>(done => sftp.realpath(path, done as never));
	expect(await real('.')).toBe('/');
	expect(await real('/../../etc/./passwd')).toBe('/etc/passwd');
	expect(await real('processed/../..')).toBe('/');
	for (const path of ['/etc/passwd', '../../etc/passwd', 'processed/nope', 'results/../../../etc/passwd'])
		expect(await get(sftp, path)).toBe(NO_SUCH_FILE);
	for (const path of ['/a.csv', '../a.csv', '/etc/a.csv', 'results/a.csv'])
		expect(await put(sftp, path, 'x')).toBe(DENIED);
	expect(await put(sftp, 'unprocessed/none/a.csv', 'x')).toBe(NO_SUCH_FILE);
	expect(await put(sftp, 'unprocessed', 'x')).toBe(FAILURE);
	for (const name of ['a\0.csv', '\u{fffd}.csv', 'x'.repeat(300), '.DS_Store'])
		expect(await put(sftp, `unprocessed/${name}`, GOOD_FILE)).toBe(FAILURE);
	const calls: Record<string, (done: (error?: Error | null) => void) => unknown> = {
		symlink: done => sftp.symlink('/etc/passwd', 'unprocessed/x', done),
		rename: done => sftp.rename('unprocessed', 'x', done),
		remove: done => sftp.unlink('processed/x', done),
		rmdir: done => sftp.rmdir('processed', done),
		readlink: done => sftp.readlink('processed', done as never),
	};
	for (const [name, call] of Object.entries(calls)) expect([name, await ask(call)]).toEqual([name, UNSUPPORTED]);
	expect(await ask(done => sftp.mkdir('elsewhere', done))).toBe(DENIED);
	// There are no attributes, and clients that set some do not fail.
	expect(await ask(done => sftp.chmod('unprocessed/x', 0o777, done))).toBe(OK);
	expect(await ask(done => sftp.chmod('processed/x', 0o777, done))).toBe(NO_SUCH_FILE);
	const names = ['-rf.csv', 'ä ö.csv', '$(reboot).csv', "'quoted'.csv", 'new\nline.csv', '..a.csv'];
	for (const name of names) expect([name, await put(sftp, `unprocessed/${name}`, GOOD_FILE)]).toEqual([name, OK]);
	await vi.waitFor(async () => expect(await list(sftp, 'processed')).toEqual(names.toSorted()), PATIENT);
});

test('a folder is put as it is, and quotas hold, which is told', async () => {
	const server = await startTestServer({maxUploadBytes: 100_000, quotaFiles: 2});
	server.seat('ann');
	const ssh = await serveSsh(server);
	const {privateText: privateKey} = ssh.letIn('role=user,user="ann"');
	const sftp = await sftpOf(await ssh.connect('ann', {privateKey}));
	expect(await ask(done => sftp.mkdir('unprocessed/2026', done))).toBe(OK);
	expect(await ask(done => sftp.mkdir('unprocessed/2026', done))).toBe(FAILURE);
	expect(await put(sftp, 'unprocessed/2026/a.csv', GOOD_FILE)).toBe(OK);
	await untilListed(sftp, 'processed', '2026');
	expect(await get(sftp, 'processed/2026/a.csv')).toBe(GOOD_FILE);
	expect(await put(sftp, 'unprocessed/b.csv', Buffer.alloc(3_000_000, 'a,b\n'))).toBe(FAILURE);
	expect(await put(sftp, 'unprocessed/b.csv', GOOD_FILE)).toBe(OK);
	expect(await put(sftp, 'unprocessed/c.csv', GOOD_FILE)).toBe(FAILURE);
	expect(ssh.faults).toEqual([]);
});

test('without accounts the folders are those that are watched beside, which operators see', async () => {
	const root = createTemporaryFolder().at('inbox');
	const inbox = await openInbox(root, readWatchFlags({settle: 0, poll: 0.1}, []), {threads: 1}, () => {});
	onTestFinished(() => inbox.close());
	const server = await startTestServer({inbox: inbox.served, isOpen: true});
	const ssh = await serveSsh(server, {watchedFolder: root});
	const openAs = async (role: string): Promise<SFTPWrapper> => {
		const {privateText: privateKey} = ssh.letIn(`role=${role}`);
		return sftpOf(await ssh.connect('ann', {privateKey}));
	};
	const [viewer, uploader, operator] = [await openAs('viewer'), await openAs('uploader'), await openAs('operator')];
	expect(await put(viewer, 'unprocessed/a.csv', GOOD_FILE)).toBe(DENIED);
	expect(await put(uploader, 'unprocessed/a.csv', GOOD_FILE)).toBe(OK);
	for (const name of ['x/b.csv', 'b"c.csv', 'b.part'])
		expect(await put(uploader, `unprocessed/${name}`, 'x')).toBe(FAILURE);
	await vi.waitFor(async () => expect(await list(operator, 'processed')).toHaveLength(1), PATIENT);
	const [processed] = (await list(operator, 'processed')) as string[];
	expect(processed).toMatch(/__a\.csv$/);
	expect(await get(operator, `processed/${processed}`)).toBe(GOOD_FILE);
	const results = (await list(operator, 'results')) as string[];
	expect(JSON.parse(String(await get(operator, `results/${results[0]}`)))).toMatchObject({rows: 20});
	for (const who of [viewer, uploader]) {
		expect(await list(who, '/')).toEqual(['failed', 'processed', 'results', 'unprocessed']);
		expect([await list(who, 'processed'), await get(who, `processed/${processed}`)]).toEqual([DENIED, DENIED]);
	}
	// Nothing leads out of it, however it came there.
	symlinkSync('/etc', join(root, 'processed/etc'));
	symlinkSync('/etc/passwd', join(root, 'failed/passwd'));
	for (const path of [
		'processed/etc/passwd',
		'failed/passwd',
		'.state/ledger.db',
		'underprocess',
		'processed/.x',
		'../x',
	])
		expect([path, await get(operator, path)]).toEqual([path, NO_SUCH_FILE]);
	expect([await list(operator, 'processed/etc'), await list(operator, 'failed')]).toEqual([NO_SUCH_FILE, []]);
	expect(ssh.faults).toEqual([]);
});

test.skipIf(whyNoSsh !== null)('OpenSSH’s sftp and scp do what people do', async () => {
	const folder = createTemporaryFolder();
	const server = await startTestServer({maxUploadBytes: 5_000_000});
	server.seat('ann');
	server.seat('eve', 'viewer');
	const ssh = await serveSsh(server);
	writeFileSync(folder.at('key'), ssh.letIn('role=user,user="ann"').privateText, {mode: 0o600});
	writeFileSync(folder.at('eve'), ssh.letIn('user="eve"').privateText, {mode: 0o600});
	writeFileSync(folder.at('a.csv'), GOOD_FILE);
	const large = Buffer.concat([Buffer.from(GOOD_FILE), Buffer.alloc(3_000_000, 't1,c1,1.25,2024-01-01,food\n')]);
	writeFileSync(folder.at('large.csv'), large);
	writeFileSync(folder.at('too-large.csv'), Buffer.alloc(8_000_000, 'a,b\n'));
	mkdirSync(folder.at('many/y'), {recursive: true});
	for (const name of ['many/x.csv', 'many/y/z.csv']) writeFileSync(folder.at(name), GOOD_FILE);
	const flags = [
		...['-q', '-F', 'none', '-P', String(ssh.port), '-o', 'StrictHostKeyChecking=no', '-o', 'BatchMode=yes'],
		...['-o', `UserKnownHostsFile=${folder.at('known')}`, '-o', 'IdentitiesOnly=yes', '-o', 'LogLevel=ERROR'],
	];
	const start = (program: string, key: string, words: readonly string[], input = '') =>
		startProgram(program, [...flags, '-i', folder.at(key), ...words], {input, cwd: folder.path}).ended;
	const batch = (text: string, key = 'key', name = 'ann') => start('sftp', key, ['-b', '-', `${name}@127.0.0.1`], text);

	const sent = await batch(
		'put a.csv unprocessed/\nput -p large.csv unprocessed/\nmkdir unprocessed/many\nput -R many unprocessed/\nls -la unprocessed\n',
	);
	expect(sent, sent.stderr).toMatchObject({code: 0});
	const listed = await vi.waitFor(async () => {
		const {stdout} = await batch('ls -1 processed\nls -1 processed/many\nls -1 results\n');
		expect(stdout.match(/^processed\/\S+/gm)?.length, stdout).toBe(5);
		return stdout;
	}, PATIENT);
	expect(listed).toContain('results/a.csv.json');
	expect((await batch('get processed/large.csv back.csv\nget -p results/a.csv.json\n')).code).toBe(0);
	expect(readFileSync(folder.at('back.csv')).equals(large)).toBe(true);
	expect(JSON.parse(readFileSync(folder.at('a.csv.json'), 'utf8'))).toMatchObject({file: 'a.csv'});
	// One that was cut off goes on where it was.
	writeFileSync(folder.at('back.csv'), large.subarray(0, 1_000_000));
	expect((await batch('reget processed/large.csv back.csv\n')).code).toBe(0);
	expect(readFileSync(folder.at('back.csv')).equals(large)).toBe(true);

	expect(await start('scp', 'key', ['a.csv', 'ann@127.0.0.1:unprocessed/by-scp.csv'])).toMatchObject({code: 0});
	expect((await start('scp', 'key', ['-r', '-p', 'many', 'ann@127.0.0.1:unprocessed/'])).code).toBe(0);
	expect((await start('scp', 'key', ['ann@127.0.0.1:processed/large.csv', 'again.csv'])).code).toBe(0);
	expect(readFileSync(folder.at('again.csv')).equals(large)).toBe(true);

	const refused = await batch('put too-large.csv unprocessed/\n');
	expect(refused).toMatchObject({code: 1, stderr: expect.stringContaining('A file may have 5000000 bytes at most')});
	const viewer = await batch('put a.csv unprocessed/\n', 'eve', 'eve');
	expect(viewer).toMatchObject({code: 1, stderr: expect.stringContaining('The role viewer may not send files in')});
	expect(ssh.faults).toEqual([]);
});

test('a watched folder with many files is listed page by page, whatever is hidden in it', async () => {
	const folder = createTemporaryFolder();
	mkdirSync(folder.at('processed'));
	const names = Array.from({length: 250}, (_, index) => `${String(index).padStart(3, '0')}.csv`);
	for (const name of names) {
		writeFileSync(join(folder.at('processed'), name), GOOD_FILE);
		writeFileSync(join(folder.at('processed'), `.${name}`), GOOD_FILE);
	}
	const ssh = await serveSsh(await startTestServer({isOpen: true}), {watchedFolder: folder.path});
	const {privateText: privateKey} = ssh.letIn('role=operator');
	const sftp = await sftpOf(await ssh.connect('anyone', {privateKey}));
	expect(await list(sftp, 'processed')).toEqual(names);
	// One that is left in the middle, and asked for again behind its end.
	const handle = await ask<Buffer>(done => sftp.opendir('processed', done as never));
	if (typeof handle === 'number') throw new Error(`Expected a handle, but got ${handle}`);
	const page = (): Promise<FileEntry[] | number> => ask<FileEntry[]>(done => sftp.readdir(handle, done as never));
	expect(await page()).toHaveLength(100);
	expect(await ask(done => sftp.close(handle, done))).toBe(OK);
	expect(await page()).toBe(FAILURE);
	expect(ssh.faults).toEqual([]);
});
