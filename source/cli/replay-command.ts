// `fileproc-tui replay <file>`: the events of a run (`--jsonl > run.jsonl`) go through the same dashboard once more, at
// the pace they came in or faster.
import {createReadStream} from 'node:fs';
import {createInterface} from 'node:readline/promises';
import {setTimeout as wait} from 'node:timers/promises';
import {createReportCollector} from '../report/collect-report.ts';
import type {RunControl} from '../store/control.ts';
import type {RunEvent, RunEventType} from '../store/events.ts';
import {safe} from '../text/safe.ts';
import {EnvironmentError} from './environment-error.ts';
import {exitCodes} from './exit-codes.ts';
import {createDashboardFace, createPlainFace} from './faces.ts';
import {listenForInterruption} from './interruption.ts';
import {decideLook} from './look.ts';
import type {Command} from './options.ts';
import {createOutput} from './output.ts';
import {isInteractive} from './terminal-facts.ts';
import {UsageError} from './usage-error.ts';

type ReplayCommand = Extract<Command, {name: 'replay'}>;

export async function replayCommand({file, speed, look: settings}: ReplayCommand): Promise<number> {
	const interruption = listenForInterruption();
	const {stdout, stdin, env} = process;
	const output = createOutput(stdout, interruption.signal);
	const look = decideLook(settings, process);
	const title = `replay of ${file}`;
	const face =
		isInteractive(look.isTty, env) && stdin.isTTY
			? createDashboardFace({title, stdin, stdout, output, look, interruption})
			: createPlainFace(output, look);
	const collector = createReportCollector();
	const clock = createReplayClock(speed);
	const stopped = new AbortController();
	/** Of the run that was recorded. */
	let concurrency = 0;
	const play = async (): Promise<ReturnType<typeof collector.report>> => {
		let last: RunEvent | null = null;
		for await (const event of readEvents(file)) {
			last = event;
			if (event.type === 'run-started') concurrency = event.concurrency;
			// Whoever stops a replay wants to see how it ended, without waiting for it.
			if (!stopped.signal.aborted) await clock.waitUntil(event.elapsedMs, stopped.signal);
			collector.handle(event);
			face.handle(event);
		}
		if (last?.type !== 'run-completed') {
			throw new UsageError(
				`The recording ${safe(file)} ends before its run does; replay takes what --jsonl printed to its end.`,
			);
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
		return interruption.exitCode() ?? exitCodes.ok;
	} finally {
		interruption.dispose();
	}
}

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

/** Reads recorded events, one on each line. */
async function* readEvents(file: string): AsyncGenerator<RunEvent> {
	const input = createReadStream(file);
	const opened = new Promise<void>((resolve, reject) => {
		input.once('open', () => {
			resolve();
		});
		input.once('error', reject);
	});
	try {
		await opened;
	} catch (error) {
		throw new EnvironmentError(`The recorded run ${safe(file)} cannot be read`, error);
	}
	let lineNumber = 0;
	for await (const line of createInterface({input, crlfDelay: Number.POSITIVE_INFINITY})) {
		lineNumber++;
		if (line === '') continue;
		yield parseEvent(line, lineNumber, file);
	}
}

/** What every event of a type must have for a run to be made of it. The type checker sees to it that none is missing. */
const neededKeys: {readonly [Type in RunEventType]: readonly string[]} = {
	'run-started': ['paths', 'fileCount', 'bytesTotal', 'concurrency', 'threads'],
	'run-paused': [],
	'run-resumed': [],
	'run-completed': ['status', 'totals', 'analyses'],
	'file-queued': ['file', 'attempt', 'bytesTotal'],
	'file-skipped': ['file', 'attempt', 'report'],
	'file-started': ['file', 'attempt'],
	'file-progressed': ['file', 'attempt', 'bytesRead', 'rows', 'rejectedRows'],
	'file-retrying': ['file', 'attempt', 'error', 'waitMs'],
	'file-completed': ['file', 'attempt', 'report'],
	'file-failed': ['file', 'attempt', 'report'],
	'file-cancelled': ['file', 'attempt', 'report'],
};

function parseEvent(line: string, lineNumber: number, file: string): RunEvent {
	const event = readJson(line);
	if (isEvent(event) && (lineNumber > 1 || event.type === 'run-started')) return event;
	throw new UsageError(
		`Line ${lineNumber} of ${safe(file)} is no event of a run; replay takes what --jsonl printed, from its first line on.`,
	);
}

function isEvent(value: unknown): value is RunEvent {
	if (typeof value !== 'object' || value === null || !('type' in value) || !('elapsedMs' in value)) return false;
	if (typeof value.type !== 'string' || !Number.isFinite(value.elapsedMs)) return false;
	const keys = Object.entries(neededKeys).find(([type]) => type === value.type)?.[1];
	return keys?.every(key => key in value) ?? false;
}

function readJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}
