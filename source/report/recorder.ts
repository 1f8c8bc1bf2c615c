// Records the events of a run for `fileproc-tui replay`: lines of JSON like those of `--jsonl`, with less progress. Progress
// carries totals, so some of it can be left out, and the recording of a long run does not grow with the number of files in
// flight.

import type {FileProgressed, RunEvent} from '../model/events.ts';
import {keyOf} from '../model/file-address.ts';
import {toJsonLine} from './json.ts';

export interface RecorderOptions {
	/** Writes one line, with its newline. */
	readonly write: (line: string) => void;
}

export interface Recorder {
	readonly handle: (event: RunEvent) => void;
}

/** A shorter interval would not make bars smoother. */
const PROGRESS_SPACING_MS = 250;
/** For all files together: 20 lines of 200 bytes are 4 kB a second, 14 MB an hour. */
const PROGRESS_PER_SECOND = 20;

interface Recorded {
	readonly elapsedMs: number;
	readonly isPaused: boolean;
}

/** Passes on every event that is recorded. */
export function createRecorder({write}: RecorderOptions): Recorder {
	/** The last recorded progress of each running file. */
	const running = new Map<string | number, Recorded>();
	const isKept = (event: FileProgressed, elapsedMs: number): boolean => {
		const {isPaused} = event;
		const last = running.get(keyOf(event));
		const spacingMs = Math.max(PROGRESS_SPACING_MS, (running.size * 1000) / PROGRESS_PER_SECOND);
		// Changes by a person are always recorded.
		if (last !== undefined && last.isPaused === isPaused && elapsedMs - last.elapsedMs < spacingMs) return false;
		running.set(keyOf(event), {elapsedMs, isPaused});
		return true;
	};
	return {
		handle(event) {
			switch (event.type) {
				case 'file-progressed':
					if (!isKept(event, event.elapsedMs)) return;
					break;
				case 'file-started':
					running.set(keyOf(event), {elapsedMs: event.elapsedMs, isPaused: false});
					break;
				case 'file-retrying':
				case 'file-completed':
				case 'file-failed':
				case 'file-cancelled':
				case 'file-skipped':
					running.delete(keyOf(event));
					break;
				default:
			}
			write(toJsonLine(event));
		},
	};
}
