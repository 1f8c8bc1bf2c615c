// Sums of the kernel, and those that do not fit in its 128 bits.
import {addDecimals, type Decimal, zeroDecimal} from '../analysis/decimal.ts';
import {type Extremes, joinExtremes} from '../analysis/extremes.ts';

/** As in assembly/sums.ts. */
const HIGH = 8;

/** Reads a sum as assembly/sums.ts has it. Most fit in their lower half, and then one bigint is enough. */
export function readSum(view: DataView, sum: number): bigint {
	const sign = view.getInt32(sum + 4, true) >> 31;
	const low = view.getBigInt64(sum, true);
	if (view.getInt32(sum + HIGH, true) === sign && view.getInt32(sum + HIGH + 4, true) === sign) return low;
	return (view.getBigInt64(sum + HIGH, true) << 64n) | BigInt.asUintN(64, low);
}

/** Sums and numbers that are larger than the kernel's integers, by the number of their summand and the key of their group. */
export class HugeSums {
	readonly #sums = new Map<number, Map<string, Decimal>>();
	readonly #extremes = new Map<number, Map<string, Extremes>>();

	clear(): void {
		if (this.isEmpty) return;
		this.#sums.clear();
		this.#extremes.clear();
	}

	/** @param key - Empty for a sum over all records. */
	add(summand: number, key: string, more: Decimal): void {
		const sums = mapOf(this.#sums, summand);
		const sum = sums.get(key);
		sums.set(key, sum === undefined ? more : addDecimals(sum, more));
	}

	/** The same of the smallest and the largest number. */
	extend(summand: number, key: string, more: Extremes): void {
		const all = mapOf(this.#extremes, summand);
		all.set(key, joinExtremes(all.get(key) ?? null, more) ?? more);
	}

	get isEmpty(): boolean {
		return this.#sums.size === 0 && this.#extremes.size === 0;
	}

	extremesOf(summand: number, key: string): Extremes | undefined {
		return this.#extremes.get(summand)?.get(key);
	}

	of(summand: number, key: string): Decimal | undefined {
		return this.#sums.get(summand)?.get(key);
	}
}

function mapOf<Value>(maps: Map<number, Map<string, Value>>, summand: number): Map<string, Value> {
	const known = maps.get(summand) ?? new Map<string, Value>();
	maps.set(summand, known);
	return known;
}

/** Units are of the scale of the value; a sum of its own may have fewer decimals, for all that it was made of has. */
export const withOwnScale = (units: bigint, scale: number, ownScale: number): Decimal => ({
	units: scale === ownScale ? units : units / 10n ** BigInt(scale - ownScale),
	scale: ownScale,
});

/** @param text - A decimal number, valid, perhaps with spaces around it. */
export function parseDecimal(text: string): Decimal {
	const trimmed = text.trim();
	const unsigned = trimmed.replace(/^[+-]/, '');
	const [whole = '', decimals = ''] = unsigned.split('.');
	const magnitude = BigInt(whole + decimals);
	return {units: trimmed.startsWith('-') ? -magnitude : magnitude, scale: decimals.length};
}

const multiply = (left: Decimal, right: Decimal): Decimal => ({
	units: left.units * right.units,
	scale: left.scale + right.scale,
});

/** 64 of them. Nothing that leaves the process depends on them, so they need not be those of `crypto`, which takes 3 ms to be loaded. */
export function randomBits(): bigint {
	const half = (): bigint => BigInt(Math.floor(Math.random() * 2 ** 32));
	return joinHalves(half(), half());
}

export const joinHalves = (high: bigint, low: bigint): bigint => (high << 64n) | BigInt.asUintN(64, low);

/** Of two decimal texts the product, where the second one is not empty, or the difference, of which one that is not there is empty. */
export function valueOfPair(left: string, right: string, isDifference: boolean): Decimal {
	if (!isDifference) return right === '' ? parseDecimal(left) : multiply(parseDecimal(left), parseDecimal(right));
	const plus = left === '' ? zeroDecimal : parseDecimal(left);
	if (right === '') return plus;
	const {units, scale} = parseDecimal(right);
	return addDecimals(plus, {units: -units, scale});
}
