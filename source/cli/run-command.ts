// `fileproc-tui <path…>`: plans, starts the batch, shows it, saves it, and says with an exit code how it went.
import {openSync} from 'node:fs';
import {setTimeout} from 'node:timers/promises';
import {ReadStream} from 'node:tty';
import {startBatch} from '../engine/batch.ts';
import {terminalPath} from '../engine/named-stream.ts';
import {type Plan, planFiles} from '../engine/plan.ts';
import {Turns} from '../engine/turns.ts';
import {createReportCollector, type ReportCollector} from '../report/collect-report.ts';
import {judge} from '../report/verdict.ts';
import {describeOtherFiles} from '../report/wording.ts';
import type {RunEvent} from '../store/events.ts';
import type {Report} from '../store/report-types.ts';
import {findNearest} from '../text/nearest.ts';
import {displayPath} from '../text/path-text.ts';
import {safe} from '../text/safe.ts';
import {EarlyThreads} from './early-threads.ts';
import {EnvironmentError} from './environment-error.ts';
import {exitCodeOf, exitCodes} from './exit-codes.ts';
import {createJsonFace, createJsonLinesFace, type Face} from './faces.ts';
import {COMMANDS, getDefault} from './flags.ts';
import {followRun} from './followed-run.ts';
import {type Interruption, listenForInterruption} from './interruption.ts';
import {isThere} from './is-there.ts';
import type {OpenLog} from './open-log.ts';
import type {OpenRecording} from './open-recording.ts';
import type {Command} from './options.ts';
import {createOutput, type Output} from './output.ts';
import {assertAllKept} from './outputs/assert-all-kept.ts';
import type {Outputs} from './outputs/outputs.ts';
import {hasOutputs} from './outputs/standard-streams.ts';
import {readFileList} from './read-file-list.ts';
import type {RunSettings} from './settings.ts';
import {showProgress} from './show-progress.ts';
import {assertOneUseOfStandardInput, isStandardInput} from './standard-input.ts';
import {isInteractive, isScreenReaderAsked} from './terminal-facts.ts';
import {quoted} from './usage-error.ts';
import {assertReachable, leaveRemovedFolder} from './working-folder.ts';

type RunCommand = Extract<Command, {name: 'run'}>;

/** Processes a batch; resolves with the exit code. */
export async function runCommand(command: RunCommand): Promise<number> {
	// Until files are planned nothing has been written, and a folder of a drive that does not answer hangs this thread: no handler
	// could run. So there is none yet, and the system itself ends the program when a signal comes.
	const planned = await plan(command);
	if (planned === null) return exitCodes.nothingMatched;
	const {settings} = command;
	const interruption = listenForInterruption();
	const output = createOutput(process.stdout, interruption.signal);
	try {
		const {files, paths, callerReads} = planned;
		const collector = createReportCollector();
		let onMessage = (_line: string): void => {};
		const {isDashboard, loadFace} = await chooseFace(planned, settings, output, interruption, collector, line =>
			onMessage(line),
		);
		const log = await startLog(settings, isDashboard, interruption);
		onMessage = line => log?.log('warn', 'A message was written to standard error', {text: line});
		const recording = await startRecording(settings, interruption);
		// A reader that left wants no more; what shall be saved is worked on to the end all the same.
		if (settings.output === 'jsonl' && settings.reports.length === 0 && recording === null) {
			output.onClosed(() => {
				run.stop();
			});
		}
		const {analysis, maxErrors, ...rest} = settings;
		const progress = await showProgress(settings, () => run.now());
		const closeProgress = (): void => progress?.close();
		// Threads have work while the face is loaded, and it hears of it afterwards.
		const untold: RunEvent[] = [];
		let tellFace = (event: RunEvent): void => {
			untold.push(event);
		};
		let untilRoom = (): Promise<void> | null => null;
		const run = startBatch({
			plan: files,
			paths,
			settings: {...rest, analysis: analysis ?? undefined, maxErrors: maxErrors ?? undefined},
			callerReads,
			signal: interruption.signal,
			onLog(message, fields) {
				log?.log('debug', message, fields);
			},
			onEvent(event: RunEvent) {
				collector.handle(event);
				log?.handle(event);
				progress?.handle(event);
				recording?.handle(event);
				tellFace(event);
			},
			untilRoom: () => untilRoom(),
		});
		// Before anybody hears of the end.
		run.done.then(closeProgress, closeProgress);
		const followed = followRun(run, collector.report, async report => {
			if (settings.reports.length > 0) await (await saving()).saveReports(report, settings);
		});
		try {
			const load = async (): Promise<Face> => {
				// Waits are there to be seen.
				if (isDashboard && settings.simulateIoMs === 0) {
					const {waitUntilWorthIt} = await import('./patience.ts');
					await waitUntilWorthIt({now: run.now, saved: followed.saved(), events: untold, sleep});
				}
				return loadFace();
			};
			const face = await load().catch(error => {
				// Nobody sees what would go on.
				run.stop();
				throw error;
			});
			// The run is held so long: it would go on telling faster than the face can be told of 100,000 files.
			const toldAll = tellInTurns(untold, face);
			untilRoom = () => toldAll;
			await toldAll;
			tellFace = face.handle;
			untilRoom = face.untilRoom ?? (() => null);
			const {control, outcome, broken} = followed;
			await Promise.all([outcome(), face.show({control, now: run.now, outcome, broken})]);
			const report = await outcome();
			return interruption.exitCode() ?? exitCodeOfReport(report, settings, output);
		} finally {
			// Whatever ended the face early, the run goes on telling until it is over.
			await Promise.allSettled([followed.outcome()]);
			await assertAllKept([followed.saved(), recording?.finish(), log?.finish()]);
		}
	} catch (error) {
		// Interrupted before there was anything to report.
		const exitCode = interruption.exitCode();
		if (exitCode !== null && error === interruption.signal.reason) return exitCode;
		throw error;
	} finally {
		interruption.dispose();
	}
}

/** More events may come while others have their turns. */
async function tellInTurns(events: RunEvent[], face: Face): Promise<void> {
	const turns = new Turns();
	for (const event of events) {
		face.handle(event);
		if (turns.isOver()) await turns.next();
	}
	events.length = 0;
}

const sleep = (durationMs: number): Promise<void> => setTimeout(durationMs, undefined, {ref: false});

interface Planned {
	readonly files: Plan;
	/** What was asked for, as people read it. */
	readonly paths: readonly string[];
	/** See `BatchOptions`. */
	readonly callerReads: boolean;
}

/** Finds the files; says so and gives `null` where there are none. */
async function plan({paths: givenPaths, settings, configFiles}: RunCommand): Promise<Planned | null> {
	const {filesFrom, reports, record, logFile, follow} = settings;
	assertReachable([...givenPaths, filesFrom, record, logFile, ...reports.map(({path}) => path)]);
	const outputs = await checkOutputs(settings, configFiles);
	const listedPaths = await readListedPaths(settings);
	assertReachable(listedPaths);
	assertOneUseOfStandardInput(listedPaths, filesFrom);
	leaveRemovedFolder();
	const paths = [...givenPaths, ...listedPaths];
	const early = new EarlyThreads(settings);
	const files = await planFiles(paths, {follow, watcher: early, outputs});
	outputs?.assertHarmless(files);
	early.onCount(files.entries.length);
	const hint = hintAtCommand(givenPaths);
	if (files.entries.length === 0) {
		process.stderr.write(`${nothingMatched(files)}${hint === undefined ? '' : ` ${hint}`}\n`);
		return null;
	}
	const isForScripts = settings.output === 'json' || settings.output === 'jsonl';
	const {otherFiles} = files;
	const leftOut = isForScripts && otherFiles !== undefined ? `Left out: ${describeOtherFiles(otherFiles)}` : undefined;
	for (const message of [hint, describeShortage(settings), leftOut]) {
		if (message !== undefined) process.stderr.write(`fileproc-tui: ${message}\n`);
	}
	return {files, paths: paths.map(displayPath), callerReads: early.callerReads};
}

async function readListedPaths({filesFrom}: RunSettings): Promise<string[]> {
	if (filesFrom === null) return [];
	try {
		return await readFileList(filesFrom, process.stdin);
	} catch (error) {
		throw new EnvironmentError(`The list of files ${safe(displayPath(filesFrom))} cannot be read`, error);
	}
}

/** `-j` is not obeyed in silence: each file in flight takes a thread. */
function describeShortage({concurrency, threads}: RunSettings): string | undefined {
	if (concurrency <= Math.max(threads, getDefault('concurrency'))) return undefined;
	return `${threads} of ${concurrency} files are processed at a time, one on each thread. For more, add --threads ${concurrency}.`;
}

/** More would fill the screen. */
const UNMATCHED_SHOWN = 5;

function nothingMatched({unmatched, otherFiles}: Plan): string {
	const more = unmatched.length - UNMATCHED_SHOWN;
	const reasons = unmatched.slice(0, UNMATCHED_SHOWN).map(safe).join('; ') + (more > 0 ? `; and ${more} more` : '');
	const others = otherFiles === undefined ? '' : ` There are ${describeOtherFiles(otherFiles)}.`;
	return `fileproc-tui: Nothing to process: ${unmatched.length === 0 ? 'the list of files is empty' : reasons}.${others}`;
}

interface ChosenFace {
	readonly isDashboard: boolean;
	/** What people need is loaded only here. */
	readonly loadFace: () => Promise<Face>;
}

async function chooseFace(
	{files, paths}: Planned,
	settings: RunSettings,
	output: Output,
	interruption: Interruption,
	collector: ReportCollector,
	onMessage: (line: string) => void,
): Promise<ChosenFace> {
	if (settings.output === 'json') return {isDashboard: false, loadFace: async () => createJsonFace(output)};
	if (settings.output === 'jsonl') return {isDashboard: false, loadFace: async () => createJsonLinesFace(output)};
	// To ask for standard input opens it, which takes 2 ms.
	const {stdout, stdin, env} = process;
	const {decideLook, decideUse} = await import('./look.ts');
	const look = {...decideLook(settings, process), failOn: settings.failOn};
	const isStdinTaken = takesStandardInput(files) || isStandardInput(settings.filesFrom);
	const mayDraw = settings.output === 'auto' && isInteractive(look.isTty, env);
	// What the surroundings say is about the terminal; a pipe is read by programs, unless the flag says otherwise.
	const isListenedTo = settings.screenReader ?? (mayDraw && isScreenReaderAsked(env));
	const faces = (): Promise<typeof import('./screen-faces.ts')> => import('./screen-faces.ts');
	if (settings.output === 'auto' && isListenedTo) {
		return {isDashboard: false, loadFace: async () => (await faces()).createMilestoneFace(output, look)};
	}
	// Data that is typed needs the keyboard for itself.
	const isTypedData = (stdin.isTTY && isStdinTaken) || paths.some(path => terminalPath.test(path));
	const keys = !mayDraw || isTypedData ? null : stdin.isTTY ? stdin : openKeyboard();
	if (keys === null) {
		return {isDashboard: false, loadFace: async () => (await faces()).createPlainFace(output, look)};
	}
	const options = {
		...decideUse(settings, process),
		title: paths.join(' '),
		...{stdin: keys, stdout, output, look, interruption, collector, onMessage},
	};
	return {isDashboard: true, loadFace: async () => (await faces()).createDashboardFace(options)};
}

const takesStandardInput = ({entries}: Plan): boolean =>
	entries.some(entry => entry.type === 'file' && entry.source.kind === 'standard-input');

/** The terminal's keyboard, where standard input is something else. */
function openKeyboard(): ReadStream | null {
	try {
		return new ReadStream(openSync('/dev/tty', 'r'));
	} catch {
		return null;
	}
}

// Most runs write no file: what is needed for that is loaded for those that do.

async function startLog(settings: RunSettings, isDashboard: boolean, {signal}: Interruption): Promise<OpenLog | null> {
	if (settings.logFile === null && settings.logLevel === 'info') return null;
	const {openLog} = await import('./open-log.ts');
	return openLog(settings, isDashboard, signal);
}

async function startRecording({record, force}: RunSettings, {signal}: Interruption): Promise<OpenRecording | null> {
	if (record === null) return null;
	const {openRecording} = await import('./open-recording.ts');
	return openRecording(record, {isForced: force, signal});
}

const saving = (): Promise<typeof import('./outputs/save-reports.ts')> => import('./outputs/save-reports.ts');

/** What must hold for the files that the run writes, before anything is read or written. */
async function checkOutputs(settings: RunSettings, configFiles: readonly string[]): Promise<Outputs | undefined> {
	if (!hasOutputs(settings)) return undefined;
	const {Outputs} = await import('./outputs/outputs.ts');
	const outputs = new Outputs(settings, configFiles);
	if (settings.reports.length > 0) await (await saving()).assertReportFolders(settings);
	return outputs;
}

/** Whoever misspells a command has named a path that is not there. */
function hintAtCommand([first = '']: readonly string[]): string | undefined {
	const nearest = findNearest(
		first,
		COMMANDS.map(({name}) => name),
	);
	if (nearest === undefined || isThere(first)) return undefined;
	return `There is no ${quoted(first)}. Did you mean the command fileproc-tui ${nearest}?`;
}

function exitCodeOfReport(report: Report, {failOn}: RunSettings, output: Output): number {
	// Stopped by a key, which stands for Ctrl+C; or because the reader of the events has left, which is its right.
	if (report.status === 'cancelled') return output.isClosed() ? exitCodes.ok : exitCodeOf('SIGINT');
	return judge(report, failOn)?.exitCode ?? exitCodes.ok;
}
