// Which files a list shows, and in which order. As long as nobody filters or sorts, that is the state's own table: a list
// of 100,000 files then costs nothing. Otherwise the order of the last time is the start of the next one, because sorting
// what is nearly sorted takes one pass.
import {type Filter, matchesFilter} from './filter.ts';
import {selectFileBytesPerSecond, selectFileRemainingMs} from './selectors.ts';
import type {FileState, FileStatus, RunState} from './state.ts';

export const SORT_KEYS = [
	'name',
	'status',
	'progress',
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

/** Whether a column that is newly sorted by descends: of figures the largest are looked for, of names, states and times to wait the first. */
export const firstDirection = (key: SortKey): boolean => key !== 'name' && key !== 'status' && key !== 'eta';

/** By name, in byte order: as the plan has them. */
export const PLAN_ORDER: Sort = {key: 'name', isDescending: false};

export interface Arrangement {
	readonly files: readonly FileState[];
	/** Where a file stands in the list; −1 where it is not shown. */
	readonly indexOf: (file: string) => number;
}

/** What wants attention comes first. */
const STATUS_ORDER: Readonly<Record<FileStatus, number>> = {
	running: 0,
	retrying: 1,
	failed: 2,
	cancelled: 3,
	queued: 4,
	completed: 5,
	skipped: 6,
};

export type Arrange = (state: RunState, filter: Filter | null, sort: Sort) => Arrangement;

/** Arranges a run's files again and again; the result is the same object as long as nothing has changed. */
export function createArrange(): Arrange {
	let last: {state: RunState; filter: Filter | null; sort: Sort; result: Arrangement} | null = null;
	/** Places in the state's table, in the order of `sort`. */
	let order: number[] = [];
	return (state, filter, sort) => {
		if (last?.state === state && last.filter === filter && last.sort === sort) return last.result;
		const isPlanOrder = sort.key === PLAN_ORDER.key && !sort.isDescending;
		if (last?.sort !== sort || order.length !== state.files.length) order = state.files.map((_, index) => index);
		if (!isPlanOrder) sortPlaces(order, state, sort);
		const result = filter === null && isPlanOrder ? wholeTable(state) : pick(order, state.files, filter);
		last = {state, filter, sort, result};
		return result;
	};
}

const wholeTable = ({files, indexByFile}: RunState): Arrangement => ({
	files,
	// The map may know files that are not in this state yet.
	indexOf(file) {
		const index = indexByFile.get(file) ?? -1;
		return index < files.length ? index : -1;
	},
});

function pick(order: readonly number[], table: readonly FileState[], filter: Filter | null): Arrangement {
	const files: FileState[] = [];
	for (const place of order) {
		const file = table[place];
		if (file !== undefined && (filter === null || matchesFilter(filter, file))) files.push(file);
	}
	let indexes: Map<string, number> | undefined;
	return {
		files,
		indexOf(name) {
			// Made when it is asked for, once: a list that only follows never asks.
			indexes ??= new Map(files.map(({file}, index) => [file, index]));
			return indexes.get(name) ?? -1;
		},
	};
}

/** What is not known comes last, whatever the direction; equal ones stay in the order of the plan. */
function sortPlaces(order: number[], {files, elapsedMs}: RunState, {key, isDescending}: Sort): void {
	const sign = isDescending ? -1 : 1;
	if (key === 'name') {
		order.sort((left, right) => sign * (left - right));
		return;
	}
	const values = files.map(file => figureForSort(file, key, elapsedMs));
	order.sort((left, right) => {
		const [a, b] = [values[left], values[right]];
		if (a === b) return left - right;
		if (a === undefined) return 1;
		if (b === undefined) return -1;
		return sign * (a - b);
	});
}

function figureForSort(file: FileState, key: Exclude<SortKey, 'name'>, nowMs: number): number | undefined {
	switch (key) {
		case 'status':
			return STATUS_ORDER[file.status];
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
