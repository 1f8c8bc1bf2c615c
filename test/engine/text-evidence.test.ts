// What is told of an encoding that is assumed: where the first byte stands that is not UTF-8, and whether other parts of the file are UTF-8.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {foldLinesWith} from '../../source/engine/worker/read/fold-lines.ts';
import {Kernel} from '../../source/kernel/kernel.ts';
import type {AssumedEncoding} from '../../source/model/report.ts';
import {openPool} from '../helpers/open-pool.ts';
import {type BytesPlan, processBytes, tellReply} from '../helpers/process-bytes.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {readSplit} from '../helpers/split-reading.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

interface Told {
	readonly dialect: {readonly encoding: string; readonly encoding_assumed?: AssumedEncoding};
}

const tell = async (bytes: Uint8Array, plan?: BytesPlan): Promise<Told['dialect']> =>
	(tellReply(await processBytes(bytes, plan)) as Told).dialect;

/** As the reference of the law: byte by byte. */
function assumedOf(bytes: Buffer): AssumedEncoding | undefined {
	let at = 0;
	while (at < bytes.length) {
		const length = [1, 2, 3, 4].find(count => {
			const text = bytes.subarray(at, at + count).toString();
			return Buffer.from(text).equals(bytes.subarray(at, at + count)) && Array.from(text).length === 1;
		});
		if (length === undefined) break;
		at += length;
	}
	if (at === bytes.length) return undefined;
	const line =
		1 +
		(bytes
			.subarray(0, at)
			.toString('latin1')
			.match(/\r\n|\n|\r/g)?.length ?? 0);
	const mixed = /[\xc2\xc3][\x80-\xbf]|[\xe0-\xee][\x80-\xbf]{2}/.test(bytes.toString('latin1'));
	return {line, byte_offset: at, mixed};
}

const cell = fc.constantFrom(
	'1.50',
	'food',
	'M\xfcller',
	'M\xc3\xbcller',
	'\xe2\x82\xac',
	'"a\nb"',
	'\xd0\x9e',
	'\xff',
	'\xc3',
);
const header = fc.constantFrom('customer_id,amount,date,category', 'customer_id,amount,date,category,stra\xdfe');
const text = fc
	.tuple(
		header,
		fc.array(
			fc.array(cell, {minLength: 3, maxLength: 5}).map(cells => cells.join(',')),
			{maxLength: 30},
		),
	)
	.map(([names, records]) => Buffer.from([names, ...records, ''].join('\n'), 'latin1'));
const pieces = fc.array(fc.integer({min: 1, max: 60}), {minLength: 1, maxLength: 3});

test('both readers tell it of tables, whatever the pieces', async () => {
	await fc.assert(
		fc.asyncProperty(
			text,
			pieces,
			fc.constantFrom('kernel' as const, 'reference' as const),
			async (bytes, sizes, reader) => {
				const assumed = assumedOf(bytes);
				const expected = assumed === undefined ? 'utf-8' : 'windows-1252';
				const told = await tell(bytes, {
					reader,
					pieces: sizes,
					analysis: ['transactions'],
					chunkBytes: Math.max(...sizes),
				});
				expect([told.encoding, told.encoding_assumed]).toEqual([expected, assumed]);
			},
		),
		{numRuns: randomCases(150)},
	);
});

test('it is told of lines of text', async () => {
	const line = fc.constantFrom('INFO ok', 'ERROR f\xfcnf', 'f\xc3\xbcnf', '', '\xe2\x82\xac', 'cut \xc3');
	await fc.assert(
		fc.asyncProperty(fc.array(line, {maxLength: 20}), pieces, fc.boolean(), async (lines, sizes, isSlow) => {
			const bytes = Buffer.from(lines.join('\n'), 'latin1');
			const fold = foldLinesWith(isSlow ? null : new Kernel());
			const told = await tell(bytes, {analysis: 'lines', fold, pieces: sizes});
			expect(told.encoding_assumed).toEqual(assumedOf(bytes));
		}),
		{numRuns: randomCases(60)},
	);
});

test('it is not told of an encoding that somebody has named', async () => {
	const bytes = Buffer.from('customer_id,amount,date,category\nC,1,2024-01-01,f\xfcr\n', 'latin1');
	expect(await tell(bytes)).toHaveProperty('encoding_assumed');
	expect(await tell(bytes, {encoding: 'windows-1252'})).not.toHaveProperty('encoding_assumed');
});

test('several threads tell what one does', async () => {
	const pool = openPool({threads: 2, onLog: () => {}});
	const folder = createTemporaryFolder();
	const row = (name: string): string => `C,1.5,2024-01-01,${name}\n`;
	const texts = [
		`customer_id,amount,date,category\n${row('b').repeat(150)}${row('\xfc')}${row('\xc3\xbc')}`,
		`customer_id,amount,date,category,\xfc\n${row('b,').repeat(150)}`,
	];
	for (const [index, each] of texts.entries()) {
		const bytes = Buffer.from(each, 'latin1');
		const path = folder.write(`${index}.csv`, bytes);
		const split = (await readSplit(pool, path, bytes.length, {rangeBytes: 500})) as Told;
		expect(split.dialect.encoding_assumed).toEqual(assumedOf(bytes));
	}
	await pool.close();
});
