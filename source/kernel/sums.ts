// Sums of the kernel, and those that do not fit in its 128 bits.

/** As in assembly/sums.ts. */
const HIGH = 8;

/** `units` × 10^-`scale`. */
export interface Sum {
	readonly units: bigint;
	readonly scale: number;
}

/** Reads a sum as assembly/sums.ts has it. Most fit in their lower half, and then one bigint is enough. */
export function readSum(view: DataView, sum: number): bigint {
	const sign = view.getInt32(sum + 4, true) >> 31;
	const low = view.getBigInt64(sum, true);
	if (view.getInt32(sum + HIGH, true) === sign && view.getInt32(sum + HIGH + 4, true) === sign) return low;
	return (view.getBigInt64(sum + HIGH, true) << 64n) | BigInt.asUintN(64, low);
}

/** Sums and amounts that are larger than the kernel's integers, by the name of their group. */
export class HugeSums {
	readonly #sums = new Map<string, Sum>();
	#areJoined = false;

	clear(): void {
		if (this.#sums.size > 0) this.#sums.clear();
		this.#areJoined = false;
	}

	/** Makes one sum of all, that of the empty name, to which all is added from here on. */
	join(): void {
		const sums = Array.from(this.#sums.values());
		this.#sums.clear();
		this.#areJoined = true;
		for (const {units, scale} of sums) this.add('', units, scale);
	}

	add(groupName: string, units: bigint, scale: number): void {
		const name = this.#areJoined ? '' : groupName;
		const sum = this.#sums.get(name);
		this.#sums.set(name, sum === undefined ? {units, scale} : addUnits(sum, {units, scale}));
	}

	/** @param text - A decimal number, valid, perhaps with spaces around it. */
	addText(name: string, text: string): void {
		const trimmed = text.trim();
		const unsigned = trimmed.replace(/^[+-]/, '');
		const [whole = '', decimals = ''] = unsigned.split('.');
		const magnitude = BigInt(whole + decimals);
		this.add(name, trimmed.startsWith('-') ? -magnitude : magnitude, decimals.length);
	}

	addTo(own: Sum, name: string): Sum {
		const huge = this.#sums.get(name);
		return huge === undefined ? own : addUnits(own, huge);
	}

	get isEmpty(): boolean {
		return this.#sums.size === 0;
	}

	of(name: string): Sum | undefined {
		return this.#sums.get(name);
	}
}

function addUnits(left: Sum, right: Sum): Sum {
	const scale = Math.max(left.scale, right.scale);
	const units = left.units * 10n ** BigInt(scale - left.scale) + right.units * 10n ** BigInt(scale - right.scale);
	return {units, scale};
}
