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

/** The same with at least this number of decimals. */
export const withScale = (value: Decimal, scale: number): Decimal =>
	value.scale >= scale ? value : {units: value.units * powerOfTen(scale - value.scale), scale};

/** Adds exactly; the sum has the larger scale of the two. */
export function addDecimals(left: Decimal, right: Decimal): Decimal {
	const scale = Math.max(left.scale, right.scale);
	return {units: withScale(left, scale).units + withScale(right, scale).units, scale};
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
