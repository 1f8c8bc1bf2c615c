// The memory that a worker and the engine share: the worker writes how far it is, the engine writes what it is to do.
//
//   Int32    [0] directive (run, hold, abort)   - the worker sleeps on it while it is held, so it wakes at once
//                                                 or is asked what there is so far, which is a bit of the same number
//   Int32    [1] changes while the worker waits for what it shares with other workers, and is odd then
//   Int64    [1] bytes read  [2] rows  [3] rejected rows
//
// Atomic stores make each number whole; the three need not be of one moment, for each is a total that only grows.
import {monotonicMs} from './monotonic.ts';

const RUN = 0;
const HOLD = 1;
const ABORT = 2;
/** Set beside the directive: a thread that waits on the number wakes for either. */
const ASKED = 4;

export type Directive = 'run' | 'hold' | 'abort';

const directiveValues = {run: RUN, hold: HOLD, abort: ABORT} as const;

export interface ProgressTotals {
	readonly bytesRead: number;
	readonly rows: number;
	readonly rejectedRows: number;
}

export const noProgress: ProgressTotals = {bytesRead: 0, rows: 0, rejectedRows: 0};

/** Thrown in the worker when it was told to abort; it is not a failure of the file. */
export class AbortedError extends Error {
	override readonly name = 'AbortedError';
}

export class SharedProgress {
	readonly buffer: SharedArrayBuffer;
	readonly #directive: Int32Array;
	readonly #totals: BigInt64Array;
	/** The worker's side: whether it has written any since it began anew. */
	#hasWritten = false;

	constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(4 * BigInt64Array.BYTES_PER_ELEMENT)) {
		this.buffer = buffer;
		this.#directive = new Int32Array(buffer, 0, 2);
		this.#totals = new BigInt64Array(buffer, BigInt64Array.BYTES_PER_ELEMENT, 3);
	}

	/** The engine's side, before the next request. */
	reset(): void {
		Atomics.store(this.#directive, 0, RUN);
		this.#store(noProgress);
	}

	/** The engine's side: tells the worker what to do at its next look, and wakes it if it sleeps. */
	direct(directive: Directive): void {
		// An ask that is answered just now may be answered once more, to nobody.
		const asked = Atomics.load(this.#directive, 0) & ASKED;
		Atomics.store(this.#directive, 0, directiveValues[directive] | asked);
		Atomics.notify(this.#directive, 0);
	}

	/** The engine's side: asks for what there is so far. */
	askForSnapshot(): void {
		this.nudge();
	}

	/** The engine's side: makes the worker look, also while it is held, at what it is told elsewhere. */
	nudge(): void {
		Atomics.or(this.#directive, 0, ASKED);
		Atomics.notify(this.#directive, 0);
	}

	read(): ProgressTotals {
		return {
			bytesRead: Number(Atomics.load(this.#totals, 0)),
			rows: Number(Atomics.load(this.#totals, 1)),
			rejectedRows: Number(Atomics.load(this.#totals, 2)),
		};
	}

	/** Changes while the worker waits for others: such a worker does not stand still. */
	get waitCount(): number {
		return Atomics.load(this.#directive, 1);
	}

	get isWaitingForOthers(): boolean {
		return (this.waitCount & 1) === 1;
	}

	/** The worker's side: sleeps until others have left what it needs, and looks for it again and again. */
	waitForOthers(isThere: () => boolean, lookMs: number, answer?: () => void): void {
		if (isThere()) return;
		Atomics.add(this.#directive, 1, 1);
		try {
			do {
				Atomics.add(this.#directive, 1, 2);
				this.sleep(lookMs, answer);
			} while (!isThere());
		} finally {
			Atomics.add(this.#directive, 1, 1);
		}
	}

	/** The worker's side. */
	write(totals: ProgressTotals): void {
		this.#hasWritten = true;
		this.#store(totals);
	}

	/** The worker's side, before the next file, where it goes on by itself: what it was told still stands. */
	beginAnew(): void {
		// Small files come by the thousand, and tell nothing on their way.
		if (this.#hasWritten) this.#store(noProgress);
		this.#hasWritten = false;
	}

	/** The side that works, where it is the calling thread, which must not sleep. */
	get isHeld(): boolean {
		return (Atomics.load(this.#directive, 0) & ~ASKED) === HOLD;
	}

	#store({bytesRead, rows, rejectedRows}: ProgressTotals): void {
		Atomics.store(this.#totals, 0, BigInt(bytesRead));
		Atomics.store(this.#totals, 1, BigInt(rows));
		Atomics.store(this.#totals, 2, BigInt(rejectedRows));
	}

	/**
	The worker's side, between two pieces of work: sleeps while it is held.

	@param answer - Posts what there is so far, when somebody asks.
	@param isAborted - Whether what it is doing was aborted elsewhere, and what it does next may still be held.
	@throws {AbortedError} When it was told to abort.
	*/
	checkpoint(answer?: () => void, isAborted = (): boolean => false): void {
		let told = this.#look(answer);
		while (told === HOLD && !isAborted()) {
			// A waiter woken by nothing in particular looks again; the time limit only guards against a wake-up missed.
			Atomics.wait(this.#directive, 0, HOLD, 1000);
			told = this.#look(answer);
		}
		if (told === ABORT || isAborted()) throw new AbortedError('The engine told this worker to abort');
	}

	/** The worker's side: sleeps for so long, and does what `checkpoint` does as soon as it is told anything. */
	sleep(durationMs: number, answer?: () => void): void {
		const endsAtMs = monotonicMs() + durationMs;
		for (let leftMs = durationMs; leftMs > 0; leftMs = endsAtMs - monotonicMs()) {
			Atomics.wait(this.#directive, 0, RUN, leftMs);
			this.checkpoint(answer);
		}
	}

	/** What it is to do; also posts what there is so far, when somebody asks. */
	#look(answer: (() => void) | undefined): number {
		const told = Atomics.load(this.#directive, 0);
		if ((told & ASKED) === 0) return told;
		Atomics.and(this.#directive, 0, ~ASKED);
		answer?.();
		return told & ~ASKED;
	}
}
