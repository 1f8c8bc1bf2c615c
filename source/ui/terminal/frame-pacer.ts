// Decides when frames are painted. Events of the run, clock, spinner and charts request frames at different times, in total
// more than a slow link can carry: only the latest of these frames waits for the next turn. A frame that answers a key does
// not wait.

/** A frame later than this does not count as the answer to a key. */
const EXPEDITE_MS = 100;

export interface FramePacerOptions {
	readonly framesPerSecond: number;
	/** Paints; returns `false` when there was nothing to paint. */
	readonly paint: (frame: string) => boolean;
	/** @default the time since the process began */
	readonly now?: (() => number) | undefined;
}

export class FramePacer {
	readonly #spacingMs: number;
	readonly #paint: (frame: string) => boolean;
	readonly #now: () => number;
	#pending: string | null = null;
	#timer: NodeJS.Timeout | undefined;
	#nextAtMs = Number.NEGATIVE_INFINITY;
	#expediteUntilMs = Number.NEGATIVE_INFINITY;

	constructor({framesPerSecond, paint, now = () => performance.now()}: FramePacerOptions) {
		this.#spacingMs = 1000 / Math.max(1, framesPerSecond);
		this.#paint = paint;
		this.#now = now;
	}

	/** Paints the frame now, or holds it until its turn; a later frame replaces it. */
	submit(frame: string): void {
		this.#pending = frame;
		const nowMs = this.#now();
		if (nowMs >= this.#nextAtMs || nowMs < this.#expediteUntilMs) this.flush();
		else this.#timer ??= setTimeout(() => this.flush(), this.#nextAtMs - nowMs);
	}

	/** The user waits for the next frame: frames of the next moment are painted at once. */
	expedite(): void {
		this.#expediteUntilMs = this.#now() + EXPEDITE_MS;
	}

	/** Paints the pending frame. */
	flush(): void {
		const frame = this.#pending;
		this.drop();
		if (frame !== null && this.#paint(frame)) this.#nextAtMs = this.#now() + this.#spacingMs;
	}

	/** Drops the pending frame. */
	drop(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#pending = null;
	}

	/** The screen was lost, so the next frame does not wait. */
	restart(): void {
		this.drop();
		this.#nextAtMs = Number.NEGATIVE_INFINITY;
	}
}
