// The door to the dashboard: takes the terminal, runs Ink on it until the user leaves, gives the terminal back.
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
import {fullFarewell, type MannersOptions, startManners} from './terminal/terminal-status.ts';

export type {KeyOverrides} from './commands/keymap.ts';
export type {LookOptions} from './look/look.ts';
export {type ColorLevel, THEME_NAMES, type ThemeName} from './look/theme.ts';
export {detectNotification} from './terminal/status-sequences.ts';
export {restoreTerminal} from './terminal/terminal-session.ts';
export type {MannersOptions} from './terminal/terminal-status.ts';

export interface DashboardOptions {
	readonly store: Store<RunState, RunEvent>;
	readonly control: RunControl;
	/** Milliseconds since the run began, on the clock of the events' `elapsedMs`. */
	readonly now: () => number;
	/** What was asked for, as given. */
	readonly title: string;
	readonly stdin: NodeJS.ReadStream;
	readonly stdout: NodeJS.WriteStream;
	readonly look: LookOptions;
	/** What the terminal is told beside the picture. @default nothing */
	readonly manners?: MannersOptions | undefined;
	/** The user leaves while the run is still stopping. */
	readonly onForceQuit: () => void;
	/** Keys of the user's own, as `readKeyOverrides` gives them. */
	readonly keys?: KeyOverrides | undefined;
	/** Actions that what is shown does not allow. */
	readonly unavailable?: readonly Action[] | undefined;
	/** What files the list shows at first, as `parseFilter` reads it. */
	readonly filter?: string | undefined;
	/** Whether the dashboard takes the mouse. Default true; a key changes it. */
	readonly mouse?: boolean | undefined;
	/** Writes the report; resolves with the path written, rejects with the reason. Without it there is no such action. */
	readonly onExport?: (() => Promise<string>) | undefined;
	/** Tells of SSH and tmux. Default: the environment of the process. */
	readonly env?: Readonly<Record<string, string | undefined>> | undefined;
	/** Takes what something else wrote to standard error while the dashboard was shown, a line at a time. */
	readonly onMessage?: ((line: string) => void) | undefined;
	/** When aborted, the dashboard is left as soon as the run has ended, without asking anyone. */
	readonly leave?: AbortSignal | undefined;
}

export interface DashboardOutcome {
	/** `left`: after the run's end; `forced`: before it. */
	readonly reason: 'left' | 'forced';
}

const isSet = (value: string | undefined): boolean => value !== undefined && value !== '';

/** 25 times a second a change of size is followed. */
const RESIZE_SPACING_MS = 40;

/** Signs turn at most this often: one step of a spinner. */
const SHORTEST_TICK_MS = 125;

/**
Shows the dashboard until the user leaves.

It never throws for want of a keyboard, but then there is no key to leave it: without raw mode, don't start it. The
terminal is back to what it was when the promise resolves, except that one which doesn't read keeps what it was sent.
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
	// A terminal that is reached in another way, as over a network, has no standard error of ours on it.
	const messages = isOwnTerminal ? captureMessages(options.onMessage) : NO_MESSAGES;
	session.onRelease(messages.release);
	const escapeMs = isSet(env.SSH_CONNECTION) ? REMOTE_ESCAPE_MS : LOCAL_ESCAPE_MS;
	const input = session.hasKeyboard ? openInput({stdin, escapeMs}) : null;
	/** What has been rendered is painted now, and not when its turn comes. */
	let paintNow = (): void => {};
	const keymap = createKeymap(options.keys, options.unavailable);
	const look = createLook(lookOptions);
	const title = safe(options.title);
	const exit = Promise.withResolvers<DashboardOutcome['reason']>();
	const {store, leave} = options;
	const leaveWhenEnded = (): void => {
		// Nobody can answer a dashboard in the background.
		const isUnattended = leave?.aborted || output.isDetached;
		if (isUnattended && store.getSnapshot().phase === 'ended') exit.resolve('left');
	};
	leave?.addEventListener('abort', leaveWhenEnded);
	const unsubscribe = store.subscribe(leaveWhenEnded);
	leaveWhenEnded();

	const manners = startManners(options.manners, {store, now: options.now, tell: output.tell});
	session.onFarewell(manners.farewell);

	let repaint = (): void => {};
	const suspension = isOwnTerminal
		? listenForSuspension({
				suspend: session.suspend,
				onContinued: session.detach,
				onForeground() {
					session.retake();
					manners.tellAgain();
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
			output.tell(sequence);
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
			tickMs={Math.max(SHORTEST_TICK_MS, 1000 / Math.max(1, fps))}
			target={output}
			input={input}
			keymap={keymap}
			filter={options.filter}
			isMouseOn={mouse && session.hasKeyboard}
			onAnswer={() => paintNow()}
			messages={messages}
			effects={effects}
			onExport={options.onExport}
		/>
	);
	try {
		const instance = render(element(), {
			// The keyboard is ours, see `input/input-stream.ts`: Ink would read bytes that are meant for us.
			stdin: new Readable({read() {}}) as unknown as NodeJS.ReadStream,
			stdout: output as unknown as NodeJS.WriteStream,
			interactive: true,
			alternateScreen: altScreen,
			// The differences are our own (`frame-painter.ts`): a third of the bytes.
			incrementalRendering: false,
			exitOnCtrlC: false,
			patchConsole: false,
			// What is not painted is not laid out either: that is most of a frame's work.
			maxFps: fps,
		});
		paintNow = (): void => {
			output.hurry();
			// What goes wrong is thrown where the end is waited for.
			instance.waitUntilRenderFlush().catch(() => {});
		};
		// The size is a property of the app, so that the tree has its new size before Ink paints: Ink's own order
		// (paint, then tell the components) would show a frame of the old size on a smaller terminal.
		repaint = (): void => {
			// A terminal that does not read is painted when it reads again; until then each frame would be for nothing.
			if (output.isStalled() || output.isDetached) return;
			output.forgetFrame(instance.clear);
			instance.rerender(element());
			output.emit('resize');
			paintNow();
		};
		output.onRepaintNeeded(repaint);
		// A window that is dragged changes its size more often than it can be painted anew.
		const resized = coalesce(() => repaint(), RESIZE_SPACING_MS);
		session.onResize(resized.call);
		// An error in a component ends Ink by itself, and is thrown here.
		const reason = await Promise.race([exit.promise, instance.waitUntilExit().then(() => 'left' as const)]);
		resized.cancel();
		session.endInput();
		instance.unmount();
		await instance.waitUntilExit();
		return {reason};
	} finally {
		manners.close();
		unsubscribe();
		input?.close();
		suspension?.dispose();
		leave?.removeEventListener('abort', leaveWhenEnded);
		await session.close();
	}
}

const ENDED_BY_FORCE = 'fileproc-tui was ended by force, or ran out of memory.';

function guardTerminal({look, manners}: DashboardOptions): Promise<TerminalGuard> {
	const farewell = restoreSequence(look.altScreen) + (manners === undefined ? '' : fullFarewell(manners));
	return startTerminalGuard(`${farewell}${ENDED_BY_FORCE}\r\n`);
}
