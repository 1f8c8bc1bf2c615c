import type {ErrorReport} from '../../model/report.ts';
import {listMessage} from '../../store/list-message.ts';
import {describeNoRecord, type NoRecord, nameNoRecord, noRecordOf} from '../../store/no-record.ts';
import type {FileState} from '../../store/state.ts';
import {formatBytes} from '../../text/format.ts';
import {safe} from '../../text/safe.ts';
import {spinnerAt} from '../look/glyphs.ts';
import type {TextStyle} from '../look/line.ts';
import type {Look} from '../look/look.ts';

export interface StatusFace {
	readonly glyph: string;
	readonly word: string;
	readonly style: TextStyle;
}

const NO_RECORD_WORDS: Readonly<Record<NoRecord, string>> = {
	rejected: 'rejected',
	// The list says which of the two beside it.
	'header-only': 'empty',
	empty: 'empty',
};

/** The sign, the word and the colour of a file's status. A file at work turns with `nowMs`. */
export function statusFace(file: FileState, nowMs: number, isRunPaused: boolean, {theme, glyphs}: Look): StatusFace {
	switch (file.status) {
		case 'queued':
			return file.isPaused
				? {glyph: glyphs.paused, word: 'paused', style: theme.warning}
				: {glyph: glyphs.queued, word: 'queued', style: theme.muted};
		case 'running':
			return file.isPaused || isRunPaused
				? {glyph: glyphs.paused, word: 'paused', style: theme.warning}
				: {glyph: spinnerAt(nowMs), word: 'running', style: theme.active};
		case 'retrying':
			return {glyph: glyphs.retrying, word: 'retrying', style: theme.warning};
		case 'completed': {
			const kind = noRecordOf(file.report);
			return kind === null
				? {glyph: glyphs.completed, word: 'done', style: theme.good}
				: {glyph: glyphs.noRecord, word: NO_RECORD_WORDS[kind], style: theme.warning};
		}
		case 'failed':
			return {glyph: glyphs.failed, word: 'failed', style: theme.bad};
		case 'cancelled':
			return {glyph: glyphs.cancelled, word: 'cancelled', style: theme.warning};
		case 'skipped':
			return {glyph: glyphs.skipped, word: 'skipped', style: theme.muted};
	}
}

/** What went wrong in one safe line, with where, unless the message says so itself. */
export function describeError({message, line}: ErrorReport): string {
	const text = safe(message);
	return line === null || /\bline \d/i.test(text) ? text : `${text} (line ${line})`;
}

/**
The same for where there is little room: what tells one error from others comes first, so the code, the names of missing
columns, the line.
*/
export function briefError({code, message, line}: ErrorReport): string {
	const [name, text] = [safe(code), safe(listMessage({code, message}))];
	if (text.startsWith(name)) return text;
	const missing = readMissing(text);
	if (missing !== undefined) return `${name} ${missing.columns}${shortenHeader(missing.rest)}`;
	if (line === null) return `${name} ${text}`;
	return `${name} line ${line}: ${text.replace(new RegExp(` on line ${line}\\b`), '')}`;
}

/** What a header has, in fewer words, where it is told of next. */
const shortenHeader = (rest: string): string =>
	rest
		.replace(/^\. The header on line 1 has: /, '; has ')
		.replace(/^\. The header on line 1 is one field, /, '; has one field, ');

interface MissingColumns {
	/** Their names; `all of transactions` where the header has none of the needed ones. */
	readonly columns: string;
	readonly rest: string;
	readonly isAll: boolean;
}

/** The names of missing columns, which the message has in its first sentence. */
function readMissing(text: string): MissingColumns | undefined {
	const [, fit, afterFit = ''] = /^The header (fits no analysis): [^.]+(.*)$/s.exec(text) ?? [];
	if (fit !== undefined) return {columns: fit, rest: afterFit, isAll: true};
	const [, analysis, afterAll = ''] =
		/^All columns that the (\S+) analysis needs are missing: [^.]+(.*)$/s.exec(text) ?? [];
	if (analysis !== undefined) return {columns: `all of ${analysis}`, rest: afterAll, isAll: true};
	const sentence = /^The columns? (.+?)(?: that the \S+ analysis needs)? (?:is|are) missing(.*)$/s;
	const [, columns, rest = ''] = sentence.exec(text) ?? [];
	return columns === undefined ? undefined : {columns, rest, isAll: false};
}

/**
Why the file failed, waits for its next attempt or was skipped, how far it came before it was cancelled, why it has no accepted
record; `undefined` where there is nothing
to explain.

@param isShort - Where the status does not stand beside it and there is room for a few words.
*/
export function explainStatus(file: FileState, isShort = false): string | undefined {
	const {status, errors, report} = file;
	const kind = noRecordOf(report);
	if (kind !== null && report !== null) return isShort ? nameNoRecord(kind, report) : describeNoRecord(kind, report);
	if (status === 'cancelled') return describeCancelled(file, isShort);
	if (status !== 'failed' && status !== 'retrying' && status !== 'skipped') return undefined;
	const error = report?.error ?? errors.at(-1)?.error;
	if (error === undefined) return undefined;
	if (status === 'skipped') return describeError(error);
	const missing = isShort ? readMissing(safe(error.message)) : undefined;
	if (missing === undefined) return briefError(error);
	return missing.isAll ? 'no needed column' : `missing ${missing.columns}`;
}

/** Nothing of a file that was cancelled counts, so there is nothing that could be taken for its figures. */
function describeCancelled({attempt, bytesRead, bytesTotal}: FileState, isShort: boolean): string {
	if (attempt === 0) return isShort ? 'not begun' : 'cancelled before it began';
	const read = bytesTotal === null ? formatBytes(bytesRead) : `${formatBytes(bytesRead)} of ${formatBytes(bytesTotal)}`;
	return isShort ? `${formatBytes(bytesRead)} read` : `cancelled after ${read}; nothing of it counts`;
}

/** How much of the file is read, 0 to 1; `undefined` where its size is not known. */
export function fileFraction({status, bytesRead, bytesTotal}: FileState): number | undefined {
	if (status === 'completed') return 1;
	if (bytesTotal === null) return undefined;
	// A file may grow while it is read; it is done when it is done.
	return bytesTotal === 0 ? 0 : Math.min(0.999, bytesRead / bytesTotal);
}
