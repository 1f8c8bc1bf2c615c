// Records with fewer fields than the header, where that is allowed: they are read as if their last fields stood there and were empty.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {damaged} from '../helpers/damage.ts';
import {foldBytes} from '../helpers/fold-bytes.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {table, transactionHeader} from '../helpers/random-tables.ts';

const bytesOf = (records: readonly string[], end: string): Buffer =>
	Buffer.from([transactionHeader, ...records, ''].join(end));

const short = [
	'1,c,2.50,2024-01-01',
	'2,c,3',
	'3',
	'4,"c",1,2024-01-02,"g"',
	'',
	'5,c,1,2024-01-03,g,h',
	',',
	'6,c,1,2024-01-04',
];
const filled = [
	'1,c,2.50,2024-01-01,',
	'2,c,3,,',
	'3,,,,',
	'4,"c",1,2024-01-02,"g"',
	'',
	'5,c,1,2024-01-03,g,h',
	',,,,',
	'6,c,1,2024-01-04,',
];

test.each(['\n', '\r\n', '\r'])('what is missing is empty, and what is there is not, with %j', async end => {
	for (const fold of ['reference', 'kernel'] as const) {
		const {rejects, ...rest} = await foldBytes(bytesOf(short, end), {fold, fillsMissing: true, chunkBytes: 50});
		const {rejects: expected, ...others} = await foldBytes(bytesOf(filled, end), {fold});
		expect(rest).toEqual(others);
		const tell = (all: typeof rejects) => all.map(({line, column, reason, value}) => ({line, column, reason, value}));
		expect(tell(rejects)).toEqual(tell(expected));
	}
});

test('both readers agree on damaged files', async () => {
	await fc.assert(
		fc.asyncProperty(damaged(table), fc.integer({min: 1, max: 300}), async (bytes, piece) => {
			const expected = await foldBytes(bytes, {fillsMissing: true});
			expect(await foldBytes(bytes, {fold: 'kernel', fillsMissing: true, chunkBytes: piece})).toEqual(expected);
		}),
		{numRuns: randomCases(60)},
	);
});

test('nearly all of many columns may be missing, also at the end of what was read', async () => {
	const columns = Array.from({length: 16_000}, (_, column) => `c${column}`).join(',');
	const text = `customer_id,amount,date,category,${columns}\n${'c,1,2024-01-01,g\n'.repeat(200)}c,1,2024-01-01,g`;
	for (const chunkBytes of [1000, 262_144]) {
		const settings = {fold: 'kernel', fillsMissing: true, chunkBytes} as const;
		const {rows, rejected_rows: rejected} = await foldBytes(Buffer.from(text), settings);
		expect([rows, rejected]).toEqual([201, 0]);
	}
});

test('other analyses have the empty fields, too', async () => {
	const bytes = bytesOf(['1,c', '2,c,1,2024-01-01,g', '3'], '\n');
	for (const analysis of ['profile', 'quality']) {
		const byKernel = await foldBytes(bytes, {fold: 'kernel', fillsMissing: true, analysis});
		expect(byKernel).toEqual(await foldBytes(bytes, {fillsMissing: true, analysis}));
		expect([byKernel.rows, byKernel.rejected_rows]).toEqual([3, 0]);
	}
});
