// `fileproc-tui replay <file>`: the events of a run (`--record run.jsonl`, or `--jsonl > run.jsonl`) go through the same
// dashboard once more, at the pace they came in or faster.
import {setTimeout as wait} from 'node:timers/promises';
import {createReportCollector} from '../report/collect-report.ts';
import type {RunControl} from '../store/control.ts';
import type {RunEvent} from '../store/events.ts';
import {formatSeconds} from '../text/format.ts';
import {safe} from '../text/safe.ts';
import {createCutRun} from './cut-run.ts';
import {exitCodes} from './exit-codes.ts';
import {listenForInterruption} from './interruption.ts';
import {decideLook, decideUse} from './look.ts';
import type {Command} from './options.ts';
import {createOutput} from './output.ts';
import {isCutRecording, readRecording} from './read-recording.ts';
import {createDashboardFace, createMilestoneFace, createPlainFace} from './screen-faces.ts';
import {isInteractive, isScreenReaderAsked} from './terminal-facts.ts';

type ReplayCommand = Extract<Command, {name: 'replay'}>;

export async function replayCommand({file, speed, look: settings}: ReplayCommand): Promise<number> {
	const interruption = listenForInterruption();
	const {stdout, stdin, env} = process;
	const output = createOutput(stdout, interruption.signal);
	const look = decideLook(settings, process);
	const title = `replay of ${file}${(await isCutRecording(file)) ? ', which was cut' : ''}`;
	const collector = createReportCollector();
	const mayDraw = isInteractive(look.isTty, env) && stdin.isTTY;
	const isListenedTo = settings.screenReader ?? (mayDraw && isScreenReaderAsked(env));
	const createLines = isListenedTo ? createMilestoneFace : createPlainFace;
	const face =
		mayDraw && !isListenedTo
			? createDashboardFace({
					...decideUse(settings, process),
					title,
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
		for await (const event of readRecording(file)) await tell(event);
		// What is known of a run that was killed ends here, and so does its replay.
		for (const event of cutRun.remainingEvents()) {
			cut = event;
			await tell(event);
		}
		return collector.report();
	};
	const control: RunControl = {
		pause: clock.pause,
		resume: clock.resume,
		// What happened to the files has happened.
		pauseFile() {},
		resumeFile() {},
		cancelFile() {},
		retryFiles: () => 0,
		setConcurrency: () => concurrency,
		stop() {
			stopped.abort();
		},
	};
	interruption.signal.addEventListener('abort', control.stop);
	try {
		await face.show({control, now: clock.now, outcome: play()});
		if (cut !== null) process.stderr.write(`fileproc-tui: ${describeCut(file, cut)}\n`);
		return interruption.exitCode() ?? exitCodes.ok;
	} finally {
		interruption.dispose();
	}
}

const describeCut = (file: string, {elapsedMs}: RunEvent): string =>
	`The recording ${safe(file)} was cut ${formatSeconds(elapsedMs / 1000)} into its run. What had not ended by then is shown as cancelled, and there are no figures of all files together.`;

/** Time that runs `speed` times as fast as the real one, and can be held. */
function createReplayClock(speed: number) {
	let heldAtMs: number | null = null;
	let originMs = performance.now();
	const now = (): number => (heldAtMs ?? performance.now() - originMs) * (heldAtMs === null ? speed : 1);
	return {
		now,
		pause() {
			heldAtMs ??= now();
		},
		resume() {
			if (heldAtMs === null) return;
			originMs = performance.now() - heldAtMs / speed;
			heldAtMs = null;
		},
		async waitUntil(elapsedMs: number, signal: AbortSignal): Promise<void> {
			while (now() < elapsedMs && !signal.aborted) {
				// Looked at again soon while held, and never later than the moment that is waited for.
				const leftMs = heldAtMs === null ? (elapsedMs - now()) / speed : 100;
				await wait(Math.min(leftMs, 100), undefined, {signal}).catch(() => {});
			}
		},
	};
}
