// What is read of any table, and how it is shown.
import {expect, test} from 'vitest';
import {describeAnalyses} from '../../source/analysis/registry.ts';
import {type ColumnResult, type ProcessOptions, processBatch, type Report} from '../../source/index.ts';
import {csvChunks} from '../../source/report/csv.ts';
import {htmlChunks} from '../../source/report/html/page.ts';
import {markdownChunks} from '../../source/report/markdown.ts';
import {summaryLines} from '../../source/report/summary.ts';
import {createLook} from '../../source/ui/look/look.ts';
import {buildResult} from '../../source/ui/views/result-lines.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const infos = describeAnalyses(null);

const orders = `id,item,price,ordered
1,tea,1.50,2024-01-03
2,"cup, blue",2.5,2024-01-01
3,tea,NA,2024-01-02
4,tea,-3,
`;

const columnsOf = (report: Report): readonly ColumnResult[] => report.analyses.profile?.columns ?? [];
const columnOf = (report: Report, name: string): ColumnResult => {
	const column = columnsOf(report).find(each => each.name === name);
	if (column === undefined) throw new Error(`Expected a column ${name}`);
	return column;
};

async function profileOf(
	files: Readonly<Record<string, string | Uint8Array>>,
	options: ProcessOptions = {},
): Promise<Report> {
	const folder = createTemporaryFolder();
	for (const [name, content] of Object.entries(files)) folder.write(name, content);
	return processBatch([folder.path], {threads: 2, ...options});
}

test.each([
	'detect',
	'profile',
	'quality',
])('the delimiter is that of the most fields, also where a name has a line break: %s', async analysis => {
	const report = await profileOf(
		{'a.csv': 'id,"Net\nprice",a;b\n1,2,3\n4,5,6\n'},
		analysis === 'detect' ? {} : {analysis},
	);
	expect(report.files[0]).toMatchObject({rows: 2, rejected_rows: 0, dialect: {delimiter: ','}});
	const columns = report.analyses.profile?.columns ?? report.analyses.quality?.columns ?? [];
	expect(columns.map(({name}) => name)).toEqual(['id', 'Net\nprice', 'a;b']);
});

test('a table that fits no other analysis has a profile', async () => {
	const report = await profileOf({'orders.csv': orders});
	expect(report.files[0]).toMatchObject({status: 'completed', analysis: 'profile', rows: 4, rejected_rows: 0});
	expect(columnsOf(report).map(({name, index, type, count, nulls}) => [name, index, type, count, nulls])).toEqual([
		['id', 0, 'integer', 4, 0],
		['item', 1, 'text', 4, 0],
		['price', 2, 'decimal', 3, 1],
		['ordered', 3, 'date', 3, 1],
	]);
	expect(columnOf(report, 'price')).toEqual({
		name: 'price',
		index: 2,
		type: 'decimal',
		mostly: 'decimal',
		count: 3,
		nulls: 1,
		null_share: '0.250000',
		distinct: {value: 3, exact: true},
		min: '-3.00',
		max: '2.50',
		sum: '1.00',
		mean: '0.33333333',
		stddev: '2.92973264',
		quantiles: {p05: '-3.00', p25: '-3.00', p50: '1.50', p75: '2.50', p95: '2.50', exact: true},
		zeros: 0,
		negatives: 1,
		lengths: {min: 2, max: 4, mean: '3.000000'},
		top: [
			{value: '-3', count: 1, exact: true},
			{value: '1.50', count: 1, exact: true},
			{value: '2.5', count: 1, exact: true},
		],
		histogram: expect.any(Array),
	});
	expect(columnOf(report, 'item').top[0]).toEqual({value: 'tea', count: 3, exact: true});
	expect(columnOf(report, 'ordered').quantiles).toMatchObject({
		p05: '2024-01-01',
		p50: '2024-01-02',
		p95: '2024-01-03',
	});
});

test('columns of which some cells could have a form, and most have none, are read once and for all', async () => {
	const folder = createTemporaryFolder();
	const codes = Array.from({length: 60}, (_, index) => (index % 2 === 0 ? `3003${index}` : `G-INV${index}`));
	const records = codes.map((code, index) => `${code},"${index === 0 ? '5,' : index}"`);
	const path = folder.write('codes.csv', `code,quantity\n${records.join('\n')}\n`);
	for (const reader of ['kernel', 'reference'] as const) {
		const {files} = await processBatch([path], {analysis: 'profile', reader});
		expect(files[0]).toMatchObject({status: 'completed', rows: 60, error: null});
	}
	folder.write('sales.csv', 'date,sales,department\n2024-01-01,"5,",a\n2024-01-01,7,a\n2024-01-01,2,a\n');
	const sales = await processBatch([folder.at('sales.csv')], {analysis: 'sales'});
	expect(sales.files[0]).toMatchObject({status: 'completed', rows: 3, rejected_rows: 1});
});

test('blanks and tabs around a number in groups are no part of it', async () => {
	const path = createTemporaryFolder().write('padded.csv', 'id,amount\n1,"1,234.56   \t"\n2,"  2,000.00"\n');
	const {files} = await processBatch([path], {analysis: 'profile'});
	expect(files[0]?.result).toMatchObject({columns: [{}, {type: 'decimal', sum: '3234.56'}]});
});

test('only records whose structure is wrong are rejected', async () => {
	const report = await profileOf({'a.csv': 'a,b\n1,2\n1\n"x"y,2\n,\n'});
	expect(report.files[0]).toMatchObject({
		analysis: 'profile',
		rows: 4,
		rejected_rows: 3,
		rejects: [
			{line: 3, reason: 'field-count'},
			{line: 4, reason: 'quote', column: 'a'},
			{line: 5, reason: 'padding', column: null, value: '2 empty fields, expected values'},
		],
		result: {rows: 1},
	});
});

test('columns of several files meet by name, and by their order where a name stands twice', async () => {
	const report = await profileOf({'1.csv': 'a,b,a\n1,x,2\n', '2.csv': 'c,a,a\n5,10,20\n', '3.csv': 'b\ny\n'});
	const found = columnsOf(report).map(({name, index, sum, count}) => [name, index, sum, count]);
	expect(found).toEqual([
		['a', 0, '11', 2],
		['b', 0, null, 2],
		['c', 0, '5', 1],
		['a', 2, '22', 2],
	]);
});

test('names and cells of a file in Windows-1252 are text', async () => {
	const report = await profileOf({
		'old.csv': Buffer.from('stra\xdfe,ort\nK\xf6nig,\x80\n', 'latin1'),
		'new.csv': 'straße,ort\nKönig,€\n',
	});
	expect(columnsOf(report).map(({name, top}) => [name, top])).toEqual([
		['straße', [{value: 'König', count: 2, exact: true}]],
		['ort', [{value: '€', count: 2, exact: true}]],
	]);
	expect(columnOf(report, 'ort').lengths).toEqual({min: 1, max: 3, mean: '2.000000'});
});

test('reports do not depend on threads, on files in flight or on the size of chunks', async () => {
	const files: Record<string, string> = {
		'orders.csv': orders,
		'header.csv': 'x,y\n',
		'semicolons.txt': 'a;b\n1;2\n3;4\n',
	};
	for (let file = 0; file < 20; file++) {
		const records = Array.from({length: 40 * file}, (_, row) => `${row % 17},${row * file},w${row}`);
		files[`many/${file}.csv`] = ['k,v,w', ...records, ''].join('\n');
	}
	const folder = createTemporaryFolder();
	for (const [name, content] of Object.entries(files)) folder.write(name, content);
	const reportOf = async (options: ProcessOptions): Promise<unknown> =>
		withoutTimes(await processBatch([folder.path], options));
	const expected = await reportOf({threads: 1, concurrency: 1});
	expect(expected).toMatchObject({totals: {files: 23, completed: 23}});
	for (const options of [
		{threads: 2, chunkBytes: 7},
		{threads: 3, concurrency: 16, chunkBytes: 4096},
		{reader: 'reference'},
	] as const)
		expect(await reportOf(options), JSON.stringify(options)).toEqual(expected);
	// Who asks for a profile is not told what another analysis would need.
	const withoutHints = (key: string, value: unknown): unknown => (key === 'hint' ? undefined : value);
	expect(await reportOf({threads: 2, analysis: 'profile'})).toEqual(JSON.parse(JSON.stringify(expected, withoutHints)));
});

test('a file that the user named another analysis for still fails, and so does one whose header has a slip', async () => {
	const named = await profileOf({'orders.csv': orders}, {analysis: 'transactions'});
	expect(named.files[0]).toMatchObject({status: 'failed', error: {code: 'MISSING_COLUMN'}});
	const slip = await profileOf({'slip.csv': 'customer_id,amuont,date,category\nc,1,2024-01-01,x\n'});
	expect(slip.files[0]?.error?.message).toContain('Did you mean "amuont" for amount?');
	const profiled = await profileOf(
		{'slip.csv': 'customer_id,amuont,date,category\nc,1,2024-01-01,x\n'},
		{analysis: 'profile'},
	);
	expect(profiled.files[0]).toMatchObject({status: 'completed', analysis: 'profile'});
	const other = await profileOf({'bank.csv': 'date,amount,category\n2024-01-01,1,x\n'});
	expect(other.files[0]).toMatchObject({status: 'completed', analysis: 'profile'});
});

test('every output has the columns', async () => {
	const long = 'word '.repeat(60);
	const report = await profileOf({'orders.csv': `${orders.trimEnd()}\n5,${long},\u001b[2J,2024-01-03\n`});
	const summary = summaryLines(report, infos).join('\n');
	expect(summary).toMatch(/\n {2}Name +Type +Nulls +Distinct +Min +Max /);
	expect(summary).toMatch(/\n {2}id +integer +0\.0 % +5 +1 +5 /);
	const markdown = [...markdownChunks(report, infos)].join('');
	expect(markdown).toContain('| id | integer | 0.0 % | 5 | 1 | 5 | 3.000000 | 3 | 1 (1) |\n');
	expect(markdown).toContain(`| ${'word '.repeat(16)}… |`);
	const html = [...htmlChunks(report, infos)].join('');
	expect(html).toMatch(
		/<td>id<svg class="histogram" aria-hidden="true" viewBox="0 0 30 24">(?:<rect [^>]+>){5}<\/svg><\/td>/,
	);
	expect(html).toContain('<td>integer</td>');
	const info = infos.find(({name}) => name === 'profile');
	const result = report.files[0]?.result;
	if (info === undefined || result == null) throw new Error('Expected a profile');
	const lines = buildResult(info, result, 130, createLook({theme: 'mono', ascii: false, colorLevel: 0}));
	const screen = lines.map(line => line.map(({text}) => text).join('')).join('\n');
	expect(screen).toMatch(/\n {3}id +[▁-█]{5} +integer +0\.0 % +5 +1 +5 +3\.000000 +3 +1 \(1\)\n/);
	expect([...csvChunks(report, infos)].join('')).toContain('orders.csv,completed,profile,');
	for (const text of [summary, markdown, html, screen]) expect(text).not.toContain('\u001b');
});

/** Of a report, what does not depend on when it was made. */
const withoutTimes = ({totals, files, ...rest}: Report): unknown => ({
	...rest,
	totals: {...totals, processing_time: 0},
	files: files.map(file => ({...file, processing_time: 0, attempts: 1})),
});
