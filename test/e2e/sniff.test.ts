// `fileproc-tui sniff` as people and scripts call it.
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {createFolder, runCommand} from '../helpers/command.ts';

interface Sniffed {
	readonly file: string;
	readonly columns: readonly {readonly name: string; readonly type: string}[];
	readonly records: number;
	readonly problems: readonly {readonly code: string; readonly line: number | null}[];
	readonly preview: readonly (readonly string[])[];
}

const filesOf = (stdout: string): readonly Sniffed[] => (JSON.parse(stdout) as {files: readonly Sniffed[]}).files;

function createFiles(): string {
	const cwd = createFolder();
	mkdirSync(join(cwd, 'in'));
	writeFileSync(join(cwd, 'in/odd.csv'), 'name;when\nAnna;2024-01-01\nBert\nCleo;2024-01-02\n');
	writeFileSync(join(cwd, 'in/app.log'), 'INFO started, with 3 threads\nWARN slow\n');
	return cwd;
}

test('tables and texts of a folder are told in JSON, their problems with places', async () => {
	const {code, stdout, stderr} = await runCommand(['sniff', 'in', '--json'], {cwd: createFiles()});
	expect({code, stderr}).toEqual({code: 0, stderr: ''});
	const [log, table] = filesOf(stdout);
	expect(log).toMatchObject({file: 'in/app.log', columns: [], records: 2, problems: []});
	expect(table).toMatchObject({
		file: 'in/odd.csv',
		dialect: {delimiter: ';', quote: '"', escape: '"', encoding: 'utf-8', newline: '\n', header: true},
		columns: [
			{name: 'name', type: 'text'},
			{name: 'when', type: 'date'},
		],
		records: 3,
		problems: [{code: 'FIELD_COUNT', line: 3, byte_offset: 26}],
		analyses: ['profile', 'quality'],
		preview: [['Anna', '2024-01-01'], ['Bert'], ['Cleo', '2024-01-02']],
	});
});

test('it is the same for any threads and pieces, from a file and from a pipe', async () => {
	const cwd = createFolder();
	const note = 'of some length '.repeat(3);
	const text = `id,note\n${Array.from({length: 300_000}, (_, index) => `${index},"a ""b"" ${note}${index % 7}"`).join('\n')}\nx\n`;
	writeFileSync(join(cwd, 'large.csv'), text);
	const outputs = [
		await runCommand(['sniff', 'large.csv', '--json', '--threads', '1'], {cwd}),
		await runCommand(['sniff', 'large.csv', '--json', '--threads', '3'], {cwd}),
		await runCommand(['sniff', '-', '--json'], {cwd, input: text}),
	].map(({stdout}) => filesOf(stdout).map(file => ({...file, file: 'any'})));
	expect(outputs[0]).toMatchObject([{records: 300_001, problems: [{code: 'FIELD_COUNT', line: 300_002}]}]);
	expect(outputs[0]?.[0]?.preview).toHaveLength(5);
	expect(outputs[1]).toEqual(outputs[0]);
	expect(outputs[2]).toEqual(outputs[0]);
});

test('odd cells, blank lines, marks and quotes within a table are told with their places', async () => {
	const cwd = createFolder();
	const lines = Array.from({length: 100}, (_, index) => `${index},${index}.5,text`);
	const changed = [
		['OUT_OF_TYPE', 20, '18,1O,text'],
		['BLANK_LINE', 40, ''],
		['INNER_MARK', 60, '58,2.5,te\ufeffxt'],
		['STRAY_QUOTE', 80, '78,3.5,text"'],
	] as const;
	for (const [, line, text] of changed) lines[line - 2] = text;
	const all = ['id,amount,note', ...lines];
	writeFileSync(join(cwd, 'odd.csv'), `${all.join('\n')}\n\n`);
	writeFileSync(join(cwd, 'plain.csv'), 'a,b\n1,x\n2,"y"\n\n\n');
	writeFileSync(join(cwd, 'ends.csv'), 'a,b\r\n1,x\n2,y\r\n');
	const {stdout} = await runCommand(['sniff', '.', '--json'], {cwd});
	const [ends, odd, plain] = filesOf(stdout);
	expect(ends?.problems).toMatchObject([{code: 'MIXED_NEWLINES', line: 2}]);
	expect(plain?.problems).toEqual([]);
	const placed = changed.map(([code, line, text]) => {
		const inLine = code === 'INNER_MARK' || code === 'STRAY_QUOTE' ? text.search(/[\ufeff"]/) : 0;
		return {code, line, byte_offset: Buffer.byteLength(`${all.slice(0, line - 1).join('\n')}\n`) + inLine};
	});
	expect(odd?.problems).toMatchObject(placed);
	expect(odd?.problems[0]).toMatchObject({message: expect.stringContaining('the first is "1O"')});
});

test('people get a short text', async () => {
	const {code, stdout} = await runCommand(['sniff', 'in/odd.csv'], {cwd: createFiles()});
	expect(code).toBe(0);
	expect(stdout).toContain('semicolon, utf-8, LF');
	expect(stdout).toContain('line 3: Expected 2 fields, as the header has; found 1 field [FIELD_COUNT]');
});

test('what cannot be read, or is not there, has the exit code of a run', async () => {
	const cwd = createFiles();
	writeFileSync(join(cwd, 'x.csv'), Buffer.from('PK\x03\x04 and so on'));
	const unreadable = await runCommand(['sniff', 'x.csv', 'in/odd.csv', '--json'], {cwd});
	expect(unreadable.code).toBe(1);
	expect(filesOf(unreadable.stdout).map(({problems}) => problems[0]?.code)).toEqual([
		'FIELD_COUNT',
		'UNSUPPORTED_FORMAT',
	]);
	expect((await runCommand(['sniff', 'none.csv'], {cwd})).code).toBe(4);
	const usage = await runCommand(['sniff'], {cwd});
	expect(usage.code).toBe(2);
	expect(usage.stderr).toContain('fileproc-tui sniff ./data');
});

test('--quick reads whole records of the first MiB, and says so', async () => {
	const cwd = createFiles();
	const rows = Array.from({length: 200_000}, (_, index) => `${index},"a line\nand ""another"""\n`).join('');
	writeFileSync(join(cwd, 'large.csv'), `id,note\n${rows}`);
	writeFileSync(join(cwd, 'large.txt'), 'Nothing but words here\n'.repeat(100_000));
	const args = ['sniff', 'in/odd.csv', 'large.csv', 'large.txt', '--quick'];
	const {code, stdout} = await runCommand([...args, '--json'], {cwd});
	expect(code).toBe(0);
	const [small, table, text] = filesOf(stdout);
	expect(small).toMatchObject({quick: false, records: 3});
	expect(table).toMatchObject({quick: true, columns: [{type: 'integer'}, {type: 'text'}], problems: []});
	const records = table?.records ?? 0;
	const taken = rows.split('"\n', records).join('"\n').length;
	expect(1024 * 1024 - taken).toBeGreaterThan(0);
	expect(1024 * 1024 - taken).toBeLessThan(100);
	expect(text).toMatchObject({quick: true, records: Math.floor((1024 * 1024) / 23), problems: []});
	expect((await runCommand(args, {cwd})).stdout).toContain(
		`2 columns, ${records.toLocaleString('en-US')} records in the first MiB`,
	);
	expect(filesOf((await runCommand(['sniff', 'in/odd.csv', '--json'], {cwd})).stdout)[0]).not.toHaveProperty('quick');
});
