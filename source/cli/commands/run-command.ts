// `fileproc-tui <path…>`: plans, starts the batch, shows it, saves it, and says with an exit code how it went.
import {setTimeout} from 'node:timers/promises';
import {startBatch} from '../../engine/batch.ts';
import {Turns} from '../../engine/shared/turns.ts';
import type {RunEvent} from '../../model/events.ts';
import type {Report} from '../../model/report.ts';
import {createReportCollector} from '../../report/collect-report.ts';
import {judge} from '../../report/verdict.ts';
import type {RunCommand} from '../arguments/options.ts';
import type {RunSettings} from '../arguments/settings.ts';
import {assertAllKept} from '../outputs/assert-all-kept.ts';
import {chooseFace} from '../outputs/choose-face.ts';
import type {Face} from '../outputs/faces.ts';
import {followRun} from '../outputs/followed-run.ts';
import type {OpenLog} from '../outputs/open-log.ts';
import type {OpenRecording} from '../outputs/open-recording.ts';
import {createOutput, type Output} from '../outputs/output.ts';
import {showProgress} from '../outputs/show-progress.ts';
import {type Interruption, listenForInterruption} from '../process/interruption.ts';
import {exitCodeOf, exitCodes} from './exit-codes.ts';
import {planRun} from './plan-run.ts';

/** Processes a batch; resolves with the exit code. */
export async function runCommand(command: RunCommand): Promise<number> {
	// Until files are planned nothing has been written, and a folder of a drive that does not answer hangs this thread: no handler
	// could run. So there is none yet, and the system itself ends the program when a signal comes.
	const planned = await planRun(command);
	if (planned === null) return exitCodes.nothingMatched;
	const {settings} = command;
	const interruption = listenForInterruption();
	const output = createOutput(process.stdout, interruption.signal);
	try {
		const {files, paths} = planned;
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
				run.perform({type: 'stop'});
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
					const {waitUntilWorthIt} = await import('../outputs/defer-dashboard.ts');
					await waitUntilWorthIt({now: run.now, saved: followed.saved(), events: untold, sleep});
				}
				return loadFace();
			};
			const face = await load().catch(error => {
				// Nobody sees what would go on.
				run.perform({type: 'stop'});
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

// Most runs write no file: what is needed for that is loaded for those that do.

async function startLog(settings: RunSettings, isDashboard: boolean, {signal}: Interruption): Promise<OpenLog | null> {
	if (settings.logFile === null && settings.logLevel === 'info') return null;
	const {openLog} = await import('../outputs/open-log.ts');
	return openLog(settings, isDashboard, signal);
}

async function startRecording({record, force}: RunSettings, {signal}: Interruption): Promise<OpenRecording | null> {
	if (record === null) return null;
	const {openRecording} = await import('../outputs/open-recording.ts');
	return openRecording(record, {isForced: force, signal});
}

const saving = (): Promise<typeof import('../outputs/save-reports.ts')> => import('../outputs/save-reports.ts');

function exitCodeOfReport(report: Report, {failOn}: RunSettings, output: Output): number {
	// Stopped by a key, which stands for Ctrl+C; or because the reader of the events has left, which is its right.
	if (report.status === 'cancelled') return output.isClosed() ? exitCodes.ok : exitCodeOf('SIGINT');
	return judge(report, failOn)?.exitCode ?? exitCodes.ok;
}
