// Reads the kernel's table of groups.
import type {KernelExports} from './exports.ts';
import {type HugeSums, readSum, type Sum} from './sums.ts';

export interface GroupFigures {
	count: number;
	amount: Sum;
}

/** As in assembly/groups.ts. */
const COUNT = 24;
const SUM = 32;
const LONG_KEY_TAG = 0xff;

/** The groups by name, one character per byte. */
export function readGroups(kernel: KernelExports, hugeSums: HugeSums): Map<string, GroupFigures> {
	const groups = new Map<string, GroupFigures>();
	const scale = kernel.scaleOfSums();
	const {slots, view, nameOf} = lookAtGroups(kernel);
	for (const slot of slots) {
		const count = view.getUint32(slot + COUNT, true) + view.getUint32(slot + COUNT + 4, true) * 2 ** 32;
		// Of other files of a series.
		if (count === 0) continue;
		const name = nameOf(slot);
		groups.set(name, {count, amount: hugeSums.addTo({units: readSum(view, slot + SUM), scale}, name)});
	}
	return groups;
}

interface GroupTable {
	/** Where each group is, those without a record included. */
	readonly slots: Uint32Array;
	readonly view: DataView;
	readonly nameOf: (slot: number) => string;
}

/** For as long as nothing is allocated. */
export function lookAtGroups(kernel: KernelExports): GroupTable {
	const {buffer} = kernel.memory;
	const slots = new Uint32Array(buffer, kernel.groupList(), kernel.countGroups());
	const view = new DataView(buffer);
	const memory = Buffer.from(buffer);
	return {
		slots,
		view,
		nameOf(slot) {
			const lastWord = view.getUint32(slot + 12, true);
			const tag = lastWord >>> 24;
			const isLong = tag === LONG_KEY_TAG;
			const start = isLong ? view.getUint32(slot + 8, true) : slot;
			return memory.toString('latin1', start, start + (isLong ? lastWord & 0xff_ffff : tag - 1));
		},
	};
}
