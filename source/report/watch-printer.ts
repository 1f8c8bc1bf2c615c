// A watched folder as plain lines, for the logs of services and containers: each file as it ends, with where it lies now, and at times how the
// folder is doing. Nothing speaks of an end before somebody stops it, unless it is worked off once: then a summary follows.
import type {RunEvent} from '../model/events.ts';
import type {FileReport} from '../model/report.ts';
import type {StatusCounts, WatchStatus} from '../model/watch-status.ts';
import {DASH, formatBytes, formatDuration, formatInteger, formatSeconds, quantity} from '../text/format.ts';
import {safe} from '../text/safe.ts';
import {describeCompleted} from './plain.ts';
import {describeError, outcomeMark} from './summary.ts';

export interface WatchPrinterOptions {
	/** Writes one line, without a newline. */
	readonly write: (line: string) => void;
	readonly status: () => WatchStatus;
	/**
	There where it is worked off once: what is said of all files in the end.

	@param placeOf - Where a file lies now, below the watched folder.
	*/
	readonly summary?: (placeOf: (report: FileReport) => string | undefined) => readonly string[];
	/** Calls `tick` at intervals until the returned function is called. @default `setInterval` */
	readonly startTimer?: (tick: () => void, intervalMs: number) => () => void;
	/** @default false */
	readonly ascii?: boolean;
}

export interface WatchPrinter {
	readonly handle: (event: RunEvent) => void;
}

/** How it is doing is said so often, and only where something has changed. */
const STATUS_INTERVAL_MS = 60_000;

export function createWatchPrinter(options: WatchPrinterOptions): WatchPrinter {
	const {status, summary, startTimer = startInterval, ascii = false} = options;
	const write = (line: string): void => options.write(ascii ? line.replaceAll(DASH, '-').replaceAll('→', '->') : line);
	let stopTimer = (): void => {};
	let printed = '';
	/** Of those files whose reports are kept elsewhere. */
	const places = new WeakMap<FileReport, string>();

	const printStatus = (): void => {
		const {files, throughput, oldest, health} = status();
		const counts = describeCounts(files);
		const reasons = health.reasons.map(({message}) => safe(message)).join(' ');
		// Ages and the last minute change by themselves: that is no news.
		if (`${counts}${reasons}` === printed) return;
		printed = `${counts}${reasons}`;
		const {files: count, bytes} = throughput.last_minute;
		const age = oldest === null ? '' : `, oldest ${formatDuration(oldest.age * 1000)}`;
		write(`Status: ${counts}; last minute ${quantity(count, 'file')} (${formatBytes(bytes)})${age}`);
		if (reasons !== '') write(`Status: ${health.status}: ${reasons}`);
	};

	return {
		handle(event) {
			if ('place' in event && event.place !== undefined) places.set(event.report, event.place);
			switch (event.type) {
				case 'run-started':
					write(`${summary === undefined ? 'Watching' : 'Working off'} ${event.paths.map(safe).join(' ')}`);
					if (summary === undefined) printStatus();
					stopTimer = startTimer(printStatus, STATUS_INTERVAL_MS);
					return;
				case 'file-completed':
					write(`${describeCompleted(event.report, ascii)}${placeOf(event)}`);
					return;
				case 'file-failed': {
					const {error} = event.report;
					const reason = error === null ? '' : `: ${describeError(error)}`;
					write(`${outcomeMark('bad', ascii)} ${safe(event.file)}${reason}${placeOf(event)}`);
					return;
				}
				case 'file-skipped': {
					const {error} = event.report;
					const reason = error === null ? '' : `: ${describeError(error)}`;
					write(`${outcomeMark('skipped', ascii)} ${safe(event.file)}${reason}${placeOf(event)}`);
					return;
				}
				case 'file-retrying':
					write(
						`Retrying ${safe(event.file)} in ${formatSeconds(event.waitMs / 1000)}, attempt ${event.attempt} ended with ${describeError(event.error)}`,
					);
					return;
				case 'run-paused':
					write('Paused: no further file is taken');
					return;
				case 'run-resumed':
					write('Resumed: files are taken again');
					return;
				case 'run-completed': {
					stopTimer();
					if (summary === undefined) for (const line of describeStop(status())) write(line);
					else for (const line of summary(report => places.get(report))) options.write(line);
					return;
				}
				default:
			}
		},
	};
}

/** What stays on the screen when somebody has stopped watching. */
export function describeStop({files, throughput, folder}: WatchStatus): string[] {
	const {files: count, bytes} = throughput.since_start;
	return [
		`Stopped watching ${safe(folder)}: ${quantity(count, 'file')} (${formatBytes(bytes)}) since the start`,
		`In the folder: ${describeCounts(files)}`,
	];
}

const describeCounts = ({waiting, processing, completed, failed, duplicate, skipped}: StatusCounts): string =>
	[
		`${formatInteger(waiting)} waiting`,
		`${formatInteger(processing)} in work`,
		`${formatInteger(completed)} completed`,
		`${formatInteger(failed)} failed`,
		...(duplicate > 0 ? [quantity(duplicate, 'duplicate')] : []),
		...(skipped > 0 ? [`${formatInteger(skipped)} not taken`] : []),
	].join(', ');

interface Placed {
	readonly place?: string;
	readonly tag?: string | null;
}

/** ` → processed/20261130-…__a.csv (route sales)`. */
const placeOf = ({place, tag}: Placed): string =>
	`${place === undefined ? '' : ` → ${safe(place)}`}${tag == null ? '' : ` (route ${safe(tag)})`}`;

function startInterval(tick: () => void, intervalMs: number): () => void {
	const timer = setInterval(tick, intervalMs);
	timer.unref();
	return () => clearInterval(timer);
}
