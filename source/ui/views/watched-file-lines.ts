// Everything that is known of one file of a watched folder, besides what it came to; and the routes that it may be sent on.
import type {WatchedFile} from '../../model/watched-folder.ts';
import {formatBytes, formatInteger} from '../../text/format.ts';
import {safe} from '../../text/safe.ts';
import {truncateEnd, truncatePath} from '../../text/width.ts';
import type {Routing} from '../commands/inbox-state.ts';
import {type Line, span} from '../look/line.ts';
import type {Look} from '../look/look.ts';
import {type MarkedLines, markRow} from './column-lines.ts';
import {describeAge, stateFace} from './inbox-lines.ts';
import {factLines, SMALL_BELOW_COLUMNS, wrapWords} from './sections.ts';

export interface WatchedFileFacts {
	readonly file: WatchedFile;
	/** When this was found, in milliseconds since 1970. */
	readonly at: number;
	/** Whether what it came to is shown beside this: then that has its name, its state and its figures. */
	readonly isRead: boolean;
	readonly nowMs: number;
}

export function buildWatchedFile({file, at, isRead, nowMs}: WatchedFileFacts, columns: number, look: Look): Line[] {
	const {theme, glyphs} = look;
	const {glyph, word, style} = stateFace(file, nowMs, look);
	const fact = (label: string, value: string | null): Line[] =>
		value === null || value === '' ? [] : factLines(label, value, columns, look);
	const route = [file.tag, file.step].filter(text => text !== null).map(text => safe(text));
	const figures = [
		...fact('attempts', file.attempts === 0 ? null : formatInteger(file.attempts)),
		...fact('size', formatBytes(file.bytes)),
		...fact(
			'rows',
			file.rows === null ? null : `${formatInteger(file.rows)}, ${formatInteger(file.rejectedRows ?? 0)} rejected`,
		),
	];
	const top: Line[] = [
		...(columns < SMALL_BELOW_COLUMNS ? [] : [[]]),
		[span(` ${truncatePath(safe(file.file), columns - 2, glyphs)}`, theme.heading)],
		[span(` ${glyph} ${word}`, style)],
		...(file.message === null ? [] : explain(file, columns)),
	];
	return [
		...(isRead ? [] : top),
		[],
		...fact('route, step', route.join(', ')),
		...(isRead ? [] : figures),
		...fact('came', timeOf(file.cameAt, at)),
		...fact('ended', timeOf(file.endedAt, at)),
		...fact('lies at', safe(file.place)),
		...fact('claim', file.claim === null ? null : safe(file.claim)),
	];
}

const explain = ({state, code, message}: WatchedFile, columns: number): Line[] => {
	const text = code === null || state === 'skipped' ? safe(message ?? '') : safe(`${code}: ${message}`);
	return wrapWords(text, Math.max(1, columns - 4)).map(line => [span(`   ${line}`)]);
};

/** `2026-11-30 03:00:12 UTC, 5 min ago`. */
const timeOf = (ms: number | null, at: number): string | null =>
	ms === null
		? null
		: `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC, ${describeAge(Math.max(0, at - ms) / 1000)} ago`;

/** The routes of the folder, to send a file on. */
export function buildRoutes({file, index}: Routing, tags: readonly string[], columns: number, look: Look): MarkedLines {
	const {theme, glyphs} = look;
	const title = ` Retry ${truncatePath(safe(file), Math.max(8, columns - 30), glyphs)} on the route`;
	const rows = tags.map((tag): Line => [span(`   ${truncateEnd(safe(tag), columns - 5, glyphs)}`)]);
	const lines: Line[] = [[], [span(title, theme.heading)], [], ...rows];
	const selectedLine = 3 + Math.min(index, tags.length - 1);
	const selected = lines[selectedLine];
	return {
		lines: selected === undefined ? lines : lines.with(selectedLine, markRow(selected, columns, look)),
		selectedLine,
	};
}
