// Large tables, which the kernel reads a column at a time: it gives what the reference reader gives, whatever is odd in them
// and however they are cut. `test/helpers/large-tables.ts` says what there is.
import {expect, test} from 'vitest';
import {foldWithKernel} from '../../source/engine/worker/read/fold-with-kernel.ts';
import {Kernel} from '../../source/kernel/kernel.ts';
import {foldBytes} from '../helpers/fold-bytes.ts';
import {Dice, largeTable} from '../helpers/large-tables.ts';
import {readByOracle} from '../helpers/oracle.ts';
import {byKernel, byReference, outcomeOf} from '../helpers/outcomes.ts';
import {randomSeeds} from '../helpers/random-cases.ts';

const oddSizes = [63, 64, 65, 4095, 32_767, 32_769, 65_535, 65_536, 65_537, 262_144];

test.each([
	{tables: 30, mostRecords: 300},
	{tables: 3, mostRecords: 4000},
])('$tables tables of up to $mostRecords records', async ({tables, mostRecords}) => {
	for (const seed of randomSeeds(tables)) {
		const {bytes} = largeTable(seed, mostRecords);
		const dice = new Dice(seed + 1);
		const maxErrors = dice.pick([null, null, null, 1, 2, 20, 21, 100]);
		const chunkBytes = dice.pick(oddSizes);
		const pieces = dice.isOneIn(2) ? [chunkBytes] : [dice.roll(chunkBytes) + 1, dice.roll(100) + 1, chunkBytes];
		const expected = await byReference(bytes, {maxErrors});
		expect(await byKernel(bytes, {maxErrors, chunkBytes, pieces}), `seed ${seed}`).toEqual(expected);
	}
});

test('a table is what the rules say it is', async () => {
	for (const seed of randomSeeds(30)) {
		const {bytes, delimiter} = largeTable(seed, 100);
		const reading = await foldBytes(bytes, {fold: 'kernel'});
		expect(reading, `seed ${seed}`).toEqual(readByOracle(bytes, delimiter));
	}
});

test('chunks of every size', async () => {
	for (const seed of randomSeeds(1)) {
		const {bytes} = largeTable(seed, 20);
		const expected = await byReference(bytes);
		const last = Math.min(bytes.length, 600);
		for (let chunkBytes = 1; chunkBytes <= last; chunkBytes++) {
			expect(await byKernel(bytes, {chunkBytes}), `seed ${seed}, chunks of ${chunkBytes}`).toEqual(expected);
		}
	}
});

test('a kernel that has read hundreds of files, whatever became of them, reads like a new one', async () => {
	const used = foldWithKernel(new Kernel());
	for (const seed of randomSeeds(50)) {
		const dice = new Dice(seed + 2);
		const {bytes} = largeTable(seed, dice.pick([1, 10, 100]));
		// Some are cut off anywhere: quotes and records stay open.
		const file = dice.isOneIn(3) ? bytes.subarray(0, dice.roll(bytes.length)) : bytes;
		const plan = {chunkBytes: dice.pick(oddSizes), maxErrors: dice.pick([null, 1, 20])};
		const expected = await outcomeOf(foldWithKernel(new Kernel()), file, plan);
		expect(await outcomeOf(used, file, plan), `seed ${seed}`).toEqual(expected);
	}
});
