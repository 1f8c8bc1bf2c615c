// Files with the same header are told apart by their cells, whatever was read before.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {byKernel} from '../helpers/outcomes.ts';
import {randomCases} from '../helpers/random-cases.ts';

// Two columns each may be the amount: that is the one which has numbers.
const headers = [
	'Kunde,Betrag,Umsatz,Datum,Kategorie',
	'customer,amount,value,day,type',
	'customer,price,total,date,category',
];
const records = [
	'c1,1.50,x,2024-01-05,food',
	'c1,x,2.50,2024-01-05,food',
	'c1,x,2024-01-05,1.50,food',
	'c1,x,y,z,food',
];
const files = headers.flatMap(header => records.map(record => Buffer.from(`${header}\n${`${record}\n`.repeat(20)}`)));

/** More headers than are remembered. */
async function forget(): Promise<void> {
	for (let index = 0; index < 20; index++) await byKernel(Buffer.from(`x${index},y\n1,2\n`));
}

test('in any order, each comes to what it comes to alone', async () => {
	const alone: unknown[] = [];
	for (const bytes of files) {
		await forget();
		alone.push(await byKernel(bytes));
	}
	// Cells do have a say, also in what each comes to alone.
	expect(alone.slice(0, 2)).toMatchObject([
		{rejectedRows: 0, result: {total_amount_exact: '30.00'}},
		{rejectedRows: 0, result: {total_amount_exact: '50.00'}},
	]);
	await fc.assert(
		fc.asyncProperty(fc.array(fc.nat({max: files.length - 1}), {minLength: 2, maxLength: 12}), async order => {
			for (const index of order) expect(await byKernel(files[index] ?? Buffer.alloc(0))).toEqual(alone[index]);
		}),
		{numRuns: randomCases(40)},
	);
});
