// The files of a watched folder as a list, and above it the figures of the folder. Only the rows on the screen are built.
import type {WatchStatus} from '../../model/watch-status.ts';
import type {FolderLook, WatchedFile} from '../../model/watched-folder.ts';
import {formatBytes, formatInteger, formatPercent, formatSeconds, quantity} from '../../text/format.ts';
import {safe} from '../../text/safe.ts';
import {shortenNames} from '../../text/short-names.ts';
import {padEnd, padStart, truncateEnd, truncateMiddle} from '../../text/width.ts';
import {spell, spinnerAt} from '../look/glyphs.ts';
import {fitItems, type Item, justify, type Line, span, type TextStyle} from '../look/line.ts';
import type {Look} from '../look/look.ts';
import {markRow, ROW_MARKER_WIDTH} from './column-lines.ts';
import {figureRows, type InboxWindow} from './inbox-window.ts';

export interface InboxFacts {
	readonly look: FolderLook;
	readonly window: InboxWindow;
	readonly isOldestFirst: boolean;
	/** For what turns. */
	readonly nowMs: number;
}

/** @param bodyRows - Lines of the view. */
export function buildInbox(facts: InboxFacts, columns: number, bodyRows: number, look: Look): Line[] {
	const {status} = facts.look;
	const figures = figureRows(bodyRows) === 0 ? [] : [...figureLines(status, columns, look), rule(columns, look)];
	return [...figures, ...listLines(facts, columns, look)];
}

const rule = (columns: number, {theme, glyphs}: Look): Line => [span(glyphs.rule.repeat(columns), theme.muted)];

function figureLines(status: WatchStatus, columns: number, look: Look): Line[] {
	const {theme, glyphs} = look;
	const {success_rate: rate, processing_time: time, throughput, oldest, owner, last_error: error, files} = status;
	const item = (label: string, text: string, priority: number, style?: TextStyle): Item => ({
		line: text === '' ? [] : [span(`${label} `, theme.muted), span(spell(text, glyphs), style)],
		priority,
	});
	const of = ({files: count, bytes}: {readonly files: number; readonly bytes: number}): string =>
		`${quantity(count, 'file')}, ${formatBytes(bytes)}`;
	const seconds = (value: number | null): string => (value === null ? glyphs.dash : formatSeconds(value));
	const line = (items: readonly Item[]): Line => [span(' '), ...fitItems(items, columns - 2, 3)];
	const usage = owner?.usage ?? null;
	const nameRoom = Math.max(8, Math.floor(columns / 4));
	return [
		line([
			item(
				'success',
				rate === null
					? glyphs.dash
					: `${formatInteger(files.completed)} of ${formatInteger(files.completed + files.failed)}`,
				9,
			),
			item('rate', rate === null ? '' : describeRate(rate), 3),
			item('mean', seconds(time.mean), 5),
			item('p50', seconds(time.p50), 6),
			item('p95', seconds(time.p95), 8),
			item('p99', seconds(time.p99), 7),
		]),
		line([
			item('last minute', of(throughput.last_minute), 9),
			item('last hour', of(throughput.last_hour), 8),
			item('oldest', oldest === null ? glyphs.dash : describeAge(oldest.age), 10),
			item('since start', of(throughput.since_start), 4),
		]),
		line([
			item('cpu', usage === null ? '' : formatPercent(usage.cpu_share), 6),
			item('memory', usage === null ? '' : formatBytes(usage.memory_bytes), 7),
			item('open files', usage?.open_files == null ? '' : formatInteger(usage.open_files), 5),
			item(
				'last error',
				error === null
					? ''
					: `${safe(error.code)} ${truncateMiddle(safe(error.file), nameRoom, glyphs)}, ${describeAge(secondsBetween(error.at, status.at))} ago`,
				8,
			),
		]),
	];
}

/** Rounded down, so that all means all. */
const describeRate = (rate: number): string =>
	rate === 1 ? '100 %' : `${(Math.floor(rate * 1000) / 10).toFixed(1)} %`;

const secondsBetween = (from: string, to: string): number => Math.max(0, Date.parse(to) - Date.parse(from)) / 1000;

/** `12 s`, `5 min`, `3 h`, `12 d`: it rarely changes, and stands in a narrow column. */
export function describeAge(seconds: number): string {
	if (seconds < 60) return `${Math.floor(seconds)} s`;
	if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
	return seconds < 48 * 3600 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

export interface StateFace {
	readonly glyph: string;
	readonly word: string;
	readonly style: TextStyle;
}

export function stateFace(file: WatchedFile, nowMs: number, {theme, glyphs}: Look): StateFace {
	switch (file.state) {
		case 'waiting':
			return {glyph: glyphs.queued, word: 'waiting', style: theme.muted};
		case 'growing':
			return {glyph: glyphs.growing, word: 'growing', style: theme.muted};
		case 'skipped':
			return {glyph: glyphs.skipped, word: 'not taken', style: theme.warning};
		case 'processing':
			return {glyph: spinnerAt(nowMs), word: 'in work', style: theme.active};
		case 'completed':
			return hasNoRecord(file)
				? {glyph: glyphs.noRecord, word: file.rows === 0 ? 'empty' : 'rejected', style: theme.warning}
				: {glyph: glyphs.completed, word: 'done', style: theme.good};
		case 'failed':
			return {glyph: glyphs.failed, word: 'failed', style: theme.bad};
		case 'duplicate':
			return {glyph: glyphs.duplicate, word: 'duplicate', style: theme.muted};
	}
}

/** Whether it has no accepted record, as far as its figures say, for a run never takes such a file for a good one. */
const hasNoRecord = ({rows, rejectedRows}: WatchedFile): boolean =>
	rows === 0 || (rows !== null && rows === rejectedRows);

interface Column {
	readonly title: string;
	readonly width: number;
	readonly isNumber: boolean;
	readonly textOf: (file: WatchedFile) => string;
}

const GAP = 2;
const STATE_WIDTH = 11;
const AGE_WIDTH = 6;
const MIN_NAME_WIDTH = 20;

/** What the name and the state leave room for, the most useful ones first. */
const OPTIONAL: readonly Column[] = [
	{title: 'TAG', width: 12, isNumber: false, textOf: ({tag}) => safe(tag ?? '')},
	{title: 'STEP', width: 10, isNumber: false, textOf: ({step}) => safe(step ?? '')},
	{title: 'TRY', width: 3, isNumber: true, textOf: ({attempts}) => (attempts === 0 ? '' : formatInteger(attempts))},
	{title: 'SIZE', width: 7, isNumber: true, textOf: ({bytes}) => formatBytes(bytes)},
];

interface Columns {
	readonly nameWidth: number;
	readonly others: readonly Column[];
}

function fitColumns(columns: number): Columns {
	let nameWidth = columns - 1 - ROW_MARKER_WIDTH - STATE_WIDTH - AGE_WIDTH - 2 * GAP;
	const others: Column[] = [];
	for (const column of OPTIONAL) {
		if (nameWidth - column.width - GAP < MIN_NAME_WIDTH) break;
		nameWidth -= column.width + GAP;
		others.push(column);
	}
	// On a wide screen tags and steps have more to say than names.
	const spare = Math.max(0, Math.min(24, nameWidth - 36));
	const widened = others.map(column =>
		column.isNumber ? column : {...column, width: column.width + Math.floor(spare / 2)},
	);
	return {nameWidth: nameWidth - 2 * Math.floor(spare / 2), others: widened};
}

function listLines({look: {status}, window, isOldestFirst, nowMs}: InboxFacts, columns: number, look: Look): Line[] {
	const {theme, glyphs} = look;
	const {files, offset, height, index, count} = window;
	const fitted = fitColumns(columns);
	const gap = ' '.repeat(GAP);
	const at = Date.parse(status.at);
	const sign = isOldestFirst ? glyphs.descending : glyphs.ascending;
	const titles = fitted.others.map(({title, width, isNumber}) => (isNumber ? padStart : padEnd)(title, width) + gap);
	const heading = `${' '.repeat(ROW_MARKER_WIDTH)}${padEnd('FILE', fitted.nameWidth)}${gap}${padEnd('STATE', STATE_WIDTH)}${gap}${titles.join('')}`;
	const head: Line = [span(`${heading.slice(0, -1)}${padStart(`AGE ${sign}`, AGE_WIDTH + 1)}`, theme.muted)];
	const visible = files.slice(offset, offset + height);
	if (visible.length === 0) {
		const nothing = count === 0 ? 'There is no file yet: drop some into unprocessed/.' : 'No file fits.';
		return [head, [span(`   ${nothing}`, theme.muted)]];
	}
	const names = shortenNames(
		visible.map(({file}) => safe(file)),
		fitted.nameWidth,
		glyphs,
	);
	const rows = visible.map((file, place) => {
		const row = fileLine(file, names[place] ?? '', {fitted, at, nowMs, look});
		return offset + place === index ? markRow(row, columns, look) : row;
	});
	if (files.length <= height) return [head, ...rows];
	return [head, ...rows, overflowLine(window, visible.length, columns, look)];
}

interface RowContext {
	readonly fitted: Columns;
	readonly at: number;
	readonly nowMs: number;
	readonly look: Look;
}

function fileLine(file: WatchedFile, name: string, {fitted: {nameWidth, others}, at, nowMs, look}: RowContext): Line {
	const {theme, glyphs} = look;
	const {glyph, word, style} = stateFace(file, nowMs, look);
	const gap = ' '.repeat(GAP);
	const widthOf = (columns: readonly Column[]): number => columns.reduce((sum, {width}) => sum + width + GAP, 0);
	// Why a file is as it is stands in place of its route and all after it: on a wide screen the route stays.
	const note = noteOf(file);
	const kept = note === '' ? others : widthOf(others.slice(1)) >= NOTE_WIDTH_WANTED ? others.slice(0, 1) : [];
	const noteWidth = note === '' ? 0 : widthOf(others.slice(kept.length)) - GAP;
	const cells = kept.map(({width, isNumber, textOf}) => {
		const text = truncateEnd(textOf(file), width, glyphs);
		return span((isNumber ? padStart : padEnd)(text, width) + gap, isNumber ? undefined : theme.muted);
	});
	const age = file.cameAt === null ? '' : describeAge(Math.max(0, at - file.cameAt) / 1000);
	return [
		span(' '.repeat(ROW_MARKER_WIDTH)),
		span(padEnd(name, nameWidth, glyphs) + gap),
		span(padEnd(`${glyph} ${word}`, STATE_WIDTH), style),
		span(gap),
		...cells,
		...(noteWidth > 0 ? [span(padEnd(truncateEnd(note, noteWidth, glyphs), noteWidth) + gap)] : []),
		figureOf(age),
	];
}

const NOTE_WIDTH_WANTED = 30;
const figureOf = (age: string) => span(padStart(age, AGE_WIDTH));

/** What is in the way of the file, or why it ended so: the code says the most in the least room. */
function noteOf({state, code, message, note}: WatchedFile): string {
	if (note !== null) return safe(note);
	if (message === null || state === 'completed') return '';
	return safe(state === 'failed' ? `${code} ${message}` : message);
}

function overflowLine({files, offset}: InboxWindow, shown: number, columns: number, {theme, glyphs}: Look): Line {
	const below = files.length - offset - shown;
	const parts = [
		offset > 0 ? `${glyphs.up} ${formatInteger(offset)} above` : '',
		below > 0 ? `+ ${formatInteger(below)} more` : '',
	];
	const left = [span(' '.repeat(ROW_MARKER_WIDTH) + parts.filter(part => part !== '').join('   '), theme.muted)];
	const range = `${formatInteger(offset + 1)}${glyphs.dash}${formatInteger(offset + shown)}`;
	const right = [span(`${range} of ${formatInteger(files.length)} `, theme.muted)];
	return justify(left, right, columns, glyphs.ascii);
}
