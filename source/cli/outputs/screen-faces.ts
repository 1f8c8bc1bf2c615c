// Faces for people: lines, milestones, the dashboard. They are loaded only when someone watches.

import type {OtherFiles} from '../../model/events.ts';
import type {ReportCollector} from '../../report/collect-report.ts';
import {createMilestonePrinter} from '../../report/milestones.ts';
import {createPlainPrinter} from '../../report/plain.ts';
import {summaryLines} from '../../report/summary.ts';
import type {FailOn} from '../../report/verdict.ts';
import {createRunState, reduceInPlace} from '../../store/reduce.ts';
import {createStore} from '../../store/store.ts';
import type {DashboardOptions} from '../../ui/dashboard.tsx';
import {waitForForeground} from '../../ui/terminal/foreground.ts';
import {restoreTerminal} from '../../ui/terminal/terminal-session.ts';
import type {DecidedLook} from '../arguments/look.ts';
import {exitCodeOf} from '../commands/exit-codes.ts';
import type {Interruption} from '../process/interruption.ts';
import {leaveAtOnce} from '../process/leave.ts';
import {exportReport} from './export-report.ts';
import type {Face} from './faces.ts';
import {LineQueue} from './line-queue.ts';
import type {Output} from './output.ts';

/** How the faces for people look, and when the summary calls the run failed; a replay has no exit code of its run. */
export interface FaceLook extends DecidedLook {
	readonly failOn?: FailOn | undefined;
}

/** Lines for logs, pipes and simple terminals. */
export function createPlainFace(output: Output, {columns, color, ascii, failOn}: FaceLook): Face {
	return createLinesFace(output, write => createPlainPrinter({columns: columns(), color, ascii, failOn, write}));
}

function createLinesFace(output: Output, createPrinter: (write: (line: string) => void) => Pick<Face, 'handle'>): Face {
	const lines = new LineQueue(output);
	const printer = createPrinter(line => lines.add(`${line}\n`));
	return {
		handle: printer.handle,
		untilRoom: () => lines.untilRoom(),
		async show({outcome}) {
			await outcome();
			await lines.written();
			await output.flush();
		},
	};
}

/** Few whole sentences, for those who listen to the terminal. */
export function createMilestoneFace(output: Output, {columns, failOn}: FaceLook): Face {
	return createLinesFace(output, write => createMilestonePrinter({columns: columns(), failOn, write}));
}

type Passed = 'title' | 'stdin' | 'stdout' | 'manners' | 'keys' | 'filter' | 'mouse' | 'onMessage' | 'unavailable';

export interface DashboardFaceOptions extends Pick<DashboardOptions, Passed> {
	readonly output: Output;
	readonly look: FaceLook;
	readonly interruption: Interruption;
	/** For reports that are asked for from the dashboard. */
	readonly collector: ReportCollector;
}

/** The full-screen dashboard; after it, the summary stays on the normal screen. */
export function createDashboardFace(faceOptions: DashboardFaceOptions): Face {
	const {output, look, interruption, collector, ...options} = faceOptions;
	const store = createStore({
		initialState: createRunState(),
		reduce: reduceInPlace,
		scheduleFrame(publish) {
			setTimeout(publish, 1000 / look.fps).unref();
		},
	});
	// A terminal that is gone is a hang-up, whether the signal comes or not.
	output.onClosed(() => {
		interruption.request('SIGHUP');
	});
	let otherFiles: OtherFiles | undefined;
	return {
		handle(event) {
			if (event.type === 'run-started') otherFiles = event.otherFiles;
			store.dispatch(event);
			// The last fact is on the screen when the run is over, not a frame later.
			if (event.type === 'run-completed') queueMicrotask(store.flush);
		},
		async show({control, now, outcome, broken}) {
			const printSummary = async (): Promise<void> => {
				const {columns, color, ascii, failOn} = look;
				const lines = summaryLines(await outcome(), {columns: columns(), color, ascii, failOn, otherFiles});
				await output.write(`${lines.join('\n')}\n`);
			};
			// A job in the background works without a screen, until the shell brings it to the foreground or it is done.
			if (!(await waitForForeground(outcome()))) return printSummary();
			// Scripts, which see no dashboard, do not wait for React and Ink to be loaded.
			const {runDashboard} = await import('../../ui/dashboard.tsx');
			// The first frame shows what has happened while they were.
			store.flush();
			const shown = runDashboard({
				...options,
				look,
				store,
				control,
				now,
				leave: interruption.signal,
				onExport: () => exportReport({collector, control}),
				onForceQuit() {
					restoreTerminal();
					leaveAtOnce(exitCodeOf('SIGINT'));
				},
			});
			// Where the events of a run could not be handled to its end, nobody has to press a key.
			await Promise.race([shown, broken]);
			await printSummary();
		},
	};
}
