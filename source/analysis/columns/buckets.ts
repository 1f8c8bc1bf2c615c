// Buckets of numbers for quantiles: 64 for each doubling, by the first bits of a double. The middle of a bucket is at most 1/128 of a value
// away from it, less than 0.8 %. How many numbers are in each is a function of the numbers alone.

/** Of the upper word of a double: 11 bits of the exponent and the first 6 of the fraction are above. */
const LOWER_BITS = 14;
/** The largest distance of a quantile, as a part of the value. */
export const QUANTILE_ERROR = 0.008;

const words = new Uint32Array(2);
const double = new Float64Array(words.buffer);

/** In the order of the numbers: 0 for zero, below it for those that are negative. @param nearest - Never -0. */
export function bucketOf(nearest: number): number {
	if (nearest === 0) return 0;
	double[0] = Math.abs(nearest);
	const bucket = ((words[1] ?? 0) >>> LOWER_BITS) + 1;
	return nearest < 0 ? -bucket : bucket;
}

/** The number in the middle of a bucket. */
export function middleOf(bucket: number): number {
	if (bucket === 0) return 0;
	words[0] = 0;
	words[1] = ((Math.abs(bucket) - 1) << LOWER_BITS) | (1 << (LOWER_BITS - 1));
	const middle = double[0] ?? 0;
	return bucket < 0 ? -middle : middle;
}

/** Buckets that a finite double can have. */
export const MAX_BUCKET = bucketOf(Number.MAX_VALUE);
