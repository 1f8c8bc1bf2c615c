// What a file came to for each of several analyses that are combined, in the words of the JSON report.
import type {AnalysisReport, FileReport} from '../../model/report.ts';
import type {AnalysisResult} from '../../model/results.ts';
import type {AnalysisReading} from './protocol.ts';
import {hintOf} from './reject-hint.ts';

/** The figures of an analysis that is made of the file. */
export interface AnalysisFinding {
	readonly acceptedRows: number;
	readonly result: AnalysisResult | null;
}

/** Data records of a file, and those that the condition of the run leaves out. */
export interface RecordCounts {
	readonly rows: number;
	readonly filteredRows?: number | undefined;
}

/**
Gives the reports of the analyses by their names, in the order in which they were asked for.

@param counts - Of the file.
@param find - `null` for an analysis that is not made of the file.
*/
export const reportAnalyses = (
	counts: RecordCounts,
	readings: readonly AnalysisReading[],
	find: (analysis: string) => AnalysisFinding | null,
): NonNullable<FileReport['results']> =>
	Object.fromEntries(
		readings.map(reading => [reading.analysis, reportAnalysis(counts, reading, find(reading.analysis))]),
	);

function reportAnalysis(
	{rows, filteredRows}: RecordCounts,
	{error, rejects, filteredRows: ownFilteredRows}: AnalysisReading,
	finding: AnalysisFinding | null,
): AnalysisReport {
	const hint = hintOf(rejects);
	const hasCondition = filteredRows !== undefined || ownFilteredRows !== undefined;
	const filtered = (filteredRows ?? 0) + (ownFilteredRows ?? 0);
	return {
		rows: finding === null ? 0 : rows,
		rejected_rows: finding === null ? 0 : rows - filtered - finding.acceptedRows,
		...(hasCondition && error === null && {filtered}),
		rejects,
		result: finding?.result ?? null,
		...(hint !== null && {hint}),
		...(error !== null && {error}),
	};
}
