// Runs Ink on the terminal of a session: renders the app, repaints it when the size or the contents of the terminal have
// changed, and ends it when the user leaves.
import {Readable} from 'node:stream';
import {render} from 'ink';
import {App, type AppProps} from './app.tsx';
import {coalesce} from './terminal/coalesce.ts';
import type {TerminalSession} from './terminal/terminal-session.ts';

export interface RenderOptions<Reason> {
	readonly session: TerminalSession;
	readonly altScreen: boolean;
	/** The maximum number of frames per second, not counting answers to keys. */
	readonly framesPerSecond: number;
	/** Settles when the user leaves, with the reason. */
	readonly exit: Promise<Reason>;
}

const TURNS_PER_FRAME = 1.1;
/** Follows changes of size 25 times a second. */
const RESIZE_SPACING_MS = 40;

/** Renders the app until the user leaves, and returns the reason. An error in a component is thrown. */
export async function renderUntilExit<Reason>(
	props: Omit<AppProps, 'columns' | 'rows' | 'target' | 'onUiRendered'>,
	{session, altScreen, framesPerSecond, exit}: RenderOptions<Reason>,
): Promise<Reason | 'left'> {
	const {output} = session;
	/** Paints the rendered frame now, without waiting for its turn. */
	let paintNow = (): void => {};
	const element = () => (
		<App {...props} columns={output.columns} rows={output.rows} target={output} onUiRendered={() => paintNow()} />
	);
	const [columns, rows] = [output.columns, output.rows];
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
		// What comes a moment before its turn is put off by a whole one, so turns are a little shorter than those in which things come.
		maxFps: TURNS_PER_FRAME * framesPerSecond,
	});
	paintNow = (): void => {
		output.expedite();
		// An error is thrown where the end is awaited.
		instance.waitUntilRenderFlush().catch(() => {});
	};
	// The size is a prop of the app, so that the tree has its new size before Ink paints: Ink's own order (paint, then
	// notify the components) would show a frame of the old size on a smaller terminal.
	output.onRepaint(() => {
		// A terminal that does not read is painted when it reads again; frames before that would be wasted.
		if (output.isStalled() || output.isDetached) return;
		output.forgetFrame(instance.clear);
		instance.rerender(element());
		output.emit('resize');
		paintNow();
	});
	// A dragged window changes its size more often than it can be painted.
	const resized = coalesce(output.repaint, RESIZE_SPACING_MS);
	session.onResize(resized.call);
	// It may have got another size while the first frame was made, and nobody listened.
	session.refreshSize();
	if (output.columns !== columns || output.rows !== rows) resized.call();
	// An error in a component ends Ink, and is thrown here.
	const reason = await Promise.race([exit, instance.waitUntilExit().then(() => 'left' as const)]);
	resized.cancel();
	session.endInput();
	instance.unmount();
	await instance.waitUntilExit();
	return reason;
}
