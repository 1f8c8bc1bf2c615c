// Amounts at the edges of what the kernel's integers hold: 64 bits in a batch, 128 in a sum, any number with the host.
import {expect, test} from 'vitest';
import {foldBytes} from '../helpers/fold-bytes.ts';
import {readByOracle} from '../helpers/oracle.ts';

const tableOf = (amounts: readonly string[]): Buffer =>
	Buffer.from(`customer_id,amount,date,category\n${amounts.map(amount => `c,${amount},2024-01-01,g\n`).join('')}`);

/** Reads by both readers and by the rules, which must agree. */
async function readAmounts(amounts: readonly string[]): Promise<{total: string | null | undefined; rejected: number}> {
	const bytes = tableOf(amounts);
	const reading = await foldBytes(bytes, {fold: 'kernel'});
	expect(reading).toEqual(await foldBytes(bytes));
	expect(reading).toEqual(readByOracle(bytes));
	return {total: reading.result?.total_amount_exact, rejected: reading.rejected_rows};
}

test('whole numbers behind 18 decimals, which would not fit when scaled up, are read one by one', async () => {
	const amounts = ['5', '.123456789012345678', '10', '', '0', '18'];
	expect(await readAmounts(amounts)).toEqual({total: '33.123456789012345678', rejected: 1});
});

const largest = '9223372036854775807';
const digits38 = '9'.repeat(38);

test.each([
	{name: '2^63 - 1 and 1 more', amounts: [largest, '1'], total: '9223372036854775808'},
	{name: '2^63 - 1 many times', amounts: Array(1000).fill(largest), total: '9223372036854775807000'},
	{
		name: 'of both signs',
		amounts: [largest, `-${largest}`, '-1', '-9223372036854775808'],
		total: '-9223372036854775809',
	},
	{name: '38 digits', amounts: [digits38, '1', digits38], total: '199999999999999999999999999999999999999'},
	{name: '38 decimals', amounts: [`.${digits38}`, '1'], total: `1.${digits38}`},
	{
		name: '38 digits and 18 decimals',
		amounts: [digits38, `.${'1'.repeat(18)}`],
		total: `${digits38}.${'1'.repeat(18)}`,
	},
	{name: 'mixed decimals', amounts: ['1', '1.5', '1.25', '1.125', '-0.875', '2'], total: '6.000'},
	{name: 'negative zero', amounts: ['-0.00', '-0', '0'], total: '0.00'},
	{name: 'a leading plus', amounts: ['+1.50', '+2', '+.25'], total: '3.75'},
	{name: 'spaces around', amounts: ['  1.50', '2.50  ', ' 3.00 '], total: '7.00'},
	{name: 'half a number', amounts: ['.5', '5.', '-.5', '-5.'], total: '0.0'},
	{name: 'leading zeros', amounts: [`${'0'.repeat(36)}1`, `${'0'.repeat(35)}1.5`, '000000000000000001'], total: '3.5'},
])('$name', async ({amounts, total}) => {
	expect(await readAmounts(amounts)).toEqual({total, rejected: 0});
	// In the middle of a batch that has learned what amounts look like.
	const usual = Array<string>(50).fill('0.01');
	await readAmounts([...usual, ...amounts, ...usual]);
	await readAmounts(['7', ...amounts, ...usual.map(() => '1')]);
});

test.each([
	'',
	' ',
	'   ',
	'.',
	'-',
	'+',
	'-.',
	'1e3',
	'--1',
	'1--',
	'0x1',
	'1 2',
	'1.2.3',
	'12:0',
	'9'.repeat(39),
])('%j is no amount', async amount => {
	for (const usual of ['5', '12.34', '0.123456789012345', '.123456789012345678']) {
		expect((await readAmounts([usual, amount, usual, amount])).rejected).toBe(2);
		expect((await readAmounts(['1', usual, '1', amount, '1'])).rejected).toBe(1);
	}
});

test('an amount is a number of too many digits from the 39th on, and none where anything else is in it', async () => {
	const amounts = [digits38, `${digits38}9`, `-.${digits38}9`, ` ${'0'.repeat(39)} `, `${digits38}9x`];
	const {rejects} = await foldBytes(tableOf(amounts), {fold: 'kernel'});
	expect(rejects.map(({reason}) => reason)).toEqual([
		...['too-many-digits', 'too-many-digits', 'too-many-digits'],
		'not-a-number',
	]);
	await readAmounts(amounts);
});

test('any number of decimals after any other, in amounts of any length', async () => {
	for (let first = 0; first <= 19; first++) {
		for (let second = 0; second <= 19; second++) {
			const amount = (whole: string, decimals: number): string =>
				`${whole}.${'123456789'.repeat(3).slice(0, decimals)}`;
			const amounts = ['1', '12', '999', '1234567', '123456789012', '-123456789012345'].flatMap(whole => [
				amount(whole, first),
				amount(whole, second),
				whole,
			]);
			const bytes = tableOf([amount('3', first), amount('3', second), ...amounts, ...amounts]);
			expect(await foldBytes(bytes, {fold: 'kernel'})).toEqual(readByOracle(bytes));
		}
	}
});

test('sums that outgrow 128 bits when decimals are added go to the host, and come back', async () => {
	// 2^66 and more in a group, then 18 decimals: the sum times 10^18 has more than 128 bits.
	const large = Array<string>(200).fill('999999999999999999');
	const fine = '.000000000000000001';
	expect(await readAmounts([...large, fine, ...large, `-${fine}`, '1'])).toMatchObject({rejected: 0});
	const steps = ['.1', '.12', '.123456', '.123456789012', '.123456789012345678'];
	await readAmounts(steps.flatMap(step => [...large, step]));
	await readAmounts(steps.flatMap(step => [...large.map(amount => `-${amount}`), step]));
	// Just in and out of what is rescaled within 128 bits.
	for (const count of [73, 74, 75, 147, 148, 149]) {
		await readAmounts([...Array<string>(count).fill('999999999999999999'), fine]);
		await readAmounts([...Array<string>(count).fill('-999999999999999999'), fine]);
	}
});
