import {spawnSync} from 'node:child_process';
import {chmod, mkdir, mkdtemp, open, readdir, readFile, readlink, rm, stat, symlink, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {parse} from 'csv-parse/sync';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {htmlChunks} from '../../source/report/html/page.ts';
import {ReportWriteError} from '../../source/report/report-write-error.ts';
import {
	type ReportFile,
	reportFormatOf,
	type WriteReportOptions,
	writeReport,
} from '../../source/report/write-report.ts';
import {analyses, brokenFile, goodFile, reportOf} from './sample-report.ts';

const report = reportOf([brokenFile, goodFile]);
const OLD = 'the report of yesterday';

let folder = '';
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'write-report-'));
});
afterEach(async () => {
	await rm(folder, {recursive: true, force: true});
});

/** The error of the call. */
async function refusalOf(path: string, options?: WriteReportOptions): Promise<ReportWriteError> {
	const error: unknown = await writeReport(path, report, analyses, options).then(
		() => undefined,
		(reason: unknown) => reason,
	);
	if (!(error instanceof ReportWriteError)) throw new Error('A ReportWriteError was expected', {cause: error});
	return error;
}

/** Opens real files whose steps can be replaced, as a full disk would. */
const openWith =
	(replace: (file: ReportFile) => Partial<ReportFile>): NonNullable<WriteReportOptions['open']> =>
	async (path, flags, mode) => {
		const handle = await open(path, flags, mode);
		const file: ReportFile = {
			writeFile: chunks => handle.writeFile(chunks),
			chmod: fileMode => handle.chmod(fileMode),
			sync: () => handle.sync(),
			close: () => handle.close(),
		};
		return {...file, ...replace(file)};
	};

const systemError = (code: string): Error => Object.assign(new Error(`${code}: as simulated, write`), {code});

describe('a report file', () => {
	test('has the format of its extension', async () => {
		for (const name of ['r.json', 'r.csv', 'r.md', 'r.HTML']) await writeReport(join(folder, name), report, analyses);
		expect(JSON.parse(await readFile(join(folder, 'r.json'), 'utf8'))).toEqual(report);
		expect(parse(await readFile(join(folder, 'r.csv')))).toHaveLength(3);
		expect(await readFile(join(folder, 'r.md'), 'utf8')).toMatch(/^# fileproc-tui report\n/);
		expect(await readFile(join(folder, 'r.HTML'), 'utf8')).toBe([...htmlChunks(report, analyses)].join(''));
		expect(await readdir(folder)).toEqual(['r.HTML', 'r.csv', 'r.json', 'r.md']);
	});

	test('replaces the one before it, and keeps its permissions', async () => {
		const path = join(folder, 'r.json');
		await writeFile(path, OLD);
		await chmod(path, 0o600);
		await writeReport(path, report, analyses);
		expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(report);
		expect((await stat(path)).mode & 0o777).toBe(0o600);
	});

	test('behind a symbolic link is replaced where it is, and the link stays', async () => {
		await mkdir(join(folder, 'real'));
		await writeFile(join(folder, 'real', 'r.json'), OLD);
		await symlink('real/r.json', join(folder, 'latest.json'));
		await writeReport(join(folder, 'latest.json'), report, analyses);
		expect(await readlink(join(folder, 'latest.json'))).toBe('real/r.json');
		expect(JSON.parse(await readFile(join(folder, 'real', 'r.json'), 'utf8'))).toEqual(report);
	});

	test('may have a name of the maximum length', async () => {
		const name = `${'r'.repeat(250)}.json`;
		await writeReport(join(folder, name), report, analyses);
		expect(await readdir(folder)).toEqual([name]);
	});

	test('is complete and on the disk before the old one goes', async () => {
		const path = join(folder, 'r.json');
		await writeFile(path, OLD);
		const steps: string[] = [];
		const open = openWith(file => ({
			async sync() {
				await file.sync();
				const temporary = (await readdir(folder)).find(name => name !== 'r.json') ?? '';
				const isWhole = JSON.parse(await readFile(join(folder, temporary), 'utf8')).files.length === 2;
				steps.push(`synced, ${isWhole ? 'whole' : 'partial'}, old: ${(await readFile(path, 'utf8')) === OLD}`);
			},
		}));
		await writeReport(path, report, analyses, {open});
		expect(steps).toEqual(['synced, whole, old: true']);
	});

	test('of many files is written in blocks, never as one text', async () => {
		const lengths: number[] = [];
		const open = openWith(file => ({
			writeFile(chunks) {
				function* observed() {
					for (const block of chunks) {
						lengths.push(block.length);
						yield block;
					}
				}
				return file.writeFile(observed());
			},
		}));
		const files = Array.from({length: 5000}, () => goodFile);
		await writeReport(join(folder, 'r.json'), reportOf(files), analyses, {open});
		expect(lengths.length).toBeGreaterThan(10);
		expect(Math.max(...lengths)).toBeLessThan(128 * 1024);
		expect(JSON.parse(await readFile(join(folder, 'r.json'), 'utf8')).files).toHaveLength(5000);
	});
});

describe('where it can not be written', () => {
	test.each([
		'writeFile',
		'sync',
		'close',
	] as const)('a full disk at %s leaves the old report unchanged', async step => {
		const path = join(folder, 'r.json');
		await writeFile(path, OLD);
		const open = openWith(file => ({
			async [step]() {
				if (step === 'close') await file.close();
				else await file.writeFile(['{"half":']);
				throw systemError('ENOSPC');
			},
		}));
		const error = await refusalOf(path, {open});
		expect(error).toMatchObject({code: 'ENOSPC', path});
		expect(error.message).toContain(`the disk that holds ${folder} is full`);
		expect(await readFile(path, 'utf8')).toBe(OLD);
		expect(await readdir(folder)).toEqual(['r.json']);
	});

	test.skipIf(process.platform !== 'linux')('a full disk is named', async () => {
		const openFull: WriteReportOptions['open'] = async () => {
			const full = await open('/dev/full', 'w');
			return {
				writeFile: chunks => full.writeFile(chunks),
				chmod: async () => {},
				sync: () => full.sync(),
				close: () => full.close(),
			};
		};
		const error = await refusalOf(join(folder, 'r.csv'), {open: openFull});
		expect(error.code).toBe('ENOSPC');
		expect(await readdir(folder)).toEqual([]);
	});

	test('a missing folder is named, and not created', async () => {
		const error = await refusalOf(join(folder, 'missing', 'r.json'));
		expect(error.code).toBe('ENOENT');
		expect(error.message).toContain(`the folder ${join(folder, 'missing')} does not exist`);
		expect(await readdir(folder)).toEqual([]);
	});

	test('a file in the place of a folder is named', async () => {
		await writeFile(join(folder, 'data'), '');
		expect((await refusalOf(join(folder, 'data', 'r.json'))).code).toBe('ENOTDIR');
	});

	test('a folder of that name is not replaced', async () => {
		await mkdir(join(folder, 'r.json'));
		const error = await refusalOf(join(folder, 'r.json'));
		expect(error.code).toBe('NOT_A_FILE');
		expect(await readdir(folder)).toEqual(['r.json']);
	});

	// Root may write everywhere.
	test.skipIf(process.getuid?.() === 0)('a folder that is read-only is named', async () => {
		await writeFile(join(folder, 'r.json'), OLD);
		await chmod(folder, 0o500);
		const error = await refusalOf(join(folder, 'r.json'));
		await chmod(folder, 0o700);
		expect(error.code).toBe('EACCES');
		expect(await readFile(join(folder, 'r.json'), 'utf8')).toBe(OLD);
	});

	test.each([
		['EACCES', 'you may not write in the folder'],
		['EDQUOT', 'your share of the disk that holds'],
		['EROFS', 'is read-only'],
		['EMFILE', 'EMFILE: as simulated'],
	])('%s is described in words', async (code, words) => {
		const error = await refusalOf(join(folder, 'r.md'), {open: () => Promise.reject(systemError(code))});
		expect(error.code).toBe(code);
		expect(error.message).toContain(words);
		expect(error.message).toContain(folder);
	});

	test('a hostile path is harmless in the message', async () => {
		const error = await refusalOf(join(folder, '\u001b]0;x\u0007', 'r.json'));
		expect(error.message).toContain('\\x1b]0;x\\x07');
		expect(error.message).not.toContain('\u001b');
	});
});

describe('the format', () => {
	test.each([
		['r.json', 'json'],
		['out/R.JSON', 'json'],
		['a.b.csv', 'csv'],
		['r.md', 'markdown'],
		['r.html', 'html'],
	])('of %s is %s', (path, format) => {
		expect(reportFormatOf(path)).toBe(format);
	});

	test.each([
		'r.txt',
		'json',
		'.json',
		'r.json.gz',
		'r.',
		'',
		'/dev/stdout',
	])('of %j is unknown and refused', async path => {
		expect(reportFormatOf(path)).toBeUndefined();
		expect((await refusalOf(path)).code).toBe('UNKNOWN_FORMAT');
	});
});

test('a process that ends while it writes a report leaves no incomplete file, and the old one unchanged', async () => {
	const path = join(folder, 'r.json');
	await writeFile(path, OLD);
	const script = `
		import {readdirSync} from 'node:fs';
		import {open} from 'node:fs/promises';
		import {writeReport} from ${JSON.stringify(new URL('../../source/report/write-report.ts', import.meta.url).href)};
		const openStalled = async (...how) => {
			const file = await open(...how);
			return {
				chmod: mode => file.chmod(mode),
				writeFile() {
					console.log(readdirSync(${JSON.stringify(folder)}).length);
					process.exit(7);
				},
			};
		};
		writeReport(${JSON.stringify(path)}, {}, [], {open: openStalled});
	`;
	const {status, stdout} = spawnSync(process.execPath, ['--input-type=module', '-e', script], {encoding: 'utf8'});
	// The temporary file was there.
	expect([status, stdout]).toEqual([7, '2\n']);
	expect(await readdir(folder)).toEqual(['r.json']);
	expect(await readFile(path, 'utf8')).toBe(OLD);
});
