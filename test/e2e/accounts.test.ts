// The commands for accounts and tokens, on the folder of a server that runs.
import {existsSync} from 'node:fs';
import {expect, test, vi} from 'vitest';
import {runCommand} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';
import {startTestServer} from '../helpers/server.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

test('accounts are added, disabled, enabled and reset while the server runs, and the last admin stays', async () => {
	const server = await startTestServer({registration: 'closed'});
	const users = (...words: string[]) => runCommand(['users', ...words, '--data', server.dataFolder]);
	expect(await users('add', 'ann')).toMatchObject({code: 2, stderr: expect.stringContaining('--role admin')});
	expect((await users('add', 'root', '--role', 'admin')).stdout).toMatch(/^([0-9a-z]{5}-){3}[0-9a-z]{5}\n$/);
	const added = await runCommand(['users', 'add', 'ann', '--password-stdin', '--data', server.dataFolder], {
		input: 'a horse of 7 colours\n',
	});
	expect(added).toMatchObject({code: 0, stdout: ''});
	const token = await server.logIn('ann', 'a horse of 7 colours');
	const stream = await fetch(`${server.url}/api/v1/events`, {headers: {authorization: `Bearer ${token}`}});
	const ended = stream.text();
	expect((await users('disable', 'ann')).code).toBe(0);
	await ended;
	expect((await server.ask('GET', '/files', {token})).status).toBe(401);
	expect((await users('enable', 'ann')).code).toBe(0);
	expect((await server.ask('GET', '/files', {token})).status).toBe(200);
	expect((await users('role', 'ann', 'viewer')).code).toBe(0);
	const list = JSON.parse((await users('list', '--json')).stdout);
	expect(list.users).toMatchObject([
		{name: 'ann', role: 'viewer', must_change_password: false},
		{name: 'root', role: 'admin', must_change_password: true},
	]);
	expect(await users('disable', 'root')).toMatchObject({code: 2, stderr: expect.stringContaining('last admin')});
	const password = (await users('reset', 'ann')).stdout.trim();
	expect((await server.ask('GET', '/files', {token})).status).toBe(401);
	await server.logIn('ann', password);
	expect((await users('reset', 'nobody')).code).toBe(4);
});

test('a token is made, used, listed with its use, and revoked', async () => {
	const server = await startTestServer();
	server.seat('ann');
	const command = (...words: string[]) => runCommand(['token', ...words, '--data', server.dataFolder]);
	const made = await command('create', 'nightly', '--account', 'ann', '--scopes', 'run,read', '--expires', '2h');
	const token = made.stdout.trim();
	expect((await server.ask('GET', '/files', {token})).status).toBe(200);
	const id = `t_${token.split('_')[2]}`;
	await vi.waitFor(async () => {
		const {tokens} = JSON.parse((await command('list', '--account', 'ann', '--json')).stdout);
		expect(tokens).toMatchObject([
			{id, user: 'ann', name: 'nightly', scopes: ['read', 'run'], last_used_from: '127.0.0.1'},
		]);
	}, PATIENT);
	expect((await command('list')).stdout).toContain(id);
	expect((await command('revoke', id)).code).toBe(0);
	expect((await server.ask('GET', '/files', {token})).status).toBe(401);
	expect((await command('revoke', id)).code).toBe(4);
	expect((await command('create', 'x', '--account', 'ann', '--scopes', 'admin:*')).code).toBe(2);
});

test('a folder without a server is not made by looking at it', async () => {
	const folder = createTemporaryFolder().at('typo');
	expect(await runCommand(['users', 'list', '--data', folder])).toMatchObject({
		code: 3,
		stderr: expect.stringContaining('is not the folder of a server'),
	});
	expect(existsSync(folder)).toBe(false);
});
