// Everything that is known about one file, while it runs and after.

import type {AnalysisInfo} from '../../model/analysis-info.ts';
import type {DialectReport, ErrorReport, FileReport, RejectReport} from '../../model/report.ts';
import type {FileInspection} from '../../model/run-control.ts';
import {hintOf, missingAnalyses, rejectsOf, resultsOf} from '../../store/analysis-results.ts';
import {describeForm} from '../../store/column-forms.ts';
import {noRecordOf} from '../../store/no-record.ts';
import {selectFileBytesPerSecond, selectFileRemainingMs} from '../../store/selectors.ts';
import type {AttemptError, FileState} from '../../store/state.ts';
import {
	formatBytes,
	formatInteger,
	formatNewline,
	formatPercent,
	formatRate,
	formatSeconds,
} from '../../text/format.ts';
import {safe} from '../../text/safe.ts';
import {displayWidth, padEnd, truncateEnd, truncatePath} from '../../text/width.ts';
import {progressBar} from '../look/bars.ts';
import {EMPTY_LINE, fitItems, type Item, type Line, span} from '../look/line.ts';
import type {Look} from '../look/look.ts';
import {type CellContext, formatRemaining} from './file-columns.ts';
import {describeError, explainStatus, fileFraction, statusFace} from './file-status.ts';
import {buildCharts, type KnownReading} from './on-demand-lines.ts';
import {buildResult} from './result-lines.ts';
import {inPanes, SMALL_BELOW_COLUMNS, wrapInto, wrapWords} from './sections.ts';

/** Of a message that is longer, the report has the rest. */
const MESSAGE_LINE_LIMIT = 20;

export interface DetailFacts {
	readonly analyses: readonly AnalysisInfo[];
	/** A look into a file that still streams: what it came to so far. */
	readonly inspection: FileInspection | null;
	/** In a watched folder: what is known of it there. */
	readonly folderLines?: readonly Line[];
	/** What the file was read for on demand. */
	readonly readings: readonly KnownReading[];
}

/** The lines of the details view. */
export function buildDetails(
	file: FileState,
	columns: number,
	context: CellContext,
	{analyses, inspection, readings, folderLines = []}: DetailFacts,
): Line[] {
	const {look} = context;
	const {report} = file;
	const isLive = report === null && file.status === 'running';
	const known = report ?? (isLive ? inspection : null);
	const note = isLive ? 'so far' : '';
	const name = truncatePath(safe(file.file), columns - 2, look.glyphs);
	const results = (width: number): Line[][] => {
		if (isLive && known === null) return [[[span('   Its figures come when it has ended.', look.theme.muted)]]];
		return (known === null ? [] : resultsOf(known)).map(([name, result]) => {
			const info = analyses.find(each => each.name === name);
			return info === undefined ? [] : buildResult(info, result, width, look, note);
		});
	};
	const top = [[span(` ${name}`, look.theme.heading)], statusLine(file, columns, context)];
	return [
		...(columns < SMALL_BELOW_COLUMNS ? [] : [EMPTY_LINE]),
		...top,
		...liveLines(file, columns, context),
		...explanationLines(file, columns, look),
		...folderLines,
		...inPanes(
			columns,
			look,
			[width => [...results(width), ...readings.flatMap(known => buildCharts(known, width, look))]],
			[
				width => [
					attemptLines(file.errors, width, look),
					missingLines(known === null ? [] : missingAnalyses(known), width, look),
					rejectLines(known === null ? [] : rejectsOf(known), file.rejectedRows, width, look, knownHint(report)),
					known?.dialect ? dialectLines(known.dialect, width, look) : [],
				],
			],
		),
	];
}

function statusLine(file: FileState, columns: number, context: CellContext): Line {
	const {theme} = context.look;
	const {glyph, word, style} = statusFace(file, context.nowMs, context.isRunPaused, context.look);
	const {processing_time: tookSeconds, filtered, source} = file.report ?? {};
	const rate = selectFileBytesPerSecond(file, context.nowMs);
	const items: Item[] = [
		{line: [span(`${glyph} ${word}`, style)], priority: 9},
		{line: file.attempt > 1 ? [span(`attempt ${file.attempt}`, theme.warning)] : [], priority: 3},
		{line: [span(formatBytes(file.bytesTotal ?? file.bytesRead))], priority: 5},
		{
			line:
				file.startedAtMs === null || file.status === 'cancelled'
					? []
					: [span(`${formatInteger(file.rows)} ${file.rows === 1 ? 'row' : 'rows'}`)],
			priority: 8,
		},
		{
			line: file.rejectedRows === 0 ? [] : [span(`${formatInteger(file.rejectedRows)} rejected`, theme.warning)],
			priority: 7,
		},
		{line: filtered === undefined ? [] : [span(`${formatInteger(filtered)} filtered`)], priority: 7},
		{line: source === undefined ? [] : [span('unchanged, from the ledger')], priority: 7},
		{
			line:
				tookSeconds === undefined || file.attempt === 0 || source !== undefined
					? []
					: [span(formatSeconds(tookSeconds))],
			priority: 6,
		},
		{line: rate === undefined ? [] : [span(formatRate(rate))], priority: 4},
	];
	return [span(' '), ...fitItems(items, columns - 2, 3)];
}

function liveLines(file: FileState, columns: number, {nowMs, look}: CellContext): Line[] {
	const fraction = fileFraction(file);
	if (file.status !== 'running' || fraction === undefined) return [];
	const remainingMs = selectFileRemainingMs(file, nowMs);
	const remaining = remainingMs === undefined ? look.glyphs.dash : formatRemaining(remainingMs);
	const facts: Line = [
		span(formatPercent(fraction).padStart(6)),
		span('   ETA ', look.theme.muted),
		span(remaining.padEnd(7)),
	];
	return [[span(' '), ...progressBar(fraction, Math.min(60, columns - 22), look.theme.active, look), ...facts]];
}

/** Of errors there is a section. */
function explanationLines(file: FileState, columns: number, {theme}: Look): Line[] {
	if (file.status !== 'cancelled' && noRecordOf(file.report) === null) return [];
	return wrapWords(explainStatus(file) ?? '', columns - 2).map(text => [span(` ${text}`, theme.warning)]);
}

function attemptLines(errors: readonly AttemptError[], columns: number, look: Look): Line[] {
	if (errors.length === 0) return [];
	const {theme, glyphs} = look;
	const lines = errors.flatMap(({attempt, error}) => {
		const head = `   ${attempt}  ${safe(error.code)}`;
		const place = error.byte_offset === null ? '' : `   byte ${formatInteger(error.byte_offset)}`;
		return [
			[span(truncateEnd(head, columns - 1, glyphs), theme.bad), span(place, theme.muted)],
			...messageLines(error, columns - 8, look).map(text => [span(`      ${text}`)]),
		];
	});
	return [[span(errors.length === 1 ? ' ERROR' : ' ATTEMPTS', theme.heading)], ...lines];
}

/** An error in our own code has a stack, of a line for each call. Any other message is one line, whatever it quotes. */
function messageLines(error: ErrorReport, columns: number, look: Look): string[] {
	const [message = '', ...stack] = error.code === 'INTERNAL_ERROR' ? error.message.split('\n') : [error.message];
	const calls = stack.flatMap(call => wrapInto(MESSAGE_LINE_LIMIT, safe(call.trim()), columns, look));
	return [...wrapInto(MESSAGE_LINE_LIMIT, describeError({...error, message}), columns, look), ...calls].slice(
		0,
		MESSAGE_LINE_LIMIT,
	);
}

function rejectLines(
	rejects: readonly RejectReport[],
	count: number,
	columns: number,
	{theme, glyphs}: Look,
	hint: string,
): Line[] {
	if (count === 0) return [];
	const title = [span(' REJECTED RECORDS', theme.heading)];
	if (rejects.length === 0) return [[...title, span(`   ${formatInteger(count)} so far`, theme.muted)]];
	const names = rejects.map(({column}) => (column === null ? '' : safe(column)));
	const columnWidth = rejectColumnWidth(names, rejects, columns);
	const lines = rejects.map(({line, reason, value}, index): Line => {
		const head = `   ${String(line).padStart(9)}  ${padEnd(names[index] ?? '', columnWidth, glyphs)}  `;
		const reasonText = padEnd(reason, 12);
		const room = columns - head.length - 12 - 3;
		return [
			span(head),
			span(reasonText, theme.warning),
			span(`  ${truncateEnd(safe(value), Math.max(0, room), glyphs)}`),
		];
	});
	const titles = `   ${'LINE'.padStart(9)}  ${'COLUMN'.padEnd(columnWidth)}  ${'REASON'.padEnd(12)}  VALUE`;
	// Several analyses may reject the same record.
	const shownCount = new Set(rejects.map(reject => reject.byte_offset)).size;
	const shown = shownCount < count ? `   first ${shownCount} of ${formatInteger(count)}` : '';
	const hintLines =
		hint === '' ? [] : wrapWords(safe(hint), columns - 5).map(text => [span(`   ${text}`, theme.warning)]);
	return [[...title, span(shown, theme.muted)], ...hintLines, [span(titles, theme.muted)], ...lines];
}

/** As wide as the names are, where the values leave that room. */
function rejectColumnWidth(names: readonly string[], rejects: readonly RejectReport[], columns: number): number {
	const widest = (texts: readonly string[]): number => Math.max(...texts.map(displayWidth));
	const besides = 3 + 9 + 2 + 2 + 12 + 2 + 1;
	const free = columns - besides - widest(['VALUE', ...rejects.map(({value}) => safe(value))]);
	return Math.max(columns >= 80 ? 16 : 8, Math.min(widest(names), free));
}

/** What nearly all of the rejected records have in common, unless that is said at the top. */
const knownHint = (report: FileReport | null): string =>
	report === null || noRecordOf(report) !== null ? '' : (hintOf(report) ?? '');

/** Analyses that were asked for, but are not made of the file. */
function missingLines(missing: ReturnType<typeof missingAnalyses>, columns: number, look: Look): Line[] {
	if (missing.length === 0) return [];
	const lines = missing.flatMap(([name, reason]) =>
		wrapInto(MESSAGE_LINE_LIMIT, safe(`${name}: ${reason}`), columns - 5, look).map(text => [span(`   ${text}`)]),
	);
	return [[span(' ANALYSES THAT DO NOT FIT', look.theme.heading)], ...lines];
}

/** What to do where the encoding may be another one. */
function assumedLines({encoding, encoding_assumed: assumed}: DialectReport, columns: number, look: Look): Line[] {
	if (assumed === undefined) return [];
	const advice = assumed.mixed
		? 'and others are: --encoding utf-8 reads those, and rejects the records that are not'
		: 'if texts look wrong, name their encoding with --encoding';
	const text = `${encoding} is assumed because line ${formatInteger(assumed.line)} is not UTF-8; ${advice}`;
	return wrapInto(MESSAGE_LINE_LIMIT, safe(text), columns - 5, look).map(line => [span(`   ${line}`)]);
}

function dialectLines(dialect: DialectReport, columns: number, look: Look): Line[] {
	const {theme} = look;
	const fact = (label: string, value: string, priority: number): Item => ({
		line: [span(`${label} `, theme.muted), span(value)],
		priority,
	});
	const items = [
		// Lines of text have neither.
		...(dialect.delimiter === '' ? [] : [fact('delimiter', safe(dialect.delimiter), 9)]),
		...(dialect.quote === '' ? [] : [fact('quote', safe(dialect.quote), 5)]),
		fact('encoding', safe(dialect.encoding), 8),
		fact('newline', formatNewline(dialect.newline), 7),
		fact('header', dialect.header ? 'yes' : 'no', 4),
		...(dialect.escape === undefined ? [] : [fact('escape', safe(dialect.escape), 4)]),
		...(dialect.skip_lines === undefined ? [] : [fact('lines in front', formatInteger(dialect.skip_lines), 6)]),
		...(dialect.skip_footer === undefined ? [] : [fact('lines behind', formatInteger(dialect.skip_footer), 6)]),
		...(dialect.comment === undefined ? [] : [fact('comments', safe(dialect.comment), 4)]),
		...(dialect.columns ?? []).map(column => fact(safe(column.name), safe(describeForm(column)), 3)),
		fact('compression', dialect.compression ?? 'none', dialect.compression === null ? 1 : 6),
	];
	const problems = (dialect.problems ?? []).flatMap(({line, message}) =>
		wrapInto(MESSAGE_LINE_LIMIT, safe(`line ${formatInteger(line)}: ${message}`), columns - 5, look).map(text => [
			span(`   ${text}`, theme.warning),
		]),
	);
	return [
		[span(' HOW IT WAS READ', theme.heading)],
		[span('   '), ...fitItems(items, columns - 4, 3)],
		...assumedLines(dialect, columns, look),
		...problems,
	];
}
