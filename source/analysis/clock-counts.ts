// How many records each hour or weekday has, from groups by their keys: `00` to `23`, or `1` for Monday to `7` for Sunday.
import type {ClockPart} from './declaration.ts';

const sizes = {hour: {count: 24, first: 0}, weekday: {count: 7, first: 1}} as const satisfies Record<ClockPart, object>;

/** @param keys - The key of each group, empty without a time, and its records. */
export function countsOfKeys(part: ClockPart, keys: Iterable<readonly [string, number]>): number[] {
	const {count, first} = sizes[part];
	const counts = Array.from({length: count}, () => 0);
	for (const [key, records] of keys) if (key !== '') counts[Number(key) - first] = records;
	return counts;
}

/** The hour with the most records, the earliest of equal ones; `null` where there are no records. */
export function findBusiest(counts: readonly number[]): {readonly hour: number; readonly records: number} | null {
	const records = Math.max(...counts);
	return records > 0 ? {hour: counts.indexOf(records), records} : null;
}
