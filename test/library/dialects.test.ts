// Files in dialects that their header does not tell: found in them, or said by the user.
import {writeFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {
	type FileReport,
	type ProcessOptions,
	type ProfileResult,
	processBatch,
	processFile,
	type TransactionsResult,
} from '../../source/index.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const read = (text: string, options: ProcessOptions = {}, name = 'table.csv'): Promise<FileReport> =>
	processFile(createTemporaryFolder().write(name, text), {threads: 1, ...options});

const columnsOf = ({result}: FileReport): readonly string[] =>
	(result as ProfileResult).columns.map(({name, type, sum}) => `${name} ${type} ${sum ?? ''}`.trim());

const plain = {delimiter: ',', quote: '"', encoding: 'utf-8', newline: '\n', header: true, compression: null};

const behind = (line: number, byteOffset: number): object => ({
	...{code: 'LINES_BEHIND', line, byte_offset: byteOffset},
	message: 'Expected the table to the last line, found 1 line behind it that is no part of it',
});

describe('what is found', () => {
	test.each<[string, string, object, readonly string[]]>([
		['colons', 'shop:sold\na:1\nb:2\n', {delimiter: ':'}, ['shop text', 'sold integer 3']],
		[
			'control characters',
			'shop\u001fsold\na\u001f1\nb\u001f2\n',
			{delimiter: '\u001f'},
			['shop text', 'sold integer 3'],
		],
		['two characters', 'shop||sold\na||1\nb|c||2\n', {delimiter: '||'}, ['shop text', 'sold integer 3']],
		['apostrophes', "shop,sold\n'a, b',1\n'c',2\n", {quote: "'"}, ['shop text', 'sold integer 3']],
		['apostrophes around texts alone', "shop,sold\n'a',1\n'b',2\n", {quote: "'"}, ['shop text', 'sold integer 3']],
		['backslashes', 'shop,sold\n"a \\"b\\", c",1\n"d",2\n', {escape: '\\'}, ['shop text', 'sold integer 3']],
		['no header', 'a,1\nb,2\nc,3\n', {header: false}, ['column_1 text', 'column_2 integer 6']],
		['no header above an only column', '1.50\n"2.25"\n', {header: false}, ['column_1 decimal 3.75']],
		['titles', 'Sales\nof May\n\nshop,sold\na,1\nb,2\n', {skip_lines: 3}, ['shop text', 'sold integer 3']],
		[
			'a total',
			'shop,sold\na,1\nb,2\nTotal: 2 shops\n',
			{skip_footer: 1, problems: [behind(4, 18)]},
			['shop text', 'sold integer 3'],
		],
		['comments', 'shop,sold\na,1\n# and so on\nb,2\n', {comment: '#'}, ['shop text', 'sold integer 3']],
		[
			'comments beside errors of a spreadsheet',
			'shop,sold\na,1\n# and so on\n#N/A,2\n',
			{comment: '#'},
			['shop text', 'sold integer 3'],
		],
		['its separator', 'sep=;\nshop;sold\na;1\n', {delimiter: ';', skip_lines: 1}, ['shop text', 'sold integer 1']],
		['two rows of names', ',in\nshop,May\na,1\nb,2\n', {}, ['shop text', 'in May integer 3']],
	])('%s', async (_, text, dialect, columns) => {
		const report = await read(text);
		expect(report.dialect).toEqual({...plain, ...dialect});
		expect([report.rows, report.rejected_rows]).toEqual([text.includes('c,3') ? 3 : text.includes('sep') ? 1 : 2, 0]);
		expect(columnsOf(report)).toEqual(columns);
		expect(columnsOf(await read(text, {reader: 'reference'}))).toEqual(columns);
	});

	const header = 'transaction_id,customer_id,amount,category,date\n';
	const [one, two] = ['1,1,2.50,food,2024-01-01T10:00:00Z\n', '2,1,3.50,"a, b",2024-01-01T11:00:00Z\n'];
	const inApostrophes = (text: string): string => text.replace(/food|"a, b"/, word => `'${word.replaceAll('"', '')}'`);

	test.each<[string, string, object]>([
		['apostrophes', header + inApostrophes(one) + inApostrophes(two), {quote: "'"}],
		['comments', `${header}${one}# and so on\n${two}`, {comment: '#'}],
		['totals', `${header}${one}${two}\nTotal,,6.00\n`, {skip_footer: 2}],
		['backslashes', header + one + two.replace('a, b', String.raw`a \", b`), {escape: '\\'}],
		['line ends of two kinds', header + one.replace('\n', '\r\n') + two, {newline: 'mixed'}],
	])('known names decide the analysis, but %s are seen as in any file', async (_, text, dialect) => {
		const folder = createTemporaryFolder();
		const paths = ['a.csv', 'b.csv'].map(name => folder.write(name, text));
		const options = {analysis: 'transactions', threads: 1} as const;
		const {files} = await processBatch(paths, options);
		for (const report of [...files, await read(text, {...options, reader: 'reference'})]) {
			expect(report).toMatchObject({rows: 2, rejected_rows: 0, dialect});
			expect(report.result).toMatchObject({total_amount_exact: '6.00', unique_customers: {value: 1}});
		}
	});

	test('small files are read the same where their delimiter is said, plain ones and others', async () => {
		const folder = createTemporaryFolder();
		const withSemicolons = (header + one + two.replace('a, b', 'a b')).replaceAll(',', ';');
		const texts = [
			withSemicolons,
			`Sales; of May\n\n${withSemicolons}`,
			`${withSemicolons}\nTotal;;6.00\n`,
			header + one,
		];
		const paths = texts.map((text, place) => folder.write(`${place}.csv`, text));
		const options = {analysis: 'transactions', threads: 1, dialect: {delimiter: ';'}} as const;
		const {files} = await processBatch(paths, options);
		const told = (report: FileReport): object => ({...report, processing_time: 0});
		for (const [place, path] of paths.entries())
			expect(told(files[place] as FileReport)).toEqual(
				told(await processFile(path, {...options, reader: 'reference'})),
			);
		expect(files.map(({rows}) => rows)).toEqual([2, 2, 2, 0]);
		const {files: again} = await processBatch(paths.slice(3), {...options, dialect: {}});
		expect(again).toMatchObject([{rows: 1}]);
	});

	test('a table that begins far behind the first one is told with its line', async () => {
		const first = Array.from({length: 20_000}, (_, index) => `${index},x\n`).join('');
		const {hint, rejects, rows} = await read(
			`id,name\n${first}\nTowns\ntown,people,since\na,1,2001\nb,2,2002\nc,3,2003\n`,
		);
		expect([rows, rejects[1]?.line]).toEqual([20_005, 20_004]);
		expect(hint).toContain('Another table may begin on line 20004: records in a row have 3 fields, expected 2');
	});

	test('what is wrong with how a file is written is told with its place', async () => {
		const {dialect, rows} = await read('\u{feff}a,b\n1,2\r\n3,4\n\nname,town,age\nx,y,3\nz,u,4\n');
		expect(rows).toBe(2);
		expect(dialect).toMatchObject({
			newline: 'mixed',
			problems: [
				{code: 'OTHER_TABLE', line: 5, byte_offset: 17, message: expect.stringContaining('only the first one is read')},
				{
					code: 'MIXED_NEWLINES',
					line: 2,
					byte_offset: 7,
					message: 'Expected one kind of line end, found CRLF behind LF',
				},
			],
		});
	});

	test.each([
		'shop,sold\na,1\nb,2\nc\n',
		'shop,sold,note\na,1,x\nb,2,y\nc\n',
	])('a last record of one word is what is left of a record, and is told: %j', async text => {
		const report = await read(text);
		expect(report.dialect).toEqual(plain);
		expect(report).toMatchObject({rows: 3, rejected_rows: 1, rejects: [{line: 4, reason: 'field-count'}]});
	});

	test('quotes are a part of cells where all records with them are whole without, also those behind an open one', async () => {
		const report = await read('shop,sold\n"a" b,1\n"c,2\n');
		expect(report).toMatchObject({rows: 2, rejected_rows: 0, dialect: {...plain, quote: ''}});
		expect(columnsOf(report)).toEqual(['shop text', 'sold integer 3']);
	});

	test.each<[string, string, readonly object[]]>([
		['what is left of a record', 'shop,sold\n"a",1\n"b",2\n"c', [{line: 4, reason: 'unclosed-quote', value: '"c'}]],
		['all that is left', 'shop,sold\n"', [{line: 2, reason: 'unclosed-quote', value: '"'}]],
		['a title', '"Sales" of May\nshop,sold\n"a",1\n"b",2\n', []],
	])('a faulty quote in %s does not make those of the table a part of its cells', async (_, text, rejects) => {
		for (const reader of ['kernel', 'reference'] as const) {
			const report = await read(text, {reader});
			expect(report.dialect?.quote).toBe('"');
			expect(report.rejects).toMatchObject(rejects);
			expect(report.rejected_rows).toBe(rejects.length);
			if (report.rows > 1) expect((report.result as ProfileResult).columns[0]).toMatchObject({name: 'shop', max: 'b'});
		}
	});

	const shops = 'a,1\n'.repeat(20);

	test.each<[string, string, number, readonly object[]]>([
		['is closed by a later one in front of text', `"b,2\n"c",3\n${shops}`, 22, [{line: 2, reason: 'unclosed-quote'}]],
		['stands in the last record', `${shops}"b,2\n`, 21, [{line: 22, reason: 'unclosed-quote'}]],
		['is one of many fields in quotes', `${'"a",1\n'.repeat(20)}"b" c,2\n`, 21, [{line: 22, reason: 'quote'}]],
		['is the only one', `${shops}"b" c,2\n`, 21, [{line: 22, reason: 'quote'}]],
	])('a quote that %s takes no other record with it', async (_, text, rows, rejects) => {
		for (const reader of ['kernel', 'reference'] as const) {
			const report = await read(`shop,sold\n${text}`, {reader});
			expect(report).toMatchObject({rows, rejected_rows: rejects.length, rejects, dialect: plain});
		}
	});

	test.each([
		['one of two records', 'shop,sold\n"x"y"z,1\nb,2\n', [2]],
		['one of five records', 'shop,sold\na,1\n"x"y"z,2\nc,3\nd,4\ne,5\n', [3]],
		['the only record', 'shop,sold\n"x" y,1\n', [2]],
		['two of five records', 'shop,sold\na,1\n"x" y,2\nc,3\n"d" e,4\nf,5\n', [3, 5]],
	] as const)('faulty quotes in %s are damage, and no text without quotes', async (_, text, lines) => {
		for (const reader of ['kernel', 'reference'] as const) {
			const {dialect, rejects} = await read(text, {reader});
			expect(dialect).toEqual(plain);
			expect(rejects.map(({line, reason}) => [line, reason])).toEqual(lines.map(line => [line, 'quote']));
		}
	});

	test('a quote that is never closed is damage, and no text without quotes', async () => {
		const report = await read('shop,sold\na,1\n"b,2\nc,3\n');
		expect(report.dialect).toEqual(plain);
		expect(report).toMatchObject({rows: 3, rejected_rows: 1, rejects: [{line: 3, reason: 'unclosed-quote'}]});
	});

	test('an analysis finds its columns behind titles', async () => {
		const text = 'Bank of Somewhere;\n\ncustomer_id;amount;date;category\nc1;5;2024-01-02;food\nc2;x;2024-01-03;food\n';
		const report = await read(text);
		expect(report).toMatchObject({analysis: 'transactions', rows: 2, rejected_rows: 1});
		expect(report.rejects).toEqual([{line: 5, byte_offset: 74, column: 'amount', reason: 'not-a-number', value: 'x'}]);
	});

	test('a text stays a text, and a log of times with colons too', async () => {
		for (const text of ['One: two\nthree four: five\n', '10:00:01 a b\n10:00:02 c d\n'])
			expect((await read(text, {}, 'notes.txt')).analysis).toBe('lines');
	});

	test('lines behind a table are told with their place in the file, also in UTF-16', async () => {
		const path = createTemporaryFolder().write('a.csv', '');
		writeFileSync(path, Buffer.from('\ufeffshop,sold\na,1\nb,2\nTotal: 2 shops\n', 'utf16le'));
		const {dialect, rows} = await processFile(path, {threads: 1});
		expect([rows, dialect?.problems]).toEqual([2, [behind(4, 38)]]);
	});

	test('where bad records stand in a file that is rewritten', async () => {
		const text = 'customer_id::amount::date::category\nc1::5::2024-01-02::a:b\nc2::x::2024-01-03::food\n';
		const report = await read(text);
		expect(report.dialect?.delimiter).toBe('::');
		expect(report.rejects).toEqual([{line: 3, byte_offset: 59, column: 'amount', reason: 'not-a-number', value: 'x'}]);
	});
});

describe('what is said', () => {
	test('beats what is found, for all files or for those with a name', async () => {
		const text = 'a;b,c\n1;2,3\n';
		expect((await read(text, {dialect: {delimiter: ','}})).dialect?.delimiter).toBe(',');
		expect((await read(text, {dialects: {'*.csv': {delimiter: ','}}})).dialect?.delimiter).toBe(',');
		expect((await read(text, {dialects: {'*.txt': {delimiter: ','}}})).dialect?.delimiter).toBe(';');
		for (const name of ['table.csv', 'tab*.csv', '{a,table}.csv'])
			expect((await read(text, {dialects: {[name]: {delimiter: ','}}})).dialect?.delimiter).toBe(',');
		const both = {dialects: {'*.csv': {delimiter: ',', header: false}}, dialect: {delimiter: ';'}};
		expect((await read(text, both)).dialect).toMatchObject({delimiter: ';', header: false});
	});

	test('forms of numbers and dates, for all files or for those with a name', async () => {
		const text = 'customer_id,amount,date,category\nc,1.500,01/02/2024,g\n';
		const said = {decimal: ',', dateFormat: 'd/m/y'} as const;
		const outcome = async (options: ProcessOptions) => {
			const {result, error} = await read(text, options);
			const {total_amount_exact: total, date_range: days} = (result ?? {}) as Partial<TransactionsResult>;
			return error?.code ?? [total, days?.earliest];
		};
		expect(await outcome({})).toBe('AMBIGUOUS_FORM');
		expect(await outcome({dialects: {'*.csv': said}})).toEqual(['1500', '2024-02-01']);
		expect(await outcome({dialects: {'table.csv': {...said, delimiter: ','}}})).toEqual(['1500', '2024-02-01']);
		expect(await outcome({dialects: {'*.txt': said}})).toBe('AMBIGUOUS_FORM');
		expect(await outcome({dialects: {'*.csv': said}, dateFormat: 'm/d/y'})).toEqual(['1500', '2024-01-02']);
		expect(await outcome({dialects: {'*.csv': {thousands: 'none', dateFormat: 'd/m/y'}}})).toEqual([
			'1.500',
			'2024-02-01',
		]);
		await expect(outcome({dialects: {'*.csv': {dateFormat: 'x'}}})).rejects.toThrow('dateFormat');
	});

	test('known names decide the rest, as without it', async () => {
		const text = 'customer_id,amount,date,category\nc,x,y,category\nd,z,w,category\n';
		for (const dialect of [{}, {skipFooter: 0}, {quote: '"'}, {delimiter: ','}])
			expect(await read(text, {dialect, analysis: 'transactions'})).toMatchObject({error: null, rejected_rows: 2});
	});

	test('a text for empty cells', async () => {
		const report = await read('shop;sold\na;NULL\nb;2\n', {dialect: {null: 'NULL'}});
		expect(columnsOf(report)).toEqual(['shop text', 'sold integer 2']);
	});

	test('lines in front and behind', async () => {
		const report = await read('x,y\na,b\n1,2\n3,4\nend,5\n', {dialect: {skipLines: 1, skipFooter: 1}});
		expect(columnsOf(report)).toEqual(['a integer 4', 'b integer 6']);
		expect(report.dialect).toEqual({...plain, skip_lines: 1, skip_footer: 1});
	});

	test('what cannot be is refused', async () => {
		await expect(read('a,b\n', {dialect: {delimiter: '\n'}})).rejects.toThrow('delimiter "\\n" makes no sense');
	});
});
