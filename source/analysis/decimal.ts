// Money is never a float: a decimal is an integer and the number of its decimals.

/** `units` × 10^-`scale`. */
export interface Decimal {
	readonly units: bigint;
	readonly scale: number;
}

export const zeroDecimal: Decimal = {units: 0n, scale: 0};

const powersOfTen: bigint[] = [1n];
export function powerOfTen(exponent: number): bigint {
	for (let next = powersOfTen.length; next <= exponent; next++) powersOfTen.push(10n ** BigInt(next));
	return powersOfTen[exponent] ?? 10n ** BigInt(exponent);
}

const rescale = ({units, scale}: Decimal, nextScale: number): bigint =>
	nextScale === scale ? units : units * powerOfTen(nextScale - scale);

/** Adds exactly; the sum has the larger scale of the two. */
export function addDecimals(left: Decimal, right: Decimal): Decimal {
	const scale = Math.max(left.scale, right.scale);
	return {units: rescale(left, scale) + rescale(right, scale), scale};
}

/** Writes a decimal with exactly `scale` decimals, which must not be fewer than it has. Zero has no sign. */
export function formatExact(decimal: Decimal, scale: number): string {
	const units = rescale(decimal, scale);
	const isNegative = units < 0n;
	// What fits in 53 bits is written five times as fast as a number.
	const small = Number(units);
	const magnitude = Number.isSafeInteger(small) ? Math.abs(small) : isNegative ? -units : units;
	const digits = String(magnitude).padStart(scale + 1, '0');
	const point = digits.length - scale;
	return (isNegative ? '-' : '') + digits.slice(0, point) + (scale === 0 ? '' : `.${digits.slice(point)}`);
}

/**
Divides by a positive integer and rounds half to even.

@returns The quotient with `scale` decimals.
*/
export function divideHalfEven(decimal: Decimal, count: number | bigint, scale: number): Decimal {
	const numerator = decimal.units * powerOfTen(scale);
	const denominator = BigInt(count) * powerOfTen(decimal.scale);
	const sign = numerator < 0n ? -1n : 1n;
	const magnitude = numerator * sign;
	let quotient = magnitude / denominator;
	const twiceRest = (magnitude % denominator) * 2n;
	if (twiceRest > denominator || (twiceRest === denominator && quotient % 2n === 1n)) quotient += 1n;
	return {units: quotient * sign, scale};
}

/**
A sum that grows. Amounts of everyday size are added as safe integers; whatever does not fit in 53 bits goes into a
bigint, which holds any number of digits.
*/
export class DecimalSum {
	#scale = 0;
	#small = 0;
	#large = 0n;

	/** Adds `units` × 10^-`scale`; a number must be a safe integer. */
	add(units: number | bigint, scale: number): void {
		if (scale > this.#scale) {
			this.#large = (this.#large + BigInt(this.#small)) * powerOfTen(scale - this.#scale);
			this.#small = 0;
			this.#scale = scale;
		}
		if (typeof units === 'number') {
			const scaled = scale === this.#scale ? units : units * 10 ** (this.#scale - scale);
			const sum = this.#small + scaled;
			// Both summands are integers; when neither they nor their sum leave the safe range, nothing was rounded.
			if (Number.isSafeInteger(scaled) && Number.isSafeInteger(sum)) {
				this.#small = sum;
				return;
			}
		}
		this.#large += BigInt(units) * powerOfTen(this.#scale - scale);
	}

	get value(): Decimal {
		return {units: this.#large + BigInt(this.#small), scale: this.#scale};
	}
}
