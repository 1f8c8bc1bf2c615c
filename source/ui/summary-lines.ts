// What came of the run: consolidated figures, what failed and why, what took longest.
import type {FileState, RunState} from '../store/state.ts';
import {formatBytes, formatInteger, formatRate, formatSeconds} from '../text/format.ts';
import {safe} from '../text/safe.ts';
import {padEnd, padStart, truncateEnd, truncatePath} from '../text/width.ts';
import {explainStatus} from './file-status.ts';
import {figure, type Line, span} from './line.ts';
import type {Look} from './look.ts';
import {type AnalysisName, buildResultLines} from './result-lines.ts';
import {factLines, heading, inPanes, moreLine} from './sections.ts';

const FAILURE_COUNT = 12;

/** The lines of the summary; two panes on a wide screen. */
export function buildSummary(state: RunState, columns: number, look: Look): Line[] {
	const failed = state.counts.failed === 0 ? [] : firstFailed(state.files);
	return inPanes(
		columns,
		look,
		width => [runLines(state, width, look), ...analysisSections(state.analyses, width, look)],
		width => [failureLines(failed, state.counts.failed, width, look), slowestLines(state, width, look)],
	);
}

function runLines(state: RunState, columns: number, look: Look): Line[] {
	const {totals} = state;
	if (totals === null) return [];
	const seconds = totals.processing_time;
	const rate = seconds > 0 ? `, ${formatRate(totals.bytes / seconds)}` : '';
	return [
		heading(state.status === 'cancelled' ? 'RUN, STOPPED EARLY' : 'RUN', look),
		...factLines(
			'files',
			`${formatInteger(totals.completed)} of ${formatInteger(totals.files)} completed`,
			columns,
			look,
		),
		...factLines('rows', formatInteger(totals.rows), columns, look),
		...factLines('rejected', formatInteger(totals.rejected_rows), columns, look),
		...factLines('read', `${formatBytes(totals.bytes)} in ${formatSeconds(seconds)}${rate}`, columns, look),
	];
}

/** The consolidated figures, a section for each analysis. */
export const analysisSections = (analyses: RunState['analyses'], columns: number, look: Look, note = ''): Line[][] =>
	(Object.keys(analyses) as AnalysisName[]).map(name => {
		const lines = buildResultLines(name, analyses[name] ?? null, columns, look);
		return lines.length === 0 ? [] : [heading(name.toUpperCase(), look, note), ...lines];
	});

function failureLines(failed: readonly FileState[], count: number, columns: number, look: Look): Line[] {
	const {theme, glyphs} = look;
	if (count === 0) return [];
	// A narrow pane gives name and reason a line each: half a reason explains nothing.
	const isOneLine = columns >= 72;
	const nameWidth = isOneLine ? Math.floor((columns - 8) * 0.42) : columns - 6;
	const reasonWidth = isOneLine ? columns - nameWidth - 8 : columns - 6;
	const lines: Line[] = failed.flatMap((file): Line[] => {
		const sign = span(`   ${glyphs.failed} `, theme.bad);
		const name = truncatePath(safe(file.file), nameWidth, glyphs);
		const reason = truncateEnd(explainStatus(file) ?? '', reasonWidth, glyphs);
		if (isOneLine) return [[sign, span(padEnd(name, nameWidth + 2)), span(reason)]];
		return [[sign, span(name)], [span(`     ${reason}`, theme.muted)]];
	});
	return [heading('FAILED', look, formatInteger(count)), ...lines, ...moreLine(count - failed.length, look)];
}

/** The files that took longest; one alone is no news. */
export function slowestLines({tally: {slowest}}: RunState, columns: number, look: Look): Line[] {
	if (slowest.length < 2) return [];
	const {theme, glyphs} = look;
	const nameWidth = Math.min(40, columns - 3 - 10 - 10 - 2);
	const lines: Line[] = slowest.map(file => [
		span(`   ${padEnd(truncatePath(safe(file.file), nameWidth, glyphs), nameWidth)}`),
		span(padStart(formatBytes(file.bytesRead), 10), theme.muted),
		figure(formatSeconds(file.report?.processing_time ?? 0), 10),
	]);
	return [heading('SLOWEST', look), ...lines];
}

/** Looks at the files until enough have failed: once, when the run has ended. */
function firstFailed(files: readonly FileState[]): FileState[] {
	const failed: FileState[] = [];
	for (const file of files) {
		if (file.status === 'failed') failed.push(file);
		if (failed.length === FAILURE_COUNT) break;
	}
	return failed;
}
