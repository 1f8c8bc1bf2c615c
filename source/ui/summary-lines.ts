// What came of the run: consolidated figures, what failed and why, what took longest. Built once, when the run has
// ended: it looks at every file.
import type {FileState, RunState} from '../store/state.ts';
import {formatBytes, formatInteger, formatRate, formatSeconds} from '../text/format.ts';
import {safe} from '../text/safe.ts';
import {padEnd, padStart, truncateEnd, truncatePath} from '../text/width.ts';
import {explainStatus} from './file-status.ts';
import {beside, EMPTY_LINE, figure, type Line, span} from './line.ts';
import type {Look} from './look.ts';
import {type AnalysisName, buildResultLines} from './result-lines.ts';

const SLOWEST_COUNT = 5;
const FAILURE_COUNT = 12;
const PANE_GAP = 3;

/** The lines of the summary; two panes on a wide screen. */
export function buildSummary(state: RunState, columns: number, look: Look): Line[] {
	const {failed, slowest} = pickFiles(state.files);
	if (columns < 120) {
		return [
			...runLines(state, look),
			...analysisLines(state, columns, look),
			...failureLines(failed, state.counts.failed, columns, look),
			...slowestLines(slowest, columns, look),
		];
	}
	const leftColumns = Math.floor(columns * 0.56);
	const rightColumns = columns - leftColumns - PANE_GAP;
	return beside(
		[...runLines(state, look), ...analysisLines(state, leftColumns, look)],
		[...failureLines(failed, state.counts.failed, rightColumns, look), ...slowestLines(slowest, rightColumns, look)],
		leftColumns + PANE_GAP,
		look.glyphs.ascii,
	);
}

function runLines(state: RunState, {theme}: Look): Line[] {
	const {totals} = state;
	if (totals === null) return [];
	const seconds = totals.processing_time;
	const facts: readonly (readonly [string, string])[] = [
		['files', `${formatInteger(totals.completed)} of ${formatInteger(totals.files)} completed`],
		['rows', formatInteger(totals.rows)],
		['rejected', formatInteger(totals.rejected_rows)],
		[
			'read',
			`${formatBytes(totals.bytes)} in ${formatSeconds(seconds)}${seconds > 0 ? `, ${formatRate(totals.bytes / seconds)}` : ''}`,
		],
	];
	return [
		EMPTY_LINE,
		[span(state.status === 'cancelled' ? ' RUN, STOPPED EARLY' : ' RUN', theme.heading)],
		...facts.map(([label, value]) => [span('   '), span(padEnd(label, 16), theme.muted), span(value)]),
	];
}

function analysisLines(state: RunState, columns: number, look: Look): Line[] {
	const names = Object.keys(state.analyses) as AnalysisName[];
	return names.flatMap(name => {
		const lines = buildResultLines(name, state.analyses[name] ?? null, columns, look);
		return lines.length === 0 ? [] : [EMPTY_LINE, [span(` ${name.toUpperCase()}`, look.theme.heading)], ...lines];
	});
}

function failureLines(failed: readonly FileState[], count: number, columns: number, {theme, glyphs}: Look): Line[] {
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
	if (count > failed.length) lines.push([span(`     + ${formatInteger(count - failed.length)} more`, theme.muted)]);
	return [EMPTY_LINE, [span(' FAILED', theme.heading), span(`   ${formatInteger(count)}`, theme.muted)], ...lines];
}

function slowestLines(slowest: readonly FileState[], columns: number, {theme, glyphs}: Look): Line[] {
	if (slowest.length < 2) return [];
	const nameWidth = Math.min(40, columns - 3 - 10 - 10 - 2);
	const lines: Line[] = slowest.map(file => [
		span(`   ${padEnd(truncatePath(safe(file.file), nameWidth, glyphs), nameWidth)}`),
		span(padStart(formatBytes(file.bytesRead), 10), theme.muted),
		figure(formatSeconds(file.report?.processing_time ?? 0), 10),
	]);
	return [EMPTY_LINE, [span(' SLOWEST', theme.heading)], ...lines];
}

/** One pass over all files, however many: the first failures and the few that took longest. */
function pickFiles(files: readonly FileState[]): {failed: FileState[]; slowest: FileState[]} {
	const failed: FileState[] = [];
	const slowest: FileState[] = [];
	const timeOf = (file: FileState | undefined): number => file?.report?.processing_time ?? 0;
	for (const file of files) {
		if (file.status === 'failed' && failed.length < FAILURE_COUNT) failed.push(file);
		if (file.status !== 'completed') continue;
		if (slowest.length === SLOWEST_COUNT && timeOf(file) <= timeOf(slowest.at(-1))) continue;
		slowest.push(file);
		slowest.sort((left, right) => timeOf(right) - timeOf(left));
		slowest.length = Math.min(slowest.length, SLOWEST_COUNT);
	}
	return {failed, slowest};
}
