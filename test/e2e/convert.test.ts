// `fileproc-tui convert` as people and scripts call it.
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects} from 'hyparquet';
import {expect, test, vi} from 'vitest';
import {
	createFolder,
	hasSignalHandlers,
	runCommand,
	runShell,
	startCommand,
	whyNoSignalState,
} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';

function createFiles(): string {
	const cwd = createFolder();
	mkdirSync(join(cwd, 'in'));
	writeFileSync(join(cwd, 'in/a.tsv'), Buffer.from('id\tname\r\n1\t"x, ""y"""\r\n2\r\n3\tcaf\xe9\r\n', 'latin1'));
	writeFileSync(join(cwd, 'in/b.csv.gz'), gzipSync('name,id\n"plain",4\n=1+1,5\n'));
	return cwd;
}

const read = (cwd: string, name: string): string => readFileSync(join(cwd, name), 'utf8');

test('many files become one of CSV: columns by their names, only sound records, in the order of the files', async () => {
	const cwd = createFiles();
	const {code, stdout, stderr} = await runCommand(['convert', 'in', '-o', 'all.csv'], {cwd});
	expect({code, stderr}).toEqual({code: 0, stderr: ''});
	expect(read(cwd, 'all.csv')).toBe('id,name\n1,"x, ""y"""\n3,caf\u00e9\n4,plain\n5,=1+1\n');
	expect(stdout.split('\n')).toEqual([
		'in/a.tsv: 1 malformed record of 3 left out, the first on line 3: field-count, "1 field, expected 2"',
		'Wrote 4 records of 2 files to all.csv; 1 malformed record left out',
		'',
	]);
});

test('columns without a name, and with the name of another one, get names where they need one', async () => {
	const cwd = createFolder();
	writeFileSync(join(cwd, 'a.csv'), 'a,b,a,\n1,2,3,4\n');
	const convert = (...more: readonly string[]) => runCommand(['convert', 'a.csv', '-o', '-', ...more], {cwd});
	expect((await convert('--to', 'jsonl')).stdout).toBe('{"a":"1","b":"2","a_2":"3","column_4":"4"}\n');
	expect((await convert('--columns', 'column_4,a_2')).stdout).toBe('column_4,a_2\n4,3\n');
	// In CSV, names are cells, which stay as they are.
	expect((await convert()).stdout).toBe('a,b,a,\n1,2,3,4\n');
});

test('each file becomes one of its own in a folder, as JSON lines', async () => {
	const cwd = createFiles();
	const {code} = await runCommand(['convert', 'in', '-o', 'out/', '--to', 'jsonl', '--guard-formulas'], {cwd});
	expect(code).toBe(0);
	expect(readdirSync(join(cwd, 'out')).sort()).toEqual(['a.jsonl', 'b.jsonl']);
	expect(read(cwd, 'out/a.jsonl')).toBe('{"id":"1","name":"x, \\"y\\""}\n{"id":"3","name":"caf\u00e9"}\n');
	expect(read(cwd, 'out/b.jsonl')).toBe('{"name":"plain","id":"4"}\n{"name":"\'=1+1","id":"5"}\n');
});

test('titles in front of a table are no records, and a table without names stays one', async () => {
	const cwd = createFolder();
	const rows = 'A1;12,50;x\nB2;7,00;y\nC3;8,25;z\n';
	writeFileSync(join(cwd, 'titled.csv'), `Account 12\nAll of May\n\ncode;sum;note\n${rows}`);
	writeFileSync(join(cwd, 'bare.csv'), '1,2.5,a\n2,3.5,b\n3,4.5,c\n');
	const titled = await runCommand(['convert', 'titled.csv', '-o', '-'], {cwd});
	expect(titled.stdout).toBe(`code,sum,note\n${rows.replaceAll(/;([\d,]+);/g, ',"$1",')}`);
	const bare = await runCommand(['convert', 'bare.csv', '-o', '-'], {cwd});
	expect(bare.stdout).toBe('1,2.5,a\n2,3.5,b\n3,4.5,c\n');
	const named = await runCommand(['convert', 'bare.csv', '-o', '-', '--to', 'jsonl', '--columns', 'column_3'], {cwd});
	expect(named.stdout).toBe('{"column_3":"a"}\n{"column_3":"b"}\n{"column_3":"c"}\n');
});

test('numbers and dates are written in one form, each column of a file in its own', async () => {
	const cwd = createFolder();
	writeFileSync(join(cwd, 'de.csv'), Buffer.from('day;sum\n31.12.2024;"1.234,50 \x80"\n1.2.2025;-8,1\n', 'latin1'));
	writeFileSync(join(cwd, 'us.csv'), 'day,sum\n12/31/2024,"$1,234.50"\n1/2/2025,(8.10)\n');
	writeFileSync(join(cwd, 'who.csv'), 'day,sum\n01/02/2024,5\n');
	const {code, stdout, stderr} = await runCommand(['convert', '.', '-o', '-', '--normalise'], {cwd});
	expect({code, rows: stdout.split('\n')}).toEqual({
		code: 0,
		rows: [
			'day,sum',
			'2024-12-31,1234.50',
			'2025-02-01,-8.1',
			'2024-12-31,1234.50',
			'2025-01-02,-8.10',
			'01/02/2024,5',
			'',
		],
	});
	expect(stderr).toContain('who.csv: the column "day" stays as it is: "01/02/2024" reads in two ways\n');
	const piped = await runCommand(['convert', '-', '-o', '-', '--normalise'], {cwd, input: 'a;b\n1;2,50\n'});
	expect(piped).toMatchObject({code: 0, stdout: 'a,b\n1,2.50\n'});
});

test('Parquet holds the same cells, in groups of rows', async () => {
	const cwd = createFolder();
	const rows = Array.from({length: 100_002}, (_, index) => ({n: BigInt(index), text: `r ${index % 9}`}));
	writeFileSync(join(cwd, 'x.csv'), `n,text\n${rows.map(({n, text}) => `${n},${text}\n`).join('')}`);
	const {code} = await runCommand(['convert', 'x.csv', '-o', 'x.parquet'], {cwd});
	expect(code).toBe(0);
	const file = await asyncBufferFromFile(join(cwd, 'x.parquet'));
	expect(await parquetReadObjects({file})).toEqual(rows);
});

test('Parquet has types where all cells of a column, in all files, are of one; any other cell makes it text', async () => {
	const cwd = createFolder();
	const header = 'whole,money,wide,day,clock,instant,flag,code,word,huge\n';
	const wide = '12345678901234567890123456.789';
	writeFileSync(
		join(cwd, 'a.csv'),
		`${header}1,1.5,${wide},2024-02-29,2024-01-01 10:00,2024-01-01T10:00:00.000001Z,TRUE,007,1,${'9'.repeat(40)}\n`,
	);
	writeFileSync(join(cwd, 'b.csv'), `${header}-9000000000000000,-0.25,,0001-01-01,2024-01-01T00:00:01.5,,false,,NA,\n`);
	for (const args of [
		['a.csv', 'b.csv'],
		['-', 'b.csv'],
	] as const) {
		const output = args[0] === '-' ? 'piped.parquet' : 'both.parquet';
		const {code, stderr} = await runCommand(['convert', ...args, '-o', output], {cwd, input: read(cwd, 'a.csv')});
		expect({code, stderr}).toEqual({code: 0, stderr: ''});
		const file = await asyncBufferFromFile(join(cwd, output));
		const metadata = await parquetMetadataAsync(file);
		expect(metadata.schema.slice(1).map(({type, precision, scale}) => [type, precision, scale])).toEqual([
			['INT64', undefined, undefined],
			['INT64', 3, 2],
			['FIXED_LEN_BYTE_ARRAY', 29, 3],
			['INT32', undefined, undefined],
			['INT64', undefined, undefined],
			['INT64', undefined, undefined],
			['BOOLEAN', undefined, undefined],
			['BYTE_ARRAY', undefined, undefined],
			['BYTE_ARRAY', undefined, undefined],
			['BYTE_ARRAY', undefined, undefined],
		]);
		expect(await parquetReadObjects({file})).toEqual([
			{
				...{whole: 1n, money: 1.5, wide: Number(wide), day: new Date('2024-02-29'), flag: true, code: '007', word: '1'},
				...{clock: new Date('2024-01-01T10:00Z'), instant: new Date('2024-01-01T10:00Z'), huge: '9'.repeat(40)},
			},
			{
				...{whole: -9000000000000000n, money: -0.25, wide: null, day: new Date('0001-01-01'), flag: false, code: ''},
				...{word: 'NA', clock: new Date('2024-01-01T00:00:01.5Z'), instant: null, huge: ''},
			},
		]);
		// As they are stored, decimals are exact.
		const schema = metadata.schema.map(({converted_type, ...rest}) =>
			converted_type === 'DECIMAL' ? rest : {...rest, ...(converted_type && {converted_type})},
		);
		const [exact] = await parquetReadObjects({
			file,
			metadata: {...metadata, schema},
			columns: ['money', 'wide'],
			utf8: false,
		});
		expect(exact?.money).toBe(150n);
		expect(BigInt(`0x${Buffer.from(exact?.wide).toString('hex')}`)).toBe(12345678901234567890123456789n);
	}
});

test('Parquet has numbers and dates by their value, in whatever form their column is', async () => {
	const cwd = createFolder();
	writeFileSync(join(cwd, 'de.csv'), 'sum;day;when\n1.234,50;31.12.2024;01/02/2024\n-2,25;1.2.2025;03/04/2024\n');
	const {code, stdout} = await runCommand(['convert', 'de.csv', '-o', 'de.parquet'], {cwd});
	expect(code).toBe(0);
	expect(stdout).toContain('the column "when" stays as it is: "01/02/2024" reads in two ways');
	expect(await parquetReadObjects({file: await asyncBufferFromFile(join(cwd, 'de.parquet'))})).toEqual([
		{sum: 1234.5, day: new Date('2024-12-31'), when: '01/02/2024'},
		{sum: -2.25, day: new Date('2025-02-01'), when: '03/04/2024'},
	]);
});

test('a record is as wide as its names, where these are one fewer or one more than fields', async () => {
	const cwd = createFolder();
	const rows = 'x,1,5\ny,2,6\nz,3,7\n';
	for (const [names, numbered, expected] of [
		['a,b', false, 'a,b,\nx,1,5\ny,2,6\nz,3,7\n'],
		['a,b', true, ',a,b\n1,x,5\n2,y,6\n3,z,7\n'],
		['a,,b,c', false, 'a,b,c\nx,1,5\ny,2,6\nz,3,7\n'],
		['a,b,c,', false, 'a,b,c\nx,1,5\ny,2,6\nz,3,7\n'],
		['a,b,c,d', false, 'a,b,c,d\nx,1,5,\ny,2,6,\nz,3,7,\n'],
	] as const) {
		const input = `${names}\n${numbered ? rows.replaceAll(/(.),(.)/g, '$2,$1') : rows}`;
		for (const text of [input, input.slice(0, -1)]) {
			const {stdout, stderr} = await runCommand(['convert', '-', '-o', '-'], {cwd, input: text});
			expect({names, stdout}, stderr).toEqual({names, stdout: expected});
		}
	}
});

test('columns and records are chosen', async () => {
	const cwd = createFiles();
	const args = ['convert', 'in', '-o', '-', '--columns', 'name', '--where', 'id >= 3'];
	expect(await runCommand(args, {cwd})).toEqual({
		code: 0,
		stdout: 'name\ncaf\u00e9\nplain\n=1+1\n',
		stderr:
			'in/a.tsv: 1 malformed record of 3 left out, the first on line 3: field-count, "1 field, expected 2"\n' +
			'Wrote 3 records of 2 files to standard output; 1 malformed record left out; 1 record filtered\n',
	});
	const none = await runCommand(['convert', 'in/a.tsv', '-o', 'x.csv', '--columns', 'name,none'], {cwd});
	expect(none.code).toBe(1);
	expect(none.stdout).toContain(
		'Expected the column “none” in “in/a.tsv”; its header has “id”, “name” [MISSING_COLUMN]',
	);
	expect(existsSync(join(cwd, 'x.csv'))).toBe(false);
});

test('pipes are read and written, and a reader that leaves ends it', async () => {
	const cwd = createFolder();
	const text = `a;b\n${'1;2\n'.repeat(400_000)}`;
	writeFileSync(join(cwd, 'x.csv'), text);
	const all = await runCommand(['convert', '-', '-o', '-'], {cwd, input: text});
	expect({code: all.code, isSame: all.stdout === text.replaceAll(';', ',')}).toEqual({code: 0, isSame: true});
	writeFileSync(join(cwd, 'small.csv'), 'a;b\n1;2\n');
	const named = await runShell('cat small.csv | "$NODE" "$CLI" convert /dev/stdin -o /dev/stdout | cat', {cwd});
	expect(named.stdout).toBe('a,b\n1,2\n');
	const cut = await runShell('{ "$NODE" "$CLI" convert x.csv -o -; echo $? >&2; } | head -n 2', {cwd});
	expect(cut).toMatchObject({stdout: 'a,b\n1,2\n', stderr: '0\n'});
});

test('headings are written by the names that --map gives them', async () => {
	const cwd = createFolder();
	writeFileSync(join(cwd, 'a.csv'), 'Betrag;Datum;Art\n1;2024-01-02;x\n');
	writeFileSync(join(cwd, 'b.csv'), 'Art,Betrag,Datum\ny,2,2024-01-03\n');
	writeFileSync(join(cwd, 'c.csv'), 'Art,Datum\ny,2024-01-03\n');
	const convert = (...more: readonly string[]) => runCommand(['convert', '-o', '-', ...more], {cwd});
	const map = ['--map', 'amount=Betrag,kind=Art'];
	expect((await convert('a.csv', 'b.csv', ...map)).stdout).toBe('amount,Datum,kind\n1,2024-01-02,x\n2,2024-01-03,y\n');
	expect((await convert('a.csv', ...map, '--columns', 'kind,amount')).stdout).toBe('kind,amount\nx,1\n');
	const missing = await convert('c.csv', ...map);
	expect([missing.code, missing.stderr]).toEqual([
		1,
		expect.stringContaining('Expected the column “Betrag” in “c.csv”'),
	]);
	const twice = await convert('a.csv', '--map', 'Art=Betrag');
	expect([twice.code, twice.stderr]).toEqual([1, expect.stringContaining('Expected one column “Art”')]);
});

test('files with other columns do not become one', async () => {
	const cwd = createFolder();
	writeFileSync(join(cwd, 'a.csv'), 'x,y\n1,2\n');
	writeFileSync(join(cwd, 'b.csv'), 'x,z\n1,2\n');
	const {code, stderr} = await runCommand(['convert', 'a.csv', 'b.csv', '-o', 'all.csv'], {cwd});
	expect(code).toBe(1);
	expect(stderr).toContain('“a.csv” and “b.csv” have not: “y” is only in the first, “z” only in the second');
	expect(readdirSync(cwd).sort()).toEqual(['a.csv', 'b.csv']);
});

test('a file that fails late leaves nothing behind in what all become', async () => {
	const cwd = createFolder();
	const text = `x,y\n${Array.from({length: 300_000}, (_, index) => `${index},${index * 7}\n`).join('')}`;
	const packed = gzipSync(text);
	writeFileSync(join(cwd, 'a.csv.gz'), packed.subarray(0, packed.length - 1000));
	writeFileSync(join(cwd, 'b.csv'), 'x,y\n1,2\n');
	const {code, stdout} = await runCommand(['convert', '.', '-o', '../all.csv', '--force'], {cwd: join(cwd)});
	expect(code).toBe(1);
	expect(stdout).toContain('[CORRUPT_GZIP]');
	expect(readFileSync(join(cwd, '../all.csv'), 'utf8')).toBe('x,y\n1,2\n');
	const piped = await runCommand(['convert', 'a.csv.gz', 'b.csv', '-o', '-'], {cwd});
	expect(piped.code).toBe(1);
	expect(piped.stderr).toContain('b.csv: A file in front of it failed');
});

test('bytes that are not UTF-8 at the very end decide for all of a file', async () => {
	const cwd = createFolder();
	const text = `a,b\n\u00e9,1\n${'x,y\n'.repeat(200_000)}`;
	const bytes = Buffer.concat([Buffer.from(text), Buffer.from('caf\xe9,2\n', 'latin1')]);
	writeFileSync(join(cwd, 'x.csv'), bytes);
	expect((await runCommand(['convert', 'x.csv', '-o', 'y.csv'], {cwd})).code).toBe(0);
	expect(read(cwd, 'y.csv')).toBe(`${text.replace('\u00e9', '\u00c3\u00a9')}caf\u00e9,2\n`);
	const piped = await runCommand(['convert', '-', '-o', '-'], {cwd, input: bytes});
	expect(piped.code).toBe(1);
	expect(piped.stderr).toContain('[INVALID_ENCODING]');
});

test('no input and no other file is lost', async () => {
	const cwd = createFiles();
	const input = await runCommand(['convert', 'in/a.tsv', '-o', './in/../in/a.tsv', '--to', 'csv', '--force'], {cwd});
	expect(input.code).toBe(2);
	expect(input.stderr).toContain('is the same file as the input “in/a.tsv”');
	writeFileSync(join(cwd, 'other.csv'), 'mine\n');
	const other = await runCommand(['convert', 'in/a.tsv', '-o', 'other.csv'], {cwd});
	expect(other.code).toBe(3);
	expect(read(cwd, 'other.csv')).toBe('mine\n');
	expect((await runCommand(['convert', 'in/a.tsv', '-o', 'other.csv', '--force'], {cwd})).code).toBe(0);
	expect(read(cwd, 'other.csv')).toContain('id,name\n');
	writeFileSync(join(cwd, 'in/a.csv'), 'id,name\n');
	const same = await runCommand(['convert', 'in', '-o', 'out/'], {cwd});
	expect(same.code).toBe(2);
	expect(same.stderr).toContain('“in/a.csv” and “in/a.tsv” would both be written to “out/a.csv”');
	expect(existsSync(join(cwd, 'out'))).toBe(false);
});

test('what cannot be used is said before anything is written', async () => {
	const cwd = createFiles();
	for (const [args, code, sentence] of [
		[['in'], 2, 'Say where convert writes to'],
		[['in', '-o', 'x.xlsx'], 2, '-o takes a file that ends in .csv, .jsonl or .parquet'],
		[['in', '-o', 'x.csv', '--columns', 'a,,b'], 2, '--columns takes different names'],
		[['none.csv', '-o', 'x.csv'], 4, 'none.csv'],
		[['in', '-o', 'no/such/x.csv'], 3, 'does not exist (ENOENT)'],
		[['in', '-o', '/dev/full', '--to', 'csv'], 3, 'a device or a pipe'],
	] as const) {
		const ended = await runCommand(['convert', ...args], {cwd});
		expect({args, code: ended.code}).toEqual({args, code});
		expect(ended.stderr).toContain(sentence);
	}
	expect(readdirSync(cwd)).toEqual(['in']);
});

test('a file without a record is written with its header, and says so by the exit code', async () => {
	const cwd = createFolder();
	writeFileSync(join(cwd, 'x.csv'), 'a,b\n1\n');
	expect((await runCommand(['convert', 'x.csv', '-o', 'y.csv'], {cwd})).code).toBe(1);
	expect(read(cwd, 'y.csv')).toBe('a,b\n');
	expect((await runCommand(['convert', 'x.csv', '-o', 'z.csv', '--fail-on', 'never'], {cwd})).code).toBe(0);
	expect((await runCommand(['convert', 'x.csv', '-o', 's.csv', '--strict'], {cwd})).stdout).toContain(
		'[TOO_MANY_REJECTS]',
	);
	expect(existsSync(join(cwd, 's.csv'))).toBe(false);
});

test('a signal leaves no file behind', async ({skip}) => {
	if (whyNoSignalState !== null) skip(whyNoSignalState);
	const cwd = createFolder();
	const command = startCommand(['convert', '-', '-o', 'x.csv'], {cwd, input: 'open'});
	command.write('a,b\n1,2\n');
	await vi.waitFor(() => expect([hasSignalHandlers(command.pid), readdirSync(cwd).length]).toEqual([true, 1]), PATIENT);
	command.kill('SIGINT');
	expect((await command.ended).code).toBe(130);
	expect(readdirSync(cwd)).toEqual([]);
});

test('rejected records go to --rejects as in a run, and --fill and --max-errors mean the same', async () => {
	const cwd = createFiles();
	const args = ['convert', 'in', '-o', 'all.csv', '--rejects', 'bad.csv'];
	expect((await runCommand(args, {cwd})).code).toBe(0);
	await runCommand(['in', '--analysis', 'profile', '--json', '--rejects', 'run.csv'], {cwd});
	expect(read(cwd, 'bad.csv')).toContain('in/a.tsv,3,23,,field-count,"1 field, expected 2",2,2,\n');
	expect(read(cwd, 'bad.csv')).toBe(read(cwd, 'run.csv'));
	const few = await runCommand(['convert', 'in/a.tsv', '-o', 'few.csv', '--max-errors', '30%'], {cwd});
	expect([few.code, existsSync(join(cwd, 'few.csv'))]).toEqual([1, false]);
	expect((await runCommand(['convert', 'in/a.tsv', '-o', 'fill.csv', '--fill'], {cwd})).code).toBe(0);
	expect(read(cwd, 'fill.csv')).toBe('id,name\n1,"x, ""y"""\n2,\n3,caf\u00e9\n');
	const same = await runCommand(['convert', 'in/a.tsv', '-o', 'x.csv', '--rejects', './x.csv'], {cwd});
	expect([same.code, existsSync(join(cwd, 'x.csv'))]).toEqual([2, false]);
});

test('rejected records that are found beside the data are left out, and read where they are named', async () => {
	const cwd = createFiles();
	expect((await runCommand(['in', '--rejects', 'in/bad.csv'], {cwd})).code).toBe(0);
	const {code, stdout} = await runCommand(['convert', 'in', '-o', 'all.csv'], {cwd});
	expect(code).toBe(0);
	expect(stdout).toContain('Wrote 4 records of 2 files');
	expect(stdout).toContain('in/bad.csv: Expected data, but this is a file of rejected records');
	expect(read(cwd, 'all.csv').split('\n')).toHaveLength(6);
	const named = await runCommand(['convert', 'in/bad.csv', '-o', 'bad.csv'], {cwd});
	expect(named).toMatchObject({code: 0, stdout: 'Wrote 1 record of 1 file to bad.csv\n'});
});

test('the bytes are the same for any threads, and a file that fails in the middle changes none of the others', async () => {
	const cwd = createFolder();
	mkdirSync(join(cwd, 'in'));
	const rows = (from: number): string =>
		`n,text\n${Array.from({length: 5000}, (_, index) => `${from + index},"r, ${index % 9}"\n`).join('')}`;
	for (let file = 0; file < 6; file++) writeFileSync(join(cwd, `in/${10 + file}.csv`), rows(file));
	writeFileSync(join(cwd, 'in/10.csv.gz'), gzipSync(rows(7)).subarray(0, -1000));
	writeFileSync(join(cwd, 'in/12.csv.gz'), gzipSync(rows(7)).subarray(0, -1000));
	for (const [ending, format] of [
		['csv', []],
		['parquet', []],
		['jsonl', ['--normalise']],
	] as const) {
		const outputs = [];
		for (const threads of ['1', '3']) {
			const output = `${threads}.${ending}`;
			const args = ['convert', 'in', '-o', output, '--threads', threads, ...format];
			const {code, stdout} = await runCommand(args, {cwd});
			outputs.push({
				code,
				stdout: stdout.replace(output, ''),
				bytes: readFileSync(join(cwd, output)).toString('latin1'),
			});
		}
		expect(outputs[0]).toMatchObject({code: 1});
		expect(outputs[0]?.stdout).toContain('Wrote 30,000 records of 6 files');
		expect(outputs[1]).toEqual(outputs[0]);
	}
});

test('files of a folder keep their places in it, and what was written there is not read again', async () => {
	const cwd = createFiles();
	const outside = createFolder();
	mkdirSync(join(cwd, 'in/2024/q1'), {recursive: true});
	writeFileSync(join(cwd, 'in/2024/q1/a.csv'), 'x\n1\n');
	for (const [args, names] of [
		[['in'], ['2024/q1/a.csv', 'a.csv', 'b.csv']],
		[
			['./in/2024/', 'in/a.tsv'],
			['a.csv', 'q1/a.csv'],
		],
		[['in/2024/*/*.csv'], ['q1/a.csv']],
		[['.'], ['in/2024/q1/a.csv', 'in/a.csv', 'in/b.csv']],
	] as const) {
		const output = join(outside, args[0].replaceAll(/\W/g, '_'));
		expect((await runCommand(['convert', ...args, '-o', `${output}/`], {cwd})).code).toBe(0);
		const written = readdirSync(output, {recursive: true, encoding: 'utf8'});
		expect(written.filter(name => name.endsWith('.csv')).sort()).toEqual(names);
	}
	expect((await runCommand(['convert', '.', '-o', 'out/'], {cwd})).code).toBe(0);
	const again = await runCommand(['convert', '.', '-o', 'out/', '--force'], {cwd});
	expect(again.code).toBe(2);
	expect(again.stderr).toContain('is in the folder that is written to, “out/”');
});
