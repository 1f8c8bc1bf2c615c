// Which files are read in ranges, and how large these are.
import {linesAnalysisOf} from '../../analysis/registry.ts';
import type {WorkerTask} from '../backend/job-backend.ts';
import {RANGE_BYTES, SMALLEST_SPLIT_BYTES} from '../shared/range-board.ts';
import {readsAsIs} from '../shared/reads-as-is.ts';
import {hasRanges} from '../shared/source-location.ts';

/**
Whether it is worth it, and can be: simulated waits count records from the first one on. Ranges are also what checkpoints are made of, for
which one thread is enough.
*/
export const canSplit = (task: WorkerTask, threadLimit: number): boolean => {
	const {settings, bytesTotal, checkpoints} = task;
	const smallest = checkpoints === undefined ? SMALLEST_SPLIT_BYTES : 2 * SMALLEST_RANGE_BYTES;
	return (
		(threadLimit > 1 || checkpoints !== undefined) &&
		(settings.simulateIoMs === 0 || checkpoints !== undefined) &&
		isForRanges(task) &&
		(bytesTotal ?? 0) >= (settings.splitBytes ?? smallest)
	);
};

/** Whether it may be read in ranges, however large it is: lines are read by one thread. */
export const isForRanges = ({source, settings}: WorkerTask): boolean =>
	hasRanges(source) &&
	settings.hashesOnly !== true &&
	settings.reader === 'kernel' &&
	settings.headBytes === undefined &&
	linesAnalysisOf(settings.analysis) === null &&
	settings.userPattern === undefined &&
	// Text that is turned into UTF-8 is read by one thread.
	(settings.encoding === undefined || settings.encoding === 'utf-8' || readsAsIs(settings));

/** A checkpoint has whole ranges: of smaller files, smaller ones. */
export const rangeBytesOf = ({settings, checkpoints, bytesTotal}: WorkerTask): number => {
	if (settings.rangeBytes !== undefined) return settings.rangeBytes;
	if (checkpoints === undefined) return RANGE_BYTES;
	const wanted = (bytesTotal ?? 0) / RANGES_OF_CHECKPOINTS;
	return Math.min(RANGE_BYTES, Math.max(1, Math.ceil(wanted / SMALLEST_RANGE_BYTES)) * SMALLEST_RANGE_BYTES);
};
const RANGES_OF_CHECKPOINTS = 64;
/** Whole blocks of the content hash. */
const SMALLEST_RANGE_BYTES = 1024 * 1024;
