import {setImmediate as nextTurn} from 'node:timers/promises';
import {monotonicMs} from './monotonic.ts';

const TURN_MS = 10;
/** To look at the clock takes as long as much of what is done for one file. */
const STEPS_PER_LOOK = 64;

/**
Splits work on very many files into turns of the event loop, so that signals are heard and the screen moves meanwhile.

@example
const turns = new Turns();
for (const file of files) {
	handle(file);
	if (turns.isOver()) await turns.next();
}
*/
export class Turns {
	#endsAtMs = monotonicMs() + TURN_MS;
	#stepCount = 0;

	/** To be asked after each step. Work of few steps fits into one turn, however slow the machine is. */
	isOver(): boolean {
		return ++this.#stepCount % STEPS_PER_LOOK === 0 && monotonicMs() > this.#endsAtMs;
	}

	async next(): Promise<void> {
		await nextTurn();
		this.#endsAtMs = monotonicMs() + TURN_MS;
	}
}
