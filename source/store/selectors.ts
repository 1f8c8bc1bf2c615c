// What a view or a report reads from the state. A selector returns an existing object or a primitive; anything that
// must be built is memoised on the state, because a new array for each call would make React loop.

import type {FileReport, Report, RunStatus} from '../model/report.ts';
import {compareUtf8} from '../text/byte-order.ts';
import {canForecast, computeBytesPerSecond, computeRemainingMs} from './rates.ts';
import type {FileState, RunState} from './state.ts';

/** The first file of a name; a state may know names of files that only later states have. */
export const selectFile = ({files, indexByFile}: RunState, file: string | null): FileState | undefined =>
	file === null ? undefined : files[indexByFile.get(file) ?? -1];

/** Files that need no more work, including skipped ones. */
export const selectEndedCount = ({counts}: RunState): number =>
	counts.completed + counts.failed + counts.cancelled + counts.skipped;

/** The completed share of the work, 0 to 1: by bytes, or by files where no sizes are known. */
export function selectProgress(state: RunState): number {
	const {phase, bytesTotal, bytesSettled, bytesLeftOut, counts, fileCount} = state;
	if (phase === 'ended' && counts.cancelled === 0) return 1;
	// Cancelled files have ended without being done.
	const done =
		bytesTotal > 0
			? (bytesSettled - bytesLeftOut) / bytesTotal
			: (selectEndedCount(state) - counts.cancelled) / Math.max(1, fileCount);
	return Math.min(counts.cancelled === 0 ? 1 : 0.999, Math.max(0, done));
}

export const selectBytesPerSecond = (state: RunState, nowMs: number): number | undefined =>
	computeBytesPerSecond(state.samples, nowMs);

/** Milliseconds until the run ends, estimated from its speed; `undefined` while that is unknown. */
export function selectRemainingMs(state: RunState, nowMs: number): number | undefined {
	if (state.isPaused || state.phase !== 'running' || !canForecast(state.samples, nowMs)) return undefined;
	// Input of unknown size (standard input) makes any forecast a guess.
	if (state.counts.queued + state.counts.running > 0 && state.bytesTotal === 0) return undefined;
	// Nobody knows how long a person will hold a file, so it is not part of the remaining time, unless all files are
	// held.
	const isAllHeld = state.heldSinceMs !== null;
	const bytesLeft = state.bytesTotal - state.bytesSettled - (isAllHeld ? 0 : state.heldBytesLeft);
	return computeRemainingMs(bytesLeft, selectBytesPerSecond(state, state.heldSinceMs ?? nowMs));
}

export const selectFileBytesPerSecond = (file: FileState, nowMs: number): number | undefined => {
	if (file.status === 'running') return file.isPaused ? undefined : computeBytesPerSecond(file.samples, nowMs);
	// What an earlier run has read has no speed in this one.
	if (file.report?.source === 'ledger') return undefined;
	if (file.status !== 'completed' || file.startedAtMs === null || file.endedAtMs === null) return undefined;
	const spanMs = file.endedAtMs - file.startedAtMs;
	return spanMs > 0 ? (file.bytesRead / spanMs) * 1000 : undefined;
};

export function selectFileRemainingMs(file: FileState, nowMs: number): number | undefined {
	if (file.status !== 'running' || file.isPaused || file.bytesTotal === null) return undefined;
	if (!canForecast(file.samples, nowMs)) return undefined;
	return computeRemainingMs(file.bytesTotal - file.bytesRead, selectFileBytesPerSecond(file, nowMs));
}

/**
Builds the JSON report from the state of a run that has ended.

@throws {Error} When the run has not ended, because the figures of a partial report would not add up.
*/
export function buildReport(state: RunState): Report {
	if (state.totals === null || state.status === null)
		throw new Error('The report cannot be built before the run has ended');
	const files = state.files.map(({report}) => report).filter(report => report !== null);
	const {status, totals, analyses, areCombined} = state;
	return composeReport({status, totals, analyses}, files, areCombined);
}

/**
Puts a report together from its parts.

@param files - Of the files that have ended, in any order; the list is sorted in place.
@param areCombined - Whether several analyses are made of each file.
*/
export function composeReport<Status extends RunStatus | 'running'>(
	{status, totals, analyses}: {readonly status: Status} & Pick<Report, 'totals' | 'analyses'>,
	files: FileReport[],
	areCombined: boolean,
): Omit<Report, 'status'> & {readonly status: Status} {
	files.sort((left, right) => compareUtf8(left.file, right.file));
	return {report_version: areCombined ? 2 : 1, status, totals, analyses, files};
}
