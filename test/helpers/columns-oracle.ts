// The figures of a column computed in another way: with fractions of whole numbers, from all cells in a list.

/** `numerator` / `denominator`. */
export interface Fraction {
	readonly numerator: bigint;
	readonly denominator: bigint;
}

const NULLS = ['', 'NA', 'N/A', 'null', 'NULL', 'None', 'nan', '-', '?', '#N/A'];
export const isPresent = (cell: string): boolean => !NULLS.includes(cell.replace(/^[ \t]+|[ \t]+$/g, ''));

/** @param text - A decimal without an exponent. */
export function fractionOf(text: string): Fraction {
	const [, sign = '', whole = '', decimals = ''] = /^ *([+-]?)(\d*)\.?(\d*) *$/.exec(text) ?? [];
	return {
		numerator: BigInt(`${whole}${decimals}` || '0') * (sign === '-' ? -1n : 1n),
		denominator: 10n ** BigInt(decimals.length),
	};
}

export const compare = (one: Fraction, other: Fraction): number => {
	const [left, right] = [one.numerator * other.denominator, other.numerator * one.denominator];
	return left < right ? -1 : left > right ? 1 : 0;
};

const add = (one: Fraction, other: Fraction): Fraction => ({
	numerator: one.numerator * other.denominator + other.numerator * one.denominator,
	denominator: one.denominator * other.denominator,
});

/** As text with a number of decimals; halves go to the even one. */
export function roundTo({numerator, denominator}: Fraction, decimals: number): string {
	const size = (numerator < 0n ? -numerator : numerator) * 10n ** BigInt(decimals);
	let units = size / denominator;
	const twice = 2n * (size % denominator);
	if (twice > denominator || (twice === denominator && units % 2n === 1n)) units++;
	const digits = String(units).padStart(decimals + 1, '0');
	const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
	return numerator < 0n && units !== 0n ? `-${text}` : text;
}

/** The root that is nearest, found by halving. */
export function rootTo({numerator, denominator}: Fraction, decimals: number): string {
	const scale = 10n ** BigInt(decimals);
	// Whether (2 × root + 1) / (2 × scale) is below the root that is wanted.
	const isBelow = (root: bigint): boolean => (2n * root + 1n) ** 2n * denominator < numerator * 4n * scale * scale;
	let low = -1n;
	let high = 1n;
	while (isBelow(high)) high *= 2n;
	while (high - low > 1n) {
		const middle = (low + high) / 2n;
		if (isBelow(middle)) low = middle;
		else high = middle;
	}
	return roundTo({numerator: high, denominator: scale}, decimals);
}

/** Of cells that are all decimals. */
export function numbersOracle(cells: readonly string[]) {
	const decimals = Math.max(...cells.map(cell => (cell.trim().split('.')[1] ?? '').length));
	const all = cells.map(fractionOf).sort(compare);
	const count = BigInt(all.length);
	const sum = all.reduce(add, {numerator: 0n, denominator: 1n});
	const mean = {numerator: sum.numerator, denominator: sum.denominator * count};
	const squares = all
		.map(value => add(value, {numerator: -mean.numerator, denominator: mean.denominator}))
		.map(({numerator, denominator}) => ({numerator: numerator ** 2n, denominator: denominator ** 2n}))
		.reduce(add, {numerator: 0n, denominator: 1n});
	const at = (percent: number): string =>
		roundTo(all[Math.max(0, Math.ceil((percent * all.length) / 100) - 1)] ?? sum, decimals);
	return {
		sum: roundTo(sum, decimals),
		mean: roundTo(mean, decimals + 6),
		stddev:
			all.length < 2
				? null
				: rootTo({numerator: squares.numerator, denominator: squares.denominator * (count - 1n)}, decimals + 6),
		min: at(0),
		max: at(100),
		quantiles: {p05: at(5), p25: at(25), p50: at(50), p75: at(75), p95: at(95), exact: true},
		zeros: all.filter(({numerator}) => numerator === 0n).length,
		negatives: all.filter(({numerator}) => numerator < 0n).length,
		distinct: {
			value: all.filter((value, index) => index === 0 || compare(value, all[index - 1] ?? value) !== 0).length,
			exact: true,
		},
	};
}
