// What came of the run: consolidated figures, what failed and why, what took longest.
import {listNoRecords, noRecordOf, sumNoRecords} from '../store/no-record.ts';
import type {FileState, RunState} from '../store/state.ts';
import {formatBytes, formatInteger, formatRate, formatSeconds} from '../text/format.ts';
import {safe} from '../text/safe.ts';
import {padEnd, padStart, truncateEnd, truncatePath} from '../text/width.ts';
import {explainStatus, statusFace} from './file-status.ts';
import {figure, type Line, span} from './line.ts';
import type {Look} from './look.ts';
import {type AnalysisName, buildResultLines} from './result-lines.ts';
import {type BuildSections, factLines, heading, inPanes, moreLine} from './sections.ts';

const FAILURE_COUNT = 12;

/** The lines of the summary; two panes on a wide screen. */
export function buildSummary(state: RunState, columns: number, look: Look): Line[] {
	const {failed: failedCount} = state.counts;
	const noRecordCount = sumNoRecords(state.tally.noRecords);
	const failed = failedCount === 0 ? [] : first(state.files, ({status}) => status === 'failed');
	const noRecord = noRecordCount === 0 ? [] : first(state.files, ({report}) => noRecordOf(report) !== null);
	const run: BuildSections = width => [runLines(state, width, look)];
	const results: BuildSections = width => analysisSections(state.analyses, width, look);
	const troubles: BuildSections = width => [
		troubleLines('FAILED', failed, failedCount, width, look),
		troubleLines('NO ACCEPTED RECORD', noRecord, noRecordCount, width, look),
	];
	const slowest: BuildSections = width => [slowestLines(state, width, look)];
	return inPanes(columns, look, [run, results], [troubles, slowest], [run, troubles, results, slowest]);
}

function runLines(state: RunState, columns: number, look: Look): Line[] {
	const {totals} = state;
	if (totals === null) return [];
	const seconds = totals.processing_time;
	const rate = seconds > 0 ? `, ${formatRate(totals.bytes / seconds)}` : '';
	return [
		heading(state.status === 'cancelled' ? 'RUN, STOPPED EARLY' : 'RUN', look),
		...factLines('files', describeFiles(state), columns, look),
		...factLines('rows', formatInteger(totals.rows), columns, look),
		...factLines('rejected', formatInteger(totals.rejected_rows), columns, look),
		...factLines('read', `${formatBytes(totals.bytes)} in ${formatSeconds(seconds)}${rate}`, columns, look),
	];
}

/** `81 of 128 completed, 3 all rejected, 2 failed`. */
export function describeFiles({counts, fileCount, files, tally}: RunState): string {
	const amount = (count: number, what: string): string[] => (count > 0 ? [`${formatInteger(count)} ${what}`] : []);
	return [
		`${formatInteger(counts.completed)} of ${formatInteger(Math.max(fileCount, files.length))} completed`,
		...listNoRecords(tally.noRecords),
		...amount(counts.failed, 'failed'),
		...amount(counts.cancelled, 'cancelled'),
		...amount(counts.skipped, 'skipped'),
	].join(', ');
}

/** The consolidated figures, a section for each analysis. */
export const analysisSections = (analyses: RunState['analyses'], columns: number, look: Look, note = ''): Line[][] =>
	(Object.keys(analyses) as AnalysisName[]).map(name => {
		const lines = buildResultLines(name, analyses[name] ?? null, columns, look);
		return lines.length === 0 ? [] : [heading(name.toUpperCase(), look, note), ...lines];
	});

/** Files and what is the matter with each. */
function troubleLines(title: string, files: readonly FileState[], count: number, columns: number, look: Look): Line[] {
	const {theme, glyphs} = look;
	if (count === 0) return [];
	// A narrow pane gives name and reason a line each: half a reason explains nothing.
	const isOneLine = columns >= 72;
	const nameWidth = isOneLine ? Math.floor((columns - 8) * 0.42) : columns - 6;
	const reasonWidth = isOneLine ? columns - nameWidth - 8 : columns - 6;
	const lines: Line[] = files.flatMap((file): Line[] => {
		const {glyph, style} = statusFace(file, 0, false, look);
		const sign = span(`   ${glyph} `, style);
		const name = truncatePath(safe(file.file), nameWidth, glyphs);
		const reason = truncateEnd(explainStatus(file) ?? '', reasonWidth, glyphs);
		if (isOneLine) return [[sign, span(padEnd(name, nameWidth + 2)), span(reason)]];
		return [[sign, span(name)], [span(`     ${reason}`, theme.muted)]];
	});
	return [heading(title, look, formatInteger(count)), ...lines, ...moreLine(count - files.length, look)];
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

/** Looks at the files until enough are found: once, when the run has ended. */
function first(files: readonly FileState[], isWanted: (file: FileState) => boolean): FileState[] {
	const found: FileState[] = [];
	for (const file of files) {
		if (isWanted(file)) found.push(file);
		if (found.length === FAILURE_COUNT) break;
	}
	return found;
}
