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
