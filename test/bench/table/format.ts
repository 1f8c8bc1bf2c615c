import {type Entry, speedOf} from '../measure/contest.ts';
import type {Spread} from '../measure/statistics.ts';

export const formatSpeed = (entry: Entry): string => `${Math.round(speedOf(entry)).toLocaleString('en')} MB/s`;
export const formatRatio = ({median: middle, least, most}: Spread): string =>
	`**${formatFactor(middle)} ×** (${formatFactor(least)}–${formatFactor(most)})`;
export const formatFactor = (value: number): string => (value < 1 ? value.toFixed(2) : value.toFixed(1));
export const formatMemory = (bytes: number | null): string =>
	bytes === null ? '–' : `${Math.round(bytes / 1e6).toLocaleString('en')} MB`;
export const formatBytes = (bytes: number): string =>
	bytes < 1e6 ? `${Math.round(bytes / 1e3)} KB` : `${Math.round(bytes / 1e6).toLocaleString('en')} MB`;
export const formatMs = (value: number): string =>
	value < 10_000 ? `${Math.round(value).toLocaleString('en')} ms` : `${(value / 1000).toFixed(1)} s`;
/** Of several: the unit once, at the end. */
export const formatPeaks = (peaks: ReadonlyArray<number | null>): string =>
	peaks
		.map((bytes, index) => (index < peaks.length - 1 ? formatMemory(bytes).replace(' MB', '') : formatMemory(bytes)))
		.join(' / ');
export const formatThreads = (count: number): string => `${count} thread${count === 1 ? '' : 's'}`;
