// Text in UTF-16 and UTF-32 comes to what it comes to in UTF-8, and what is told of it are places in its file.
import {gzipSync} from 'node:zlib';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {foldLinesWith} from '../../source/engine/worker/read/fold-lines.ts';
import {Kernel} from '../../source/kernel/kernel.ts';
import {encodeWide, fileOffsetIn, type WideLabel, wideLabels} from '../helpers/encode-wide.ts';
import {type BytesPlan, processBytes, tellReply} from '../helpers/process-bytes.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {transactionHeader} from '../helpers/random-tables.ts';

interface Told {
	readonly dialect?: {readonly encoding: string};
	readonly bytesRead: number;
	readonly rejects?: readonly {readonly byte_offset: number}[];
	readonly error?: {readonly code: string; readonly message: string; readonly byte_offset: number | null};
}

const tell = async (bytes: Uint8Array, plan?: BytesPlan): Promise<Told> =>
	tellReply(await processBytes(bytes, plan)) as Told;

/** What is told of text in UTF-8, as it must be told of it in another encoding. */
function inEncoding(told: Told, text: string, label: WideLabel): unknown {
	const place = (offset: number): number => fileOffsetIn(text, offset, label);
	const {bytesRead, ...rest} = told;
	if (told.error !== undefined) {
		const {byte_offset: offset, message} = told.error;
		if (offset === null) return rest;
		const moved = message.replace(`(byte ${offset})`, `(byte ${place(offset)})`);
		return {...rest, error: {...told.error, byte_offset: place(offset), message: moved}};
	}
	const rejects = told.rejects?.map(reject => ({...reject, byte_offset: place(reject.byte_offset)}));
	return {...rest, dialect: {...told.dialect, encoding: label}, rejects};
}

const cell = fc.oneof(
	{weight: 3, arbitrary: fc.constantFrom('1.50', '2024-01-01', 'food', 'Müller', '漢字', '😀 😀', '-', '')},
	{weight: 1, arbitrary: fc.constantFrom('"a\r\nb"', '"x', 'a"b', '\ufeff', 'ÿþ', '\u0a0d\u0d0a')},
);
const record = fc.oneof(
	{weight: 4, arbitrary: fc.tuple(cell, cell, cell, cell).map(cells => cells.join(','))},
	{weight: 1, arbitrary: fc.array(cell, {maxLength: 6}).map(cells => cells.join(','))},
	{weight: 4, arbitrary: cell.map(name => `${name},c,2.50,2024-01-01,g`)},
);
const text = fc
	.tuple(fc.array(record, {maxLength: 30}), fc.constantFrom('\n', '\r\n', '\r'), fc.boolean())
	.map(([records, end, isOpen]) => [transactionHeader, ...records].join(end) + (isOpen ? '' : end));
const label = fc.constantFrom(...wideLabels);
const pieces = fc.array(fc.integer({min: 1, max: 90}), {minLength: 1, maxLength: 4});

test('text in any of them comes to what it comes to in UTF-8, whatever the pieces, and places are those of its file', async () => {
	const seen = {rejects: 0, errors: 0};
	await fc.assert(
		fc.asyncProperty(
			text,
			label,
			fc.boolean(),
			pieces,
			fc.constantFrom('kernel' as const, 'reference' as const),
			fc.boolean(),
			fc.constantFrom(null, null, 1),
			async (plain, encoding, hasMark, sizes, reader, isStream, maxErrors) => {
				const whole = hasMark ? `\ufeff${plain}` : plain;
				const expected = await tell(Buffer.from(whole), {reader, maxErrors});
				const plan = {pieces: sizes, chunkBytes: Math.max(...sizes), reader, isStream, maxErrors};
				const {bytesRead, ...told} = await tell(encodeWide(whole, encoding), plan);
				expect(told).toEqual(inEncoding(expected, whole, encoding));
				if ((expected.rejects?.length ?? 0) > 0) seen.rejects++;
				if (expected.error !== undefined) seen.errors++;
			},
		),
		{numRuns: randomCases(120)},
	);
	expect(seen.rejects).toBeGreaterThan(randomCases(15));
	expect(seen.errors).toBeGreaterThan(randomCases(5));
});

const large = (records: number): string =>
	`${transactionHeader}\n${Array.from({length: records}, (_, index) => `${index},Bücher 漢😀,${index % 97 === 0 ? 'x' : '1.5'},2024-01-01,g`).join('\n')}\n`;

test.each(wideLabels)('many pieces of %s, packed or not, have their places', async encoding => {
	const whole = large(9000);
	const limits = {maxErrors: null};
	const expected = inEncoding(await tell(Buffer.from(whole), limits), whole, encoding);
	const bytes = encodeWide(whole, encoding);
	for (const plan of [{}, {chunkBytes: 1000, pieces: [999]}, {isStream: true}]) {
		const {bytesRead, ...told} = await tell(bytes, plan);
		expect(told).toEqual(expected);
		expect(bytesRead).toBe(bytes.length);
	}
	const packed = gzipSync(bytes);
	const {bytesRead, ...told} = await tell(packed);
	expect(told).toEqual({
		...(expected as object),
		dialect: {...(expected as Required<Told>).dialect, compression: 'gzip'},
	});
	expect(bytesRead).toBe(packed.length);
});

test('faults of a table are told with their places', async () => {
	const rows = Array.from({length: 300}, (_, index) => `Bücher ${index % 7},${index % 50 === 0 ? '漢' : index},😀`);
	const whole = `a,b,c\n${rows.join('\n')}\nshort,ü\n"x"y,1,2\n`;
	const offsets = (told: unknown): readonly number[] =>
		Array.from(JSON.stringify(told).matchAll(/"byte_offset":(\d+)/g), ([, offset]) => Number(offset));
	const without = (told: unknown): string => JSON.stringify(told).replaceAll(/"byte_offset":\d+/g, '"byte_offset":0');
	for (const reader of ['kernel', 'reference'] as const) {
		const {bytesRead, dialect, ...expected} = await tell(Buffer.from(whole), {analysis: ['quality'], reader});
		expect(offsets(expected).length).toBeGreaterThan(8);
		for (const encoding of wideLabels) {
			const plan = {analysis: ['quality'], reader, chunkBytes: 500, pieces: [499, 3]};
			const {bytesRead: bytes, dialect: other, ...told} = await tell(encodeWide(whole, encoding), plan);
			expect(offsets(told)).toEqual(offsets(expected).map(offset => fileOffsetIn(whole, offset, encoding)));
			expect(without(told)).toBe(without(expected));
		}
	}
});

test('lines of text are read in them', async () => {
	const log = '\ufeffERROR fünf 漢字 1\nINFO 😀\r\nlast';
	const settings = {analysis: 'lines' as const, fold: foldLinesWith(new Kernel())};
	const expected = await tell(Buffer.from(log), settings);
	for (const encoding of wideLabels) {
		const {bytesRead, ...told} = await tell(encodeWide(log, encoding), {...settings, pieces: [5]});
		expect(told).toEqual(inEncoding(expected, log, encoding));
	}
});

test('a byte order mark of the other order is told with its place', async () => {
	const good = encodeWide(`\ufeff${transactionHeader}\n1,ü,2.50,2024-01-01,g\n2,漢`, 'utf-16le');
	const joined = Buffer.concat([good, encodeWide('\ufeff', 'utf-16be')]);
	for (const reader of ['kernel', 'reference'] as const) {
		for (const sizes of [[65_536], [1], [7]]) {
			const {error} = await tell(joined, {pieces: sizes, reader});
			expect(error).toMatchObject({code: 'INVALID_ENCODING', line: 3, byte_offset: good.length});
			expect(error?.message).toContain(`a byte order mark of the other byte order on line 3 (byte ${good.length})`);
		}
	}
	const lines = await tell(joined, {analysis: 'lines', fold: foldLinesWith(new Kernel())});
	expect(lines.error).toMatchObject({code: 'INVALID_ENCODING', line: 3, byte_offset: good.length});
});
