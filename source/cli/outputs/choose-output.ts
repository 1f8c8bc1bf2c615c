// Chooses the output of a run by the settings and the capabilities of the terminal.
import {openSync} from 'node:fs';
import {ReadStream} from 'node:tty';
import {terminalPath} from '../../engine/plan/named-stream.ts';
import type {Plan} from '../../engine/plan/plan.ts';
import type {Drift} from '../../model/run-diff.ts';
import type {WatchedFolder} from '../../model/watched-folder.ts';
import type {WorkerInfo} from '../../model/worker-info.ts';
import type {ReportCollector} from '../../report/collect-report.ts';
import type {RunSettings} from '../arguments/settings.ts';
import type {PlannedRun} from '../commands/plan-run.ts';
import type {Interruption} from '../process/interruption.ts';
import {isStandardInput} from '../process/standard-input.ts';
import {isInteractive, isScreenReaderRequested} from '../process/terminal-capabilities.ts';
import type {OutputStream} from './output-stream.ts';
import {createJsonLinesOutput, createJsonOutput, type RunOutput} from './run-output.ts';

export interface ChosenOutput {
	readonly isDashboard: boolean;
	/** Loads the modules of the output on demand: only people need the larger ones. */
	readonly loadOutput: () => Promise<RunOutput>;
}

export interface OutputContext {
	readonly stream: OutputStream;
	readonly interruption: Interruption;
	readonly collector: ReportCollector;
	/** Receives what other code writes to standard error while the dashboard is shown. */
	readonly onMessage: (line: string) => void;
	/** What changed since an earlier run, once this one has ended. */
	readonly findDrift: () => Drift;
	/** Those that read the files on other machines; left out: this one reads. */
	readonly workers?: (() => readonly WorkerInfo[]) | undefined;
	/** The watched folder that the files come from. */
	readonly folder?: WatchedFolder | undefined;
	/** How the ledger names the run, once it is saved. */
	readonly ledgerId: () => string | null;
}

export async function chooseOutput(
	{files, paths}: PlannedRun,
	settings: RunSettings,
	{stream, interruption, collector, onMessage, findDrift, workers, folder, ledgerId}: OutputContext,
): Promise<ChosenOutput> {
	if (settings.output === 'json') return {isDashboard: false, loadOutput: async () => createJsonOutput(stream)};
	const watched = folder?.isOnce === true ? undefined : folder;
	if (settings.output === 'jsonl')
		return {isDashboard: false, loadOutput: async () => createJsonLinesOutput(stream, watched)};
	// Accessing `process.stdin` opens it, which takes 2 ms.
	const {stdout, stdin, env} = process;
	const {decideLook, decideUse} = await import('../arguments/look.ts');
	const look = {...decideLook(settings, process), failOn: settings.failOn, findDrift, workers};
	const isStdinUsed = readsStandardInput(files) || isStandardInput(settings.filesFrom);
	const canDraw = settings.output === 'auto' && isInteractive(look.isTty, env);
	// The environment describes the terminal; programs read a pipe, so there only the flag counts.
	const usesScreenReader = settings.screenReader ?? (canDraw && isScreenReaderRequested(env));
	const screenOutputs = (): Promise<typeof import('./screen-outputs.ts')> => import('./screen-outputs.ts');
	if (settings.output === 'auto' && usesScreenReader && watched === undefined) {
		return {isDashboard: false, loadOutput: async () => (await screenOutputs()).createMilestoneOutput(stream, look)};
	}
	// Data typed on the terminal needs the keyboard itself.
	const isTypedData = (stdin.isTTY && isStdinUsed) || paths.some(path => terminalPath.test(path));
	const keys = !canDraw || isTypedData ? null : stdin.isTTY ? stdin : openKeyboard();
	if (watched !== undefined && (keys === null || usesScreenReader)) {
		return {
			isDashboard: false,
			loadOutput: async () => (await screenOutputs()).createWatchOutput(stream, look, watched),
		};
	}
	if (keys === null && folder !== undefined) {
		return {
			isDashboard: false,
			loadOutput: async () => (await screenOutputs()).createOnceOutput(stream, look, {folder, collector}),
		};
	}
	if (keys === null) {
		return {isDashboard: false, loadOutput: async () => (await screenOutputs()).createPlainOutput(stream, look)};
	}
	const {createPastRuns} = await import('./past-runs.ts');
	const options = {
		pastRuns: createPastRuns(settings, ledgerId),
		...decideUse(settings, process),
		watched,
		title: paths.join(' '),
		...{stdin: keys, stdout, stream, look, interruption, collector, onMessage},
	};
	return {isDashboard: true, loadOutput: async () => (await screenOutputs()).createDashboardOutput(options)};
}

const readsStandardInput = ({entries}: Plan): boolean =>
	entries.some(entry => entry.type === 'file' && entry.source.kind === 'standard-input');

/** The terminal's keyboard, where standard input is something else. */
function openKeyboard(): ReadStream | null {
	try {
		return new ReadStream(openSync('/dev/tty', 'r'));
	} catch {
		return null;
	}
}
