// The SIMD kernel gives what the reference reader gives: every figure, every reject, every error, for the same bytes, however
// they were cut.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {foldBytes} from '../helpers/fold-bytes.ts';
import {readByOracle} from '../helpers/oracle.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {soup, table, transactionHeader} from '../helpers/random-tables.ts';

const chunkSizes = fc.array(fc.integer({min: 1, max: 200}), {minLength: 1, maxLength: 5});
const anything = fc.oneof(
	{weight: 4, arbitrary: table},
	{weight: 2, arbitrary: soup.map(text => Buffer.from(`${transactionHeader}\n${text}`))},
	{weight: 1, arbitrary: soup.map(text => Buffer.from(text))},
);

test('a table is read as the reference reads it, and as the rules say', async () => {
	await fc.assert(
		fc.asyncProperty(anything, async bytes => {
			const byKernel = await foldBytes(bytes, {fold: 'kernel'});
			expect(byKernel).toEqual(await foldBytes(bytes));
			expect(byKernel).toEqual(readByOracle(bytes));
		}),
		{numRuns: randomCases(150)},
	);
});

test('reading does not depend on where the chunks were cut', async () => {
	await fc.assert(
		fc.asyncProperty(anything, chunkSizes, async (bytes, pieces) => {
			const whole = await foldBytes(bytes);
			expect(await foldBytes(bytes, {fold: 'kernel', chunkBytes: 200, pieces})).toEqual(whole);
			expect(await foldBytes(bytes, {fold: 'kernel', chunkBytes: 1})).toEqual(whole);
		}),
		{numRuns: randomCases(60)},
	);
});

test('wrong quotes here and there in a longer file are read as the rules say', async () => {
	const regular = fc.constantFrom(
		...[
			'c1,1.25,2024-01-05,food',
			'"c,2","2.5",2024-02-05,"a ""b"""',
			'c3,-3,2024-03-05,"two\nlines"',
			'c4,none,2024-01-01,x',
		],
	);
	const wrong = fc.constantFrom(
		...['c1,1.25,2024-01-05,"food"x', 'c"2",2.5,2024-02-05,a', '"c" 3,3,2024-03-05,x', 'c4,4,2024-01-01,"x'],
		...['c5,5,2024-01-01,"x\ny"z', 'c6,6,2024-01-01,x"', '"c7"",7,2024-01-01,x', 'c8,8,2024-01-01,""'],
	);
	const lines = fc.array(fc.oneof({arbitrary: regular, weight: 60}, {arbitrary: wrong, weight: 1}), {
		minLength: 1500,
		maxLength: 4000,
		size: 'max',
	});
	await fc.assert(
		fc.asyncProperty(
			lines,
			fc.constantFrom('\n', '\r\n'),
			fc.integer({min: 30, max: 70_000}),
			async (all, end, chunkBytes) => {
				const bytes = Buffer.from(`${transactionHeader}${end}${all.map(line => `t,${line}`).join(end)}${end}`);
				expect(await foldBytes(bytes, {chunkBytes, fold: 'kernel'})).toEqual(await foldBytes(bytes));
			},
		),
		{numRuns: randomCases(30)},
	);
});
