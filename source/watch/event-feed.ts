// The events of a watched folder, in order: one that tells of a state is given out when that state is on the disk, and those behind it wait.
import type {RunEvent, RunFact} from '../model/events.ts';
import {roundMs} from '../model/totals.ts';
import {toJsonLine} from '../report/json.ts';

export interface EventFeedOptions {
	readonly onEvent: (event: RunEvent) => void;
	/** Milliseconds since the watching began. */
	readonly now: () => number;
	/** Milliseconds since 1970. */
	readonly wallClock: () => number;
}

interface Slot {
	readonly events: readonly RunEvent[];
	isReady: boolean;
}

/** Progress is left out when so much waits: it is out of date before it is seen. */
const MAX_WAITING = 1000;

export class EventFeed {
	readonly #options: EventFeedOptions;
	readonly #slots: Slot[] = [];
	#seq = 0;

	constructor(options: EventFeedOptions) {
		this.#options = options;
	}

	/** Gives them out as soon as all in front of them is. */
	tell(...facts: readonly RunFact[]): void {
		if (this.#slots.length >= MAX_WAITING && facts.every(({type}) => type === 'file-progressed')) return;
		this.#slots.push({events: facts.map(fact => this.#stamp(fact)), isReady: true});
		this.#drain();
	}

	/**
	Events of what is about to be written.

	@returns The lines to write with it, and what is to be called when it is on the disk.
	*/
	announce(facts: readonly RunFact[]): {readonly lines: string; readonly give: () => void} {
		const slot: Slot = {events: facts.map(fact => this.#stamp(fact)), isReady: false};
		this.#slots.push(slot);
		const give = (): void => {
			slot.isReady = true;
			this.#drain();
		};
		return {lines: slot.events.map(event => toJsonLine(event)).join(''), give};
	}

	#stamp(fact: RunFact): RunEvent {
		const {now, wallClock} = this.#options;
		const at = new Date(wallClock()).toISOString();
		return Object.assign({type: fact.type, seq: ++this.#seq, at, elapsedMs: roundMs(now())}, fact) as RunEvent;
	}

	#drain(): void {
		while (this.#slots[0]?.isReady) {
			for (const event of this.#slots.shift()?.events ?? []) this.#options.onEvent(event);
		}
	}
}
