// What is wrong with tables, and how it is shown.
import {parse} from 'csv-parse/sync';
import {expect, test} from 'vitest';
import {describeAnalyses} from '../../source/analysis/registry.ts';
import {
	type ColumnQualityResult,
	type ProcessOptions,
	processBatch,
	type QualityFinding,
	type QualityResult,
	type Report,
} from '../../source/index.ts';
import {csvChunks} from '../../source/report/csv.ts';
import {htmlChunks} from '../../source/report/html/page.ts';
import {markdownChunks} from '../../source/report/markdown.ts';
import {summaryLines} from '../../source/report/summary.ts';
import {createLook} from '../../source/ui/look/look.ts';
import {buildResult} from '../../source/ui/views/result-lines.ts';
import {generateBytes} from '../helpers/generated.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const infos = describeAnalyses('quality');

async function reportOf(
	files: Readonly<Record<string, string | Uint8Array>>,
	options: ProcessOptions = {},
): Promise<Report> {
	const folder = createTemporaryFolder();
	for (const [name, content] of Object.entries(files)) folder.write(name, content);
	return processBatch([folder.path], {threads: 2, analysis: 'quality', ...options});
}

async function qualityOf(content: string | Uint8Array, options: ProcessOptions = {}): Promise<QualityResult> {
	const {quality} = (await reportOf({'a.csv': content}, options)).analyses;
	if (quality === undefined) throw new Error('Expected a result');
	return quality;
}

const columnOf = ({columns}: QualityResult, name: string): ColumnQualityResult => {
	const column = columns.find(each => each.name === name);
	if (column === undefined) throw new Error(`Expected a column ${name}`);
	return column;
};

const findingOf = ({findings}: QualityResult, kind: QualityFinding['kind'], column: string | null): QualityFinding => {
	const finding = findings.find(each => each.kind === kind && each.column === column);
	if (finding === undefined) throw new Error(`Expected a finding ${kind} of ${column}`);
	return finding;
};

const people = `order id,country,amount,when,currency,nothing
1,Germany,10.00,2024-01-01,EUR,
2,germany,11.50,2024-01-02,EUR,
3,GERMANY ,12.00,31.12.2023,EUR,NA
4,France,12,2024-01-03,EUR,
5,,13.00,2024-02-30,EUR,
5,France,1000000.00,2024-01-04,EUR,
1,Germany,10.00,2024-01-01,EUR,
8,Germany,9.50
`;

test('faults are counted and found by column, with the places of the first ones', async () => {
	const result = await qualityOf(people);
	expect(result).toMatchObject({
		rows: 8,
		duplicate_keys: {column: 'order id', value: 2, exact: true},
		duplicate_records: {value: 1, exact: true},
	});
	const clean = {missing: 0, out_of_type: 0, blanks: 0, case_variants: 0, outliers: 0, constant: false, empty: false};
	expect(result.columns).toEqual([
		{name: 'order id', ...clean},
		{name: 'country', ...clean, missing: 1, blanks: 1, case_variants: 2},
		{name: 'amount', ...clean, outliers: 1},
		{name: 'when', ...clean},
		{name: 'currency', ...clean, constant: true},
		{name: 'nothing', ...clean, missing: 7, empty: true},
	]);
	expect(findingOf(result, 'ragged', null)).toEqual({
		kind: 'ragged',
		column: null,
		count: 1,
		share: '0.125000',
		examples: [{line: 9, byte_offset: people.indexOf('8,Germany'), value: '3 fields, expected 6'}],
		text: '1 record of 8 is malformed',
	});
	expect(findingOf(result, 'case-variants', 'country')).toMatchObject({
		count: 2,
		examples: [
			{line: 3, value: 'germany'},
			{line: 4, value: 'GERMANY'},
		],
		text: '2 cells of 6 of country differ from others in case alone: Germany · GERMANY',
	});
	expect(findingOf(result, 'malformed', 'when').examples).toEqual([
		{line: 6, byte_offset: people.indexOf('5,,13.00'), value: '2024-02-30'},
	]);
	expect(findingOf(result, 'mixed-forms', 'when').text).toBe(
		'1 of 6 dates of when is not written like 2024-01-31: 31.01.2024 (1)',
	);
	expect(findingOf(result, 'duplicate-keys', 'order id').examples).toMatchObject([
		{line: 7, value: '5'},
		{line: 8, value: '1'},
	]);
	expect(findingOf(result, 'duplicate-records', null).examples).toMatchObject([{line: 8, value: 'same as line 2'}]);
	expect(findingOf(result, 'outliers', 'amount').examples).toMatchObject([{line: 7, value: '1000000.00'}]);
	// 1 of 35 cells missing, 2 of 7 keys, 1 blank and 2 variants of 34 cells, 1 of 8 records: 100 - 0.857 - 5.714 - 0.882 - 1.25.
	expect(result.score).toBe('91.30');
});

test('a table without faults has a score of 100, and one without records has none', async () => {
	expect(await qualityOf('id,amount\n1,2.50\n2,3.75\n')).toMatchObject({score: '100.00', findings: []});
	expect(await qualityOf('id,amount\n')).toMatchObject({rows: 0, score: null, findings: []});
});

test('what a file of dirty transactions has is counted', async () => {
	const bytes = generateBytes({kind: 'dirty', rowsPerFile: 5000});
	const [, ...records]: string[][] = parse(bytes, {encoding: 'latin1', relax_column_count: true});
	const good = records.filter(({length}) => length === 9);
	const count = (fits: (record: readonly string[]) => boolean): number => good.filter(fits).length;
	const again = (keys: readonly string[]): number => keys.length - new Set(keys).size;
	const isUtf8 = (text: string): boolean => Buffer.from(text, 'latin1').toString().includes('\ufffd') === false;
	const result = await qualityOf(bytes);
	expect(findingOf(result, 'ragged', null).count).toBe(records.length - good.length);
	expect(findingOf(result, 'invalid-utf8', null).count).toBe(count(record => !isUtf8(record.join())));
	expect(result.duplicate_keys?.value).toBe(again(good.map(([id = '']) => id)));
	expect(result.duplicate_records.value).toBe(again(good.map(record => JSON.stringify(record))));
	for (const [column, name] of [
		'transaction_id',
		'customer_id',
		'amount',
		'date',
		'category',
		'country',
		'city',
	].entries()) {
		expect(columnOf(result, name)).toMatchObject({
			missing: count(record => record[column] === ''),
			blanks: count(record => /^ | $/.test(record[column] ?? '')),
		});
	}
	const countries = new Set(['Germany', 'Austria', 'Switzerland', 'Denmark', 'Poland']);
	expect(columnOf(result, 'country').case_variants).toBe(
		count(({5: country = ''}) => country !== '' && !countries.has(country.trim())),
	);
	// Nearly all cells are numbers with a decimal point: one with a currency in front is a number, too, and `1.234,50` is none.
	const isAmount = (text: string): boolean => /^(?:-?\d+\.\d\d|€9\.99)$/.test(Buffer.from(text, 'latin1').toString());
	const amounts = good.map(({2: amount = ''}) => amount).filter(amount => amount !== '');
	expect(amounts).toEqual(expect.arrayContaining(['1.234,50', Buffer.from('€9.99').toString('latin1')]));
	expect(columnOf(result, 'amount').out_of_type).toBe(amounts.filter(amount => !isAmount(amount)).length);
	const isDay = (text: string): boolean => new Date(text).toISOString().startsWith(text);
	const isDate = (text: string): boolean =>
		/^\d{4}-\d\d-\d\d(?:T00:00:00Z)?$/.test(text) && !Number.isNaN(Date.parse(text)) && isDay(text.slice(0, 10));
	expect(columnOf(result, 'date').out_of_type).toBe(count(({3: date = ''}) => date !== '' && !isDate(date.trim())));
	expect(columnOf(result, 'currency').constant).toBe(true);
	expect(columnOf(result, 'discount_code').empty).toBe(true);
});

test('figures of several files are sums, and their places say nothing', async () => {
	const report = await reportOf({'a.csv': people, 'b.csv': people.replace('order id', 'id')});
	const {quality} = report.analyses;
	if (quality === undefined) throw new Error('Expected a result');
	expect(quality.duplicate_keys).toEqual({column: 'id, order id', value: 4, exact: true});
	// All records of the second file are there before.
	expect(quality.duplicate_records.value).toBe(8);
	expect(findingOf(quality, 'missing', 'country')).toMatchObject({
		count: 2,
		examples: [
			{line: null, byte_offset: null, value: ''},
			{line: null, byte_offset: null, value: ''},
		],
	});
	expect(report.files.map(({result}) => result)).toMatchObject([
		{duplicate_keys: {value: 2}},
		{duplicate_keys: {value: 2}},
	]);
});

test('another column may be the key, and one that is not there is an error', async () => {
	expect((await qualityOf(people, {keyColumn: 'Currency'})).duplicate_keys).toEqual({
		column: 'currency',
		value: 6,
		exact: true,
	});
	const {files} = await reportOf({'a.csv': people}, {keyColumn: 'currancy'});
	expect(files[0]?.error?.message).toContain(
		'The column "currancy" that is to be the key is not in the header on line 1. Did you mean "currency"?',
	);
	expect((await qualityOf('name,city\na,b\n')).duplicate_keys).toBe(null);
});

test('quality is made beside other analyses, and only where it is asked for', async () => {
	const rows = 'transaction_id,customer_id,amount,date,category\nT1,C1,1.50,2024-01-01,food\nT1,C1,x,2024-01-02,food\n';
	const together = await reportOf({'a.csv': rows}, {analysis: {allOf: ['transactions', 'quality']}});
	expect(together.analyses).toMatchObject({
		transactions: {total_transactions: 1},
		quality: {rows: 2, duplicate_keys: {column: 'transaction_id', value: 1}},
	});
	const alone = await reportOf({'a.csv': rows, 'b.csv': 'a,b\n1,2\n'}, {analysis: undefined});
	expect(Object.keys(alone.analyses).sort()).toEqual(['profile', 'transactions']);
});

test('every output shows it, and cells of data do no harm', async () => {
	const hostile = '\u001b[2J<script>alert(1)</script>=1+1|`x`';
	const quoted = `"${hostile}"`;
	const report = await reportOf({
		'a.csv': `id,${quoted},n\n1,${quoted} ,5\n1, ${hostile},6\n2,${hostile.toUpperCase()},x\n2,${quoted.toLowerCase()}\n`,
	});
	const {quality} = report.analyses;
	const [info] = infos;
	if (quality === undefined || info === undefined) throw new Error('Expected a result');
	const outputs = [
		summaryLines(report, infos).join('\n'),
		buildResult(info, quality, 80, createLook({theme: 'mono', ascii: false, colorLevel: 0}))
			.map(line => line.map(({text}) => text).join(''))
			.join('\n'),
		[...markdownChunks(report, infos)].join(''),
		[...htmlChunks(report, infos)].join(''),
		[...csvChunks(report, infos)].join(''),
	];
	for (const output of outputs) {
		expect(output).toMatch(/score/i);
		expect(output).not.toContain('\u001b');
	}
	for (const output of outputs.slice(2, 4)) expect(output).not.toContain('<script>alert');
	for (const output of outputs.slice(0, 4)) expect(output).toMatch(/duplicate/i);
});
