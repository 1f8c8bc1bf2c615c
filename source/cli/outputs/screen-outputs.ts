// Outputs for people: lines, milestones, the dashboard. They are loaded only when a person watches.

import {join, relative} from 'node:path';
import type {RunStarted} from '../../model/events.ts';
import type {FileReport} from '../../model/report.ts';
import type {Drift} from '../../model/run-diff.ts';
import type {WatchedFolder} from '../../model/watched-folder.ts';
import type {WorkerInfo} from '../../model/worker-info.ts';
import type {ReportCollector} from '../../report/collect-report.ts';
import {createMilestonePrinter} from '../../report/milestones.ts';
import {createPlainPrinter} from '../../report/plain.ts';
import {summaryLines} from '../../report/summary.ts';
import type {FailOn} from '../../report/verdict.ts';
import {createWatchPrinter, describeStop} from '../../report/watch-printer.ts';
import {createRunState, reduceInPlace} from '../../store/reduce.ts';
import {createStore} from '../../store/store.ts';
import type {DashboardOptions} from '../../ui/dashboard.tsx';
import {waitForForeground} from '../../ui/terminal/foreground.ts';
import {restoreTerminal} from '../../ui/terminal/terminal-session.ts';
import type {DecidedLook} from '../arguments/look.ts';
import {exitCodeOf} from '../commands/exit-codes.ts';
import {exitProcessNow} from '../process/exit.ts';
import type {Interruption} from '../process/interruption.ts';
import {exportReport} from './export-report.ts';
import {LineQueue} from './line-queue.ts';
import type {OutputStream} from './output-stream.ts';
import type {PassiveOutput, RunOutput} from './run-output.ts';

/** How these outputs look, and when the summary calls the run failed; a replay has no exit code of its run. */
export interface ScreenLook extends DecidedLook {
	readonly failOn?: FailOn | undefined;
	/** What changed since an earlier run, once this one has ended. */
	readonly findDrift?: (() => Drift) | undefined;
	/** Those that read the files on other machines. */
	readonly workers?: (() => readonly WorkerInfo[]) | undefined;
	/** What a command names a file by. */
	readonly pathOf?: ((file: FileReport) => string | null) | undefined;
}

/** Lines for logs, pipes and simple terminals. */
export function createPlainOutput(
	stream: OutputStream,
	{columns, color, ascii, failOn, findDrift, workers, pathOf}: ScreenLook,
): PassiveOutput {
	return createLinesOutput(stream, write =>
		createPlainPrinter({columns: columns(), color, ascii, failOn, findDrift, workers, pathOf, write}),
	);
}

function createLinesOutput(
	stream: OutputStream,
	createPrinter: (write: (line: string) => void) => Pick<RunOutput, 'handle'>,
): PassiveOutput {
	const lines = new LineQueue(stream);
	const printer = createPrinter(line => lines.add(`${line}\n`));
	return {
		handle: printer.handle,
		untilRoom: () => lines.untilRoom(),
		async show({finalReport}) {
			await finalReport();
			await lines.written();
			await stream.flush();
		},
	};
}

/** The same of a watched folder, which has no end. */
export function createWatchOutput(stream: OutputStream, {ascii}: ScreenLook, watched: WatchedFolder): RunOutput {
	return createLinesOutput(stream, write => createWatchPrinter({ascii, write, status: () => watched.look().status}));
}

/** The same where it is worked off once. */
export function createOnceOutput(
	stream: OutputStream,
	{columns, color, ascii, failOn}: ScreenLook,
	{folder, collector}: {readonly folder: WatchedFolder; readonly collector: ReportCollector},
): RunOutput {
	return createLinesOutput(stream, write =>
		createWatchPrinter({
			...{ascii, write, status: () => folder.look().status},
			summary: placeOf =>
				summaryLines(collector.report(), collector.analyses(), {
					...{columns: columns(), color, ascii, failOn},
					// By its name in the inbox it is not there any more.
					pathOf: report => shortPath(join(folder.root, placeOf(report) ?? report.file)),
				}),
		}),
	);
}

/** From where the command was started, if it lies below. */
function shortPath(path: string): string {
	const below = relative(process.cwd(), path);
	return below.startsWith('..') ? path : below;
}

/** A few whole sentences, for users of screen readers. */
export function createMilestoneOutput(stream: OutputStream, {columns, failOn, findDrift}: ScreenLook): RunOutput {
	return createLinesOutput(stream, write => createMilestonePrinter({columns: columns(), failOn, findDrift, write}));
}

type PassedOption =
	| 'title'
	| 'stdin'
	| 'stdout'
	| 'terminalStatus'
	| 'keys'
	| 'filter'
	| 'mouse'
	| 'onMessage'
	| 'pastRuns'
	| 'watched'
	| 'unavailable';

export interface DashboardOutputOptions extends Pick<DashboardOptions, PassedOption> {
	readonly stream: OutputStream;
	readonly look: ScreenLook;
	readonly interruption: Interruption;
	/** For reports that are exported from the dashboard. */
	readonly collector: ReportCollector;
}

/** The full-screen dashboard; after it, the summary stays on the normal screen. */
export function createDashboardOutput(faceOptions: DashboardOutputOptions): RunOutput {
	const {stream, look, interruption, collector, ...options} = faceOptions;
	const store = createStore({
		initialState: createRunState(),
		reduce: reduceInPlace,
		scheduleFrame(publish) {
			setTimeout(publish, 1000 / look.fps).unref();
		},
	});
	// A lost terminal is a hang-up, even if no signal comes.
	stream.onClosed(() => {
		interruption.request('SIGHUP');
	});
	let started: RunStarted | undefined;
	return {
		handle(event) {
			if (event.type === 'run-started') started = event;
			store.dispatch(event);
			// Shows the last event when the run is over, not a frame later.
			if (event.type === 'run-completed') queueMicrotask(store.flush);
		},
		async show({control, now, finalReport, failure}) {
			const printSummary = async (): Promise<void> => {
				if (options.watched !== undefined) {
					await finalReport();
					await stream.write(`${describeStop(options.watched.look().status).join('\n')}\n`);
					return;
				}
				const {columns, color, ascii, failOn, findDrift} = look;
				const lines = summaryLines(await finalReport(), started?.analyses ?? [], {
					columns: columns(),
					color,
					ascii,
					failOn,
					otherFiles: started?.otherFiles,
					drift: findDrift?.(),
				});
				await stream.write(`${lines.join('\n')}\n`);
			};
			// A job in the background works without a screen, until the shell brings it to the foreground or it is done.
			if (!(await waitForForeground(finalReport()))) return printSummary();
			// Loaded on demand, because React and Ink take long to load.
			const {runDashboard} = await import('../../ui/dashboard.tsx');
			// The first frame shows what happened while they were loaded.
			store.flush();
			const shown = runDashboard({
				...options,
				look,
				findDrift: look.findDrift,
				store,
				control,
				now,
				leave: interruption.signal,
				onExport: () => exportReport({collector, control}),
				onForceQuit() {
					restoreTerminal();
					exitProcessNow(exitCodeOf('SIGINT'));
				},
			});
			// If the events of a run could not be handled to its end, no key is required to leave.
			await Promise.race([shown, failure]).finally(() => options.pastRuns?.close());
			await printSummary();
		},
	};
}
