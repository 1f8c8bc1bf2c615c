// Bytes that are no character of the encoding of a file reject their record, whose places are those of the file; the rest counts.
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {foldLinesWith} from '../../source/engine/worker/read/fold-lines.ts';
import type {EncodingLabel} from '../../source/input/encodings/encoding-labels.ts';
import {findInvalid, noteInvalid, showInvalid} from '../../source/input/encodings/invalid-bytes.ts';
import {Kernel} from '../../source/kernel/kernel.ts';
import {encodeText} from '../helpers/encode-text.ts';
import {encodeWide} from '../helpers/encode-wide.ts';
import {type BytesPlan, processBytes, tellReply} from '../helpers/process-bytes.ts';
import {randomCases} from '../helpers/random-cases.ts';

interface Told {
	readonly rows: number;
	readonly rejectedRows: number;
	readonly dialect: {readonly encoding: string};
	readonly rejects: readonly {readonly byte_offset: number; readonly value: string}[];
	readonly result: unknown;
	readonly error?: {
		readonly code: string;
		readonly message: string;
		readonly line: number;
		readonly byte_offset: number;
	};
}

const tell = async (bytes: Uint8Array, plan?: BytesPlan): Promise<Told> =>
	tellReply(await processBytes(bytes, plan)) as Told;

const encode = (text: string, label: EncodingLabel): Buffer =>
	label.startsWith('utf-') && label !== 'utf-8'
		? Buffer.from(encodeWide(text, label as 'utf-16le'))
		: Buffer.from(label === 'utf-8' ? text : encodeText(text, label));

const bytes = (...all: readonly number[]): Buffer => Buffer.from(all);

/** What is wrong, how it is shown, and what of it is a character by itself. */
const faults: readonly (readonly [EncodingLabel, Buffer, string])[] = [
	['utf-8', bytes(0xfc), '<FC>'],
	['utf-8', bytes(0xe2, 0x82), '<E2><82>'],
	['utf-16le', bytes(0x3d, 0xd8), '<3D D8>'],
	['utf-16be', bytes(0xdc, 0), '<DC 00>'],
	['utf-32le', bytes(0, 0, 0x11, 0), '<00 00 11 00>'],
	['utf-32be', bytes(0, 0, 0xd8, 0), '<00 00 D8 00>'],
	['windows-1253', bytes(0xd2), '<D2>'],
	['shift_jis', bytes(0x81, 0x20), '<81> '],
	['shift_jis', bytes(0xa0), '<A0>'],
	['gb18030', bytes(0x81, 0x30, 0x81, 0x20), '<81>0<81> '],
	['gbk', bytes(0xff), '<FF>'],
	['euc-kr', bytes(0x81, 0x5b), '<81>['],
	['big5', bytes(0xc6, 0xa1), '<C6 A1>'],
	['euc-jp', bytes(0x8f, 0xa1, 0x20), '<8F A1> '],
];
const header = 'customer_id,amount,date,category\n';
const good = (index: number): string => `C${index},2.50,2024-01-01,food\n`;

describe.each(faults)('%s: %o', (encoding, bad, shown) => {
	const [front, behind] = [`${header}${good(1)}`, `,b,2024-01-01,"x"\n${good(3)}`];
	const [start, at] = [encode(front, encoding), encode('2a', encoding)];
	const whole = Buffer.concat([start, at, bad, encode(behind, encoding)]);

	test.each(['kernel', 'reference'] as const)('the %s rejects the record alone', async reader => {
		const without = await tell(Buffer.from(`${header}${good(1)}${good(3)}`));
		for (const sizes of [[65_536], [1], [7, 2]]) {
			const told = await tell(whole, {encoding, reader, pieces: sizes});
			const fault = {
				line: 3,
				byte_offset: start.length,
				column: 'customer_id',
				reason: 'encoding',
				value: `2a${shown}`,
			};
			expect(told).toMatchObject({rows: 3, rejectedRows: 1, dialect: {encoding}, rejects: [fault]});
			expect(told.result).toEqual(without.result);
		}
		const {error} = await tell(whole, {encoding, reader, maxErrors: 1});
		expect(error).toMatchObject({code: 'TOO_MANY_REJECTS', line: 3, byte_offset: start.length});
		expect(error?.message).toContain(`encoding at line 3, column customer_id, found "2a${shown}"`);
	});

	test('in a header and in lines, which cannot be rejected, it fails the file', async () => {
		const wrong = Buffer.concat([
			encode('customer_id,amount,date,category', encoding),
			bad,
			encode('\nC,1,x,2\n', encoding),
		]);
		for (const reader of ['kernel', 'reference'] as const)
			expect((await tell(wrong, {encoding, reader, analysis: ['profile']})).error).toMatchObject({
				code: 'INVALID_ENCODING',
				line: 1,
				byte_offset: 0,
			});
		for (const sizes of [[65_536], [3]]) {
			const lines = {encoding, analysis: 'lines', fold: foldLinesWith(new Kernel()), pieces: sizes} as const;
			const {error} = await tell(whole, lines);
			expect(error).toMatchObject({code: 'INVALID_ENCODING', line: 3, byte_offset: start.length + at.length});
		}
	});
});

test('a rest that is no whole character is a fault of the last record', async () => {
	const start = encodeWide(`\ufeff${header}${good(1)}2,1,2024-01-01,`, 'utf-16le');
	for (const reader of ['kernel', 'reference'] as const)
		expect(await tell(Buffer.concat([start, bytes(0x41)]), {reader})).toMatchObject({
			rows: 2,
			rejects: [{line: 3, column: 'category', reason: 'encoding', value: '<41>'}],
		});
	const cut = Buffer.from(`${header}${good(1)}C2,1,2024-01-01,\xc3`, 'latin1');
	expect(await tell(cut, {encoding: 'utf-8'})).toMatchObject({rejects: [{line: 3, value: '<C3>'}]});
});

test('half of a character does not keep UTF-16 without a mark from being known', async () => {
	for (const encoding of ['utf-16le', 'utf-16be'] as const) {
		const half = encoding === 'utf-16le' ? bytes(0, 0xdc) : bytes(0xdc, 0);
		const whole = Buffer.concat([
			encode(`${header}${good(1)}2`, encoding),
			half,
			encode(`,1,2024-01-01,a\n${good(3)}`, encoding),
		]);
		const told = await tell(whole);
		expect(told).toMatchObject({rows: 3, dialect: {encoding}, rejects: [{line: 3, reason: 'encoding'}]});
	}
});

const cell = fc.oneof(
	{weight: 4, arbitrary: fc.constantFrom('1.50', '2024-01-01', '漢字', '"a\nb"', '"x', '')},
	{weight: 1, arbitrary: fc.constant('#')},
);
const records = fc.array(
	fc.array(cell, {minLength: 3, maxLength: 5}).map(cells => cells.join(',')),
	{maxLength: 40},
);

test('both readers say the same of any of them, whatever the pieces', async () => {
	await fc.assert(
		fc.asyncProperty(
			records,
			fc.array(fc.integer({min: 1, max: 60}), {minLength: 1, maxLength: 3}),
			fc.constantFrom('transactions', 'quality', 'profile'),
			async (all, sizes, analysis) => {
				const text = `${header}${all.join('\n')}`;
				const whole = Buffer.concat(
					text
						.split('#')
						.flatMap((part, index) => [...(index === 0 ? [] : [bytes(0x3d, 0xd8)]), encode(part, 'utf-16le')]),
				);
				const plan = {encoding: 'utf-16le' as const, analysis: [analysis]};
				const {bytesRead, ...expected} = (await tell(whole, {...plan, reader: 'reference'})) as Told & {
					bytesRead: number;
				};
				for (const pieces of [[65_536], sizes]) {
					const {bytesRead: read, ...told} = (await tell(whole, {...plan, pieces})) as typeof expected & {
						bytesRead: number;
					};
					expect(told).toEqual(expected);
				}
			},
		),
		{numRuns: randomCases(60)},
	);
});

test('a note is known by all of its bytes', () => {
	const note = noteInvalid(bytes(0x81, 0)).toString('latin1');
	expect(findInvalid(`ab${note}`)).toBe(2);
	expect(showInvalid(`a${note}b${note}`)).toBe('a<81 00>b<81 00>');
	const alone = Buffer.from('\ufdd0 \ufdd08\ufdd1 \ufdd0ag\ufdd1 \ufdd081').toString('latin1');
	expect(findInvalid(alone)).toBe(-1);
});
