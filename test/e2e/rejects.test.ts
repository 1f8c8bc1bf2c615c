// The built command writes every rejected record to a file of its own.
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {parse} from 'csv-parse/sync';
import {expect, test} from 'vitest';
import {createFolder, parseReport, runCommand} from '../helpers/command.ts';

const HEADER = 'transaction_id,customer_id,amount,date,category\n';

const readRows = (path: string): Record<string, string>[] =>
	parse<Record<string, string>>(readFileSync(path), {columns: true});

/** Two files with other columns and other bytes, of which one is in Windows-1252. */
function createData(): string {
	const cwd = createFolder();
	const good = '1,c,2.50,2024-01-01,food\n';
	const bad = ['2,c,"12,5o",2024-01-01,"=cmd()"', '3,c,-5.00,2024-13-01,-minus', '4,c,5,2024-01-01', '5,c,"open,1'];
	writeFileSync(join(cwd, 'a.csv'), HEADER + good + bad.map(line => `${line}\n`).join(good));
	writeFileSync(
		join(cwd, 'b.csv'),
		Buffer.from(`customer_id;amount;date;note;category\r\nk\xe9;;2024-01-01;"a ""b""";x`, 'latin1'),
	);
	return cwd;
}

test('each rejected record is a row, with its place, its reason and its fields, in the columns of all files', async () => {
	const cwd = createData();
	const {code, stdout} = await runCommand(['a.csv', 'b.csv', '--json', '--rejects', 'bad.csv'], {cwd});
	const report = parseReport(stdout);
	expect([code, report.totals.rejected_rows]).toEqual([1, 5]);
	const rows = readRows(join(cwd, 'bad.csv'));
	const expected = report.files.flatMap(({file, rejects}) =>
		rejects.map(({line, byte_offset, column, reason, value}) => ({
			...{_file: file, _line: String(line), _byte_offset: String(byte_offset)},
			...{_column: column ?? '', _reason: reason, _value: value},
		})),
	);
	expect(rows).toMatchObject(expected);
	const data = rows.map(({_file, _line, _byte_offset, _column, _reason, _value, ...rest}) => rest);
	const [a, b] = ['', ''];
	expect(data).toEqual([
		{
			_record: '2,c,"12,5o",2024-01-01,"=cmd()"',
			...{transaction_id: '2', customer_id: 'c', amount: '12,5o', date: '2024-01-01', category: "'=cmd()", note: a},
		},
		{
			_record: '3,c,-5.00,2024-13-01,-minus',
			...{transaction_id: '3', customer_id: 'c', amount: '-5.00', date: '2024-13-01', category: "'-minus", note: a},
		},
		{
			_record: '4,c,5,2024-01-01',
			...{transaction_id: '4', customer_id: 'c', amount: '5', date: '2024-01-01', category: '', note: a},
		},
		{
			_record: '5,c,"open,1',
			...{transaction_id: '5', customer_id: 'c', amount: '"open,1', date: '', category: '', note: a},
		},
		{
			_record: 'ké;;2024-01-01;"a ""b""";x',
			...{transaction_id: b, customer_id: 'ké', amount: '', date: '2024-01-01', category: 'x', note: 'a "b"'},
		},
	]);
});

test('of several analyses, each says what it has against the record, which stands there once', async () => {
	const cwd = createFolder();
	const header = 'transaction_id,customer_id,amount,date,category,sales,department\n';
	writeFileSync(join(cwd, 'a.csv'), `${header}1,c,x,2024-01-01,g,y,d\n2,c,x,2024-01-01,g,1,d\n3\n`);
	const args = ['a.csv', '--json', '--analysis', 'transactions,sales', '--rejects', 'bad.csv'];
	const {stdout} = await runCommand(args, {cwd});
	const {files} = parseReport(stdout);
	const rows = readRows(join(cwd, 'bad.csv'));
	expect(rows).toHaveLength(files[0]?.rejected_rows ?? 0);
	expect(rows.map(({_reason, _column}) => [_reason, _column])).toEqual([
		['transactions: not-a-number; sales: not-a-number', 'amount; sales'],
		['transactions: not-a-number', 'amount'],
		['field-count', ''],
	]);
});

test('the file is the same for any threads, and says what it does not list', async () => {
	const cwd = createFolder();
	const record = (index: number): string =>
		`${index},c${index % 97},${index % 10 === 0 ? '"12,5o"' : '2.50'},2024-01-01,"food ""and"" more"\n`;
	const text = HEADER + Array.from({length: 400_000}, (_, index) => record(index)).join('');
	expect(text.length).toBeGreaterThan(17_000_000);
	writeFileSync(join(cwd, 'large.csv'), text);
	for (let file = 0; file < 30; file++) writeFileSync(join(cwd, `small-${file}.csv`), text.slice(0, 2000 + 50 * file));
	const written: Buffer[] = [];
	for (const threads of ['1', '3']) {
		const args = ['.', '--json', '--threads', threads, '--rejects', 'bad.csv', '--max-rejects', '40050'];
		const {stdout} = await runCommand(args, {cwd});
		const total = parseReport(stdout).totals.rejected_rows;
		const rows = readRows(join(cwd, 'bad.csv'));
		expect(rows).toHaveLength(40_051);
		const more = `${total - 40_050} more rejected records are not listed: --max-rejects 40050`;
		expect(rows.at(-1)).toMatchObject({_reason: 'not-listed', _value: more});
		const places = rows.slice(0, -1).map(({_file, _byte_offset}) => ({_file, at: Number(_byte_offset)}));
		const {_file, at = -1} = places[30_000] ?? {};
		expect([_file, text.startsWith(rows[30_000]?._record ?? '?', at)]).toEqual(['./large.csv', true]);
		written.push(readFileSync(join(cwd, 'bad.csv')));
	}
	expect(written[1]?.equals(written[0] ?? Buffer.alloc(0))).toBe(true);
});

test('it replaces no input and no file of another program, and an older one of its own', async () => {
	const cwd = createData();
	const clash = await runCommand(['a.csv', '--rejects', 'a.csv'], {cwd});
	expect([clash.code, clash.stderr]).toEqual([2, expect.stringContaining('is the same file as the input')]);
	writeFileSync(join(cwd, 'other.csv'), 'a,b\n1,2\n');
	const foreign = await runCommand(['a.csv', '--rejects', 'other.csv'], {cwd});
	expect([foreign.code, foreign.stderr]).toEqual([3, expect.stringContaining('--force replaces it')]);
	const missing = await runCommand(['a.csv', '--rejects', 'no/bad.csv'], {cwd});
	expect([missing.code, missing.stderr]).toEqual([3, expect.stringContaining('does not exist')]);
	for (const _ of ['new', 'old']) expect((await runCommand(['a.csv', '--rejects', 'bad.csv'], {cwd})).code).toBe(0);
	expect(existsSync(join(cwd, 'bad.csv'))).toBe(true);
});

test('without a rejected record it has its heading alone', async () => {
	const cwd = createFolder();
	writeFileSync(join(cwd, 'a.csv'), `${HEADER}1,c,2.50,2024-01-01,food\n`);
	expect((await runCommand(['a.csv', '--rejects', 'bad.csv'], {cwd})).code).toBe(0);
	expect(readFileSync(join(cwd, 'bad.csv'), 'utf8')).toBe('_file,_line,_byte_offset,_column,_reason,_value,_record\n');
});

test('when its records have been corrected it is read again, as the table that they came from', async () => {
	const cwd = createFolder();
	writeFileSync(
		join(cwd, 'a.csv'),
		`${HEADER}1,c,2.50,2024-01-01,food\n2,c,"1,5o",2024-01-01,"=fuel\nand more"\n3,c,x,2024-01-02,g\n`,
	);
	await runCommand(['a.csv', '--rejects', 'bad.csv'], {cwd});
	const corrected = readFileSync(join(cwd, 'bad.csv'), 'utf8').replace('2,c,"1,5o",2024', '2,c,1.50,2024');
	writeFileSync(join(cwd, 'fixed.csv'), corrected);
	for (const reader of [[], ['--threads', '1']]) {
		const {files} = parseReport((await runCommand(['fixed.csv', '--json', ...reader], {cwd})).stdout);
		const place = {line: 5, byte_offset: corrected.indexOf('a.csv,5'), column: 'amount', value: 'x'};
		expect(files).toMatchObject([
			{analysis: 'transactions', rows: 2, rejected_rows: 1, bytes: corrected.length, rejects: [place]},
		]);
		expect(files[0]?.result).toMatchObject({total_amount_exact: '1.50', top_category: '=fuel\nand more'});
	}
	const profile = parseReport((await runCommand(['fixed.csv', '--json', '--analysis', 'profile'], {cwd})).stdout);
	expect(profile.analyses.profile?.columns.map(({name}) => name)).toEqual(HEADER.trim().split(','));
});

test('rows of padding, repeated headers and NUL bytes are rejected with what was expected, and listed', async () => {
	const cwd = createFolder();
	const good = '1,c,2.50,2024-01-01,food\n';
	const text = `${HEADER}${good},,,,\n${good}${HEADER}"","","","",""\n1,c\0,2.50,2024-01-01,\0\n`;
	writeFileSync(join(cwd, 'a.csv'), text);
	const whole = (line: number, found: string, reason: string, value: string) => {
		const record = {line, byte_offset: text.split('\n', line - 1).join('\n').length + 1, column: null};
		return [{...record, reason, value}, found] as const;
	};
	const expected = [
		whole(3, ',,,,', 'padding', '5 empty fields, expected values'),
		whole(5, HEADER.trim(), 'repeated-header', 'the header again, expected values'),
		whole(6, '"","","","",""', 'padding', '5 empty fields, expected values'),
		whole(7, '1,c\0,2.50,2024-01-01,\0', 'nul-byte', '2 NUL bytes, expected text'),
	];
	for (const analysis of ['transactions', 'profile', 'transactions,quality']) {
		const args = ['a.csv', '--json', '--analysis', analysis, '--rejects', 'bad.csv', '--force'];
		const {totals, files} = parseReport((await runCommand(args, {cwd})).stdout);
		expect([totals.rows, totals.rejected_rows]).toEqual([6, 4]);
		expect(files[0]?.rejects).toEqual(expected.map(([reject]) => reject));
		const rows = readRows(join(cwd, 'bad.csv'));
		expect(rows.map(({_line, _reason, _value, _record}) => [Number(_line), _reason, _value, _record])).toEqual(
			expected.map(([{line, reason, value}, record]) => [line, reason, value, record]),
		);
	}
	const {stdout} = await runCommand(['sniff', 'a.csv', '--json'], {cwd});
	expect((JSON.parse(stdout) as {files: [{problems: unknown}]}).files[0].problems).toMatchObject([
		{code: 'PADDING', line: 3, message: 'Expected values; found 5 empty fields'},
		{code: 'REPEATED_HEADER', line: 5, message: 'Expected values; found the header again'},
		{code: 'PADDING', line: 6},
		{code: 'NUL_BYTE', line: 7, message: 'Expected text; found 2 NUL bytes'},
	]);
});

test('beside the data it is left out, and told', async () => {
	const cwd = createFolder();
	writeFileSync(join(cwd, 'a.csv'), `${HEADER}1,c,2.50,2024-01-01,food\n3,c,x,2024-01-02,g\n`);
	await runCommand(['a.csv', '--rejects', 'bad.csv'], {cwd});
	for (const paths of ['.', './*', 'b*.csv']) {
		const {code, stdout} = await runCommand([paths, '--json'], {cwd});
		const {totals, files} = parseReport(stdout);
		const skipped = files.filter(({status}) => status === 'skipped');
		expect(skipped.map(({error}) => error?.code)).toEqual(['OWN_OUTPUT']);
		expect(skipped[0]?.error?.message).toContain('a file of rejected records that fileproc-tui has written. Name it');
		if (paths !== 'b*.csv') expect([code, totals.rows]).toEqual([0, 2]);
	}
});
