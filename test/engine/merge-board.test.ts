// What of a file is not sent because it is given up of all files together.
import {expect, onTestFinished, test} from 'vitest';
import {declarationOf, registerAnalyses} from '../../source/analysis/registry.ts';
import {MergeBoard} from '../../source/engine/shared/merge-board.ts';
import type {FoldedAnalysis, ReadSettings} from '../../source/engine/shared/protocol.ts';
import {bytesInPieces, folds} from '../helpers/fold-bytes.ts';
import {openPool} from '../helpers/open-pool.ts';
import {readDefaults} from '../helpers/read-defaults.ts';
import {onlyOf, resultOf, takeListed, takeState, toState} from '../helpers/states.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const settings: ReadSettings = readDefaults;

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
	const folded = await folds.kernel(source, settings, {report() {}, wait() {}});
	const [all, listed] = [takeState(folded), takeListed(folded)];
	expect(all?.state.tables[0]?.count).toBe(11_003);
	expect(listed?.result).toEqual(resultOf(all));
	expect(listed?.state.tables[0]).toMatchObject({count: 0, isGivenUp: true});
});

test('a file comes without its groups but with all its figures when groups are given up of all', async () => {
	const path = createTemporaryFolder().write('many.csv', manyCategories('n'));
	const pool = openPool({threads: 1, onLog() {}});
	onTestFinished(() => pool.close());
	const read = async (): Promise<FoldedAnalysis> => {
		const source = {kind: 'file', path} as const;
		const task = await pool.start({source, settings}, new AbortController().signal);
		const outcome = await task?.outcome;
		if (outcome?.type !== 'completed') throw new Error('It did not complete');
		const only = onlyOf(outcome.file.folded);
		if (only === null) throw new Error('It is empty');
		return only;
	};
	const usual = await read();
	const all = toState(usual);
	expect([all.tables[0]?.count, usual.result]).toEqual([11_003, undefined]);
	pool.giveUpGroups('transactions');
	const folded = await read();
	const listed = toState(folded);
	expect(listed.tables[0]).toMatchObject({count: 0, isGivenUp: true});
	expect(folded.result).toEqual(resultOf(usual));
	expect({...listed, tables: []}).toEqual({...all, tables: []});
});

test('groups of an analysis that is not built in are given up for that one alone, in any thread', () => {
	const own = {...declarationOf('sales'), name: 'own-with-groups'};
	registerAnalyses([{...own, name: 'own-in-front'}, own]);
	const board = new MergeBoard();
	expect([own.name, 'sales', 'own-in-front'].map(name => board.takesGroups(name))).toEqual([true, true, true]);
	new MergeBoard(board.buffer).giveUpGroups(own.name);
	expect([own.name, 'sales', 'own-in-front'].map(name => board.takesGroups(name))).toEqual([false, true, true]);
});
