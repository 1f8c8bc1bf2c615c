// The built command against a real server: files of this machine go there, and what they came to comes back as from a run here.
import {chmodSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test, vi} from 'vitest';
import {STEP_MS, totpOf} from '../../source/server/totp.ts';
import {type Environment, parseReport, runCommand, startCommand, transactions} from '../helpers/command.ts';
import {CuttingProxy} from '../helpers/cutting-proxy.ts';
import {PATIENT} from '../helpers/patient.ts';
import {Robot, whyNoTerminal} from '../helpers/pty.ts';
import {ENDLESS_FILE, PASSWORD, startTestServer, TOTP_SECRET} from '../helpers/server.ts';
import {createTemporaryFolder, type TemporaryFolder} from '../helpers/temporary-folder.ts';
import {certificateOf} from '../helpers/tls.ts';
import {withoutTimes} from '../helpers/without-times.ts';

function prepare(): {readonly folder: TemporaryFolder; readonly env: Environment} {
	const folder = createTemporaryFolder();
	return {folder, env: {XDG_CONFIG_HOME: folder.at('config')}};
}

test('files are sent and shown as by a run here, sent again nothing is done twice, and exit codes are the same', async () => {
	const server = await startTestServer({isOpen: true});
	const {folder, env} = prepare();
	folder.write('in/good.csv', transactions(50));
	folder.write('in/deep/bad.csv', `${transactions(10)}x,c1,none,2024-01-01,food\n`);
	folder.write('in/broken.csv', 'a,b\n"never closed\n1,2\n'.repeat(3).slice(0, 30));
	const options = {cwd: folder.path, env};
	const here = await runCommand(['in', '--json', '--hash', 'sha256'], options);
	const there = await runCommand(['push', server.url, 'in', '--wait', '--json'], options);
	expect(there.code).toBe(here.code);
	expect(there.stderr).toBe('');
	const comparable = ({stdout}: {stdout: string}) => withoutTimes(parseReport(stdout));
	expect(JSON.parse(here.stdout).analyses.transactions.total_transactions).toBe(60);
	expect(comparable(there)).toEqual(comparable(here));
	expect(Object.keys(JSON.parse(there.stdout))).toEqual(Object.keys(JSON.parse(here.stdout)));
	const again = await runCommand(['push', server.url, 'in', '--wait', '--json'], options);
	expect(comparable(again)).toEqual(comparable(here));
	const {files} = (await server.ask('GET', '/api/v1/files')).json;
	const {tasks} = (await server.ask('GET', '/api/v1/run')).json;
	expect([files.length, tasks.length]).toEqual([3, 3]);
	// Other things of the same files are other tasks.
	const [good] = files.filter((file: {name: string}) => file.name === 'good.csv');
	const more = await runCommand(
		['run', server.url, good.file_id, '--task', 'profile,quality', '--wait', '--json'],
		options,
	);
	expect(more.code).toBe(0);
	expect(Object.keys(JSON.parse(more.stdout).files[0].results)).toEqual(['profile', 'quality']);
	const none = await runCommand(['push', server.url, 'nowhere'], options);
	expect(none).toMatchObject({code: 4, stderr: expect.stringContaining('nowhere: no such file or folder')});
	// Without waiting for it, what it failed with before is known: the table has nothing of these analyses.
	const broken = ['push', server.url, 'in/broken.csv', '--task', 'transactions'];
	const first = await runCommand(broken, options);
	await server.untilTask(null, /task (r_\w+)/.exec(first.stdout)?.[1] ?? '', 'FAILED');
	const second = await runCommand(broken, options);
	expect(second.stdout).toMatch(/task r_\w+ \w+ again, after it had failed: MISSING_COLUMN /);
	folder.write('in/picture.csv', Buffer.from('\u0089PNG\r\n\u001a\n0000', 'latin1'));
	const picture = await runCommand(['push', server.url, 'in/picture.csv'], options);
	expect(picture).toMatchObject({code: 1, stdout: expect.stringContaining('NOT_TAKEN')});
	expect(picture.stdout).toMatch(/NOT_TAKEN The file is a PNG image; .* save that as CSV\n$/);
	const unknown = await runCommand(['push', server.url, 'in', '--task', 'nope'], options);
	expect(unknown).toMatchObject({code: 2, stderr: expect.stringContaining('There is no task "nope"')});
});

test('a dry run says what would be sent and started, with the same exit codes, and does nothing of it', async () => {
	const server = await startTestServer({
		isOpen: true,
		maxConcurrentTasks: 1,
		maxQueued: 1,
	});
	const {folder, env} = prepare();
	const {url} = server;
	folder.write('in/a.csv', transactions(20));
	truncateSync(folder.write('in/large.csv', ''), 64 * 1024 * 1024 + 1);
	const run = (...words: readonly string[]) => runCommand([...words, '--dry-run'], {cwd: folder.path, env});
	const sending = await run('push', url, 'in', '--task', 'quality');
	expect(sending).toMatchObject({code: 1, stderr: ''});
	expect(sending.stdout).toMatch(/^in\/a\.csv \(\S+ \S+\): it would be sent, and it would start quality, at once\n/);
	expect(sending.stdout).toMatch(
		/^in\/large\.csv \(.*\): nothing, TOO_LARGE The server takes files of up to \S+ .B\.$/m,
	);
	const [file] = JSON.parse((await run('push', url, 'in/a.csv', '--upload-only', '--json')).stdout).files;
	expect(file).toMatchObject({file: 'in/a.csv', file_id: null, action: 'send', task: null, error: null});
	expect(await run('push', url, 'in', '--task', 'nope')).toMatchObject({code: 2, stdout: ''});
	expect((await run('push', url, 'in', '--wait')).code).toBe(2);
	expect((await server.ask('GET', '/api/v1/files')).json.files).toEqual([]);
	const id = await server.upload(null, 'a.csv', transactions(20));
	const tried = async () => JSON.parse((await run('run', url, id, '--json')).stdout).files[0];
	expect(await tried()).toMatchObject({file_id: id, action: 'start', task: {position: null, task_execution_id: null}});
	expect((await server.ask('GET', '/api/v1/run')).json.tasks).toEqual([]);
	// What is there already is not started again.
	await runCommand(['run', url, id, '--wait'], {cwd: folder.path, env});
	const {tasks} = (await server.ask('GET', '/api/v1/run')).json;
	expect(await tried()).toMatchObject({action: 'none', task: {task_execution_id: tasks[0].task_execution_id}});
	const endless = await server.upload(null, 'endless.csv.gz', ENDLESS_FILE);
	await server.untilTask(null, await server.run(null, endless), 'PROCESSING');
	expect((await run('run', url, id, '--task', 'profile')).stdout).toMatch(
		/start profile, at place 1 of those that wait\n$/,
	);
	await server.run(null, id);
	const full = await run('run', url, id, '--task', 'profile');
	expect(full).toMatchObject({code: 0, stdout: expect.stringContaining('it would wait: Too many concurrent tasks')});
	expect(await run('run', url, 'f_none')).toMatchObject({code: 4, stdout: ''});
});

test('what is on a server is listed, fetched, cancelled and tried again', async () => {
	const server = await startTestServer({isOpen: true, maxConcurrentTasks: 1});
	const {folder, env} = prepare();
	const {url} = server;
	const options = {cwd: folder.path, env};
	const path = folder.write('sales.csv', `${transactions(40)}x,c1,none,2024-01-01,food\n`);
	const sent = await runCommand(['push', url, path, '--task', 'transactions', '--json'], options);
	const {file_id: fileId, task_execution_id: id} = JSON.parse(sent.stdout).files[0];
	await server.untilTask(null, id, 'COMPLETED');
	const get = (...words: readonly string[]) => runCommand(['get', url, ...words], options);
	expect(JSON.parse((await get(id)).stdout)).toMatchObject({task_execution_id: id, rows: 41, rejected_rows: 1});
	expect((await get(id, '--csv')).stdout).toMatch(/^category,count,amount\n/);
	expect((await get(id, '--rejects', 'bad.csv')).code).toBe(0);
	expect(readFileSync(folder.at('bad.csv'), 'utf8')).toContain('not-a-number');
	expect((await get(fileId, '-o', 'copy.csv')).code).toBe(0);
	expect(readFileSync(folder.at('copy.csv'))).toEqual(readFileSync(path));
	expect(await get(fileId, '-o', 'copy.csv')).toMatchObject({
		code: 3,
		stderr: expect.stringContaining('is there already'),
	});
	expect(await get('r_none')).toMatchObject({code: 4, stdout: ''});
	expect((await runCommand(['files', url, 'status:completed'], options)).stdout).toContain(fileId);
	expect((await runCommand(['history', url], options)).stdout).toContain(id);
	expect((await runCommand(['history', url, id], options)).stdout).toMatch(/Transactions +40/);
	expect((await runCommand(['history', url, 'status:failed'], options)).code).toBe(4);
	const endless = await server.upload(null, 'endless.csv.gz', ENDLESS_FILE);
	const long = await server.run(null, endless);
	expect((await runCommand(['cancel', url, long, '--json'], options)).code).toBe(0);
	expect((await server.untilTask(null, long, 'CANCELLED')).status).toBe('CANCELLED');
	expect(await runCommand(['retry', url, long, id], options)).toMatchObject({
		code: 1,
		stdout: expect.stringContaining(long),
	});
	const held = await runCommand(['pause', url, long], options);
	expect(held).toMatchObject({code: 0, stdout: `${long} PAUSED endless.csv.gz\n`});
	const resumed = await runCommand(['resume', url, long, '--json'], options);
	expect(JSON.parse(resumed.stdout).tasks).toMatchObject([{task_execution_id: long, is_paused: false}]);
	await runCommand(['cancel', url, long], options);
	expect(await runCommand(['pause', url, long], options)).toMatchObject({code: 1, stdout: ''});
	const events = startCommand(['events', url], {
		...options,
		onOutput: text => text.includes('"content-expired"') && events.kill('SIGINT'),
	});
	await server.ask('DELETE', `/api/v1/files/${fileId}`);
	const {code, stdout} = await events.ended;
	expect(code).toBe(130);
	const lines = stdout
		.trim()
		.split('\n')
		.map(line => JSON.parse(line));
	expect(lines.map(({type}) => type)).toContain('file-completed');
	expect(new Set(lines.flatMap(({id: place}) => place ?? [])).size).toBe(
		lines.filter(({id: place}) => place !== undefined).length,
	);
});

test('files are read there by options and by a mapping, which is told; and one action is done to all that match', async () => {
	const server = await startTestServer({isOpen: true});
	const {folder, env} = prepare();
	const options = {cwd: folder.path, env};
	const {url} = server;
	const headings = ['Wert 7', 'Stichtag', 'Wer', 'Wofür'];
	const map = {amount: 'Wert 7', date: 'Stichtag', customer_id: 'Wer', category: 'Wofür'};
	folder.write('a.csv', `${headings.join(';')}\n1,50;2024-01-01;k1;food\n`);
	const json = {map, headings};
	expect((await server.ask('PUT', '/api/v1/mappings/Berlin', {json})).status).toBe(201);
	const push = (...words: readonly string[]) =>
		runCommand(['push', url, 'a.csv', '--wait', '--json', '--task', 'transactions', ...words], options);
	const told = await push('--options', '{"delimiter": ";", "decimal": ","}');
	expect(told).toMatchObject({code: 0, stderr: 'fileproc-tui: a.csv was read by the mapping Berlin, version 1\n'});
	expect(JSON.parse(told.stdout).files[0].result.total_amount_exact).toBe('1.50');
	const id = (await server.ask('GET', '/api/v1/run')).json.tasks[0].task_execution_id;
	expect((await runCommand(['history', url, id], options)).stdout).toContain('Read by the mapping Berlin, version 1');
	expect(await push('--mapping', 'none')).toMatchObject({code: 1, stderr: ''});
	expect(await push('--mapping', 'Rome')).toMatchObject({
		...{code: 2, stderr: expect.stringContaining('There is no mapping "Rome": known are "Berlin".')},
	});
	expect(await push('--options', '{"delimiter"')).toMatchObject({code: 2});
	const retry = (...words: readonly string[]) => runCommand(['retry', url, '--q', 'status:failed', ...words], options);
	expect(await retry()).toMatchObject({code: 2, stderr: expect.stringContaining('add --yes')});
	expect(await retry('--dry-run')).toMatchObject({
		...{
			code: 0,
			stdout: expect.stringMatching(/^It would retry: 1 of 1 file that match status:failed\.\n {2}f_\w+ {2}a\.csv\n$/),
		},
	});
	expect((await server.ask('GET', '/api/v1/bulk')).json.bulks).toEqual([]);
	expect(await retry('--yes')).toMatchObject({code: 0, stdout: expect.stringMatching(/^b_\w+ COMPLETED 1 done\n$/)});
	expect((await runCommand(['history', url, 'a.csv', 'status:completed'], options)).stdout).toContain(id);
	expect(await runCommand(['cancel', url, '--q', 'nothing-like-it', '--yes'], options)).toMatchObject({code: 4});
});

test('a push goes on across cut connections, and stopped by Ctrl+C it says what goes on without it', async () => {
	const server = await startTestServer({isOpen: true});
	const {folder, env} = prepare();
	const proxy = await CuttingProxy.start(server.url);
	const options = {cwd: folder.path, env};
	folder.write('big.csv', transactions(400_000));
	proxy.cutAfter(2_000_000);
	const pushed = await runCommand(['push', proxy.url, 'big.csv', '--wait', '--json'], options);
	expect(pushed).toMatchObject({code: 0, stderr: expect.stringContaining('It is tried again.')});
	expect(JSON.parse(pushed.stdout).totals).toMatchObject({files: 1, completed: 1, rows: 400_000});
	writeFileSync(folder.at('endless.csv.gz'), ENDLESS_FILE);
	const stopped = startCommand(['push', proxy.url, 'endless.csv.gz', '--wait', '--json'], options);
	const task = await vi.waitFor(async () => {
		const [newest] = (await server.ask('GET', '/api/v1/run?status=PROCESSING')).json.tasks;
		expect(newest).toBeDefined();
		return newest;
	}, PATIENT);
	stopped.kill('SIGINT');
	const {code, stdout, stderr} = await stopped.ended;
	expect(code).toBe(130);
	expect(JSON.parse(stdout)).toMatchObject({status: 'cancelled', totals: {files: 1, cancelled: 1}});
	expect(stderr).toContain(`fileproc-tui cancel ${proxy.url}`);
	expect((await server.ask('GET', `/api/v1/run/${task.task_execution_id}`)).json.status).toBe('PROCESSING');
	await server.ask('DELETE', `/api/v1/run/${task.task_execution_id}`);
});

test('a login is kept for one user alone, is used without an address, and is gone with the logout', async () => {
	const server = await startTestServer();
	await server.account('ann');
	const {folder, env} = prepare();
	const options = {cwd: folder.path, env};
	const wrong = await runCommand(['login', server.url, '--account', 'ann', '--password-stdin'], {
		...options,
		input: 'nonsense\n',
	});
	expect(wrong).toMatchObject({code: 3, stderr: expect.stringContaining('The name or the password is wrong')});
	const login = await runCommand(['login', server.url, '--account', 'ann', '--password-stdin'], {
		...options,
		input: `${PASSWORD}\n`,
	});
	expect(login).toMatchObject({code: 0, stdout: '', stderr: expect.stringContaining('as ann (user)')});
	const logins = folder.at('config/fileproc-tui/logins');
	const [name = ''] = readdirSync(logins);
	expect([statSync(logins).mode & 0o777, statSync(join(logins, name)).mode & 0o777]).toEqual([0o700, 0o600]);
	folder.write('a.csv', transactions(5));
	const pushed = await runCommand(['push', 'a.csv', '--wait'], options);
	expect(pushed.code).toBe(0);
	const {token} = JSON.parse(readFileSync(join(logins, name), 'utf8'));
	for (const {stdout, stderr} of [login, pushed]) expect(stdout + stderr).not.toContain(token);
	chmodSync(join(logins, name), 0o644);
	expect(await runCommand(['files'], options)).toMatchObject({
		code: 3,
		stderr: expect.stringContaining('Others may use'),
	});
	expect((await runCommand(['files', server.url], {...options, env: {...env, FILEPROC_TOKEN: token}})).code).toBe(0);
	writeFileSync(folder.at('token'), `${token}\n`);
	expect((await runCommand(['files', server.url, '--token-file', 'token'], options)).code).toBe(0);
	expect((await runCommand(['logout'], options)).code).toBe(0);
	expect(readdirSync(logins)).toEqual([]);
	expect((await server.ask('GET', '/api/v1/auth/me', {token})).status).toBe(401);
	const late = await runCommand(['files', server.url, '--token-file', 'token'], options);
	expect(late).toMatchObject({code: 3, stderr: expect.stringContaining(`fileproc-tui login ${server.url}`)});
});

test('a certificate that nobody knows, and a network on which others read along, are refused in plain words', async () => {
	const server = await startTestServer({isOpen: true, tls: certificateOf('one')});
	const {folder, env} = prepare();
	const options = {cwd: folder.path, env};
	const refused = await runCommand(['files', server.url], options);
	expect(refused).toMatchObject({
		code: 3,
		stderr: expect.stringContaining('signed by nobody whom this machine trusts'),
	});
	expect(refused.stderr).toContain('--ca-file');
	expect((await runCommand(['files', server.url, '--ca-file', certificateOf('one').certificate], options)).code).toBe(
		0,
	);
	expect(await runCommand(['files', server.url.replace('https', 'http')], options)).toMatchObject({code: 3});
	const clear = await runCommand(['files', 'http://192.0.2.1:8000'], options);
	expect(clear).toMatchObject({code: 2, stderr: expect.stringContaining('--allow-http')});
	expect(await runCommand(['files', 'http://127.0.0.1:9'], options)).toMatchObject({
		code: 3,
		stderr: expect.stringContaining('nothing listens there'),
	});
});

test.skipIf(whyNoTerminal !== null)(
	'a second factor is asked for at the terminal, and said to need one elsewhere',
	async () => {
		const server = await startTestServer();
		await server.account('ann');
		const {json} = await server.ask('GET', '/api/v1/auth/me', {token: await server.logIn('ann')});
		server.addSecondFactor(json.id);
		const {folder, env} = prepare();
		const blind = await runCommand(['login', server.url, '--account', 'ann', '--password-stdin'], {
			...{cwd: folder.path, env, input: `${PASSWORD}\n`},
		});
		expect(blind).toMatchObject({code: 3, stderr: expect.stringContaining('The account has a second factor')});
		const robot = Robot.command(['login', server.url, '--account', 'ann'], {env});
		await robot.waitForScreen('Password:');
		robot.press(`${PASSWORD}\r`);
		await robot.waitForScreen('Code of the second factor:');
		const code = totpOf(TOTP_SECRET, Math.floor(Date.now() / STEP_MS));
		robot.press(`${code}\r`);
		await robot.waitForScreen('as ann (user)');
		expect(await robot.exit).toBe(0);
		expect(robot.written).not.toContain(code);
	},
);

test.skipIf(whyNoTerminal !== null)('a password is asked for at the terminal, and not shown', async () => {
	const server = await startTestServer();
	await server.account('ann');
	const {env} = prepare();
	const robot = Robot.command(['login', server.url], {env});
	await robot.waitForScreen('Name, or Enter to log in by a browser or another machine:');
	robot.press('ann\r');
	await robot.waitForScreen('Password:');
	robot.press(`${PASSWORD}\r`);
	await robot.waitForScreen('as ann (user)');
	expect(await robot.exit).toBe(0);
	expect(robot.written).not.toContain(PASSWORD);
});

test.skipIf(whyNoTerminal !== null)(
	'a program that shows a code is let in from another place, and keeps a token of its own',
	async () => {
		const server = await startTestServer();
		await server.account('ann');
		const [here, elsewhere] = [prepare(), prepare()];
		const login = ['login', server.url, '--account', 'ann', '--password-stdin'];
		expect((await runCommand(login, {env: elsewhere.env, input: `${PASSWORD}\n`})).code).toBe(0);
		const robot = Robot.command(['login', server.url, '--device'], {env: here.env});
		const screen = await robot.waitForScreen(/--allow [A-Z]{4}-[A-Z]{4}/);
		const code = /--allow (\S+)/.exec(screen)?.[1] ?? '';
		const unasked = await runCommand(['login', server.url, '--allow', code], {env: elsewhere.env});
		expect(unasked).toMatchObject({code: 3, stderr: expect.stringContaining(`${server.url}/device?user_code=${code}`)});
		const other = Robot.command(['login', server.url, '--allow', code], {env: elsewhere.env});
		await other.waitForScreen(/calls itself\s+fileproc-tui\/.*Is it yours\? \[y\/N\]/s);
		other.press('y\r');
		await other.waitForScreen('it is let in');
		expect(await other.exit).toBe(0);
		await robot.waitForScreen('as ann (user)');
		expect(await robot.exit).toBe(0);
		expect((await runCommand(['files', server.url], {env: here.env})).code).toBe(0);
		const {sessions} = (await server.ask('GET', '/api/v1/sessions', {token: await server.logIn('ann')})).json;
		expect(sessions).toHaveLength(4);
		const again = await runCommand(['login', server.url, '--allow', code], {env: elsewhere.env});
		expect(again).toMatchObject({code: 4, stderr: expect.stringContaining('There is no such code')});
		const both = await runCommand(['login', server.url, '--device', '--account', 'ann'], {env: here.env});
		expect(both).toMatchObject({code: 2, stderr: expect.stringContaining('choose one')});
	},
);
