// Archives among the files of a run.
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {HEADER, parseReport, runCommand, transactions} from '../helpers/command.ts';
import {parquetOf, text} from '../helpers/parquet.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';
import {zipOf} from '../helpers/zip.ts';

function createArchives(): string {
	const folder = createTemporaryFolder();
	const zip = zipOf([
		{name: 'b.csv', content: transactions(2)},
		{name: '../evil.csv', content: transactions(3)},
		{name: 'bad.csv', content: `${HEADER}\nx\n`},
		{name: 'secret.csv', content: transactions(1), flags: 1},
		{name: 'readme.md', content: '# Read me'},
		{name: 'inner.zip', content: zipOf([])},
	]);
	folder.write('data/a.csv', transactions(1));
	folder.write('data/z.zip', zip);
	folder.write('data/table.xlsx');
	folder.write('list.txt', 'data/z.zip\n');
	return folder.path;
}

const members = [
	['data/z.zip!../evil.csv', 'completed', 3],
	['data/z.zip!b.csv', 'completed', 2],
	['data/z.zip!bad.csv', 'completed', 1],
	['data/z.zip!inner.zip', 'skipped', 0],
	['data/z.zip!secret.csv', 'failed', 0],
];

describe('a ZIP archive', () => {
	test.each([
		['in a folder', ['data'], [['data/a.csv', 'completed', 1], ...members]],
		['by its name', ['data/z.zip'], members],
		['found by a pattern', ['data/*.zip'], members],
		['in a list', ['--files-from', 'list.txt'], members],
	])('is opened: %s', async (_, operands, expected) => {
		const {stdout, stderr, code} = await runCommand([...operands, '--json'], {cwd: createArchives()});
		const {files, totals} = parseReport(stdout);
		expect(files.map(({file, status, rows}) => [file, status, rows])).toEqual(expected);
		expect(totals.files).toBe(expected.length);
		const others = operands[0] === 'data' ? '2 other files: .md .xlsx' : '1 other file: .md';
		expect(stderr).toContain(`Left out: ${others}`);
		expect(code).toBe(1);
		const bad = files.find(({file}) => file.endsWith('!bad.csv'));
		expect(bad?.dialect?.compression).toBe('zip');
		expect(bad?.rejects).toMatchObject([{line: 2, byte_offset: HEADER.length + 1}]);
	});

	test('that the run would write is refused, and is as it was', async () => {
		const cwd = createArchives();
		const before = readFileSync(join(cwd, 'data/z.zip'));
		const {code, stderr} = await runCommand(['data', '--log-file', 'data/z.zip', '--force'], {cwd});
		expect(code).toBe(2);
		expect(stderr).toContain('is the same file as the input');
		expect(readFileSync(join(cwd, 'data/z.zip')).equals(before)).toBe(true);
	});

	test('of another name, or from a pipe, is refused with what to do', async () => {
		const folder = createTemporaryFolder();
		const zip = zipOf([{name: 'b.csv', content: transactions(2)}]);
		folder.write('a.csv', zip);
		for (const operand of ['a.csv', '-']) {
			const {stdout} = await runCommand([operand, '--json'], {cwd: folder.path, input: zip});
			expect(parseReport(stdout).files).toMatchObject([
				{
					status: 'failed',
					error: {code: 'UNSUPPORTED_FORMAT', message: expect.stringContaining('As a file named .zip')},
				},
			]);
		}
	});
});

describe('a Parquet file of any name', () => {
	const rows = 2000;
	const each = <Value>(make: (index: number) => Value): Value[] =>
		Array.from({length: rows}, (_, index) => make(index));
	const parquet = parquetOf(
		[
			{name: 'transaction_id', ...text, data: each(index => `t${index}`)},
			{name: 'customer_id', ...text, data: each(index => `c${index % 10}`)},
			{name: 'amount', type: 'INT64', converted_type: 'DECIMAL', scale: 3, precision: 18, data: each(() => 1.5)},
			{name: 'date', type: 'INT32', converted_type: 'DATE', data: each(() => 19_782)},
			{name: 'category', ...text, data: each(index => (index === 7 ? null : 'a,"b"'))},
		],
		{rowGroupSize: 500},
	);
	const csv = `${HEADER}\n${each(index => `t${index},c${index % 10},1.500,2024-02-29,${index === 7 ? '' : '"a,""b"""'}\n`).join('')}`;

	test('gives what the CSV file gives that says the same: figures, rejects, conditions and tables', async () => {
		const folder = createTemporaryFolder();
		folder.write('x/a.parquet', parquet);
		folder.write('x/b.csv', parquet);
		folder.write('y/b.csv', csv);
		const where = ['--where', "customer_id = 'c3'", '--json'];
		const [read, expected] = await Promise.all([
			runCommand(['x', ...where], {cwd: folder.path}),
			// A column of 1.500 alone may be of thousands in text; the type of a column says what it is.
			runCommand(['y', '--decimal', '.', ...where], {cwd: folder.path}),
		]);
		const [wanted] = parseReport(expected.stdout).files;
		for (const file of parseReport(read.stdout).files) {
			expect(file.error).toBeNull();
			expect(file).toMatchObject({rows, filtered: wanted?.filtered, result: wanted?.result, bytes: parquet.length});
			expect(file.dialect).toMatchObject({delimiter: ',', encoding: 'utf-8', compression: 'parquet'});
		}
		const {stdout} = await runCommand(['convert', 'x/b.csv', '-o', '-'], {cwd: folder.path});
		expect(stdout).toBe(csv);
	});
});
