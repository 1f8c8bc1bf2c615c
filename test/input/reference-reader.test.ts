import {describe, expect, test} from 'vitest';
import {withDefaults} from '../../source/engine/shared/limits.ts';
import {DialectFinder} from '../../source/input/dialect-finder.ts';
import {InputError} from '../../source/input/input-error.ts';
import {MAX_COLUMNS, MAX_FIELD_BYTES, MAX_RECORD_BYTES} from '../../source/input/record-reader.ts';
import {readRecordsByReference} from '../../source/input/reference-reader.ts';
import {bytesInPieces, foldBytes} from '../helpers/fold-bytes.ts';

const knowNothing = () => ({known: 0, isComplete: false});

interface Seen {
	readonly names: readonly string[];
	readonly records: Array<{fields: readonly string[]; line: number; byteOffset: number; stray: number | null}>;
	readonly newline: string | null;
}

async function read(text: string | Buffer, chunkBytes = 65_536): Promise<Seen> {
	let header: readonly string[] = [];
	const records: Seen['records'] = [];
	const {newline} = await readRecordsByReference(
		bytesInPieces(Buffer.from(text), [chunkBytes]),
		{
			onHeader(names) {
				header = names;
			},
			onRecord(fields, {line, byteOffset}, stray) {
				records.push({fields, line, byteOffset, stray: stray?.fieldIndex ?? null});
			},
			onUnclosedQuote({raw, position: {line, byteOffset}, fieldIndex}) {
				records.push({fields: [raw], line, byteOffset, stray: fieldIndex});
			},
		},
		{chunk: new Uint8Array(chunkBytes), finder: new DialectFinder(knowNothing), onChunk() {}},
	);
	return {names: header, records, newline};
}

const transactions = (body: string): Buffer => Buffer.from(`customer_id,amount,date,category\n${body}`);

describe('records', () => {
	test.each([
		['\n', '\n'],
		['\r\n', '\r\n'],
		['\r', '\r'],
	])('%j separates records', async newline => {
		const seen = await read(['a,b', '1,2', '', '3,4'].join(newline));
		expect(seen.newline).toBe(newline);
		expect(seen.records.map(({fields, line}) => [line, ...fields])).toEqual([
			[2, '1', '2'],
			[4, '3', '4'],
		]);
	});

	test('separators may be mixed, and the first one is reported', async () => {
		const seen = await read('a,b\r\n1,2\n3,4\r5,6');
		expect(seen.newline).toBe('\r\n');
		expect(seen.records.map(({line}) => line)).toEqual([2, 3, 4]);
	});

	test('a file without a line end has no separator', async () => {
		expect((await read('a,b')).newline).toBeNull();
		expect(await read('')).toEqual({names: [], records: [], newline: null});
	});

	test('lines and bytes are counted through quoted line ends and blank lines', async () => {
		const {records} = await read('\n\na,b\r\n"x\r\ny\nz",1\n\n\r\n2,3\n');
		expect(records).toEqual([
			{fields: ['x\r\ny\nz', '1'], line: 4, byteOffset: 7, stray: null},
			{fields: ['2', '3'], line: 9, byteOffset: 21, stray: null},
		]);
	});

	test('a byte order mark is not data, but its bytes count', async () => {
		const {names, records} = await read(Buffer.from('\u{feff}"a",b\n1,2'));
		expect(names).toEqual(['a', 'b']);
		expect(records[0]?.byteOffset).toBe(9);
	});

	test('an empty quoted field is a field, and a line with only that is a record', async () => {
		expect((await read('a\n""\n')).records.map(({fields}) => fields)).toEqual([['']]);
	});

	test('a quote inside an unquoted field is text', async () => {
		expect((await read('a,b\n5" disk,say "hi"\n')).records[0]).toMatchObject({
			fields: ['5" disk', 'say "hi"'],
			stray: null,
		});
	});

	test('text after a closing quote is found in the field where it stands, and blanks there are padding', async () => {
		const {records} = await read('a,b,c\n1,"x"y,3\n1,2,"z" .\n1,"p""q"\t ,"r" \n"ok","",3\n');
		expect(records.map(({stray}) => stray)).toEqual([1, 2, null, null]);
		expect(records[2]?.fields).toEqual(['1', 'p"q', 'r']);
	});

	test('bytes that are not UTF-8 are kept as they are', async () => {
		const {records} = await read(Buffer.concat([Buffer.from('a,b\n'), Buffer.of(0xff, 0x2c, 0xc3)]));
		expect(records[0]?.fields).toEqual(['\u{ff}', '\u{c3}']);
	});
});

describe('quotes that are never closed', () => {
	test('the record ends with the line of the quote, and the next line is another one', async () => {
		for (const chunkBytes of [1, 7, 65_536]) {
			const {records} = await read('a,b\n1,"two\nlines"\n\n"3\nx",4,"open, ""5\n6,7\r\n\u{feff}8,""\n', chunkBytes);
			expect(records).toEqual([
				{fields: ['1', 'two\nlines'], line: 2, byteOffset: 4, stray: null},
				{fields: ['"open, ""5'], line: 6, byteOffset: 27, stray: 2},
				{fields: ['6', '7'], line: 7, byteOffset: 38, stray: null},
				{fields: ['8', ''], line: 8, byteOffset: 46, stray: null},
			]);
		}
	});

	test('a quote in the last line takes the rest of the file', async () => {
		for (const end of ['', '\n', '\r', '\r\n'])
			expect((await read(`a\n1\n"2${end}`)).records).toMatchObject([{fields: ['1']}, {fields: ['"2'], line: 3}]);
	});
});

describe('files that cannot be read', () => {
	test('the error of an unclosed quote says where it was opened, in any chunks', async () => {
		const bytes = transactions('"x\r\ny",1,2024-01-01,a\r\nc,"two\r\nlines",d,"open\nto the\r\nend');
		for (const chunkBytes of [1, 7, 65_536]) {
			expect((await foldBytes(bytes, {chunkBytes, maxErrors: 1})).error).toEqual({
				code: 'UNCLOSED_QUOTE',
				line: 5,
				byte_offset: 73,
			});
		}
		expect(bytes.subarray(73, 78).toString()).toBe('"open');
	});

	test('a quote that is open in the header fails the file', async () => {
		const bytes = Buffer.from('customer_id,"amount,date,category\nc,1,2024-01-01,a\n');
		expect((await foldBytes(bytes)).error).toEqual({code: 'UNCLOSED_QUOTE', line: 1, byte_offset: 12});
	});

	// Both readers read one of the usual longest length in `test/kernel/bounds.test.ts`.
	test.each([
		[0, 3_000_000, null],
		[1, 3_000_000, 'LINE_TOO_LONG'],
		[1, MAX_RECORD_BYTES, 'LINE_TOO_LONG'],
	])('a record of the longest length and %i, which is %i', async (difference, maxRecordBytes, code) => {
		const tail = ',1,2024-01-01,a';
		// No field is too long, but the record has too many of them, which only rejects it.
		const field = `${'x'.repeat(999_999)},`;
		const length = maxRecordBytes + difference - tail.length;
		const record = field.repeat(Math.ceil(length / field.length)).slice(0, length) + tail;
		const limits = withDefaults({maxRecordBytes});
		const options = {chunkBytes: 1_000_000, limits};
		const {error, rows} = await foldBytes(transactions(`${record}\nc,1,2024-01-01,a\n`), options);
		expect(error?.code ?? null).toBe(code);
		if (code === null) expect(rows).toBe(2);
		else expect(error).toMatchObject({line: 2, byte_offset: 33});
	});

	test.each([
		[-1, null],
		[0, null],
		[1, 'FIELD_TOO_LONG'],
	])('a field of the longest length %i is accepted', async (difference, code) => {
		for (const quote of ['', '"']) {
			const field = `${quote}${'x'.repeat(MAX_FIELD_BYTES + difference)}${quote}`;
			const {error, rows} = await foldBytes(transactions(`c,1,2024-01-01,a\n${field},1,2024-01-01,a\n`));
			expect(error?.code ?? null).toBe(code);
			if (code === null) expect(rows).toBe(2);
			else expect(error).toMatchObject({line: 3, byte_offset: 50});
		}
	});

	test('more blank lines than any bound are counted, in any chunks', async () => {
		const blank = '\r\n'.repeat(300_000);
		const bytes = Buffer.from(`customer_id,amount,date,category\r\n${blank}c,x,2024-01-01,a\r\n`);
		const limits = withDefaults({maxRecordBytes: 100_000});
		for (const chunkBytes of [99_999, 100_000]) {
			const {rejects} = await foldBytes(bytes, {chunkBytes, limits});
			expect(rejects).toMatchObject([{line: 300_002, byte_offset: bytes.length - 18}]);
		}
	});

	test('a quote that is never closed does not fill the memory', async () => {
		let given = 0;
		const endless = {
			read(target: Uint8Array) {
				target.fill(0x78);
				if (given === 0) target.set(Buffer.from('customer_id,amount,date,category\n"'));
				given += target.length;
				return target.length;
			},
		};
		const sink = {onHeader() {}, onRecord() {}, onUnclosedQuote() {}};
		const options = {
			chunk: new Uint8Array(1_000_000),
			finder: new DialectFinder(knowNothing),
			onChunk() {},
		};
		const failure = await readRecordsByReference(endless, sink, options).catch((error: unknown) => error);
		expect(failure).toBeInstanceOf(InputError);
		expect(failure).toMatchObject({code: 'LINE_TOO_LONG', at: {line: 2, byteOffset: 33}});
		expect(String(failure)).toMatch(/quote opened on line 2/);
		expect(given).toBeLessThan(MAX_RECORD_BYTES + 4_000_000);
	});

	test.each([
		[0, 'MISSING_COLUMN'],
		[1, 'TOO_MANY_COLUMNS'],
	])('a header of the maximum number of columns and %i more', async (more, code) => {
		const header = Array.from({length: MAX_COLUMNS + more}, (_, index) => `c${index}`).join(',');
		expect((await foldBytes(Buffer.from(`${header}\n`))).error?.code).toBe(code);
	});
});
