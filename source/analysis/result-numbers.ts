// Sums, means and shares as results have them: texts with exactly their decimals.
import type {RowMeasure} from './declaration.ts';
import {divideUnits, formatNearest, formatUnits, type Units} from './units.ts';

/** Of means and shares. */
const QUOTIENT_DECIMALS = 6;

export type NumberKind = Exclude<RowMeasure['kind'], 'count' | 'min' | 'max'>;

interface Whole {
	readonly units: Units;
	readonly scale: number;
}

/**
@param whole - What a share is a part of; others do without.
@returns `null` where there is no number.
*/
export function formatNumber(
	kind: NumberKind,
	units: Units,
	scale: number,
	count: number,
	whole: Whole | undefined,
): string | null {
	if (kind === 'sum') return count === 0 ? null : formatUnits(units, scale);
	const quotient = divide(kind, units, scale, count, whole);
	return quotient === null ? null : formatUnits(quotient, QUOTIENT_DECIMALS);
}

/** The JSON number that is nearest to a sum or mean. */
export function formatNearestNumber(
	kind: NumberKind,
	{units, scale, count}: Whole & {readonly count: number},
): string | null {
	if (kind === 'sum') return count === 0 ? null : formatNearest(units, scale);
	const quotient = divide(kind, units, scale, count, undefined);
	return quotient === null ? null : formatNearest(quotient, QUOTIENT_DECIMALS);
}

function divide(
	kind: 'mean' | 'share',
	units: Units,
	scale: number,
	count: number,
	whole: Whole | undefined,
): Units | null {
	if (kind === 'mean') return count === 0 ? null : divideUnits(units, QUOTIENT_DECIMALS - scale, count);
	if (whole === undefined) throw new Error('Expected the whole of a share');
	if (whole.units === 0 || whole.units === 0n) return null;
	return divideUnits(units, QUOTIENT_DECIMALS + whole.scale - scale, whole.units);
}
