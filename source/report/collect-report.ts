import type {AnalysisInfo} from '../model/analysis-info.ts';
import type {RunCompleted, RunEvent} from '../model/events.ts';
import {keyOf} from '../model/file-address.ts';
import type {FileReport, Report, ReportSoFar} from '../model/report.ts';
import type {AnalysisResults} from '../model/results.ts';
import {sumTotals} from '../model/totals.ts';
import {composeReport} from '../store/selectors.ts';

export interface ReportCollector {
	readonly handle: (event: RunEvent) => void;
	/** @throws {Error} When the run has not ended. */
	readonly report: () => Report;
	/** What results mean, as `run-started` tells. */
	readonly analyses: () => readonly AnalysisInfo[];
	/**
	The report of the run so far: the files that have ended, without the others. After the end it equals `report`.

	@param analyses - The consolidated results so far, if they are known: events carry them only at the end.
	*/
	readonly reportSoFar: (analyses?: AnalysisResults) => ReportSoFar;
}

/**
Collects a run's events and returns its report after the end; it keeps only the reports of files.

@param keeps - Whether a file is part of the report when it has ended, by its report and how many ended before. @default All are.
*/
export function createReportCollector(
	keeps: (report: FileReport, index: number) => boolean = () => true,
): ReportCollector {
	let endedCount = 0;
	/** In the order of the plan; `null` while a file has not ended. */
	const reports = new Map<string | number, FileReport | null>();
	let elapsedMs = 0;
	let ending: RunCompleted | null = null;
	let analysisInfos: readonly AnalysisInfo[] = [];
	let areCombined = false;
	const ended = (): FileReport[] => Array.from(reports.values()).filter(report => report !== null);
	const finalReport = (end: RunCompleted): Report => composeReport(end, ended(), areCombined);
	return {
		handle(event) {
			elapsedMs = Math.max(elapsedMs, event.elapsedMs);
			switch (event.type) {
				case 'run-started':
					analysisInfos = event.analyses;
					areCombined = event.areCombined === true;
					return;
				case 'file-queued':
					// The run may continue after its end.
					ending = null;
					reports.set(keyOf(event), null);
					return;
				case 'file-skipped':
					if ((reports.get(keyOf(event)) ?? null) === null) reports.set(keyOf(event), event.report);
					return;
				case 'file-completed':
				case 'file-failed':
				case 'file-cancelled':
					// A file that was never queued is not part of the run.
					if (!reports.has(keyOf(event))) return;
					if (keeps(event.report, endedCount++)) reports.set(keyOf(event), event.report);
					else reports.delete(keyOf(event));
					return;
				case 'run-completed':
					ending = event;
			}
		},
		report() {
			if (ending === null) throw new Error('The report is asked for before the run has ended');
			return finalReport(ending);
		},
		analyses: () => analysisInfos,
		reportSoFar(analyses = {}) {
			if (ending !== null) return finalReport(ending);
			const files = ended();
			return composeReport({status: 'running', totals: sumTotals(files, elapsedMs), analyses}, files, areCombined);
		},
	};
}
