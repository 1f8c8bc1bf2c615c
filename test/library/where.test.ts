// A condition on records in whole runs: small files, large ones that several threads read, and what reports say. The kernel gives what the
// reference gives.
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import type {AnalysisChoice} from '../../source/analysis/registry.ts';
import {processBatch} from '../../source/index.ts';
import type {Report} from '../../source/model/report.ts';
import {closePools, reportOf, textOf} from '../helpers/run-folder.ts';

let folder = '';
const cells = ['fuel', 'food', '', 'Büro', ' ', 'a "b", c'];
const quote = (text: string): string => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const recordOf = (index: number): string =>
	[
		`C${index % 97}`,
		index % 31 === 0 ? '' : index % 47 === 0 ? 'x' : ((index * 7919) % 100_000) / 100 - 300,
		`2024-0${1 + (index % 9)}-1${index % 10}`,
		quote(cells[index % cells.length] ?? ''),
	].join(',');

function write(name: string, from: number, count: number, encoding: BufferEncoding = 'utf8'): void {
	const records = Array.from({length: count}, (_, index) => recordOf(from + index));
	writeFileSync(join(folder, name), `customer_id,amount,date,category\n${records.join('\n')}\n`, encoding);
}

/** The large file is read in ranges. */
const reportsOf = (where: string, analysis: AnalysisChoice = null): Promise<Report[]> =>
	Promise.all(
		(['kernel', 'reference'] as const).map(reader => {
			const manner = {threads: 2, concurrency: 2, chunkBytes: 65_536, splitBytes: 100_000, rangeBytes: 30_000};
			return reportOf(join(folder, 'all'), {...manner, isGrouped: true, where, reader}, analysis, null);
		}),
	);

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'where-'));
	for (const name of ['all', 'more']) mkdirSync(join(folder, name));
	for (let file = 0; file < 12; file++) write(`all/small-${file}.csv`, file * 1000, 100 + file);
	write('all/latin.csv', 0, 500, 'latin1');
	write('all/split.csv', 5, 5000);
	writeFileSync(join(folder, 'more/ragged.csv'), 'customer_id,amount,date,category\na,1,2024-01-01,fuel\nb,2\n');
});

afterAll(closePools);
afterAll(() => rmSync(folder, {recursive: true}));

test.each([
	'amount > 100 and category = "fuel"',
	'category = "Büro" or amount < -250.5',
	'not (date >= 2024-03-01) and category is not empty',
	'amount is empty or category contains "b"',
	'customer_id in ("C1", "C2", "C13") and amount != 0',
	'amount > 1000000',
])('%s', async where => {
	const [byKernel, byReference] = await reportsOf(where);
	if (byKernel === undefined || byReference === undefined) throw new Error('Expected two reports');
	expect(textOf(byKernel)).toBe(textOf(byReference));
	const {totals, files, analyses} = byKernel;
	expect(totals).toMatchObject({completed: 14});
	expect(totals.filtered).toBe(files.reduce((sum, file) => sum + (file.filtered ?? Number.NaN), 0));
	const accepted = analyses.transactions?.total_transactions ?? Number.NaN;
	expect(totals.rows - totals.rejected_rows - (totals.filtered ?? 0)).toBe(accepted);
});

test('several analyses of a file, and profiles of its columns, are of the same records', async () => {
	const where = 'amount > 100 and not category contains "ü"';
	const [byKernel, byReference] = await reportsOf(where, {allOf: ['transactions', 'profile']});
	expect(byKernel?.analyses).toEqual(byReference?.analyses);
	expect(byKernel?.totals.filtered).toBe(byReference?.totals.filtered);
	expect(byKernel?.totals.filtered).toBeGreaterThan(0);
});

test('without a condition no report speaks of it', async () => {
	const report = await processBatch([join(folder, 'all/small-1.csv')]);
	expect(JSON.stringify(report)).not.toContain('filtered');
});

test('a record whose structure is wrong is rejected, whatever the condition', async () => {
	const report = await processBatch([join(folder, 'more')], {where: 'amount > 100'});
	expect(report.totals).toMatchObject({rows: 2, rejected_rows: 1, filtered: 1});
});

test('a column that is not there fails its file, with the closest name', async () => {
	const {files} = await processBatch([join(folder, 'more')], {where: 'amuont > 100'});
	expect(files[0]?.error).toMatchObject({
		code: 'MISSING_COLUMN',
		message: expect.stringContaining('Did you mean "amount"'),
	});
});

test('the name of a column in the analysis does as well as that in the header', async () => {
	const path = join(folder, 'more/german.csv');
	writeFileSync(path, 'Abteilung,Umsatz\nA,5\nB,50\n');
	const {files} = await processBatch([path], {where: 'sales > 10'});
	expect(files[0]).toMatchObject({rows: 2, filtered: 1, analysis: 'sales'});
});

test('lines have no columns', async () => {
	const path = join(folder, 'more/notes.log');
	writeFileSync(path, 'one\ntwo\n');
	const {files} = await processBatch([path], {where: 'a = 1', analysis: 'lines'});
	expect(files[0]).toMatchObject({status: 'failed', error: {message: expect.stringContaining('lines do not have')}});
	const detected = await processBatch([path], {where: 'a = 1'});
	expect(detected.files[0]?.status).toBe('failed');
});

test('a condition that cannot be read is refused', async () => {
	await expect(processBatch([folder], {where: 'amount >'})).rejects.toThrow('at character 9');
});
