// Which files a list shows, and in which order. Without a filter or a sort this is the state's own table, so a list of
// 100,000 files costs nothing. Otherwise each sort starts from the previous order, because sorting a nearly sorted list
// takes one pass.
import {type Filter, matchesFilter} from './filter.ts';
import {noRecordOf} from './no-record.ts';
import {selectFileBytesPerSecond, selectFileRemainingMs} from './selectors.ts';
import type {FileState, FileStatus, RunState} from './state.ts';
import {analysisOf} from './tally.ts';

export const SORT_KEYS = [
	'name',
	'status',
	'progress',
	'analysis',
	'size',
	'rows',
	'rejected',
	'attempts',
	'speed',
	'eta',
	'time',
] as const;
export type SortKey = (typeof SORT_KEYS)[number];

export interface Sort {
	readonly key: SortKey;
	readonly isDescending: boolean;
}

/**
The initial direction of a column: the largest figures first, but names, states, analyses and remaining times from the smallest.
*/
export const firstDirection = (key: SortKey): boolean => !['name', 'status', 'analysis', 'eta'].includes(key);

/** By name, in byte order, which is the order of the plan. */
export const PLAN_ORDER: Sort = {key: 'name', isDescending: false};

/**
Files in an order. An array is one; a sorted list looks its files up one by one, because only a few are on the screen.
*/
export interface FileList {
	readonly length: number;
	readonly at: (index: number) => FileState | undefined;
	readonly slice: (start?: number, end?: number) => readonly FileState[];
}

export interface Arrangement {
	readonly files: FileList;
	/** The index of a file in the list; −1 where it is not shown. */
	readonly indexOf: (file: string) => number;
}

/** Files that need attention come first. */
const STATUS_ORDER: Readonly<Record<FileStatus, number>> = {
	running: 0,
	retrying: 1,
	failed: 2,
	cancelled: 4,
	queued: 5,
	completed: 6,
	skipped: 7,
};
/** Completed files without an accepted record. */
const NO_RECORD_ORDER = 3;

export type Arrange = (state: RunState, filter: Filter | null, sort: Sort) => Arrangement;

/** A list longer than this is sorted and filtered at most once in this time, because each pass visits every file. */
const LARGE_TABLE = 2000;
const LARGE_TABLE_SPACING_MS = 1000;

/** Returns the same object as long as nothing has changed. */
export function createArrange(): Arrange {
	let last: {state: RunState; filter: Filter | null; sort: Sort; result: Arrangement} | null = null;
	/** Indexes in the state's table, in the order of `sort`. */
	let order: number[] = [];
	/** Those of them that are shown, and when they were chosen, in the run's time. */
	let shown: Shown | null = null;
	return (state, filter, sort) => {
		if (last?.state === state && last.filter === filter && last.sort === sort) return last.result;
		const {files, elapsedMs} = state;
		const isPlanOrder = sort.key === PLAN_ORDER.key && !sort.isDescending;
		const isSameQuestion =
			last?.sort === sort &&
			last.filter === filter &&
			last.state.files.length === files.length &&
			last.state.phase === state.phase;
		const isRecent =
			shown !== null && elapsedMs >= shown.chosenAtMs && elapsedMs - shown.chosenAtMs < LARGE_TABLE_SPACING_MS;
		if (filter === null && isPlanOrder) {
			shown = null;
			last = {state, filter, sort, result: wholeTable(state)};
			return last.result;
		}
		if (shown === null || !(isSameQuestion && isRecent && files.length > LARGE_TABLE)) {
			if (last?.sort !== sort || order.length !== files.length) order = files.map((_, index) => index);
			if (!isPlanOrder) sortPlaces(order, state, sort);
			shown = choose(order, files, filter, elapsedMs);
		}
		last = {state, filter, sort, result: show(shown, files)};
		return last.result;
	};
}

interface Shown {
	readonly places: readonly number[];
	readonly chosenAtMs: number;
	readonly indexOf: Arrangement['indexOf'];
}

const wholeTable = ({files, indexByFile}: RunState): Arrangement => ({
	files,
	// The map may contain files of later states.
	indexOf(file) {
		const index = indexByFile.get(file) ?? -1;
		return index < files.length ? index : -1;
	},
});

function choose(
	order: readonly number[],
	table: readonly FileState[],
	filter: Filter | null,
	chosenAtMs: number,
): Shown {
	const places = order.filter(place => {
		const file = table[place];
		return file !== undefined && (filter === null || matchesFilter(filter, file));
	});
	let indexes: Map<string, number> | undefined;
	return {
		places,
		chosenAtMs,
		indexOf(name) {
			// Built on first use: a list that only follows the run never needs it.
			indexes ??= new Map(places.map((place, index) => [table[place]?.file ?? '', index]));
			return indexes.get(name) ?? -1;
		},
	};
}

/** The chosen files with their current state: indexes stay valid while the table has the same length. */
const show = ({places, indexOf}: Shown, table: readonly FileState[]): Arrangement => ({
	files: {
		length: places.length,
		at: index => table[places.at(index) ?? -1],
		slice: (start, end) => places.slice(start, end).map(place => table[place] as FileState),
	},
	indexOf,
});

/** Unknown figures come last in both directions; equal ones stay in the order of the plan. */
function sortPlaces(order: number[], {files, elapsedMs, tally}: RunState, {key, isDescending}: Sort): void {
	const sign = isDescending ? -1 : 1;
	if (key === 'name') {
		order.sort((left, right) => sign * (left - right));
		return;
	}
	const values = files.map(file =>
		key === 'analysis' ? placeOf(analysisOf(file), tally.analyses) : figureForSort(file, key, elapsedMs),
	);
	order.sort((left, right) => {
		const [a, b] = [values[left], values[right]];
		if (a === b) return left - right;
		if (a === undefined) return 1;
		if (b === undefined) return -1;
		return sign * (a - b);
	});
}

const placeOf = (name: string | null, names: readonly string[]): number | undefined =>
	name === null ? undefined : names.indexOf(name);

function figureForSort(file: FileState, key: Exclude<SortKey, 'name' | 'analysis'>, nowMs: number): number | undefined {
	switch (key) {
		case 'status':
			return noRecordOf(file.report) === null ? STATUS_ORDER[file.status] : NO_RECORD_ORDER;
		case 'progress':
			if (file.status === 'completed') return 1;
			return file.bytesTotal === null ? undefined : file.bytesTotal === 0 ? 0 : file.bytesRead / file.bytesTotal;
		case 'size':
			return file.bytesTotal ?? undefined;
		case 'rows':
			return file.startedAtMs === null ? undefined : file.rows;
		case 'rejected':
			return file.startedAtMs === null ? undefined : file.rejectedRows;
		case 'attempts':
			return file.attempt;
		case 'speed':
			return selectFileBytesPerSecond(file, nowMs);
		case 'eta':
			return selectFileRemainingMs(file, nowMs);
		case 'time':
			if (file.startedAtMs === null) return undefined;
			return (file.endedAtMs ?? nowMs) - file.startedAtMs;
	}
}
