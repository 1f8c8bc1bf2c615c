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

/**
Gives the reports of the analyses by their names, in the order in which they were asked for.

@param rows - Data records of the file.
@param find - `null` for an analysis that is not made of the file.
*/
export const reportAnalyses = (
	rows: number,
	readings: readonly AnalysisReading[],
	find: (analysis: string) => AnalysisFinding | null,
): NonNullable<FileReport['results']> =>
	Object.fromEntries(
		readings.map(reading => [reading.analysis, reportAnalysis(rows, reading, find(reading.analysis))]),
	);

function reportAnalysis(
	rows: number,
	{error, rejects}: AnalysisReading,
	finding: AnalysisFinding | null,
): AnalysisReport {
	const hint = hintOf(rejects);
	return {
		rows: finding === null ? 0 : rows,
		rejected_rows: finding === null ? 0 : rows - finding.acceptedRows,
		rejects,
		result: finding?.result ?? null,
		...(hint !== null && {hint}),
		...(error !== null && {error}),
	};
}
