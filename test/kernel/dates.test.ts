// Dates in all their forms: the kernel's loop takes the usual ones, and what it leaves is read by the same rules.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {foldBytes} from '../helpers/fold-bytes.ts';
import {dayOf, readByOracle} from '../helpers/oracle.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {anyDate} from '../helpers/random-tables.ts';

const tableOf = (dates: readonly string[], isQuoted: boolean, newline = '\n'): Buffer => {
	const records = dates.map(date => ['c', '1', 'g', isQuoted ? `"${date}"` : date].join(','));
	return Buffer.from(['customer_id,amount,category,date', ...records, ''].join(newline));
};

test('dates of any form, among usual ones, are read as the reference reads them, and as the rules say', async () => {
	let good = 0;
	let bad = 0;
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.oneof({weight: 1, arbitrary: fc.constant('2024-01-31')}, {weight: 3, arbitrary: anyDate}), {
				maxLength: 60,
			}),
			fc.boolean(),
			fc.constantFrom('\n', '\r\n', '\r'),
			async (dates, isQuoted, newline) => {
				const bytes = tableOf(dates, isQuoted, newline);
				const reading = await foldBytes(bytes, {fold: 'kernel'});
				expect(reading).toEqual(readByOracle(bytes));
				expect(reading).toEqual(await foldBytes(bytes));
				good += reading.result?.total_transactions ?? 0;
				bad += reading.rejected_rows;
			},
		),
		{numRuns: randomCases(300)},
	);
	expect(good).toBeGreaterThan(randomCases(200));
	expect(bad).toBeGreaterThan(randomCases(200));
});

test('a date is the day that is written, whatever its form, its time and its zone', async () => {
	const forms = [
		'2024-02-29T23:30:00-11:00',
		' 20240229',
		'2024-02-29\t',
		'2024-02-29T24:00:00Z',
		'2024-02-29 00:10 +14',
	];
	for (const form of forms) {
		expect(dayOf(form)).toBe('2024-02-29');
		const {result, rejects} = await foldBytes(tableOf([form], true), {fold: 'kernel'});
		expect(rejects).toEqual([]);
		expect(result?.date_range).toEqual({earliest: '2024-02-29', latest: '2024-02-29'});
	}
});

test('a cell of blanks alone is a missing date', async () => {
	const {rejects} = await foldBytes(tableOf(['', ' ', '\t ', '\u00a0'], false), {fold: 'kernel'});
	expect(rejects.map(({reason, value}) => [reason, value])).toEqual([
		['missing', ''],
		['missing', ' '],
		['missing', '\t '],
		['not-a-date', '\u00a0'],
	]);
});
