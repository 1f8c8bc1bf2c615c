// `convert`, `filter` and `select`, held against a few lines that do the same to records in memory.
import {readFileSync} from 'node:fs';
import fc from 'fast-check';
import {parquetReadObjects} from 'hyparquet';
import {expect, test} from 'vitest';
import type {StepInput} from '../../source/pipeline/pipeline.ts';
import {randomCases, randomSeed} from '../helpers/random-cases.ts';
import {createStepRunner, failureOf, type StepRun} from '../helpers/run-step.ts';

const cell = fc.oneof(
	fc.integer({min: -50, max: 50}).map(String),
	fc.constantFrom('', 'a', 'A', 'ä', '"', ',', ' x ', 'two\nlines', 'it"s, so', '=1+1'),
);
const tables = fc.record({
	names: fc.uniqueArray(fc.constantFrom('id', 'amount', 'Größe', 'the note', 'x,y', 'q"'), {
		minLength: 2,
		maxLength: 5,
	}),
	rows: fc.array(fc.array(cell, {minLength: 5, maxLength: 5}), {maxLength: 12}),
});

const inQuotes = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const clean = (text: string): string => (/[",\r\n]/.test(text) ? inQuotes(text) : text);
const csv = (rows: readonly (readonly string[])[]): string => rows.map(row => `${row.map(clean).join(',')}\n`).join('');

/** As no step writes it. */
const written = (rows: readonly (readonly string[])[]): string =>
	rows.map(row => `${row.map(inQuotes).join(';')}\r\n`).join('');

/** What is odd in a small table may look as if it was written in another way. */
const reading = {dialect: {delimiter: ';', header: true}};

/** Records without any value are no records. */
const sound = (rows: readonly (readonly string[])[]): readonly (readonly string[])[] =>
	rows.filter(row => row.some(each => each !== ''));

test('filter writes the records that fit, and no others, as clean CSV', async () => {
	const {runAnew} = createStepRunner({reading});
	await fc.assert(
		fc.asyncProperty(tables, fc.integer({min: -50, max: 50}), async ({names, rows}, limit) => {
			const cells = rows.map(row => row.slice(0, names.length));
			const [first = ''] = names;
			const content = written([names, ...cells]);
			const where = `\`${first}\` > ${limit}`;
			const {text, metadata, report} = await runAnew('filter', {where}, {name: 't.csv', content});
			const fits = ([value = '']: readonly string[]): boolean => /^-?\d+$/.test(value) && Number(value) > limit;
			const expected = sound(cells).filter(fits);
			expect(text).toBe(csv([names, ...expected]));
			expect(metadata).toEqual({
				records: expected.length,
				rejected: cells.length - sound(cells).length,
				filtered: sound(cells).length - expected.length,
			});
			expect(report).toMatchObject({status: 'completed', rows: cells.length, filtered: metadata.filtered});
		}),
		{numRuns: randomCases(60), seed: randomSeed},
	);
});

test('select writes the columns that are asked for, in that order and by new names', async () => {
	const {runAnew} = createStepRunner({reading});
	await fc.assert(
		fc.asyncProperty(tables, fc.infiniteStream(fc.nat()), async ({names, rows}, numbers) => {
			const cells = sound(rows.map(row => row.slice(0, names.length)));
			const chosen =
				fc.sample(fc.shuffledSubarray([...names], {minLength: 1}), {numRuns: 1, seed: numbers.next().value ?? 0})[0] ??
				[];
			const [renamed = ''] = chosen;
			const columns = chosen.map(name => (name === renamed ? 'new name' : name));
			const content = written([names, ...cells]);
			const {text} = await runAnew('select', {columns, rename: {'new name': renamed}}, {name: 't.csv', content});
			const places = chosen.map(name => names.indexOf(name));
			const expected = cells.map(row => places.map(place => row[place] ?? ''));
			// A record with one empty cell is written so that it is one.
			const records = expected.map(row => (row.length === 1 && row[0] === '' ? '""\n' : csv([row]))).join('');
			expect(text).toBe(csv([columns]) + records);
		}),
		{numRuns: randomCases(60), seed: randomSeed},
	);
});

const sales = 'id;when;total\n1;31.12.2024;1.234,50\nbroken\n2;01.02.2024;7,00\n';

test('convert writes CSV, JSON lines and Parquet of the sound records', async () => {
	const {run, folder, results} = createStepRunner();
	const file = {name: 'sales.csv', content: sales};
	const {text, metadata, report} = await run('convert', {}, file);
	expect(text).toBe('id,when,total\n1,31.12.2024,"1.234,50"\n2,01.02.2024,"7,00"\n');
	expect(metadata).toEqual({records: 2, rejected: 1});
	expect(report?.rejects).toMatchObject([{line: 3, reason: 'field-count'}]);
	const normalised = await run(
		'convert',
		{normalise: true, to: 'jsonl', where: 'id = 1', columns: ['total', 'when']},
		file,
	);
	expect(normalised.text).toBe('{"total":"1234.50","when":"2024-12-31"}\n');
	await run('convert', {to: 'parquet', normalise: true}, file);
	expect(results()).toEqual([
		'c1__sales.csv.convert.csv',
		'c1__sales.csv.convert.jsonl',
		'c1__sales.csv.convert.parquet',
	]);
	const bytes = readFileSync(folder.at('results/c1__sales.csv.convert.parquet'));
	const rows = await parquetReadObjects({file: new Uint8Array(bytes).buffer});
	expect(rows).toMatchObject([
		{id: 1n, total: 1234.5},
		{id: 2n, total: 7},
	]);
});

test('what a step has written is read as that, whatever is said of files that come, or might be found in it', async () => {
	const {run, folder} = createStepRunner({reading: {dialect: {delimiter: ';', comment: '#'}, decimal: ','}});
	// As clean CSV it looks like a header of two lines, and like a table with semicolons.
	const content = 'id;q\n#1;0\n"";"a;b;c"\n-1,5;"#x;y;z"\n"#2";"0;0;0"\n';
	const file = {name: 's.csv', content};
	const first = await run('filter', {where: 'q != "none"'}, file);
	expect(first.text).toBe('id,q\n,a;b;c\n"-1,5",#x;y;z\n#2,0;0;0\n');
	expect(first.data?.table).toEqual({hasHeader: true, isNormalised: false});
	const next = (from: StepRun): Partial<StepInput> => ({
		file: {
			claim: 'c1',
			name: 's.csv',
			path: folder.at(`results/${from.data?.name}`),
			bytes: 1,
			table: from.data?.table,
		},
	});
	const second = await run('select', {columns: ['q', 'id']}, file, next(first));
	expect(second.text).toBe('q,id\na;b;c,\n#x;y;z,"-1,5"\n0;0;0,#2\n');
	const third = await run('validate', {columns: {id: {type: 'number', decimal: ','}, q: {}}}, file, next(second));
	expect(third.text).toBe('q,id\na;b;c,\n#x;y;z,"-1,5"\n');
	const fourth = await run('filter', {where: 'id < 0'}, file, next(third));
	expect(fourth.text).toBe('q,id\n#x;y;z,"-1,5"\n');
	const fifth = await run('convert', {normalise: true}, file, next(fourth));
	expect(fifth.text).toBe('q,id\n#x;y;z,-1.5\n');
	const last = await run('filter', {where: 'id < 0'}, file, next(fifth));
	expect(last.text).toBe('q,id\n#x;y;z,-1.5\n');
	expect(last.data?.table).toEqual({hasHeader: true, isNormalised: true});
});

test('a file that is no table, or lacks a column, fails with the reason and leaves nothing', async () => {
	const {run, results} = createStepRunner();
	const missing = await failureOf(run('select', {columns: ['id', 'price']}, {name: 's.csv', content: sales}));
	expect(missing).toMatchObject({code: 'MISSING_COLUMN', mayPass: false});
	expect(missing.message).toContain('“price”');
	expect(missing.report).toMatchObject({status: 'failed', error: {code: 'MISSING_COLUMN'}});
	const cut = await failureOf(run('convert', {}, {name: 's.csv.gz', content: Buffer.from([0x1f, 0x8b, 8, 0])}));
	expect(cut.code).toBe('CORRUPT_GZIP');
	const where = await failureOf(run('filter', {where: 'price > 3'}, {name: 's.csv', content: sales}));
	expect(where.code).toBe('MISSING_COLUMN');
	expect(results()).toEqual([]);
});

test('a text that turns out not to be UTF-8 at its end is converted as what it is', async () => {
	const {run} = createStepRunner();
	const records = Array.from({length: 60_000}, (_, index) => `${index},\xc3\xa9,x\n`).join('');
	const content = Buffer.from(`id,name,last\n${records}7,\xe9,y\n`, 'latin1');
	const {text} = await run('convert', {}, {name: 'late.csv', content});
	expect(text?.startsWith('id,name,last\n0,Ã©,x\n')).toBe(true);
	expect(text?.endsWith('\n7,é,y\n')).toBe(true);
});

test('settings are checked with the place of what is wrong', async () => {
	const {processors} = createStepRunner();
	const faults = (processor: string, settings: object) => processors.check(processor, settings as never);
	expect(await faults('filter', {})).toEqual([{path: [], sentence: 'expected "where", which is missing'}]);
	expect(await faults('filter', {where: 'a > '})).toEqual([
		{path: ['where'], sentence: expect.stringMatching(/expected .*, at character 5/i)},
	]);
	expect(await faults('filter', {were: 'a > 1', where: 'a > 1'})).toEqual([
		{path: ['were'], sentence: 'there is no "were": did you mean "where"?'},
	]);
	expect(await faults('select', {columns: []})).toEqual([
		{path: ['columns'], sentence: 'expected at least one in the list'},
	]);
	expect(await faults('select', {columns: ['a', 'b', 'a']})).toEqual([
		{path: ['columns', 2], sentence: 'expected each column once, but "a" is there again'},
	]);
	expect(await faults('select', {columns: ['a', 3], rename: {b: 4}})).toEqual([
		{path: ['columns', 1], sentence: 'expected a text, but found 3'},
		{path: ['rename', 'b'], sentence: 'expected a text, but found 4'},
	]);
	expect(await faults('convert', {to: 'xls', timeout: 0})).toEqual([
		{path: ['to'], sentence: 'expected "csv" or "jsonl" or "parquet", but found "xls"'},
		{path: ['timeout'], sentence: 'expected a number from 0.1 to 604800, but found 0 (seconds)'},
	]);
	expect(await faults('convert', {})).toEqual([]);
});
