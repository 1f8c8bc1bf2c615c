// A histogram of numbers with edges that people write: multiples of 1, 2 or 5 with zeros behind it.
import {powerOfTen} from '../decimal.ts';
import type {Units} from '../units.ts';

/** Units of the decimals of the column. */
export interface Bin {
	readonly from: bigint;
	/** Not in the bin, but for a column of one value alone. */
	readonly to: bigint;
	count: number;
}

const MAX_BINS = 20n;
const STEPS = [1n, 2n, 5n];
/** Below it, the quotient of two whole numbers is not rounded to the next one. */
const MAX_EXACT = 2 ** 45;

/** @param values - Each from `min` to `max`, with how often it is there. */
export function binValues(
	min: bigint,
	max: bigint,
	values: Iterable<{readonly units: Units; readonly count: number}>,
): readonly Bin[] {
	if (min === max) {
		let count = 0;
		for (const value of values) count += value.count;
		return [{from: min, to: max, count}];
	}
	const step = stepOf(min, max);
	const first = floor(min, step);
	const bins = Array.from({length: Number(floor(max, step) - first) + 1}, (_, index): Bin => {
		const from = (first + BigInt(index)) * step;
		return {from, to: from + step, count: 0};
	});
	const [start, width] = [Number(first * step), Number(step)];
	const isSmall = Math.max(Math.abs(start), Math.abs(Number(max)), width) < MAX_EXACT;
	for (const {units, count} of values) {
		const place = isSmall ? Math.floor((Number(units) - start) / width) : Number(floor(BigInt(units), step) - first);
		const bin = bins[place];
		if (bin !== undefined) bin.count += count;
	}
	return bins;
}

/** The smallest one with which there are not too many bins. */
function stepOf(min: bigint, max: bigint): bigint {
	for (let exponent = Math.max(0, String(max - min).length - 3); ; exponent++) {
		for (const factor of STEPS) {
			const step = factor * powerOfTen(exponent);
			if (floor(max, step) - floor(min, step) < MAX_BINS) return step;
		}
	}
}

const floor = (units: bigint, step: bigint): bigint =>
	units >= 0n || units % step === 0n ? units / step : units / step - 1n;
