// `fileproc-tui replay <file>`: shows the events of a recorded run (`--record run.jsonl`, or `--jsonl > run.jsonl`) on the
// same dashboard again, at the original pace or faster.

import type {RunEvent} from '../../model/events.ts';
import {performWith} from '../../model/run-command.ts';
import {createReportCollector} from '../../report/collect-report.ts';
import {formatSeconds} from '../../text/format.ts';
import {displayPath} from '../../text/path-text.ts';
import {safe} from '../../text/safe.ts';
import {isRemotePath, withoutSecrets} from '../../text/shown-url.ts';
import {restoreTerminal} from '../../ui/terminal/terminal-session.ts';
import {decideLook, decideUse} from '../arguments/look.ts';
import type {Command} from '../arguments/options.ts';
import {assertNotWritten} from '../outputs/output-files.ts';
import {createOutputStream} from '../outputs/output-stream.ts';
import {createDashboardOutput, createMilestoneOutput, createPlainOutput} from '../outputs/screen-outputs.ts';
import {listenForInterruption} from '../process/interruption.ts';
import {isInteractive, isScreenReaderRequested} from '../process/terminal-capabilities.ts';
import {assertReachable} from '../process/working-folder.ts';
import {isTruncatedRecording, readRecording} from '../replay/read-recording.ts';
import {createReplayClock} from '../replay/replay-clock.ts';
import {createTruncatedRun} from '../replay/truncated-recording.ts';
import {exitCodes} from './exit-codes.ts';

/** A replay cannot change what happened to the files. */
const UNAVAILABLE_ACTIONS = ['pause-file', 'cancel', 'retry', 'more-at-once', 'fewer-at-once'] as const;

type ReplayCommand = Extract<Command, {name: 'replay'}>;

export async function replayCommand(command: ReplayCommand): Promise<number> {
	const {file} = command;
	if (!isRemotePath(file)) return replay(command, displayPath(file));
	const {fetchNamed} = await import('./fetch-object.ts');
	const fetched = await fetchNamed(file);
	try {
		return await replay({...command, file: fetched?.path ?? file}, withoutSecrets(file));
	} finally {
		await fetched?.remove();
	}
}

/** @param name - Of the recording, for people. */
async function replay({file, speed, look: settings}: ReplayCommand, name: string): Promise<number> {
	assertReachable([file]);
	assertNotWritten(file);
	// As in a run, no signal handler is installed before the file has been found.
	const isTruncated = await isTruncatedRecording(file);
	const interruption = listenForInterruption();
	const {stdout, stdin, env} = process;
	const stream = createOutputStream(stdout, interruption.signal);
	const look = decideLook(settings, process);
	const title = `replay of ${name}${isTruncated ? ', which was cut' : ''}`;
	const collector = createReportCollector();
	const canDraw = isInteractive(look.isTty, env) && stdin.isTTY;
	const usesScreenReader = settings.screenReader ?? (canDraw && isScreenReaderRequested(env));
	const createLines = usesScreenReader ? createMilestoneOutput : createPlainOutput;
	const runOutput =
		canDraw && !usesScreenReader
			? createDashboardOutput({
					...decideUse(settings, process),
					title,
					unavailable: UNAVAILABLE_ACTIONS,
					stdin,
					stdout,
					stream,
					look,
					interruption,
					collector,
				})
			: createLines(stream, look);
	const truncatedRun = createTruncatedRun();
	let truncatedAt: RunEvent | null = null;
	const clock = createReplayClock(speed);
	const stopped = new AbortController();
	/** The concurrency of the recorded run. */
	let concurrency = 0;
	const play = async (): Promise<ReturnType<typeof collector.report>> => {
		const deliver = async (event: RunEvent): Promise<void> => {
			if (event.type === 'run-started') concurrency = event.concurrency;
			// When a replay is stopped, the remaining events are shown without waiting.
			if (!stopped.signal.aborted) await clock.waitUntil(event.elapsedMs, stopped.signal);
			truncatedRun.handle(event);
			collector.handle(event);
			runOutput.handle(event);
		};
		for await (const event of readRecording(file, stopped.signal)) await deliver(event);
		// The recording of a killed run ends here, so the missing end events are added.
		for (const event of truncatedRun.remainingEvents()) {
			truncatedAt = event;
			await deliver(event);
		}
		return collector.report();
	};
	/** A pause of the replay is not an event of the recorded run, but the screen shows it like one. */
	const showPause = (type: 'run-paused' | 'run-resumed'): void => {
		runOutput.handle({type, seq: 0, at: new Date().toISOString(), elapsedMs: clock.now()});
	};
	const stop = (): void => stopped.abort();
	const perform = performWith({
		pause() {
			if (clock.pause()) showPause('run-paused');
		},
		resume() {
			if (clock.resume()) showPause('run-resumed');
		},
		stop,
		// A replay cannot change what happened to the files.
		'pause-file'() {},
		'resume-file'() {},
		'cancel-file'() {},
		'retry-files': () => ({fileCount: 0}),
		'retry-claims': async () => ({fileCount: 0}),
		'set-concurrency': () => ({concurrency}),
	});
	interruption.signal.addEventListener('abort', stop);
	try {
		const played = play();
		const failure = played.then(() => new Promise<never>(() => {}));
		// While the dashboard is loaded, `show` does not listen yet. It does later, so the error is not lost.
		for (const promise of [played, failure]) promise.catch(() => {});
		await runOutput.show({control: {perform}, now: clock.now, finalReport: () => played, failure});
		if (truncatedAt !== null) process.stderr.write(`fileproc-tui: ${describeTruncation(name, truncatedAt)}\n`);
		return interruption.exitCode() ?? exitCodes.ok;
	} catch (error) {
		if (error !== stopped.signal.reason) throw error;
		restoreTerminal();
		return interruption.exitCode() ?? exitCodes.ok;
	} finally {
		interruption.dispose();
	}
}

const describeTruncation = (name: string, {elapsedMs}: RunEvent): string =>
	`The recording ${safe(name)} was cut ${formatSeconds(elapsedMs / 1000)} into its run. What had not ended by then is shown as cancelled, and there are no figures of all files together.`;
