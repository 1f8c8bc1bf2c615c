// The built command between other programs: stdout, stderr and exit codes.
import {spawnSync} from 'node:child_process';
import {closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {delimiter, join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {describe, expect, test, vi} from 'vitest';
import type {FileProgressed, RunEvent} from '../../source/model/events.ts';
import {
	CLI_PATH,
	createFolder,
	type Ending,
	expectToAddUp,
	expectToBeWellFormed,
	HEADER,
	parseEvents,
	parseReport,
	readReport,
	runCommand,
	runShell,
	startCommand,
	startProgram,
	transactions,
	WITHOUT_AMOUNT,
	writeFiles,
} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';

/** Runs the command in the folder `cwd`, where `lost` disappears while files of more than 100 records are read. */
async function runAndLoseFolder(args: readonly string[], cwd: string): Promise<Ending> {
	mkdirSync(join(cwd, 'lost'));
	writeFileSync(join(cwd, 'lost', 'old'), 'old');
	const log = join(cwd, 'run.log');
	const command = startCommand([...args, '--log-file', log, '--simulate-io', '60000'], {cwd});
	await vi.waitFor(() => expect(readFileSync(log, 'utf8')).toContain('"message":"file-started"'), PATIENT);
	renameSync(join(cwd, 'lost'), join(cwd, 'away'));
	command.kill('SIGINT');
	return command.ended;
}

describe('--json', () => {
	test('writes one JSON report to stdout and nothing to stderr', async () => {
		const cwd = createFolder();
		writeFiles(cwd, 3, 10);
		const {code, stdout, stderr} = await runCommand(['.', '--json'], {cwd});
		expect(stderr).toBe('');
		const report = parseReport(stdout);
		expect(stdout.endsWith('}\n')).toBe(true);
		expect(report).toMatchObject({report_version: 1, status: 'completed', totals: {completed: 3, rows: 30}});
		expect(report.analyses.transactions).toMatchObject({total_transactions: 30, total_amount_exact: '37.50'});
		expectToAddUp(report, 3);
		expect(code).toBe(0);
	});

	test('is the same for any form of the paths, except for the paths themselves', async () => {
		const cwd = createFolder();
		writeFiles(join(cwd, 'data'), 3, 10);
		const figuresOf = async (...paths: string[]) => {
			const {stdout} = await runCommand([...paths, '--json'], {cwd});
			return parseReport(stdout).analyses;
		};
		const ofFolder = await figuresOf('data');
		expect(ofFolder.transactions?.total_transactions).toBe(30);
		expect(await figuresOf('data/*.csv')).toEqual(ofFolder);
		expect(await figuresOf('data/0003.csv', 'data/0001.csv', 'data/0002.csv', './data/0001.csv')).toEqual(ofFolder);
	});
});

describe('the exit code', () => {
	test('reports failed files by the rule of --fail-on', async () => {
		const cwd = createFolder();
		writeFileSync(join(cwd, 'good.csv'), transactions(5));
		writeFileSync(join(cwd, 'bad.csv'), WITHOUT_AMOUNT);
		const codesOf = async (...failOn: string[]) => {
			const batches = [['good.csv', 'bad.csv'], ['bad.csv'], ['good.csv']];
			const endings = await Promise.all(batches.map(paths => runCommand([...paths, '--json', ...failOn], {cwd})));
			expect(parseReport(endings[0]?.stdout ?? '').totals).toMatchObject({completed: 1, failed: 1});
			return endings.map(({code}) => code);
		};
		// Some failed, all did, none did.
		expect(await codesOf()).toEqual([1, 1, 0]);
		expect(await codesOf('--fail-on', 'any')).toEqual([1, 1, 0]);
		expect(await codesOf('--fail-on', 'all')).toEqual([0, 1, 0]);
		expect(await codesOf('--fail-on', 'never')).toEqual([0, 0, 0]);
	});

	test('is 1 for a file without an accepted record, for every rejected record by the rule of --fail-on, and the summary says why', async () => {
		const cwd = createFolder();
		writeFileSync(join(cwd, 'good.csv'), transactions(5));
		const [header = ''] = transactions(1).split('\n');
		writeFileSync(join(cwd, 'header.csv'), `${header}\n`);
		writeFileSync(join(cwd, 'bad.csv'), `${header}\n,,,,\nx\ny\n`);
		const run = async (...args: string[]) => runCommand(['good.csv', ...args, '--plain'], {cwd});
		const [empty, rejected, tolerant, strict] = await Promise.all([
			run('header.csv'),
			run('bad.csv'),
			run('bad.csv', '--fail-on', 'never'),
			run('bad.csv', '--fail-on', 'nothing'),
		]);
		expect([empty.code, rejected.code, tolerant.code, strict.code]).toEqual([1, 1, 0, 1]);
		expect(empty.stdout).toMatch(/^! header\.csv: done, header only/m);
		expect(empty.stdout).toContain('Exit code 1: 1 file has no accepted record (--fail-on any)');
		expect(rejected.stdout).toMatch(/^! 2 of 2 files completed \(1 all rejected/m);
		expect(rejected.stdout).toMatch(/^ {2}! bad\.csv: done, 3 of 3 rejected: line 2 /m);
		expect(tolerant.stdout).not.toContain('Exit code');
		const {stdout} = await runCommand(['bad.csv', '--json'], {cwd});
		expect(parseReport(stdout).files[0]?.status).toBe('completed');
	});

	test('is 1 for a missing file beside others, which are processed', async () => {
		const cwd = createFolder();
		writeFiles(cwd, 1, 5);
		const {code, stdout, stderr} = await runCommand(['0001.csv', 'missing.csv', '--json'], {cwd});
		const {totals, files} = parseReport(stdout);
		expect(totals).toMatchObject({completed: 1, failed: 1});
		expect(files[1]).toMatchObject({file: 'missing.csv', status: 'failed', attempts: 1, error: {code: 'ENOENT'}});
		expect(stderr).toBe('');
		expect(code).toBe(1);
	});

	test('is 2 for invalid usage, with one sentence and no stack', async () => {
		const cwd = createFolder();
		const cases: readonly (readonly [named: string, ...args: string[]])[] = [
			['--no-such-flag', '.', '--no-such-flag'],
			['--concurrency', '.', '--concurrency', 'many'],
			['--json', '.', '--json', '--jsonl'],
			['report.pdf', '.', '--report', 'report.pdf'],
			['--help'],
		];
		const endings = await Promise.all(cases.map(([, ...args]) => runCommand(args, {cwd})));
		for (const [index, {code, stdout, stderr}] of endings.entries()) {
			expect([code, stdout], stderr).toEqual([2, '']);
			expect(stderr).toMatch(/^fileproc-tui: .+\n$/);
			expect(stderr).toContain(cases[index]?.[0]);
		}
	});

	test('is 3 when a report cannot be written at the end: it is named, and stdout is complete', async () => {
		const cwd = createFolder();
		writeFiles(join(cwd, 'data'), 3, 500);
		const {code, stdout, stderr} = await runAndLoseFolder(['data', '--json', '--report', 'lost/report.json'], cwd);
		expectToAddUp(parseReport(stdout), 3);
		expect(stderr).toMatch(/^fileproc-tui: The report lost\/report\.json was not written: .+\n$/);
		expect(code).toBe(3);
	});

	test('is 3 when folders of reports are missing, reported before anything is done', async () => {
		const cwd = createFolder();
		writeFiles(cwd, 3, 5);
		const reports = ['missing/x.json', '0001.csv/y.md', 'good.csv'];
		const args = ['.', '--json', ...reports.flatMap(report => ['--report', report])];
		const {code, stdout, stderr} = await runCommand(args, {cwd});
		const [first, second, ...rest] = stderr.split('\n');
		expect(first).toMatch(/^fileproc-tui: The report missing\/x\.json cannot be written: .+ENOENT/);
		expect(second).toMatch(/^The report 0001\.csv\/y\.md cannot be written: .+ENOTDIR/);
		expect([code, stdout, rest]).toEqual([3, '', ['']]);
		expect([existsSync(join(cwd, 'missing')), existsSync(join(cwd, 'good.csv'))]).toEqual([false, false]);
	});

	test('is 3 when one of two reports cannot be written; the other one is written, and the earlier file stays', async () => {
		const cwd = createFolder();
		writeFiles(join(cwd, 'data'), 2, 500);
		const {code, stderr} = await runAndLoseFolder(['data', '--report', 'lost/old.json', '--report', 'new.json'], cwd);
		expect(code).toBe(3);
		expect(stderr).toContain('The report lost/old.json was not written');
		expect(stderr).not.toMatch(/^ +at /m);
		expectToAddUp(readReport(join(cwd, 'new.json')), 2);
		expect(readFileSync(join(cwd, 'away', 'old'), 'utf8')).toBe('old');
	});

	test('is 3 when a log file cannot be opened, before anything is done', async () => {
		const cwd = createFolder();
		writeFiles(cwd, 1, 5);
		const {code, stdout, stderr} = await runCommand(['.', '--json', '--log-file', 'missing/log'], {cwd});
		expect([code, stdout]).toEqual([3, '']);
		expect(stderr).toMatch(/^fileproc-tui: .*missing\/log.*\n$/);
	});

	test('is 4 when nothing matched, with one sentence', async () => {
		const cwd = createFolder();
		mkdirSync(join(cwd, 'empty'));
		writeFileSync(join(cwd, 'empty', 'readme'), 'No data.');
		const cases: readonly (readonly [named: string, ...args: string[]])[] = [
			['missing.csv', 'missing.csv'],
			['*.parquet', '*.parquet'],
			['empty', 'empty'],
			['empty', 'empty', '--json'],
			['list', '--files-from', '/dev/null'],
		];
		const endings = await Promise.all(cases.map(([, ...args]) => runCommand(args, {cwd})));
		for (const [index, {code, stdout, stderr}] of endings.entries()) {
			expect([code, stdout], stderr).toEqual([4, '']);
			expect(stderr).toMatch(/^fileproc-tui: Nothing to process: .+\n$/);
			expect(stderr).toContain(cases[index]?.[0]);
		}
	});
});

describe('--jsonl', () => {
	test('has every attempt from its start to its one end, with consecutive numbers', async () => {
		const cwd = createFolder();
		writeFiles(cwd, 20, 10);
		writeFileSync(join(cwd, 'bad.csv'), WITHOUT_AMOUNT);
		const {code, stdout, stderr} = await runCommand(['.', 'missing.csv', '--jsonl'], {cwd});
		const events = parseEvents(stdout);
		expectToBeWellFormed(events);
		const countOf = (wanted: string) => events.filter(({type}) => type === wanted).length;
		expect(countOf('file-queued')).toBe(22);
		expect(countOf('file-started')).toBe(22);
		expect(countOf('file-completed')).toBe(20);
		expect(countOf('file-failed')).toBe(2);
		for (const {at} of events) expect(new Date(at).toISOString()).toBe(at);
		expect(events.at(-1)).toMatchObject({status: 'completed', totals: {files: 22, completed: 20, failed: 2}});
		expect(stderr).toBe('');
		expect(code).toBe(1);
	});
});

describe('standard input', () => {
	const csv = transactions(1000);

	test('is read from a pipe', async () => {
		const {code, stdout, stderr} = await runCommand(['-', '--json'], {input: csv});
		expect(parseReport(stdout).files).toMatchObject([{file: '-', status: 'completed', rows: 1000, bytes: csv.length}]);
		expect([code, stderr]).toEqual([0, '']);
	});

	test('is read from a pipe that delivers it in pieces, with waits between them', async () => {
		const cwd = createFolder();
		writeFileSync(join(cwd, 'data.csv'), csv);
		// `head` and `tail` are processes of their own, so that the pipe is empty for a while.
		const script = '{ head -n 500 data.csv; sh -c :; tail -n +501 data.csv; } | fileproc - --json';
		const {code, stdout} = await runShell(script, {cwd});
		expect(parseReport(stdout).files).toMatchObject([{rows: 1000, rejected_rows: 0}]);
		expect(code).toBe(0);
	});

	/** Writes one piece after the other, each when an event has reported the one before; returns these events. */
	async function feedSlowly(pieces: readonly (string | Buffer)[]): Promise<FileProgressed[]> {
		const told: FileProgressed[] = [];
		let given = 0;
		const command = startCommand(['-', '--jsonl'], {
			input: 'open',
			onOutput(output) {
				const lines = output.slice(0, output.lastIndexOf('\n')).split('\n');
				const last = JSON.parse(lines.at(-1) ?? '') as RunEvent;
				if (last.type === 'file-progressed' && last.bytesRead === given && told.length < pieces.length) {
					told.push(last);
					giveNext();
				}
			},
		});
		const giveNext = (): void => {
			const piece = pieces[told.length] ?? null;
			given += piece?.length ?? 0;
			command.write(piece);
		};
		giveNext();
		const {code, stdout} = await command.ended;
		expect(parseEvents(stdout).at(-1)).toMatchObject({totals: {completed: 1}});
		expect(code).toBe(0);
		return told;
	}

	test('that comes slowly is reported as it comes: any bytes, and each record', async () => {
		const row = 'T1,C1,1.25,2024-01-01,food\n';
		const told = await feedSlowly([
			HEADER.slice(0, 7),
			`${HEADER.slice(7)}\n`,
			row,
			row,
			row.slice(0, 9),
			row.slice(9),
		]);
		expect(told.map(({rows}) => rows)).toEqual([0, 0, 1, 2, 2, 3]);
	});

	test('that is gzip and comes slowly is reported by its packed bytes, before any are unpacked', async () => {
		const packed = gzipSync(transactions(3));
		const told = await feedSlowly([packed.subarray(0, 5), packed.subarray(5, 20), packed.subarray(20)]);
		expect(told.map(({bytesRead}) => bytesRead)).toEqual([5, 20, packed.length]);
	});

	test('that delivers nothing fails with a sentence about it, and not about a drive', async () => {
		const command = startCommand(['-', '--json', '--timeout', '2'], {input: 'open'});
		command.write(HEADER);
		const {code, stdout} = await command.ended;
		const [file] = parseReport(stdout).files;
		expect(file).toMatchObject({status: 'failed', error: {code: 'TIMEOUT'}});
		expect(file?.error?.message).toMatch(/^Nothing came from standard input for 2 s after 47 bytes\./);
		expect(code).toBe(1);
	});

	test('is read from a file', async () => {
		const cwd = createFolder();
		writeFileSync(join(cwd, 'data.csv'), csv);
		const {code, stdout} = await runShell('fileproc - --json < data.csv', {cwd});
		expect(parseReport(stdout).files).toMatchObject([{file: '-', rows: 1000, rejected_rows: 0}]);
		expect(code).toBe(0);
	});

	test('is read beside files', async () => {
		const cwd = createFolder();
		writeFiles(cwd, 1, 10);
		const {stdout} = await runCommand(['-', '0001.csv', '--json'], {cwd, input: csv});
		expect(parseReport(stdout).files.map(({file, rows}) => [file, rows])).toEqual([
			['-', 1000],
			['0001.csv', 10],
		]);
	});

	test('without a byte is a file without a row, and nothing to process', async () => {
		const descriptor = openSync('/dev/null', 'r');
		const [fromNothing, fromPipe] = await Promise.all([
			runCommand(['-', '--json'], {input: descriptor}),
			runCommand(['-', '--json'], {input: ''}),
		]);
		closeSync(descriptor);
		for (const {code, stdout, stderr} of [fromNothing, fromPipe]) {
			expect(parseReport(stdout).files).toMatchObject([{status: 'completed', rows: 0, bytes: 0}]);
			expect([code, stderr]).toEqual([4, '']);
		}
	});

	test('that cannot be read as text fails like a file', async () => {
		const {code, stdout} = await runCommand(['-', '--json', '--strict'], {
			input: `${HEADER}\nT1,C1,1,2024-01-01,"open\n`,
		});
		expect(parseReport(stdout).files).toMatchObject([{status: 'failed', error: {code: 'UNCLOSED_QUOTE'}}]);
		expect(code).toBe(1);
	});
});

describe('--files-from', () => {
	const filesOf = (stdout: string) => parseReport(stdout).files.map(({file}) => file);

	test('reads paths from a list, one a line, beside those that were given', async () => {
		const cwd = createFolder();
		writeFiles(cwd, 4, 5);
		writeFileSync(join(cwd, 'with space.csv'), transactions(5));
		writeFileSync(join(cwd, 'list'), '0003.csv\r\n\nwith space.csv\n0001.csv');
		const {code, stdout} = await runCommand(['--files-from', 'list', '0004.csv', '--json'], {cwd});
		expect(filesOf(stdout)).toEqual(['0001.csv', '0003.csv', '0004.csv', 'with space.csv']);
		expect(code).toBe(0);
	});

	test('reads them from standard input', async () => {
		const cwd = createFolder();
		writeFiles(cwd, 3, 5);
		const {code, stdout} = await runShell('ls *.csv | fileproc --files-from - --json', {cwd});
		expect(filesOf(stdout)).toEqual(['0001.csv', '0002.csv', '0003.csv']);
		expect(code).toBe(0);
	});

	test('reads the output of find -print0: names with line feeds, and no blank ones', async () => {
		const cwd = createFolder();
		writeFileSync(join(cwd, 'line\nfeed.csv'), transactions(5));
		writeFileSync(join(cwd, 'ends with\r'), transactions(5));
		const script = 'find . -type f -print0 | fileproc --files-from - --json';
		const {code, stdout} = await runShell(script, {cwd});
		expect(filesOf(stdout)).toEqual(['./ends with\r', './line\nfeed.csv']);
		expect(code).toBe(0);
	});

	test('names the list that is missing', async () => {
		const {code, stdout, stderr} = await runCommand(['--files-from', 'no-list', '--json'], {cwd: createFolder()});
		expect([code, stdout]).toEqual([3, '']);
		expect(stderr).toMatch(/^fileproc-tui: The list of files no-list cannot be read: .+\n$/);
	});
});

test('--report writes each requested format, replacing an older report', async () => {
	const cwd = createFolder();
	writeFiles(join(cwd, 'data'), 2, 10);
	writeFileSync(join(cwd, 'x.json'), '{"report_version": 1, "old": true}');
	const reports = ['x.json', 'x.md', 'x.csv'];
	const args = ['data', '--json', ...reports.flatMap(report => ['--report', report])];
	const {code, stdout} = await runCommand(args, {cwd});
	expect(readReport(join(cwd, 'x.json'))).toEqual(parseReport(stdout));
	expect(readFileSync(join(cwd, 'x.md'), 'utf8')).toMatch(/^# [\s\S]*data\/0002\.csv/);
	const csv = readFileSync(join(cwd, 'x.csv'), 'utf8').split('\n');
	expect(csv.filter(line => /data\/000[12]\.csv/.test(line))).toHaveLength(2);
	expect(code).toBe(0);
});

describe('a reader that leaves', () => {
	test('is not an error', async () => {
		const cwd = createFolder();
		writeFiles(cwd, 300, 2);
		// The code of the left side goes to stderr, where nothing else may be.
		const scripts = [
			'{ fileproc . --json; echo "code $?" >&2; } | head -c 10',
			'{ fileproc . --jsonl; echo "code $?" >&2; } | head -n 1',
			'{ fileproc . --plain; echo "code $?" >&2; } | head -n 1',
			'{ fileproc . --json; echo "code $?" >&2; } | :',
			'{ fileproc --help; echo "code $?" >&2; } | :',
		];
		const endings = await Promise.all(scripts.map(script => runShell(script, {cwd})));
		expect(endings.map(({stderr}) => stderr)).toEqual(scripts.map(() => 'code 0\n'));
	});

	test('does not keep a report from being complete', async () => {
		const cwd = createFolder();
		writeFiles(join(cwd, 'data'), 300, 2);
		const {stdout} = await runShell('fileproc data --jsonl --report x.json | head -n 1', {cwd});
		expect(stdout).toMatch(/^\{"type":"run-started".*\}\n$/);
		const report = readReport(join(cwd, 'x.json'));
		expect(report.totals.completed).toBe(300);
		expectToAddUp(report, 300);
	});

	test('of messages is not an error', async () => {
		const {stderr} = await runShell('{ fileproc missing.csv 2>&1; echo "code $?" >&2; } | :', {cwd: createFolder()});
		expect(stderr).toBe('code 4\n');
	});
});

describe('a slow reader', () => {
	// A shell reads one byte at a time.
	const slowly = 'while IFS= read -r line; do printf \'%s\\n\' "$line"; done';

	test('gets the whole report, to the last byte', async () => {
		const cwd = createFolder();
		writeFiles(cwd, 120, 2);
		const {stdout} = await runShell(`fileproc . --json | ${slowly}`, {cwd});
		expectToAddUp(parseReport(stdout), 120);
	});

	test('gets every event', async () => {
		const cwd = createFolder();
		writeFiles(cwd, 120, 2);
		const {stdout, stderr} = await runShell(`fileproc . --jsonl | ${slowly}`, {cwd});
		const events = parseEvents(stdout);
		expectToBeWellFormed(events);
		expect(events.filter(({type}) => type === 'file-completed')).toHaveLength(120);
		expect(stderr).toBe('');
	});

	test('gets the whole report also where the log cannot be written', async () => {
		const cwd = createFolder();
		writeFiles(cwd, 120, 2);
		const script = `{ fileproc . --json --log-file /dev/full; echo "code $?" >&2; } | ${slowly}`;
		const {stdout, stderr} = await runShell(script, {cwd});
		expectToAddUp(parseReport(stdout), 120);
		expect(stderr).toMatch(/^fileproc-tui: The log file \/dev\/full cannot be written.+\ncode 3\n$/);
	});
});

describe.skipIf(!existsSync('/dev/full'))('a full disk under standard output', () => {
	test('ends with code 3', async () => {
		const cwd = createFolder();
		writeFiles(cwd, 3, 5);
		const scripts = ['--json', '--jsonl', '--plain', '--help'].map(
			flag => `fileproc . ${flag} > /dev/full; echo "code $?" >&2`,
		);
		for (const {stderr} of await Promise.all(scripts.map(script => runShell(script, {cwd})))) {
			expect(stderr).toMatch(/^fileproc-tui: Standard output cannot be written: ENOSPC.+\ncode 3\n$/);
		}
	});

	test('does not keep a report from being written', async () => {
		const cwd = createFolder();
		writeFiles(join(cwd, 'data'), 3, 5);
		await runShell('fileproc data --json --report x.json > /dev/full', {cwd});
		expectToAddUp(readReport(join(cwd, 'x.json')), 3);
	});
});

describe('without a terminal', () => {
	test('plain lines show the progress and the failures, and end with a summary', async () => {
		const cwd = createFolder();
		writeFiles(cwd, 4, 10);
		writeFileSync(join(cwd, 'bad.csv'), WITHOUT_AMOUNT);
		const {code, stdout, stderr} = await runCommand(['.'], {cwd, env: {FILEPROC_THREADS: ''}});
		// Each file in flight has a thread, also on fewer cores.
		const pace = `3 at a time on ${Math.max(3, availableParallelism())} threads`;
		expect(stdout).toMatch(new RegExp(`^Processing 5 files .*, ${pace}$`, 'm'));
		expect(stdout).toMatch(/^✖ \.\/bad\.csv: MISSING_COLUMN .+$/m);
		expect(stdout).toMatch(/^Processed 5 of 5 files \(100%\)/m);
		expect(stdout).toMatch(/^ +Category +Count +Amount$/m);
		expect(stdout).not.toMatch(/[\u{0}-\u{9}\u{b}-\u{1f}\u{7f}-\u{9f}]/u);
		expect([code, stderr]).toEqual([1, '']);
	});

	test('a slow run prints its progress at intervals', async () => {
		const cwd = createFolder();
		writeFiles(cwd, 1, 100);
		const {stdout} = await runCommand(['.', '--simulate-io', '2500'], {cwd});
		expect(stdout).toMatch(/^Processed 0 of 1 files \(0%\), ETA .*\n(?:.*\n)*Processed 1 of 1 files \(100%\)/m);
	});
});

describe('the basics', () => {
	test('--version is the version of the package', async () => {
		const {version} = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
		for (const flag of ['--version', '-v']) {
			expect(await runCommand([flag])).toEqual({code: 0, stdout: `${version}\n`, stderr: ''});
		}
	});

	test('--help begins with examples', async () => {
		const {code, stdout, stderr} = await runCommand(['--help']);
		expect(stdout).toMatch(/^Examples\n {2}fileproc-tui \.\/data /);
		expect([code, stderr]).toEqual([0, '']);
	});

	test('the manual page and the schema are those that the package ships', async () => {
		const shipped = (name: string) => readFileSync(new URL(`../../dist/${name}`, import.meta.url), 'utf8');
		expect((await runCommand(['man'])).stdout).toBe(shipped('fileproc-tui.1'));
		expect((await runCommand(['config', '--schema'])).stdout).toBe(shipped('config.schema.json'));
	});

	test('a misspelled variable is reported once, for any command', async () => {
		const cwd = createFolder();
		writeFiles(cwd, 1, 1);
		const env = {FILEPROC_RETRYS: '5'};
		const warning = 'fileproc-tui: FILEPROC_RETRYS is no setting; did you mean FILEPROC_RETRIES?\n';
		for (const args of [['.', '--json'], ['--version'], ['completions', 'bash'], ['man']]) {
			expect((await runCommand(args, {cwd, env})).stderr, args.join(' ')).toBe(warning);
		}
		const config = await runCommand(['config'], {cwd, env});
		expect(config.stdout + config.stderr).toContain(warning.slice('fileproc-tui: '.length));
		expect((await runCommand(['--wrong'], {cwd, env})).stderr).toMatch(/FILEPROC_RETRYS.+\n.+--wrong/);
	});

	test('a misspelled command is no path, and nothing is read: the command is offered', async () => {
		const cwd = createFolder();
		writeFiles(cwd, 1, 1);
		const sentence =
			'There is no command, file or folder “wach”. Did you mean fileproc-tui watch? A path that is still to come is written ./wach. See fileproc-tui --help.';
		for (const words of [['wach'], ['wach', '0001.csv', '--json']])
			expect(await runCommand(words, {cwd})).toEqual({code: 2, stdout: '', stderr: `fileproc-tui: ${sentence}\n`});
		expect((await runCommand(['./wach', '0001.csv', '--json'], {cwd})).code).toBe(1);
		writeFiles(join(cwd, 'wach'), 1, 1);
		expect(await runCommand(['wach', '--json'], {cwd})).toMatchObject({code: 0, stderr: ''});
	});

	test('generated files are processed as they were generated', async () => {
		const cwd = createFolder();
		const generated = await runCommand(['generate', 'sample', '--files', '3', '--rows', '200'], {cwd});
		expect(generated.code).toBe(0);
		const again = await runCommand(['generate', 'sample', '--files', '3', '--rows', '1'], {cwd});
		expect(again).toMatchObject({code: 3, stdout: ''});
		expect(again.stderr).toMatch(/^fileproc-tui: 3 of these files exist already: .+--force replaces them\n$/);
		const {stdout} = await runCommand(['sample', '--json'], {cwd});
		expect(parseReport(stdout).totals).toMatchObject({files: 3, completed: 3, rows: 600, rejected_rows: 0});
	});
});

describe('on a Node that is too old, the command says so in one sentence', () => {
	const sentence = /^fileproc-tui needs Node 22\.22 or newer, and this is Node [\d.]+\. [^\n]+\n$/;

	test.each(['18.20.8', '22.21.1'])('as Node %s', async node => {
		const pretend = `Object.defineProperty(process, 'versions', {value: {...process.versions, node: '${node}'}})`;
		const args = ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`, CLI_PATH, '--version'];
		const {code, stdout, stderr} = await startProgram(process.execPath, args).ended;
		expect(stderr).toMatch(sentence);
		expect(stderr).toContain(`this is Node ${node}.`);
		expect([code, stdout]).toEqual([2, '']);
	});

	test('as the old Node of this machine', async ({skip}) => {
		const oldNode = findOldNode();
		if (oldNode === undefined) return skip('no Node before 22.22 is on the PATH');
		const {code, stdout, stderr} = await startProgram(oldNode, [CLI_PATH, '--version']).ended;
		expect(stderr).toMatch(sentence);
		expect([code, stdout]).toEqual([2, '']);
	});
});

function findOldNode(): string | undefined {
	const folders = (process.env.PATH ?? '').split(delimiter).filter(folder => !folder.includes('node_modules'));
	return folders
		.map(folder => join(folder, 'node'))
		.find(node => {
			const [, major, minor] = /^v(\d+)\.(\d+)/.exec(spawnSync(node, ['--version']).stdout?.toString() ?? '') ?? [];
			return major !== undefined && Number(major) * 1000 + Number(minor) < 22_022;
		});
}
