// Files at the bounds: one byte, one field, one column, one reject less and more. Both readers go wrong at the same place,
// in the same words.
import {describe, expect, test} from 'vitest';
import {MAX_FIELD_BYTES, MAX_RECORD_BYTES} from '../../source/input/record-reader.ts';
import {byKernel, byReference, type ReadingPlan} from '../helpers/outcomes.ts';

const header = 'customer_id,amount,date,category';
const front = 'c,1.5,2024-01-01,';
const good = `${front}g`;
const kibibytes = 256 * 1024;

async function expectSame(text: string, plan: ReadingPlan = {}): Promise<unknown> {
	const bytes = Buffer.from(text, 'latin1');
	const expected = await byReference(bytes, {...plan, chunkBytes: kibibytes});
	expect(await byKernel(bytes, {...plan, chunkBytes: kibibytes})).toEqual(expected);
	const pieces = [65_537, 1, 999_999];
	expect(await byKernel(bytes, {...plan, chunkBytes: 1_000_003, pieces})).toEqual(expected);
	return expected;
}

/** A record of so many bytes, in fields that are not too long. */
function recordOf(length: number, isQuoted: boolean): string {
	const cell = (bytes: number): string =>
		isQuoted ? `"${'x\n'.repeat(bytes).slice(0, bytes - 2)}"` : 'x'.repeat(bytes);
	const field = `${cell(999_999)},`;
	const text = front + field.repeat(Math.floor((length - 100) / field.length));
	return text + cell(length - text.length);
}

describe.each([MAX_RECORD_BYTES, 3_000_000])('a record of %i bytes', maxRecordBytes => {
	// What takes long is tried once at the bound that is usual, and in every way at a smaller one.
	test.each(
		[
			{over: 0, isQuoted: true, end: `\r${good}\r`},
			{over: 0, isQuoted: false, end: ''},
			{over: 0, isQuoted: false, end: `\r\n${good}`},
			{over: 1, isQuoted: false, end: `\r\n${good}`},
			{over: 3, isQuoted: true, end: ''},
		].slice(0, maxRecordBytes === MAX_RECORD_BYTES ? 1 : 5),
	)('and $over more, quoted: $isQuoted, end $end', async ({over, isQuoted, end}) => {
		const text = `${header}\n\n${good}\n${recordOf(maxRecordBytes + over, isQuoted)}${end}`;
		const expected = await expectSame(text, {limits: {maxRecordBytes}});
		if (over === 0) expect(expected).toMatchObject({rejectedRows: 1});
		else if (isQuoted) {
			// Its last field is open there.
			const {length: line} = text.slice(0, text.lastIndexOf(',"')).split('\n');
			const open = expect.objectContaining({reason: 'unclosed-quote', line});
			expect(expected).toMatchObject({rejects: expect.arrayContaining([open])});
		} else expect(expected).toMatchObject({code: 'LINE_TOO_LONG', at: {line: 4}});
	});
});

describe('a record of as many bytes as are set', () => {
	const limits = {maxRecordBytes: 100_000};

	test.each([0, 1, 3])('that its quotes leave open, and %i more', async over => {
		const start = `${front}"closed","`;
		const length = limits.maxRecordBytes + over - start.length;
		const lines = `${good}\r\n`.repeat(length / (good.length + 2)).padEnd(length);
		const text = `${header}\n${good}\n${start}${lines}`;
		const unclosed = {line: 3, reason: 'unclosed-quote', byte_offset: text.indexOf('"c,1.5')};
		expect(await expectSame(text, {limits})).toMatchObject({rejects: [unclosed, {reason: 'field-count'}]});
		const end = over > 0 ? 'still open at 100,000 bytes, the limit' : 'still open at the end of the file';
		expect(await expectSame(text, {limits, maxErrors: 1})).toMatchObject({
			code: 'UNCLOSED_QUOTE',
			message: expect.stringContaining(end),
		});
	});

	test('that a quote leaves open, and a later one closes', async () => {
		const text = `${header}\n${front}"open\n${`${good}\n`.repeat(6000)}${front}"closed"\n${good}`;
		expect(await expectSame(text, {limits})).toMatchObject({rows: 6003, rejectedRows: 1});
	});

	test('with a quote that one of a later line closes, in front of text', async () => {
		const text = `${header}\n${good}\n${front}"open\n${front}"closed"\n`;
		const expected = {
			code: 'UNCLOSED_QUOTE',
			message: expect.stringContaining('where a later line has one in front of text'),
		};
		for (const rest of ['', `${good}\n`.repeat(6000)])
			expect(await expectSame(text + rest, {limits, maxErrors: 1})).toMatchObject({...expected, at: {line: 3}});
	});

	test('that has no line end behind its open quote', async () => {
		const text = `${header}\n${good}\n"${'x'.repeat(limits.maxRecordBytes)}\n${good}`;
		expect(await expectSame(text, {limits})).toMatchObject({code: 'LINE_TOO_LONG', at: {line: 3}});
	});
});

describe.each([0, 1])('a field of 1 MiB, and %i more', over => {
	const long = 'x'.repeat(MAX_FIELD_BYTES + over);
	const doubled = '""'.repeat(10);
	test.each([
		{name: 'plain', cell: long},
		{name: 'quoted', cell: `"${long}"`},
		{name: 'with doubled quotes', cell: `"${long.slice(10)}${doubled}"`},
		{name: 'with text behind its quotes', cell: `"${long.slice(3)}"x`},
		{name: 'with all that', cell: `"${doubled}${long.slice(13)}"x`},
		{name: 'with a NUL behind its quotes', cell: `"${doubled}${long.slice(11)}"\0`},
	])('$name', async ({cell}) => {
		const ends = over === 0 ? {rejectedRows: expect.any(Number)} : {code: 'FIELD_TOO_LONG', at: {line: 3}};
		for (const record of [`${front}${cell}`, `c,${cell},2024-01-01,g`]) {
			expect(await expectSame(`${header}\n${good}\n${record}\r\n${good}\n`)).toMatchObject(ends);
		}
	});
});

test.each([16_383, 16_384, 16_385])('%i columns, and records with about as many', async columns => {
	const blank = ','.repeat(columns - 5);
	const ends = columns > 16_384 ? {code: 'TOO_MANY_COLUMNS'} : {rows: 5, rejectedRows: 3};
	const text = `${header},${blank}\n${good},${blank}\n${good},${blank},\n${good}${blank}\n${good},"${blank}\n"${blank}\n`;
	expect(await expectSame(`${text}${good},${','.repeat(100_000)}`)).toMatchObject(ends);
});

test('a million empty fields', async () => {
	const empty = ','.repeat(1_000_000);
	await expectSame(`${header}\n${empty}\n${good}\n${'"",'.repeat(100_000)}\r\n${good}\r\n${empty}`);
});

test.each([
	32_767, 32_768, 32_769, 65_535, 65_536, 65_537, 65_600, 200_000,
])('records of %i bytes, about a window', async length => {
	const rest = length - front.length;
	const cells = ['x'.repeat(rest), `"${'x\r\n'.repeat(rest).slice(0, rest - 3)}a"`, `"${'""'.repeat(rest / 2 - 1)}"`];
	const fields = 'a,'.repeat(length / 2);
	for (const end of ['\n', '\r\n', '\r']) {
		const records = cells.map(cell => `${front}${cell}${end}`).join(`${good}${end}`);
		await expectSame(`${header}${end}${records}bad,${end}${fields}${end}${records}${front}${cells[0]}`);
	}
});

test.each([0, 70_000, 300_000])('a quote that is left open behind %i bytes', async place => {
	const text = `${header}\r\n${`${good}\r\n`.repeat(place / 20)}c,"1,2024\r\n${`${good}\r`.repeat(1000)}`;
	const line = 2 + place / 20;
	expect(await expectSame(text)).toMatchObject({rejects: [{line, reason: 'unclosed-quote', value: '"1,2024'}]});
	expect(await expectSame(text, {maxErrors: 1})).toMatchObject({code: 'UNCLOSED_QUOTE', at: {line}});
});

test('blank lines beyond any bound, in front of the header, between records, and alone', async () => {
	const limits = {maxRecordBytes: 100_000};
	const blank = '\r\n'.repeat(600_000);
	expect(await expectSame(`${blank}${header}\n${good}`, {limits})).toMatchObject({rows: 1});
	expect(await expectSame(`${header}\n${blank}${good}x,\n`, {limits})).toMatchObject({rejects: [{line: 600_002}]});
	expect(await expectSame(blank, {limits})).toMatchObject({rows: 0, dialect: {newline: null, header: false}});
});

test.each([1, 2, 19, 20, 21, 22, 100])('the reject that fails the file when %i do', async maxErrors => {
	const bad = ['c,x,2024-01-01,g', 'c,1,today,g', 'c,1', 'c,1,2024-01-01,"g"x', 'c,,2024-01-01,"two\nlines"'];
	for (const every of [1, 2, 7, 50]) {
		const records = Array.from({length: 1200}, (_, index) => (index % every === 0 ? bad[(index / every) % 5] : good));
		await expectSame(`${header}\n${records.join('\n')}`, {maxErrors});
		await expectSame(`${header}\n${records.slice(0, (maxErrors - 1) * every).join('\n')}`, {maxErrors});
	}
});
