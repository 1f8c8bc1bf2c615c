// Sums, means and shares: which decimal each is, if there is one.
import type {RowMeasure} from '../../analysis/declaration.ts';
import type {RowSum} from '../../analysis/file-rows.ts';
import {QUOTIENT_DECIMALS} from '../../analysis/finish.ts';
import {divideUnits, formatUnits, type Units} from '../../analysis/units.ts';

export type NumberKind = Exclude<RowMeasure['kind'], 'count'>;

/**
Gives a sum in its own units, and a mean or share in units of 10^-6; `null` where there is none.

@param whole - What a share is a part of; others do without.
*/
export function numberOf(
	kind: NumberKind,
	units: Units,
	scale: number,
	count: number,
	whole: RowSum | undefined,
): Units | null {
	if (kind === 'share') {
		if (whole === undefined) throw new Error('Expected the whole of a share');
		if (whole.units === 0 || whole.units === 0n) return null;
		return divideUnits(units, QUOTIENT_DECIMALS + whole.scale - scale, whole.units);
	}
	if (count === 0) return null;
	return kind === 'sum' ? units : divideUnits(units, QUOTIENT_DECIMALS - scale, count);
}

/** @param format - Makes the text of a decimal. */
export function formatNumber(kind: NumberKind, sum: RowSum, format: (units: Units, scale: number) => string): string {
	const units = numberOf(kind, sum.units, sum.scale, sum.count, sum);
	return units === null ? 'null' : format(units, kind === 'sum' ? sum.scale : QUOTIENT_DECIMALS);
}

/** An exact decimal is a text. */
export const formatInQuotes = (units: Units, scale: number): string => `"${formatUnits(units, scale)}"`;
