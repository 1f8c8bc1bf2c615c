// `fileproc-tui replay <file>`: the events of a run (`--record run.jsonl`, or `--jsonl > run.jsonl`) go through the same
// dashboard once more, at the pace they came in or faster.

import type {RunEvent} from '../../model/events.ts';
import {performWith} from '../../model/run-command.ts';
import {createReportCollector} from '../../report/collect-report.ts';
import {formatSeconds} from '../../text/format.ts';
import {displayPath} from '../../text/path-text.ts';
import {safe} from '../../text/safe.ts';
import {restoreTerminal} from '../../ui/terminal/terminal-session.ts';
import {decideLook, decideUse} from '../arguments/look.ts';
import type {Command} from '../arguments/options.ts';
import {createOutput} from '../outputs/output.ts';
import {assertNotWritten} from '../outputs/outputs.ts';
import {createDashboardFace, createMilestoneFace, createPlainFace} from '../outputs/screen-faces.ts';
import {listenForInterruption} from '../process/interruption.ts';
import {isInteractive, isScreenReaderAsked} from '../process/terminal-capabilities.ts';
import {assertReachable} from '../process/working-folder.ts';
import {isCutRecording, readRecording} from '../replay/read-recording.ts';
import {createReplayClock} from '../replay/replay-clock.ts';
import {createCutRun} from '../replay/truncated-recording.ts';
import {exitCodes} from './exit-codes.ts';

/** What happened to the files has happened. */
const NOT_IN_A_REPLAY = ['pause-file', 'cancel', 'retry', 'more-at-once', 'fewer-at-once'] as const;

type ReplayCommand = Extract<Command, {name: 'replay'}>;

export async function replayCommand({file, speed, look: settings}: ReplayCommand): Promise<number> {
	assertReachable([file]);
	assertNotWritten(file);
	// As in a run, nothing listens for signals while the file is looked for.
	const isCut = await isCutRecording(file);
	const interruption = listenForInterruption();
	const {stdout, stdin, env} = process;
	const output = createOutput(stdout, interruption.signal);
	const look = decideLook(settings, process);
	const title = `replay of ${displayPath(file)}${isCut ? ', which was cut' : ''}`;
	const collector = createReportCollector();
	const mayDraw = isInteractive(look.isTty, env) && stdin.isTTY;
	const isListenedTo = settings.screenReader ?? (mayDraw && isScreenReaderAsked(env));
	const createLines = isListenedTo ? createMilestoneFace : createPlainFace;
	const face =
		mayDraw && !isListenedTo
			? createDashboardFace({
					...decideUse(settings, process),
					title,
					unavailable: NOT_IN_A_REPLAY,
					stdin,
					stdout,
					output,
					look,
					interruption,
					collector,
				})
			: createLines(output, look);
	const cutRun = createCutRun();
	let cut: RunEvent | null = null;
	const clock = createReplayClock(speed);
	const stopped = new AbortController();
	/** Of the run that was recorded. */
	let concurrency = 0;
	const play = async (): Promise<ReturnType<typeof collector.report>> => {
		const tell = async (event: RunEvent): Promise<void> => {
			if (event.type === 'run-started') concurrency = event.concurrency;
			// Whoever stops a replay wants to see how it ended, without waiting for it.
			if (!stopped.signal.aborted) await clock.waitUntil(event.elapsedMs, stopped.signal);
			cutRun.handle(event);
			collector.handle(event);
			face.handle(event);
		};
		for await (const event of readRecording(file, stopped.signal)) await tell(event);
		// What is known of a run that was killed ends here, and so does its replay.
		for (const event of cutRun.remainingEvents()) {
			cut = event;
			await tell(event);
		}
		return collector.report();
	};
	/** A pause of the replay is no event of the recorded run, but the screen learns of it as of one. */
	const showHold = (type: 'run-paused' | 'run-resumed'): void => {
		face.handle({type, seq: 0, at: new Date().toISOString(), elapsedMs: clock.now()});
	};
	const stop = (): void => stopped.abort();
	const perform = performWith({
		pause() {
			if (clock.pause()) showHold('run-paused');
		},
		resume() {
			if (clock.resume()) showHold('run-resumed');
		},
		stop,
		// What happened to the files has happened.
		'pause-file'() {},
		'resume-file'() {},
		'cancel-file'() {},
		'retry-files': () => ({fileCount: 0}),
		'set-concurrency': () => ({concurrency}),
	});
	interruption.signal.addEventListener('abort', stop);
	try {
		const played = play();
		const broken = played.then(() => new Promise<never>(() => {}));
		await face.show({control: {perform}, now: clock.now, outcome: () => played, broken});
		if (cut !== null) process.stderr.write(`fileproc-tui: ${describeCut(file, cut)}\n`);
		return interruption.exitCode() ?? exitCodes.ok;
	} catch (error) {
		if (error !== stopped.signal.reason) throw error;
		restoreTerminal();
		return interruption.exitCode() ?? exitCodes.ok;
	} finally {
		interruption.dispose();
	}
}

const describeCut = (file: string, {elapsedMs}: RunEvent): string =>
	`The recording ${safe(displayPath(file))} was cut ${formatSeconds(elapsedMs / 1000)} into its run. What had not ended by then is shown as cancelled, and there are no figures of all files together.`;
