// Archives among the files of a run.
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {HEADER, parseReport, runCommand, transactions} from '../helpers/command.ts';
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
