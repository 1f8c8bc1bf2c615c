// `fileproc-tui <path…>`: plans, starts the batch, shows it, saves it, and says with an exit code how it went.
import {openSync} from 'node:fs';
import {setTimeout} from 'node:timers/promises';
import {ReadStream} from 'node:tty';
import {startBatch} from '../engine/batch.ts';
import {type Plan, planFiles, STANDARD_INPUT_PATH} from '../engine/plan.ts';
import {Turns} from '../engine/turns.ts';
import {createReportCollector, type ReportCollector} from '../report/collect-report.ts';
import {judge} from '../report/verdict.ts';
import type {RunEvent} from '../store/events.ts';
import type {Report} from '../store/report-types.ts';
import {findNearest} from '../text/nearest.ts';
import {safe} from '../text/safe.ts';
import {EarlyThreads} from './early-threads.ts';
import {EnvironmentError} from './environment-error.ts';
import {exitCodeOf, exitCodes} from './exit-codes.ts';
import {createJsonFace, createJsonLinesFace, type Face} from './faces.ts';
import {COMMANDS, getDefault} from './flags.ts';
import {type Interruption, listenForInterruption} from './interruption.ts';
import {isThere} from './is-there.ts';
import {openLog} from './open-log.ts';
import {openRecording} from './open-recording.ts';
import type {Command} from './options.ts';
import {createOutput, type Output} from './output.ts';
import {assertAllKept} from './outputs/assert-all-kept.ts';
import type {Outputs} from './outputs/outputs.ts';
import {hasOutputs} from './outputs/standard-streams.ts';
import {readFileList} from './read-file-list.ts';
import type {RunSettings} from './settings.ts';
import {showProgress} from './show-progress.ts';
import {isInteractive, isScreenReaderAsked} from './terminal-facts.ts';
import {quoted} from './usage-error.ts';

type RunCommand = Extract<Command, {name: 'run'}>;

/** Processes a batch; resolves with the exit code. */
export async function runCommand({paths: givenPaths, settings, configFiles}: RunCommand): Promise<number> {
	const interruption = listenForInterruption();
	const output = createOutput(process.stdout, interruption.signal);
	let closeProgress = (): void => {};
	try {
		const outputs = await checkOutputs(settings, configFiles);
		const paths = [...givenPaths, ...(await readListedPaths(settings, interruption))];
		const early = new EarlyThreads(settings);
		const plan = await planFiles(paths, interruption.signal, early, outputs);
		outputs?.assertHarmless(plan);
		early.onCount(plan.entries.length);
		const hint = hintAtCommand(givenPaths);
		if (plan.entries.length === 0) {
			process.stderr.write(`${nothingMatched(plan)}${hint === undefined ? '' : ` ${hint}`}\n`);
			return exitCodes.nothingMatched;
		}
		if (hint !== undefined) process.stderr.write(`fileproc-tui: ${hint}\n`);
		const shortage = describeShortage(settings);
		if (shortage !== undefined) process.stderr.write(`fileproc-tui: ${shortage}\n`);
		const collector = createReportCollector();
		let onMessage = (_line: string): void => {};
		const {isDashboard, loadFace} = await chooseFace(paths, settings, output, interruption, collector, line =>
			onMessage(line),
		);
		const {log, finish: finishLog} = openLog(settings, isDashboard, interruption.signal);
		onMessage = line => log?.log('warn', 'A message was written to standard error', {text: line});
		const recording =
			settings.record === null
				? null
				: openRecording(settings.record, {isForced: settings.force, signal: interruption.signal});
		// A reader that left wants no more; what shall be saved is worked on to the end all the same.
		if (settings.output === 'jsonl' && settings.reports.length === 0 && recording === null) {
			output.onClosed(() => {
				run.stop();
			});
		}
		const {analysis, maxErrors, ...rest} = settings;
		const progress = await showProgress(settings, () => run.now());
		closeProgress = () => progress?.close();
		// Threads have work while the face is loaded, and it hears of it afterwards.
		const untold: RunEvent[] = [];
		let tellFace = (event: RunEvent): void => {
			untold.push(event);
		};
		const run = startBatch({
			plan,
			paths,
			settings: {...rest, analysis: analysis ?? undefined, maxErrors: maxErrors ?? undefined},
			callerReads: early.callerReads,
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
		});
		const outcome = run.done.finally(closeProgress).then(() => collector.report());
		// Saving does not wait for whoever looks at the screen.
		const saved = outcome.then(async report => {
			if (settings.reports.length > 0) await (await saving()).saveReports(report, settings);
		});
		// Nor does it cut anything short: a report that cannot be written is told of when all else has been.
		saved.catch(() => {});
		try {
			const load = async (): Promise<Face> => {
				// Waits are there to be seen.
				if (isDashboard && settings.simulateIoMs === 0) {
					const {waitUntilWorthIt} = await import('./patience.ts');
					await waitUntilWorthIt({now: run.now, saved, events: untold, sleep});
				}
				return loadFace();
			};
			const face = await load().catch(error => {
				// Nobody sees what would go on.
				run.stop();
				throw error;
			});
			const turns = new Turns();
			// More come while others have their turns.
			for (const event of untold) {
				face.handle(event);
				if (turns.isOver()) await turns.next();
			}
			untold.length = 0;
			tellFace = face.handle;
			const [report] = await Promise.all([outcome, face.show({control: run, now: run.now, outcome})]);
			return interruption.exitCode() ?? exitCodeOfReport(report, settings, output);
		} finally {
			// Whatever ended the face early, the run goes on telling until it is over.
			await Promise.allSettled([outcome]);
			await assertAllKept([saved, recording?.finish(), finishLog()]);
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

const sleep = (durationMs: number): Promise<void> => setTimeout(durationMs, undefined, {ref: false});

async function readListedPaths({filesFrom}: RunSettings, {signal}: Interruption): Promise<string[]> {
	if (filesFrom === null) return [];
	try {
		return await readFileList(filesFrom, process.stdin, signal);
	} catch (error) {
		signal.throwIfAborted();
		throw new EnvironmentError(`The list of files ${safe(filesFrom)} cannot be read`, error);
	}
}

/** `-j` is not obeyed in silence: each file in flight takes a thread. */
function describeShortage({concurrency, threads}: RunSettings): string | undefined {
	if (concurrency <= Math.max(threads, getDefault('concurrency'))) return undefined;
	return `${threads} of ${concurrency} files are processed at a time, one on each thread. For more, add --threads ${concurrency}.`;
}

/** More would fill the screen. */
const UNMATCHED_SHOWN = 5;

function nothingMatched({unmatched}: Plan): string {
	const more = unmatched.length - UNMATCHED_SHOWN;
	const reasons = unmatched.slice(0, UNMATCHED_SHOWN).map(safe).join('; ') + (more > 0 ? `; and ${more} more` : '');
	return `fileproc-tui: Nothing to process: ${unmatched.length === 0 ? 'the list of files is empty' : reasons}.`;
}

interface ChosenFace {
	readonly isDashboard: boolean;
	/** What people need is loaded only here. */
	readonly loadFace: () => Promise<Face>;
}

async function chooseFace(
	paths: readonly string[],
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
	const isStdinTaken = paths.includes(STANDARD_INPUT_PATH) || settings.filesFrom === STANDARD_INPUT_PATH;
	const mayDraw = settings.output === 'auto' && isInteractive(look.isTty, env);
	// What the surroundings say is about the terminal; a pipe is read by programs, unless the flag says otherwise.
	const isListenedTo = settings.screenReader ?? (mayDraw && isScreenReaderAsked(env));
	const faces = (): Promise<typeof import('./screen-faces.ts')> => import('./screen-faces.ts');
	if (settings.output === 'auto' && isListenedTo) {
		return {isDashboard: false, loadFace: async () => (await faces()).createMilestoneFace(output, look)};
	}
	// Data that is typed needs the keyboard for itself.
	const isTypedData = stdin.isTTY && isStdinTaken;
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

/** The terminal's keyboard, where standard input is something else. */
function openKeyboard(): ReadStream | null {
	try {
		return new ReadStream(openSync('/dev/tty', 'r'));
	} catch {
		return null;
	}
}

/** Most runs write no file: what is needed for that is loaded for those that do. */
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
