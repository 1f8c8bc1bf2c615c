// What becomes of a file, or of some of its ranges, when no thread reads it any more.
import type {SpanOutcome, TaskOutcome} from '../backend/job-backend.ts';
import {withFormsFor} from '../shared/forced-dialect.ts';
import type {RangeSpan} from '../shared/range-board.ts';
import {fileNameOf} from '../shared/source-location.ts';
import {combineRanges} from './combine-ranges.ts';
import type {SplitEnd} from './split-task.ts';
import type {ThreadTask} from './task.ts';

/** The whole file. What one thread says that reads it from its beginning is the truth. */
export const wholeFileEnd = ({source, settings}: ThreadTask): SplitEnd<TaskOutcome> => ({
	async conclude({board, parts, failure, isDoubtful, readAlone}) {
		if (failure !== null && !isDoubtful) return failure;
		const combined = await combineRanges(board, parts, withFormsFor(settings, fileNameOf(source)));
		if (combined !== null) return {type: 'completed', file: {...combined, bytesRead: board.fileBytes}};
		return readAlone();
	},
});

/** Some of its ranges, for others who have the rest. */
export const spanEnd = (span: RangeSpan): SplitEnd<SpanOutcome> => ({
	span,
	async conclude({board, parts, failure, isDoubtful}) {
		if (failure !== null && failure.type !== 'completed' && !isDoubtful) return failure;
		if (failure !== null || !board.isCovered(span)) return {type: 'not-in-ranges'};
		const ranges = board.describe(parts.flatMap(part => part.ranges));
		return {type: 'read', parts, ranges};
	},
});
