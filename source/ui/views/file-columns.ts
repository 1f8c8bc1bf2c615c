// The columns of the list of files: what each shows, and which of them fit a terminal's width.
import {PLAN_ORDER, type Sort} from '../../store/arrange.ts';
import {selectFileBytesPerSecond, selectFileRemainingMs} from '../../store/selectors.ts';
import type {FileState} from '../../store/state.ts';
import {analysisOf} from '../../store/tally.ts';
import {formatBytes, formatCount, formatDuration, formatMegabytes, formatPercent} from '../../text/format.ts';
import {safe} from '../../text/safe.ts';
import {padEnd, truncateEnd, truncatePath} from '../../text/width.ts';
import {progressBar} from '../look/bars.ts';
import {figure, type Line, lineWidth, span} from '../look/line.ts';
import type {Look} from '../look/look.ts';
import {explainStatus, fileFraction, statusFace} from './file-status.ts';

export interface CellContext {
	/** The name of the file as there is room for it, where names beside it count. */
	readonly shownName?: string | undefined;
	readonly nowMs: number;
	readonly isRunPaused: boolean;
	readonly look: Look;
}

export interface Column {
	readonly key: 'name' | 'status' | 'progress' | 'analysis' | 'size' | 'rows' | 'rejected' | 'speed' | 'eta';
	readonly title: string;
	/** Exactly so many columns of the terminal. */
	readonly width: number;
	readonly align: 'left' | 'right';
	readonly cell: (file: FileState, width: number, context: CellContext) => Line;
}

type ColumnSpec = Omit<Column, 'width'>;

const name: ColumnSpec = {
	key: 'name',
	title: 'FILE',
	align: 'left',
	cell: ({file}, width, {look, shownName}) => {
		const {ascii} = look.glyphs;
		return [span(padEnd(shownName ?? truncatePath(safe(file), width, {ascii}), width, {ascii}))];
	},
};

const status: ColumnSpec = {
	key: 'status',
	title: 'STATUS',
	align: 'left',
	cell: (file, width, {nowMs, isRunPaused, look}) => {
		const {glyph, word, style} = statusFace(file, nowMs, isRunPaused, look);
		return [span(padEnd(`${glyph} ${word}`, width), style)];
	},
};

const PERCENT_WIDTH = 6;

const progress: ColumnSpec = {
	key: 'progress',
	title: 'PROGRESS',
	align: 'left',
	cell: (file, width, {look}) => {
		if (file.status === 'queued') return [span(' '.repeat(width))];
		const fraction = fileFraction(file);
		if (fraction === undefined) return [span(padEnd(`${formatBytes(file.bytesRead)} read`, width))];
		const percent = figure(formatPercent(fraction), Math.min(PERCENT_WIDTH, width));
		if (width <= PERCENT_WIDTH) return [percent];
		const {theme} = look;
		// What is done is told by its sign; a wall of full bars would drown those that move.
		const style = file.status === 'running' ? theme.active : theme.muted;
		return [...progressBar(fraction, width - PERCENT_WIDTH, style, look), percent];
	},
};

const analysis: ColumnSpec = {
	key: 'analysis',
	title: 'ANALYSIS',
	align: 'left',
	cell: (file, width, {look}) => {
		const {ascii} = look.glyphs;
		return [span(padEnd(truncateEnd(safe(analysisOf(file) ?? ''), width, {ascii}), width), look.theme.muted)];
	},
};

const size: ColumnSpec = {
	key: 'size',
	title: 'SIZE',
	align: 'right',
	cell: ({bytesTotal}, width, {look}) => [
		bytesTotal === null ? figure(look.glyphs.dash, width, look.theme.muted) : figure(formatBytes(bytesTotal), width),
	],
};

const rows: ColumnSpec = {
	key: 'rows',
	title: 'ROWS',
	align: 'right',
	cell: (file, width) => [figure(file.startedAtMs === null ? '' : formatCount(file.rows), width)],
};

const rejected: ColumnSpec = {
	key: 'rejected',
	title: 'REJECTED',
	align: 'right',
	// A zero in every row would hide the one that is none.
	cell: ({rejectedRows}, width, {look}) => [
		figure(rejectedRows === 0 ? '' : formatCount(rejectedRows), width, look.theme.warning),
	],
};

const speed: ColumnSpec = {
	key: 'speed',
	title: 'MB/s',
	align: 'right',
	cell: (file, width, {nowMs, look}) => {
		const bytesPerSecond = selectFileBytesPerSecond(file, nowMs);
		if (bytesPerSecond !== undefined) return [figure(formatMegabytes(bytesPerSecond), width)];
		return [figure(file.status === 'running' ? look.glyphs.dash : '', width, look.theme.muted)];
	},
};

const eta: ColumnSpec = {
	key: 'eta',
	title: 'ETA',
	align: 'right',
	cell: (file, width, {nowMs, look}) => {
		const remainingMs = selectFileRemainingMs(file, nowMs);
		if (remainingMs !== undefined) return [figure(formatRemaining(remainingMs), width)];
		return [figure(file.status === 'running' ? look.glyphs.dash : '', width, look.theme.muted)];
	},
};

/** Rounded up: what is still at work never has `00:00` left. */
export const formatRemaining = (remainingMs: number): string => formatDuration(Math.ceil(remainingMs / 1000) * 1000);

/** Sign of the cursor and a space at each side of it; one column stays free at the right. */
export const MARKER_WIDTH = 3;
const RIGHT_MARGIN = 1;
export const COLUMN_GAP = 2;
/** A name keeps at least this much before another column is added. */
const NAME_WIDTH_WANTED = 24;
const STATUS_WIDTH = 11;

/**
Beside name, status and progress, which are always there: the most important first, with what each needs: its title, a space
and the sign of the order, one of them in the gap before it. On 80 columns there is room for size, rows and speed.
*/
const OPTIONAL_COLUMNS: readonly (readonly [Column['key'], number])[] = [
	['rows', 6],
	['size', 7],
	['speed', 5],
	['rejected', 9],
	['eta', 7],
];

/** Rejected records come before speed and bars, and even the name gives way to them: a file that has some is not what it looks like. */
const WITH_REJECTS_FIRST: typeof OPTIONAL_COLUMNS = [
	['rejected', 9],
	...OPTIONAL_COLUMNS.filter(([key]) => key !== 'rejected'),
];
const NAME_WIDTH_BESIDE_REJECTS = 20;

/** Where files came to different analyses, each tells its own: before sizes, because the rows of one are not those of another. */
const ANALYSIS_COLUMN: (typeof OPTIONAL_COLUMNS)[number] = ['analysis', 12];

const barWidthFor = (terminalColumns: number, hasRejects: boolean): number => {
	if (terminalColumns >= 160) return 30;
	if (terminalColumns >= 120) return 20;
	if (terminalColumns >= 104) return 8;
	return terminalColumns >= (hasRejects ? 80 : 60) ? 6 : 0;
};

/**
The columns that fit, in their order on the screen; the name takes what is left.

@param hasRejects - Whether any file has rejected records.
@param isMixed - Whether files came to different analyses.
*/
export function fitColumns(terminalColumns: number, hasRejects: boolean, isMixed = false): Column[] {
	const barWidth = barWidthFor(terminalColumns, hasRejects);
	const progressWidth = barWidth === 0 ? 5 : barWidth + PERCENT_WIDTH;
	const fitting = new Map<Column['key'], number>([
		['status', STATUS_WIDTH],
		['progress', progressWidth],
	]);
	let nameWidth = terminalColumns - MARKER_WIDTH - RIGHT_MARGIN - STATUS_WIDTH - progressWidth - 2 * COLUMN_GAP;
	const nameWidthWanted = hasRejects ? NAME_WIDTH_BESIDE_REJECTS : NAME_WIDTH_WANTED;
	const [first, ...others] = hasRejects ? WITH_REJECTS_FIRST : OPTIONAL_COLUMNS;
	const wanted = [first, ...(isMixed ? [ANALYSIS_COLUMN] : []), ...others].filter(column => column !== undefined);
	for (const [key, width] of wanted) {
		if (nameWidth - COLUMN_GAP - width < nameWidthWanted) break;
		nameWidth -= COLUMN_GAP + width;
		fitting.set(key, width);
	}
	fitting.set('name', nameWidth);
	return [name, analysis, status, progress, size, rows, rejected, speed, eta].flatMap(column => {
		const width = fitting.get(column.key);
		if (width === undefined) return [];
		// Without a bar there is only the percentage, and its title is as short.
		const isPercentOnly = column.key === 'progress' && width < PERCENT_WIDTH;
		return isPercentOnly ? [{...column, width, title: 'DONE', align: 'right' as const}] : [{...column, width}];
	});
}

/** The titles; the column that the list is sorted by has a sign that tells the direction, and may begin in the gap before it. */
export function headingLine(columns: readonly Column[], {theme, glyphs}: Look, sort: Sort = PLAN_ORDER): Line {
	const sign = sort.isDescending ? glyphs.descending : glyphs.ascending;
	let text = ' '.repeat(MARKER_WIDTH);
	for (const [index, {key, title, width, align}] of columns.entries()) {
		const shown = key === sort.key ? `${title} ${sign}` : title;
		const gap = index === 0 ? 0 : COLUMN_GAP;
		const cell = align === 'left' ? padEnd(shown, width) : shown.padStart(width);
		text += cell.padStart(gap + width);
	}
	return [span(text, theme.muted)];
}

/** A reason needs this much to say anything; where the columns after the status are narrower, it begins there. */
const REASON_WIDTH_WANTED = 16;

/** One row of the list, without the sign of the cursor. What went wrong stands in place of the progress and all after it. */
export function fileLine(file: FileState, columns: readonly Column[], context: CellContext): Line {
	if (explainStatus(file) === undefined)
		return joinCells(columns.map(column => column.cell(file, column.width, context)));

	const {ascii} = context.look.glyphs;
	const {glyph, style} = statusFace(file, context.nowMs, context.isRunPaused, context.look);
	const statusIndex = columns.findIndex(({key}) => key === 'status');
	const afterStatus = widthOf(columns.slice(statusIndex + 1));
	const isReasonAfterStatus = afterStatus >= REASON_WIDTH_WANTED;
	const reason = explainStatus(file, !isReasonAfterStatus) ?? '';
	const kept = columns.slice(0, isReasonAfterStatus ? statusIndex + 1 : statusIndex);
	const reasonWidth = widthOf(columns.slice(kept.length));
	// The sign and the word have the colour; a screen of red sentences would be no calm place to read them.
	const sign = isReasonAfterStatus ? [] : [span(`${glyph} `, style)];
	return joinCells([
		...kept.map(column => column.cell(file, column.width, context)),
		[...sign, span(truncateEnd(reason, reasonWidth - lineWidth(sign), {ascii}))],
	]);
}

const joinCells = (cells: readonly Line[]): Line =>
	cells.flatMap((cell, index) => (index === 0 ? cell : [span(' '.repeat(COLUMN_GAP)), ...cell]));

const widthOf = (columns: readonly Column[]): number =>
	columns.reduce((sum, {width}) => sum + width + COLUMN_GAP, -COLUMN_GAP);
