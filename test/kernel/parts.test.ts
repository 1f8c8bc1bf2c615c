// Where a reading stops, and where one begins that does not know what is in front of it.
import {expect, test} from 'vitest';
import {Kernel} from '../../source/kernel/kernel.ts';
import {transactionsSpec} from '../helpers/kernel-specs.ts';
import {readFromGuess, readWithStop} from '../helpers/parts.ts';

const header = 'customer_id,amount,date,category\n';

test('a table without quotes is guessed right from every byte', async () => {
	const bytes = Buffer.from(`${header}${'abc,1.50,2024-01-01,group\n'.repeat(20)}`);
	const lastRecord = bytes.length - 'abc,1.50,2024-01-01,group\n'.length;
	for (let cut = header.length; cut <= lastRecord; cut++) {
		const {first} = await readWithStop(bytes, cut);
		expect((await readFromGuess(bytes, cut))?.start).toBe(first.end);
	}
});

test.each([
	'"abc",1.50,"2024-01-01","two lines,\nand ""quotes"""\n',
	// Nothing is against the rules here, whichever way it is read: the number of fields tells.
	'"",1.50,"",""\n',
	'abc,1.50,2024-01-01,",\n,"\n',
])('a table of records %j is guessed right from every byte', async record => {
	const bytes = Buffer.from(`${header}${record.repeat(20)}`);
	for (let cut = header.length; cut <= bytes.length - record.length; cut++) {
		const {first} = await readWithStop(bytes, cut);
		expect((await readFromGuess(bytes, cut))?.start).toBe(first.end);
	}
});

test('a stop that was passed long ago stops at once, however far behind', () => {
	const kernel = new Kernel();
	const record = Buffer.from('abc,1.50,2024-01-01,group\n');
	const place = 10 ** 10;
	kernel.input.begin(place);
	kernel.input.space(record.length).set(record);
	kernel.input.extend(record.length);
	kernel.begin(transactionsSpec({columnCount: 4, customer_id: 0, amount: 1, date: 2, category: 3}), 1);
	for (const stop of [place, place - 1, 1, 0]) {
		expect([kernel.consume(true, stop), kernel.rows]).toEqual(['reached-stop', 0]);
	}
	expect([kernel.consume(true, place + 1), kernel.rows]).toEqual(['reached-stop', 1]);
	expect(kernel.input.offsetOf(kernel.input.start)).toBe(place + record.length);
});

test('a CR at the very end is a line end, whatever an earlier file left behind it', async () => {
	const bytes = Buffer.from(`${header}abc,1.50,2024-01-01,"two\nlines"\r`);
	await readWithStop(Buffer.from(`${header}${'\n'.repeat(200)}`), 1);
	const {whole} = await readWithStop(bytes, 1);
	expect(whole).toMatchObject({rows: 1, lines: 2, end: bytes.length});
});
