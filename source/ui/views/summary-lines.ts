// What came of the run: consolidated figures, what failed and why, what took longest.
import type {Drift} from '../../model/run-diff.ts';
import {findingsOf} from '../../store/findings.ts';
import {noRecordOf, sumNoRecords} from '../../store/no-record.ts';
import {matchResults} from '../../store/present.ts';
import type {FileState, RunState} from '../../store/state.ts';
import {formatBytes, formatInteger, formatRate, formatSeconds, quantity} from '../../text/format.ts';
import {safe} from '../../text/safe.ts';
import {shortenNames} from '../../text/short-names.ts';
import {displayWidth, padEnd, padStart} from '../../text/width.ts';
import {figure, type Line, span} from '../look/line.ts';
import type {Look} from '../look/look.ts';
import {driftLines} from './drift-lines.ts';
import {explainStatus, statusFace} from './file-status.ts';
import {buildResult} from './result-lines.ts';
import {type BuildSections, factLines, heading, inPanes, moreLine, wrapInto} from './sections.ts';

const FAILURE_COUNT = 12;
/** The details of a file have the rest. */
const REASON_LINE_LIMIT = 3;

export interface SummaryFacts {
	readonly state: RunState;
	/** What changed since an earlier run, where that is known. */
	readonly drift: Drift;
}

/** The lines of the summary; two panes on a wide screen. */
export function buildSummary({state, drift}: SummaryFacts, columns: number, look: Look): Line[] {
	const {failed: failedCount} = state.counts;
	const noRecordCount = sumNoRecords(state.tally.noRecords);
	const failed = failedCount === 0 ? [] : first(state.files, ({status}) => status === 'failed');
	const noRecord = noRecordCount === 0 ? [] : first(state.files, ({report}) => noRecordOf(report) !== null);
	const run: BuildSections = width => [runLines(state, width, look)];
	const results: BuildSections = width => resultSections(state.analysisInfos, state.analyses, width, look);
	const troubles: BuildSections = width => [
		troubleLines('FAILED', failed, failedCount, state, width, look),
		troubleLines('NO ACCEPTED RECORD', noRecord, noRecordCount, state, width, look),
	];
	const slowest: BuildSections = width => [slowestLines(state, width, look)];
	const findings: BuildSections = width => [findingLines(state, width, look), driftLines(drift, width, look)];
	return inPanes(
		columns,
		look,
		[run, results],
		[troubles, findings, slowest],
		[run, troubles, findings, results, slowest],
	);
}

function runLines(state: RunState, columns: number, look: Look): Line[] {
	const {totals} = state;
	if (totals === null) return [];
	const seconds = totals.processing_time;
	const rate = seconds > 0 ? `, ${formatRate(totals.bytes / seconds)}` : '';
	return [
		heading(state.status === 'cancelled' ? 'RUN, STOPPED EARLY' : 'RUN', look),
		...factLines('files', describeFiles(state), columns, look),
		...knownLines(state.tally.known, columns, look),
		...factLines('rows', formatInteger(totals.rows), columns, look),
		...factLines('rejected', formatInteger(totals.rejected_rows), columns, look),
		...(totals.filtered === undefined ? [] : factLines('filtered', formatInteger(totals.filtered), columns, look)),
		...factLines('read', `${formatBytes(totals.bytes)} in ${formatSeconds(seconds)}${rate}`, columns, look),
	];
}

const knownLines = (count: number, columns: number, look: Look): Line[] =>
	count === 0
		? []
		: factLines('unchanged', `${quantity(count, 'file')}, taken from the ledger, not read`, columns, look);

/** `81 of 128 completed (78 done, 3 all rejected), 2 failed`: the counts of the screen's head, which has the same words. */
export function describeFiles({counts, fileCount, files, tally}: RunState): string {
	const amount = (count: number, what: string): string[] => (count > 0 ? [`${formatInteger(count)} ${what}`] : []);
	const {rejected, 'header-only': headerOnly, empty} = tally.noRecords;
	const noRecordCount = sumNoRecords(tally.noRecords);
	const kinds = [
		`${formatInteger(counts.completed - noRecordCount)} done`,
		...amount(rejected, 'all rejected'),
		...amount(headerOnly + empty, 'empty'),
	];
	const detail = noRecordCount === 0 ? '' : ` (${kinds.join(', ')})`;
	return [
		`${formatInteger(counts.completed)} of ${formatInteger(Math.max(fileCount, files.length))} completed${detail}`,
		...amount(counts.failed, 'failed'),
		...amount(counts.cancelled, 'cancelled'),
		...amount(counts.skipped, 'skipped'),
	].join(', ');
}

/** The most important findings, each with what to type for it. */
function findingLines({files, analyses, analysisInfos}: RunState, columns: number, look: Look): Line[] {
	const reports = files.flatMap(({report}) => (report === null ? [] : [report]));
	const findings = findingsOf({files: reports, analyses}, analysisInfos);
	if (findings.length === 0) return [];
	const lines = findings.flatMap(({text, command}): Line[] => [
		...wrapInto(REASON_LINE_LIMIT, text, columns - 4, look).map(line => [span(`   ${line}`)]),
		// A command that is cut cannot be typed.
		...(command === null || displayWidth(command) > columns - 6 ? [] : [[span(`     ${command}`, look.theme.muted)]]),
	]);
	return [heading('TO LOOK AT FIRST', look), ...lines];
}

/** The consolidated figures, a section for each analysis. */
export const resultSections = (
	analyses: RunState['analysisInfos'],
	results: RunState['analyses'],
	columns: number,
	look: Look,
	note = '',
): Line[][] => matchResults(analyses, results).map(({info, result}) => buildResult(info, result, columns, look, note));

/** Files and what is the matter with each. */
function troubleLines(
	title: string,
	files: readonly FileState[],
	count: number,
	{commonFolder}: RunState,
	columns: number,
	look: Look,
): Line[] {
	const {theme, glyphs} = look;
	if (count === 0) return [];
	const room = columns - 6;
	const names = shortenNames(
		files.map(({file}) => safe(file.slice(commonFolder.length))),
		room,
		glyphs,
	);
	const lines: Line[] = files.flatMap((file, index): Line[] => {
		const {glyph, style} = statusFace(file, 0, false, look);
		const sign = span(`   ${glyph} `, style);
		const name = names[index] ?? '';
		const reason = explainStatus(file) ?? '';
		// Half a reason explains nothing: what does not fit beside the name stands under it.
		if (displayWidth(name) + 2 + displayWidth(reason) <= room) return [[sign, span(`${name}  `), span(reason)]];
		const reasons = wrapInto(REASON_LINE_LIMIT, reason, room, look);
		return [[sign, span(name)], ...reasons.map(text => [span(`     ${text}`, theme.muted)])];
	});
	return [heading(title, look, formatInteger(count)), ...lines, ...moreLine(count - files.length, look)];
}

/** The files that took longest; one alone is no news. */
export function slowestLines({tally: {slowest}, commonFolder}: RunState, columns: number, look: Look): Line[] {
	if (slowest.length < 2) return [];
	const {theme, glyphs} = look;
	const nameWidth = Math.min(40, columns - 3 - 10 - 10 - 2);
	const names = shortenNames(
		slowest.map(({file}) => safe(file.slice(commonFolder.length))),
		nameWidth,
		glyphs,
	);
	const lines: Line[] = slowest.map((file, index) => [
		span(`   ${padEnd(names[index] ?? '', nameWidth)}`),
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
