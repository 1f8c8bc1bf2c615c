// Runs that are saved, looked at again and removed, with the built command.
import {chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {gzipSync} from 'node:zlib';
import {expect, test, vi} from 'vitest';
import {processBatch} from '../../source/index.ts';
import {openToRead} from '../../source/ledger/open-database.ts';
import {saveRun} from '../../source/ledger/save-run.ts';
import {
	createFolder,
	type Ending,
	runCommand,
	startCommand,
	transactions,
	WITHOUT_AMOUNT,
	writeFiles,
} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';

interface ListedRun {
	readonly id: string;
	readonly status: string;
	readonly totals: {readonly rows: number; readonly completed: number};
}

const listOf = ({stdout}: Ending): readonly ListedRun[] => (JSON.parse(stdout) as {runs: ListedRun[]}).runs;

function createData(): string {
	const folder = createFolder();
	writeFiles(folder, 3, 10);
	writeFileSync(join(folder, 'bad.csv'), WITHOUT_AMOUNT);
	return folder;
}

test('a run is saved, listed, found and shown again as it was printed', async () => {
	const cwd = createData();
	const run = (...args: string[]): Promise<Ending> => runCommand(args, {cwd});
	const printed = await run('.', '--analysis', 'transactions', '--json', '--ledger', 'ledger.db');
	expect(printed.code).toBe(1);
	const [saved] = listOf(await run('history', '--ledger', 'ledger.db', '--json'));
	expect(saved).toMatchObject({status: 'completed', totals: {completed: 3, rows: 30}});
	const id = saved?.id ?? expect.fail();
	expect((await run('history', id, '--ledger', 'ledger.db', '--json')).stdout).toBe(printed.stdout);
	const shown = await run('history', id, '--ledger', 'ledger.db');
	expect(shown.stdout).toMatch(/3 of 4 files completed, 1 failed.*\n[\s\S]*MISSING_COLUMN/);
	const table = await run('history', 'missing_column', '--ledger', 'ledger.db');
	expect(table.stdout).toMatch(new RegExp(`^RUN +STATUS .*\n${id} +completed +4 +1 +30 .* \\.\n$`));
	expect(await run('history', 'nothing', '--ledger', 'ledger.db')).toMatchObject({
		code: 4,
		stdout: '',
		stderr: 'No saved run fits “nothing”.\n',
	});
	expect(await run('history', '20200101-000000-abcdef', '--ledger', 'ledger.db')).toMatchObject({code: 4, stdout: ''});
	expect(await run('history', 'since:x', '--ledger', 'ledger.db')).toMatchObject({code: 2, stdout: ''});
	expect(listOf(await run('history', '!status:interrupted', '--ledger', 'ledger.db', '--json'))).toHaveLength(1);
	expect(await run('history', 'status:interrupted', '--ledger', 'ledger.db')).toMatchObject({code: 4});
	expect(await run('verify', 'no-such.csv', '--ledger', 'ledger.db')).toMatchObject({code: 4});
	// The ledger is no data of the next run.
	expect((await run('.', '--json', '--ledger', 'ledger.db')).stdout).not.toContain('ledger.db');
	expect((await run('history', 'prune', '--keep-size', '1', '--ledger', 'ledger.db')).stdout).toMatch(
		/^Removed 2 runs: /,
	);
	expect(listOf(await run('history', '--ledger', 'ledger.db', '--json'))).toEqual([]);
});

test('two runs are compared by the bytes of their files', async () => {
	const cwd = createData();
	const run = (...args: string[]): Promise<Ending> => runCommand([...args, '--ledger', 'ledger.db'], {cwd});
	await run('.', '--json');
	rmSync(join(cwd, '0001.csv'));
	writeFileSync(join(cwd, 'later.csv'), transactions(5));
	writeFileSync(join(cwd, '0002.csv'), readFileSync(join(cwd, '0002.csv'), 'latin1').replace('T3,', 'T9,'));
	await run('.', '--json');
	const [to, from] = listOf(await run('history', '--json')).map(({id}) => id);
	const diff = await run('history', 'diff', from ?? '', to ?? '', '--json');
	expect(JSON.parse(diff.stdout)).toMatchObject({
		...{from, to, new: ['./later.csv'], gone: ['./0001.csv'], changed: ['./0002.csv'], unchanged: 2},
		totals: {from: {rows: 30}, to: {rows: 25}},
	});
	const lines = await run('history', 'diff', from ?? '', to ?? '');
	const day = `${to?.slice(0, 4)}-${to?.slice(4, 6)}-${to?.slice(6, 8)}`;
	expect(lines.stdout.replace(/\d\d:\d\d UTC/, 'now')).toBe(
		`new      ./later.csv
gone     ./0001.csv
changed  ./0002.csv
What changed since the run of ${day} now
  files  1 new, 1 gone, 1 changed, 2 unchanged
  rows   25, before 30
  Transactions
    transactions  25, before 30
    total amount  31.25, before 37.50
`,
	);
	expect(await run('history', 'diff', from ?? '')).toMatchObject({code: 2});
	expect(await run('history', 'diff', from ?? '', '20200101-000000-abcdef')).toMatchObject({code: 3});
});

test('a run says what changed since the last one of the same folder, in lines and in sentences', async () => {
	const cwd = createData();
	const run = (...args: string[]): Promise<Ending> => runCommand(['--ledger', 'ledger.db', ...args], {cwd});
	expect((await run('.', '--plain')).stdout).not.toContain('What changed');
	expect((await run('0001.csv', '--plain')).stdout).not.toContain('What changed');
	expect((await run(cwd, '--plain')).stdout).toMatch(
		/\nWhat changed since the run of \d{4}-\d\d-\d\d \d\d:\d\d UTC\n {2}files {2}the same 4\n/,
	);
	writeFileSync(join(cwd, 'later.csv'), transactions(5));
	for (const output of ['--plain', '--screen-reader']) {
		rmSync(join(cwd, output === '--plain' ? '0001.csv' : '0002.csv'));
		const {stdout, stderr} = await run('.', output);
		expect(stderr).toBe('');
		expect(stdout).toMatch(
			output === '--plain'
				? /\n {2}files +1 new, 1 gone, 3 unchanged\n {2}rows +25, before 30\n {2}new +\.\/later\.csv\n {2}gone +\S*\/0001\.csv\n/
				: /\n {2}files +1 gone, 3 unchanged\n {2}rows +15, before 25\n {2}gone +\S*\/0002\.csv\n/,
		);
	}
	// A program that reads the report is told by history diff.
	expect((await run('.', '--json')).stdout).not.toContain('changed');
});

test('--save keeps runs in a folder that only the user can read; a plain run keeps nothing', async () => {
	const cwd = createData();
	const state = join(createFolder(), 'state');
	const env = {XDG_STATE_HOME: state};
	await runCommand(['.', '--json'], {cwd, env});
	expect(existsSync(state)).toBe(false);
	expect(await runCommand(['history'], {cwd, env})).toMatchObject({
		code: 0,
		stderr: 'No run has been saved yet. To save one: fileproc-tui ./data --save\n',
	});
	expect((await runCommand(['.', '--json', '--save'], {cwd, env})).stderr).toBe('');
	expect(listOf(await runCommand(['history', '--json'], {cwd, env}))).toHaveLength(1);
	expect(statSync(join(state, 'fileproc-tui')).mode & 0o077).toBe(0);
	expect(statSync(join(state, 'fileproc-tui/ledger.db')).mode & 0o077).toBe(0);
});

test('a run goes on without a ledger that cannot be written, and says so at once and at its end', async () => {
	const cwd = createData();
	writeFileSync(join(cwd, 'one.csv'), transactions(20));
	writeFileSync(join(cwd, 'notes.md'), 'dear diary\n');
	const plain = JSON.parse((await runCommand(['one.csv', '--json'], {cwd})).stdout) as {analyses: unknown};
	for (const [ledger, reason] of [
		['notes.md', 'it is something else: name another file'],
		['notes.md/ledger.db', 'a part of its path is a file: name another one'],
		['missing/ledger.db', 'there is no such file or folder'],
	] as const) {
		const {code, stdout, stderr} = await runCommand(['one.csv', '--json', '--ledger', ledger], {cwd});
		expect({code, stderr}).toEqual({
			code: 3,
			stderr: `fileproc-tui: The ledger ${ledger} cannot be used: ${reason}. The run goes on, and is not saved.\nfileproc-tui: The ledger ${ledger} cannot be used: ${reason}.\n`,
		});
		expect((JSON.parse(stdout) as {analyses: unknown}).analyses).toEqual(plain.analyses);
	}
	expect(readFileSync(join(cwd, 'notes.md'), 'utf8')).toBe('dear diary\n');
});

test('a ledger that is an input, or another output, is refused before anything is read', async () => {
	const cwd = createData();
	const named = await runCommand(['bad.csv', '--json', '--ledger', 'bad.csv'], {cwd});
	expect(named).toMatchObject({code: 2, stdout: ''});
	expect(named.stderr).toContain('--ledger “bad.csv” is the same file as the input “bad.csv”');
	expect(await runCommand(['.', '--ledger', 'a.json', '--report', 'a.json'], {cwd})).toMatchObject({code: 2});
	expect(readFileSync(join(cwd, 'bad.csv'), 'utf8')).toBe(WITHOUT_AMOUNT);
});

test('runs that end at the same moment are all in a ledger that none of them found', async () => {
	const cwd = createData();
	// In a folder that is walked, a later one would tell that it leaves the ledger out.
	const ledger = join(createFolder(), 'ledger.db');
	const runs = Array.from({length: 6}, () => runCommand(['.', '--json', '--ledger', ledger], {cwd}));
	for (const {stderr} of await Promise.all(runs)) expect(stderr).toBe('');
	expect(listOf(await runCommand(['history', '--ledger', ledger, '--json'], {cwd}))).toHaveLength(6);
});

/** How many files of runs in it have ended. */
function countFiles(path: string): number {
	const database = openToRead(path);
	try {
		return Number(database.prepare('SELECT count(*) AS count FROM files').get()?.count);
	} finally {
		database.close();
	}
}

test('of a run that was killed there is what had been written, and the ledger is whole', async () => {
	const cwd = createFolder();
	writeFiles(cwd, 4, 10);
	writeFileSync(join(cwd, 'long.csv'), transactions(100_000));
	const args = ['.', '--json', '-j', '1', '--simulate-io', '10', '--ledger', 'ledger.db'];
	const {kill, ended} = startCommand(args, {cwd});
	// Before that it may not be there, or be in the middle of being made.
	await vi.waitFor(() => expect(countFiles(join(cwd, 'ledger.db'))).toBeGreaterThan(1), PATIENT);
	kill('SIGKILL');
	expect((await ended).code).toBe('SIGKILL');
	const database = openToRead(join(cwd, 'ledger.db'));
	expect(database.prepare('PRAGMA integrity_check').get()).toMatchObject({integrity_check: 'ok'});
	database.close();
	const [run] = listOf(await runCommand(['history', '--ledger', 'ledger.db', '--json'], {cwd}));
	expect(run?.status).toBe('interrupted');
	const shown = await runCommand(['history', run?.id ?? '', '--ledger', 'ledger.db'], {cwd});
	expect(shown.stdout).toMatch(
		/^This run was killed before its end\. \d files? of 5 had ended:\n( {2}completed +\.\/000\d\.csv\n)+( {2}(being read|not begun) +\.\/\S+\.csv\n)+/,
	);
	expect(shown.stdout).toContain('being read');
});

test('the doctor says what is wrong with the ledger, and what to do', async () => {
	const cwd = createData();
	await runCommand(['.', '--json', '--ledger', 'ledger.db'], {cwd});
	const well = await runCommand(['doctor', '--ledger', 'ledger.db'], {cwd});
	expect(well).toMatchObject({code: 0, stderr: ''});
	expect(well.stdout).toMatch(/^SQLite +3\.\d+\.\d+$/m);
	expect(well.stdout).toMatch(/^ledger +ledger\.db, 1 run, .*, whole$/m);
	const bytes = readFileSync(join(cwd, 'ledger.db'));
	writeFileSync(join(cwd, 'ledger.db'), bytes.fill(0xff, 200));
	for (const ending of ['-wal', '-shm']) rmSync(join(cwd, `ledger.db${ending}`), {force: true});
	chmodSync(join(cwd, 'ledger.db'), 0o600);
	const ill = await runCommand(['doctor', '--ledger', 'ledger.db', '--json'], {cwd});
	expect(ill.code).toBe(3);
	expect(ill.stdout).toContain('it is damaged');
	const doctor = async (...args: string[]): Promise<Ending> =>
		runCommand(['doctor', ...args], {cwd, env: {XDG_STATE_HOME: join(cwd, 'state')}});
	expect(await doctor()).toMatchObject({
		code: 0,
		stdout: expect.stringMatching(/ledger.db, not there yet: a run with --save makes it$/m),
	});
	expect(await doctor('--ledger', 'new.db')).toMatchObject({
		code: 0,
		stdout: expect.stringMatching(/^ledger +new.db, not there yet: a run with --ledger makes it$/m),
	});
	expect(await doctor('--ledger', 'missing/new.db')).toMatchObject({
		code: 3,
		stdout: expect.stringContaining('! Its folder does not exist: make it, or name another file.'),
	});
	writeFileSync(join(cwd, 'empty.db'), '');
	expect(await doctor('--ledger', 'empty.db')).toMatchObject({
		code: 3,
		stdout: expect.stringContaining('nothing has been saved to it yet: a run with --ledger makes a ledger of it'),
	});
});

test('a page of a ledger that is not what was written is told in plain words', async () => {
	const cwd = createData();
	for (const _ of [1, 2]) await runCommand(['.', '--json', '--ledger', 'ledger.db'], {cwd});
	const database = new DatabaseSync(join(cwd, 'ledger.db'));
	database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
	const {rootpage} = database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'events'").get() ?? {};
	database.close();
	const bytes = readFileSync(join(cwd, 'ledger.db'));
	const start = (Number(rootpage) - 1) * 4096;
	writeFileSync(join(cwd, 'ledger.db'), bytes.fill(0xff, start, start + 200));
	const {code, stdout} = await runCommand(['doctor', '--ledger', 'ledger.db'], {cwd});
	expect(code).toBe(3);
	expect(stdout).toMatch(/! .*[Ii]t is damaged: .*[Pp]ut it aside/);
	expect(stdout).not.toMatch(/btree|page|database/i);
});

test('a run is named by its id, by what its id begins with, or as the last one', async () => {
	const cwd = createData();
	const run = (...args: string[]): Promise<Ending> => runCommand([...args, '--ledger', 'ledger.db'], {cwd});
	const saveOn = async (day: string, file: string): Promise<string> => {
		const saved = saveRun(
			join(cwd, 'ledger.db'),
			{},
			{settingsDigest: null, isResumed: false, startedAt: Date.parse(day)},
		);
		await processBatch([join(cwd, file)], {onEvent: saved.handle});
		await saved.finish();
		return saved.id;
	};
	const first = await saveOn('2026-01-01T10:20:30Z', '0001.csv');
	const others = [await saveOn('2026-02-02T10:20:30Z', '0002.csv'), await saveOn('2026-02-02T10:20:40Z', '0003.csv')];
	const newest = await saveOn('2026-02-03T00:00:00Z', '0001.csv');
	const reportOf = async (word: string): Promise<unknown> => (await run('history', word, '--json')).stdout;
	const expected = await reportOf(first);
	expect(expected).toContain('0001.csv');
	for (const beginning of ['20260101', '20260101-1020', '20260101-102030-', first.slice(0, -1)])
		expect(await reportOf(beginning)).toBe(expected);
	expect(await reportOf('last')).toBe(await reportOf(newest));
	expect(await run('history', '20260202-1020')).toMatchObject({
		code: 2,
		stderr: expect.stringContaining(
			`2 runs begin with “20260202-1020”: ${others.toReversed().join(', ')}. Say more of the id.`,
		),
	});
	// No run begins so: it is a search, also of names.
	expect(await run('history', '20270101')).toMatchObject({code: 4, stderr: 'No saved run fits “20270101”.\n'});
	const diff = JSON.parse((await run('history', 'diff', '20260101', 'last', '--json')).stdout) as object;
	expect(diff).toMatchObject({from: first, to: newest, new: [], gone: []});
	expect((await run('verify', '--run', 'last')).stdout).toContain('1 not-hashed');
});

test('names of runs that started in other folders are told from the root', async () => {
	const [cwd, other] = [createData(), createData()];
	const ledger = join(cwd, 'ledger.db');
	await runCommand(['.', '--json', '--ledger', ledger], {cwd});
	await runCommand(['.', '0001.csv', '--json', '--ledger', ledger], {cwd: other});
	const list = await runCommand(['history', '--ledger', ledger], {cwd});
	expect(list.stdout).toMatch(new RegExp(` {2}${other} ${other}/0001\\.csv\n.* {2}\\.\n$`));
	for (const folder of [cwd, other]) writeFileSync(join(folder, '0001.csv'), transactions(11));
	const {code, stdout} = await runCommand(['verify', '--ledger', ledger], {cwd});
	expect(code).toBe(1);
	expect(stdout).toMatch(/^changed {2}\.\/0001\.csv: /m);
	expect(stdout).toContain(`changed  ${other}/0001.csv: `);
	expect((await runCommand(['verify', '.', '--ledger', ledger], {cwd})).stdout).not.toContain(other);
});

test('verify tells of paths that the ledger has nothing of, and what it means that a file is not hashed', async () => {
	const cwd = createData();
	await runCommand(['.', '--analysis', 'transactions', '--json', '--ledger', 'ledger.db'], {cwd});
	const verify = (...args: string[]): Promise<Ending> =>
		runCommand(['verify', ...args, '--ledger', 'ledger.db'], {cwd});
	expect(await verify('0001.csv', 'no-such.csv', 'nothing')).toMatchObject({
		code: 4,
		stdout: '1 matched\n',
		stderr: 'fileproc-tui: The ledger has no file of “no-such.csv”, “nothing”.\n',
	});
	expect(JSON.parse((await verify('0001.csv', 'no-such.csv', '--json')).stdout)).toMatchObject({
		unmatched: ['no-such.csv'],
	});
	expect(await verify('.', cwd)).toMatchObject({
		...{code: 0, stderr: ''},
		stdout: expect.stringMatching(/^3 matched, 1 not-hashed\nnot-hashed: of files that did not complete, /),
	});
});

test('verify finds one changed byte, a packed file that is damaged, and a missing one', async () => {
	const cwd = createFolder();
	writeFiles(cwd, 5, 20);
	writeFileSync(join(cwd, 'packed.csv.gz'), gzipSync(transactions(300)));
	writeFileSync(Buffer.concat([Buffer.from(`${cwd}/odd `), Buffer.from([0xff]), Buffer.from('.csv')]), transactions(4));
	await runCommand(['.', '--json', '--ledger', 'ledger.db'], {cwd});
	const verify = (...paths: string[]): Promise<Ending> =>
		runCommand(['verify', ...paths, '--ledger', 'ledger.db'], {cwd});
	expect(await verify()).toMatchObject({code: 0, stdout: '7 matched\n', stderr: ''});
	const [name = ''] = readdirSync(cwd).filter(file => file.endsWith('.csv') && !file.includes('odd'));
	const path = join(cwd, name);
	const {atime, mtime} = statSync(path);
	const before = readFileSync(path);
	// In an id, where no figure changes.
	writeFileSync(path, before.toString('latin1').replace('T3,', 'T9,'), 'latin1');
	utimesSync(path, atime, mtime);
	const changed = await verify();
	expect(changed.code).toBe(1);
	expect(changed.stdout).toMatch(
		new RegExp(`^changed {2}\\./${name}: its bytes are not those that were read; run .*\n6 matched, 1 changed\n$`),
	);
	expect(await verify('packed.csv.gz')).toMatchObject({code: 0, stdout: '1 matched\n'});
	writeFileSync(path, before);
	const packed = readFileSync(join(cwd, 'packed.csv.gz'));
	writeFileSync(join(cwd, 'packed.csv.gz'), packed.fill(0x55, packed.length >> 1, (packed.length >> 1) + 1));
	const damaged = await verify('--json');
	expect(damaged.code).toBe(1);
	expect(
		(JSON.parse(damaged.stdout) as {files: {file: string; verdict: string}[]}).files.filter(
			({verdict}) => verdict !== 'matched',
		),
	).toMatchObject([{file: './packed.csv.gz', verdict: 'failed', error: {code: 'CORRUPT_GZIP'}}]);
	rmSync(path);
	expect((await verify(name)).stdout).toMatch(/^missing .*: it is not there any more; run .*\n1 missing\n$/);
	expect(await runCommand(['verify', '--run', '20200101-000000-abcdef', '--ledger', 'ledger.db'], {cwd})).toMatchObject(
		{code: 3},
	);
});
