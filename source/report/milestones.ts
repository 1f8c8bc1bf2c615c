// The run for users of screen readers: they read every printed line aloud, and cannot make sense of boxes, bars or lines that
// change. So there are few lines, each a complete sentence: the start, every tenth part, each file that failed, pauses, and
// the end.
import type {RunEvent} from '../model/events.ts';
import type {Drift} from '../model/run-diff.ts';
import {describeNoRecord, noRecordOf} from '../store/no-record.ts';
import {trackRun} from '../store/reduce.ts';
import {buildReport, selectEndedCount, selectProgress, selectRemainingMs} from '../store/selectors.ts';
import {formatBytes, formatInteger, quantity} from '../text/format.ts';
import {safe} from '../text/safe.ts';
import {describeError, summaryLines} from './summary.ts';
import type {FailOn} from './verdict.ts';
import {describeOtherFiles} from './wording.ts';

export interface MilestonePrinterOptions {
	/** Writes one line, without a newline. */
	readonly write: (line: string) => void;
	/** The width of the summary at the end. @default 100 */
	readonly columns?: number;
	/** For the summary. */
	readonly failOn?: FailOn | undefined;
	/** What changed since an earlier run, once this one has ended. */
	readonly findDrift?: (() => Drift) | undefined;
}

export interface MilestonePrinter {
	readonly handle: (event: RunEvent) => void;
}

const MILESTONE_PERCENT = 10;
const POLL_SPACING_MS = 500;
/** Listeners need to know that files fail, but not each of a thousand names. */
const FAILURE_LIMIT = 20;

/** Prints a run in few lines, from its start to the summary at its end. */
export function createMilestonePrinter({write, columns, failOn, findDrift}: MilestonePrinterOptions): MilestonePrinter {
	const {state, handle} = trackRun();
	let polledAtMs = 0;
	let reachedPercent = 0;
	let failedCount = 0;
	let noRecordCount = 0;

	const printMilestone = (): void => {
		const percent = Math.floor((selectProgress(state) * 100) / MILESTONE_PERCENT) * MILESTONE_PERCENT;
		// The end has its own line.
		if (percent <= reachedPercent || percent >= 100) return;
		reachedPercent = percent;
		const files = `${formatInteger(selectEndedCount(state))} of ${quantity(state.fileCount, 'file')} done`;
		const remainingMs = selectRemainingMs(state, state.elapsedMs);
		const left = remainingMs === undefined ? '' : `, ${sayDuration(remainingMs)} left`;
		write(`${percent} percent, ${files}${left}.`);
	};
	const printFailure = (file: string, reason: string): void => {
		failedCount++;
		if (failedCount <= FAILURE_LIMIT) write(`Failed: ${safe(file)}: ${reason}`);
		else if (failedCount === FAILURE_LIMIT + 1) write('More files fail; the summary counts them.');
	};

	const printNoRecord = (file: string, reason: string): void => {
		noRecordCount++;
		if (noRecordCount <= FAILURE_LIMIT) write(`Nothing accepted: ${safe(file)}: ${reason}`);
		else if (noRecordCount === FAILURE_LIMIT + 1) write('More files have no accepted record; the summary counts them.');
	};

	return {
		handle(event) {
			const isReopened = state.phase === 'ended' && event.type === 'file-queued';
			if (state.phase === 'ended' && !isReopened) return;
			handle(event);
			if (isReopened) write('Trying files again.');
			switch (event.type) {
				case 'run-started':
					write(
						// The size of standard input is unknown.
						`Processing ${quantity(event.fileCount, 'file')}${event.bytesTotal > 0 ? `, ${formatBytes(event.bytesTotal)}` : ''}.`,
					);
					if (event.otherFiles !== undefined) write(`Left out: ${describeOtherFiles(event.otherFiles)}.`);
					return;
				case 'run-paused':
					write('Paused.');
					return;
				case 'run-resumed':
					write('Going on.');
					return;
				case 'file-failed': {
					const {error} = event.report;
					printFailure(event.file, error === null ? 'no reason is known' : describeError(error));
					return;
				}
				case 'file-completed': {
					const kind = noRecordOf(event.report);
					if (kind !== null) printNoRecord(event.file, describeNoRecord(kind, event.report));
					break;
				}
				case 'run-completed':
					write(event.status === 'cancelled' ? 'Stopped.' : 'Done.');
					// Words instead of signs, and no colours.
					for (const line of summaryLines(buildReport(state), state.analysisInfos, {
						ascii: true,
						failOn,
						drift: findDrift?.(),
						...(columns && {columns}),
					}))
						write(line);
					return;
				default:
			}
			if (event.elapsedMs - polledAtMs < POLL_SPACING_MS) return;
			polledAtMs = event.elapsedMs;
			printMilestone();
		},
	};
}

/** `less than a minute`, `about 5 minutes`: seconds would be outdated once they have been spoken. */
function sayDuration(milliseconds: number): string {
	const minutes = Math.round(milliseconds / 60_000);
	if (minutes < 1) return 'less than a minute';
	if (minutes < 90) return `about ${quantity(minutes, 'minute')}`;
	return `about ${quantity(Math.round(minutes / 60), 'hour')}`;
}
