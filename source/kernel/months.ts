// Reads the kernel's table of months.
import type {KernelExports} from './exports.ts';
import {type HugeSums, readSum, type Sum} from './sums.ts';

/** As in assembly/months.ts. */
const SLOT_BYTES = 24;
const COUNT = 16;

/** The name of a month that the kernel knows by its number: twelve times the year, and the month from 0 on. */
export const monthName = (month: number): string =>
	`${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}`;

/** The sum of each month with a record, `YYYY-MM`, in order; none unless it was told to keep them. */
export function readMonths(kernel: KernelExports, bytes: Uint8Array, hugeSums: HugeSums): Map<string, Sum> {
	const months = new Map<string, Sum>();
	const scale = kernel.scaleOfSums();
	const view = new DataView(bytes.buffer);
	const table = kernel.monthTable();
	const end = kernel.monthTableEnd();
	for (let slot = table; slot < end; slot += SLOT_BYTES) {
		if (view.getBigUint64(slot + COUNT, true) === 0n) continue;
		const name = monthName((slot - table) / SLOT_BYTES);
		months.set(name, hugeSums.addTo({units: readSum(view, slot), scale}, name));
	}
	return months;
}
