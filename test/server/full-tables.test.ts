// Downloads of tables have all rows, also where the report lists the first ones.
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {parse} from 'csv-parse/sync';
import fc from 'fast-check';
import {parquetReadObjects} from 'hyparquet';
import {expect, onTestFinished, test, vi} from 'vitest';
import {layoutOf} from '../../source/analysis/registry.ts';
import {createState} from '../../source/analysis/state.ts';
import {encodeState} from '../../source/engine/shared/consolidation.ts';
import {cellsOf} from '../../source/engine/worker/table/canonical-records.ts';
import type {FileReport} from '../../source/model/report.ts';
import {CsvWriter} from '../../source/server/tables/csv-writer.ts';
import {FullTables} from '../../source/server/tables/full-tables.ts';
import {recordPieces} from '../../source/server/tables/record-pieces.ts';
import {guardFormulas} from '../../source/text/formula-guard.ts';
import {PATIENT} from '../helpers/patient.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {GOOD_FILE, startTestServer, type TestServer} from '../helpers/server.ts';
import {createTemporaryFolder, transactionsHeader} from '../helpers/temporary-folder.ts';
import {zipOf} from '../helpers/zip.ts';

/** Each category once more often than the next one, so that their order is known. */
const categories = (count: number, nameOf = (index: number): string => `kind ${index}`): string =>
	`${transactionsHeader}${Array.from({length: count}, (_, index) =>
		`t,c${index},${index}.25,2024-01-01,"${nameOf(index)}"\n`.repeat(index < 4 ? 5 - index : 1),
	).join('')}`;

async function resultOf(
	server: TestServer,
	name: string,
	content: string | Uint8Array,
	analyses: readonly string[] = ['transactions'],
): Promise<string> {
	const id = await server.run(null, await server.upload(null, name, content), analyses);
	await server.untilTask(null, id, 'COMPLETED');
	return id;
}

type Records = readonly Readonly<Record<string, string>>[];

const recordsOf = async (server: TestServer, path: string): Promise<Records> =>
	parse((await server.ask('GET', path)).text, {columns: true}) as Records;

const rowsOf = async (server: TestServer, path: string) =>
	parquetReadObjects({file: await (await fetch(server.url + path)).arrayBuffer()});

test('a table has all of its rows in CSV and Parquet, in the order of the report, which lists the first ones', async () => {
	const server = await startTestServer({isOpen: true});
	const id = await resultOf(server, 'a.csv', categories(250));
	const {json} = await server.ask('GET', `/api/results/${id}`);
	expect(json.result.categories).toHaveLength(100);
	const all = await recordsOf(server, `/api/results/${id}.csv`);
	expect(all).toHaveLength(250);
	expect(new Set(all.map(({category}) => category)).size).toBe(250);
	const shown = (row: object): object =>
		Object.fromEntries(Object.entries(row).map(([key, value]) => [key, String(value)]));
	expect(all.slice(0, 100)).toEqual(json.result.categories.map(shown));
	const rows = await rowsOf(server, `/api/results/${id}.parquet`);
	expect(rows.map(({category}) => category)).toEqual(all.map(({category}) => category));
	expect(rows.map(({count}) => String(count))).toEqual(all.map(({count}) => count));
	const {tables} = (await server.ask('GET', json.links.tables)).json;
	expect(tables[0]).toMatchObject({
		...{name: 'transactions.categories', rows: 250, is_complete: true, columns: Object.keys(all[0] ?? {})},
	});
	expect(tables[1]).toMatchObject({name: 'transactions.figures', rows: 1, is_complete: true});
	// The same bytes each time, and a part of them where a download was cut off.
	const path = `/api/results/${id}.csv`;
	const whole = await server.ask('GET', path);
	const digest = createHash('sha256').update(whole.text).digest();
	expect(whole.headers.get('repr-digest')).toBe(`sha-256=:${digest.toString('base64')}:`);
	const etag = whole.headers.get('etag') ?? '';
	const part = await server.ask('GET', path, {headers: {range: 'bytes=100-', 'if-range': etag}});
	expect([part.status, part.text]).toEqual([206, whole.text.slice(100)]);
	for (const ending of ['csv', 'parquet']) {
		const first = await server.ask('GET', `/api/results/${id}.${ending}`);
		const tag = first.headers.get('etag') ?? '';
		expect((await server.ask('GET', `/api/results/${id}.${ending}`, {headers: {'if-none-match': tag}})).status).toBe(
			304,
		);
	}
});

test('formulas are none in CSV and stay as they are in Parquet, also far behind the first rows', async () => {
	const server = await startTestServer({isOpen: true});
	const text = categories(150, index => (index === 140 ? '=1+2' : `kind, ${index}`));
	const id = await resultOf(server, 'a.csv', text);
	const names = (await recordsOf(server, `/api/results/${id}.csv`)).map(({category}) => category);
	expect(names).toContain("'=1+2");
	expect(names).not.toContain('=1+2');
	expect(names).toHaveLength(150);
	expect((await rowsOf(server, `/api/results/${id}.parquet`)).map(({category}) => category)).toContain('=1+2');
});

test('several analyses of one file, and small files that are read one after the other, have all rows each', async () => {
	const server = await startTestServer({isOpen: true, maxConcurrentTasks: 4});
	const files = await Promise.all(
		[120, 130, 3].map(count =>
			server.upload(
				null,
				`${count}.csv`,
				categories(count, index => `${count}-${index}`),
			),
		),
	);
	const ids = await Promise.all(files.map(file => server.run(null, file, ['transactions', 'quality'])));
	for (const [place, count] of [120, 130, 3].entries()) {
		const id = ids[place] ?? '';
		await server.untilTask(null, id, 'COMPLETED');
		const rows = await recordsOf(server, `/api/results/${id}.csv?table=transactions.categories`);
		expect(rows).toHaveLength(count);
		expect(rows.every(({category = ''}) => category.startsWith(`${count}-`))).toBe(true);
	}
	// What is listed as a whole takes no further place.
	expect(existsSync(join(server.dataFolder, 'tables', ids[2] ?? ''))).toBe(false);
	expect(readdirSync(join(server.dataFolder, 'tables')).sort()).toEqual(ids.slice(0, 2).sort());
});

test('a file that several threads read together has all rows', async () => {
	const server = await startTestServer({isOpen: true, threads: 2, maxUploadBytes: 100_000_000});
	const record = (index: number): string => `t,c,1.00,2024-01-01,kind ${index % 3000} ${'x'.repeat(40)}\n`;
	const text = `${transactionsHeader}${Array.from({length: 300_000}, (_, index) => record(index)).join('')}`;
	const id = await resultOf(server, 'large.csv', text);
	const rows = await recordsOf(server, `/api/results/${id}.csv`);
	expect(rows).toHaveLength(3000);
	expect(new Set(rows.map(({count}) => count))).toEqual(new Set(['100']));
});

test('the files of an archive follow each other, whether their reports list all rows or not', async () => {
	const server = await startTestServer({isOpen: true});
	const zip = zipOf([
		{name: 'few.csv', content: GOOD_FILE},
		{name: 'many.csv', content: categories(210)},
		{name: 'more.csv', content: categories(110)},
	]);
	const id = await resultOf(server, 'all.zip', zip);
	const {json} = await server.ask('GET', `/api/results/${id}`);
	const files = (await recordsOf(server, `/api/results/${id}.csv`)).map(({file}) => file);
	const few = json.members[0].result.categories.length;
	expect(files).toEqual([
		...Array.from({length: few}, () => 'all.zip!few.csv'),
		...Array.from({length: 210}, () => 'all.zip!many.csv'),
		...Array.from({length: 110}, () => 'all.zip!more.csv'),
	]);
});

test('findings of quality and frequent lines are all there, with the columns that they have in the report', async () => {
	const server = await startTestServer({isOpen: true});
	const names = Array.from({length: 150}, (_, index) => `column_${index}`);
	const cells = (value: string): string => names.map(() => value).join(',');
	const wide = `${names.join(',')}\n${`${cells('1')}\n`.repeat(20)}${cells(' x ')}\n`;
	const quality = await resultOf(server, 'wide.csv', wide, ['quality']);
	const {json} = await server.ask('GET', `/api/results/${quality}`);
	expect(json.result.findings).toHaveLength(100);
	const findings = await recordsOf(server, `/api/results/${quality}.csv?table=quality.findings`);
	expect(findings).toHaveLength(json.result.finding_count.value);
	expect(findings[0]).toMatchObject({kind: json.result.findings[0].kind, text: json.result.findings[0].text});
	expect(JSON.parse(findings[0]?.examples ?? '')).toEqual(json.result.findings[0].examples);
	const log = Array.from(
		{length: 40},
		(_, index) => `INFO message of ${'abcdefghij'[index % 10]}${'kl'.repeat(index)}\n`,
	);
	const lines = await resultOf(server, 'a.log', log.join(''), ['lines']);
	expect(await recordsOf(server, `/api/results/${lines}.csv?table=lines.frequent`)).toHaveLength(40);
});

test('a result from before says that rows are missing, and one that has expired leaves nothing', async () => {
	const server = await startTestServer({isOpen: true, resultTtlMs: 3_600_000});
	const [kept, old] = [
		await resultOf(server, 'a.csv', categories(150)),
		await resultOf(server, 'b.csv', categories(150)),
	];
	const folder = join(server.dataFolder, 'tables');
	rmSync(join(folder, old), {recursive: true});
	const {tables} = (await server.ask('GET', `/api/results/${old}/tables`)).json;
	expect(tables[0]).toMatchObject({rows: 100, is_complete: false});
	expect(await recordsOf(server, `/api/results/${old}.csv`)).toHaveLength(100);
	// What a process that died has left is removed.
	mkdirSync(join(folder, 'r_gone.unfinished'));
	writeFileSync(join(folder, `${kept}.spool`), 'x');
	await server.restart();
	expect(readdirSync(folder)).toEqual([kept]);
	server.writeLedger(database => {
		database.prepare('UPDATE tasks SET ended_at = ended_at - 4000000').run();
	});
	await server.tidyUp();
	expect(readdirSync(folder)).toEqual([]);
});

test('tables of a task that is given up are written again when it is tried again, and nothing else is left', async () => {
	const folder = createTemporaryFolder();
	const tables = new FullTables(folder.path);
	onTestFinished(() => tables.close());
	const rows = Array.from({length: 100}, () => ({category: 'x', count: 1, amount: '1'}));
	const report = {file: 'a.csv', analysis: 'transactions', result: {categories: rows}} as unknown as FileReport;
	const state = createState(layoutOf('transactions'));
	const {signal} = new AbortController();
	await tables.take('r_x', 0, report, () => [encodeState({analysis: 'transactions', state})], signal);
	const reason = new Error('given up');
	await expect(tables.keep('r_x', report, AbortSignal.abort(reason))).rejects.toBe(reason);
	await tables.keep('r_x', report, signal);
	await tables.forget('r_x');
	expect(await tables.list('r_x')).toMatchObject([{name: 'transactions.categories', rows: 0}]);
	await vi.waitFor(() => expect(readdirSync(folder.at('tables'))).toEqual(['r_x']), PATIENT);
});

test('what is written is read again, and a copy without formulas is there where there are any', () => {
	const folder = createTemporaryFolder();
	const cell = fc.oneof(
		fc.string({unit: 'binary'}),
		fc.constantFrom('=1', '', '"', '\n', 'a,b', "'=1", '\t@x', 'é"\r\n'),
	);
	let run = 0;
	fc.assert(
		fc.property(fc.array(fc.tuple(cell, cell), {maxLength: 20}), rows => {
			const name = String(run++);
			const writer = new CsvWriter(folder.path, name, ['one', 'two']);
			for (const row of rows) writer.add(row);
			const {rows: count, raw, guarded} = writer.end();
			const wellFormed = rows.map(row => row.map(each => each.toWellFormed()));
			const read = (file: string) => Array.from(recordPieces(folder.at(file)), cellsOf).flat();
			expect(count).toBe(rows.length);
			expect(read(raw.name)).toEqual(wellFormed);
			const harmless = rows.map(row => row.map(each => guardFormulas(each).toWellFormed()));
			const isOther = JSON.stringify(harmless) !== JSON.stringify(wellFormed);
			expect(guarded !== null).toBe(isOther);
			if (guarded !== null) expect(read(guarded.name)).toEqual(harmless);
		}),
		{numRuns: randomCases(200)},
	);
});
