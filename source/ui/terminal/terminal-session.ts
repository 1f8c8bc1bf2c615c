// Sets up the terminal for the dashboard and restores it on every way out.
import {writeSync} from 'node:fs';
import chalk from 'chalk';
import {ALL_OFF} from '../input/modes.ts';
import type {ColorLevel} from '../look/theme.ts';
import {createInputMode} from './input-mode.ts';
import type {TerminalGuard} from './terminal-guard.ts';
import {TerminalOutput, type TerminalTarget} from './terminal-output.ts';

export interface TerminalSessionOptions {
	readonly stdin: NodeJS.ReadStream;
	readonly stdout: NodeJS.WriteStream;
	readonly altScreen: boolean;
	/** `null`: the process shows other dashboards, too, so that what is drawn has all that any of them may have. */
	readonly colorLevel: ColorLevel | null;
	/** The maximum number of frames per second, not counting answers to keys. */
	readonly framesPerSecond: number;
	/** Whether mouse reports are on from the start. */
	readonly mouse?: boolean | undefined;
	/** Restores the terminal where this process cannot. */
	readonly guard?: TerminalGuard | undefined;
}

export interface TerminalSession {
	/** The stream for Ink. */
	readonly output: TerminalOutput;
	/** Sets a further sequence for the restoration on every way out, such as the one for the title. */
	readonly onRestore: (sequence: () => string) => void;
	/** Sets a listener that is called when the terminal has been restored for good. */
	readonly onRelease: (listener: () => void) => void;
	/** Whether keys can be read one by one. */
	readonly hasKeyboard: boolean;
	/** Calls back on a change of the terminal's size. */
	readonly onResize: (listener: () => void) => void;
	readonly setMouse: (isOn: boolean) => void;
	/** Restores the terminal, and calls what stops the process; `reattach` undoes it. */
	readonly suspend: (stop: () => void) => void;
	/** Leaves the terminal alone, as a job in the background must: nothing is written, read or set until `reattach`. */
	readonly detach: () => void;
	/**
	Sets up the terminal again after another program had it: a shell, while the process was stopped or in the background.
	*/
	readonly reattach: () => void;
	/** Asks the terminal for its size: a change is not signalled to a process that is stopped or in the background. */
	readonly refreshSize: () => void;
	/** Switches input modes off, before Ink restores the screen. */
	readonly endInput: () => void;
	/** Ends the session after Ink has restored the screen; waits for pending writes, but not for a dead terminal. */
	readonly close: () => Promise<void>;
	/** Restores the terminal at once, without Ink: on signals, on uncaught errors, on a forced exit. */
	readonly restore: () => void;
}

/** The undocumented part of a TTY's handle; all of it may be missing. */
interface TtyHandle {
	readonly fd?: number;
	readonly setBlocking?: (isBlocking: boolean) => unknown;
}

const handleOf = (stream: object): TtyHandle | undefined => {
	const handle: unknown = Reflect.get(stream, '_handle');
	return typeof handle === 'object' && handle !== null ? handle : undefined;
};

/**
Messages go to the same terminal through standard error: one that does not read would block the process at that write.
*/
function setBlocking(stdout: object, isBlocking: boolean): void {
	for (const stream of [stdout, process.stderr]) {
		if (Reflect.get(stream, 'isTTY') === true) handleOf(stream)?.setBlocking?.(isBlocking);
	}
}

/** Time for the last bytes to reach a terminal that reads. */
const CLOSE_LIMIT_MS = 250;
const CLOSE_POLL_MS = 5;

const ignoreError = (): void => {};

const openSessions = new Set<TerminalSession>();

let hasEndedInBackground = false;

/**
Whether a session ended in the background. On exit Node resets the mode of a terminal that was in raw mode, and the system
stops a process in the background for that.
*/
export const hasSessionEndedInBackground = (): boolean => hasEndedInBackground;

/**
Restores the terminal synchronously: for signal handlers, `uncaughtException` and `exit`. It may be called at any time and any
number of times, also when there is no dashboard.
*/
export function restoreTerminal(): void {
	for (const session of openSessions) session.restore();
}

/** Reverts everything that a session sets on the terminal. */
export const restoreSequence = (isAltScreen: boolean): string =>
	`\u{1b}[?2026l\u{1b}[0m${ALL_OFF}${isAltScreen ? '\u{1b}[?1049l' : '\r\n'}\u{1b}[?25h`;

export function openTerminalSession(options: TerminalSessionOptions): TerminalSession {
	const {stdin, stdout} = options;
	const output = new TerminalOutput(stdout as TerminalTarget, options.framesPerSecond);
	const colorLevelBefore = chalk.level;
	chalk.level = options.colorLevel ?? 3;
	// Node writes to terminals synchronously: one that does not read would block the event loop, and the run with it.
	setBlocking(stdout, false);
	// A lost terminal (EIO, EPIPE) must not end the run; SIGHUP decides what happens then.
	stdin.on('error', ignoreError);
	stdout.on('error', ignoreError);
	let isOpen = true;
	let unsubscribeResize = (): void => {};
	let extraSequence = (): string => '';
	let releaseListener = (): void => {};
	const inputMode = createInputMode({stdin, write: output.write, mouse: options.mouse ?? false});
	/** Reverts everything, including the further sequence. */
	const wholeRestoreSequence = (): string => {
		// CAN ends a sequence that was cut in the middle.
		const start = output.backlogBytes > 0 ? '\u{18}' : '';
		return start + restoreSequence(options.altScreen) + extraSequence();
	};

	const release = (): void => {
		isOpen = false;
		hasEndedInBackground = output.isDetached;
		options.guard?.disarm();
		options.guard?.close();
		output.close();
		openSessions.delete(session);
		unsubscribeResize();
		if (options.colorLevel !== null) chalk.level = colorLevelBefore;
		// Data queued for a terminal that does not read must not become a blocking write.
		if (output.backlogBytes === 0) {
			setBlocking(stdout, true);
			stdin.off('error', ignoreError);
			stdout.off('error', ignoreError);
		}
		releaseListener();
	};
	const session: TerminalSession = {
		output,
		onRestore(sequence) {
			extraSequence = sequence;
		},
		onRelease(listener) {
			releaseListener = listener;
		},
		hasKeyboard: inputMode.hasKeyboard,
		onResize(listener) {
			unsubscribeResize = subscribeResize(stdout, listener);
		},
		setMouse: inputMode.setMouse,
		suspend(stop) {
			if (!isOpen) return;
			writeNow(stdout, wholeRestoreSequence());
			inputMode.endRawMode();
			session.detach();
			stop();
		},
		detach() {
			if (!isOpen || output.isDetached) return;
			output.detach();
			stdin.pause();
			options.guard?.disarm();
		},
		reattach() {
			if (!isOpen) return;
			options.guard?.arm();
			output.attach();
			session.refreshSize();
			if (options.altScreen) output.write('\u{1b}[?1049h');
			inputMode.resume();
		},
		refreshSize() {
			const refresh: unknown = Reflect.get(stdout, '_refreshSize');
			if (typeof refresh === 'function') refresh.call(stdout);
		},
		endInput() {
			if (isOpen && !output.isDetached) inputMode.turnOff();
		},
		async close() {
			if (!isOpen) return;
			session.endInput();
			output.writeSequence(extraSequence());
			output.close();
			options.guard?.disarm();
			const deadline = performance.now() + CLOSE_LIMIT_MS;
			while (output.backlogBytes > 0 && performance.now() < deadline) {
				await new Promise(resolve => setTimeout(resolve, CLOSE_POLL_MS));
			}
			if (isOpen) release();
		},
		restore() {
			if (!isOpen) return;
			if (!output.isDetached) writeNow(stdout, wholeRestoreSequence());
			release();
			if (!output.isDetached) inputMode.endRawMode();
		},
	};
	openSessions.add(session);
	options.guard?.arm();
	// Node knows the size from its start, and the run may have begun long before in the background.
	session.refreshSize();
	inputMode.turnOn();
	return session;
}

/** @returns A function that ends the subscription. */
function subscribeResize(stdout: NodeJS.WriteStream, listener: () => void): () => void {
	// Node reports a resize only when the size it knows has changed, but a terminal that shrank and grew back in the meantime
	// has lost its contents all the same. Node's own listener for the signal runs first, so the size is current.
	if (stdout === process.stdout) {
		process.on('SIGWINCH', listener);
		return () => process.off('SIGWINCH', listener);
	}
	stdout.on('resize', listener);
	return () => stdout.off('resize', listener);
}

/** Tries briefly and gives up: on exit, a terminal that does not read must not block the process. */
function writeNow(stdout: NodeJS.WriteStream, text: string): void {
	const descriptor = handleOf(stdout)?.fd;
	if (descriptor === undefined || descriptor < 0) {
		stdout.write(text);
		return;
	}
	const bytes = Buffer.from(text);
	let offset = 0;
	for (let attempt = 0; attempt < 50 && offset < bytes.length; attempt++) {
		try {
			offset += writeSync(descriptor, bytes, offset);
		} catch (error) {
			// EIO, EPIPE, EBADF: the terminal is gone.
			if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) return;
			Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
		}
	}
}
