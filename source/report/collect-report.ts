import type {AnalysisResults} from '../analysis/results.ts';
import type {RunCompleted, RunEvent} from '../model/events.ts';
import {keyOf} from '../model/file-address.ts';
import type {FileReport, Report, ReportSoFar} from '../model/report.ts';
import {sumTotals} from '../model/totals.ts';
import {composeReport} from '../store/selectors.ts';

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
	const reports = new Map<string | number, FileReport | null>();
	let elapsedMs = 0;
	let ending: RunCompleted | null = null;
	const ended = (): FileReport[] => Array.from(reports.values()).filter(report => report !== null);
	const finalReport = (end: RunCompleted): Report => composeReport(end, ended());
	return {
		handle(event) {
			elapsedMs = Math.max(elapsedMs, event.elapsedMs);
			switch (event.type) {
				case 'file-queued':
					// After the end, it goes on.
					ending = null;
					reports.set(keyOf(event), null);
					return;
				case 'file-skipped':
					if ((reports.get(keyOf(event)) ?? null) === null) reports.set(keyOf(event), event.report);
					return;
				case 'file-completed':
				case 'file-failed':
				case 'file-cancelled':
					// A file that was never queued is none of the run.
					if (reports.has(keyOf(event))) reports.set(keyOf(event), event.report);
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
			return composeReport({status: 'running', totals: sumTotals(files, elapsedMs), analyses}, files);
		},
	};
}
