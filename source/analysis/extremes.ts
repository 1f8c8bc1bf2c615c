// The smallest and the largest of some numbers.
import {type Decimal, powerOfTen, withScale} from './decimal.ts';

export interface Extremes {
	readonly lowest: Decimal;
	readonly highest: Decimal;
}

/** Negative where the first one is smaller. */
export function compareDecimals(one: Decimal, other: Decimal): number {
	const scale = Math.max(one.scale, other.scale);
	const left = withScale(one, scale).units;
	const right = withScale(other, scale).units;
	return left < right ? -1 : left > right ? 1 : 0;
}

/** Of all numbers of both; `null` where there are none. */
export function joinExtremes(one: Extremes | null, other: Extremes | null): Extremes | null {
	if (one === null || other === null) return one ?? other;
	return {
		lowest: compareDecimals(other.lowest, one.lowest) < 0 ? other.lowest : one.lowest,
		highest: compareDecimals(other.highest, one.highest) > 0 ? other.highest : one.highest,
	};
}

export const extremesOf = (value: Decimal): Extremes => ({lowest: value, highest: value});

/** As units of 10^-scale, which has as many decimals as the number at least. */
export const unitsAt = ({units, scale}: Decimal, ofScale: number): bigint =>
	units * powerOfTen(Math.max(0, ofScale - scale));
