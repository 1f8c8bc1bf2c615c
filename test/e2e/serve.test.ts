// The command `serve`: how it starts, what signals mean to it, and how it ends.
import {readFileSync, renameSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test, vi} from 'vitest';
import {createFolder, runCommand, startProgram} from '../helpers/command.ts';
import {findFreePort} from '../helpers/free-port.ts';
import {PATIENT} from '../helpers/patient.ts';
import {GOOD_FILE, startTestServer} from '../helpers/server.ts';
import {askSecurely, certificateOf, copyCertificate} from '../helpers/tls.ts';

test('a hang-up makes a server open its log anew and show the new certificate, and it serves on with the old one where that cannot be used', async () => {
	const cwd = createFolder();
	const tls = {certificate: join(cwd, 'a.pem'), key: join(cwd, 'a.key')};
	copyCertificate('one', tls);
	const port = await findFreePort();
	let said = '';
	const words = `serve --open --listen 127.0.0.1:${port} --tls-cert a.pem --tls-key a.key --log-file s.log --debug`;
	const server = startProgram('sh', ['-c', `exec "$NODE" "$CLI" ${words} 2>&1`], {
		cwd,
		onOutput: text => {
			said = text;
		},
	});
	const url = `https://127.0.0.1:${port}/livez`;
	const untilShown = (name: string) =>
		vi.waitFor(async () => expect((await askSecurely(url)).shown).toBe(`fileproc-tui test ${name}`), PATIENT);
	await untilShown('one');
	const log = join(cwd, 's.log');
	const untilLogged = (part: RegExp) => vi.waitFor(() => expect(readFileSync(log, 'utf8')).toMatch(part), PATIENT);
	await untilLogged(/"message":"server-started"/);
	await untilLogged(/"message":"request",.*"route":"\/livez"/);
	renameSync(log, `${log}.moved`);
	copyCertificate('two', tls);
	server.kill('SIGHUP');
	await untilShown('two');
	await untilLogged(/"message":"request"/);
	copyCertificate('one', {...tls, key: join(cwd, 'elsewhere')});
	server.kill('SIGHUP');
	await vi.waitFor(
		() => expect(said).toMatch(/not that of the first certificate.* What was in use before stays in use\.$/m),
		PATIENT,
	);
	await untilShown('two');
	server.kill('SIGTERM');
	expect(await server.ended).toMatchObject({code: 143, stdout: expect.stringMatching(/serving on https:/)});
	expect(readFileSync(log, 'utf8')).toMatch(/"message":"server-ended"/);
});

test('files of a certificate that cannot be used are a fault of the surroundings, and one without the other is one of usage', async () => {
	const cwd = createFolder();
	const {certificate, key} = certificateOf('one');
	const wrong = await runCommand(['serve', '--tls-cert', certificate, '--tls-key', 'none.key'], {cwd});
	expect(wrong).toMatchObject({code: 3, stderr: expect.stringMatching(/none.key \(--tls-key\) cannot be read/)});
	const alone = await runCommand(['serve', '--tls-key', key], {cwd});
	expect(alone).toMatchObject({code: 2, stderr: expect.stringMatching(/add --tls-cert/)});
});

test('a folder that cannot be made or is none is a fault of the surroundings', async () => {
	const cwd = createFolder();
	writeFileSync(join(cwd, 'file'), '');
	for (const data of ['/proc/no-such-folder', 'file']) {
		const wrong = await runCommand(['serve', '--open', '--listen', '127.0.0.1:0', '--data', data], {cwd});
		expect(wrong).toMatchObject({code: 3, stderr: expect.stringMatching(/cannot be used as --data: E(NOENT|EXIST)/)});
	}
});

test('the doctor says of the folder of a server what it keeps, and until when', async () => {
	const server = await startTestServer({isOpen: true, datasetTtlMs: 3_600_000});
	await server.upload(null, 'a.csv', GOOD_FILE);
	const {code, stdout} = await runCommand(['doctor', server.dataFolder, '--result-ttl', '30d'], {});
	expect(code, stdout).toBe(0);
	expect(stdout).toMatch(/^ledger +\/.*\/ledger\.db, .*, whole$/m);
	expect(stdout).toMatch(/^files +1, kept 1h, the next one goes at \d{4}-\d\d-\d\dT[\d:.]+Z$/m);
	expect(stdout).toMatch(/^results +0, kept 30d$/m);
	expect(stdout).toMatch(/^history +0, kept for ever$/m);
	expect(stdout).toMatch(/^events +\d+, the newest 200,000 are kept$/m);
	const answered = await runCommand(['doctor', server.dataFolder, '--json'], {});
	expect(JSON.parse(answered.stdout).findings).toContainEqual({
		name: 'results',
		found: '0, kept for ever',
		advice: null,
	});
});
