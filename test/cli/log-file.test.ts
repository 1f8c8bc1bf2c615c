import {
	appendFileSync,
	existsSync,
	openSync,
	readdirSync,
	readFileSync,
	renameSync,
	statSync,
	symlinkSync,
	write,
	writeFileSync,
} from 'node:fs';
import {rename} from 'node:fs/promises';
import {setTimeout as wait} from 'node:timers/promises';
import {promisify} from 'node:util';
import fc from 'fast-check';
import {expect, onTestFinished, test, vi} from 'vitest';
import {LogFile, type LogFileOptions, type LogRotation, startOfLog} from '../../source/cli/outputs/log-file.ts';
import {PATIENT} from '../helpers/patient.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {createTemporaryFolder, type TemporaryFolder} from '../helpers/temporary-folder.ts';

vi.mock('node:fs/promises', async getActual => {
	const fs = await getActual<typeof import('node:fs/promises')>();
	return {...fs, rename: vi.fn(fs.rename)};
});
const actual = await vi.importActual<typeof import('node:fs/promises')>('node:fs/promises');

const line = (text: string): string =>
	`${JSON.stringify({at: '2026-11-30T00:00:00.000Z', level: 'info', message: text})}\n`;

function openLogFile(path: string, rotation: Partial<LogRotation> | null, changes: Partial<LogFileOptions> = {}) {
	const faults: string[] = [];
	const descriptor = openSync(path, 'a+');
	const file = new LogFile({
		...{path, descriptor, startedAt: startOfLog(descriptor), isForced: false, subject: 'The log'},
		rotation: rotation === null ? null : {maxBytes: null, maxAgeMs: null, keep: 3, ...rotation},
		onFault: reason => faults.push(reason),
		...changes,
	});
	return {file, faults};
}

const full = (): Error => Object.assign(new Error('ENOSPC: no space left on device'), {code: 'ENOSPC'});
const append = async (descriptor: number, bytes: Uint8Array): Promise<number> => {
	const {bytesWritten} = await promisify(write)(descriptor, bytes);
	return bytesWritten;
};

/** All lines, the oldest first. */
const linesIn = (folder: TemporaryFolder, name = 'log'): string =>
	readdirSync(folder.path)
		.filter(entry => entry === name || entry.startsWith(`${name}.`))
		.sort((left, right) => Number(right.split('.')[1] ?? 0) - Number(left.split('.')[1] ?? 0))
		.map(entry => readFileSync(folder.at(entry), 'utf8'))
		.join('');

test('no log is larger than it may be, but for a line that is, and together they have all lines in order', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.array(fc.oneof(fc.nat(300), fc.nat(3000)), {maxLength: 20}), {maxLength: 4}),
			fc.nat(700),
			async (batches, chunkBytes) => {
				const folder = createTemporaryFolder();
				const written: string[] = [];
				for (const lengths of batches) {
					// As a slow disk takes it, and with a new process for each batch.
					const slowly = (descriptor: number, bytes: Uint8Array) =>
						append(descriptor, bytes.subarray(0, chunkBytes + 100));
					const {file, faults} = openLogFile(
						folder.at('log'),
						{maxBytes: 1000, keep: 1000},
						chunkBytes > 400 ? {} : {append: slowly},
					);
					for (const length of lengths) {
						written.push(line(`${written.length} ${'x'.repeat(length)}`));
						file.write(written.at(-1) ?? '');
					}
					await file.finish();
					expect(faults).toEqual([]);
				}
				expect(linesIn(folder)).toBe(written.join(''));
				for (const name of readdirSync(folder.path)) {
					const text = readFileSync(folder.at(name), 'utf8');
					expect(text === '' || text.endsWith('\n')).toBe(true);
					if (chunkBytes > 400 && text.length > 1000) expect(text.split('\n')).toHaveLength(2);
				}
			},
		),
		{numRuns: randomCases(8)},
	);
});

test('only so many are kept, also where more were kept before', async () => {
	const folder = createTemporaryFolder();
	for (let number = 1; number <= 5; number++) folder.write(`log.${number}`, line(`old ${number}`));
	folder.write('log.7', line('nobody knows'));
	const {file} = openLogFile(folder.at('log'), {maxBytes: 200, keep: 2});
	for (let number = 0; number < 20; number++) file.write(line(String(number)));
	await file.finish();
	expect(readdirSync(folder.path).sort()).toEqual(['.log.lock', 'log', 'log.1', 'log.2', 'log.7']);
	expect(readFileSync(folder.at('log'), 'utf8')).toContain('"19"');
});

test('a log is put aside by the age of its first line, also one of an earlier process', async () => {
	const folder = createTemporaryFolder();
	const start = Date.parse('2026-11-30T00:00:00.000Z');
	let now = start + 59_000;
	folder.write('log', line('first'));
	const {file} = openLogFile(folder.at('log'), {maxAgeMs: 60_000}, {now: () => now});
	file.write(line('second'));
	await vi.waitFor(() => expect(readFileSync(folder.at('log'), 'utf8')).toBe(line('first') + line('second')), PATIENT);
	now = start + 60_000;
	file.write(line('third'));
	await file.finish();
	expect(readFileSync(folder.at('log.1'), 'utf8')).toBe(line('first') + line('second'));
	expect(readFileSync(folder.at('log'), 'utf8')).toBe(line('third'));
});

test.each(['a file of another program', 'a link'])('%s in the way is left alone, and the log goes on', async kind => {
	const folder = createTemporaryFolder();
	const mine = folder.write('mine.txt', 'mine');
	if (kind === 'a link') symlinkSync(mine, folder.at('log.2'));
	else writeFileSync(folder.at('log.2'), 'mine');
	const {file, faults} = openLogFile(folder.at('log'), {maxBytes: 200});
	for (let number = 0; number < 20; number++) file.write(line(String(number)));
	await file.finish();
	expect(faults).toEqual([expect.stringMatching(/log\.2 is in the way: it is not a log of fileproc-tui$/)]);
	expect(readFileSync(folder.at('log.2'), 'utf8')).toBe('mine');
	expect(readFileSync(folder.at('log'), 'utf8').split('\n')).toHaveLength(21);
	expect(existsSync(folder.at('log.1'))).toBe(false);
});

test('what is put in the place of a log is neither followed nor overwritten', async () => {
	const folder = createTemporaryFolder();
	const mine = folder.write('mine.txt', 'mine');
	const {file} = openLogFile(folder.at('log'), null);
	file.write(line('first'));
	await vi.waitFor(() => expect(statSync(folder.at('log')).size).toBeGreaterThan(0), PATIENT);
	renameSync(folder.at('log'), folder.at('moved'));
	symlinkSync(mine, folder.at('log'));
	file.reopen();
	file.write(line('second'));
	await expect(file.finish()).rejects.toThrow(/The log cannot be written, and ends early/);
	expect(readFileSync(mine, 'utf8')).toBe('mine');
});

test('a log that another program has moved is gone on with under its name when that is asked for', async () => {
	const folder = createTemporaryFolder();
	const {file} = openLogFile(folder.at('log'), null);
	file.write(line('first'));
	await vi.waitFor(() => expect(statSync(folder.at('log')).size).toBeGreaterThan(0), PATIENT);
	const {mode} = statSync(folder.at('log'));
	renameSync(folder.at('log'), folder.at('moved'));
	file.reopen();
	file.write(line('second'));
	await file.finish();
	expect(readFileSync(folder.at('moved'), 'utf8')).toBe(line('first'));
	expect(readFileSync(folder.at('log'), 'utf8')).toBe(line('second'));
	expect(statSync(folder.at('log')).mode).toBe(mode);
});

test('two processes that share a log lose no line when one of them puts it aside', async () => {
	const folder = createTemporaryFolder();
	// Between any two steps of one of them the other one may make several.
	vi.mocked(rename).mockImplementation(async (from, to) => {
		await actual.rename(from, to);
		if (Math.random() < 0.4) await wait(3 * Math.random());
	});
	onTestFinished(() => void vi.mocked(rename).mockImplementation(actual.rename));
	const logs = [1, 2].map(() => openLogFile(folder.at('log'), {maxBytes: 1000, keep: 40}).file);
	const expected: string[] = [];
	for (let number = 0; number < 100; number++) {
		for (const [index, file] of logs.entries()) {
			const text = line(`${index} ${number}`);
			expected.push(text);
			file.write(text);
		}
		if (number % 20 === 0) await Promise.all([logs[0]?.write(line('')), new Promise(setImmediate)]);
	}
	for (const file of logs) await file.finish();
	const found = linesIn(folder).match(/.*\n/g) ?? [];
	expect(found.filter(text => text !== line('')).sort()).toEqual(expected.sort());
});

test('a full disk loses no line that memory has room for, and no line is cut', async () => {
	const folder = createTemporaryFolder();
	let room = 150;
	const scarce: LogFileOptions['append'] = async (descriptor, bytes) => {
		if (room === 0) throw full();
		const written = await append(descriptor, bytes.subarray(0, room));
		room -= written;
		return written;
	};
	const {file} = openLogFile(folder.at('log'), null, {append: scarce});
	const lines = Array.from({length: 10}, (_, number) => line(String(number)));
	for (const text of lines) file.write(text);
	await vi.waitFor(() => expect(statSync(folder.at('log')).size).toBe(150), PATIENT);
	room = 10_000;
	await file.finish();
	expect(readFileSync(folder.at('log'), 'utf8')).toBe(lines.join(''));
});

test('a line that a full disk has cut is whole in the file that comes next', async () => {
	const folder = createTemporaryFolder();
	let room = 150;
	const scarce: LogFileOptions['append'] = async (descriptor, bytes) => {
		if (room === 0) throw full();
		const written = await append(descriptor, bytes.subarray(0, room));
		room -= written;
		return written;
	};
	const {file} = openLogFile(folder.at('log'), null, {append: scarce});
	const lines = Array.from({length: 3}, (_, number) => line(String(number)));
	for (const text of lines) file.write(text);
	await vi.waitFor(() => expect(statSync(folder.at('log')).size).toBe(150), PATIENT);
	renameSync(folder.at('log'), folder.at('moved'));
	file.reopen();
	room = 10_000;
	await file.finish();
	const [, whole = '', cut = ''] = /^((?:.*\n)*)(.*)$/.exec(readFileSync(folder.at('moved'), 'utf8')) ?? [];
	expect(cut).not.toBe('');
	expect(lines[2]?.startsWith(cut) || lines[1]?.startsWith(cut)).toBe(true);
	expect(whole + readFileSync(folder.at('log'), 'utf8')).toBe(lines.join(''));
});

test('lines that find no room at all are counted', async () => {
	const folder = createTemporaryFolder();
	let isFull = true;
	const scarce: LogFileOptions['append'] = async (descriptor, bytes) => {
		if (isFull) throw full();
		return append(descriptor, bytes);
	};
	const {file} = openLogFile(folder.at('log'), null, {append: scarce});
	const text = line('x'.repeat(1_000_000));
	for (let number = 0; number < 20; number++) file.write(text);
	isFull = false;
	await expect(file.finish()).rejects.toThrow('The log lacks 3 lines, because it could not be written for a time');
	expect(statSync(folder.at('log')).size).toBe(17 * text.length);
});

test('a disk that stays full is told at the end', async () => {
	const folder = createTemporaryFolder();
	const {file} = openLogFile(folder.at('log'), null, {append: () => Promise.reject(full())});
	file.write(line('x'));
	await expect(file.finish()).rejects.toThrow('The log cannot be written, and ends early: ENOSPC');
});

test('what others append meanwhile stays', async () => {
	const folder = createTemporaryFolder();
	const {file} = openLogFile(folder.at('log'), null);
	file.write(line('first'));
	await vi.waitFor(() => expect(statSync(folder.at('log')).size).toBeGreaterThan(0), PATIENT);
	appendFileSync(folder.at('log'), 'another program\n');
	file.write(line('second'));
	await file.finish();
	expect(readFileSync(folder.at('log'), 'utf8')).toBe(`${line('first')}another program\n${line('second')}`);
});
