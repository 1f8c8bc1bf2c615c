// The report as a web page of one file: it loads nothing, runs nothing, and its policy forbids both.
import {createHash} from 'node:crypto';
import type {AnalysisInfo} from '../../model/analysis-info.ts';
import type {ReportSoFar} from '../../model/report.ts';
import {countNoRecords, type NoRecordCounts, sumNoRecords} from '../../store/no-record.ts';
import {presentResults} from '../../store/present.ts';
import {formatInteger} from '../../text/format.ts';
import {gradeRun} from '../verdict.ts';
import {describeOutcome} from '../wording.ts';
import {filesHtml} from './files.ts';
import {type Html, html} from './markup.ts';
import {figuresHtml, resultHtml} from './results.ts';
import {STYLE} from './style.ts';

/** Gives the report as HTML in pieces. */
export function* htmlChunks(
	report: ReportSoFar,
	analyses: readonly AnalysisInfo[],
): Generator<string, void, undefined> {
	const noRecords = countNoRecords(report.files);
	yield String(headHtml(verdictWords(report, noRecords)));
	yield `<style>${STYLE}</style>\n`;
	for (const part of bodyHtml(report, analyses, noRecords)) yield String(part);
}

/** The first lines are what the page is recognised by (`text/own-output.ts`). */
function headHtml(verdict: string): Html {
	const styleHash = createHash('sha256').update(STYLE).digest('base64');
	const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`;
	return html`<!doctype html>
<html lang="en">
<head>
<meta name="generator" content="fileproc-tui report">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${verdict} – fileproc-tui report</title>
`;
}

function* bodyHtml(
	report: ReportSoFar,
	analyses: readonly AnalysisInfo[],
	noRecords: NoRecordCounts,
): Generator<Html, void, undefined> {
	const {totals, files} = report;
	yield html`</head>
<body>
<header>
<h1>fileproc-tui report</h1>
<p class="verdict"><strong class="${gradeRun(report)}">${verdictWords(report, noRecords)}</strong> ${describeOutcome(totals, noRecords)}</p>
`;
	const counts = {
		files: totals.files,
		completed: totals.completed,
		failed: totals.failed,
		cancelled: totals.cancelled,
		skipped: totals.skipped,
		rows: totals.rows,
		'rejected rows': totals.rejected_rows,
		...(totals.filtered !== undefined && {'filtered rows': totals.filtered}),
	};
	yield figuresHtml(Object.entries(counts).map(([label, count]) => ({label, text: formatInteger(count)})));
	yield html`</header>
<main>
`;
	// What is unsafe in a document is escaped where it becomes HTML.
	for (const presentation of presentResults(analyses, report.analyses, text => text)) yield* resultHtml(presentation);
	yield* filesHtml(files);
	yield html`</main>
</body>
</html>
`;
}

/** How the run ended, in a few words. */
function verdictWords({status, totals}: ReportSoFar, noRecords: NoRecordCounts): string {
	const {completed, failed, cancelled} = totals;
	if (status === 'running') return 'Running';
	if (status === 'cancelled') return 'Cancelled';
	if (failed > 0) return completed === 0 ? 'Failed' : 'Completed with failed files';
	if (cancelled > 0) return 'Completed with cancelled files';
	if (completed === 0) return 'Nothing processed';
	if (noRecords.rejected === completed) return 'All rejected';
	const withoutRecord = sumNoRecords(noRecords);
	if (withoutRecord === completed) return 'No accepted record';
	return withoutRecord === 0 ? 'Completed' : 'Completed with files without an accepted record';
}
