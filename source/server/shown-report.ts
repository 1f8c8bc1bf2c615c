// Reports and results as they are given out: a question is called so, whatever its own name tells threads.
import {shownName} from '../analysis/question/named-question.ts';
import {describeAnalyses, isAnalysisName} from '../analysis/registry.ts';
import type {AnalysisInfo} from '../model/analysis-info.ts';
import type {FileReport} from '../model/report.ts';
import type {AnalysisResults} from '../model/results.ts';
import {resultsOf} from '../store/analysis-results.ts';

export const shownReport = (report: FileReport): FileReport => ({
	...report,
	analysis: report.analysis === null ? null : shownName(report.analysis),
	...(report.members !== undefined && {members: report.members.map(shownReport)}),
});

export const shownResults = (results: AnalysisResults): AnalysisResults =>
	Object.fromEntries(Object.entries(results).map(([name, result]) => [shownName(name), result])) as AnalysisResults;

/** How what is in a report is shown to people; one knows only the built-in analyses by heart. */
export const viewsOf = (report: FileReport): readonly Pick<AnalysisInfo, 'name' | 'title' | 'views'>[] =>
	describeAnalyses(Array.from(resultsOf(report), ([name]) => name).filter(isAnalysisName)).map(
		({name, title, views}) => ({name: shownName(name), title, views}),
	);
