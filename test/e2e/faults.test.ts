// Every system call for reading a file, failing with every error of drives.
import {
	appendFileSync,
	closeSync,
	copyFileSync,
	mkdirSync,
	openSync,
	readFileSync,
	statSync,
	truncateSync,
	utimesSync,
	writeFileSync,
	writeSync,
} from 'node:fs';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {expect, onTestFinished, test} from 'vitest';
import type {FileReport, Report} from '../../source/model/report.ts';
import {
	createFolder,
	HEADER,
	parseEvents,
	parseReport,
	runCommand,
	runShell,
	transactions,
} from '../helpers/command.ts';
import {type Fault, injecting} from '../helpers/faults.ts';

const calls = ['open', 'fstat', 'read', 'stat', 'close'] as const;

const passing = ['EIO', 'ESTALE', 'EMFILE', 'ETIMEDOUT', 'EREMOTEIO', 'ENOTCONN', 'EINTR', 'EHOSTDOWN'] as const;
const staying = ['EDQUOT', 'ENOSPC', 'ENXIO', 'EACCES', 'ENODEV', 'EBADMSG'] as const;
/** Numbers that Node has no name for, not even among its constants. */
const unnamed: ReadonlyArray<readonly [number, string]> =
	process.platform === 'linux'
		? [
				[117, 'EUCLEAN'],
				[123, 'ENOMEDIUM'],
				[133, 'EHWPOISON'],
				[530, 'ERRNO_530'],
			]
		: [[530, 'ERRNO_530']];
const errors = [...[...passing, ...staying].map(code => [code, code] as const), ...unnamed];

/** Runs over all files of a folder: the report, and the lost threads. */
async function run(
	cwd: string,
	faults: readonly Fault[],
	...args: string[]
): Promise<{report: Report; lost: unknown[]}> {
	const log = join(createFolder(), 'log');
	const {stdout, stderr} = await runCommand(['data', '--json', '--log-file', log, '--debug', ...args], {
		cwd,
		// Beside a thread that is lost, others go on.
		env: {...injecting(faults), FILEPROC_THREADS: '3'},
	});
	expect(stderr).not.toMatch(/bug|rror/);
	const lines = readFileSync(log, 'utf8').split('\n').slice(0, -1);
	const entries = lines.map(line => JSON.parse(line) as {message: string; cause?: string});
	const lost = entries
		.filter(({message, cause = ''}) => message === 'worker-ended' && cause !== '')
		.map(({cause}) => cause);
	return {report: parseReport(stdout), lost};
}

const byName = ({files}: Report): Map<string, FileReport> =>
	new Map(files.map(file => [file.file.replace(/^.*\//, ''), file]));

/** One file for each call and error, and a healthy one behind each. */
function writeSweep(content: string | Uint8Array, times?: number): {cwd: string; faults: Fault[]} {
	const cwd = createFolder();
	mkdirSync(join(cwd, 'data'));
	const faults: Fault[] = [];
	for (const call of calls) {
		for (const [error, code] of errors) {
			const name = `${call}-${code}.csv`;
			writeFileSync(join(cwd, 'data', name), content);
			writeFileSync(join(cwd, 'data', `${call}-${code}-healthy.csv`), content);
			faults.push({call, name, error, ...(times === undefined ? {} : {times})});
		}
	}
	return {cwd, faults};
}

const small = transactions(20);
/** Too large to be read in a group. */
const whole = transactions(10_000);
/** Several threads read it together, from 16 MiB on. */
const split = transactions(600_000);

test.each([
	['small ones', small],
	['larger ones', whole],
	['packed ones', gzipSync(whole)],
])('files with a failing call have its code, and other files are processed as usual: %s', async (_, content) => {
	const {cwd, faults} = writeSweep(content);
	const {report, lost} = await run(cwd, faults, '--retries', '0');
	expect(lost).toEqual([]);
	const files = byName(report);
	for (const call of calls) {
		for (const [, code] of errors) {
			expect(files.get(`${call}-${code}-healthy.csv`)?.status).toBe('completed');
			const file = files.get(`${call}-${code}.csv`);
			expect(file, `${call} ${code}`).toMatchObject({status: 'failed', attempts: 1});
			expect(file?.error).toMatchObject({code, line: null, byte_offset: call === 'read' ? 0 : null});
			expect(file?.error?.message).toMatch(new RegExp(`^${code} in ${call}: .{10}`));
			expect(file?.error?.message).not.toMatch(/unknown system error/i);
			expect(file?.bytes).toBe(call === 'stat' || call === 'close' ? content.length : 0);
		}
	}
});

test('transient errors are retried, permanent ones are not', async () => {
	const {cwd, faults} = writeSweep(whole, 1);
	const {report} = await run(cwd, faults);
	const files = byName(report);
	for (const call of calls) {
		for (const code of passing) {
			expect(files.get(`${call}-${code}.csv`), `${call} ${code}`).toMatchObject({status: 'completed', attempts: 2});
		}
		for (const code of staying) {
			expect(files.get(`${call}-${code}.csv`), `${call} ${code}`).toMatchObject({status: 'failed', attempts: 1});
		}
	}
});

test('a read that fails in the middle says at which byte, for any threads', async () => {
	const cwd = createFolder();
	mkdirSync(join(cwd, 'data'));
	const at = (name: string): string => join(cwd, 'data', name);
	writeFileSync(at('place.csv'), split);
	for (const call of calls) copyFileSync(at('place.csv'), at(`${call}.csv`));
	writeFileSync(at('healthy.csv'), small);
	const placed: Fault = {call: 'read', name: 'place.csv', error: 'EIO', fromByte: 18_000_000};
	const faults: Fault[] = [placed, ...calls.map(call => ({call, name: `${call}.csv`, error: 'ESTALE'}))];
	const reports: unknown[] = [];
	for (const threads of ['1', '2', '3']) {
		const {report, lost} = await run(cwd, faults, '--retries', '0', '--threads', threads);
		expect(lost).toEqual([]);
		const files = byName(report);
		expect(files.get('place.csv')).toMatchObject({status: 'failed', bytes: 18_000_000});
		expect(files.get('place.csv')?.error).toMatchObject({code: 'EIO', byte_offset: 18_000_000});
		for (const call of calls) expect(files.get(`${call}.csv`)?.error).toMatchObject({code: 'ESTALE'});
		expect(files.get('healthy.csv')?.status).toBe('completed');
		reports.push(report.files.map(({processing_time, ...file}) => file));
	}
	expect(reports[1]).toEqual(reports[0]);
	expect(reports[2]).toEqual(reports[0]);
});

test('a read that fails behind an error of the data changes nothing, for any threads', async () => {
	const cwd = createFolder();
	mkdirSync(join(cwd, 'data'));
	// Behind the bytes that may be read before the record is known to be too long.
	const text = transactions(1_000_000);
	const middle = text.indexOf('\n', 100_000) + 1;
	const openQuote = `${text.slice(0, middle)}T0,C0,1.25,2024-01-01,"food\n${text.slice(middle)}`;
	writeFileSync(join(cwd, 'data', 'quote.csv'), openQuote);
	writeFileSync(join(cwd, 'data', 'rejects.csv'), text.replaceAll(/^(T\d,C\d),1.25/gm, '$1,none'));
	const faults = ['quote.csv', 'rejects.csv'].map(
		(name): Fault => ({call: 'read', name, error: 'EIO', fromByte: 30_000_000}),
	);
	for (const threads of ['1', '2', '3']) {
		const {report} = await run(cwd, faults, '--retries', '0', '--strict', '--threads', threads);
		expect(report.files.map(({error}) => error?.code)).toEqual(['UNCLOSED_QUOTE', 'TOO_MANY_REJECTS']);
	}
});

test('the error of a file counts, and not later ones', async () => {
	const cwd = createFolder();
	mkdirSync(join(cwd, 'data'));
	const text = `${HEADER}\nT1,C1,1.25,2024-01-01,"food\n`;
	for (const name of ['stat.csv', 'close.csv']) writeFileSync(join(cwd, 'data', name), text);
	const faults = (['stat', 'close'] as const).map(call => ({call, name: `${call}.csv`, error: 'EIO'}));
	const {report, lost} = await run(cwd, faults, '--strict');
	expect(lost).toEqual([]);
	expect(report.files.map(({error}) => error?.code)).toEqual(['UNCLOSED_QUOTE', 'UNCLOSED_QUOTE']);
});

test('a file that gives fewer bytes than its size is incomplete, whatever its end looks like', async () => {
	const cwd = createFolder();
	mkdirSync(join(cwd, 'data'));
	const endsInQuote = `${transactions(3)}T4,C4,1.25,2024-01-01,"food"\n`;
	const texts = {'small.csv': transactions(4), 'quote.csv': endsInQuote, 'large.csv': whole};
	for (const [name, text] of Object.entries(texts)) writeFileSync(join(cwd, 'data', name), text);
	const ends = {'small.csv': 100, 'quote.csv': endsInQuote.length - 3, 'large.csv': 250_000};
	const faults = Object.entries(ends).map(
		([name, fromByte]): Fault => ({call: 'read', name, error: 'end-of-file', fromByte}),
	);
	const {report} = await run(cwd, faults, '--retries', '0');
	for (const [name, {error}] of byName(report)) {
		expect(error?.code, name).toBe('CHANGED_WHILE_READING');
		expect(error?.message).toMatch(/ \d+ bytes could be read of \d+\./);
	}
	expect(report.totals.failed).toBe(3);
});

test.each([
	['cut', (path: string): void => truncateSync(path, 2_000_000), 'its size went from'],
	['appended to', (path: string): void => appendFileSync(path, 'T0,C0,1.25,2024-01-01,food\n'), 'its size went from'],
	[
		'overwritten and its time set back',
		(path: string): void => {
			const {atime, mtime} = statSync(path);
			const file = openSync(path, 'r+');
			writeSync(file, '9', 100);
			closeSync(file);
			utimesSync(path, atime, mtime);
		},
		'it was written to',
	],
])('standard input from a file that is %s while it is read gives no figures', async (_, change, words) => {
	const cwd = createFolder();
	const path = join(cwd, 'a.csv');
	writeFileSync(path, transactions(100_000));
	const input = openSync(path, 'r');
	onTestFinished(() => closeSync(input));
	let isChanged = false;
	const {code, stdout} = await runCommand(['-', '--jsonl', '--simulate-io', '1'], {
		cwd,
		input,
		onOutput(text) {
			if (isChanged || !text.includes('"type":"file-progressed"')) return;
			isChanged = true;
			change(path);
		},
	});
	const failure = parseEvents(stdout).find(({type}) => type === 'file-failed');
	expect(failure).toMatchObject({
		report: {error: {code: 'CHANGED_WHILE_READING', message: expect.stringContaining(words)}},
	});
	expect(code).toBe(1);
});

test('standard input from a file is read from its position, and completes', async () => {
	const cwd = createFolder();
	writeFileSync(join(cwd, 'a.csv'), `skipped,line\n${small}`);
	const {stdout, code} = await runShell('(dd bs=13 count=1 of=/dev/null 2>&-; fileproc - --json) <a.csv', {cwd});
	expect(parseReport(stdout).totals).toMatchObject({completed: 1, rows: 20});
	expect(code).toBe(0);
});

test.each([
	['ends', 'end-thread', 'WORKER_LOST'],
	['runs out of memory', 'exhaust-heap', 'WORKER_LOST'],
	['computes for ever', 'loop', 'TIMEOUT'],
])('a thread that %s at a file fails only this file, even without further attempts', async (_, error, code) => {
	const cwd = createFolder();
	mkdirSync(join(cwd, 'data'));
	for (let number = 1; number <= 40; number++) writeFileSync(join(cwd, 'data', `${number}.csv`), small);
	writeFileSync(join(cwd, 'data', 'large.csv'), split);
	const faults = ['7.csv', '23.csv'].map(name => ({call: 'read', name, error}) as const);
	const {report} = await run(cwd, faults, '--retries', '0', '--timeout', code === 'TIMEOUT' ? '5' : '60');
	const failed = report.files.filter(({status}) => status !== 'completed');
	expect(failed.map(({file, error}) => [file, error?.code])).toEqual([
		['data/23.csv', code],
		['data/7.csv', code],
	]);
});

test('a file that ends several threads fails after the third', async () => {
	const cwd = createFolder();
	mkdirSync(join(cwd, 'data'));
	for (const name of ['bad.csv', 'good.csv']) writeFileSync(join(cwd, 'data', name), small);
	const {report} = await run(cwd, [{call: 'read', name: 'bad.csv', error: 'end-thread'}], '--retries', '9');
	expect(byName(report).get('bad.csv')).toMatchObject({status: 'failed', attempts: 3, error: {code: 'CRASH_LOOP'}});
	expect(byName(report).get('good.csv')).toMatchObject({status: 'completed'});
});
