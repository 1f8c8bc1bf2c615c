// Reads pairs of the smallest and the largest: assembly/extremes.ts says how they are kept.
import type {Extremes} from '../analysis/extremes.ts';
import {withOwnScale} from './sums.ts';

export const EXTREMES_BYTES = 16;
const HIGHEST = 8;
const LARGEST = 2n ** 63n - 1n;
const SMALLEST = -(2n ** 63n);

/**
@param scale - The decimals of the units; `ownScale` is how many the numbers have.
@returns `null` where there are none.
*/
export function readExtremes(view: DataView, pair: number, scale: number, ownScale: number): Extremes | null {
	const lowest = view.getBigInt64(pair, true) ^ LARGEST;
	const highest = view.getBigInt64(pair + HIGHEST, true) ^ SMALLEST;
	if (lowest > highest) return null;
	return {lowest: withOwnScale(lowest, scale, ownScale), highest: withOwnScale(highest, scale, ownScale)};
}

/** @param code - Of a date, or a moment: see assembly/date-code.ts. @returns A date as yyyymmdd, a moment as it is. */
export function numberOfCode(code: number): number {
	if (code >= FIRST_MOMENT) return code;
	return (code >>> YEAR_SHIFT) * 10_000 + ((code >>> MONTH_SHIFT) & 127) * 100 + (code & 127);
}
const YEAR_SHIFT = 14;
const MONTH_SHIFT = 7;
const FIRST_MOMENT = 2 ** 31;
