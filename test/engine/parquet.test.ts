// Parquet files are read as the CSV files that say the same.
import {brotliCompressSync, gzipSync, zstdCompressSync} from 'node:zlib';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {defaultLimits} from '../../source/engine/shared/limits.ts';
import {openSource} from '../../source/engine/worker/source/open-source.ts';
import {canonicalRecord} from '../../source/engine/worker/table/canonical-records.ts';
import {InputError} from '../../source/input/input-error.ts';
import {type Column, parquetOf, text} from '../helpers/parquet.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

async function textOf(bytes: Uint8Array, {name = 'a.parquet', limits = defaultLimits, targetBytes = 1000} = {}) {
	const source = openSource({kind: 'file', path: createTemporaryFolder().write(name, bytes)}, limits);
	try {
		const parts: Buffer[] = [];
		const target = new Uint8Array(targetBytes);
		for (let length = 1; length > 0; ) {
			length = await source.read(target);
			parts.push(Buffer.from(target.subarray(0, length)));
		}
		await source.verify(true);
		expect(source.compression).toBe('parquet');
		expect(source.isSeekable).toBe(false);
		expect(source.bytesRead).toBe(bytes.length);
		return Buffer.concat(parts).toString();
	} finally {
		source.close();
	}
}

async function problemOf(bytes: Uint8Array, limits = defaultLimits): Promise<string> {
	try {
		return `Read: ${await textOf(bytes, {limits})}`;
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		return `${error.code}: ${error.message}`;
	}
}

/** The cells of one column, without its name. */
const cellsOf = async (column: Omit<Column, 'name'>): Promise<string[]> =>
	(
		await textOf(
			parquetOf([
				{name: 'x', ...column},
				{name: 'y', ...text, data: Array.from(column.data, () => '')},
			]),
		)
	)
		.split('\n')
		.slice(1, -1)
		.map(line => line.slice(0, -1));

const compressors = {
	GZIP: (bytes: Uint8Array) => gzipSync(bytes),
	ZSTD: (bytes: Uint8Array) => zstdCompressSync(bytes),
	BROTLI: (bytes: Uint8Array) => brotliCompressSync(bytes),
};

test('cells are what was written, whatever they are, packed in any way, in pages and groups of any size', async () => {
	const cell = fc.option(
		fc.oneof(fc.string({unit: 'grapheme'}), fc.constantFrom('a,b', '"', '\r\n', 'long '.repeat(20))),
	);
	const table = fc
		.integer({min: 1, max: 4})
		.chain(width => fc.array(fc.array(cell, {minLength: width, maxLength: width}), {minLength: 1}));
	const form = fc.record({
		codec: fc.constantFrom(
			'UNCOMPRESSED' as const,
			'SNAPPY' as const,
			'GZIP' as const,
			'ZSTD' as const,
			'BROTLI' as const,
		),
		rowGroupSize: fc.integer({min: 1, max: 30}),
		pageSize: fc.constantFrom(1, 100, 10_000),
	});
	await fc.assert(
		fc.asyncProperty(table, form, fc.integer({min: 1, max: 500}), async (records, options, targetBytes) => {
			const names = (records[0] ?? []).map((_, index) => `n${index}`);
			const columns = names.map((name, index) => ({name, ...text, data: records.map(record => record[index] ?? null)}));
			const expected = [names, ...records.map(record => record.map(each => each ?? ''))].map(canonicalRecord).join('');
			expect(await textOf(parquetOf(columns, {...options, compressors}), {targetBytes})).toBe(expected);
		}),
		{numRuns: randomCases(30)},
	);
});

describe('values of each type have one text, with all of their digits', () => {
	const big = (...values: readonly (bigint | null)[]) => values as bigint[];
	test.each<readonly [string, Omit<Column, 'name'>, readonly string[]]>([
		[
			'INT64',
			{type: 'INT64', data: big(9007199254740993n, -9223372036854775808n, null)},
			['9007199254740993', '-9223372036854775808', ''],
		],
		['INT32', {type: 'INT32', data: [1, -2147483648]}, ['1', '-2147483648']],
		['UINT_64', {type: 'INT64', converted_type: 'UINT_64', data: big(18446744073709551615n)}, ['18446744073709551615']],
		['UINT_32', {type: 'INT32', converted_type: 'UINT_32', data: [4294967295]}, ['4294967295']],
		['BOOLEAN', {type: 'BOOLEAN', data: [true, false]}, ['true', 'false']],
		['DOUBLE', {type: 'DOUBLE', data: [0.1, -1.5e300, 3]}, ['0.1', '-1.5e+300', '3']],
		['FLOAT', {type: 'FLOAT', data: [0.1, 16_777_216, 1.17549435e-38]}, ['0.1', '16777216', '1.1754944e-38']],
		[
			'DECIMAL',
			{type: 'INT64', converted_type: 'DECIMAL', scale: 2, precision: 18, data: [1234567890.12, -0.05, 7]},
			['1234567890.12', '-0.05', '7.00'],
		],
		[
			'UUID',
			{
				type: 'FIXED_LEN_BYTE_ARRAY',
				type_length: 16,
				logical_type: {type: 'UUID'},
				data: ['00112233-4455-6677-8899-aabbccddeeff'],
			},
			['00112233-4455-6677-8899-aabbccddeeff'],
		],
		[
			'DATE',
			{type: 'INT32', converted_type: 'DATE', data: [19_782, -719_162, 0, -1]},
			['2024-02-29', '0001-01-01', '1970-01-01', '1969-12-31'],
		],
		[
			'TIMESTAMP_MILLIS',
			{type: 'INT64', converted_type: 'TIMESTAMP_MILLIS', data: big(1_709_208_000_000n, -1n)},
			['2024-02-29T12:00:00Z', '1969-12-31T23:59:59.999Z'],
		],
		[
			'TIMESTAMP of nanoseconds, local',
			{
				type: 'INT64',
				logical_type: {type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'NANOS'},
				data: big(1_709_208_000_000_000_001n),
			},
			['2024-02-29T12:00:00.000000001'],
		],
		[
			'TIME',
			{type: 'INT64', converted_type: 'TIME_MICROS', data: big(86_399_000_000n, 1n)},
			['23:59:59', '00:00:00.000001'],
		],
	])('%s', async (_, column, expected) => {
		expect(await cellsOf(column)).toEqual(expected);
	});
});

const sound = parquetOf(
	[
		{name: 'customer_id', ...text, data: ['C1', 'C2', 'C1', null]},
		{name: 'amount', type: 'DOUBLE', data: [1.5, 2.25, null, 1e3]},
	],
	{rowGroupSize: 2, compressors},
);
const soundText = 'customer_id,amount\nC1,1.5\nC2,2.25\nC1,\n,1000\n';

describe('what cannot be read is told, and never read as something else', () => {
	test('a file cut off anywhere', async () => {
		for (let length = 12; length < sound.length; length += 7)
			expect(await problemOf(sound.subarray(0, length)), `cut at ${length}`).toMatch(
				/^CORRUPT_PARQUET: .* it is cut off/,
			);
	});

	test('any byte that is another one: a clear error, or the same table as far as its bytes can tell', async () => {
		for (let at = 4; at < sound.length - 4; at += 3) {
			const damaged = Buffer.from(sound);
			damaged[at] = (damaged[at] ?? 0) ^ 0x15;
			expect(await problemOf(damaged), `at ${at}`).toMatch(/^(?:CORRUPT_PARQUET: |UNSUPPORTED_FORMAT: |Read: )/);
		}
	});

	test('one that is encrypted', async () => {
		const encrypted = Buffer.from(sound);
		encrypted.write('PARE', 0);
		encrypted.write('PARE', sound.length - 4);
		expect(await problemOf(encrypted)).toMatch(/^UNSUPPORTED_FORMAT: .* it is encrypted. Decrypt it first/);
	});

	test('columns that have no text in a cell', async () => {
		const bytes = parquetOf([{name: 'blob', type: 'BYTE_ARRAY', data: [Uint8Array.of(0xff, 0xfe)]}]);
		expect(await problemOf(bytes)).toMatch(/^UNSUPPORTED_FORMAT: .*"blob".* not text in UTF-8/);
	});

	const inOnePage = {rowGroupSize: 2 ** 21, pageSize: 1e9, statistics: false} as const;
	test('a page of more values than are kept in memory', async () => {
		const bytes = parquetOf([{name: 'x', type: 'BOOLEAN', data: new Array(2 ** 20 + 1).fill(true)}], inOnePage);
		expect(await problemOf(bytes)).toMatch(/^UNSUPPORTED_FORMAT: .* a page of the column "x" has 1048577 values/);
	});

	test('a page of more bytes, as its header says before it is unpacked', async () => {
		const bytes = parquetOf(
			[{name: 'x', ...text, repetition_type: 'REQUIRED', data: ['x'.repeat(2 ** 20)]}],
			inOnePage,
		);
		// A number of the header has seven bits a byte, from the lowest on, and is twice what it means.
		const coded = (size: number) =>
			Buffer.from([0, 7, 14, 21].map(by => (((size * 2) >> by) & 127) | (by < 21 ? 128 : 0)));
		coded(2 ** 25 + 1).copy(bytes, bytes.indexOf(coded(2 ** 20 + 4)));
		expect(await problemOf(bytes)).toMatch(
			/^UNSUPPORTED_FORMAT: .* a page of the column "x" has 1 values in 33554433 bytes/,
		);
	});

	test('more text than a file may unpack to', async () => {
		const limits = {...defaultLimits, maxUnpackedBytes: soundText.length - 1};
		expect(await problemOf(sound, limits)).toMatch(/^SUSPECTED_BOMB: /);
		expect(await textOf(sound, {limits: {...limits, maxUnpackedBytes: soundText.length}})).toBe(soundText);
	});
});
