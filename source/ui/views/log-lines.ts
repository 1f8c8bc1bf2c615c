// The run's events as lines, the newest at the bottom. Each is built once: an event never changes.
import type {RunEvent} from '../../model/events.ts';
import type {FileReport} from '../../model/report.ts';
import {describeNoRecord, noRecordOf} from '../../store/no-record.ts';
import type {RunState} from '../../store/state.ts';
import {formatBytes, formatCount, formatDuration, formatInteger, formatSeconds} from '../../text/format.ts';
import {safe} from '../../text/safe.ts';
import {truncatePath} from '../../text/width.ts';
import {cutLine, type Line, span, type TextStyle} from '../look/line.ts';
import type {Look} from '../look/look.ts';
import {briefError} from './file-status.ts';

const TIME_WIDTH = 8;

/** Builds the lines of the log; what was built before is used again. */
export function createLogBuilder(columns: number, look: Look): (state: RunState) => Line[] {
	let built = new WeakMap<RunEvent, Line>();
	let folder = '';
	let isWatch = false;
	const lineOf = (event: RunEvent): Line => {
		const known = built.get(event);
		if (known !== undefined) return known;
		const line = cutLine(logLine(event, {folder, isWatch}, columns, look), columns - 1, look.glyphs.ascii);
		built.set(event, line);
		return line;
	};
	let last: {readonly log: readonly RunEvent[]; readonly lines: Line[]} | null = null;
	return ({log, logCount, commonFolder, isEndless}) => {
		if (last?.log === log && folder === commonFolder) return last.lines;
		isWatch = isEndless;
		if (folder !== commonFolder) {
			folder = commonFolder;
			built = new WeakMap();
		}
		const missing = logCount - log.length;
		const earlier = missing > 0 ? [[span(`   ${formatInteger(missing)} earlier events`, look.theme.muted)]] : [];
		last = {log, lines: [...earlier, ...log.map(lineOf)]};
		return last.lines;
	};
}

interface Told {
	readonly glyph: string;
	readonly style: TextStyle;
	readonly file?: string;
	readonly text: string;
}

interface LogOf {
	/** The one that all files are in. */
	readonly folder: string;
	/** Whether it is of a watched folder, and not of a run with an end. */
	readonly isWatch: boolean;
}

function logLine(event: RunEvent, {folder, isWatch}: LogOf, columns: number, look: Look): Line {
	const {glyph, style, file, text} = tell(event, isWatch, look);
	const time = span(formatDuration(event.elapsedMs).padStart(TIME_WIDTH), look.theme.muted);
	const nameWidth = Math.max(12, Math.min(48, Math.floor(columns * 0.4)));
	const name = file === undefined ? '' : `${truncatePath(safe(file.slice(folder.length)), nameWidth, look.glyphs)}  `;
	return [time, span('  '), span(`${glyph} `, style), span(name), span(text, file === undefined ? style : undefined)];
}

function tell(event: RunEvent, isWatch: boolean, {theme, glyphs}: Look): Told {
	switch (event.type) {
		case 'run-started': {
			const size = event.bytesTotal > 0 ? `, ${formatBytes(event.bytesTotal)}` : '';
			const atOnce = event.threads === 0 ? event.concurrency : Math.min(event.concurrency, event.threads);
			if (isWatch && event.server !== undefined)
				return {glyph: glyphs.selected, style: theme.heading, text: `The tasks of ${safe(event.server)}`};
			if (isWatch) {
				const text = `The folder is watched, ${formatInteger(atOnce)} files at a time`;
				return {glyph: glyphs.selected, style: theme.heading, text};
			}
			const begins = `The run begins: ${count(event.fileCount, 'file')}${size}, ${formatInteger(atOnce)} at a time`;
			const others = event.otherFiles === undefined ? '' : `; ${count(event.otherFiles.count, 'other file')} left out`;
			const text = begins + others;
			return {glyph: glyphs.selected, style: theme.heading, text};
		}
		case 'run-paused':
			return {
				...{glyph: glyphs.paused, style: theme.warning},
				text: isWatch ? 'No further file is taken' : 'The run is paused',
			};
		case 'run-resumed':
			return {
				...{glyph: glyphs.selected, style: theme.active},
				text: isWatch ? 'Files are taken again' : 'The run goes on',
			};
		case 'run-completed': {
			const {totals, status} = event;
			const took = formatSeconds(totals.processing_time);
			const done = `${formatInteger(totals.completed)} of ${count(totals.files, 'file')} completed`;
			const isWell = status === 'completed' && totals.failed === 0;
			return {
				glyph: isWell ? glyphs.completed : status === 'cancelled' ? glyphs.cancelled : glyphs.failed,
				style: isWell ? theme.good : theme.warning,
				text: `The run ${status === 'cancelled' ? 'was stopped' : 'ended'} after ${took}: ${done}`,
			};
		}
		case 'file-started':
			return {
				glyph: glyphs.selected,
				style: theme.active,
				file: event.file,
				text: event.attempt > 1 ? `started, attempt ${event.attempt}` : 'started',
			};
		case 'file-queued':
			return {glyph: glyphs.queued, style: theme.muted, file: event.file, text: 'queued again'};
		case 'file-progressed':
			return {glyph: glyphs.selected, style: theme.active, file: event.file, text: formatBytes(event.bytesRead)};
		case 'file-retrying': {
			const wait = formatSeconds(event.waitMs / 1000);
			const text = `attempt ${event.attempt} failed, next in ${wait}: ${briefError(event.error)}`;
			return {glyph: glyphs.retrying, style: theme.warning, file: event.file, text};
		}
		case 'file-completed': {
			const kind = noRecordOf(event.report);
			if (kind !== null) {
				const text = describeNoRecord(kind, event.report);
				return {glyph: glyphs.noRecord, style: theme.warning, file: event.file, text};
			}
			return {glyph: glyphs.completed, style: theme.good, file: event.file, text: describeDone(event.report)};
		}
		case 'file-failed':
			return {glyph: glyphs.failed, style: theme.bad, file: event.file, text: reasonOf('failed', event.report)};
		case 'file-cancelled':
			return {glyph: glyphs.cancelled, style: theme.warning, file: event.file, text: describeCancelled(event.report)};
		case 'file-skipped':
			return {glyph: glyphs.skipped, style: theme.muted, file: event.file, text: reasonOf('skipped', event.report)};
	}
}

function describeDone({rows, rejected_rows: rejected, filtered, processing_time: seconds}: FileReport): string {
	const leftOut = filtered === undefined ? '' : `, ${formatCount(filtered)} filtered`;
	const refused = rejected > 0 ? `, ${formatCount(rejected)} rejected` : '';
	return `done: ${formatCount(rows)} ${rows === 1 ? 'row' : 'rows'}${leftOut}${refused} in ${formatSeconds(seconds)}`;
}

const describeCancelled = ({attempts, bytes}: FileReport): string =>
	attempts === 0 ? 'cancelled before it began' : `cancelled after ${formatBytes(bytes)}`;

const reasonOf = (word: string, {error}: FileReport): string =>
	error === null ? word : `${word}: ${briefError(error)}`;

const count = (value: number, noun: string): string => `${formatInteger(value)} ${value === 1 ? noun : `${noun}s`}`;
