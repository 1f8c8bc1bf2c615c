// The run as plain lines, for pipes, CI logs and terminals without a cursor: each file as it ends, and the progress of the
// run every 2 s. Printed lines cannot be changed, so each describes the moment when it was printed.
import type {RunCompleted, RunEvent, RunStarted} from '../model/events.ts';
import type {FileReport, RunTotals} from '../model/report.ts';
import type {Drift} from '../model/run-diff.ts';
import type {WorkerInfo} from '../model/worker-info.ts';
import {hintOf, missingAnalyses} from '../store/analysis-results.ts';
import {describeNoRecord, noRecordOf} from '../store/no-record.ts';
import {trackRun} from '../store/reduce.ts';
import {buildReport, selectBytesPerSecond, selectEndedCount, selectRemainingMs} from '../store/selectors.ts';
import {DASH, formatBytes, formatDuration, formatInteger, formatRate, formatSeconds, quantity} from '../text/format.ts';
import {safe} from '../text/safe.ts';
import {describeError, outcomeMark, summaryLines} from './summary.ts';
import type {FailOn} from './verdict.ts';
import {describeOtherFiles} from './wording.ts';

export interface PlainPrinterOptions {
	/** Writes one line, without a newline. */
	readonly write: (line: string) => void;
	/** Monotonic milliseconds. @default `performance.now` */
	readonly now?: () => number;
	/** Calls `tick` at intervals until the returned function is called. @default `setInterval` */
	readonly startTimer?: (tick: () => void, intervalMs: number) => () => void;
	/** @default 2000 */
	readonly intervalMs?: number;
	/** The width of the summary; reasons of failures are never cut, because logs are searched. @default 100 */
	readonly columns?: number;
	/** @default false */
	readonly color?: boolean;
	/** @default false */
	readonly ascii?: boolean;
	/** For the summary. */
	readonly failOn?: FailOn | undefined;
	/** What changed since an earlier run, once this one has ended. */
	readonly findDrift?: (() => Drift) | undefined;
	/** Those that read the files on other machines. */
	readonly workers?: (() => readonly WorkerInfo[]) | undefined;
	/** What a command names a file by. */
	readonly pathOf?: ((file: FileReport) => string | null) | undefined;
}

export interface PlainPrinter {
	readonly handle: (event: RunEvent) => void;
}

/** Prints a run as lines, from `run-started` to the summary after `run-completed`. */
export function createPlainPrinter(options: PlainPrinterOptions): PlainPrinter {
	const {now = () => performance.now(), startTimer = startInterval, intervalMs = 2000, ascii = false} = options;
	const write = (line: string): void => options.write(ascii ? line.replaceAll(DASH, '-') : line);
	const {state, handle} = trackRun();
	/** Ended files at the time of the last status line. */
	let printedCount = 0;
	let startedAtMs = 0;
	let stopTimer = (): void => {};

	const printStatus = (): void => {
		const endedCount = selectEndedCount(state);
		// While the run is paused, repeating the same line would add nothing.
		if (state.isPaused && endedCount === printedCount) return;
		printedCount = endedCount;
		const nowMs = now() - startedAtMs;
		const remaining = formatDuration(selectRemainingMs(state, nowMs));
		const rate = formatRate(selectBytesPerSecond(state, nowMs));
		const status = describeProgress(endedCount - state.counts.cancelled, state.fileCount);
		const workers = options.workers === undefined ? '' : `, ${describeWorkers(options.workers())}`;
		write(`${status}, ETA ${remaining}, ${rate}${workers}`);
	};
	const printEnd = ({totals}: RunCompleted): void => {
		write(describeProgress(processedCount(totals), totals.files));
		const summaryOptions = {...options, drift: options.findDrift?.()};
		for (const line of summaryLines(buildReport(state), state.analysisInfos, summaryOptions)) options.write(line);
	};

	return {
		handle(event) {
			const isReopened = state.phase === 'ended' && event.type === 'file-queued';
			if (state.phase === 'ended' && !isReopened) return;
			handle(event);
			if (isReopened) {
				write('Trying files again');
				stopTimer = startTimer(printStatus, intervalMs);
			}
			switch (event.type) {
				case 'run-started': {
					startedAtMs = now() - event.elapsedMs;
					// The size of standard input is unknown.
					const size = event.bytesTotal > 0 ? ` (${formatBytes(event.bytesTotal)})` : '';
					const files = quantity(event.fileCount, 'file') + size;
					write(`Processing ${files}${describePlace(event)}`);
					if (event.otherFiles !== undefined) write(`Left out: ${describeOtherFiles(event.otherFiles)}`);
					stopTimer = startTimer(printStatus, intervalMs);
					break;
				}
				case 'file-completed':
					write(describeCompleted(event.report, ascii));
					break;
				case 'file-failed': {
					const {error} = event.report;
					const reason = error === null ? '' : `: ${describeError(error)}`;
					write(`${outcomeMark('bad', ascii)} ${safe(event.file)}${reason}`);
					break;
				}
				case 'file-cancelled':
					// A stopped run cancels all waiting files: these are counted at the end.
					if (event.attempt > 0) write(`${outcomeMark('cancelled', ascii)} ${safe(event.file)}: cancelled`);
					break;
				case 'file-retrying': {
					const wait = formatSeconds(event.waitMs / 1000);
					const reason = describeError(event.error);
					write(`Retrying ${safe(event.file)} in ${wait}, attempt ${event.attempt} ended with ${reason}`);
					break;
				}
				case 'file-skipped': {
					const {error} = event.report;
					write(
						`${outcomeMark('skipped', ascii)} ${safe(event.file)}${error === null ? '' : `: ${describeError(error)}`}`,
					);
					break;
				}
				case 'run-paused':
					write('Paused');
					break;
				case 'run-resumed':
					write('Resumed');
					break;
				case 'run-completed':
					stopTimer();
					printEnd(event);
					break;
				default:
			}
		},
	};
}

/** Percentages are rounded down: 100 means all. */
const describeProgress = (processed: number, files: number): string => {
	const percent = files === 0 ? 100 : Math.floor((processed / files) * 100);
	return `Processed ${processed} of ${files} files (${percent}%)`;
};

/** A cancelled file has ended, but was not processed. */
const processedCount = ({files, cancelled}: RunTotals): number => files - cancelled;

/** A file that has ended well: its rows, and what is to be known of them. */
export function describeCompleted(report: FileReport, ascii: boolean): string {
	const kind = noRecordOf(report);
	const mark = outcomeMark(kind === null ? 'good' : 'warning', ascii);
	if (kind !== null) return `${mark} ${safe(report.file)}: ${describeNoRecord(kind, report)}`;
	const rejected = report.rejected_rows === 0 ? '' : `, ${formatInteger(report.rejected_rows)} rejected`;
	const filtered = report.filtered === undefined ? '' : `, ${formatInteger(report.filtered)} filtered`;
	const hint = hintOf(report);
	const missing = missingAnalyses(report).map(([name]) => safe(name));
	const without = missing.length === 0 ? '' : `, no usable columns for ${missing.join(', ')}`;
	const cause = hint === null ? '' : `. ${safe(hint)}`;
	return `${mark} ${safe(report.file)}: ${quantity(report.rows, 'row')}${filtered}${rejected}${without}${cause}`;
}

function startInterval(tick: () => void, intervalMs: number): () => void {
	const timer = setInterval(tick, intervalMs);
	// A printer must not keep a finished process alive.
	timer.unref();
	return () => clearInterval(timer);
}

/** Where they are processed, and how many at a time. */
function describePlace({server, queue, concurrency, threads}: RunStarted): string {
	if (server !== undefined) return ` on ${safe(server)}`;
	if (queue !== undefined) return ` by the workers at ${safe(queue)}, up to ${formatInteger(concurrency)} at a time`;
	return `, ${formatInteger(Math.min(concurrency, threads))} at a time on ${quantity(threads, 'thread')}`;
}

/** Of those that take files of this run. */
function describeWorkers(known: readonly WorkerInfo[]): string {
	const workers = known.filter(({fits, isDraining}) => fits && !isDraining);
	if (workers.length === 0) return 'no worker';
	const threads = workers.reduce((sum, worker) => sum + worker.threads, 0);
	return `${quantity(workers.length, 'worker')} with ${quantity(threads, 'thread')}`;
}
