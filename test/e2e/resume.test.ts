// A run that is killed goes on from its ledger, with the built command: the report is that of a run that nobody has killed.
import {createHash} from 'node:crypto';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {expect, test, vi} from 'vitest';
import {openToRead} from '../../source/ledger/open-database.ts';
import {
	createFolder,
	parseReport,
	runCommand,
	startCommand,
	transactions,
	WITHOUT_AMOUNT,
	writeFiles,
} from '../helpers/command.ts';
import {injecting} from '../helpers/faults.ts';
import {parquetOf, text} from '../helpers/parquet.ts';
import {PATIENT} from '../helpers/patient.ts';
import {withoutTimes} from '../helpers/without-times.ts';
import {zipOf} from '../helpers/zip.ts';

/** @param table - Also with a condition. */
function count(path: string, table: string): number {
	if (!existsSync(path)) return 0;
	try {
		const database = openToRead(path);
		const {number} = database.prepare(`SELECT count(*) AS number FROM ${table}`).get() ?? {};
		database.close();
		return Number(number);
	} catch {
		// It is being made.
		return 0;
	}
}

test.each(['1', '2'])('a run with %s threads is killed within a large file, and goes on there', async threads => {
	const cwd = createFolder();
	const ledger = join(cwd, 'ledger.db');
	writeFiles(cwd, 4, 20);
	writeFileSync(join(cwd, 'bad.csv'), WITHOUT_AMOUNT);
	writeFileSync(join(cwd, 'packed.csv.gz'), gzipSync(transactions(300)));
	writeFileSync(join(cwd, 'large.csv'), transactions(150_000));
	const args = ['.', '--analysis', 'transactions', '--json', '--threads', threads];
	const whole = await runCommand(args, {cwd});
	const saving = [...args, '--ledger', 'ledger.db'];
	const killed = startCommand([...saving, '--simulate-io', '2'], {cwd});
	await vi.waitFor(() => expect(count(ledger, 'checkpoints')).toBe(1), PATIENT);
	killed.kill('SIGKILL');
	expect((await killed.ended).code).toBe('SIGKILL');
	const before = count(ledger, 'sources');
	const resumed = await runCommand([...saving, '--resume'], {cwd});
	expect(resumed.code).toBe(whole.code);
	const report = parseReport(resumed.stdout);
	expect(withoutTimes(report)).toEqual(withoutTimes(parseReport(whole.stdout)));
	expect(report.files.filter(({source}) => source === 'ledger')).toHaveLength(before);
	expect(count(ledger, 'checkpoints')).toBe(0);
	const again = await runCommand(
		[...args.filter(word => word !== '--json'), '--plain', '--ledger', 'ledger.db', '--resume'],
		{cwd},
	);
	expect(again.stdout).toContain('6 files unchanged since an earlier run: taken from its ledger, not read');
});

test('what is known of files stays known when a later run of them is killed', async () => {
	const cwd = createFolder();
	const ledger = join(cwd, 'ledger.db');
	writeFileSync(join(cwd, 'large.csv'), transactions(150_000));
	const args = ['.', '--json', '--ledger', 'ledger.db'];
	await runCommand(args, {cwd});
	const killed = startCommand([...args, '--simulate-io', '2'], {cwd});
	await vi.waitFor(() => expect(count(ledger, 'checkpoints')).toBe(1), PATIENT);
	killed.kill('SIGKILL');
	await killed.ended;
	const {stdout, stderr} = await runCommand([...args, '--resume'], {cwd});
	expect(parseReport(stdout).files).toMatchObject([{source: 'ledger'}]);
	expect(stderr).not.toContain('What changed');
	expect(count(ledger, 'checkpoints')).toBe(0);
	expect(
		(await runCommand(['history', 'status:interrupted', '--ledger', 'ledger.db', '--json'], {cwd})).stdout,
	).toContain('interrupted');
});

test('what was cut without a checkpoint, and what is piped in, is said to begin anew', async () => {
	const cwd = createFolder();
	const ledger = join(createFolder(), 'ledger.db');
	writeFileSync(join(cwd, 'packed.csv.gz'), gzipSync(transactions(20_000)));
	const args = ['.', '--json', '--ledger', ledger];
	const killed = startCommand([...args, '--simulate-io', '20'], {cwd});
	await vi.waitFor(() => expect(count(ledger, 'attempts')).toBe(1), PATIENT);
	killed.kill('SIGKILL');
	await killed.ended;
	const again = await runCommand([...args, '--resume'], {cwd});
	expect(again).toMatchObject({
		code: 0,
		stderr:
			'fileproc-tui: An earlier run was cut while it read ./packed.csv.gz, and left no checkpoint: it begins anew.\n',
	});
	// It has been read to its end.
	expect((await runCommand([...args, '--resume'], {cwd})).stderr).toBe('');
	const piped = await runCommand(['-', ...args.slice(1), '--resume'], {cwd, input: transactions(4)});
	expect(piped).toMatchObject({
		code: 0,
		stderr: 'fileproc-tui: What is piped in begins anew: a run cannot go on within it.\n',
	});
	writeFileSync(
		join(cwd, 'both.zip'),
		zipOf([
			{name: 'a.csv', content: transactions(3)},
			{name: 'b.csv', content: transactions(4)},
		]),
	);
	const ofMembers = await runCommand([...args, '--resume'], {cwd});
	expect(ofMembers.stderr).toContain(
		'fileproc-tui: 2 files in archives: the ledger keeps nothing of these, so they are read again.\n',
	);
});

test('what --resume needs is said', async () => {
	const cwd = createFolder();
	writeFiles(cwd, 1, 1);
	expect(await runCommand(['.', '--resume'], {cwd})).toMatchObject({
		code: 2,
		stderr: expect.stringContaining('--resume needs the ledger of an earlier run: add --ledger and its file'),
	});
	expect(await runCommand(['.', '--resume', '--ledger', 'l.db', '--rejects', 'r.csv'], {cwd})).toMatchObject({
		code: 2,
		stderr: expect.stringContaining('--resume and --rejects exclude each other'),
	});
});

test('a small file that processes die of, among others that one thread receives with it, is given up', async () => {
	const cwd = createFolder();
	const ledger = join(cwd, 'ledger.db');
	writeFiles(cwd, 40, 20);
	for (let number = 0; number < 40; number++) writeFileSync(join(cwd, `${number}.csv`), transactions(number + 1));
	// The first of its group, so that no file in front of it has an outcome that is not reported yet.
	const env = injecting([{call: 'read', name: '0.csv', error: 'hang'}]);
	const args = ['.', '--analysis', 'transactions', '--json', '--threads', '1', '--ledger', 'ledger.db', '--resume'];
	const begun = `attempts WHERE file LIKE '%/0.csv' AND ended_at IS NULL`;
	for (let deaths = 1; deaths <= 5; deaths++) {
		const killed = startCommand(args, {cwd, env});
		await vi.waitFor(() => expect(count(ledger, begun)).toBe(deaths), PATIENT);
		killed.kill('SIGKILL');
		await killed.ended;
	}
	const {code, stdout} = await runCommand(args, {cwd, env});
	expect(code).toBe(1);
	const {totals, files} = parseReport(stdout);
	expect(totals).toMatchObject({completed: 79, failed: 1});
	expect(files.flatMap(({file, error}) => (error === null ? [] : [[file, error.code]]))).toEqual([
		['./0.csv', 'CRASH_LOOP'],
	]);
});

test('what hundreds of small files come to, told at once, is kept for each of them', async () => {
	const cwd = createFolder();
	writeFiles(cwd, 600, 20);
	const args = ['.', '--json', '--threads', '1', '--ledger', 'ledger.db'];
	const whole = await runCommand(args, {cwd});
	expect([whole.code, whole.stderr]).toEqual([0, '']);
	const resumed = parseReport((await runCommand([...args, '--resume'], {cwd})).stdout);
	expect(withoutTimes(resumed)).toEqual(withoutTimes(parseReport(whole.stdout)));
	expect(resumed.files.filter(({source}) => source === 'ledger')).toHaveLength(600);
});

test('Parquet is hashed, known again, and verified', async () => {
	const cwd = createFolder();
	const data = Array.from({length: 3000}, (_, row) => `key ${row % 7}`);
	const columns = [{name: 'key', ...text, data}];
	writeFileSync(join(cwd, 'table.parquet'), parquetOf(columns, {rowGroupSize: 500}));
	const args = ['.', '--analysis', 'profile', '--json', '--ledger', 'ledger.db'];
	const first = await runCommand([...args, '--hash', 'sha256'], {cwd});
	const digest = createHash('sha256').update(readFileSync(join(cwd, 'table.parquet')));
	expect(parseReport(first.stdout).files[0]?.content_hash).toBe(`sha256:${digest.digest('hex')}`);
	for (const words of [['--resume'], ['--resume', '--verify-content']]) {
		const resumed = parseReport((await runCommand([...args, '--hash', 'sha256', ...words], {cwd})).stdout);
		expect(resumed.files).toMatchObject([{source: 'ledger', rows: 3000}]);
		expect(withoutTimes(resumed)).toEqual(withoutTimes(parseReport(first.stdout)));
	}
	const verify = (): ReturnType<typeof runCommand> => runCommand(['verify', '--ledger', 'ledger.db'], {cwd});
	expect(await verify()).toMatchObject({code: 0, stdout: '1 matched\n'});
	writeFileSync(join(cwd, 'table.parquet'), parquetOf(columns, {rowGroupSize: 400}));
	expect((await verify()).stdout).toContain('table.parquet: its bytes are not those');
});
