// The entry to the dashboard: sets up the terminal, runs Ink on it until the user leaves, and restores the terminal.
import {Readable} from 'node:stream';
import {render} from 'ink';
import type {RunEvent} from '../model/events.ts';
import type {RunControl} from '../model/run-control.ts';
import type {RunState} from '../store/state.ts';
import type {Store} from '../store/store.ts';
import {safe} from '../text/safe.ts';
import {App} from './app.tsx';
import type {Effects} from './commands/actions.ts';
import {type Action, createKeymap, type KeyOverrides} from './commands/keymap.ts';
import {copySequence} from './input/clipboard.ts';
import {LOCAL_ESCAPE_MS, openInput, REMOTE_ESCAPE_MS} from './input/input-stream.ts';
import {createLook, type LookOptions} from './look/look.ts';
import {coalesce} from './terminal/coalesce.ts';
import {captureMessages, NO_MESSAGES} from './terminal/stray-messages.ts';
import {listenForSuspension} from './terminal/suspension.ts';
import {startTerminalGuard, type TerminalGuard} from './terminal/terminal-guard.ts';
import {openTerminalSession, restoreSequence} from './terminal/terminal-session.ts';
import {fullRestoreSequence, startTerminalStatus, type TerminalStatusOptions} from './terminal/terminal-status.ts';

export type {KeyOverrides} from './commands/keymap.ts';
export type {LookOptions} from './look/look.ts';
export {type ColorLevel, THEME_NAMES, type ThemeName} from './look/theme.ts';
export {detectNotification} from './terminal/status-sequences.ts';
export {restoreTerminal} from './terminal/terminal-session.ts';
export type {TerminalStatusOptions} from './terminal/terminal-status.ts';

export interface DashboardOptions {
	readonly store: Store<RunState, RunEvent>;
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
	/** When aborted, the dashboard is left as soon as the run has ended, without any question. */
	readonly leave?: AbortSignal | undefined;
}

export interface DashboardOutcome {
	/** `left`: after the run's end; `forced`: before it. */
	readonly reason: 'left' | 'forced';
}

const isSet = (value: string | undefined): boolean => value !== undefined && value !== '';

/** Follows changes of size 25 times a second. */
const RESIZE_SPACING_MS = 40;

/** Animations change at most this often: one step of a spinner. */
const MIN_TICK_MS = 125;

/**
Shows the dashboard until the user leaves.

It does not throw without a keyboard, but then no key can leave it, so do not start it without raw mode. When the promise
resolves, the terminal is restored; only a terminal that does not read keeps what it was sent.
*/
export async function runDashboard(options: DashboardOptions): Promise<DashboardOutcome> {
	const {stdin, stdout, look: lookOptions} = options;
	const {altScreen, colorLevel, fps} = lookOptions;
	const {mouse = true, env = process.env} = options;
	// Windows has no such signals.
	const isOwnTerminal = stdout === process.stdout && process.platform !== 'win32';
	const guard = isOwnTerminal ? await guardTerminal(options) : undefined;
	const session = openTerminalSession({stdin, stdout, altScreen, colorLevel, framesPerSecond: fps, mouse, guard});
	const {output} = session;
	// A terminal reached by other means, such as over a network, does not show our standard error.
	const messages = isOwnTerminal ? captureMessages(options.onMessage) : NO_MESSAGES;
	session.onRelease(messages.release);
	const escapeMs = isSet(env.SSH_CONNECTION) ? REMOTE_ESCAPE_MS : LOCAL_ESCAPE_MS;
	const input = session.hasKeyboard ? openInput({stdin, escapeMs}) : null;
	/** Paints the rendered frame now, without waiting for its turn. */
	let paintNow = (): void => {};
	const keymap = createKeymap(options.keys, options.unavailable);
	const look = createLook(lookOptions);
	const title = safe(options.title);
	const exit = Promise.withResolvers<DashboardOutcome['reason']>();
	const {store, leave} = options;
	const leaveWhenEnded = (): void => {
		// In the background nobody can leave the dashboard by a key.
		const isUnattended = leave?.aborted || output.isDetached;
		if (isUnattended && store.getSnapshot().phase === 'ended') exit.resolve('left');
	};
	leave?.addEventListener('abort', leaveWhenEnded);
	const unsubscribe = store.subscribe(leaveWhenEnded);
	leaveWhenEnded();

	const terminalStatus = startTerminalStatus(options.terminalStatus, {
		store,
		now: options.now,
		send: output.writeSequence,
	});
	session.onRestore(terminalStatus.restoreSequence);

	let repaint = (): void => {};
	const suspension = isOwnTerminal
		? listenForSuspension({
				suspend: session.suspend,
				onContinued: session.detach,
				onForeground() {
					session.reattach();
					terminalStatus.resend();
					repaint();
				},
			})
		: null;
	const effects: Omit<Effects, 'exportReport'> = {
		leave(reason) {
			if (reason === 'forced') options.onForceQuit();
			exit.resolve(reason);
		},
		copy(lines) {
			const {sequence, isCut} = copySequence(lines, isSet(env.TMUX));
			output.writeSequence(sequence);
			return {isCut};
		},
		repaint() {
			session.refreshSize();
			repaint();
		},
		suspend() {
			suspension?.suspend();
			return suspension !== null;
		},
		setMouse: session.setMouse,
	};
	const element = () => (
		<App
			store={store}
			control={options.control}
			now={options.now}
			title={title}
			columns={output.columns}
			rows={output.rows}
			look={look}
			tickMs={Math.max(MIN_TICK_MS, 1000 / Math.max(1, fps))}
			target={output}
			input={input}
			keymap={keymap}
			filter={options.filter}
			isMouseOn={mouse && session.hasKeyboard}
			onUiRendered={() => paintNow()}
			messages={messages}
			effects={effects}
			onExport={options.onExport}
		/>
	);
	try {
		const instance = render(element(), {
			// The keyboard is read by `input/input-stream.ts`: Ink would consume bytes that are meant for it.
			stdin: new Readable({read() {}}) as unknown as NodeJS.ReadStream,
			stdout: output as unknown as NodeJS.WriteStream,
			interactive: true,
			alternateScreen: altScreen,
			// The differences are computed by `frame-painter.ts`, with a third of the bytes.
			incrementalRendering: false,
			exitOnCtrlC: false,
			patchConsole: false,
			// Without painting there is no layout either, which is most of a frame's work.
			maxFps: fps,
		});
		paintNow = (): void => {
			output.expedite();
			// An error is thrown where the end is awaited.
			instance.waitUntilRenderFlush().catch(() => {});
		};
		// The size is a prop of the app, so that the tree has its new size before Ink paints: Ink's own order (paint, then
		// notify the components) would show a frame of the old size on a smaller terminal.
		repaint = (): void => {
			// A terminal that does not read is painted when it reads again; frames before that would be wasted.
			if (output.isStalled() || output.isDetached) return;
			output.forgetFrame(instance.clear);
			instance.rerender(element());
			output.emit('resize');
			paintNow();
		};
		output.onRepaintNeeded(repaint);
		// A dragged window changes its size more often than it can be painted.
		const resized = coalesce(() => repaint(), RESIZE_SPACING_MS);
		session.onResize(resized.call);
		// An error in a component ends Ink, and is thrown here.
		const reason = await Promise.race([exit.promise, instance.waitUntilExit().then(() => 'left' as const)]);
		resized.cancel();
		session.endInput();
		instance.unmount();
		await instance.waitUntilExit();
		return {reason};
	} finally {
		terminalStatus.close();
		unsubscribe();
		input?.close();
		suspension?.dispose();
		leave?.removeEventListener('abort', leaveWhenEnded);
		await session.close();
	}
}

const ENDED_BY_FORCE = 'fileproc-tui was ended by force, or ran out of memory.';

function guardTerminal({look, terminalStatus}: DashboardOptions): Promise<TerminalGuard> {
	const sequence =
		restoreSequence(look.altScreen) + (terminalStatus === undefined ? '' : fullRestoreSequence(terminalStatus));
	return startTerminalGuard(`${sequence}${ENDED_BY_FORCE}\r\n`);
}
