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
