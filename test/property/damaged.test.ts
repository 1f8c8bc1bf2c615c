// Damaged files: both readers lose the same records, say the same of them, and give all of them to who wants them; what is not damaged counts.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {InputError} from '../../source/input/input-error.ts';
import {damaged} from '../helpers/damage.ts';
import {bytesInPieces, foldBytes, folds} from '../helpers/fold-bytes.ts';
import {Dice} from '../helpers/large-tables.ts';
import {readByOracle} from '../helpers/oracle.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {table, transactionHeader} from '../helpers/random-tables.ts';
import {readInRanges} from '../helpers/ranges.ts';
import {readDefaults} from '../helpers/read-defaults.ts';
import {createSpool, entriesOf, type ReadEntry} from '../helpers/spool.ts';

const files = damaged(table);
const chunkSizes = fc.array(fc.integer({min: 1, max: 200}), {minLength: 1, maxLength: 5});
const noPulse = {report() {}, wait() {}};
const longLimits = {maxRecordBytes: 300, maxFieldBytes: 250, maxColumns: 20};

test('both readers lose the same records, wherever the chunks were cut, and as the rules say', async () => {
	await fc.assert(
		fc.asyncProperty(files, chunkSizes, async (bytes, pieces) => {
			const expected = readByOracle(bytes);
			expect(await foldBytes(bytes)).toEqual(expected);
			expect(await foldBytes(bytes, {fold: 'kernel', chunkBytes: 200, pieces})).toEqual(expected);
		}),
		{numRuns: randomCases(60)},
	);
});

test('also where records are as long as they may be', async () => {
	const limits = {...readDefaults.limits, ...longLimits};
	await fc.assert(
		fc.asyncProperty(files, chunkSizes, async (bytes, pieces) => {
			const expected = await foldBytes(bytes, {limits});
			expect(await foldBytes(bytes, {fold: 'kernel', chunkBytes: 200, pieces, limits})).toEqual(expected);
			expect(await foldBytes(bytes, {chunkBytes: 7, limits})).toEqual(expected);
		}),
		{numRuns: randomCases(60)},
	);
});

test('every rejected record is spooled once, with its bytes, by both readers and by readers of ranges', async () => {
	const spool = createSpool();
	const settings = {...readDefaults, rejectSpool: spool};
	const readAll = async (
		fold: keyof typeof folds,
		bytes: Uint8Array,
		chunkBytes: number,
	): Promise<ReadEntry[] | null> => {
		try {
			const folded = await folds[fold](bytesInPieces(bytes, [chunkBytes]), {...settings, chunkBytes}, noPulse);
			const entries = entriesOf(spool, folded.spooled);
			expect(entries).toHaveLength(folded.rejectedRows);
			return entries;
		} catch (error) {
			if (error instanceof InputError) return null;
			throw error;
		}
	};
	const dice = new Dice(1);
	await fc.assert(
		fc.asyncProperty(files, fc.integer({min: 1, max: 300}), async (bytes, step) => {
			const expected = await readAll('reference', bytes, 65_536);
			expect(await readAll('kernel', bytes, step)).toEqual(expected);
			if (expected === null) return;
			const text = Buffer.from(bytes).toString('latin1');
			for (const {reason, byteOffset, record} of expected) {
				if (reason === 'unclosed-quote') expect(text).toContain(record);
				else expect(text.slice(byteOffset, byteOffset + record.length)).toBe(record);
			}
			const plan = {rangeBytes: 100 + step, readers: 3, chunkBytes: 64, maxErrors: null, rejectSpool: spool, dice};
			const combined = (await readInRanges(bytes, plan)) as {spooled?: Parameters<typeof entriesOf>[1]} | null;
			if (combined !== null) expect(entriesOf(spool, combined.spooled)).toEqual(expected);
		}),
		{numRuns: randomCases(50)},
	);
});

test('no more are spooled of a file than are wanted, and long ones whole', async () => {
	const long = 'x'.repeat(100_000);
	const bytes = Buffer.from(
		`${transactionHeader}\n${`1,c,1,2024-01-01,${long},more\n2,c,1,2024-01-01,a\n3\n`.repeat(3)}`,
	);
	for (const fold of ['reference', 'kernel'] as const) {
		const spool = createSpool(5);
		const folded = await folds[fold](bytesInPieces(bytes, [4096]), {...readDefaults, rejectSpool: spool}, noPulse);
		const entries = entriesOf(spool, folded.spooled);
		expect([folded.rejectedRows, entries.map(({line}) => line)]).toEqual([6, [2, 4, 5, 7, 8]]);
		expect(entries[2]?.record).toBe(`1,c,1,2024-01-01,${long},more`);
	}
});
