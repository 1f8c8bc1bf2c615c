// The most frequent values of a text: exact up to a number of different values, and past it estimates from a sample of the records.
// Whether they are exact depends on the values alone.
import {
	createSample,
	mapSample,
	mergeSample,
	type PositionSample,
	type SampleCaps,
	settleSample,
} from './position-sample.ts';
import type {ToUtf8} from './text-encoding.ts';

export interface TopCaps {
	/** Most different values that are counted, and most bytes of them together. */
	readonly maxValues: number;
	readonly maxBytes: number;
	readonly sample: SampleCaps;
}

/** Other ones are for tests. */
export const defaultTopCaps: TopCaps = {
	maxValues: 16_384,
	maxBytes: 1024 * 1024,
	sample: {maxEntries: 4096, maxBytes: 1024 * 1024, maxTextBytes: 4096},
};

export interface TopValues {
	readonly caps: TopCaps;
	/** How many records have a value: one that is not empty. */
	records: number;
	/** How often each value is there, one character per byte; `null` where there are too many. */
	counts: Map<string, number> | null;
	/** Of the values that are counted. */
	bytes: number;
	/** Of all records with a value, also while they are counted: others may be merged that are not. */
	sample: PositionSample;
}

export const createTopValues = (caps: TopCaps): TopValues => ({
	caps,
	records: 0,
	counts: new Map(),
	bytes: 0,
	sample: createSample(caps.sample),
});

/** Counts a value `count` times more; records and sample are left as they are. */
export function addCount(target: TopValues, value: string, count: number): void {
	const {counts, caps} = target;
	if (counts === null) return;
	const known = counts.get(value);
	counts.set(value, (known ?? 0) + count);
	if (known !== undefined) return;
	target.bytes += value.length;
	if (counts.size > caps.maxValues || target.bytes > caps.maxBytes) giveUpCounts(target);
}

export function giveUpCounts(values: TopValues): void {
	values.counts = null;
	values.bytes = 0;
}

/** Merges `source` into `target`; `source` is left as it is. */
export function mergeTopValues(target: TopValues, source: TopValues): void {
	target.records += source.records;
	mergeSample(target.sample, source.sample);
	if (source.counts === null) giveUpCounts(target);
	else for (const [value, count] of source.counts) addCount(target, value, count);
}

/** The values of a source in another encoding in UTF-8. The source is left as it is. */
export function topValuesInUtf8(source: TopValues, toUtf8: ToUtf8): TopValues {
	const target = {...createTopValues(source.caps), records: source.records};
	if (source.counts === null) giveUpCounts(target);
	else for (const [value, count] of source.counts) addCount(target, toUtf8(value), count);
	target.sample = mapSample(source.sample, toUtf8);
	return target;
}

export interface TopValue {
	/** One character per byte. */
	readonly value: string;
	readonly count: number;
	/** Otherwise the count is an estimate. */
	readonly exact: boolean;
}

/** The most frequent values, equally frequent ones by their bytes. */
export function rankTopValues(values: TopValues, limit = Number.POSITIVE_INFINITY): TopValue[] {
	const exact = values.counts !== null;
	const counts = values.counts ?? countSample(values);
	const counted = Array.from(counts.values()).reduce((sum, count) => sum + count, 0);
	return Array.from(counts, ([value, count]) => ({value, count}))
		.sort((one, other) => other.count - one.count || (one.value < other.value ? -1 : 1))
		.slice(0, limit)
		.map(({value, count}) => ({value, count: exact ? count : Math.round((count / counted) * values.records), exact}));
}

function countSample({sample}: TopValues): Map<string, number> {
	settleSample(sample);
	const counts = new Map<string, number>();
	for (const {text, count} of sample.entries) counts.set(text, (counts.get(text) ?? 0) + count);
	return counts;
}
