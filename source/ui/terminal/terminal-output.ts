// The stream between Ink and the terminal. A terminal that stops reading (a dead SSH link, Ctrl+S, a paused tmux) must
// neither freeze the process nor fill its memory:
//
//   Ink -> frame (from "begin synchronized update" to its end) -> its turn? -> backlog small? -> difference -> terminal
//                                                                             \-> else dropped whole
//
// Once a frame is dropped, no difference fits any more. So all are dropped until the terminal has taken what it was sent,
// and then the screen is painted anew as a whole.
import {EventEmitter} from 'node:events';
import {FramePacer} from './frame-pacer.ts';
import {FramePainter} from './frame-painter.ts';

/** What is used of a TTY's write stream. */
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
/** Hide the cursor, go home, erase all: what a lost frame may have left undone. */
const START_ANEW = '\u{1b}[?25l\u{1b}[H\u{1b}[J';
/** Cursor, alternate screen, bracketed paste: short sequences that must arrive, or the terminal is left broken. */
const MODE_SEQUENCE = /^(?:\u{1b}\[\?\d+[hl])+$/u;

/** Three whole frames of 120 × 40 cells; a difference is some 300 bytes. More than this is only late. */
const BACKLOG_LIMIT_BYTES = 16 * 1024;

/** A stream as Ink wants it; typed by what Ink uses of it. */
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
	#isStartingAnew = false;
	#isClosed = false;
	#requestRepaint: () => void = () => {};

	/** @param framesPerSecond - So many are painted at most, answers to keys aside. */
	constructor(target: TerminalTarget, framesPerSecond: number) {
		super();
		this.#pacer = new FramePacer({framesPerSecond, paint: frame => this.#paint(frame, true)});
		// Ink and a component for each subscription listen: none of them is forgotten.
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

	/** Bytes the terminal has not taken yet. */
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
	readonly hurry = (): void => this.#pacer.hurry();

	/** Nothing is written: the terminal is someone else's, as a shell's while the process is in the background. */
	detach(): void {
		this.#pacer.drop();
		this.#isDetached = true;
	}

	/** The terminal is ours again, with a screen that someone else has written to. */
	attach(): void {
		this.#pacer.drop();
		this.#isDetached = false;
	}

	get isDetached(): boolean {
		return this.#isDetached;
	}

	/** Sets what paints the whole screen, called when the terminal reads again. */
	onRepaintNeeded(repaint: () => void): void {
		this.#requestRepaint = repaint;
	}

	readonly write = (text: string, onWritten?: () => void): boolean => {
		if (!this.#isClosed && !this.#isMuted && !this.#isDetached && !this.destroyed) this.#accept(text);
		// Ink asks for a callback only to know that it may go on; waiting for a terminal that doesn't read helps no one.
		if (onWritten !== undefined) queueMicrotask(onWritten);
		return true;
	};

	readonly end = (): this => this;

	/** Runs Ink's erasing of a frame whose remains are not known, without letting any of it through. */
	forgetFrame(eraseFrame: () => void): void {
		this.#isMuted = true;
		try {
			eraseFrame();
		} finally {
			this.#isMuted = false;
		}
		this.#frame = undefined;
		this.#isStartingAnew = true;
		this.#pacer.beginAnew();
	}

	/** Writes what is no part of the picture (a title, say). `false`: the terminal doesn't take it now. */
	readonly tell = (sequence: string): boolean => {
		const isAbsent = this.#isClosed || this.#isDetached || this.destroyed;
		if (isAbsent || this.#isStalled || this.backlogBytes > BACKLOG_LIMIT_BYTES) return false;
		if (sequence !== '') this.#send(sequence);
		return true;
	};

	/** Nothing is written any more, whatever Ink still wants to say. */
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
			if (frame !== '') this.#pacer.take(frame);
			return;
		}
		if (this.#frame !== undefined) {
			this.#frame += text;
			return;
		}
		// A frame must not come after what was written after it: the screen may be another one by then.
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
		const start = this.#isStartingAnew ? START_ANEW : '';
		this.#isStartingAnew = false;
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
		this.#requestRepaint();
	}

	#setStalled(isStalled: boolean): void {
		this.#isStalled = isStalled;
		for (const listener of this.#stallListeners) listener();
	}
}
