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
