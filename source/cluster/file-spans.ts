// How a large file is cut for workers: into spans of ranges, each as much as one worker reads at a time.
import type {FileSpan, WorkerTask} from '../engine/backend/job-backend.ts';
import {isForRanges} from '../engine/pool/split-rules.ts';
import {RANGE_BYTES} from '../engine/shared/range-board.ts';
import type {SplitCheckpoint} from '../engine/shared/split-checkpoint.ts';
import {MAX_RANGES} from './messages.ts';

/** 64 MiB: a second of a slow store, so that what each part costs beside its reading does not count. */
const RANGES_OF_PART = 8;
/** Of larger files they are larger. As many threads may read one file. */
const MAX_PARTS = 4096;
const SMALLEST_CUT_BYTES = 2 * RANGES_OF_PART * RANGE_BYTES;
const MIB = 1024 * 1024;
export const mayBeCut = (task: WorkerTask): boolean =>
	isForRanges(task) && (task.bytesTotal ?? 0) >= Math.max(1, task.settings.splitBytes ?? SMALLEST_CUT_BYTES);

/**
Parts of a file, in its order.

@param isRead - Of ranges that are in none, because they were read before.
*/
export function cutFile(
	fileBytes: number,
	rangeBytes: number,
	isRead: (range: number) => boolean = () => false,
): readonly FileSpan[] {
	const count = Math.max(1, Math.ceil(fileBytes / rangeBytes));
	const length = Math.max(RANGES_OF_PART, Math.ceil(count / MAX_PARTS));
	const spans: FileSpan[] = [];
	for (let first = 0; first < count; ) {
		let end = first;
		while (end < count && end - first < length && !isRead(end)) end++;
		if (end > first) spans.push({fileBytes, rangeBytes, first, end});
		first = end > first ? end : end + 1;
	}
	return spans;
}

const rangeBytesOf = (fileBytes: number, {rangeBytes = RANGE_BYTES}: WorkerTask['settings']): number =>
	fileBytes / rangeBytes <= MAX_RANGES ? rangeBytes : Math.ceil(fileBytes / MAX_RANGES / MIB) * MIB;

export interface Beginning {
	/** What was read before; `null`: nothing. */
	readonly from: SplitCheckpoint | null;
	/** The others, one at least. */
	readonly spans: readonly FileSpan[];
}

/** What is still to be read of a file. */
export function beginningOf({checkpoints, settings}: WorkerTask, fileBytes: number): Beginning {
	const from = checkpoints?.from ?? null;
	if (from !== null && from.fileBytes === fileBytes && fileBytes / from.rangeBytes <= MAX_RANGES) {
		const read = new Set(from.ranges.map(({range}) => range));
		const spans = cutFile(fileBytes, from.rangeBytes, range => read.has(range));
		if (spans.length > 0) return {from, spans};
	}
	return {from: null, spans: cutFile(fileBytes, rangeBytesOf(fileBytes, settings))};
}
