// The built server and OpenSSH's own client: the dashboard on a terminal, and commands without one.
import {existsSync} from 'node:fs';
import {describe, expect, onTestFinished, test, vi} from 'vitest';
import {type Ending, runCommand, startProgram, transactions} from '../helpers/command.ts';
import {startObjectStore} from '../helpers/object-store.ts';
import {PATIENT} from '../helpers/patient.ts';
import {Robot, type RobotOptions, whyNoTerminal} from '../helpers/pty.ts';
import {type SshHost, startSshHost, startSshHostIn, whyNoSsh} from '../helpers/ssh.ts';

const ssh = (host: SshHost, key: string, command: string, input: string | Buffer = ''): Promise<Ending> =>
	startProgram('ssh', host.words(key, '-o', 'BatchMode=yes', 'ann@127.0.0.1', command), {input}).ended;

const terminal = (host: SshHost, key: string, options?: RobotOptions): Robot =>
	new Robot('ssh', ['-t', ...host.words(key, '-o', 'SendEnv=NO_COLOR LC_ALL FILEPROC_*', 'ann@127.0.0.1')], options);

describe.skipIf(whyNoSsh !== null)('without a terminal', () => {
	test('a file on standard input is processed there, and its result fetched', async () => {
		const host = await startSshHost();
		host.letIn('ann', 'role=user');
		const run = await ssh(host, 'ann', 'run - --json', transactions(500));
		expect(run.code, run.stderr).toBe(0);
		const {files} = JSON.parse(run.stdout);
		expect(files[0]).toMatchObject({file: 'stdin', status: 'completed', rows: 500, analysis: 'transactions'});
		const {stdout} = await ssh(host, 'ann', 'history --json');
		const [{task_execution_id: id}] = JSON.parse(stdout).tasks;
		expect((await ssh(host, 'ann', `get ${id} --csv`)).stdout).toContain('food,500,625.00');
		const status = await ssh(host, 'ann', 'status --json');
		expect(JSON.parse(status.stdout)).toMatchObject({active_tasks: 0});
		host.command.kill('SIGTERM');
		expect((await host.command.ended).code).toBe(143);
	});

	test('an object of a store is processed with the credentials of the server, for those who may', async () => {
		const store = await startObjectStore();
		onTestFinished(() => store.stop());
		await store.put('in/sales.csv', transactions(300));
		const ofTheStore = Object.entries(process.env).filter(([name]) => name.startsWith('AWS_'));
		const host = await startSshHostIn(Object.fromEntries(ofTheStore) as Record<string, string>);
		host.letIn('ops', 'role=operator');
		host.letIn('ann', 'role=user');
		const run = await ssh(host, 'ops', `run s3://${store.bucket}/in/sales.csv --json`);
		expect(run.code, run.stderr).toBe(0);
		expect(JSON.parse(run.stdout).files[0]).toMatchObject({file: 'sales.csv', status: 'completed', rows: 300});
		const missing = await ssh(host, 'ops', `run s3://${store.bucket}/in/nothing.csv --json`);
		expect(missing).toMatchObject({code: 1, stderr: expect.stringContaining('nothing.csv')});
		const refused = await ssh(host, 'ann', `run s3://${store.bucket}/in/sales.csv`);
		expect(refused).toMatchObject({code: 3, stderr: expect.stringContaining('The role user may not')});
		expect(await ssh(host, 'ops', 'run https://127.0.0.1/a.csv')).toMatchObject({code: 2});
		const {stdout} = await ssh(host, 'ops', 'history --json');
		expect(JSON.parse(stdout).tasks).toHaveLength(1);
		expect(host.said()).not.toContain('bug');
	});

	test('several sessions share a connection, and one that ends leaves the others', async () => {
		const host = await startSshHost();
		host.letIn('ann', 'role=user');
		const shared = ['-o', `ControlPath=${host.folder.at('c')}`, '-o', 'ControlMaster=auto', '-o', 'ControlPersist=600'];
		const words = (...more: readonly string[]): string[] => host.words('ann', ...shared, ...more);
		const master = startProgram('ssh', words('-N', 'ann@127.0.0.1'), {input: ''});
		await vi.waitFor(() => expect(existsSync(host.folder.at('c'))).toBe(true), PATIENT);
		const events = startProgram('ssh', words('ann@127.0.0.1', 'events'), {input: ''});
		const asked = ['status --json', 'history --json', 'nonsense'].map(
			command => startProgram('ssh', words('ann@127.0.0.1', command), {input: ''}).ended,
		);
		expect((await Promise.all(asked)).map(({code}) => code)).toEqual([0, 0, 2]);
		events.kill('SIGTERM');
		await events.ended;
		expect((await startProgram('ssh', words('ann@127.0.0.1', 'status'), {input: ''}).ended).code).toBe(0);
		expect((await startProgram('ssh', words('-O', 'exit', 'ann@127.0.0.1'), {input: ''}).ended).code).toBe(0);
		await master.ended;
		host.command.kill('SIGTERM');
		await host.command.ended;
	});

	test('a key that only an agent has lets in, also where the client would forward the agent', async () => {
		const host = await startSshHost();
		host.letIn('ann', 'role=user');
		const key = host.folder.at('ann');
		const words = host
			.words('ann', '-A', 'ann@127.0.0.1', 'status', '--json')
			.map(word => word.replace('IdentitiesOnly=yes', 'IdentitiesOnly=no'));
		const withAgent = ['sh', '-c', 'ssh-add -q "$0" && rm "$0" && exec ssh "$@"', key, ...words];
		const {code, stdout} = await startProgram('ssh-agent', withAgent, {input: ''}).ended;
		expect(code).toBe(0);
		expect(JSON.parse(stdout)).toMatchObject({active_tasks: 0});
		expect(host.said()).not.toContain('bug');
	});

	test('exit codes come through, and what is no command is said', async () => {
		const host = await startSshHost();
		host.letIn('ann', 'role=user');
		host.letIn('guest');
		expect(await ssh(host, 'ann', 'rm -rf /')).toMatchObject({
			code: 2,
			stderr: expect.stringContaining('rm is no command here. There are: status, history'),
		});
		const missing = await ssh(host, 'ann', 'get r_00000000000000000000000000');
		expect(missing.code, missing.stderr).toBe(4);
		const failed = await ssh(host, 'ann', 'run - --task transactions', 'a,b\n1,2\n');
		expect(failed.code, failed.stderr).toBe(1);
		const retried = await ssh(host, 'ann', 'retry --q status:failed --yes');
		expect(retried).toMatchObject({code: 0, stdout: expect.stringContaining('1 done')});
		expect((await ssh(host, 'guest', 'retry --q status:failed --yes')).code).toBe(3);
		const history = await ssh(host, 'ann', 'history --json');
		const [{task_execution_id: id}] = JSON.parse(history.stdout).tasks;
		for (const name of ['pause', 'resume']) {
			expect(await ssh(host, 'ann', `${name} ${id}`)).toMatchObject({code: 1, stderr: expect.stringContaining('held')});
			expect((await ssh(host, 'guest', `${name} ${id}`)).code).toBe(3);
		}
		await vi.waitFor(
			() => expect(host.said()).toContain('nobody may come in by SSH yet: put public keys into'),
			PATIENT,
		);
		// A key without a role may only look.
		expect((await ssh(host, 'guest', 'history')).code).toBe(0);
		const refused = await ssh(host, 'guest', 'run -', transactions(3));
		expect(refused).toMatchObject({code: 3, stderr: expect.stringContaining('viewer')});
		host.letIn('odd', 'role=king');
		expect((await ssh(host, 'odd', 'status')).stderr).toContain('Permission denied (publickey)');
		expect(host.said()).toContain('there is no role king: expected one of viewer, uploader, user, operator, admin');
		expect(await startProgram('ssh', host.words('ann', '-T', 'ann@127.0.0.1'), {input: ''}).ended).toMatchObject({
			code: 2,
			stderr: expect.stringContaining('needs a terminal'),
		});
	});
});

describe.skipIf(whyNoSsh !== null)('limits', () => {
	test('standard input is bounded as any file is, and lies nowhere before', async () => {
		const host = await startSshHost('--max-upload-bytes', '100000', '--quota-bytes', '150000');
		host.letIn('ann', 'role=user');
		const tooLarge = await ssh(host, 'ann', 'run -', Buffer.alloc(10_000_000, 'a,b\n'));
		expect(tooLarge).toMatchObject({code: 1, stderr: expect.stringContaining('A file may have 100000 bytes at most')});
		const rows = transactions(3000);
		expect(rows.length).toBeGreaterThan(75_000);
		expect((await ssh(host, 'ann', 'run -', rows)).code).toBe(0);
		const full = await ssh(host, 'ann', 'run -', rows);
		expect(full).toMatchObject({code: 1, stderr: expect.stringContaining('There is no room for so many bytes')});
		host.command.kill('SIGTERM');
		await host.command.ended;
	});
});

describe.skipIf(whyNoSsh !== null || whyNoTerminal !== null)('on a terminal', () => {
	test('everybody sees the same tasks, each with their own colours and size', async () => {
		const host = await startSshHost();
		host.letIn('ann', 'role=user');
		host.letIn('guest');
		const ann = terminal(host, 'ann');
		const guest = terminal(host, 'guest', {columns: 120, rows: 30, env: {NO_COLOR: '1'}});
		await ann.waitForScreen('ann (user)');
		await guest.waitForScreen('ann (viewer)');
		await ssh(host, 'ann', 'run -', transactions(500));
		for (const robot of [ann, guest]) await robot.waitForScreen(/stdin\s+✔ done.*500/);
		expect(guest.written).not.toMatch(/\u001b\[[\d;]*(?:3[0-8]|9[0-7])m/);
		expect(ann.written).toMatch(/\u001b\[(?:3[0-7]|38;5;\d+)m/);
		expect((await guest.lines()).some(line => line.length > 80)).toBe(true);
		ann.resize(100, 30);
		await vi.waitFor(async () => expect((await ann.lines()).some(line => line.length > 90)).toBe(true), PATIENT);
		ann.press('q');
		expect(await ann.exit).toBe(0);
		await ann.expectRestored();
		// The other one goes on, and may not change anything.
		guest.press('?');
		await guest.waitForScreen('KEYS');
		// It gets its end and that of the connection in one go.
		guest.kill('SIGSTOP');
		host.command.kill('SIGTERM');
		expect((await host.command.ended).code).toBe(143);
		guest.kill('SIGCONT');
		await guest.exit;
		await guest.expectRestored();
		expect(await guest.scrollback()).toContain('The server ends.');
		// Its own standard error is no terminal.
		expect(host.said()).not.toContain('\u001b');
	});

	test('each session has its own signs, keys, filter and pace', async () => {
		const host = await startSshHost();
		host.letIn('ann', 'role=user');
		const plain = terminal(host, 'ann', {
			env: {
				...{LC_ALL: 'C', FILEPROC_KEYS: '{"help": "H", "quit": "Q"}'},
				...{FILEPROC_FILTER: 'status:failed', FILEPROC_FPS: '1'},
			},
		});
		const usual = terminal(host, 'ann', {env: {LC_ALL: 'C.UTF-8'}});
		await plain.waitForScreen('/status:failed');
		await usual.waitForScreen('ann (user)');
		await ssh(host, 'ann', 'run -', transactions(500));
		await usual.waitForScreen(/stdin\s+✔ done.*500/);
		expect((await usual.lines()).join('')).toMatch(/─.*▲.*✔/);
		await plain.waitForScreen(/0 of 1/);
		expect((await plain.lines()).join('')).not.toMatch(/[─█✔▲…]/);
		plain.press('?q');
		plain.press('H');
		await plain.waitForScreen('KEYS');
		plain.press('Q');
		expect(await plain.exit).toBe(0);
		usual.press('q');
		expect(await usual.exit).toBe(0);
		const wrong = terminal(host, 'ann', {env: {FILEPROC_KEYS: '{"quit": "?"}'}});
		expect(await wrong.exit).toBe(2);
		expect(await wrong.scrollback()).toContain('FILEPROC_KEYS: The key ? would mean both');
	});

	test('an account that is disabled, or has another password, ends what it has open, also by a command', async () => {
		const host = await startSshHost('--ssh-passwords');
		const said = new Map<string, string>();
		const users = async (...words: readonly string[]): Promise<void> => {
			const {code, stdout, stderr} = await runCommand(['users', ...words, '--data', host.folder.at('data')]);
			expect(code, stderr).toBe(0);
			said.set(words[1] ?? '', stdout);
		};
		const passwordOf = (name: string): string => said.get(name)?.trim() ?? '';
		await users('add', 'root', '--role', 'admin');
		await users('add', 'ann', '--role', 'user');
		await users('add', 'bob', '--role', 'user');
		host.letIn('ann', 'role=user,user="ann"');
		for (const change of [
			['reset', 'ann'],
			['disable', 'ann'],
		]) {
			const ann = terminal(host, 'ann');
			await ann.waitForScreen('ann (user)');
			await users(...change);
			await ann.exit;
			await ann.expectRestored();
			expect(await ann.scrollback()).toContain('You may not be here any more');
		}
		expect((await ssh(host, 'ann', 'status')).stderr).toContain('Permission denied (publickey');
		// A password that somebody else has made is good for nothing before it was changed.
		const bob = new Robot('ssh', ['-o', 'LogLevel=INFO', ...host.words('none', 'bob@127.0.0.1', 'status')]);
		await bob.waitForScreen('Password:');
		bob.press('wrong\r');
		await bob.waitForScreen(/The name or the password is wrong\.\s.*Password:/s);
		bob.press(`${passwordOf('bob')}\r`);
		await bob.waitForScreen('choose another one first');
		bob.kill('SIGKILL');
		host.command.kill('SIGTERM');
		await host.command.ended;
	});

	test('a terminal that does not read, and one that is killed, are nothing to the others', async () => {
		const host = await startSshHost();
		host.letIn('ann', 'role=user');
		const [stalled, killed, ann] = [terminal(host, 'ann'), terminal(host, 'ann'), terminal(host, 'ann')];
		for (const robot of [stalled, killed, ann]) await robot.waitForScreen('ann (user)');
		stalled.kill('SIGSTOP');
		killed.kill('SIGKILL');
		await ssh(host, 'ann', 'run -', transactions(500));
		await ann.waitForScreen(/stdin\s+✔ done.*500/);
		stalled.kill('SIGCONT');
		await stalled.waitForScreen(/stdin\s+✔ done.*500/);
		host.command.kill('SIGTERM');
		expect((await host.command.ended).code).toBe(143);
	});
});
