// The whole run at a glance, while it is on and after: how fast it went from its beginning to now, what came of it so
// far, what failed for which reason, what took longest. All of it is kept up to date file by file in the store: nothing
// here looks at every file.
import type {Drift} from '../../model/run-diff.ts';
import type {WorkerInfo} from '../../model/worker-info.ts';
import {computeThroughput} from '../../store/history.ts';
import {listMessage} from '../../store/list-message.ts';
import type {RunState} from '../../store/state.ts';
import {formatBytes, formatDuration, formatInteger, formatRate} from '../../text/format.ts';
import {safe} from '../../text/safe.ts';
import {padEnd, truncatePath} from '../../text/width.ts';
import {columnChart, plainBar} from '../look/bars.ts';
import {justify, type Line, span} from '../look/line.ts';
import type {Look} from '../look/look.ts';
import {driftLines} from './drift-lines.ts';
import {type BuildSections, factLines, heading, inPanes, moreLine, wrapInto} from './sections.ts';
import {describeFiles, resultSections, slowestLines} from './summary-lines.ts';
import {workerLines} from './worker-lines.ts';

export interface OverviewFacts {
	readonly state: RunState;
	readonly nowMs: number;
	/** Consolidated figures of what has been read so far, where the engine can say; at the end the state has them. */
	readonly soFar: RunState['analyses'] | null;
	/** What changed since an earlier run, where that is known. */
	readonly drift: Drift;
	/** There where workers on other machines read. */
	readonly workers?: readonly WorkerInfo[] | null;
}

export function buildOverview(
	{state, nowMs, soFar, drift, workers = null}: OverviewFacts,
	columns: number,
	look: Look,
): Line[] {
	const isEnded = state.phase === 'ended';
	const analyses = isEnded ? state.analyses : (soFar ?? {});
	const note = isEnded ? '' : 'so far';
	const elapsedMs = isEnded ? (state.totals?.processing_time ?? 0) * 1000 : nowMs;
	const run: BuildSections = width => [
		throughputLines(state, elapsedMs, width, look),
		workerLines(workers, width, look),
		runLines(state, width, look),
		driftLines(drift, width, look),
	];
	const results: BuildSections = width => [
		...resultSections(state.analysisInfos, analyses, width, look, note),
		isEnded || soFar !== null ? [] : laterLines(state, look),
	];
	const reasons: BuildSections = width => [reasonLines(state, width, look)];
	const slowest: BuildSections = width => [slowestLines(state, width, look)];
	return inPanes(columns, look, [run, results], [reasons, slowest], [run, reasons, results, slowest]);
}

const laterLines = ({isEndless}: RunState, {theme}: Look): Line[] => [
	[
		span(
			isEndless
				? '   The details of each file have its figures.'
				: '   The figures of all files together come when the run ends.',
			theme.muted,
		),
	],
];

const CHART_ROWS = 5;

function throughputLines(state: RunState, elapsedMs: number, columns: number, look: Look): Line[] {
	const {theme, glyphs} = look;
	const room = Math.max(8, Math.min(columns - 4, 96));
	const rates = computeThroughput(state.history, elapsedMs, room);
	const highest = Math.max(0, ...rates);
	if (highest <= 0) return [heading('THROUGHPUT', look), [span('   Nothing has been read yet.', theme.muted)]];
	const mean = elapsedMs > 0 ? (state.bytesRead / elapsedMs) * 1000 : 0;
	const axis = justify(
		[span('00:00', theme.muted)],
		[span(formatDuration(elapsedMs), theme.muted)],
		room,
		glyphs.ascii,
	);
	return [
		heading(
			'THROUGHPUT',
			look,
			highest < mean ? `mean ${formatRate(mean)}` : `mean ${formatRate(mean)}, highest ${formatRate(highest)}`,
		),
		...columnChart(rates, CHART_ROWS, look).map(text => [span('   '), span(text, theme.active)]),
		[span('   '), ...axis],
	];
}

function runLines(state: RunState, columns: number, look: Look): Line[] {
	return [
		heading(state.status === 'cancelled' ? 'RUN, STOPPED EARLY' : 'RUN', look),
		...factLines('files', describeFiles(state), columns, look),
		...factLines('rows', formatInteger(state.rows), columns, look),
		...factLines('rejected', describeRejected(state), columns, look),
		...factLines('read', formatBytes(state.bytesRead), columns, look),
	];
}

/** `37`, and how many of a thousand that is. */
function describeRejected({rows, rejectedRows}: RunState): string {
	if (rejectedRows === 0 || rows === 0) return formatInteger(rejectedRows);
	const percent = (rejectedRows / rows) * 100;
	const share = percent < 0.01 ? 'less than 0.01' : percent.toFixed(percent < 10 ? 2 : 0);
	return `${formatInteger(rejectedRows)} (${share} % of the rows)`;
}

const REASON_LIMIT = 8;
const REASON_BAR_COLUMNS = 12;
const MESSAGE_LINE_LIMIT = 3;

function reasonLines({tally: {failures}, commonFolder}: RunState, columns: number, look: Look): Line[] {
	if (failures.length === 0) return [];
	const {theme, glyphs} = look;
	const most = failures[0]?.count ?? 1;
	const codeWidth = Math.min(22, Math.max(...failures.map(({code}) => code.length)));
	const barColumns = columns >= 60 ? REASON_BAR_COLUMNS : 0;
	const lines = failures.slice(0, REASON_LIMIT).flatMap(({code, count, file, message}): Line[] => {
		const bar = barColumns === 0 ? '' : `  ${padEnd(plainBar(count / most, barColumns, look), barColumns)}`;
		const name = truncatePath(safe(file.slice(commonFolder.length)), columns - 6, glyphs);
		return [
			[
				span(`   ${glyphs.failed} `, theme.bad),
				span(padEnd(safe(code), codeWidth, glyphs)),
				span(bar, theme.bad),
				span(formatInteger(count).padStart(7)),
			],
			...wrapInto(MESSAGE_LINE_LIMIT, safe(listMessage({code, message})), columns - 6, look).map(text => [
				span(`     ${text}`),
			]),
			[span(`     ${name}`, theme.muted)],
		];
	});
	const total = failures.reduce((sum, {count}) => sum + count, 0);
	return [
		heading('FAILURES BY REASON', look, formatInteger(total)),
		...lines,
		...moreLine(failures.length - REASON_LIMIT, look),
	];
}
