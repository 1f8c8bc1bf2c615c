// Which data is processed for which operands: names of any bytes, patterns and links, streams, lists; and runs in which
// nothing could be read.
import {execFileSync} from 'node:child_process';
import {
	closeSync,
	existsSync,
	mkdirSync,
	openSync,
	readdirSync,
	readlinkSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, onTestFinished, test, vi} from 'vitest';
import {
	createFolder,
	HEADER,
	parseEvents,
	parseReport,
	runCommand,
	runShell,
	startCommand,
	startProgram,
	transactions,
	writeFiles,
} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';

const filesOf = (stdout: string) => parseReport(stdout).files.map(({file, status, rows}) => [file, status, rows]);

/** Runs a script of bash, in which `fileproc` is the command. */
const runBash = (script: string, cwd: string) =>
	startProgram('bash', ['--norc', '-c', `fileproc() { "$NODE" "$CLI" "$@"; }\n${script}`], {cwd}).ended;

describe.skipIf(process.platform !== 'linux')('names that are not UTF-8', () => {
	/** `caf\xe8.csv` with 1 record, `caf\xe9.csv` with 2, a file in `\xff\xfe/` with 3. */
	function createNames(): string {
		const cwd = createFolder();
		const at = (name: string): Buffer => Buffer.concat([Buffer.from(`${cwd}/`), Buffer.from(name, 'latin1')]);
		mkdirSync(at('\xff\xfe'));
		writeFileSync(at('caf\xe8.csv'), transactions(1));
		writeFileSync(at('caf\xe9.csv'), transactions(2));
		writeFileSync(at('\xff\xfe/a.csv'), transactions(3));
		return cwd;
	}
	const expected = (prefix = '') => [
		[`${prefix}\\xff\\xfe/a.csv`, 'completed', 3],
		[`${prefix}caf\\xe8.csv`, 'completed', 1],
		[`${prefix}caf\\xe9.csv`, 'completed', 2],
	];

	test.each([
		['as arguments', String.raw`fileproc --json $'caf\xe9.csv' $'caf\xe8.csv' $'\xff\xfe/a.csv'`, ''],
		['as arguments that the shell has found', 'fileproc --json *.csv */*.csv', ''],
		['of folders', String.raw`fileproc --json *.csv $'\xff\xfe'`, ''],
		['after --', String.raw`fileproc --json -- ./$'caf\xe9.csv' ./$'caf\xe8.csv' ./$'\xff\xfe/a.csv'`, './'],
		['in a pattern', String.raw`fileproc --json $'caf[\xe8\xe9].csv' $'\xff*/*.csv'`, ''],
		['found by a pattern', `fileproc --json '**/*.csv'`, ''],
		['found by question marks', `fileproc --json 'caf?.csv' '??/a.csv'`, ''],
		['in a list by lines', 'find . -name "*.csv" > list; fileproc --json --files-from list', './'],
		['in a list with NUL', 'find . -name "*.csv" -print0 | fileproc --json --files-from -', './'],
		[
			'in a list that has such a name',
			String.raw`find . -name '*.csv' > $'l\xfc'; fileproc --json --files-from $'l\xfc'`,
			'./',
		],
		['in a list of such a folder', String.raw`printf '%s\n' *.csv $'\xff\xfe' > l; fileproc --json --files-from=l`, ''],
	])('%s are each the file of that name', async (_, script, prefix) => {
		const {code, stdout, stderr} = await runBash(script, createNames());
		expect(filesOf(stdout)).toEqual(expected(prefix));
		expect([code, stderr]).toEqual([0, '']);
	});

	test('are reported under their names: in events, in errors, and in words', async () => {
		const cwd = createNames();
		const {stdout} = await runBash(String.raw`fileproc --jsonl $'caf\xe9.csv' $'no\xe9.csv' é.csv`, cwd);
		const [started] = parseEvents(stdout);
		expect(started).toMatchObject({paths: ['caf\\xe9.csv', 'no\\xe9.csv', 'é.csv']});
		const {code, stderr} = await runBash(String.raw`fileproc --json $'no\xe9.csv'`, cwd);
		expect([code, stderr]).toEqual([4, 'fileproc-tui: Nothing to process: no\\xe9.csv: no such file or folder.\n']);
	});

	test('of outputs are refused, because no other file may get a similar name', async () => {
		const cwd = createNames();
		const before = readdirSync(cwd, 'latin1');
		const {code, stderr} = await runBash(String.raw`fileproc . --report $'out\xe9.json'`, cwd);
		expect([code, stderr]).toEqual([
			2,
			'fileproc-tui: --report takes text in UTF-8, but got “out\\xe9.json”. See fileproc-tui --help.\n',
		]);
		expect((await runBash(String.raw`fileproc generate $'out\xe9'`, cwd)).code).toBe(2);
		expect(readdirSync(cwd, 'latin1')).toEqual(before);
	});

	test('may be those of the folder that reports, logs and recordings are written to, repeatedly', async () => {
		const cwd = createNames();
		const run = 'fileproc a.csv --json --report r.json --log-file r.log --record r.jsonl';
		const {code, stderr} = await runBash(String.raw`cd $'\xff\xfe' && ${run} && ${run}`, cwd);
		expect([code, stderr]).toEqual([0, '']);
		const {stdout} = await runBash(String.raw`cd $'\xff\xfe' && ls -A`, cwd);
		expect(stdout.split('\n')).toEqual(['a.csv', 'r.json', 'r.jsonl', 'r.log', '']);
	});

	test('may be those of links to a list and to data, beside which a report is written', async () => {
		const script = String.raw`echo $'\xe8.csv' > list; ln -s list $'l\xe9'; ln -s $'caf\xe9.csv' $'\xe8.csv'`;
		const cwd = createNames();
		const {code, stderr} = await runBash(
			String.raw`${script}; fileproc --json --files-from $'l\xe9' --report r.json`,
			cwd,
		);
		expect([code, stderr]).toEqual([0, '']);
		const clash = await runBash(
			String.raw`ln -s r.json $'m\xe9'; fileproc --json a.csv --files-from $'m\xe9' --report r.json`,
			cwd,
		);
		expect([clash.code, clash.stderr]).toEqual([
			2,
			'fileproc-tui: --report “r.json” is the same file as the list --files-from “m\\xe9”, which would be lost: name another file for the output. See fileproc-tui --help.\n',
		]);
	});
});

describe('links to folders', () => {
	function createLinks(): string {
		const cwd = createFolder();
		writeFiles(join(cwd, 'data', 'in'), 1, 1);
		writeFiles(join(cwd, 'outside'), 1, 2);
		symlinkSync('../outside', join(cwd, 'data', 'link'));
		symlinkSync('.', join(cwd, 'data', 'self'));
		symlinkSync('loop', join(cwd, 'data', 'loop'));
		return cwd;
	}

	test.each([
		['data'],
		['./data'],
		['data/**/*.csv'],
		['./data/**/*.csv'],
		['./data/*/*.csv'],
	])('are skipped by %s, and followed with --follow, each once', async path => {
		const cwd = createLinks();
		const [skipped, followed] = await Promise.all([
			runCommand([path, '--json'], {cwd}),
			runCommand([path, '--json', '--follow'], {cwd}),
		]);
		const prefix = path.startsWith('./') ? './' : '';
		expect(filesOf(skipped.stdout)).toEqual([
			[`${prefix}data/in/0001.csv`, 'completed', 1],
			[`${prefix}data/link`, 'skipped', 0],
			[`${prefix}data/self`, 'skipped', 0],
		]);
		expect(parseReport(skipped.stdout).files[1]?.error?.message).toMatch(/a link to a folder.*--follow/);
		const completed = filesOf(followed.stdout).filter(([, status]) => status === 'completed');
		expect(completed).toEqual([
			[`${prefix}data/in/0001.csv`, 'completed', 1],
			[`${prefix}data/link/0001.csv`, 'completed', 2],
		]);
		expect([skipped.code, followed.code]).toEqual([0, 0]);
	});
});

describe('streams that are named', () => {
	const completed = (file: string, rows: number) => [file, 'completed', rows];

	test('process substitution, beside files', async () => {
		const cwd = createFolder();
		writeFiles(cwd, 2, 3);
		const script = 'fileproc --json 0001.csv <(cat 0001.csv) <(gzip -c 0002.csv)';
		const {code, stdout, stderr} = await runBash(script, cwd);
		const report = parseReport(stdout);
		expect([code, stderr]).toEqual([0, '']);
		expect(report.totals).toMatchObject({files: 3, completed: 3, rows: 9});
		expect(report.files.map(({dialect}) => dialect?.compression ?? 'plain').sort()).toEqual(['gzip', 'plain', 'plain']);
	});

	test.each([
		['a pipe', 'cat 0001.csv | fileproc --json /dev/stdin', '/dev/stdin'],
		['a pipe, by its number', 'cat 0001.csv | fileproc --json /dev/fd/0', '/dev/fd/0'],
		['a pipe, as the process sees it', 'cat 0001.csv | fileproc --json /proc/self/fd/0', '/proc/self/fd/0'],
		['a file', 'fileproc --json /dev/stdin < 0001.csv', '/dev/stdin'],
		['a descriptor of a file', 'fileproc --json /dev/fd/3 3< 0001.csv', '/dev/fd/3'],
		['a descriptor of a pipe', 'cat 0001.csv | { fileproc --json /dev/fd/5 5<&0; }', '/dev/fd/5'],
		['standard input twice', 'cat 0001.csv | fileproc --json /dev/stdin - /dev/fd/0', '/dev/stdin'],
		['a FIFO', 'mkfifo p; cat 0001.csv > p & fileproc --json p', 'p'],
		['a FIFO whose writer comes late', 'mkfifo p; { sleep 0.4; cat 0001.csv; } > p & fileproc --json p', 'p'],
		['a FIFO from a list', 'mkfifo p; cat 0001.csv > p & fileproc --json --files-from <(echo p)', 'p'],
		['a link to a FIFO', 'mkfifo p; ln -s p l; cat 0001.csv > p & fileproc --json l', 'l'],
	])('%s is read', async (_, script, name) => {
		const cwd = createFolder();
		writeFiles(cwd, 1, 500);
		const {code, stdout, stderr} = await runBash(script, cwd);
		expect(filesOf(stdout)).toEqual([completed(name, 500)]);
		expect([code, stderr]).toEqual([0, '']);
	});

	test.each([
		'fileproc --files-from - /dev/stdin',
		'fileproc --files-from /dev/fd/0',
		'fileproc --files-from - --json',
	])('standard input cannot be both the list and the data: %s', async command => {
		const {code, stdout, stderr} = await runBash(`echo - | ${command}`, createFolder());
		expect(stderr).toMatch(/^fileproc-tui: Standard input is either the data .* or the list/);
		expect([code, stdout]).toEqual([2, '']);
	});

	test('a socket that is standard input is read by its name too', async () => {
		// What Node gives a child as its standard input is a socket.
		const {code, stdout} = await runCommand(['/dev/stdin', '--json'], {input: transactions(5)});
		expect(filesOf(stdout)).toEqual([completed('/dev/stdin', 5)]);
		expect(code).toBe(0);
	});

	test('a FIFO without a writer delays no other file, and fails by --timeout', async () => {
		const cwd = createFolder();
		writeFiles(cwd, 20, 3);
		execFileSync('mkfifo', ['0000', '0000b'], {cwd});
		const args = ['0000', '0000b', '*.csv', '--json', '--timeout', '3', '--threads', '3'];
		const {code, stdout} = await runCommand(args, {cwd});
		const {files, totals} = parseReport(stdout);
		expect(totals).toMatchObject({completed: 20, failed: 2});
		expect(files[0]).toMatchObject({file: '0000', status: 'failed', attempts: 1, error: {code: 'TIMEOUT'}});
		expect(code).toBe(1);
	});

	test('a FIFO without a writer does not keep a signal from ending the run in an orderly way', async () => {
		const cwd = createFolder();
		execFileSync('mkfifo', ['pipe'], {cwd});
		let isSent = false;
		const command = startCommand(['pipe', '--jsonl'], {
			cwd,
			onOutput(text) {
				if (isSent || !text.includes('"file-started"')) return;
				isSent = true;
				command.kill('SIGINT');
			},
		});
		const {code, stdout} = await command.ended;
		expect(parseEvents(stdout).at(-1)).toMatchObject({type: 'run-completed', status: 'cancelled'});
		expect(code).toBe(130);
	});
});

describe('a run in which nothing was read', () => {
	test.each([
		['what was found is no file', 'mkfifo data/p.csv'],
		['a header is all there is', `echo '${HEADER}' > data/a.csv; echo '${HEADER}' > data/b.csv`],
		['a file is empty', ': > data/a.csv'],
		['standard input is empty', '', ['/dev/stdin']],
		['a device was named', '', ['/dev/zero']],
		['a link to a folder was found', 'ln -s /tmp data/link'],
	])('ends with 4 and without a mark of success: %s', async (_, script, paths = ['data']) => {
		const cwd = createFolder();
		mkdirSync(join(cwd, 'data'));
		await runBash(script, cwd);
		const [plain, json] = await Promise.all([
			runCommand([...paths, '--plain'], {cwd, input: ''}),
			runCommand([...paths, '--json', '--fail-on', 'never'], {cwd, input: ''}),
		]);
		expect(plain.stdout).toMatch(/^ {2}Exit code 4: nothing to process/m);
		expect(plain.stdout).not.toContain('✔');
		expect(parseReport(json.stdout).totals).toMatchObject({failed: 0, rows: 0});
		expect([plain.code, json.code]).toEqual([4, 4]);
	});

	test('is not one where a record was read', async () => {
		const cwd = createFolder();
		writeFileSync(join(cwd, 'a.csv'), `${HEADER}\n`);
		writeFileSync(join(cwd, 'b.csv'), transactions(1));
		const {code, stdout} = await runCommand(['.', '--plain', '--fail-on', 'never'], {cwd});
		expect(stdout).toMatch(/^! 2 of 2 files completed/m);
		expect(code).toBe(0);
	});
});

test('files that a listing skips because of their names are reported once in each output; hidden files are not', async () => {
	const cwd = createFolder();
	writeFiles(cwd, 1, 1);
	for (const name of ['a.xlsx', 'sub/b.RAR', 'sub/c.jsonl', '.d.xlsx', '.git/e.xlsx']) {
		mkdirSync(join(cwd, name, '..'), {recursive: true});
		writeFileSync(join(cwd, name), 'x');
	}
	const sentence = 'Left out: 3 other files: .jsonl .rar .xlsx';
	const countIn = (text: string) => text.split('Left out').length - 1;
	const [plain, json, jsonl, pattern] = await Promise.all(
		[
			['.', '--plain'],
			['.', '--json'],
			['.', '--jsonl'],
			['*.csv', '--json'],
		].map(args => runCommand(args, {cwd})),
	);
	expect(plain?.stdout.split('\n')).toContain(sentence);
	expect(countIn(`${plain?.stdout}${plain?.stderr}`)).toBe(1);
	expect(json?.stderr).toBe(`fileproc-tui: ${sentence}\n`);
	expect(parseEvents(jsonl?.stdout ?? '')[0]).toMatchObject({
		otherFiles: {count: 3, extensions: ['.jsonl', '.rar', '.xlsx']},
	});
	expect(pattern?.stderr).toBe('');
	const spoken = await runCommand(['.', '--screen-reader'], {cwd});
	expect(countIn(`${spoken.stdout}${spoken.stderr}`)).toBe(1);
	const alone = await runCommand(['sub'], {cwd});
	expect(alone.stderr).toMatch(
		/Nothing to process: sub: no \.csv.* in this folder\. There are 2 other files: \.jsonl \.rar\.\n$/,
	);
});

describe('a working folder that has been removed', () => {
	const runGone = (args: string, cwd: string) =>
		runBash(`mkdir gone; here=$PWD; cd gone; rmdir "$here/gone"; fileproc ${args}`, cwd);

	test('does not matter for absolute paths, the help and piped data', async () => {
		const cwd = createFolder();
		writeFiles(join(cwd, 'data'), 3, 10);
		const [files, folder, pattern, help, piped] = await Promise.all([
			runGone(`${cwd}/data/0001.csv --json`, cwd),
			runGone(`${cwd}/data --json --report ${cwd}/x.json`, createFolder()),
			runGone(`'${cwd}/data/*.csv' --plain`, createFolder()),
			runGone('--help', createFolder()),
			runGone(`- --json < ${cwd}/data/0001.csv`, createFolder()),
		]);
		expect(parseReport(files.stdout).totals).toMatchObject({completed: 1, rows: 10});
		expect(parseReport(folder.stdout).totals).toMatchObject({completed: 3, rows: 30});
		expect(existsSync(join(cwd, 'x.json'))).toBe(true);
		expect(pattern.stdout).toMatch(/^✔ 3 files/m);
		expect(parseReport(piped.stdout).totals).toMatchObject({completed: 1, rows: 10});
		expect([files, folder, pattern, help, piped].map(({code}) => code)).toEqual([0, 0, 0, 0, 0]);
	});

	test.each([
		['x.csv'],
		['.'],
		["'*.csv' --json"],
		['/dev/null --report x.json --plain'],
		['--files-from list'],
		['--files-from <(echo x.csv)'],
		['replay run.jsonl'],
		['generate sample'],
	])('ends %s with 3 and one sentence', async args => {
		const {code, stdout, stderr} = await runGone(args, createFolder());
		expect(stderr).toMatch(/^fileproc-tui: .+\n$/);
		expect([code, stdout], stderr).toEqual([3, '']);
	});
});

describe.skipIf(process.platform !== 'linux')('signals before anything is read', () => {
	test.each([
		'SIGINT',
		'SIGTERM',
		'SIGHUP',
		'SIGQUIT',
	] as const)('%s ends a program at once whose listing does not return', async signal => {
		const cwd = createFolder();
		writeFiles(join(cwd, 'data'), 1, 1);
		// As on a lost drive: the call does not return, and its thread runs nothing else.
		const hang = join(cwd, 'hang.mjs');
		writeFileSync(
			hang,
			`import fs from 'node:fs';
				import {isMainThread} from 'node:worker_threads';
				if (isMainThread) fs.readdirSync = () => {
					fs.writeFileSync('hangs', '');
					Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
				};`,
		);
		const command = startCommand(['data', '--plain'], {cwd, env: {NODE_OPTIONS: `--import ${hang}`}});
		await vi.waitFor(() => expect(existsSync(join(cwd, 'hangs'))).toBe(true), PATIENT);
		command.kill(signal);
		expect(await command.ended).toEqual({code: signal, stdout: '', stderr: ''});
	});

	test.each([
		['a list', ['--files-from', 'pipe', '--json'], ['SIGINT', 'SIGTERM']],
		['a recording', ['replay', 'pipe'], [130, 143]],
	] as const)('that wait for %s from a FIFO end the program', async (_, args, codes) => {
		for (const [index, signal] of (['SIGINT', 'SIGTERM'] as const).entries()) {
			const cwd = createFolder();
			execFileSync('mkfifo', ['pipe'], {cwd});
			// Opened for reading and writing, so that opening does not wait; no end comes, and no byte.
			const pipe = openSync(join(cwd, 'pipe'), 'r+');
			onTestFinished(() => {
				closeSync(pipe);
			});
			const command = startCommand([...args], {cwd});
			await vi.waitFor(() => expect(hasOpen(command.pid, join(cwd, 'pipe'))).toBe(true), PATIENT);
			command.kill(signal);
			expect(await command.ended).toEqual({code: codes[index], stdout: '', stderr: ''});
		}
	});

	test('a FIFO without a writer does not keep the program from ending', async () => {
		const cwd = createFolder();
		execFileSync('mkfifo', ['pipe'], {cwd});
		const script =
			'for args in "--files-from pipe" "replay pipe"; do timeout -s TERM 1 "$NODE" "$CLI" $args; echo $?; done';
		const {stdout} = await runShell(script, {cwd});
		expect(stdout).toBe('124\n124\n');
	});

	test('a recording is replayed from a FIFO', async () => {
		const cwd = createFolder();
		writeFiles(cwd, 2, 3);
		const script = 'fileproc . --jsonl > run.jsonl; fileproc replay <(cat run.jsonl) --speed 100';
		const {code, stdout} = await runBash(script, cwd);
		expect(stdout).toMatch(/^✔ 2 files/m);
		expect(code).toBe(0);
	});
});

function hasOpen(pid: number, path: string): boolean {
	const folder = `/proc/${pid}/fd`;
	return readdirSync(folder).some(name => {
		try {
			return readlinkSync(join(folder, name)) === path;
		} catch {
			return false;
		}
	});
}

describe.skipIf(process.platform !== 'linux')('a file on standard input that is also named', () => {
	test.each(['- /dev/stdin', '- a.csv', 'a.csv -', '- .', '/dev/stdin a.csv -'])('%s: it counts once', async paths => {
		const cwd = createFolder();
		writeFileSync(join(cwd, 'a.csv'), transactions(2));
		const {code, stdout} = await runBash(`fileproc ${paths} --json < a.csv`, cwd);
		expect(code).toBe(0);
		expect(parseReport(stdout).totals).toMatchObject({completed: 1, failed: 0, rows: 2});
	});
});

test.skipIf(process.platform === 'win32')('a backslash also escapes in a path without wildcards', async () => {
	const cwd = createFolder();
	mkdirSync(join(cwd, 'with space'));
	writeFileSync(join(cwd, 'with space', 'a.csv'), transactions(2));
	writeFileSync(join(cwd, String.raw`b\c.csv`), transactions(1));
	const {code, stdout} = await runCommand([String.raw`with\ space/a.csv`, String.raw`b\c.csv`, '--json'], {cwd});
	expect(code).toBe(0);
	expect(filesOf(stdout)).toEqual([
		[String.raw`b\c.csv`, 'completed', 1],
		['with space/a.csv', 'completed', 2],
	]);
});
