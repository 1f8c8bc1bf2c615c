// The three lines at the top of a watched folder: what is watched and since when, whether all is well, and its files by state.
import type {ConnectionState} from '../../model/connection.ts';
import type {WatchStatus} from '../../model/watch-status.ts';
import {formatCount, formatDuration, formatInteger, quantity} from '../../text/format.ts';
import {safe} from '../../text/safe.ts';
import {truncateEnd, truncatePath} from '../../text/width.ts';
import {spell} from '../look/glyphs.ts';
import {
	chooseItems,
	cutLine,
	type Item,
	joinItems,
	type Line,
	lineWidth,
	padLine,
	span,
	type TextStyle,
} from '../look/line.ts';
import type {Look} from '../look/look.ts';
import {CONNECTION_WORDS, type HeaderLines, isBroken} from './header-lines.ts';

export interface WatchedHeaderFacts {
	readonly status: WatchStatus;
	/** The folder, made safe. */
	readonly title: string;
	readonly isPaused: boolean;
	/** To the process that watches it; `null`: it is this one. */
	readonly connection: ConnectionState | null;
	/** Whether something turns at the right end. */
	readonly isAtWork: boolean;
}

const PROGRAM = 'fileproc-tui';
const WIDE_COLUMNS = 80;

export function buildWatchedHeader(facts: WatchedHeaderFacts, columns: number, look: Look): HeaderLines {
	return {
		...titleLine(facts, columns, look),
		progress: healthLine(facts, columns, look),
		counts: countsLine(facts, columns, look),
	};
}

function titleLine(facts: WatchedHeaderFacts, columns: number, {theme, glyphs}: Look) {
	const {status, title, isPaused, isAtWork, connection} = facts;
	const since = formatDuration((status.owner?.uptime ?? 0) * 1000);
	const clock: Line = isBroken(connection)
		? [span(` ${CONNECTION_WORDS[connection]} `, theme.warning)]
		: isPaused
			? [span(`${glyphs.paused} paused`, theme.warning), span(`  ${since} `)]
			: [span(' watching ', theme.muted), span(`${since} `)];
	const room = columns - lineWidth(clock) - (isAtWork ? 2 : 0);
	const program = columns < 60 ? [] : [span(PROGRAM, theme.heading), span('  ')];
	const left = [span(' '), ...program, span(truncatePath(title, Math.max(8, room - lineWidth(program) - 2), glyphs))];
	return {beforeSpinner: padLine(cutLine(left, room, glyphs.ascii), room), afterSpinner: clock};
}

/** The first thing that is in the way, and how many others there are. */
function healthLine({status: {health, files}, isPaused}: WatchedHeaderFacts, columns: number, look: Look): Line {
	const {theme, glyphs} = look;
	const [first, ...others] = health.reasons;
	if (first === undefined) {
		const failed: Line =
			files.failed === 0 ? [] : [span(' but for '), span(quantity(files.failed, 'failed file'), theme.bad)];
		const waiting = files.processing + files.waiting === 0 ? [span(', and nothing waits')] : [];
		const line = [span(` ${glyphs.completed} `, theme.good), span('all is well'), ...failed, ...waiting];
		return cutLine(line, columns, glyphs.ascii);
	}
	const more = others.length === 0 ? '' : `  + ${others.length} more`;
	const message = isPaused && first.code === 'INTAKE_PAUSED' ? describePaused(files.processing) : safe(first.message);
	const text = truncateEnd(spell(message, glyphs), Math.max(8, columns - 4 - more.length), glyphs);
	const sign = first.code === 'INTAKE_PAUSED' ? glyphs.paused : glyphs.noRecord;
	return cutLine([span(` ${sign} ${text}`, theme.warning), span(more, theme.muted)], columns, glyphs.ascii);
}

const describePaused = (processing: number): string =>
	`No further file is taken until it is resumed${processing === 0 ? '' : `; ${quantity(processing, 'file')} in work ${processing === 1 ? 'goes' : 'go'} on`}.`;

function countsLine({status: {files, rows}}: WatchedHeaderFacts, columns: number, {theme, glyphs}: Look): Line {
	const isWide = columns >= WIDE_COLUMNS;
	const count = (amount: number, word: string, glyph: string, style: TextStyle, priority: number): Item => ({
		line: amount === 0 ? [] : [span(`${isWide ? `${glyph} ` : ''}${formatInteger(amount)} ${word}`, style)],
		priority,
	});
	const items = [
		count(files.waiting, 'waiting', glyphs.queued, theme.muted, 8),
		count(files.processing, 'in work', glyphs.selected, theme.active, 7),
		count(files.completed, 'done', glyphs.completed, theme.good, 9),
		count(files.failed, 'failed', glyphs.failed, theme.bad, 10),
		count(files.duplicate, files.duplicate === 1 ? 'duplicate' : 'duplicates', glyphs.duplicate, theme.muted, 5),
		count(files.skipped, 'not taken', glyphs.skipped, theme.warning, 6),
	];
	const total: Item = {
		line: rows.read === 0 ? [] : [span(`${formatCount(rows.read)} ${rows.read === 1 ? 'row' : 'rows'}`)],
		priority: 1,
	};
	const gap = isWide ? 3 : 2;
	const fitting = chooseItems([...items, total], columns - 2, gap);
	const left = joinItems(
		fitting.filter(item => item !== total),
		gap,
	);
	const right = fitting.includes(total) ? total.line : [];
	const between = Math.max(0, columns - 2 - lineWidth(left) - lineWidth(right));
	const nothing = lineWidth(left) === 0 ? [span('no file yet', theme.muted)] : [];
	return cutLine([span(' '), ...nothing, ...left, span(' '.repeat(between)), ...right], columns, glyphs.ascii);
}
