// Takes the terminal for the dashboard and gives it back as it was, on every way out.
import {writeSync} from 'node:fs';
import chalk from 'chalk';
import {ALL_OFF, INPUT_ON, MOUSE_OFF, MOUSE_ON} from '../input/modes.ts';
import type {ColorLevel} from '../look/theme.ts';
import type {TerminalGuard} from './terminal-guard.ts';
import {TerminalOutput, type TerminalTarget} from './terminal-output.ts';

export interface TerminalSessionOptions {
	readonly stdin: NodeJS.ReadStream;
	readonly stdout: NodeJS.WriteStream;
	readonly altScreen: boolean;
	readonly colorLevel: ColorLevel;
	/** So many frames a second are painted at most, answers to keys aside. */
	readonly framesPerSecond: number;
	/** Whether the mouse is told of from the start. */
	readonly mouse?: boolean | undefined;
	/** Puts the terminal back where this process cannot. */
	readonly guard?: TerminalGuard | undefined;
}

export interface TerminalSession {
	/** The stream for Ink. */
	readonly output: TerminalOutput;
	/** Sets what is written as the terminal is given back, on every way out: its title, say. */
	readonly onFarewell: (farewell: () => string) => void;
	/** Sets what is called when the terminal has been given back for good. */
	readonly onRelease: (listener: () => void) => void;
	/** Whether keys can be had one by one. */
	readonly hasKeyboard: boolean;
	/** Calls back on a change of the terminal's size. */
	readonly onResize: (listener: () => void) => void;
	readonly setMouse: (isOn: boolean) => void;
	/** Gives the terminal back, and calls what stops the process; `retake` is for afterwards. */
	readonly suspend: (stop: () => void) => void;
	/** Leaves the terminal alone, as a job in the background must: nothing is written, read or set until `retake`. */
	readonly detach: () => void;
	/** Takes the terminal again after someone else had it: a shell, while the process was stopped or in the background. */
	readonly retake: () => void;
	/** Asks the terminal for its size: a change is not signalled to a process that is stopped or in the background. */
	readonly refreshSize: () => void;
	/** Takes back what the terminal was asked to tell, before Ink puts the screen back. */
	readonly endInput: () => void;
	/** Ends the session after Ink has put the terminal back; waits for what is under way, but not for a dead terminal. */
	readonly close: () => Promise<void>;
	/** Puts the terminal back at once, without Ink: on signals, on errors nobody caught, when leaving is forced. */
	readonly restore: () => void;
}

/** The part of a TTY's handle that Node doesn't document; all of it may be missing. */
interface TtyHandle {
	readonly fd?: number;
	readonly setBlocking?: (isBlocking: boolean) => unknown;
}

const handleOf = (stream: object): TtyHandle | undefined => {
	const handle: unknown = Reflect.get(stream, '_handle');
	return typeof handle === 'object' && handle !== null ? handle : undefined;
};

/**
Messages go to the same terminal by standard error, and on exit a dependency of Ink shows the cursor there: a terminal
that doesn't read would stop the process at that write.
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

let isLeftAlone = false;

/**
Whether a session ended in the background. Node sets the mode of a terminal that was in raw mode once more as it ends, and the
system stops a process in the background for that.
*/
export const isTerminalLeftAlone = (): boolean => isLeftAlone;

/**
Puts the terminal back as it was, synchronously: for signal handlers, `uncaughtException` and `exit`. It may be called
at any time and any number of times, also when there is no dashboard.
*/
export function restoreTerminal(): void {
	for (const session of openSessions) session.restore();
}

/** Takes back all that a session asks of the terminal. */
export const restoreSequence = (isAltScreen: boolean): string =>
	`\u{1b}[?2026l\u{1b}[0m${ALL_OFF}${isAltScreen ? '\u{1b}[?1049l' : '\r\n'}\u{1b}[?25h`;

export function openTerminalSession(options: TerminalSessionOptions): TerminalSession {
	const {stdin, stdout} = options;
	const output = new TerminalOutput(stdout as TerminalTarget, options.framesPerSecond);
	const colorLevelBefore = chalk.level;
	chalk.level = options.colorLevel;
	// Node writes to terminals synchronously: one that doesn't read would stop the event loop, and the run with it.
	setBlocking(stdout, false);
	// A lost terminal (EIO, EPIPE) is no reason to lose the run: what is to be done then, SIGHUP decides.
	stdin.on('error', ignoreError);
	stdout.on('error', ignoreError);
	let isOpen = true;
	let isInputOn = false;
	let isMouseOn = options.mouse ?? false;
	let isDetached = false;
	let unsubscribeResize = (): void => {};
	let lastWords = (): string => '';
	let releaseListener = (): void => {};
	const hasKeyboard = stdin.isTTY === true && typeof stdin.setRawMode === 'function';
	const requestInput = (): void => {
		if (!hasKeyboard) return;
		isInputOn = true;
		setRawMode(stdin, true);
		output.write(INPUT_ON + (isMouseOn ? MOUSE_ON : ''));
	};
	/** What takes back all that was asked of the terminal. */
	const farewell = (): string => {
		// CAN ends a sequence that was cut in the middle.
		const start = output.backlogBytes > 0 ? '\u{18}' : '';
		return start + restoreSequence(options.altScreen) + lastWords();
	};

	const release = (): void => {
		isOpen = false;
		isLeftAlone = isDetached;
		options.guard?.disarm();
		options.guard?.close();
		output.close();
		openSessions.delete(session);
		unsubscribeResize();
		chalk.level = colorLevelBefore;
		// What is still queued for a terminal that doesn't read must not become a blocking write.
		if (output.backlogBytes === 0) {
			setBlocking(stdout, true);
			stdin.off('error', ignoreError);
			stdout.off('error', ignoreError);
		}
		releaseListener();
	};
	const session: TerminalSession = {
		output,
		onFarewell(newLastWords) {
			lastWords = newLastWords;
		},
		onRelease(listener) {
			releaseListener = listener;
		},
		hasKeyboard,
		onResize(listener) {
			// Node tells of a resize only when the size it knows has changed, but a terminal that shrank and grew back in the
			// meantime has lost what was on it all the same. Its own listener for the signal comes first, so the size is new.
			const isOwnTerminal = stdout === process.stdout;
			if (isOwnTerminal) process.on('SIGWINCH', listener);
			else stdout.on('resize', listener);
			unsubscribeResize = () => {
				if (isOwnTerminal) process.off('SIGWINCH', listener);
				else stdout.off('resize', listener);
			};
		},
		setMouse(isOn) {
			isMouseOn = isOn;
			output.write(isOn ? MOUSE_ON : MOUSE_OFF);
		},
		suspend(stop) {
			if (!isOpen) return;
			writeAtOnce(stdout, farewell());
			setRawMode(stdin, false);
			session.detach();
			stop();
		},
		detach() {
			if (!isOpen || isDetached) return;
			isDetached = true;
			output.detach();
			stdin.pause();
			options.guard?.disarm();
		},
		retake() {
			if (!isOpen) return;
			isDetached = false;
			options.guard?.arm();
			output.attach();
			session.refreshSize();
			// Node knows the mode it has set, not the one that a shell has set since: only a change reaches the terminal.
			setRawMode(stdin, false);
			if (options.altScreen) output.write('\u{1b}[?1049h');
			requestInput();
			if (isInputOn) stdin.resume();
		},
		refreshSize() {
			const refresh: unknown = Reflect.get(stdout, '_refreshSize');
			if (typeof refresh === 'function') refresh.call(stdout);
		},
		endInput() {
			if (!isOpen || !isInputOn || isDetached) return;
			isInputOn = false;
			output.write(ALL_OFF);
			setRawMode(stdin, false);
		},
		async close() {
			if (!isOpen) return;
			session.endInput();
			output.tell(lastWords());
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
			if (!isDetached) writeAtOnce(stdout, farewell());
			release();
			if (!isDetached) setRawMode(stdin, false);
		},
	};
	openSessions.add(session);
	options.guard?.arm();
	// The size that Node knows is that of its start, and a run may have begun long before in the background.
	session.refreshSize();
	requestInput();
	return session;
}

/** Tries for a moment and gives up: on the way out, a terminal that doesn't take it must not hold the process. */
function writeAtOnce(stdout: NodeJS.WriteStream, text: string): void {
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

function setRawMode(stdin: NodeJS.ReadStream, isRaw: boolean): void {
	try {
		stdin.setRawMode?.(isRaw);
	} catch {
		// The terminal is gone: nothing to set, nothing to put back.
	}
}
