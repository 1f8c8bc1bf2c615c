// The whole way, with real files and real threads, against the oracle: the report is the same for any number of threads
// and of files in flight, and it is what the rules say.
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import fc from 'fast-check';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {processBatch, type Report} from '../../source/index.ts';
import {readByOracle} from '../helpers/oracle.ts';
import {soup, table} from '../helpers/random-tables.ts';

const fileCount = 40;
const folder = mkdtempSync(join(tmpdir(), 'fileproc-report-'));
const files = new Map<string, Buffer>();

beforeAll(() => {
	const contents = fc.sample(
		fc.oneof(
			{weight: 4, arbitrary: table},
			{weight: 1, arbitrary: soup.map(text => Buffer.from(`customer_id,amount,date,category\n${text}`))},
			{weight: 1, arbitrary: soup.map(text => Buffer.from(text))},
		),
		{numRuns: fileCount, seed: 20_261_122},
	);
	for (const [index, bytes] of contents.entries()) {
		const path = join(folder, `file-${String(index).padStart(3, '0')}.csv`);
		files.set(path, bytes);
		writeFileSync(path, bytes);
	}
});
afterAll(() => {
	rmSync(folder, {recursive: true});
});

/** What may differ between two runs: times, and how often was tried. */
const withoutTimes = (report: Report): unknown =>
	JSON.parse(
		JSON.stringify(report, (key, value: unknown) =>
			key === 'processing_time' || key === 'attempts' ? undefined : value,
		),
	);

test('each file is read as the rules say, and all of them come to the sum of their parts', async () => {
	// Otherwise a table of other columns has a profile, and a record of another width behind a blank line may be a note.
	const dialect = {
		delimiter: ',',
		quote: '"',
		escape: 'doubled',
		header: true,
		skipLines: 0,
		skipFooter: 0,
	};
	const report = await processBatch([folder], {analysis: 'transactions', dialect});
	expect(report.files.map(({file}) => file)).toEqual([...files.keys()]);
	let accepted = 0;
	for (const file of report.files) {
		const expected = readByOracle(files.get(file.file) ?? Buffer.alloc(0));
		const {rows, rejected_rows, rejects, result, error} = file;
		const position = error === null ? null : {code: error.code, line: error.line, byte_offset: error.byte_offset};
		expect({file: file.file, rows, rejected_rows, rejects, result, error: position}).toEqual({
			file: file.file,
			...expected,
		});
		accepted += expected.result?.total_transactions ?? 0;
	}
	expect(report.analyses.transactions?.total_transactions).toBe(accepted);
	expect(report.totals.completed + report.totals.failed).toBe(fileCount);
	expect(report.totals.failed).toBeGreaterThan(0);
	expect(accepted).toBeGreaterThan(fileCount);
});

test('the consolidated figures are those of one file that holds all accepted records', async () => {
	const good = fc.sample(
		fc.array(
			fc.tuple(
				fc.constantFrom('c1', 'c2', 'c3'),
				fc.constantFrom('1', '-2.50', '12345678901234567890.125'),
				fc.constantFrom('a', 'b', 'é'),
			),
			{minLength: 1, maxLength: 20},
		),
		{numRuns: 12, seed: 7},
	);
	const header = 'customer_id,amount,date,category\n';
	const bodies = good.map(records =>
		records.map(([id, amount, category]) => `${id},${amount},2024-02-29,${category}\n`).join(''),
	);
	const parts = bodies.map((body, index) => {
		const path = join(folder, `part-${index}.txt`);
		writeFileSync(path, header + body);
		return path;
	});
	const report = await processBatch(parts);
	expect(report.analyses.transactions).toEqual(readByOracle(Buffer.from(header + bodies.join(''))).result);
	for (const path of parts) rmSync(path);
});

test('the report is the same for any number of threads and of files in flight', async () => {
	const expected = withoutTimes(await processBatch([folder], {threads: 1, concurrency: 1}));
	for (const [threads, concurrency] of [
		[1, 16],
		[2, 3],
		[4, 1],
		[4, 16],
	] as const)
		expect(withoutTimes(await processBatch([folder], {threads, concurrency}))).toEqual(expected);
});
