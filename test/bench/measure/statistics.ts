/** The middle one, or the mean of the two in the middle. Of nothing it is NaN. */
export function median(values: readonly number[]): number {
	const sorted = values.toSorted((left, right) => left - right);
	const middle = sorted.length >> 1;
	const upper = sorted[middle] ?? Number.NaN;
	return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export interface Spread {
	readonly median: number;
	readonly least: number;
	readonly most: number;
}

export const spreadOf = (values: readonly number[]): Spread => ({
	median: median(values),
	least: Math.min(...values),
	most: Math.max(...values),
});

/** Each run of one program against the run of the other that came next to it, so that a slow minute hits both. */
export const pairedRatios = (numerators: readonly number[], denominators: readonly number[]): readonly number[] =>
	numerators.slice(0, denominators.length).map((value, index) => value / (denominators[index] ?? Number.NaN));

export interface Estimate {
	readonly mean: number;
	/** What the mean of ever more values would most likely be: within these ends in 95 of 100 measurements. */
	readonly least: number;
	readonly most: number;
}

/** Of the values, this share at each end is left out of the mean: moments in which the machine did something else. */
const TRIMMED = 0.2;
/** Student's quantile of 97.5 % for 10 degrees of freedom and more, a little too large for each. */
const [T_FROM_10, T_FROM_20, T_FROM_40] = [2.23, 2.09, 2.03];

/** The trimmed mean, and how sure it is, after Yuen: from the spread of the values with those at the ends drawn in. At least 17 are needed. */
export function trimmedMean(values: readonly number[]): Estimate {
	const sorted = values.toSorted((left, right) => left - right);
	const cut = Math.floor(TRIMMED * sorted.length);
	const kept = sorted.slice(cut, sorted.length - cut);
	const mean = sum(kept) / kept.length;
	if (kept.length < 11) return {mean, least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY};
	const [low = 0, high = 0] = [kept[0], kept.at(-1)];
	const drawnIn = sorted.map(value => Math.min(high, Math.max(low, value)));
	const middle = sum(drawnIn) / drawnIn.length;
	const variance = sum(drawnIn.map(value => (value - middle) ** 2)) / (drawnIn.length - 1);
	const error = Math.sqrt(variance / sorted.length) / (1 - 2 * TRIMMED);
	const t = kept.length > 40 ? T_FROM_40 : kept.length > 20 ? T_FROM_20 : T_FROM_10;
	return {mean, least: mean - t * error, most: mean + t * error};
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
