// The log of the built command.
import {existsSync, readdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test, vi} from 'vitest';
import {createFolder, runCommand, startCommand, transactions, writeFiles} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';

test('a log is put aside by size, has every event once, and names the run of the ledger in each line', async () => {
	const cwd = createFolder();
	writeFiles(join(cwd, 'data'), 60, 5);
	const args = [
		'data',
		'--json',
		'--log-file',
		'run.log',
		'--log-max-size',
		'4096',
		'--log-keep',
		'100',
		'--ledger',
		'l.db',
	];
	for (let run = 0; run < 2; run++) expect((await runCommand(args, {cwd})).code).toBe(0);
	const logs = readdirSync(cwd).filter(name => name.startsWith('run.log'));
	expect(logs.length).toBeGreaterThan(3);
	for (const name of logs) {
		const text = readFileSync(join(cwd, name), 'utf8');
		// The first line of a run is longer than that, and alone.
		if (text.length > 4096) expect(text.split('\n')).toHaveLength(2);
	}
	const lines = logs
		.sort((left, right) => Number(right.split('.')[2] ?? 0) - Number(left.split('.')[2] ?? 0))
		.flatMap(name => readFileSync(join(cwd, name), 'utf8').split('\n').slice(0, -1))
		.map(line => JSON.parse(line) as {run: string; message: string; seq: number});
	const {stdout} = await runCommand(['history', '--ledger', 'l.db', '--json'], {cwd});
	const ids = (JSON.parse(stdout) as {runs: {id: string}[]}).runs.map(({id}) => id).reverse();
	expect([...new Set(lines.map(({run}) => run))]).toEqual(ids);
	for (const id of ids) {
		const seqs = lines.filter(({run, seq}) => run === id && seq !== undefined).map(({seq}) => seq);
		expect(seqs).toEqual([...seqs].sort((left, right) => left - right));
		expect(lines.filter(({run, message}) => run === id && message === 'file-completed')).toHaveLength(60);
	}
});

test('a watch whose log was moved goes on under its name when it is told to, and names file and claim', async () => {
	const cwd = createFolder();
	const watch = startCommand(
		['watch', 'in', '--settle', '0.1', '--poll', '0.2', '--plain', '--log-file', 'w.log', '--trace'],
		{
			cwd,
		},
	);
	const linesIn = (name: string): Record<string, unknown>[] =>
		readFileSync(join(cwd, name), 'utf8')
			.split('\n')
			.slice(0, -1)
			.map(line => JSON.parse(line) as Record<string, unknown>);
	const drop = (name: string): void => writeFileSync(join(cwd, 'in/unprocessed', name), transactions(name.length));
	const untilLogged = (file: string, message: string): Promise<void> =>
		vi.waitFor(() => expect(linesIn(file).map(line => line.message)).toContain(message), PATIENT);
	await vi.waitFor(() => expect(existsSync(join(cwd, 'in/.state/intake.json'))).toBe(true), PATIENT);
	drop('a.csv');
	await untilLogged('w.log', 'file-completed');
	renameSync(join(cwd, 'w.log'), join(cwd, 'moved.log'));
	watch.kill('SIGHUP');
	await vi.waitFor(() => expect(existsSync(join(cwd, 'w.log'))).toBe(true), PATIENT);
	drop('another.csv');
	await untilLogged('w.log', 'file-completed');
	watch.kill('SIGTERM');
	expect((await watch.ended).code).toBe(143);
	const [before, after] = [linesIn('moved.log'), linesIn('w.log')];
	expect(new Set([...before, ...after].map(({run}) => run)).size).toBe(1);
	const seqs = [...before, ...after].flatMap(({seq}) => (seq === undefined ? [] : [seq]));
	expect(seqs).toEqual(seqs.map((_, index) => index + 1));
	for (const [lines, file] of [
		[before, 'a.csv'],
		[after, 'another.csv'],
	] as const) {
		const ended = lines.find(({message}) => message === 'file-completed');
		expect(ended).toMatchObject({file, claim: expect.stringMatching(/^\d{8}-\d{6}-/)});
	}
});

test('a file that is in the way of a log is told before anything is read', async () => {
	const cwd = createFolder();
	writeFiles(cwd, 1, 5);
	writeFileSync(join(cwd, 'run.log.2'), 'mine');
	const {code, stdout, stderr} = await runCommand(
		['0001.csv', '--json', '--log-file', 'run.log', '--log-max-age', '1d'],
		{cwd},
	);
	expect([code, stdout]).toEqual([3, '']);
	expect(stderr).toMatch(
		/^fileproc-tui: The log file .*run\.log cannot be put aside when it is full: .*run\.log\.2 is in the way/,
	);
	expect(readFileSync(join(cwd, 'run.log.2'), 'utf8')).toBe('mine');
});
