// Reads the kernel's table of groups.
import type {KernelExports} from './exports.ts';
import {type HugeSums, readSum, type Sum} from './sums.ts';

export interface GroupFigures {
	count: number;
	amount: Sum;
}

/** As in assembly/groups.ts. */
const SLOT_BYTES = 64;
const COUNT = 24;
const SUM = 32;
const LONG_KEY_TAG = 0xff;

/** The groups by name, one character per byte. */
export function readGroups(kernel: KernelExports, bytes: Uint8Array, hugeSums: HugeSums): Map<string, GroupFigures> {
	const groups = new Map<string, GroupFigures>();
	const scale = kernel.scaleOfSums();
	const view = new DataView(bytes.buffer);
	for (const {slot, name} of readNames(kernel, bytes)) {
		const count = view.getUint32(slot + COUNT, true) + view.getUint32(slot + COUNT + 4, true) * 2 ** 32;
		// Of other files of a series.
		if (count === 0) continue;
		const own = {units: readSum(view, slot + SUM), scale};
		groups.set(name, {count, amount: hugeSums.addTo(own, name)});
	}
	return groups;
}

/** All slots with a group, and its name. */
export function* readNames(kernel: KernelExports, bytes: Uint8Array): Generator<{slot: number; name: string}, void> {
	const memory = Buffer.from(bytes.buffer);
	const view = new DataView(bytes.buffer);
	const end = kernel.groupTableEnd();
	for (let slot = kernel.groupTable(); slot < end; slot += SLOT_BYTES) {
		const lastWord = view.getUint32(slot + 12, true);
		if (lastWord === 0) continue;
		const tag = lastWord >>> 24;
		const isLong = tag === LONG_KEY_TAG;
		const nameStart = isLong ? view.getUint32(slot + 8, true) : slot;
		yield {slot, name: memory.toString('latin1', nameStart, nameStart + (isLong ? lastWord & 0xff_ffff : tag - 1))};
	}
}
