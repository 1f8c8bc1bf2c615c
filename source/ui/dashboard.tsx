// The entry to the dashboard: sets up the terminal, renders the app on it until the user leaves, and restores the terminal.
import type {Connection} from '../model/connection.ts';
import type {PastRuns} from '../model/past-runs.ts';
import type {RunControl} from '../model/run-control.ts';
import type {Drift} from '../model/run-diff.ts';
import type {WatchedFolder} from '../model/watched-folder.ts';
import type {ShownStore} from '../store/store.ts';
import {safe} from '../text/safe.ts';
import type {Effects, TerminalEffects} from './commands/actions.ts';
import {
	type Action,
	createKeymap,
	FOR_WATCHED,
	type KeyOverrides,
	missingIn,
	NOT_FOR_WATCHED,
} from './commands/keymap.ts';
import {copySequence} from './input/clipboard.ts';
import {LOCAL_ESCAPE_MS, openInput, REMOTE_ESCAPE_MS} from './input/input-stream.ts';
import {createLook, type LookOptions} from './look/look.ts';
import {renderUntilExit} from './render-app.tsx';
import {captureMessages, NO_MESSAGES, type StrayMessages} from './terminal/stray-messages.ts';
import {listenForSuspension, type Suspension} from './terminal/suspension.ts';
import {startTerminalGuard, type TerminalGuard} from './terminal/terminal-guard.ts';
import type {TerminalOutput} from './terminal/terminal-output.ts';
import {openTerminalSession, restoreSequence, type TerminalSession} from './terminal/terminal-session.ts';
import {fullRestoreSequence, startTerminalStatus, type TerminalStatusOptions} from './terminal/terminal-status.ts';

export type {KeyOverrides} from './commands/keymap.ts';
export type {LookOptions} from './look/look.ts';
export {type ColorLevel, THEME_NAMES, type ThemeName} from './look/theme.ts';
export {detectNotification} from './terminal/status-sequences.ts';
export {restoreTerminal} from './terminal/terminal-session.ts';
export type {TerminalStatusOptions} from './terminal/terminal-status.ts';

export interface DashboardOptions {
	readonly store: ShownStore;
	readonly control: RunControl;
	/** Milliseconds since the run began, on the clock of the events' `elapsedMs`. */
	readonly now: () => number;
	/** The paths of the run, as given. */
	readonly title: string;
	readonly stdin: NodeJS.ReadStream;
	readonly stdout: NodeJS.WriteStream;
	readonly look: LookOptions;
	/** Terminal status besides the screen: title, progress, notification. @default none */
	readonly terminalStatus?: TerminalStatusOptions | undefined;
	/** Called when the user leaves while the run is still stopping. */
	readonly onForceQuit: () => void;
	/** Custom keys, as `readKeyOverrides` returns them. */
	readonly keys?: KeyOverrides | undefined;
	/** Actions that are not possible here. */
	readonly unavailable?: readonly Action[] | undefined;
	/** The initial filter of the list, as `parseFilter` reads it. */
	readonly filter?: string | undefined;
	/** Whether the dashboard uses the mouse. Default true; a key changes it. */
	readonly mouse?: boolean | undefined;
	/** Writes the report; resolves with its path, rejects with the reason. Without it the action is not available. */
	readonly onExport?: (() => Promise<string>) | undefined;
	/** For detecting SSH and tmux. Default: the environment of the process. */
	readonly env?: Readonly<Record<string, string | undefined>> | undefined;
	/** Receives each line that other code writes to standard error while the dashboard is shown. */
	readonly onMessage?: ((line: string) => void) | undefined;
	/** What changed since an earlier run, once this one has ended; it may take a moment. */
	readonly findDrift?: (() => Drift) | undefined;
	/** The runs of the ledger that is at hand. */
	readonly pastRuns?: PastRuns | undefined;
	/** The watched folder whose files and figures it shows. */
	readonly watched?: WatchedFolder | undefined;
	/** To the process that the run is one of, where that is another one. */
	readonly connection?: Connection | undefined;
	/** What people should read, where standard error is not their terminal. */
	readonly messages?: StrayMessages | undefined;
	/** Whether the process shows other dashboards, too: colours are then as of the richest terminal, and it is for `look` to have none that this one lacks. */
	readonly isOneOfMany?: boolean | undefined;
	/** When aborted, the dashboard is left as soon as the run has ended, without any question; at once where the run is one of another process. */
	readonly leave?: AbortSignal | undefined;
}

export interface DashboardOutcome {
	/** `left`: after the run's end; `forced`: before it. */
	readonly reason: 'left' | 'forced';
}

const isSet = (value: string | undefined): boolean => value !== undefined && value !== '';

/** Animations change at most this often: one step of a spinner. */
const MIN_TICK_MS = 125;
/** And a little later than the next frame: while there is news in each of them, all is made once for a frame, not for the news and the clock. */
const TICK_FRAMES = 1.25;

/**
Shows the dashboard until the user leaves.

It does not throw without a keyboard, but then no key can leave it, so do not start it without raw mode. When the promise
resolves, the terminal is restored; only a terminal that does not read keeps what it was sent.
*/
export async function runDashboard(options: DashboardOptions): Promise<DashboardOutcome> {
	const {stdin, stdout, store, control, now, filter, onExport, findDrift, pastRuns, watched, connection} = options;
	const {altScreen, colorLevel, fps} = options.look;
	const {mouse = true, env = process.env} = options;
	// Windows has no such signals.
	const isOwnTerminal = stdout === process.stdout && process.platform !== 'win32';
	const guard = isOwnTerminal ? await guardTerminal(options) : undefined;
	const session = openTerminalSession({
		...{stdin, stdout, altScreen, framesPerSecond: fps, mouse, guard},
		colorLevel: options.isOneOfMany === true ? null : colorLevel,
	});
	const {output} = session;
	// A terminal reached by other means, such as over a network, does not show our standard error.
	const messages = isOwnTerminal ? captureMessages(options.onMessage) : (options.messages ?? NO_MESSAGES);
	session.onRelease(messages.release);
	const escapeMs = isSet(env.SSH_CONNECTION) ? REMOTE_ESCAPE_MS : LOCAL_ESCAPE_MS;
	const input = session.hasKeyboard ? openInput({stdin, escapeMs}) : null;
	const exit = Promise.withResolvers<DashboardOutcome['reason']>();
	const stopWatching = exitUnattended(options, output, () => exit.resolve('left'));
	const terminalStatus = startTerminalStatus(options.terminalStatus, {store, now, send: output.writeSequence});
	session.onRestore(terminalStatus.restoreSequence);
	const suspension = isOwnTerminal
		? listenForSuspension({
				suspend: session.suspend,
				onContinued: session.detach,
				onForeground() {
					session.reattach();
					terminalStatus.resend();
					output.repaint();
				},
			})
		: null;
	const leave: Effects['leave'] = reason => {
		if (reason === 'forced') options.onForceQuit();
		exit.resolve(reason);
	};
	const props = {
		...{store, control, now, filter, onExport, findDrift, pastRuns, watched, connection, input, messages},
		title: safe(options.title),
		look: createLook(options.look),
		tickMs: Math.max(MIN_TICK_MS, (TICK_FRAMES * 1000) / Math.max(1, fps)),
		keymap: createKeymap(
			options.keys,
			[...(options.unavailable ?? []), ...notForFolder(watched), ...missingIn(control)],
			// Beside the tasks of a server the intake of the folder can be paused, and they as a whole cannot.
			watched?.isBeside ? {'pause-run': ['inbox']} : {},
		),
		isMouseOn: mouse && session.hasKeyboard,
		effects: createEffects({session, suspension, isInTmux: isSet(env.TMUX), leave}),
	};
	try {
		return {reason: await renderUntilExit(props, {session, altScreen, framesPerSecond: fps, exit: exit.promise})};
	} finally {
		terminalStatus.close();
		stopWatching();
		input?.close();
		suspension?.dispose();
		await session.close();
	}
}

/** What there is not, because the screen is about a watched folder, or is not. */
function notForFolder(watched: WatchedFolder | undefined): readonly Action[] {
	if (watched === undefined) return FOR_WATCHED;
	if (watched.isBeside !== true) return NOT_FOR_WATCHED;
	return watched.noChanges === undefined ? [] : ['retry-all', 'route'];
}

/**
Exits when the run has ended, where `leave` is aborted or the process is in the background.

@returns A function that stops watching for it.
*/
function exitUnattended(
	{store, control, leave}: DashboardOptions,
	output: TerminalOutput,
	exit: () => void,
): () => void {
	const check = (): void => {
		// In the background nobody can leave the dashboard by a key.
		const isUnattended = leave?.aborted || output.isDetached;
		if (isUnattended && (control.isElsewhere === true || store.getSnapshot().phase === 'ended')) exit();
	};
	leave?.addEventListener('abort', check);
	const unsubscribe = store.subscribe(check);
	check();
	return () => {
		unsubscribe();
		leave?.removeEventListener('abort', check);
	};
}

interface EffectsOptions {
	readonly session: TerminalSession;
	/** `null` where the terminal is not that of this process. */
	readonly suspension: Suspension | null;
	readonly isInTmux: boolean;
	readonly leave: Effects['leave'];
}

function createEffects({session, suspension, isInTmux, leave}: EffectsOptions): TerminalEffects {
	const {output} = session;
	return {
		leave,
		copy(lines) {
			const {sequence, isCut} = copySequence(lines, isInTmux);
			output.writeSequence(sequence);
			return {isCut};
		},
		repaint() {
			session.refreshSize();
			output.repaint();
		},
		suspend() {
			suspension?.suspend();
			return suspension !== null;
		},
		setMouse: session.setMouse,
	};
}

const ENDED_BY_FORCE = 'fileproc-tui was ended by force, or ran out of memory.';

function guardTerminal({look, terminalStatus}: DashboardOptions): Promise<TerminalGuard> {
	const sequence =
		restoreSequence(look.altScreen) + (terminalStatus === undefined ? '' : fullRestoreSequence(terminalStatus));
	return startTerminalGuard(`${sequence}${ENDED_BY_FORCE}\r\n`);
}
