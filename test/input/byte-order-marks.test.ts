// Joined files, each with a byte order mark: the marks are not part of any value.
import {gzipSync} from 'node:zlib';
import {afterAll, expect, test} from 'vitest';
import {foldBytes} from '../helpers/fold-bytes.ts';
import {openPool} from '../helpers/open-pool.ts';
import {readByOracle} from '../helpers/oracle.ts';
import {readSplit} from '../helpers/split-reading.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const pool = openPool({threads: 4, onLog: () => {}});
afterAll(() => pool.close());

const mark = '\u{feff}';
const cells = {customer_id: 'C1', amount: '1.00', date: '2024-01-01', category: 'food'};
type Column = keyof typeof cells;
const columns = Object.keys(cells) as Column[];
const startingWith = (first: Column): Column[] => [first, ...columns.filter(column => column !== first)];

const layouts = columns.flatMap(first =>
	[false, true].map(isQuoted => {
		const order = startingWith(first);
		const write = (texts: readonly string[]): string => texts.map(text => (isQuoted ? `"${text}"` : text)).join(',');
		return {first, isQuoted, header: write(order), record: write(order.map(column => cells[column]))};
	}),
);

test.each(layouts)('a mark in front of $first is not part of it, quoted: $isQuoted, in any chunks', async ({
	header,
	record,
}) => {
	for (const newline of ['\n', '\r\n', '\r']) {
		const lines = [mark + header, record, mark + record, `${mark}${mark}${record}`, mark, '', record, mark];
		const bytes = Buffer.from(lines.join(newline));
		const expected = readByOracle(bytes);
		expect(expected).toMatchObject({rows: 4, rejected_rows: 0, result: {total_amount_exact: '4.00'}});
		expect(expected.result?.categories).toEqual([{category: 'food', count: 4, amount: '4.00'}]);
		expect(expected.result?.unique_customers.value).toBe(1);
		// A mark has three bytes: of long chunks, not each length cuts them in another way.
		for (let chunkBytes = 1; chunkBytes <= bytes.length; chunkBytes += chunkBytes < 40 ? 1 : 7) {
			expect(await foldBytes(bytes, {fold: 'kernel', chunkBytes})).toEqual(expected);
			if (chunkBytes > 9 && chunkBytes % 4 !== 0) continue;
			expect(await foldBytes(bytes, {fold: 'reference', chunkBytes})).toEqual(expected);
		}
	}
});

test('a second header behind a mark is a reject that says so', async () => {
	const file = `${mark}customer_id,amount,date,category\nC1,1,2024-01-01,food\n`;
	for (const fold of ['kernel', 'reference'] as const) {
		const {rejects, rows} = await foldBytes(Buffer.from(file + file), {fold});
		expect(rows).toBe(3);
		expect(rejects).toEqual([
			{
				...{line: 3, byte_offset: file.length + 2 + 3, column: null},
				...{reason: 'repeated-header', value: 'the header again, expected values'},
			},
		]);
	}
});

test('anywhere else a mark is text', async () => {
	const text = `customer_id,amount,date,category\nC1,1,2024-01-01,${mark}food\nC1,1,2024-01-01,"a\n${mark}b"\nC1,${mark}1,2024-01-01,c\n`;
	for (const fold of ['kernel', 'reference'] as const) {
		const reading = await foldBytes(Buffer.from(text), {fold});
		expect(reading).toEqual(readByOracle(Buffer.from(text)));
		expect(reading.result?.categories.map(({category}) => category)).toEqual([`a\n${mark}b`, `${mark}food`]);
		expect(reading.rejects).toHaveLength(1);
	}
});

test('members of a gzip file and ranges of a large file, each with a mark in front', async () => {
	const folder = createTemporaryFolder();
	const member = (index: number): string =>
		`${mark}${Array.from({length: 30}, (_, record) => `C${record},${index}.25,2024-01-0${1 + index},food\n`).join('')}`;
	const texts = [`${mark}customer_id,amount,date,category\n`, ...Array.from({length: 8}, (_, index) => member(index))];
	const bytes = Buffer.from(texts.join(''));
	const {result, rows} = readByOracle(bytes);
	expect({rows, customers: result?.unique_customers.value}).toEqual({rows: 240, customers: 30});
	const packed = Buffer.concat(texts.map(text => gzipSync(text)));
	expect(await readSplit(pool, folder.write('a.csv.gz', packed), packed.length)).toMatchObject({rows, result});
	for (let rangeBytes = 1; rangeBytes < 700; rangeBytes += 13) {
		const path = folder.write('a.csv', bytes);
		expect(await readSplit(pool, path, bytes.length, {rangeBytes}), `${rangeBytes}`).toMatchObject({rows, result});
	}
});
