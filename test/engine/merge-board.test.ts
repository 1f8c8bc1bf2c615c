// What of a file is not sent because it is given up of all files together.
import {expect, onTestFinished, test} from 'vitest';
import {finishPartial} from '../../source/engine/shared/consolidation.ts';
import type {FoldedFile, ReadSettings} from '../../source/engine/shared/protocol.ts';
import {bytesInPieces, folds} from '../helpers/fold-bytes.ts';
import {openPool} from '../helpers/open-pool.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const settings: ReadSettings = {analysis: null, maxErrors: null, simulateIoMs: 0, chunkBytes: 65_536, reader: 'kernel'};

/** More categories than are looked at together, in no order, some of them twice or with sums beyond 128 bits. */
const manyCategories = (firstByte: string): Buffer => {
	const records = Array.from({length: 13_000}, (_, index) => {
		const amount = index % 1000 === 7 ? `${'9'.repeat(38)}` : `${index}.5`;
		return `c${index % 50},${amount},2024-01-01,${firstByte}${(index * 7919) % 11_003}\n`;
	});
	return Buffer.from(`customer_id,amount,date,category\n${records.join('')}`, 'latin1');
};

test.each([
	['UTF-8', 'n'],
	['Windows-1252', '\x80'],
])('the figures that are made without keeping all groups are the same: %s', async (_, firstByte) => {
	const source = bytesInPieces(manyCategories(firstByte), [65_536]);
	const {takeFolded, takeListed} = await folds.kernel(source, settings, {report() {}, wait() {}});
	const [folded, listed] = [takeFolded(), takeListed()];
	expect(folded?.partial.groups.count).toBe(11_003);
	expect(listed?.partial.groups.count).toBe(100);
	expect(listed && finishPartial(listed)).toEqual(folded && finishPartial(folded));
});

test('a file comes without its groups but with all its figures when groups are given up of all', async () => {
	const path = createTemporaryFolder().write('many.csv', manyCategories('n'));
	const pool = openPool({threads: 1, onLog() {}});
	onTestFinished(() => pool.close());
	const read = async (): Promise<FoldedFile> => {
		const source = {kind: 'file', path} as const;
		const task = await pool.start({source, settings}, new AbortController().signal);
		const outcome = await task?.outcome;
		if (outcome?.type !== 'completed') throw new Error('It did not complete');
		return outcome.file;
	};
	const usual = await read();
	expect([usual.folded?.partial.groups.count, usual.result]).toEqual([11_003, undefined]);
	pool.giveUpGroups();
	const {folded, result} = await read();
	expect([folded?.partial.groups.count, folded?.partial.groups.areGivenUp]).toEqual([0, true]);
	expect(result).toEqual(usual.folded && finishPartial(usual.folded));
	expect({...folded?.partial, groups: null}).toEqual({...usual.folded?.partial, groups: null});
});
