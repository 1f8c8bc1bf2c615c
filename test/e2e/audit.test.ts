// `fileproc-tui audit`: exported and verified while the server runs, and what it says of a log that was tampered with.
import {expect, test} from 'vitest';
import {runCommand} from '../helpers/command.ts';
import {startTestServer} from '../helpers/server.ts';

test('a log is whole with what commands and the server have written, and a change, a gap and a cut end are seen', async () => {
	const server = await startTestServer();
	const audit = (...words: string[]) => runCommand(['audit', ...words]);
	const {token} = server.seat('root', 'admin');
	const [made] = await Promise.all([
		runCommand(['users', 'add', 'ann', '--data', server.dataFolder]),
		...Array.from({length: 5}, () =>
			server.ask('POST', '/api/v1/tokens', {token, json: {name: 'x', scopes: ['read']}}),
		),
	]);
	expect(made.code).toBe(0);
	const exported = await audit('export', server.dataFolder);
	const lines = exported.stdout
		.trim()
		.split('\n')
		.map(line => JSON.parse(line));
	expect(lines.map(({number}) => number)).toEqual([1, 2, 3, 4, 5, 6]);
	expect(lines.map(({record}) => record)).toContainEqual(
		expect.objectContaining({action: 'add-user', by: 'command', from: expect.stringMatching(/^uid \d+$/)}),
	);
	expect(exported.stdout).not.toContain(made.stdout.trim());
	const head = /ends with (\d+:[0-9a-f]{64})/.exec(exported.stderr)?.[1] ?? '';
	expect(await audit('verify', server.dataFolder, '--head', head)).toMatchObject({
		code: 0,
		stdout: expect.stringContaining(`6 lines, the last one is ${head}`),
	});

	const tamper = (sql: string): void =>
		server.writeLedger(database =>
			database.exec(`DROP TRIGGER IF EXISTS audit_is_not_cut; DROP TRIGGER IF EXISTS audit_is_not_changed; ${sql}`),
		);
	tamper('DELETE FROM audit WHERE number = 6');
	expect((await audit('verify', server.dataFolder)).code).toBe(0);
	expect(await audit('verify', server.dataFolder, '--head', head)).toMatchObject({
		code: 1,
		stdout: expect.stringContaining('broken at line 6'),
	});
	tamper(`UPDATE audit SET record = replace(record, 'done', 'undone') WHERE number = 3`);
	expect(JSON.parse((await audit('verify', server.dataFolder, '--json')).stdout)).toMatchObject({
		is_whole: false,
		fault: {number: 3},
	});
	expect((await audit('verify', server.dataFolder, '--head', '1:x')).code).toBe(2);
	expect((await audit('verify', `${server.dataFolder}/none`)).code).toBe(3);
});
