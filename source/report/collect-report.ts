import type {AnalysisResults} from '../analysis/results.ts';
import type {RunCompleted, RunEvent} from '../model/events.ts';
import type {FileReport, Report, ReportSoFar, RunTotals} from '../model/report.ts';
import {compareUtf8} from '../text/byte-order.ts';

export interface ReportCollector {
	readonly handle: (event: RunEvent) => void;
	/** @throws {Error} When the run has not ended. */
	readonly report: () => Report;
	/**
	The report as far as the run has come: the files that have ended, and nothing of the others. After the end it is `report`.

	@param analyses - The consolidated results so far, where someone knows them: events tell these at the end only.
	*/
	readonly reportSoFar: (analyses?: Partial<AnalysisResults>) => ReportSoFar;
}

/** Listens to a run and gives its report when it has ended: all that it keeps is what files ended with. */
export function createReportCollector(): ReportCollector {
	/** In the order of the plan; `null` while a file has not ended. */
	const reports = new Map<string, FileReport | null>();
	let elapsedMs = 0;
	let ending: RunCompleted | null = null;
	const ended = (): FileReport[] => {
		const files: FileReport[] = [];
		for (const report of reports.values()) if (report !== null) files.push(report);
		return files.sort((left, right) => compareUtf8(left.file, right.file));
	};
	const finalReport = ({status, totals, analyses}: RunCompleted): Report => ({
		report_version: 1,
		status,
		totals,
		analyses,
		files: ended(),
	});
	return {
		handle(event) {
			elapsedMs = Math.max(elapsedMs, event.elapsedMs);
			switch (event.type) {
				case 'file-queued':
					// After the end, it goes on.
					ending = null;
					reports.set(event.file, null);
					return;
				case 'file-skipped':
					if ((reports.get(event.file) ?? null) === null) reports.set(event.file, event.report);
					return;
				case 'file-completed':
				case 'file-failed':
				case 'file-cancelled':
					// A file that was never queued is none of the run.
					if (reports.has(event.file)) reports.set(event.file, event.report);
					return;
				case 'run-completed':
					ending = event;
			}
		},
		report() {
			if (ending === null) throw new Error('The report is asked for before the run has ended');
			return finalReport(ending);
		},
		reportSoFar(analyses = {}) {
			if (ending !== null) return finalReport(ending);
			const files = ended();
			return {report_version: 1, status: 'running', totals: sumUp(files, elapsedMs), analyses, files};
		},
	};
}

function sumUp(files: readonly FileReport[], elapsedMs: number): RunTotals {
	const totals = {files: 0, completed: 0, failed: 0, cancelled: 0, skipped: 0, bytes: 0, rows: 0, rejected_rows: 0};
	for (const {status, bytes, rows, rejected_rows} of files) {
		totals.files++;
		totals[status]++;
		totals.bytes += bytes;
		totals.rows += rows;
		totals.rejected_rows += rejected_rows;
	}
	return {...totals, processing_time: Math.round(elapsedMs * 1000) / 1e6};
}
