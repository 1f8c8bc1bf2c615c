// Reads the kernel's table of groups; keeps the sums that do not fit in its 128 bits.
import type {KernelExports} from './exports.ts';

/** A sum is `units` × 10^-`scale`. */
export interface GroupFigures {
	count: number;
	amount: {readonly units: bigint; readonly scale: number};
}

/** As in assembly/groups.ts. */
const SLOT_BYTES = 48;
const LOW = 24;
const HIGH = 32;
const COUNT = 40;
const LONG_KEY_TAG = 0xff;

/** The groups by name, one character per byte. */
export function readGroups(kernel: KernelExports, bytes: Uint8Array, hugeSums: HugeSums): Map<string, GroupFigures> {
	const groups = new Map<string, GroupFigures>();
	const scale = kernel.scaleOfSums();
	const memory = Buffer.from(bytes.buffer);
	const view = new DataView(bytes.buffer);
	const end = kernel.groupTableEnd();
	for (let slot = kernel.groupTable(); slot < end; slot += SLOT_BYTES) {
		const lastWord = view.getUint32(slot + 12, true);
		if (lastWord === 0) continue;
		const tag = lastWord >>> 24;
		const isLong = tag === LONG_KEY_TAG;
		const nameStart = isLong ? view.getUint32(slot + 8, true) : slot;
		const name = memory.toString('latin1', nameStart, nameStart + (isLong ? lastWord & 0xff_ffff : tag - 1));
		const count = view.getUint32(slot + COUNT, true) + view.getUint32(slot + COUNT + 4, true) * 2 ** 32;
		const own = {units: readSum(view, slot), scale};
		groups.set(name, {count, amount: hugeSums.addTo(own, name)});
	}
	return groups;
}

/** Most sums fit in their lower half, and then one bigint is enough. */
function readSum(view: DataView, slot: number): bigint {
	const sign = view.getInt32(slot + LOW + 4, true) >> 31;
	const low = view.getBigInt64(slot + LOW, true);
	if (view.getInt32(slot + HIGH, true) === sign && view.getInt32(slot + HIGH + 4, true) === sign) return low;
	return (view.getBigInt64(slot + HIGH, true) << 64n) | BigInt.asUintN(64, low);
}

/** Sums and amounts that are larger than the kernel's integers, by the name of their group. */
export class HugeSums {
	readonly #sums = new Map<string, GroupFigures['amount']>();

	clear(): void {
		if (this.#sums.size > 0) this.#sums.clear();
	}

	add(name: string, units: bigint, scale: number): void {
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

	addTo(own: GroupFigures['amount'], name: string): GroupFigures['amount'] {
		const huge = this.#sums.get(name);
		return huge === undefined ? own : addUnits(own, huge);
	}
}

function addUnits(left: GroupFigures['amount'], right: GroupFigures['amount']): GroupFigures['amount'] {
	const scale = Math.max(left.scale, right.scale);
	const units = left.units * 10n ** BigInt(scale - left.scale) + right.units * 10n ** BigInt(scale - right.scale);
	return {units, scale};
}
