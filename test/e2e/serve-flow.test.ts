// The built server in a process of its own, as people use it: with curl, from the first account to an orderly end.
import {readFileSync, writeFileSync} from 'node:fs';
import {expect, test, vi} from 'vitest';
import {STEP_MS, totpOf} from '../../source/server/totp.ts';
import {fromBase32} from '../helpers/base32.ts';
import {runCommand, transactions} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';
import {curl, serve} from '../helpers/serving-process.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

// biome-ignore lint/suspicious/noExplicitAny: a test looks at what was answered, whatever that is.
const ask = async (...words: readonly string[]): Promise<any> => JSON.parse(await curl(...words));

const json = (value: object): readonly string[] => [
	'-H',
	'Content-Type: application/json',
	'-d',
	JSON.stringify(value),
];

test('from the first account over a file and its task to results and an orderly end, with curl', async () => {
	const folder = createTemporaryFolder();
	const path = folder.write('sales.csv', `${transactions(500)}x1,c1,none,2024-01-01,food\n`);
	const server = await serve(folder);
	// It is said behind the address.
	const invitation = await vi.waitFor(() => {
		const [, said] = /"invitation": "([^"]+)"/.exec(server.said()) ?? [];
		expect(said).toBeDefined();
		return said;
	}, PATIENT);
	const account = {name: 'ann', password: 'correct horse 7 battery'};
	const api = `${server.url}/api/v1`;
	await ask(...json({...account, invitation}), `${api}/auth/register`);
	const {token} = await ask(...json(account), `${api}/auth/login`);
	const auth = ['-H', `Authorization: Bearer ${token}`];
	// An admin needs a second factor before anything else.
	const {secret} = await ask(...auth, ...json({password: account.password}), `${api}/auth/second-factor`);
	const code = totpOf(fromBase32(secret), Math.floor(Date.now() / STEP_MS));
	await ask(...auth, ...json({code}), `${api}/auth/second-factor/confirm`);
	const {files} = await ask(...auth, '-F', `file=@${path}`, `${server.url}/upload`);
	const [{file_id}] = files;
	const {task_execution_id: id} = await ask(...auth, ...json({file_id, analyses: ['transactions']}), `${api}/run`);
	await vi.waitFor(async () => expect((await ask(...auth, `${api}/run/${id}`)).status).toBe('COMPLETED'), {
		...PATIENT,
		interval: 100,
	});

	const own = await runCommand(['sales.csv', '--json', '--analysis', 'transactions', '--rejects', 'own.csv'], {
		cwd: folder.path,
	});
	const report = JSON.parse(own.stdout) as {readonly files: readonly {readonly result: object}[]};
	const result = await ask(...auth, `${api}/results/${id}`);
	expect(result.result).toEqual(report.files[0]?.result);
	expect(await curl(...auth, `${api}/results/${id}/rejects.csv`)).toBe(readFileSync(folder.at('own.csv'), 'utf8'));
	expect(await curl(...auth, `${api}/results/${id}.csv`)).toMatch(/^category,count,amount\n/);
	// A download that was cut off goes on.
	writeFileSync(folder.at('again.csv'), readFileSync(path).subarray(0, 1000));
	await curl(...auth, '-C', '-', '-o', folder.at('again.csv'), `${api}/files/${file_id}/original`);
	expect(readFileSync(folder.at('again.csv'))).toEqual(readFileSync(path));

	server.kill('SIGTERM');
	expect((await server.ended).code).toBe(143);
	expect(
		server
			.said()
			.split('\n')
			.filter(line => !/serving on|There is no admin yet|register#setup=|^Or with|curl -H|^$/.test(line)),
	).toEqual([]);
	const next = await serve(folder);
	expect((await ask(...auth, `${next.url}/api/v1/results/${id}`)).result).toEqual(result.result);
	next.kill('SIGTERM');
	expect((await next.ended).code).toBe(143);
});
