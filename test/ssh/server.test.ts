// The server within the test: who is let in, how many, and that what fails in one session ends it alone.
import {connect as connectPlainly} from 'node:net';
import {fileURLToPath} from 'node:url';
import {expect, test, vi} from 'vitest';
import {startProgram} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';
import {connectTo, execute, makeKeys, openShell, startLocalSsh} from '../helpers/ssh.ts';

test('commands have their exit code, their text and their errors, several at once on one connection', async () => {
	const {connect} = await startLocalSsh({
		async exec(words, channel, {visitor}) {
			channel.write(`${visitor.name} ${words}`.repeat(100_000));
			channel.stderr.write('odd');
			return 3;
		},
	});
	const client = await connect();
	const answers = await Promise.all(['a', 'b', 'c'].map(words => execute(client, words)));
	expect(answers).toEqual(
		['a', 'b', 'c'].map(words => ({code: 3, stdout: `ann ${words}`.repeat(100_000), stderr: 'odd'})),
	);
});

test('nobody comes in without a key that is known', async () => {
	const {connect, visits} = await startLocalSsh({});
	await expect(connect(makeKeys())).rejects.toThrow('authentication methods failed');
	expect(visits.size).toBe(0);
	const client = await connect();
	expect(visits.size).toBe(1);
	client.end();
	await vi.waitFor(() => expect(visits.size).toBe(0), PATIENT);
});

test('what fails in a session ends it alone: at once, later, and at a key', async () => {
	const keys = makeKeys();
	let printed = '';
	const script = fileURLToPath(new URL('../helpers/failing-sessions.ts', import.meta.url));
	startProgram(process.execPath, [script, keys.publicLine], {
		onOutput(text) {
			printed = text;
		},
	});
	await vi.waitFor(() => expect(printed).toMatch(/^\d+\n/), PATIENT);
	const [client, other] = await Promise.all([0, 1].map(() => connectTo(Number.parseInt(printed, 10), keys)));
	if (client === undefined || other === undefined) throw new Error('Expected two connections');
	const waiting = execute(other, 'wait');
	for (const words of ['at once', 'later', 'promise']) {
		const {code, stderr} = await execute(client, words);
		expect({code, stderr: stderr.trim()}).toEqual({
			code: 70,
			stderr: 'This session has failed, which is a bug; the server has noted it.',
		});
	}
	const shell = await openShell(client);
	const ended = new Promise(resolve => shell.on('exit', resolve));
	shell.write('x');
	expect(await ended).toBe(70);
	expect(printed.split('\n').slice(1, -1)).toEqual(['at once', 'later', 'promise', 'key'].map(how => `Error: ${how}`));
	expect((await execute(client, 'fine')).code).toBe(0);
	expect((await execute(other, 'fine')).code).toBe(0);
	other.end();
	expect((await waiting).code).toBe(null);
	// What is said to who has gone is no fault, whether they have closed the session or the connection.
	const heard = (): number => printed.split('\n').filter(line => line.startsWith('Heard: ')).length;
	client.exec('gone', (_error, channel) => channel.close());
	await vi.waitFor(() => expect(heard()).toBe(1), PATIENT);
	client.exec('gone', () => client.end());
	await vi.waitFor(() => expect(heard()).toBe(2), PATIENT);
	expect(printed.split('\n').slice(5, -1)).toEqual(Array(2).fill('Heard: write after end'));
});

test('the server ends although sessions are open', async () => {
	const begun = Promise.withResolvers<void>();
	const {connect, server, visits} = await startLocalSsh({
		shell: (_terminal, {signal}) =>
			new Promise(resolve => signal.addEventListener('abort', () => resolve(0), {once: true})),
		// It does not hear.
		exec() {
			begun.resolve();
			return new Promise(() => {});
		},
	});
	const [patient, deaf] = [await connect(), await connect()];
	const shell = await openShell(patient);
	const code = new Promise(resolve => shell.on('exit', resolve));
	const unheard = execute(deaf, 'x');
	await begun.promise;
	await server.close();
	expect(await code).toBe(0);
	expect((await unheard).code).toBe(null);
	await vi.waitFor(() => expect(visits.size).toBe(0), PATIENT);
});

test('terminals have a size, also where the client says none, and change it', async () => {
	const sizes: string[] = [];
	const {connect} = await startLocalSsh({
		async shell({output}, {env, signal}) {
			const note = (): void => void sizes.push(`${output.columns}x${output.rows} ${env.TERM} ${env.LD_PRELOAD}`);
			note();
			output.on('resize', note);
			await new Promise(resolve => signal.addEventListener('abort', resolve));
			return 0;
		},
	});
	const client = await connect();
	const shell = await openShell(client, {cols: 0, rows: 0});
	shell.setWindow(40, 120, 0, 0);
	shell.setWindow(100_000, 100_000, 0, 0);
	await vi.waitFor(
		() =>
			expect(sizes).toEqual([
				'80x24 xterm-256color undefined',
				'120x40 xterm-256color undefined',
				'1000x1000 xterm-256color undefined',
			]),
		PATIENT,
	);
});

test('there are limits: connections without a login, by address, with a login, tries, time to log in', async () => {
	const isClosed = (port: number): Promise<void> =>
		new Promise(resolve => {
			connectPlainly(port, '127.0.0.1')
				.on('error', () => {})
				.on('close', () => resolve())
				.resume();
		});
	const pending = await startLocalSsh({}, {maxPending: 2});
	const open = [0, 1].map(() => connectPlainly(pending.server.port, '127.0.0.1'));
	await Promise.all(open.map(socket => new Promise(resolve => socket.once('data', resolve))));
	await isClosed(pending.server.port);
	for (const socket of open) socket.destroy();

	const crowded = await startLocalSsh({}, {maxPending: 10, maxPendingPerAddress: 2});
	// Who has logged in is none of them.
	await crowded.connect();
	const silent = [0, 1].map(() => connectPlainly(crowded.server.port, '127.0.0.1'));
	await Promise.all(silent.map(socket => new Promise(resolve => socket.once('data', resolve))));
	await isClosed(crowded.server.port);
	if (process.platform === 'linux') {
		const other = connectPlainly({port: crowded.server.port, host: '127.0.0.1', localAddress: '127.0.0.2'});
		await new Promise(resolve => other.once('data', resolve));
		other.destroy();
	}
	for (const socket of silent) socket.destroy();

	const few = await startLocalSsh({}, {maxConnections: 1});
	await few.connect();
	await expect(few.connect()).rejects.toThrow();
	expect(few.server.connectionCount()).toBe(1);

	const byAddress = await startLocalSsh({}, {maxPerAddress: 1});
	await byAddress.connect();
	await isClosed(byAddress.server.port);

	const tries = await startLocalSsh({}, {maxAttempts: 1});
	await expect(tries.connect(makeKeys())).rejects.toThrow('closed');

	const slow = await startLocalSsh({}, {loginMs: 1});
	await isClosed(slow.server.port);
});

test('who does nothing is sent away', async () => {
	const {connect, visits} = await startLocalSsh(
		{shell: (_terminal, {signal}) => new Promise(resolve => signal.addEventListener('abort', () => resolve(0)))},
		{idleMs: 1},
	);
	const client = await connect();
	await new Promise(resolve => client.once('close', () => resolve(null)));
	await vi.waitFor(() => expect(visits.size).toBe(0), PATIENT);
});

test('who waits for a command does something, and rsync only where something comes of it', async () => {
	const answer = Promise.withResolvers<number>();
	const waits: string[] = [];
	const {connect} = await startLocalSsh(
		{
			exec(words, _channel, {signal}) {
				waits.push(words);
				const gone = new Promise<number>(resolve => signal.addEventListener('abort', () => resolve(1)));
				return Promise.race([gone, answer.promise]);
			},
		},
		{idleMs: 2000},
	);
	const [waiting, silent] = [
		execute(await connect(), 'x'),
		execute(await connect(), 'rsync --server -r . unprocessed/'),
	];
	const {stderr} = await silent;
	expect(stderr).toContain('No key was pressed for too long.');
	expect(waits).toHaveLength(2);
	answer.resolve(5);
	expect((await waiting).code).toBe(5);
});

test('nothing comes compressed, as few bytes would be very many', async () => {
	const {connect} = await startLocalSsh({});
	const client = await connect(undefined, {algorithms: {compress: ['zlib@openssh.com', 'zlib', 'none']}});
	expect((await execute(client, 'x')).code).toBe(0);
	await expect(connect(undefined, {algorithms: {compress: ['zlib@openssh.com', 'zlib']}})).rejects.toThrow('compress');
});

test('nothing is forwarded, and nothing else is a session', async () => {
	const {connect} = await startLocalSsh({});
	const client = await connect();
	const refused = (ask: (done: (error?: Error) => void) => void): Promise<boolean> =>
		new Promise(resolve => ask(error => resolve(error !== undefined)));
	expect(await refused(done => client.forwardOut('127.0.0.1', 1, '127.0.0.1', 22, done))).toBe(true);
	expect(await refused(done => client.forwardIn('127.0.0.1', 0, done))).toBe(true);
	expect(await refused(done => client.subsys('netconf', done))).toBe(true);
	expect((await execute(client, 'x')).code).toBe(0);
});
