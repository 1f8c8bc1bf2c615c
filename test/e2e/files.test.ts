// The built command on files as found in practice: slow ones, special ones, ones with hostile names.
import {chmodSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import type {RunEvent} from '../../source/model/events.ts';
import {
	createFolder,
	expectToAddUp,
	expectToBeWellFormed,
	isAttemptEnd,
	parseEvents,
	parseReport,
	runCommand,
	runShell,
	transactions,
	WITHOUT_AMOUNT,
	writeFiles,
} from '../helpers/command.ts';

/** The maximum number of files in flight, by the events. */
function mostInFlight(events: readonly RunEvent[]): number {
	let count = 0;
	let most = 0;
	for (const event of events) {
		if (event.type === 'file-started') count++;
		else if (isAttemptEnd(event)) count--;
		most = Math.max(most, count);
	}
	return most;
}

test('five slow files with -j 3 are three in flight, never four, and all of them complete', async () => {
	const cwd = createFolder();
	writeFiles(cwd, 5, 100);
	// Each takes longer than a busy machine needs to start a thread.
	const args = ['.', '--jsonl', '--simulate-io', '1500', '-j', '3', '--threads', '4'];
	const {code, stdout} = await runCommand(args, {cwd});
	const events = parseEvents(stdout);
	expectToBeWellFormed(events);
	expect(mostInFlight(events)).toBe(3);
	expect(events.at(-1)).toMatchObject({status: 'completed', totals: {files: 5, completed: 5, rows: 500}});
	expect(code).toBe(0);
});

test('three files are in flight by default on one core, and as many as -j says', async ({skip}) => {
	if (process.platform !== 'linux') skip('Only Linux has taskset');
	const cwd = createFolder();
	writeFiles(cwd, 6, 1000);
	for (const [flags, expected] of [
		['--simulate-io 300', 3],
		['--simulate-io 300 -j 5', 5],
		['--simulate-io 5 -j 1', 1],
	] as const) {
		const command = `taskset -c 0 "$NODE" "$CLI" . --jsonl ${flags}`;
		const {code, stdout} = await runShell(command, {cwd, env: {FILEPROC_THREADS: ''}});
		expect(code).toBe(0);
		expect(mostInFlight(parseEvents(stdout)), flags).toBe(expected);
	}
});

test('anything but a regular file is skipped at once, and reported with its kind', async () => {
	const cwd = createFolder();
	writeFiles(cwd, 1, 10);
	await runShell('mkfifo b-fifo.csv', {cwd});
	symlinkSync('nowhere.csv', join(cwd, 'c-dangling.csv'));
	symlinkSync('e-loop.csv', join(cwd, 'd-loop.csv'));
	symlinkSync('d-loop.csv', join(cwd, 'e-loop.csv'));
	mkdirSync(join(cwd, 'f-folder.csv'));
	mkdirSync(join(cwd, 'target'));
	symlinkSync('target', join(cwd, 'g-link.csv'));
	const kinds = [
		['./b-fifo.csv', 'a FIFO'],
		['./c-dangling.csv', 'a dangling link'],
		['./d-loop.csv', 'a link that leads in a circle'],
		['./e-loop.csv', 'a link that leads in a circle'],
		['./f-folder.csv', 'a folder'],
		['./g-link.csv', 'a link to a folder'],
	] as const;
	const {code, stdout} = await runCommand(['.', '--json'], {cwd});
	const report = parseReport(stdout);
	expectToAddUp(report, 7);
	const skipped = report.files.filter(({status}) => status === 'skipped');
	expect(skipped.map(({file, attempts}) => [file, attempts])).toEqual(kinds.map(([file]) => [file, 0]));
	for (const [index, [, kind]] of kinds.entries()) expect(skipped[index]?.error?.message).toContain(kind);
	expect(code).toBe(0);
});

test('a device is skipped, however much data it would give', async () => {
	const {stdout} = await runCommand(['/dev/zero', '--json'], {cwd: createFolder()});
	expect(parseReport(stdout).files).toMatchObject([{file: '/dev/zero', status: 'skipped'}]);
});

test('a file and a folder that may not be read fail, and the others are processed', async ({skip}) => {
	if (process.getuid?.() === 0) skip('root may read everything');
	const cwd = createFolder();
	writeFiles(cwd, 2, 10);
	mkdirSync(join(cwd, 'locked'));
	chmodSync(join(cwd, 'locked'), 0);
	chmodSync(join(cwd, '0002.csv'), 0);
	const {code, stdout} = await runCommand(['.', '--json'], {cwd});
	chmodSync(join(cwd, 'locked'), 0o700);
	const {files} = parseReport(stdout);
	expect(files.map(({file, status, error}) => [file, status, error?.code])).toEqual([
		['./0001.csv', 'completed', undefined],
		['./0002.csv', 'failed', 'EACCES'],
		['./locked', 'failed', 'EACCES'],
	]);
	expect(code).toBe(1);
});

const HOSTILE_NAMES = [
	{what: 'an escape sequence', bytes: Buffer.from('a\u{1b}[2Jb.csv'), shown: String.raw`a\x1b[2Jb.csv`},
	{what: 'a line feed', bytes: Buffer.from('a\nb.csv'), shown: String.raw`a\nb.csv`},
	{what: 'bytes that are no UTF-8', bytes: Buffer.from('a\xffb.csv', 'latin1'), shown: String.raw`a\xffb.csv`},
	{what: 'a direction override', bytes: Buffer.from('a\u{202e}b.csv'), shown: String.raw`a\u{202e}b.csv`},
	{what: 'an 8-bit control', bytes: Buffer.from('a\u{9d}b.csv'), shown: String.raw`a\x9db.csv`},
];

test.each(HOSTILE_NAMES)('a name with $what is processed, and shown escaped', async ({bytes, shown}) => {
	const cwd = createFolder();
	mkdirSync(join(cwd, 'data'));
	writeFileSync(Buffer.concat([Buffer.from(join(cwd, 'data/')), bytes]), transactions(10));
	const [json, plain] = await Promise.all([
		runCommand(['data', '--json'], {cwd}),
		runCommand(['data', '--plain'], {cwd}),
	]);
	expect(parseReport(json.stdout).files).toMatchObject([{status: 'completed', rows: 10}]);
	expect(plain.stdout).toContain(`data/${shown}`);
	for (const {code, stdout, stderr} of [json, plain]) {
		expect([code, stderr]).toEqual([0, '']);
		expect(stdout).not.toMatch(/[\u{0}-\u{9}\u{b}-\u{1f}\u{7f}-\u{9f}\u{202e}]/u);
	}
});

test('names that differ in one byte that is not UTF-8 are two files', async () => {
	const cwd = createFolder();
	for (const byte of [0xfe, 0xff]) {
		writeFileSync(Buffer.concat([Buffer.from(`${cwd}/`), Buffer.of(byte), Buffer.from('.csv')]), transactions(10));
	}
	const {stdout} = await runCommand(['.', '--json'], {cwd});
	const report = parseReport(stdout);
	expect(report.files.map(({file}) => file)).toEqual([String.raw`./\xfe.csv`, String.raw`./\xff.csv`]);
	expectToAddUp(report, 2);
});

test('a name that begins with a dash is a file after --', async () => {
	const cwd = createFolder();
	writeFileSync(join(cwd, '-x.csv'), transactions(10));
	const {code, stdout} = await runCommand(['--json', '--', '-x.csv'], {cwd});
	expect(parseReport(stdout).files).toMatchObject([{file: '-x.csv', status: 'completed', rows: 10}]);
	expect(code).toBe(0);
});

test('a name with brackets is a file name, not a pattern', async () => {
	const cwd = createFolder();
	writeFileSync(join(cwd, 'data [1].csv'), transactions(10));
	writeFileSync(join(cwd, 'data 1.csv'), transactions(20));
	const {stdout} = await runCommand(['data [1].csv', '--json'], {cwd});
	expect(parseReport(stdout).files).toMatchObject([{file: 'data [1].csv', rows: 10}]);
});

test('a name of the maximum length is processed, and complete in a pipe', async () => {
	const cwd = createFolder();
	const name = `${'n'.repeat(251)}.csv`;
	writeFileSync(join(cwd, name), transactions(10));
	const [json, plain] = await Promise.all([runCommand([name, '--json'], {cwd}), runCommand([name, '--plain'], {cwd})]);
	expect(parseReport(json.stdout).files).toMatchObject([{file: name, status: 'completed', rows: 10}]);
	expect(plain.code).toBe(0);
	expect(plain.stdout).toContain(`✔ ${name}: 10 rows`);
});

test('a folder of many small files gives the same report from two threads and from one', async () => {
	const cwd = createFolder();
	writeFiles(cwd, 1200, 20);
	writeFileSync(join(cwd, '0600-without.csv'), WITHOUT_AMOUNT);
	const args = ['.', '--json', '--fail-on', 'never', '--threads'];
	const [two, one] = [await runCommand([...args, '2'], {cwd}), await runCommand([...args, '1'], {cwd})];
	expect([two.code, one.code]).toEqual([0, 0]);
	const timeless = (json: string): string => json.replaceAll(/("processing_time": )[\d.e-]+/g, '$1 0');
	expect(timeless(two.stdout)).toBe(timeless(one.stdout));
	expectToAddUp(parseReport(two.stdout), 1201);
});
