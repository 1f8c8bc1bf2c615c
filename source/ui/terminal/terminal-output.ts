// The stream between Ink and the terminal. A terminal that stops reading (a dead SSH link, Ctrl+S, a paused tmux) must
// neither block the process nor fill its memory:
//
//   Ink -> frame (from "begin synchronized update" to its end) -> its turn? -> backlog small? -> difference -> terminal
//                                                                             \-> else dropped whole
//
// After a dropped frame, differences no longer apply. So all frames are dropped until the terminal has read everything, and
// then the whole screen is painted again.
import {EventEmitter} from 'node:events';
import {FramePacer} from './frame-pacer.ts';
import {FramePainter} from './frame-painter.ts';

/** The part of a TTY's write stream that is used. */
export interface TerminalTarget {
	readonly columns?: number;
	readonly rows?: number;
	readonly isTTY?: boolean;
	readonly destroyed?: boolean;
	readonly writableEnded?: boolean;
	readonly writableLength?: number;
	readonly write: (text: string, onWritten?: (error?: Error | null) => void) => boolean;
	readonly on: (event: 'resize', listener: () => void) => unknown;
	readonly off: (event: 'resize', listener: () => void) => unknown;
}

const BEGIN_FRAME = '\u{1b}[?2026h';
const END_FRAME = '\u{1b}[?2026l';
/** Hide the cursor, go home, erase all: repairs what a lost frame may have left behind. */
const ERASE_SCREEN = '\u{1b}[?25l\u{1b}[H\u{1b}[J';
/** Cursor, alternate screen, bracketed paste: short sequences that must arrive, or the terminal is left broken. */
const MODE_SEQUENCE = /^(?:\u{1b}\[\?\d+[hl])+$/u;

/** Three whole frames of 120 × 40 cells; a difference has some 300 bytes. A larger backlog only delays frames. */
const BACKLOG_LIMIT_BYTES = 16 * 1024;

/** A stream for Ink, typed by what Ink uses of it. */
export class TerminalOutput extends EventEmitter {
	readonly isTTY = true;
	readonly writable = true;
	readonly #target: TerminalTarget;
	readonly #stallListeners = new Set<() => void>();
	readonly #painter = new FramePainter();
	readonly #pacer: FramePacer;
	/** Parts of a frame that has begun and not ended. */
	#frame: string | undefined;
	#isStalled = false;
	#isMuted = false;
	#isDetached = false;
	#mustEraseScreen = false;
	#isClosed = false;
	#repaint: () => void = () => {};

	/** @param framesPerSecond - The maximum, not counting answers to keys. */
	constructor(target: TerminalTarget, framesPerSecond: number) {
		super();
		this.#pacer = new FramePacer({framesPerSecond, paint: frame => this.#paint(frame, true)});
		// Ink and one component for each subscription listen, so there is no leak.
		this.setMaxListeners(0);
		this.#target = target;
	}

	get columns(): number {
		return this.#target.columns || 80;
	}

	get rows(): number {
		return this.#target.rows || 24;
	}

	get destroyed(): boolean {
		return this.#target.destroyed ?? false;
	}

	get writableEnded(): boolean {
		return this.#isClosed || (this.#target.writableEnded ?? false);
	}

	/** Bytes that the terminal has not read yet. */
	get backlogBytes(): number {
		return this.#target.writableLength ?? 0;
	}

	readonly isStalled = (): boolean => this.#isStalled;

	readonly subscribeStalled = (listener: () => void): (() => void) => {
		this.#stallListeners.add(listener);
		return () => {
			this.#stallListeners.delete(listener);
		};
	};

	/** The next frame is the answer to a key, and painted at once. */
	readonly expedite = (): void => this.#pacer.expedite();

	/** Nothing is written: another program has the terminal, such as a shell while the process is in the background. */
	detach(): void {
		this.#pacer.drop();
		this.#isDetached = true;
	}

	/** The terminal is ours again, with unknown contents. */
	attach(): void {
		this.#pacer.drop();
		this.#isDetached = false;
	}

	get isDetached(): boolean {
		return this.#isDetached;
	}

	/** Sets the function that repaints the whole screen. */
	onRepaint(repaint: () => void): void {
		this.#repaint = repaint;
	}

	/** Repaints the whole screen. When the terminal reads again, this happens by itself. */
	readonly repaint = (): void => this.#repaint();

	readonly write = (text: string, onWritten?: () => void): boolean => {
		if (!this.#isClosed && !this.#isMuted && !this.#isDetached && !this.destroyed) this.#accept(text);
		// Ink needs the callback only to continue; waiting for a terminal that does not read would not help.
		if (onWritten !== undefined) queueMicrotask(onWritten);
		return true;
	};

	readonly end = (): this => this;

	/** Makes Ink erase a frame whose remains are unknown, without writing any of it. */
	forgetFrame(eraseFrame: () => void): void {
		this.#isMuted = true;
		try {
			eraseFrame();
		} finally {
			this.#isMuted = false;
		}
		this.#frame = undefined;
		this.#mustEraseScreen = true;
		this.#pacer.restart();
	}

	/** Writes a sequence that is not part of a frame, such as a title. `false`: the terminal does not accept it now. */
	readonly writeSequence = (sequence: string): boolean => {
		const isAbsent = this.#isClosed || this.#isDetached || this.destroyed;
		if (isAbsent || this.#isStalled || this.backlogBytes > BACKLOG_LIMIT_BYTES) return false;
		if (sequence !== '') this.#send(sequence);
		return true;
	};

	/** Nothing is written any more, whatever Ink still sends. */
	close(): void {
		this.#isClosed = true;
		this.#pacer.drop();
	}

	#accept(text: string): void {
		if (text === '') return;
		if (text === BEGIN_FRAME) {
			this.#frame = '';
			return;
		}
		if (text === END_FRAME) {
			const frame = this.#frame ?? '';
			this.#frame = undefined;
			if (frame !== '') this.#pacer.submit(frame);
			return;
		}
		if (this.#frame !== undefined) {
			this.#frame += text;
			return;
		}
		// A pending frame must not follow this text, which may switch the screen.
		this.#pacer.flush();
		if (MODE_SEQUENCE.test(text)) this.#send(text);
		else this.#paint(text, false);
	}

	/** @returns Whether anything had to be painted. */
	#paint(frame: string, isWhole: boolean): boolean {
		if (this.#isStalled) return false;
		if (this.backlogBytes > BACKLOG_LIMIT_BYTES) {
			this.#setStalled(true);
			return false;
		}
		const start = this.#mustEraseScreen ? ERASE_SCREEN : '';
		this.#mustEraseScreen = false;
		if (!isWhole || start !== '') this.#painter.forget();
		const painted = isWhole ? this.#painter.paint(frame) : frame;
		if (painted !== '') this.#send(BEGIN_FRAME + start + painted + END_FRAME);
		return painted !== '';
	}

	#send(text: string): void {
		this.#target.write(text, () => this.#recover());
	}

	#recover(): void {
		if (!this.#isStalled || this.#isClosed || this.backlogBytes > 0) return;
		this.#setStalled(false);
		this.#repaint();
	}

	#setStalled(isStalled: boolean): void {
		this.#isStalled = isStalled;
		for (const listener of this.#stallListeners) listener();
	}
}
