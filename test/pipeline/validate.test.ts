// `validate`, held against the rules written once more in a few lines.
import {readFileSync} from 'node:fs';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import type {JsonObject} from '../../source/pipeline/pipeline.ts';
import {randomCases, randomSeed} from '../helpers/random-cases.ts';
import {createStepRunner, failureOf} from '../helpers/run-step.ts';

const header = 'id,amount,day,note\n';
const columns: JsonObject = {
	id: {type: 'integer', required: true, unique: true, min: 1},
	amount: {type: 'number', min: -0.5, max: '99.95'},
	day: {type: 'date', min: '2024-01-01', max: '2024-12-31'},
	note: {pattern: '[a-z]+|ä', maxLength: 3},
};

test('a record is rejected for the first rule that it does not keep, with line, column and what was found', async () => {
	const {run, folder, results} = createStepRunner();
	const content = `${header}1,99.95,2024-12-31T23:59:59,abc
,1,2024-01-01,a
x,1,2024-01-01,a
2,99.951,2024-01-01,a
3,-0.51,2024-01-01,a
4,1,2025-01-01,a
5,1,2024-02-30,a
6,1,2024-01-01,aB
7,1,2024-01-01,abcd
1,1,2024-01-01,a
0,1,2024-01-01,a
broken
"8",,"",ä
`;
	const {text, metadata, report, outputs, data} = await run('validate', {columns}, {name: 's.csv', content});
	expect(text).toBe(`${header}1,99.95,2024-12-31T23:59:59,abc\n8,,,ä\n`);
	expect(report?.rejects.map(({line, column, reason, value}) => [line, column, reason, value])).toEqual([
		[3, 'id', 'missing', ''],
		[4, 'id', 'not-a-number', 'x'],
		[5, 'amount', 'not-accepted', 'expected at most 99.95, found "99.951"'],
		[6, 'amount', 'not-accepted', 'expected at least -0.5, found "-0.51"'],
		[7, 'day', 'not-accepted', 'expected 2024-12-31 or earlier, found "2025-01-01"'],
		[8, 'day', 'not-a-date', '2024-02-30'],
		[9, 'note', 'not-accepted', 'expected what fits [a-z]+|ä, found "aB"'],
		[10, 'note', 'not-accepted', 'expected at most 3 characters, found "abcd"'],
		[11, 'id', 'not-accepted', 'expected a value that is there once; "1" is on line 2, too'],
		[12, 'id', 'not-accepted', 'expected at least 1, found "0"'],
		[13, null, 'field-count', '1 field, expected 4'],
	]);
	expect(report).toMatchObject({status: 'completed', rows: 13, rejected_rows: 11});
	expect(metadata).toEqual({
		records: 2,
		rejected: 11,
		by_reason: {missing: 1, 'not-a-number': 1, 'not-a-date': 1, 'not-accepted': 7, 'field-count': 1},
	});
	expect(results()).toEqual(['c1__s.csv.validate.csv', 'c1__s.csv.validate.rejects.csv']);
	expect(data).toEqual(outputs[0]);
	const list = readFileSync(folder.at('results/c1__s.csv.validate.rejects.csv'), 'utf8').split('\n');
	expect(list.slice(0, 3)).toEqual(['line,column,reason,value', '3,id,missing,', '4,id,not-a-number,x']);
	expect(list).toHaveLength(13);
});

test('a table that keeps all rules is read on as it is', async () => {
	const {run, results} = createStepRunner();
	const file = {name: 's.csv', content: `${header}1,,,\n2,5,2024-05-05,b\n`};
	const {text, metadata, report} = await run('validate', {columns, only: true}, file);
	expect({text, metadata}).toEqual({text: null, metadata: {records: 2, rejected: 0, by_reason: {}}});
	expect(report).toMatchObject({rows: 2, rejected_rows: 0, rejects: []});
	expect(results()).toEqual([]);
});

test('too many rejected records, or other columns, fail the file with the report of what is wrong', async () => {
	const {run, results} = createStepRunner();
	const file = {name: 's.csv', content: `${header}1,1,,\n1,1,,\n2,1,,\nx,1,,\n`};
	const outcome = async (settings: JsonObject) => {
		try {
			return (await run('validate', {columns, ...settings}, file)).metadata.rejected;
		} catch (error) {
			return (await failureOf(Promise.reject(error))).code;
		}
	};
	expect(await outcome({maxRejects: 2})).toBe(2);
	expect(await outcome({maxRejects: 1})).toBe('VALIDATION_FAILED');
	expect(await outcome({maxRejects: 0})).toBe('VALIDATION_FAILED');
	expect(await outcome({maxRejects: '50%'})).toBe(2);
	expect(await outcome({maxRejects: '49.9999%'})).toBe('VALIDATION_FAILED');
	const error = await failureOf(run('validate', {columns, maxRejects: 1}, file));
	expect(error.message).toBe(
		'validate: Expected at most 1 rejected of 4 records; 2 are. The first: not-accepted at line 3, column id, expected a value that is there once; "1" is on line 2, too',
	);
	expect(error.report).toMatchObject({
		status: 'failed',
		rows: 4,
		rejected_rows: 2,
		error: {code: 'VALIDATION_FAILED', line: 3},
	});
	expect(error.report?.rejects).toHaveLength(2);
	const missing = await failureOf(run('validate', {columns: {price: {}, id: {}}}, file));
	expect(missing.message).toBe('validate: Expected the column “price”; its header has “id”, “amount”, “day”, “note”');
	expect((await failureOf(run('validate', {columns}, {name: 'e.csv', content: ''}))).message).toContain(
		'the file is empty',
	);
	expect((await failureOf(run('validate', {columns: {id: {}}, only: true}, file))).message).toContain(
		'no other columns, found “amount”',
	);
	expect((await run('validate', {columns: {price: {optional: true}}}, file)).metadata.records).toBe(4);
	const before = results().length;
	expect(before).toBe(4);
});

test('the lines are those of the file in any encoding, with quoted line ends, and in a table in another form', async () => {
	const {run} = createStepRunner();
	const text = '\ufeffid;Größe;am\r\n1;"two\r\nlines, ü";31.12.2024\r\n\r\n2;1.234,5;x\r\n';
	const rules = {columns: {Größe: {type: 'number', decimal: ','}, am: {type: 'date', format: 'd.m.y'}}};
	for (const content of [Buffer.from(text), Buffer.from(text, 'utf16le'), Buffer.from(text.slice(1), 'latin1')]) {
		const {report} = await run('validate', rules, {name: 'ü.csv', content});
		expect(report?.rejects.map(({line, column, reason}) => [line, column, reason])).toEqual([
			[2, 'Größe', 'not-a-number'],
			[5, 'am', 'not-a-date'],
		]);
	}
});

test('what is accepted is what the rules say of each record by itself', async () => {
	// A table of three odd records might as well have a header of two lines.
	const {runAnew} = createStepRunner({reading: {dialect: {delimiter: ',', header: true}}});
	const number = fc.oneof(
		fc.integer({min: -30, max: 30}).map(String),
		fc.constantFrom('', 'x', '1.5', '1e3', ' 7 ', '0x1', '--1'),
	);
	const word = fc.constantFrom('', 'a', 'b', 'ab', 'A', ' a');
	const rules = {
		columns: {n: {type: 'number', min: -10, max: 20, unique: true}, w: {required: true, in: ['a', 'ab', 'A']}},
	};
	await fc.assert(
		fc.asyncProperty(fc.array(fc.tuple(number, word), {maxLength: 30}), async rows => {
			const content = `n,w\n${rows.map(([n, w]) => `"${n}","${w}"\n`).join('')}`;
			const seen = new Set<string>();
			const accepted = rows.filter(([n, w]) => {
				const isNumber = n === '' || (/^ *-?\d+(\.\d+)? *$/.test(n) && Number(n) >= -10 && Number(n) <= 20);
				if (!isNumber || !['a', 'ab', 'A'].includes(w) || (n !== '' && seen.has(n))) return false;
				seen.add(n);
				return true;
			});
			const {metadata, text} = await runAnew('validate', rules, {name: 'r.csv', content});
			expect(metadata).toMatchObject({records: accepted.length, rejected: rows.length - accepted.length});
			if (accepted.length < rows.length) expect(text).toBe(`n,w\n${accepted.map(([n, w]) => `${n},${w}\n`).join('')}`);
			else expect(text).toBe(null);
		}),
		{numRuns: randomCases(80), seed: randomSeed},
	);
});

test('a pattern that never comes to an end fails its file after its time', async () => {
	const {run} = createStepRunner();
	const file = {name: 's.csv', content: `w\n${'a'.repeat(60)}!\n`};
	const error = await failureOf(run('validate', {columns: {w: {pattern: '(a+)+'}}, timeout: 0.5}, file));
	expect(error.message).toContain('It had not ended after 0.5 s');
});

test('rules that cannot be used are told with their place', async () => {
	const {processors} = createStepRunner();
	const fault = async (column: JsonObject, more: JsonObject = {}) =>
		(await processors.check('validate', {columns: {a: column}, ...more})).map(
			({path, sentence}) => `${path.join('.')}: ${sentence}`,
		);
	expect(await fault({type: 'numeric'})).toEqual([
		'columns.a.type: expected "text" or "number" or "integer" or "date" or "boolean", but found "numeric"',
	]);
	expect(await fault({min: 1})).toEqual([
		'columns.a.min: expected "type" to be one of number, integer, date, as min is about these',
	]);
	expect(await fault({type: 'date', max: 3})).toEqual(['columns.a.max: expected a date as YYYY-MM-DD, but found 3']);
	expect(await fault({type: 'number', max: '2024-01-01'})).toEqual([
		'columns.a.max: expected a number, but found "2024-01-01"',
	]);
	expect(await fault({pattern: '('})).toEqual([
		expect.stringMatching(/^columns\.a\.pattern: expected a regular expression/),
	]);
	expect(await fault({uniqe: true})).toEqual(['columns.a.uniqe: there is no "uniqe": did you mean "unique"?']);
	expect(await fault({}, {maxRejects: '101%'})).toEqual([
		'maxRejects: expected a whole number from 0, or a share as "5%", but found "101%"',
	]);
	expect(await fault({type: 'date', format: 'd/m/y', min: '2024-01-01'}, {maxRejects: '0.5%', only: true})).toEqual([]);
	expect(await processors.check('validate', {})).toEqual([
		{path: [], sentence: 'expected "columns", which is missing'},
	]);
});
