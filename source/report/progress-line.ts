// The progress of a run in one line on standard error, while standard output goes to a program or a file: on a terminal the
// line is overwritten each time, elsewhere each is a new line.

import type {RunEvent} from '../model/events.ts';
import {keyOf} from '../model/file-address.ts';
import {formatDuration, formatInteger, formatRate, quantity} from '../text/format.ts';
import {truncateEnd} from '../text/width.ts';

export interface ProgressLineOptions {
	/** Writes text unchanged. */
	readonly write: (text: string) => void;
	/** Whether a line can be overwritten. */
	readonly isTerminal: boolean;
	/** The width of the terminal. */
	readonly columns: () => number;
	/** Milliseconds since the run began. */
	readonly now: () => number;
}

export interface ProgressLine {
	readonly handle: (event: RunEvent) => void;
	/** Writes the progress of the run. */
	readonly print: () => void;
	/** Removes the line. */
	readonly clear: () => void;
}

/** Moves to the beginning of the line and erases it. */
const ERASE_LINE = '\r\u{1b}[K';

export function createProgressLine({write, isTerminal, columns, now}: ProgressLineOptions): ProgressLine {
	let fileCount = 0;
	let bytesTotal = 0;
	let endedCount = 0;
	let failedCount = 0;
	let bytesOfEnded = 0;
	/** Bytes read of running files. */
	const running = new Map<string | number, number>();
	let isShown = false;

	const describe = (): string => {
		const elapsedMs = now();
		let bytesRead = bytesOfEnded;
		for (const bytes of running.values()) bytesRead += bytes;
		const bytesPerMs = elapsedMs > 0 ? bytesRead / elapsedMs : 0;
		const remainingMs = bytesPerMs > 0 ? Math.max(0, bytesTotal - bytesRead) / bytesPerMs : undefined;
		const percent = fileCount === 0 ? 100 : Math.floor((endedCount / fileCount) * 100);
		const failed = failedCount === 0 ? '' : `, ${formatInteger(failedCount)} failed`;
		const files = `${formatInteger(endedCount)} of ${quantity(fileCount, 'file')} (${percent}%)${failed}`;
		return `${files}, ETA ${formatDuration(remainingMs)}, ${formatRate(bytesPerMs * 1000)}`;
	};
	return {
		handle(event) {
			switch (event.type) {
				case 'run-started':
					fileCount = event.fileCount;
					bytesTotal = event.bytesTotal;
					break;
				case 'file-queued':
					if (event.isAdded !== true) break;
					fileCount++;
					bytesTotal += event.bytesTotal ?? 0;
					break;
				case 'file-progressed':
					running.set(keyOf(event), event.bytesRead);
					break;
				case 'file-completed':
				case 'file-failed':
				case 'file-cancelled':
				case 'file-skipped':
					endedCount++;
					if (event.type === 'file-skipped' && event.isAdded === true) fileCount++;
					if (event.type === 'file-failed') failedCount++;
					bytesOfEnded += event.report.bytes;
					running.delete(keyOf(event));
					break;
				case 'file-retrying':
					running.delete(keyOf(event));
					break;
				default:
			}
		},
		print() {
			if (!isTerminal) return write(`${describe()}\n`);
			isShown = true;
			write(ERASE_LINE + truncateEnd(describe(), columns() - 1, {ascii: true}));
		},
		clear() {
			if (isShown) write(ERASE_LINE);
			isShown = false;
		},
	};
}
