// The three lines at the top: what runs and since when, how far and how fast, and the counts.
import type {ConnectionState} from '../../model/connection.ts';
import {sumNoRecords} from '../../store/no-record.ts';
import {computeRateHistory} from '../../store/rates.ts';
import {selectBytesPerSecond, selectEndedCount, selectProgress, selectRemainingMs} from '../../store/selectors.ts';
import type {RunState} from '../../store/state.ts';
import {
	formatBytes,
	formatCount,
	formatDuration,
	formatInteger,
	formatPercent,
	formatRate,
	formatSeconds,
} from '../../text/format.ts';
import {safe} from '../../text/safe.ts';
import {truncatePath} from '../../text/width.ts';
import {progressBar, sparkline} from '../look/bars.ts';
import {spell} from '../look/glyphs.ts';
import {
	chooseItems,
	cutLine,
	fitItems,
	type Item,
	joinItems,
	type Line,
	lineWidth,
	padLine,
	span,
	type TextStyle,
} from '../look/line.ts';
import type {Look} from '../look/look.ts';
import {formatRemaining} from './file-columns.ts';

export interface HeaderLines {
	/** The first line around the spinner: it is the one thing up there with a clock of its own. */
	readonly beforeSpinner: Line;
	readonly afterSpinner: Line;
	readonly progress: Line;
	readonly counts: Line;
}

const PROGRAM = 'fileproc-tui';

/** Where files come as long as it runs, there may be none: then nothing moves, and nothing is painted. */
const isIdle = ({isEndless, counts}: RunState): boolean =>
	isEndless && counts.queued + counts.running + counts.retrying === 0;

export const isAtWork = (state: RunState): boolean => state.phase !== 'ended' && !state.isPaused && !isIdle(state);

export interface HeaderTitle {
	/** What was asked for, made safe. */
	readonly title: string;
	/** To the process that the run is one of; `null`: it is one of this process. */
	readonly connection: ConnectionState | null;
}

export const CONNECTION_WORDS: Readonly<Record<ConnectionState, string>> = {
	connecting: 'connecting',
	live: 'live',
	lost: 'reconnecting',
	'signed-out': 'signed out',
	'given-up': 'not followed any more',
	ended: 'its process has ended',
};

export const isBroken = (connection: ConnectionState | null): connection is 'lost' | 'signed-out' | 'given-up' =>
	connection === 'lost' || connection === 'signed-out' || connection === 'given-up';

export function buildHeader(
	state: RunState,
	nowMs: number,
	title: HeaderTitle,
	columns: number,
	look: Look,
): HeaderLines {
	return {
		...titleLine(state, nowMs, title, columns, look),
		progress: progressLine(state, nowMs, columns, look),
		counts: countsLine(state, columns, look),
	};
}

function titleLine(
	state: RunState,
	nowMs: number,
	{title, connection}: HeaderTitle,
	columns: number,
	{theme, glyphs}: Look,
) {
	const clock = runClock(state, nowMs, columns, {theme, glyphs});
	const spinnerColumns = isAtWork(state) ? 2 : 0;
	const room = columns - lineWidth(clock) - spinnerColumns - 1;
	const files = formatInteger(Math.max(state.fileCount, state.files.length));
	const facts = [span(`${files} ${files === '1' ? 'file' : 'files'}`, theme.muted)];
	const bytes = [span(state.bytesTotal > 0 ? formatBytes(state.bytesTotal) : '', theme.muted)];
	// The title gives way to nothing but the name of the program, but never takes more than half of the line.
	const {shown, folder} = nameRun(state, title);
	const shortTitle = truncatePath(shown, Math.max(8, Math.floor(columns / 2) - PROGRAM.length), glyphs);
	const items: Item[] = [
		{line: [span(PROGRAM, theme.heading)], priority: columns < 60 ? 0 : folder === '' ? 4 : 0.8},
		{line: [span(shortTitle)], priority: 3},
		{
			line:
				connection === null
					? []
					: [span(CONNECTION_WORDS[connection], isBroken(connection) ? theme.warning : theme.muted)],
			priority: isBroken(connection) ? 5 : 0.7,
		},
		{line: folder === '' ? [] : [span(`in ${truncatePath(folder, Math.floor(columns / 5), glyphs)}`)], priority: 1},
		{line: facts, priority: 2},
		{line: bytes, priority: 0.5},
	];
	const left = [span(' '), ...fitItems(items, room - 2, 2)];
	return {beforeSpinner: padLine(cutLine(left, room, glyphs.ascii), room), afterSpinner: clock};
}

/** What was asked for, and the folder that all files share where that says something else; in place of many paths, it alone. */
function nameRun({paths, commonFolder}: RunState, title: string): {readonly shown: string; readonly folder: string} {
	const folder = safe(commonFolder);
	const bare = (path: string): string => path.replace(/^(?:\.\/+)+/, '').replace(/\/+$/, '') || '.';
	if (folder === '') return {shown: title, folder};
	if (paths.length > 1 && title === safe(paths.join(' '))) return {shown: folder, folder: ''};
	const [asked, common] = [bare(title), bare(folder)];
	if (asked === '.' || common.startsWith(`${asked}/`)) return {shown: common === '.' ? title : folder, folder: ''};
	return {shown: title, folder: `${asked}/`.startsWith(`${common}/`) ? '' : folder};
}

function runClock(state: RunState, nowMs: number, columns: number, {theme, glyphs}: Look): Line {
	if (state.phase === 'ended') {
		const seconds = state.totals?.processing_time ?? 0;
		const took = seconds < 60 ? formatSeconds(seconds) : formatDuration(Math.round(seconds) * 1000);
		const isWell = state.counts.failed === 0 && sumNoRecords(state.tally.noRecords) === 0;
		const [glyph, word, style] =
			state.status === 'cancelled'
				? [glyphs.cancelled, 'stopped after', theme.warning]
				: isWell
					? [glyphs.completed, 'finished in', theme.good]
					: state.counts.failed > 0
						? [glyphs.failed, 'finished in', theme.bad]
						: [glyphs.noRecord, 'finished in', theme.warning];
		return [span(`${glyph} ${word} ${took} `, style)];
	}
	const elapsed = formatDuration(nowMs);
	if (state.isPaused) return [span(`${glyphs.paused} paused`, theme.warning), span(`  ${elapsed} `)];
	const remainingMs = selectRemainingMs(state, nowMs);
	const remaining = remainingMs === undefined ? glyphs.dash : formatRemaining(remainingMs);
	// While all is held the figure stands still, and says so.
	const style = state.heldSinceMs === null ? undefined : theme.muted;
	const label = columns >= 80 ? ' elapsed' : '';
	return [span(` ${elapsed}`), span(label, theme.muted), span('   ETA ', theme.muted), span(`${remaining} `, style)];
}

function progressLine(state: RunState, nowMs: number, columns: number, look: Look): Line {
	const {theme, glyphs} = look;
	const fraction = selectProgress(state);
	const isEnded = state.phase === 'ended';
	const tookSeconds = state.totals?.processing_time ?? 0;
	const averageRate = tookSeconds > 0 ? (state.totals?.bytes ?? 0) / tookSeconds : undefined;
	const currentRate = state.heldSinceMs === null ? selectBytesPerSecond(state, nowMs) : undefined;
	const rate = spell(formatRate(isEnded ? averageRate : currentRate), glyphs);
	const sparkColumns = columns >= 120 ? 20 : columns >= 80 ? 12 : 0;
	const spark = isEnded ? '' : sparkline(computeRateHistory(state.samples), sparkColumns, look);
	// Fixed widths, so that the bar does not breathe with the figures behind it.
	const bytes = columns >= 80 ? doneOf(state).padStart(20) : '';
	const facts: Line = [
		span(formatPercent(fraction).padStart(6), theme.heading),
		span(bytes, theme.muted),
		span(rate.padStart(columns >= 80 ? 12 : 11)),
		span(columns >= 80 ? `  ${spark.padEnd(sparkColumns)}` : '', theme.active),
	];
	const barColumns = Math.max(4, columns - lineWidth(facts) - 2);
	const style = isEnded
		? state.counts.failed > 0 || state.status === 'cancelled' || sumNoRecords(state.tally.noRecords) > 0
			? theme.warning
			: theme.good
		: theme.active;
	return cutLine([span(' '), ...progressBar(fraction, barColumns, style, look), ...facts], columns, glyphs.ascii);
}

/** `7.8 / 12.4 GB`, or files where no bytes are known. */
function doneOf(state: RunState): string {
	if (state.bytesTotal === 0)
		return `${formatInteger(selectEndedCount(state))} / ${formatInteger(state.fileCount)} files`;
	const total = formatBytes(state.bytesTotal);
	const done = formatBytes(
		Math.max(0, (state.phase === 'ended' ? state.bytesTotal : state.bytesSettled) - state.bytesLeftOut),
	);
	const [doneNumber, doneUnit] = done.split(' ');
	return `${total.endsWith(` ${doneUnit}`) ? doneNumber : done} / ${total}`;
}

function countsLine(state: RunState, columns: number, {theme, glyphs}: Look): Line {
	const heldCount = state.isPaused ? state.counts.running : state.heldCount;
	const {rejected, 'header-only': headerOnly, empty} = state.tally.noRecords;
	const counts = {
		...state.counts,
		running: state.counts.running - heldCount,
		paused: heldCount,
		completed: state.counts.completed - sumNoRecords(state.tally.noRecords),
		rejected,
		empty: headerOnly + empty,
	};
	const count = (status: keyof typeof counts, word: string, glyph: string, style: TextStyle): Line =>
		counts[status] === 0 ? [] : [span(`${glyph} ${formatInteger(counts[status])} ${word}`, style)];
	// On a narrow screen the signs go: the words say the same.
	const sign = (glyph: string): string => (columns >= 80 ? glyph : '');
	const trim = (line: Line): Line => line.map(part => ({...part, text: part.text.trimStart()}));
	const items: Item[] = [
		{line: trim(count('running', 'running', sign(glyphs.selected), theme.active)), priority: 8},
		{line: trim(count('paused', 'paused', sign(glyphs.paused), theme.warning)), priority: 8},
		{line: trim(count('completed', 'done', sign(glyphs.completed), theme.good)), priority: 9},
		{line: trim(count('rejected', 'all rejected', sign(glyphs.noRecord), theme.warning)), priority: 10},
		{line: trim(count('empty', 'empty', sign(glyphs.noRecord), theme.warning)), priority: 9},
		{line: trim(count('failed', 'failed', sign(glyphs.failed), theme.bad)), priority: 10},
		{line: trim(count('retrying', 'retrying', sign(glyphs.retrying), theme.warning)), priority: 6},
		{line: trim(count('queued', 'queued', sign(glyphs.queued), theme.muted)), priority: 7},
		{line: trim(count('cancelled', 'cancelled', sign(glyphs.cancelled), theme.warning)), priority: 5},
		{line: trim(count('skipped', 'skipped', sign(glyphs.skipped), theme.muted)), priority: 4},
	];
	const room = columns - 2;
	const gap = columns >= 80 ? 3 : 2;
	const threads = state.threads === 0 ? '' : `${state.threads} ${state.threads === 1 ? 'thread' : 'threads'}`;
	const totals: Item[] = [
		{
			line: state.rows === 0 ? [] : [span(`${formatCount(state.rows)} ${state.rows === 1 ? 'row' : 'rows'}`)],
			priority: 3,
		},
		{
			line: state.rejectedRows === 0 ? [] : [span(`${formatCount(state.rejectedRows)} rejected`, theme.warning)],
			priority: 8.5,
		},
		{line: [span(threads, theme.muted)], priority: 1},
	];
	const fitting = chooseItems([...items, ...totals], room, gap);
	const left = joinItems(
		fitting.filter(item => items.includes(item)),
		gap,
	);
	const right = joinItems(
		fitting.filter(item => totals.includes(item)),
		gap,
	);
	const between = Math.max(0, room - lineWidth(left) - lineWidth(right));
	return cutLine([span(' '), ...left, span(' '.repeat(between)), ...right], columns, glyphs.ascii);
}
