// Passwords of accounts by SSH: only where they are taken, with the delays and the second factor of other logins.
import type {AuthHandlerMiddleware, ConnectConfig} from 'ssh2';
import {expect, test} from 'vitest';
import {STEP_MS, totpOf} from '../../source/server/totp.ts';
import {serveSsh} from '../helpers/served-ssh.ts';
import {PASSWORD, startTestServer, TOTP_SECRET} from '../helpers/server.ts';
import {execute} from '../helpers/ssh.ts';

const by = (method: 'password' | 'keyboard-interactive', more: object = {}): ConnectConfig => ({
	...{password: PASSWORD, tryKeyboard: method === 'keyboard-interactive'},
	authHandler: [method] as unknown as AuthHandlerMiddleware,
	...more,
});

test('they are taken where the server says so', async () => {
	const server = await startTestServer();
	server.seat('ann', 'viewer');
	const closed = await serveSsh(server);
	for (const method of ['password', 'keyboard-interactive'] as const)
		await expect(closed.connect('ann', by(method))).rejects.toThrow('authentication methods failed');
	const open = await serveSsh(server, {takesPasswords: true});
	for (const method of ['password', 'keyboard-interactive'] as const) {
		const client = await open.connect('ann', by(method));
		expect(JSON.parse((await execute(client, 'status --json')).stdout)).toMatchObject({active_tasks: 0});
		// The role is that of the account.
		expect(await execute(client, 'run -')).toMatchObject({stderr: expect.stringContaining('The role viewer may not')});
		client.end();
	}
	for (const [name, password] of [
		['ann', 'wrong'],
		['nobody', PASSWORD],
	] as const)
		await expect(open.connect(name, by('keyboard-interactive', {password}))).rejects.toThrow('methods failed');
	expect(open.faults).toEqual([]);
});

test('an account with a second factor is asked for a code, which counts once', async () => {
	const server = await startTestServer();
	const {id} = server.seat('ann');
	server.addSecondFactor(id);
	const ssh = await serveSsh(server, {takesPasswords: true});
	const code = totpOf(TOTP_SECRET, Math.floor(Date.now() / STEP_MS));
	// There is no room for it in this method.
	await expect(ssh.connect('ann', by('password'))).rejects.toThrow('methods failed');
	await expect(ssh.connect('ann', by('keyboard-interactive', {code: '000000'}))).rejects.toThrow('methods failed');
	const client = await ssh.connect('ann', by('keyboard-interactive', {code}));
	await expect(ssh.connect('ann', by('keyboard-interactive', {code}))).rejects.toThrow('methods failed');
	server.seat('root', 'admin');
	// Who may do nothing before a second factor is there cannot add one here.
	server.writeLedger(database => void database.exec('DELETE FROM second_factors'));
	await expect(ssh.connect('root', by('keyboard-interactive'))).rejects.toThrow('methods failed');
	await expect(server.running.visitBy({name: 'root', password: PASSWORD}, '127.0.0.1')).rejects.toMatchObject({
		code: 'SECOND_FACTOR_ENROLMENT_NEEDED',
	});
	// Another process gives it another password.
	const closed = new Promise(resolve => client.once('close', () => resolve(null)));
	server.writeLedger(database => void database.exec("UPDATE accounts SET password = 'x' WHERE name = 'ann'"));
	await closed;
});

test('who guesses has to wait, and gets no further tries on the same connection than are allowed', async () => {
	const server = await startTestServer();
	server.seat('ann');
	const ssh = await serveSsh(server, {takesPasswords: true});
	for (let tries = 0; tries < 6; tries++)
		await expect(ssh.connect('ann', by('keyboard-interactive', {password: 'wrong'}))).rejects.toThrow();
	await expect(ssh.connect('ann', by('keyboard-interactive'))).rejects.toThrow();
	await expect(server.running.visitBy({name: 'ann', password: PASSWORD}, '127.0.0.1')).rejects.toMatchObject({
		code: 'TOO_MANY_LOGINS',
	});
	expect(ssh.faults).toEqual([]);
});
