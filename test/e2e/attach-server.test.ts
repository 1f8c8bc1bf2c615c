// The dashboard on a server that watches a folder: its tasks, those that have ended, and its inbox, in a real terminal.
import {mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, onTestFinished, test, vi} from 'vitest';
import {runCommand, transactions, WITHOUT_AMOUNT} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';
import {Robot, whyNoTerminal} from '../helpers/pty.ts';
import {ENDLESS_FILE} from '../helpers/server.ts';
import {serve} from '../helpers/serving-process.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const ENTER = '\r';
const ESCAPE = '\u001B';

test('tasks, past tasks and the inbox of a server are seen from elsewhere, also that it has gone', async ({skip}) => {
	if (whyNoTerminal !== null) skip(whyNoTerminal);
	const folder = createTemporaryFolder();
	const inbox = folder.at('inbox');
	mkdirSync(join(inbox, 'unprocessed'), {recursive: true});
	writeFileSync(join(inbox, 'unprocessed/good.csv'), transactions(30));
	writeFileSync(join(inbox, 'unprocessed/bad.csv'), WITHOUT_AMOUNT);
	folder.write('sent.csv', transactions(20));
	const server = await serve(folder, '--open', '--watch', inbox);
	onTestFinished(() => void server.kill('SIGKILL'));
	const robot = Robot.command(['attach', server.url], {cwd: folder.path, columns: 120, rows: 30});
	await robot.waitForScreen(/live/);
	robot.press('4');
	await robot.waitForScreen(`The tasks of ${server.url}`);
	robot.press('3');
	await robot.waitForScreen('The details of each file have its figures.');
	robot.press('1', 'u');
	await robot.waitForScreen(/sent to the server|Send|path/i);
	robot.press('sent.csv', ENTER);
	await robot.waitForScreen(/sent\.csv.*done/);
	robot.press('A');
	await robot.waitForScreen('Questions go to a server with a file');
	robot.press('5');
	await robot.waitForScreen(/completed +1 .* sent\.csv/);
	robot.press(ENTER);
	await robot.waitForScreen(/past r_?\S+/);
	robot.press('f');
	await robot.waitForScreen(/sent\.csv.*20/);
	robot.press('5');
	await robot.waitForScreen('STARTED');
	robot.press('6');
	const listed = await robot.waitForScreen(/1 done.*1 failed/);
	expect(listed).toMatch(/good\.csv.*done/);
	expect(listed).toMatch(/bad\.csv.*failed.*MISSING_COLUMN/);
	expect(listed).toContain(inbox);
	robot.press('/', 'bad', ENTER);
	await robot.waitForScreen(/1 of 2/);
	robot.press(ENTER);
	await robot.waitForScreen(/lies at +failed\//);
	robot.press(ESCAPE);
	await robot.waitForScreen('AGE');
	// With all of its columns it is processed.
	const [name] = readdirSync(join(inbox, 'failed')).filter(each => each.endsWith('.csv'));
	writeFileSync(join(inbox, 'failed', String(name)), transactions(40));
	robot.press('p');
	await robot.waitForScreen(/paused/);
	robot.press('r');
	await robot.waitForScreen(/Retrying bad\.csv once the intake goes on/);
	robot.press('p');
	await robot.waitForScreen(/bad\.csv.*done/);
	server.kill('SIGKILL');
	await robot.waitForScreen(/reconnecting/);
	robot.press('f');
	await robot.waitForScreen(/reconnecting.*sent\.csv/s);
	robot.press('q');
	expect(await robot.exit).toBe(0);
	await robot.expectRestored();
});

test('with --readonly nothing is offered that would change something, and its keys do nothing', async ({skip}) => {
	if (whyNoTerminal !== null) skip(whyNoTerminal);
	const folder = createTemporaryFolder();
	const server = await serve(folder, '--open');
	onTestFinished(() => void server.kill('SIGKILL'));
	const once = (...flags: readonly string[]) =>
		runCommand(['attach', server.url, '--once', ...flags], {cwd: folder.path});
	expect(await once()).toMatchObject({code: 0, stdout: expect.stringContaining('u send files')});
	expect((await once('--readonly')).stdout).not.toMatch(/send files|retry/);
	const robot = Robot.command(['attach', server.url, '--readonly'], {cwd: folder.path, columns: 120, rows: 40});
	await robot.waitForScreen(/live/);
	// It would ask for a path, and take the question mark for one.
	robot.press('u', '?');
	expect(await robot.waitForScreen('KEYS')).not.toMatch(/Send a file|Cancel/);
	robot.press('?');
	await robot.waitForScreen('No file to show');
	robot.press('q');
	expect(await robot.exit).toBe(0);
	await robot.expectRestored();
});

test('a task is held by P, and goes on by it', async ({skip}) => {
	if (whyNoTerminal !== null) skip(whyNoTerminal);
	const folder = createTemporaryFolder();
	const server = await serve(folder, '--open');
	onTestFinished(() => void server.kill('SIGKILL'));
	const ask = async <Answer>(
		method: string,
		path: string,
		body?: string | Uint8Array<ArrayBuffer>,
	): Promise<Answer> => {
		const type = typeof body === 'string' ? 'application/json' : 'application/gzip';
		const asked = body === undefined ? {} : {body, headers: {'content-type': type}};
		return (await (await fetch(server.url + path, {method, ...asked})).json()) as Answer;
	};
	const robot = Robot.command(['attach', server.url], {cwd: folder.path, columns: 120, rows: 30});
	await robot.waitForScreen(/live/);
	// Long enough to be seen at work on any machine.
	const long = Buffer.concat(Array<Buffer>(4).fill(ENDLESS_FILE));
	const sent = await ask<{file_id: string}>('PUT', '/api/v1/files/endless.csv.gz', new Uint8Array(long));
	await ask('POST', '/api/run', JSON.stringify({file_id: sent.file_id, task_id: 'quality'}));
	await robot.waitForScreen(/endless\.csv\.gz.*running/);
	robot.press('P');
	await robot.waitForScreen(/endless\.csv\.gz.*paused/);
	await vi.waitFor(async () => {
		const {tasks} = await ask<{tasks: readonly unknown[]}>('GET', '/api/v1/run');
		expect(tasks).toMatchObject([{status: 'QUEUED', is_paused: true}]);
	}, PATIENT);
	robot.press('P');
	await robot.waitForScreen(/endless\.csv\.gz.*running/);
	robot.press('q');
	expect(await robot.exit).toBe(0);
	await robot.expectRestored();
});

test('a file without a task is started by key, and what it came to is saved here, over no other file', async ({
	skip,
}) => {
	if (whyNoTerminal !== null) skip(whyNoTerminal);
	const [folder, here] = [createTemporaryFolder(), createTemporaryFolder()];
	const server = await serve(folder, '--open');
	onTestFinished(() => void server.kill('SIGKILL'));
	const bytes = `${transactions(20)}T99,C1,not-a-number,2024-01-01,food\n`;
	for (const name of ['a b.csv', 'other.csv']) {
		const path = `/api/v1/files/${encodeURIComponent(name)}`;
		expect((await fetch(server.url + path, {method: 'PUT', body: bytes})).status).toBe(201);
	}
	here.write('a b-result.json', 'mine');
	const robot = Robot.command(['attach', server.url], {cwd: here.path, columns: 100, rows: 24});
	await robot.waitForScreen(/live/);
	robot.press('n');
	const listed = await robot.waitForScreen('Files without a task');
	expect(listed).toMatch(/RECEIVED \(UTC\) +SIZE +FILE\n.*a b\.csv\n.*other\.csv/);
	expect(listed).toMatch(/↑↓ move .*start/);
	robot.press(ENTER);
	await robot.waitForScreen(/Files without a task(?!.*a b\.csv\n)/s);
	robot.press(ESCAPE);
	await robot.waitForScreen(/a b\.csv.*done/);
	robot.press('e');
	await robot.waitForScreen(/The result of .*a b\.csv is in a b-result-2\.json/);
	robot.press('E');
	await robot.waitForScreen(/The rejected records of .*a b\.csv are in a b-rejects\.csv/);
	expect(readFileSync(here.at('a b-result.json'), 'utf8')).toBe('mine');
	const [{task_execution_id: id}] = ((await (await fetch(`${server.url}/api/v1/run`)).json()) as TaskList).tasks;
	const get = async (path: string) => (await fetch(`${server.url}/api/v1/results/${id}${path}`)).text();
	expect(readFileSync(here.at('a b-result-2.json'), 'utf8')).toBe(await get(''));
	const rejects = readFileSync(here.at('a b-rejects.csv'), 'utf8');
	expect(rejects).toContain('not-a-number');
	expect(rejects).toBe(await get('/rejects.csv'));
	// In the list of past tasks, too.
	robot.press('5');
	await robot.waitForScreen(/completed +1 .*a b\.csv/);
	robot.press('e');
	await robot.waitForScreen(/The result of r_\S+ is in a b-result-3\.json/);
	expect(readdirSync(here.path).sort()).toEqual([
		...['a b-rejects.csv', 'a b-result-2.json', 'a b-result-3.json', 'a b-result.json'],
	]);
	rmSync(here.path, {recursive: true});
	robot.press('e');
	await robot.waitForScreen(/Not saved: .*ENOENT/);
	robot.press('q');
	expect(await robot.exit).toBe(0);
	await robot.expectRestored();
});

interface TaskList {
	readonly tasks: readonly [{readonly task_execution_id: string}];
}

test('who only looks on saves results, and starts nothing', async ({skip}) => {
	if (whyNoTerminal !== null) skip(whyNoTerminal);
	const [folder, here] = [createTemporaryFolder(), createTemporaryFolder()];
	const server = await serve(folder, '--open');
	onTestFinished(() => void server.kill('SIGKILL'));
	const put = async (name: string): Promise<string> => {
		const answer = await fetch(`${server.url}/api/v1/files/${name}`, {method: 'PUT', body: transactions(20)});
		return ((await answer.json()) as {file_id: string}).file_id;
	};
	const body = JSON.stringify({file_id: await put('a.csv')});
	const headers = {'content-type': 'application/json'};
	await fetch(`${server.url}/api/run`, {method: 'POST', body, headers});
	await put('b.csv');
	const robot = Robot.command(['attach', server.url, '--readonly'], {cwd: here.path, columns: 100, rows: 24});
	await robot.waitForScreen(/a\.csv.*done/);
	robot.press('n', 'E');
	await robot.waitForScreen('No record of a.csv was rejected');
	robot.press('e');
	const saved = await robot.waitForScreen('The result of a.csv is in a-result.json');
	// Its request went out after that of `n` would have, so the list with b.csv would be open by now, and Enter would start that.
	expect(saved).not.toContain('Files without a task');
	robot.press(ENTER);
	await robot.waitForScreen('Esc back');
	robot.press(ESCAPE);
	await robot.waitForScreen(/a\.csv.*done/);
	robot.press('q');
	expect(await robot.exit).toBe(0);
	const {tasks} = (await (await fetch(`${server.url}/api/v1/run`)).json()) as TaskList;
	expect(tasks).toHaveLength(1);
});
