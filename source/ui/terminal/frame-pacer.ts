// When frames are painted. What moves by itself – news of the run, clock, spinner, charts – asks for frames at times of its own,
// and together they would be more than a slow link wants: the latest of them waits for its turn. The answer to a key does not.

/** An answer that has not come by then is none. */
const ANSWER_MS = 100;

export interface FramePacerOptions {
	readonly framesPerSecond: number;
	/** Paints; `false` when there was nothing to paint. */
	readonly paint: (frame: string) => boolean;
	/** @default the time since the process began */
	readonly now?: (() => number) | undefined;
}

export class FramePacer {
	readonly #spacingMs: number;
	readonly #paint: (frame: string) => boolean;
	readonly #now: () => number;
	#held: string | null = null;
	#timer: NodeJS.Timeout | undefined;
	#nextAtMs = Number.NEGATIVE_INFINITY;
	#answeredUntilMs = Number.NEGATIVE_INFINITY;

	constructor({framesPerSecond, paint, now = () => performance.now()}: FramePacerOptions) {
		this.#spacingMs = 1000 / Math.max(1, framesPerSecond);
		this.#paint = paint;
		this.#now = now;
	}

	/** Paints the frame now, or holds it until its turn; one that comes meanwhile takes its place. */
	take(frame: string): void {
		this.#held = frame;
		const nowMs = this.#now();
		if (nowMs >= this.#nextAtMs || nowMs < this.#answeredUntilMs) this.flush();
		else this.#timer ??= setTimeout(() => this.flush(), this.#nextAtMs - nowMs);
	}

	/** Someone waits for the next frame: those of the next moment may be the one. */
	hurry(): void {
		this.#answeredUntilMs = this.#now() + ANSWER_MS;
	}

	/** Paints what is held. */
	flush(): void {
		const frame = this.#held;
		this.drop();
		if (frame !== null && this.#paint(frame)) this.#nextAtMs = this.#now() + this.#spacingMs;
	}

	/** Forgets what is held. */
	drop(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#held = null;
	}

	/** What was painted is gone: the next frame does not wait. */
	beginAnew(): void {
		this.drop();
		this.#nextAtMs = Number.NEGATIVE_INFINITY;
	}
}
