// The report as text, byte for byte but for the times: it tells nothing of how files went to threads - by the dozen, alone,
// or in ranges.
import {gzipSync} from 'node:zlib';
import fc from 'fast-check';
import {afterAll, expect, test} from 'vitest';
import {largeTable} from '../helpers/large-tables.ts';
import {soup, table, transactionHeader} from '../helpers/random-tables.ts';
import {closePools, type Manner, reportOf, textOf} from '../helpers/run-folder.ts';
import {createTemporaryFolder, transactionsHeader, transactionsText} from '../helpers/temporary-folder.ts';

afterAll(closePools);

const reportText = async (folder: string, manner: Manner): Promise<string> => textOf(await reportOf(folder, manner));

test('the report does not tell how its files were read', async () => {
	const folder = createTemporaryFolder();
	const contents = fc.sample(
		fc.oneof(
			table,
			soup.map(text => Buffer.from(`${transactionHeader}\n${text}`)),
			soup.map(Buffer.from),
		),
		{numRuns: 30, seed: 20_261_122},
	);
	for (const [index, bytes] of contents.entries()) folder.write(`small-${index}.csv`, bytes);
	for (let seed = 0; seed < 3; seed++) folder.write(`large-${seed}.csv`, largeTable(seed, 400).bytes);
	folder.write('packed.csv.gz', gzipSync(transactionsText(600)));
	folder.write('empty.csv', '');
	// What acts on a terminal, what JSON escapes, and layouts of all widths.
	const odd = ['\u{1b}[31m', '\u{202e}', '\\', '"" ""', '\u{85}', '\u{7f}', '漢'.repeat(60), '', 'x'.repeat(90)];
	for (const [index, category] of odd.entries()) {
		folder.write(
			`odd-${index}.csv`,
			`${transactionsHeader}1,c,2.50,2024-01-01,"${category}"\n1,c,x\u{1b},2024-01-01,a\n`,
		);
	}
	// How much was read of a file that failed depends on the size of a read, and on nothing else.
	const expected = new Map<number, string>();
	for (const chunkBytes of [1, 77, 4096, 65_536]) {
		const text = await reportText(folder.path, {threads: 1, concurrency: 1, chunkBytes, isGrouped: false});
		expect(text).toContain('TOO_MANY_REJECTS');
		expected.set(chunkBytes, text);
	}
	expect(new Set(Array.from(expected.values(), text => text.replaceAll(/"bytes": \d+/g, ''))).size).toBe(1);
	const split = {splitBytes: 20_000, rangeBytes: 7000};
	const manners: Manner[] = [
		{threads: 1, concurrency: 16, chunkBytes: 65_536, isGrouped: true, ...split},
		{threads: 2, concurrency: 3, chunkBytes: 65_536, isGrouped: true, ...split},
		{threads: 8, concurrency: 16, chunkBytes: 65_536, isGrouped: true, ...split},
	];
	manners.push(
		{threads: 2, concurrency: 3, chunkBytes: 1, isGrouped: true},
		{threads: 3, concurrency: 2, chunkBytes: 77, isGrouped: true, splitBytes: 0, rangeBytes: 500},
		{threads: 3, concurrency: 2, chunkBytes: 4096, isGrouped: false, splitBytes: 0, rangeBytes: 100},
	);
	for (const manner of manners) {
		const text = await reportText(folder.path, manner);
		expect(text, JSON.stringify(manner)).toBe(expected.get(manner.chunkBytes));
	}
});
