// Reports and results as they are given out: a question is called so, whatever its own name tells threads.
import {shownName} from '../analysis/question/named-question.ts';
import type {FileReport} from '../model/report.ts';
import type {AnalysisResults} from '../model/results.ts';

export const shownReport = (report: FileReport): FileReport => ({
	...report,
	analysis: report.analysis === null ? null : shownName(report.analysis),
	...(report.members !== undefined && {members: report.members.map(shownReport)}),
});

export const shownResults = (results: AnalysisResults): AnalysisResults =>
	Object.fromEntries(Object.entries(results).map(([name, result]) => [shownName(name), result])) as AnalysisResults;
