// A file that several threads read in ranges comes to what one thread makes of it, and to what the rules say: for ranges
// of any size, whatever is in the file, and whatever the threads guess.
import {gzipSync} from 'node:zlib';
import fc from 'fast-check';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {plainDialect} from '../../source/input/dialect.ts';
import {Dice, largeTable} from '../helpers/large-tables.ts';
import {type OpenPool, openPool} from '../helpers/open-pool.ts';
import {readByOracle} from '../helpers/oracle.ts';
import {byReference} from '../helpers/outcomes.ts';
import {randomCases, randomSeed, randomSeeds} from '../helpers/random-cases.ts';
import {soup, table, transactionHeader} from '../helpers/random-tables.ts';
import {readInRanges} from '../helpers/ranges.ts';
import {readSplit, type SplitPlan} from '../helpers/split-reading.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const pools = new Map<number, OpenPool>();
beforeAll(() => {
	for (const threads of [1, 2, 4]) pools.set(threads, openPool({threads, onLog: () => {}}));
});
afterAll(async () => {
	await Promise.all(Array.from(pools.values(), pool => pool.close()));
});
const poolOf = (threads: number): OpenPool => pools.get(threads) as OpenPool;

/** Reads the file whole and in ranges of the given sizes; gives what it is as a whole. */
async function expectSame(
	path: string,
	bytes: Uint8Array,
	sizes: readonly number[],
	plan: SplitPlan = {},
): Promise<unknown> {
	const whole = await readSplit(poolOf(1), path, bytes.length, plan);
	for (const [turn, rangeBytes] of sizes.entries()) {
		const threads = turn % 2 === 0 ? 4 : 2;
		const split = await readSplit(poolOf(threads), path, bytes.length, {...plan, rangeBytes});
		expect(split, `ranges of ${rangeBytes}, ${threads} threads`).toEqual(whole);
	}
	return whole;
}

const everySize = (bytes: Uint8Array): number[] => Array.from({length: bytes.length}, (_, index) => index + 1);
const line = (id: number, category = 'g'): string => `${id},c${id % 7},${id}.25,2024-01-0${1 + (id % 9)},${category}\n`;
const lines = (count: number, category = 'g'): string =>
	Array.from({length: count}, (_, index) => line(index, category)).join('');

const odd: Array<readonly [string, string | Uint8Array]> = [
	['nothing', ''],
	['blank lines', '\n\r\n\n'],
	['a header', `${transactionHeader}\n`],
	['a header that does not end', transactionHeader],
	['a header on two lines', `"transaction_id","customer_id",amount,date,category,"no\nte"\n1,c,1,2024-01-01,g,x\n`],
	['blank lines in front of the header', `\n\n\n${transactionHeader}\n${lines(3)}`],
	['a missing column', `transaction_id,customer_id,date,category\n${lines(3)}`],
	['a quote that never closes', `${transactionHeader}\n${lines(3)}9,c,"1,2024-01-01,g\n${lines(3)}`],
	['text that looks like records', `${transactionHeader}\n${lines(2)}7,c,1,2024-01-01,"${lines(6)}"\n${lines(2)}`],
	['quotes within text', `${transactionHeader}\n${lines(2, 'a "b" c')}${lines(2, '"')}${lines(2, '"x"y')}`],
	['blank lines among the records', `${transactionHeader}\r\n${lines(2)}\n\n\r\n\r\r${lines(2)}\n\n`],
	['a byte order mark and CRLF', `\u{feff}${transactionHeader}\n${lines(5)}`.replaceAll('\n', '\r\n')],
	['a late record in Latin-1', Buffer.from(`${transactionHeader}\n${lines(14)}9,c,1,2024-01-01,M\xfcller\n`, 'latin1')],
	['CR alone', `${transactionHeader}\n${lines(5)}`.replaceAll('\n', '\r')],
	['a packed file', gzipSync(`${transactionHeader}\n${lines(20)}`)],
	['a packed file that is broken', gzipSync(`${transactionHeader}\n${lines(40)}`).subarray(0, 90)],
];

/** In every order that readers may take turns in, as the dice say. Counts how often the parts made up the file. */
async function countFits(bytes: Uint8Array, sizes: readonly number[], dice: Dice, mostErrors: number | null = null) {
	const whole = await byReference(bytes, {maxErrors: mostErrors});
	let fits = 0;
	for (const rangeBytes of sizes) {
		const readers = 2 + dice.roll(3);
		const chunkBytes = bytes.length > 5000 ? 4096 : dice.pick([1, 7, 64, 4096]);
		const split = await readInRanges(bytes, {rangeBytes, readers, chunkBytes, maxErrors: mostErrors, dice});
		if (split !== null) fits++;
		if (split !== null) expect(split, `ranges of ${rangeBytes}, chunks of ${chunkBytes}`).toEqual(whole);
	}
	return fits;
}

test('whatever turns the readers of ranges take, what they say together is the truth', async () => {
	const dice = new Dice(randomSeed);
	const tables = fc.sample(
		fc.oneof(
			{weight: 3, arbitrary: table},
			{weight: 1, arbitrary: soup.map(text => Buffer.from(`${transactionHeader}\n${text}\n${line(1)}`))},
		),
		{numRuns: randomCases(30), seed: randomSeed},
	);
	let fits = 0;
	let tries = 0;
	for (const [index, bytes] of tables.entries()) {
		const sizes = Array.from({length: 12}, () => 1 + dice.roll(bytes.length + 1));
		try {
			fits += await countFits(bytes, sizes, dice, dice.pick([null, null, 1, 3]));
		} catch (error) {
			throw new Error(`seed ${randomSeed}, table ${index}`, {cause: error});
		}
		tries += sizes.length;
	}
	// Or else nothing was tried but to give up. Of most tables, half of the sizes fit or more; few tables make up many of the tries.
	expect(fits).toBeGreaterThan(tries / 20);
});

test('large tables, by turns', async () => {
	let fits = 0;
	for (const seed of randomSeeds(25)) {
		const {bytes} = largeTable(seed, 100);
		const dice = new Dice(seed + 1);
		try {
			fits += await countFits(
				bytes,
				[300, 2000, 10_000].map(most => 100 + dice.roll(most)),
				dice,
			);
		} catch (error) {
			throw new Error(`seed ${seed}`, {cause: error});
		}
	}
	expect(fits).toBeGreaterThan(randomCases(20));
});

test.each(odd)('%s, in ranges of many sizes', async (name, content) => {
	const folder = createTemporaryFolder();
	const bytes = Buffer.from(content);
	// Every size up to that of some records, and of larger ones every third, others each time. What is packed is in no ranges.
	const isPacked = name.startsWith('a packed file');
	const sizes = everySize(bytes).filter(
		size => size < (isPacked ? 5 : 60) || (size + randomSeed) % (isPacked ? 50 : 3) === 0,
	);
	await expectSame(folder.write('odd.csv', content), bytes, [...sizes, bytes.length + 1]);
});

test('random tables and soups, as the rules say', async () => {
	const folder = createTemporaryFolder();
	const anything = fc.oneof(
		{weight: 2, arbitrary: table},
		{weight: 1, arbitrary: soup.map(text => Buffer.from(`${transactionHeader}\n${text}\n${line(1)}`))},
	);
	await fc.assert(
		fc.asyncProperty(anything, fc.integer({min: 1, max: 40}), async (bytes, step) => {
			const path = folder.write('random.csv', bytes);
			const sizes = everySize(bytes).filter(size => size % Math.ceil(bytes.length / 15) === step % 7);
			await expectSame(path, bytes, [step, ...sizes]);
			const expected = readByOracle(bytes);
			// Otherwise a table with a stray quote may be one without quotes.
			const split = await readSplit(poolOf(4), path, bytes.length, {rangeBytes: step, dialect: plainDialect});
			if (expected.error !== null) {
				const {code, line: at, byte_offset} = expected.error;
				expect(split).toMatchObject({type: 'failed', error: {code, line: at, byte_offset}});
			} else {
				const {rows, rejected_rows: rejectedRows, rejects, result} = expected;
				expect(split).toMatchObject({rows, rejectedRows, rejects, result});
			}
		}),
		{numRuns: randomCases(12)},
	);
});

test('large tables, and as many errors as fail them', async () => {
	const folder = createTemporaryFolder();
	for (const seed of randomSeeds(6)) {
		const {bytes} = largeTable(seed, 400);
		const path = folder.write('large.csv', bytes);
		const sizes = [97, 1000, 4096, 10_007, Math.ceil(bytes.length / 2), Math.ceil(bytes.length / 5)];
		const maxErrors = [null, null, 1, 2, 21][seed % 5] ?? null;
		try {
			await expectSame(path, bytes, sizes, {maxErrors});
		} catch (error) {
			throw new Error(`seed ${seed}`, {cause: error});
		}
	}
});

test('bounds and a share of rejects that were set, in every order that readers may take turns in', async () => {
	const dice = new Dice(randomSeed);
	const text = `${transactionHeader}\n${lines(40)}bad\n${lines(40, 'a long category')}bad\n${lines(40)}`;
	const bytes = Buffer.from(text);
	const plans = [
		{limits: {maxRecordBytes: transactionHeader.length, maxFieldBytes: 15, maxColumns: 5, maxRejectsKept: 1}},
		{limits: {maxFieldBytes: 14}},
		{limits: {maxRecordBytes: 40}},
		{limits: {maxRejectsKept: 0}},
		{maxErrorsPerMillion: Math.ceil((2 * 1e6) / 122)},
		{maxErrorsPerMillion: Math.floor((2 * 1e6) / 122)},
	];
	const fits = [];
	for (const plan of plans) {
		const whole = await byReference(bytes, plan);
		let fitCount = 0;
		for (let turn = 0; turn < 40; turn++) {
			const rangeBytes = dice.pick([97, 500, 2000]);
			const split = await readInRanges(bytes, {
				...plan,
				rangeBytes,
				readers: 3,
				chunkBytes: 256,
				maxErrors: null,
				dice,
			});
			if (split === null) continue;
			fitCount++;
			expect(split).toEqual(whole);
		}
		fits.push(fitCount > 0);
	}
	// One who reads alone says what is wrong; ranges are whole only where nothing is.
	expect(fits).toEqual([true, false, false, true, true, false]);
});
