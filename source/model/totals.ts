// Figures of a run that are made in one place, so that every report, recording and output says the same.
import type {FileReport, RunTotals} from './report.ts';

/** Times are given to the microsecond: the digits behind it are noise. */
export const roundMs = (elapsedMs: number): number => Math.round(elapsedMs * 1000) / 1000;

/** The same, in seconds as reports have them. */
export const toSeconds = (elapsedMs: number): number => Math.round(elapsedMs * 1000) / 1e6;

/** Of files that are added one by one, where nothing else is kept of them. */
export class TotalsSum {
	readonly #sums = {files: 0, completed: 0, failed: 0, cancelled: 0, skipped: 0, bytes: 0, rows: 0, rejected_rows: 0};
	#filtered: number | undefined;

	add({status, bytes, rows, rejected_rows, filtered}: FileReport): void {
		this.#sums.files++;
		this.#sums[status]++;
		this.#sums.bytes += bytes;
		this.#sums.rows += rows;
		this.#sums.rejected_rows += rejected_rows;
		if (filtered !== undefined) this.#filtered = (this.#filtered ?? 0) + filtered;
	}

	/** @param elapsedMs - The time from the first event to the last. */
	after(elapsedMs: number): RunTotals {
		const filtered = this.#filtered;
		return {...this.#sums, ...(filtered !== undefined && {filtered}), processing_time: toSeconds(elapsedMs)};
	}
}

/** @param elapsedMs - As for `TotalsSum`. */
export function sumTotals(reports: Iterable<FileReport>, elapsedMs: number): RunTotals {
	const sum = new TotalsSum();
	for (const report of reports) sum.add(report);
	return sum.after(elapsedMs);
}
