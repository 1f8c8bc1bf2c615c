import {describe, expect, test} from 'vitest';
import {bytesInPieces, type FoldName, foldBytes, folds} from '../helpers/fold-bytes.ts';
import {readDefaults} from '../helpers/read-defaults.ts';
import {transactionsText} from '../helpers/temporary-folder.ts';

interface Told {
	readonly bytesConsumed: number;
	readonly rows: number;
	readonly rejectedRows: number;
}

/** Everything the fold tells of its way through the text. */
async function follow(
	text: string,
	chunkBytes: number,
	simulateIoMs: number,
	fold: FoldName,
): Promise<{told: Told[]; waits: number[]}> {
	const told: Told[] = [];
	const waits: number[] = [];
	await folds[fold](
		bytesInPieces(Buffer.from(text), [chunkBytes]),
		{...readDefaults, simulateIoMs, chunkBytes, reader: fold},
		{
			report: (bytesConsumed, rows, rejectedRows) => told.push({bytesConsumed, rows, rejectedRows}),
			wait: durationMs => waits.push(durationMs),
		},
	);
	return {told, waits};
}

const foldNames: readonly FoldName[] = ['reference', 'kernel'];

describe.each(foldNames)('by %s', fold => {
	test.each([
		[1000, 0],
		[1000, 5],
		[4096, 5],
		[1_000_000, 5],
	])('totals only grow, and end with the whole file: chunks of %i bytes, waits of %i ms', async (chunkBytes, simulateIoMs) => {
		const text = `${transactionsText(700)}broken\n`;
		const {told} = await follow(text, chunkBytes, simulateIoMs, fold);
		for (const [index, {bytesConsumed, rows, rejectedRows}] of told.entries()) {
			const before = told[index - 1];
			expect(bytesConsumed).toBeGreaterThanOrEqual(before?.bytesConsumed ?? 0);
			expect(rows).toBeGreaterThanOrEqual(before?.rows ?? 0);
			expect(rejectedRows).toBeGreaterThanOrEqual(before?.rejectedRows ?? 0);
		}
		expect(told.at(-1)).toEqual({bytesConsumed: text.length, rows: 701, rejectedRows: 1});
	});

	test('what comes slowly is told of as it comes, from the first byte on, and each record as soon as it is whole', async () => {
		const pieces = [
			'cust',
			'omer_id,amount,',
			'date,category\n',
			'C1,5,2024-',
			'02-29,a\nC2,',
			'1,2024-02-29,b\n',
			'x\n',
			'y',
		];
		// csv-parse looks a little further before it says that a record is whole.
		const rowsBehind = fold === 'kernel' ? [0, 0, 0, 0, 1, 2, 3, 3] : [0, 0, 0, 0, 1, 1, 2, 2];
		/** What had been told when the source was asked for each piece. */
		const toldBefore: Array<Told | undefined> = [];
		let last: Told | undefined;
		await folds[fold](
			{
				read(target) {
					const piece = pieces[toldBefore.length] ?? '';
					toldBefore.push(last);
					target.set(Buffer.from(piece));
					return piece.length;
				},
			},
			{...readDefaults, reader: fold},
			{
				report(bytesConsumed, rows, rejectedRows) {
					last = {bytesConsumed, rows, rejectedRows};
				},
				wait() {},
			},
		);
		expect(toldBefore[0]).toBeUndefined();
		const lengths = pieces.map((_, index) => pieces.slice(0, index + 1).join('').length);
		// Of a last piece without a line end nobody knows yet whether it is a whole record.
		expect(toldBefore.slice(1, 9).map(told => [told?.bytesConsumed, told?.rows])).toEqual(
			lengths.map((length, index) => [length, rowsBehind[index]]),
		);
		expect(last).toEqual({bytesConsumed: lengths.at(-1), rows: 4, rejectedRows: 2});
	});

	test('with simulated waits it is told how far the records are, not how much was read', async () => {
		const text = transactionsText(1000);
		const {told} = await follow(text, 1_000_000, 5, fold);
		const places = told.map(({bytesConsumed}) => bytesConsumed);
		expect(new Set(places.filter(place => place > 0 && place < text.length)).size).toBeGreaterThanOrEqual(9);
	});

	test('a simulated wait comes after every hundred records', async () => {
		expect((await follow(transactionsText(99), 4096, 7, fold)).waits).toEqual([]);
		expect((await follow(transactionsText(100), 4096, 7, fold)).waits).toEqual([7]);
		expect((await follow(transactionsText(1050), 4096, 7, fold)).waits).toEqual(Array(10).fill(7));
		expect((await follow(transactionsText(1050), 4096, 0, fold)).waits).toEqual([]);
	});

	test('a record with too many or too few fields says how many there are and how many should be', async () => {
		const bytes = Buffer.from('customer_id,amount,date,category\nc,1,2024-01-01,g,\nc\n,\n');
		const {rejects} = await foldBytes(bytes, {fold});
		expect(rejects.map(({value}) => value)).toEqual([
			'5 fields, expected 4',
			'1 field, expected 4',
			'2 fields, expected 4',
		]);
	});
});
