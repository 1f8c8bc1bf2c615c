// Laws of reading: what comes out depends on the bytes and on nothing else, and it is what the rules say.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {foldBytes} from '../helpers/fold-bytes.ts';
import {readByOracle} from '../helpers/oracle.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {soup, table, transactionHeader} from '../helpers/random-tables.ts';

const chunkSizes = fc.array(fc.integer({min: 1, max: 40}), {minLength: 1, maxLength: 5});

test('a table is read as the rules say, whatever is in its cells', async () => {
	await fc.assert(
		fc.asyncProperty(table, async bytes => {
			expect(await foldBytes(bytes)).toEqual(readByOracle(bytes));
		}),
		{numRuns: randomCases(150)},
	);
});

test('a soup of quotes, delimiters and line ends is read as the rules say', async () => {
	await fc.assert(
		fc.asyncProperty(soup, async text => {
			const bytes = Buffer.from(`customer_id,amount,date,category\n${text}`);
			expect(await foldBytes(bytes)).toEqual(readByOracle(bytes));
		}),
		{numRuns: randomCases(400)},
	);
});

test('reading does not depend on where the chunks were cut', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.oneof(
				table,
				soup.map(text => Buffer.from(`${transactionHeader}\n${text}`)),
			),
			chunkSizes,
			async (bytes, pieces) => {
				const whole = await foldBytes(bytes);
				expect(await foldBytes(bytes, {chunkBytes: 64, pieces})).toEqual(whole);
				expect(await foldBytes(bytes, {chunkBytes: 1})).toEqual(whole);
			},
		),
		{numRuns: randomCases(80)},
	);
});

test('a longer file, beyond the bytes its dialect is found from, is read alike in any chunks', async () => {
	const body = Array.from(
		{length: 4000},
		(_, index) => `${index},c${index % 97},"${index}.25",2024-01-0${(index % 9) + 1},"g\n${index % 7}"`,
	);
	const bytes = Buffer.from(`${transactionHeader}\r\n${body.join('\r\n')}`);
	expect(bytes.length).toBeGreaterThan((3 * 65_536) / 2);
	const expected = readByOracle(bytes);
	for (const chunkBytes of [997, 4096, 65_536, 1_000_000])
		expect(await foldBytes(bytes, {chunkBytes})).toEqual(expected);
});

test('every record is accounted for: rows are accepted plus rejected', async () => {
	await fc.assert(
		fc.asyncProperty(table, async bytes => {
			const {rows, rejected_rows: rejected, result} = await foldBytes(bytes);
			expect((result?.total_transactions ?? 0) + rejected).toBe(rows);
		}),
		{numRuns: randomCases(100)},
	);
});
