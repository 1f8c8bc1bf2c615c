// Sums, means and shares as JSON has them: texts with exactly their decimals, or `null`.
import type {RowMeasure} from '../../analysis/declaration.ts';
import type {RowSum} from '../../analysis/file-rows.ts';
import {QUOTIENT_DECIMALS} from '../../analysis/finish.ts';
import {divideUnits, formatNearest, formatUnits, type Units} from '../../analysis/units.ts';

export type NumberKind = Exclude<RowMeasure['kind'], 'count'>;

/** @param whole - What a share is a part of; others do without. */
export function formatNumber(
	kind: NumberKind,
	units: Units,
	scale: number,
	count: number,
	whole: RowSum | undefined,
): string {
	if (kind === 'sum') return count === 0 ? 'null' : `"${formatUnits(units, scale)}"`;
	const quotient = divide(kind, units, scale, count, whole);
	return quotient === null ? 'null' : `"${formatUnits(quotient, QUOTIENT_DECIMALS)}"`;
}

/** The number that is nearest to a sum or mean. */
export function formatNearestNumber(kind: NumberKind, {units, scale, count}: RowSum): string {
	if (kind === 'sum') return count === 0 ? 'null' : formatNearest(units, scale);
	const quotient = divide(kind, units, scale, count, undefined);
	return quotient === null ? 'null' : formatNearest(quotient, QUOTIENT_DECIMALS);
}

function divide(
	kind: 'mean' | 'share',
	units: Units,
	scale: number,
	count: number,
	whole: RowSum | undefined,
): Units | null {
	if (kind === 'mean') return count === 0 ? null : divideUnits(units, QUOTIENT_DECIMALS - scale, count);
	if (whole === undefined) throw new Error('Expected the whole of a share');
	if (whole.units === 0 || whole.units === 0n) return null;
	return divideUnits(units, QUOTIENT_DECIMALS + whole.scale - scale, whole.units);
}
