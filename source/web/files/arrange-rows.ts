// Which rows the list shows, and in which order: by the terms of the terminal's filter.
import {type Filter, matchesFilter} from '../../store/filter.ts';
import type {FileStatus as RunStatus} from '../../store/state.ts';
import type {FileRow, FileStatus} from './file-rows.ts';

export const SORT_KEYS = ['name', 'status', 'size', 'rows', 'rejected', 'received'] as const;
export type SortKey = (typeof SORT_KEYS)[number];

export interface Sort {
	readonly key: SortKey;
	readonly isDescending: boolean;
}

/** The newest first. */
export const DEFAULT_SORT: Sort = {key: 'received', isDescending: true};

const STATUSES = {
	STORED: null,
	QUEUED: 'queued',
	PROCESSING: 'running',
	COMPLETED: 'completed',
	FAILED: 'failed',
	CANCELLED: 'cancelled',
} as const satisfies Record<FileStatus, RunStatus | null>;

/** What needs attention stands in front. */
const STATUS_ORDER: Readonly<Record<FileStatus, number>> = {
	...{PROCESSING: 0, FAILED: 1, CANCELLED: 2, QUEUED: 3, STORED: 4, COMPLETED: 5},
};

/** Whether a filter asks for what only the server knows: what is in results. */
export const needsResults = ({terms}: Filter): boolean =>
	terms.some(
		({test}) =>
			test.type === 'analysis' ||
			(test.type === 'status' &&
				test.statuses.some(status => ['done', 'rejected', 'header-only', 'empty'].includes(status))),
	);

/** @param known - The ids that the server has found, where the filter asks for more than is known here. */
export function matchesRow(filter: Filter, row: FileRow, known: ReadonlySet<string> | null): boolean {
	if (known !== null) return known.has(row.id);
	return matchesFilter(filter, {
		...{file: row.name, status: STATUSES[row.status], isPaused: row.isPaused, bytesTotal: row.bytes},
		...{rows: row.rows ?? 0, rejectedRows: row.rejectedRows ?? 0, attempt: row.attempts, report: null},
	});
}

const names = new Intl.Collator('en', {numeric: true});

/** Unknown figures come last either way; equal ones in the order in which they came. */
export function sortRows(rows: FileRow[], {key, isDescending}: Sort): FileRow[] {
	const sign = isDescending ? -1 : 1;
	if (key === 'name') return rows.sort((one, other) => sign * names.compare(one.name, other.name));
	const figureOf = FIGURES[key];
	return rows.sort((one, other) => {
		const [a, b] = [figureOf(one), figureOf(other)];
		if (a === b) return sign * (one.receivedAt - other.receivedAt);
		if (a === null) return 1;
		if (b === null) return -1;
		return sign * (a - b);
	});
}

const FIGURES: Readonly<Record<Exclude<SortKey, 'name'>, (row: FileRow) => number | null>> = {
	status: row => STATUS_ORDER[row.status],
	size: row => row.bytes,
	rows: row => row.rows,
	rejected: row => row.rejectedRows,
	received: row => row.receivedAt,
};

/** As it stands in the address: `-size`. */
export function readSort(text: string | null): Sort {
	const key = SORT_KEYS.find(each => each === text?.replace(/^-/, ''));
	return key === undefined ? DEFAULT_SORT : {key, isDescending: text?.startsWith('-') === true};
}

export const writeSort = ({key, isDescending}: Sort): string => (isDescending ? `-${key}` : key);

/** Names and states from the first on, figures from the largest on. */
export const firstDirection = (key: SortKey): boolean => key !== 'name' && key !== 'status';
