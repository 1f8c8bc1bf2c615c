// Numbers far from all others: those whose robust z, 0.6745 × (x − median) / MAD, is more than 3.5 from 0. MAD is the median of the distances
// from the median. Where more than half of the numbers are equal it is 0, and then there are no outliers.

export interface CountedUnits {
	readonly units: bigint;
	readonly count: number;
}

const FACTOR = 6745n;
const LIMIT = 35_000n;

/** @param numbers - By size, in units of the same decimals. @returns Tells outliers from others. */
export function findOutliers(numbers: readonly CountedUnits[]): (units: bigint) => boolean {
	const half = Math.ceil(numbers.reduce((sum, {count}) => sum + count, 0) / 2);
	let place = -1;
	for (let passed = 0; passed < half; place++) passed += numbers[place + 1]?.count ?? Number.POSITIVE_INFINITY;
	const median = numbers[place]?.units;
	if (median === undefined) return () => false;
	const limit = LIMIT * medianDistance(numbers, place, median, half);
	return units => limit > 0n && distance(units, median) * FACTOR > limit;
}

const distance = (one: bigint, other: bigint): bigint => (one < other ? other - one : one - other);

/** From the median outwards, on both sides the nearer one first. */
function medianDistance(numbers: readonly CountedUnits[], place: number, median: bigint, half: number): bigint {
	let [below, above] = [place - 1, place + 1];
	let passed = numbers[place]?.count ?? 0;
	let reached = 0n;
	while (passed < half) {
		const [left, right] = [numbers[below], numbers[above]];
		const isLeft = left !== undefined && (right === undefined || median - left.units <= right.units - median);
		const next = isLeft ? left : right;
		if (next === undefined) break;
		if (isLeft) below--;
		else above++;
		passed += next.count;
		reached = distance(next.units, median);
	}
	return reached;
}
