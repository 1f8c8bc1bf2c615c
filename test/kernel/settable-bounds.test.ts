// Bounds can be set: whatever they are, both readers hold a file to them at the same place and in the same words.
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {limitRanges, type ReadLimits} from '../../source/engine/shared/limits.ts';
import {byKernel, byReference, type ReadingPlan} from '../helpers/outcomes.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {table} from '../helpers/random-tables.ts';

const header = 'customer_id,amount,date,category';
const front = 'c,1.5,2024-01-01,';

async function expectSame(text: string | Buffer, plan: ReadingPlan): Promise<unknown> {
	const bytes = Buffer.from(text);
	const expected = await byReference(bytes, plan);
	expect(await byKernel(bytes, plan)).toEqual(expected);
	expect(await byKernel(bytes, {...plan, chunkBytes: 64, pieces: [64, 1, 17]})).toEqual(expected);
	return expected;
}

const about = [-1, 0, 1];

describe.each(about)('a bound of 100, and %i', over => {
	const isOver = over > 0;
	const cell = (bytes: number): string => 'x'.repeat(bytes);

	test.each(['\n', '\r\n', '\r', ''])('bytes of a record that ends with %j', async end => {
		const limits = {maxRecordBytes: 100};
		const record = front + cell(100 + over - front.length);
		const outcome = isOver ? {code: 'LINE_TOO_LONG', at: {line: 3}} : {rows: end === '' ? 2 : 3, rejectedRows: 0};
		const quoted = `${front}"${cell(96 + over - front.length)}\n,"`;
		const rest = end === '' ? '' : `${end}${front}g`;
		const read = (long: string) => expectSame(`${header}\n${front}g\n${long}${rest}`, {limits});
		expect(await read(record)).toMatchObject(outcome);
		// Its last byte closes its quotes.
		const unclosed = expect.objectContaining({line: 3, reason: 'unclosed-quote'});
		expect(await read(quoted)).toMatchObject(isOver ? {rejects: expect.arrayContaining([unclosed])} : outcome);
	});

	test('bytes of a field, its quotes aside', async () => {
		const limits = {maxFieldBytes: 100};
		const long = cell(100 + over);
		const outcome = isOver ? {code: 'FIELD_TOO_LONG', at: {line: 3}} : {rows: 3};
		for (const field of [long, `"${long}"`, `"${long.slice(2)}"""""`]) {
			for (const record of [`${front}${field}`, `${field},1,2024-01-01,g`, `${front}g,${field}`]) {
				expect(await expectSame(`${header}\n${front}g\n${record}\r\n${front}g`, {limits})).toMatchObject(outcome);
			}
		}
	});

	test('bytes of a header, and of a name in it', async () => {
		const long = `${header},${cell(99 + over - header.length)}`;
		expect(await expectSame(`${long}\n${front}g,x\n`, {limits: {maxRecordBytes: 100}})).toMatchObject(
			isOver ? {code: 'LINE_TOO_LONG', at: {line: 1}} : {rows: 1},
		);
		expect(
			await expectSame(`${header},${cell(100 + over)}\n${front}g,x\n`, {limits: {maxFieldBytes: 100}}),
		).toMatchObject(isOver ? {code: 'FIELD_TOO_LONG', at: {line: 1}} : {rows: 1});
	});

	test('columns', async () => {
		const blank = ','.repeat(96 + over);
		expect(await expectSame(`${header}${blank}\n${front}g${blank}\n`, {limits: {maxColumns: 100}})).toMatchObject(
			isOver ? {code: 'TOO_MANY_COLUMNS'} : {rows: 1, rejectedRows: 0},
		);
	});

	test('rejects that are kept', async () => {
		const records = 'c,x,2024-01-01,g\n'.repeat(100 + over);
		const outcome = await expectSame(`${header}\n${records}`, {limits: {maxRejectsKept: 100}});
		expect(outcome).toMatchObject({rejectedRows: 100 + over});
		expect((outcome as {rejects: unknown[]}).rejects).toHaveLength(Math.min(100, 100 + over));
	});
});

describe('the bounds that can be set at most', () => {
	const most = (name: keyof ReadLimits): number => limitRanges[name].maximum;
	const atMost: ReadLimits = {
		...{maxRecordBytes: most('maxRecordBytes'), maxFieldBytes: most('maxFieldBytes'), maxColumns: most('maxColumns')},
		...{maxUnpackedBytes: 1, maxUnpackRatio: 1, maxRejectsKept: most('maxRejectsKept')},
	};
	const plan = {limits: atMost, chunkBytes: 1024 * 1024};

	test.each(about)('a record of 64 MiB, and %i more bytes', async over => {
		const field = `${'x'.repeat(atMost.maxFieldBytes - 1)},`;
		const start = front + field.repeat(7);
		const record = start + 'x'.repeat(atMost.maxRecordBytes + over - start.length);
		const outcome = over > 0 ? {code: 'LINE_TOO_LONG', at: {line: 2}} : {rows: 2, rejectedRows: 1};
		expect(await byKernel(Buffer.from(`${header}\n${record}\n${front}g`), plan)).toMatchObject(outcome);
	});

	test.each(about)('a field of 8 MiB, and %i more bytes', async over => {
		const long = 'x'.repeat(atMost.maxFieldBytes + over);
		for (const record of [`${front}${long}`, `${long},1.5,2024-01-01,g`]) {
			const outcome = over > 0 ? {code: 'FIELD_TOO_LONG', at: {line: 2}} : {rows: 2, rejectedRows: 0};
			expect(await byKernel(Buffer.from(`${header}\n${record}\n${record}\n`), plan)).toMatchObject(outcome);
		}
	});

	test.each(about)('65,536 columns, and %i more', async over => {
		const blank = ','.repeat(atMost.maxColumns - 4 + over);
		const text = `${header}${blank}\n${front}g${blank}\n${front}g${blank},\n${front}"${blank}"${blank}\n`;
		const outcome = over > 0 ? {code: 'TOO_MANY_COLUMNS'} : {rows: 3, rejectedRows: 1};
		expect(await byKernel(Buffer.from(text), plan)).toMatchObject(outcome);
	});

	test('1,000 rejects, and the fewest that can be kept behind them', async () => {
		const text = `${header}\n${`c,${'x'.repeat(500)},2024-01-01,g\n`.repeat(1100)}`;
		const keptOf = async (maxRejectsKept: number): Promise<unknown[]> => {
			const outcome = await expectSame(text, {limits: {...atMost, maxRejectsKept}});
			return (outcome as {rejects: unknown[]}).rejects;
		};
		for (const count of [1000, 0, 1000, 21]) expect(await keptOf(count)).toHaveLength(count);
	});
});

describe('a share of rejected records', () => {
	const records = (good: number, bad: number): string =>
		`${header}\n${`${front}g\n`.repeat(good)}${'c,oops,2024-01-01,g\n'.repeat(bad)}`;

	test.each([
		[95, 5, 50_000, true],
		[96, 4, 50_000, false],
		[9_951, 49, 5_000, false],
		[9_950, 50, 5_000, true],
		[1, 1, 500_000, true],
		[0, 1, 1_000_000, true],
		[1, 1, 1_000_000, false],
		[100, 0, 1, false],
		[0, 0, 1, false],
	])('%i good and %i bad records at %i of a million fail the file: %s', async (good, bad, maxErrorsPerMillion, fails) => {
		const outcome = await expectSame(records(good, bad), {maxErrorsPerMillion});
		expect(outcome).toMatchObject(fails ? {code: 'TOO_MANY_REJECTS'} : {rows: good + bad, rejectedRows: bad});
	});

	test('fails a file with the share, the first of them and its place, whether or not any are kept', async () => {
		for (const maxRejectsKept of [20, 1, 0]) {
			const plan = {maxErrorsPerMillion: 70_000, limits: {maxRejectsKept}};
			expect(await expectSame(records(92, 8), plan)).toEqual({
				code: 'TOO_MANY_REJECTS',
				message:
					'8 of 100 records were rejected (8%); 7% fail the file. The first: not-a-number at line 94, column amount, found "oops"',
				at: {line: 94, byteOffset: header.length + 1 + 92 * (front.length + 2)},
			});
		}
	});
});

test('whatever the bounds are, both readers say the same, however the bytes come', async () => {
	const limits = fc.record({
		maxRecordBytes: fc.oneof(fc.integer({min: 1, max: 400}), fc.constant(100_000)),
		maxFieldBytes: fc.oneof(fc.integer({min: 1, max: 60}), fc.constant(100_000)),
		maxColumns: fc.integer({min: 3, max: 9}),
		maxRejectsKept: fc.integer({min: 0, max: 30}),
	});
	const pieces = fc.array(fc.integer({min: 1, max: 200}), {minLength: 1, maxLength: 5});
	const counts = new Map<string, number>();
	await fc.assert(
		fc.asyncProperty(
			table,
			limits,
			pieces,
			fc.option(fc.integer({min: 1, max: 5})),
			fc.option(fc.constantFrom(1, 100_000, 500_000, 1_000_000)),
			async (bytes, bounds, sizes, maxErrors, maxErrorsPerMillion) => {
				const plan = {limits: bounds, maxErrors, maxErrorsPerMillion};
				const whole = await byReference(bytes, plan);
				expect(await byKernel(bytes, plan)).toEqual(whole);
				for (const read of [byReference, byKernel])
					expect(await read(bytes, {...plan, chunkBytes: 200, pieces: sizes})).toEqual(whole);
				const {code = 'none'} = whole as {code?: string};
				counts.set(code, (counts.get(code) ?? 0) + 1);
			},
		),
		{numRuns: randomCases(300)},
	);
	for (const code of ['none', 'LINE_TOO_LONG', 'FIELD_TOO_LONG', 'TOO_MANY_COLUMNS', 'TOO_MANY_REJECTS']) {
		expect(counts.get(code) ?? 0, code).toBeGreaterThan(randomCases(5));
	}
});
