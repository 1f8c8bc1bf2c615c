// Runs that take from a ledger what has not changed since an earlier run, and read the rest.
import {rmSync, utimesSync, writeFileSync} from 'node:fs';
import {hostname} from 'node:os';
import {gzipSync} from 'node:zlib';
import {expect, test} from 'vitest';
import {type ProcessOptions, processBatch, type Report} from '../../source/index.ts';
import {openToRead, openToWrite} from '../../source/ledger/open-database.ts';
import {transactions} from '../helpers/command.ts';
import {createTemporaryFolder, type TemporaryFolder} from '../helpers/temporary-folder.ts';
import {withoutTimes} from '../helpers/without-times.ts';

function createData(): TemporaryFolder {
	const folder = createTemporaryFolder();
	folder.write('data/one.csv', transactions(50));
	folder.write('data/two.csv', `${transactions(80)}T,C,oops,2024-01-01,food\n`);
	folder.write('data/copy.csv', transactions(50));
	folder.write('data/semicolons.csv', 'id;amount\n1;1,5\n2;2,25\n');
	folder.write('data/packed.csv.gz', gzipSync(transactions(900)));
	folder.write('data/larger.csv', transactions(20_000));
	folder.write('data/empty.csv', '');
	folder.write('data/bad.csv', '"a,b\n');
	return folder;
}

const knownOf = ({files}: Report): string[] =>
	files.flatMap(({file, source}) => (source === 'ledger' ? [file.split('/').at(-1) ?? ''] : [])).sort();

const completed = ['copy.csv', 'empty.csv', 'larger.csv', 'one.csv', 'packed.csv.gz', 'semicolons.csv', 'two.csv'];

test.each<ProcessOptions>([
	{threads: 1},
	{threads: 2, analysis: {allOf: ['transactions', 'quality']}, where: 'amount > 1'},
	{analysis: 'profile'},
])('files that have not changed are taken from the ledger: %j', async options => {
	const folder = createData();
	const ledger = folder.at('ledger.db');
	const run = (more: ProcessOptions = {}): Promise<Report> =>
		processBatch([folder.at('data')], {...options, ledger, ...more});
	const first = await run();
	expect(knownOf(first)).toEqual([]);
	const again = await run({resume: true});
	expect(knownOf(again)).toEqual(completed);
	expect(withoutTimes(again)).toEqual(withoutTimes(first));
	writeFileSync(folder.at('data/one.csv'), transactions(51));
	folder.write('data/new.csv', transactions(3));
	rmSync(folder.at('data/two.csv'));
	const changed = await run({resume: true});
	expect(knownOf(changed)).toEqual(completed.filter(file => file !== 'one.csv' && file !== 'two.csv'));
	expect(withoutTimes(changed)).toEqual(withoutTimes(await run()));
});

test('files are read again in another way, and where nobody asks for the ledger', async () => {
	const folder = createData();
	const ledger = folder.at('ledger.db');
	const run = (options: ProcessOptions): Promise<Report> => processBatch([folder.at('data')], {ledger, ...options});
	await run({});
	expect(knownOf(await run({}))).toEqual([]);
	expect(knownOf(await run({resume: true, where: 'amount > 2'}))).toEqual([]);
	expect(knownOf(await run({resume: true, maxErrors: 5}))).toEqual([]);
	expect(knownOf(await run({resume: true, threads: 1, concurrency: 1}))).toEqual(completed);
	await expect(processBatch([folder.at('data')], {resume: true})).rejects.toThrow(RangeError);
});

test('one result is kept of each content, and those of no run any more go with the runs', async () => {
	const folder = createData();
	const ledger = folder.at('ledger.db');
	for (const resume of [false, true, false]) await processBatch([folder.at('data')], {ledger, resume});
	const count = (table: string): unknown => {
		const database = openToRead(ledger);
		const {number} = database.prepare(`SELECT count(*) AS number FROM ${table}`).get() ?? {};
		database.close();
		return number;
	};
	expect(count('results')).toBe(completed.length - 1);
	expect(count('sources')).toBe(completed.length);
	const {pruneLedger} = await import('../../source/ledger/prune-ledger.ts');
	pruneLedger(ledger, {keepDays: null, keepSizeBytes: 1});
	expect(['runs', 'results', 'segments', 'sources'].map(count)).toEqual([0, 0, 0, 0]);
});

test('with verifyContent the bytes count, and not the times', async () => {
	const folder = createData();
	const ledger = folder.at('ledger.db');
	const run = (options: ProcessOptions): Promise<Report> => processBatch([folder.at('data')], {ledger, ...options});
	const first = await run({});
	utimesSync(folder.at('data/one.csv'), 1, 1);
	utimesSync(folder.at('data/larger.csv'), 1, 1);
	writeFileSync(folder.at('data/two.csv'), transactions(81));
	const verified = await run({resume: true, verifyContent: true});
	expect(knownOf(verified)).toEqual(completed.filter(file => file !== 'two.csv'));
	expect(withoutTimes(verified)).toEqual(withoutTimes(await run({})));
	expect(withoutTimes(verified)).not.toEqual(withoutTimes(first));
	// Their new times are known now.
	expect(knownOf(await run({resume: true}))).toEqual(completed);
});

test('what is damaged in the ledger is read again, and kept anew', async () => {
	const folder = createData();
	const ledger = folder.at('ledger.db');
	const run = (resume: boolean): Promise<Report> => processBatch([folder.at('data')], {ledger, resume});
	const first = await run(false);
	const database = openToWrite(ledger);
	for (const {number, results} of database.prepare('SELECT number, results FROM segments').all()) {
		const damaged = Buffer.from(results as Uint8Array);
		damaged.writeUInt8(damaged.readUInt8(damaged.length >> 1) ^ 1, damaged.length >> 1);
		database.prepare('UPDATE segments SET results = ? WHERE number = ?').run(damaged, number as number);
	}
	database.close();
	const again = await run(true);
	expect(knownOf(again)).toEqual([]);
	expect(withoutTimes(again)).toEqual(withoutTimes(first));
	expect(knownOf(await run(true))).toEqual(completed);
});

test('a file whose name is not UTF-8 is known, too', async () => {
	const folder = createTemporaryFolder();
	writeFileSync(Buffer.from(`${folder.path}/data\xff.csv`, 'latin1'), transactions(5));
	const run = (resume: boolean): Promise<Report> => processBatch([folder.path], {ledger: `${folder.path}.db`, resume});
	await run(false);
	expect((await run(true)).files).toMatchObject([{status: 'completed', source: 'ledger'}]);
	rmSync(`${folder.path}.db`);
});

test('the same content under another kind of name is read in its own way', async () => {
	const folder = createTemporaryFolder();
	const text = Array.from(
		{length: 50},
		(_, index) => `2024-01-01 10:00:${10 + index};user=u${index} ERROR something, ${index}\n`,
	);
	for (const name of ['a.csv', 'b.log', 'c.csv']) folder.write(`data/${name}`, `when;what\n${text.join('')}`);
	const ledger = folder.at('ledger.db');
	const run = (resume: boolean): Promise<Report> => processBatch([folder.at('data')], {ledger, resume, concurrency: 1});
	const first = await run(false);
	expect(first.files[0]?.analysis).not.toBe(first.files[1]?.analysis);
	const again = await run(true);
	expect(knownOf(again)).toEqual(['a.csv', 'b.log', 'c.csv']);
	expect(withoutTimes(again)).toEqual(withoutTimes(first));
});

test('own output that somebody named is no data where it is found', async () => {
	const folder = createTemporaryFolder();
	const report = folder.write('data/report.csv', transactions(5));
	const ledger = folder.at('ledger.db');
	await processBatch([report], {ledger});
	// It is read again, to see whether it is own output.
	expect(knownOf(await processBatch([folder.at('data')], {ledger, resume: true}))).toEqual([]);
	expect(knownOf(await processBatch([report], {ledger, resume: true}))).toEqual([]);
	expect(knownOf(await processBatch([report], {ledger, resume: true}))).toEqual(['report.csv']);
});

test('a row that does not fit its segment is not believed, and numbers of segments do not come again', async () => {
	const folder = createData();
	const ledger = folder.at('ledger.db');
	const run = (resume: boolean): Promise<Report> => processBatch([folder.at('data')], {ledger, resume});
	const change = (sql: string): unknown => {
		const database = openToWrite(ledger);
		const first = database.prepare(sql).get();
		database.close();
		return first;
	};
	const first = await run(false);
	change('UPDATE results SET start = start + 7, length = length - 5');
	const again = await run(true);
	expect(knownOf(again)).toEqual([]);
	expect(withoutTimes(again)).toEqual(withoutTimes(first));
	const {newest} = change('SELECT max(number) AS newest FROM segments') as {newest: number};
	const {pruneLedger} = await import('../../source/ledger/prune-ledger.ts');
	pruneLedger(ledger, {keepDays: null, keepSizeBytes: 1});
	await run(false);
	const {oldest} = change('SELECT min(number) AS oldest FROM segments') as {oldest: number};
	expect(oldest).toBeGreaterThan(newest);
});

/** As if so many processes had died while they read a file. */
function leaveDeaths(ledger: string, file: string, count: number, startedAt: number): void {
	const database = openToWrite(ledger);
	for (let death = 0; death < count; death++) {
		const {lastInsertRowid: run} = database
			.prepare(
				`INSERT INTO runs (id, started_at, status, folder, paths, settings, process, version) VALUES (?, ?, 'running', '/', '[]', '{}', ?, '0')`,
			)
			.run(`dead-${startedAt}-${death}`, startedAt, `999999999 1 ${hostname()}`);
		database
			.prepare('INSERT INTO attempts (run, position, number, file, started_at) VALUES (?, 0, 1, ?, ?)')
			.run(run, file, startedAt);
	}
	database.close();
}

test('a file that runs were killed with again and again is given up, unless one got further, or it was changed', async () => {
	const folder = createData();
	const ledger = folder.at('ledger.db');
	const path = folder.at('data/packed.csv.gz');
	const run = async (options: ProcessOptions = {}) => {
		const {files} = await processBatch([folder.at('data')], {ledger, resume: true, ...options});
		return files.find(({file}) => file === path) ?? expect.fail();
	};
	await processBatch([folder.at('data/one.csv')], {ledger});
	const later = Date.now() + 60_000;
	leaveDeaths(ledger, path, 4, later);
	expect(await run()).toMatchObject({status: 'completed'});
	// The result of that run is newer than they are.
	leaveDeaths(ledger, path, 4, later + 1);
	expect(await run()).toMatchObject({status: 'completed', source: 'ledger'});
	leaveDeaths(ledger, path, 1, later + 2);
	// The first run has been saved with other settings, so nothing is known.
	const other = {where: 'amount > 1'};
	expect(await run(other)).toMatchObject({
		...{status: 'failed', error: {code: 'CRASH_LOOP'}},
	});
	expect((await run(other)).error?.message).toMatch(
		/^9 runs were killed while they read this file, and got no further/,
	);
	expect(await run({...other, resume: false})).toMatchObject({status: 'completed'});
	const [deaths, changed] = [folder.at('data/larger.csv'), transactions(19_999)];
	leaveDeaths(ledger, deaths, 5, Date.now() - 60_000);
	writeFileSync(deaths, changed);
	const {files} = await processBatch([deaths], {ledger, resume: true});
	expect(files).toMatchObject([{status: 'completed', rows: 19_999}]);
});
