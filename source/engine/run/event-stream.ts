// Gives the facts of a run out as events, in order, and knows whether subscribers can take more.
import type {RunEvent, RunFact} from '../../model/events.ts';
import {roundMs} from '../../model/totals.ts';
import type {RunOptions} from './run-options.ts';
import {WallClock} from './wall-clock.ts';

export interface EventStreamOptions extends Pick<RunOptions, 'onEvent' | 'untilRoom' | 'runId'> {
	/** Milliseconds that the run has been at work. */
	readonly now: () => number;
	/** A subscriber has thrown: it gets no further event. */
	readonly onFailure: () => void;
	/** Subscribers cannot take more, or can again: see `hasRoom`. */
	readonly onRoomChange: () => void;
	/** `untilRoom` itself failed. */
	readonly onBug: (error: unknown) => void;
}

export class EventStream {
	readonly #options: EventStreamOptions;
	readonly #wallClock = new WallClock();
	#seq = 0;
	#room: Promise<void> | null = null;
	#failure: {readonly error: unknown} | null = null;

	constructor(options: EventStreamOptions) {
		this.#options = options;
	}

	/** What ended the stream early; `null` as long as all is well. */
	get failure(): {readonly error: unknown} | null {
		return this.#failure;
	}

	get hasRoom(): boolean {
		return this.#room === null;
	}

	/** Resolves when subscribers can take more; `null` while they can. */
	get room(): Promise<void> | null {
		return this.#room;
	}

	emit(fact: RunFact): void {
		if (this.#failure !== null) return;
		const {now, onEvent, onFailure, runId} = this.#options;
		const stamp = {type: fact.type, seq: ++this.#seq, at: this.#wallClock.now(), elapsedMs: roundMs(now())};
		// The order of the keys is that of the lines of events.
		const event: RunEvent = runId === undefined ? Object.assign(stamp, fact) : Object.assign(stamp, {runId}, fact);
		try {
			onEvent(event);
		} catch (error) {
			// Attempts must not be left without an end: the run stops in order, then the error is reported.
			this.fail(error);
			onFailure();
		}
		if (this.#room === null) this.#waitForRoom();
	}

	/** Ends the stream with an error, unless an earlier one has ended it. */
	fail(error: unknown): void {
		this.#failure ??= {error};
	}

	#waitForRoom(): void {
		const {untilRoom, onRoomChange, onBug} = this.#options;
		this.#room = untilRoom?.() ?? null;
		if (this.#room === null) return;
		onRoomChange();
		this.#room.then(() => {
			this.#waitForRoom();
			if (this.#room === null) onRoomChange();
		}, onBug);
	}
}
