// Figures of a run that are made in one place, so that every report, recording and output says the same.
import type {FileReport, RunTotals} from './report.ts';

/** Times are given to the microsecond: the digits behind it are noise. */
export const roundMs = (elapsedMs: number): number => Math.round(elapsedMs * 1000) / 1000;

/** The same, in seconds as reports have them. */
export const toSeconds = (elapsedMs: number): number => Math.round(elapsedMs * 1000) / 1e6;

/** @param elapsedMs - The time from the first event to the last. */
export function sumTotals(reports: Iterable<FileReport>, elapsedMs: number): RunTotals {
	const totals = {files: 0, completed: 0, failed: 0, cancelled: 0, skipped: 0, bytes: 0, rows: 0, rejected_rows: 0};
	let filtered: number | undefined;
	for (const {status, bytes, rows, rejected_rows, filtered: ofFile} of reports) {
		totals.files++;
		totals[status]++;
		totals.bytes += bytes;
		totals.rows += rows;
		totals.rejected_rows += rejected_rows;
		if (ofFile !== undefined) filtered = (filtered ?? 0) + ofFile;
	}
	return {...totals, ...(filtered !== undefined && {filtered}), processing_time: toSeconds(elapsedMs)};
}
