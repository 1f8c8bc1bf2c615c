// Amounts by month as plainly as they can be summed: the records that the rules accept, one after the other, in bigints.
import type {MonthFigure} from './months.ts';
import {acceptedRecords} from './oracle.ts';

export function monthsByOracle(file: Uint8Array, delimiter = ','): MonthFigure[] {
	const accepted = acceptedRecords(file, delimiter);
	const decimals = Math.max(0, ...accepted.map(({amount}) => (amount.split('.')[1] ?? '').length));
	const sums = new Map<string, bigint>();
	for (const {amount, date} of accepted) {
		const [whole = '', fraction = ''] = amount.replace(/^[+-]/, '').split('.');
		const units = BigInt(whole + fraction.padEnd(decimals, '0'));
		const month = date.slice(0, 7);
		sums.set(month, (sums.get(month) ?? 0n) + (amount.startsWith('-') ? -units : units));
	}
	return [...sums]
		.sort(([left], [right]) => (left < right ? -1 : 1))
		.map(([month, units]) => {
			const digits = String(units < 0n ? -units : units).padStart(decimals + 1, '0');
			const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
			return {month, amount: units < 0n ? `-${text}` : text};
		});
}
