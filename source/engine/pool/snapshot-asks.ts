// Asks a thread what it has so far. There is always an answer: `null` where the thread ends what it does, is lost, or takes too long.
import type {PartSoFar} from '../shared/protocol.ts';

/** A thread answers between two chunks, which are milliseconds apart; one that needs this long waits for its drive. */
const ANSWER_DEADLINE_MS = 3000;

export class SnapshotAsks {
	readonly #askThread: () => void;
	#answer: ((part: PartSoFar | null) => void) | null = null;

	constructor(askThread: () => void) {
		this.#askThread = askThread;
	}

	/** To be called when the last one has been answered. */
	ask(): Promise<PartSoFar | null> {
		if (this.#answer !== null) throw new Error('The thread has been asked already');
		return new Promise(resolve => {
			const timer = setTimeout(() => {
				this.answer(null);
			}, ANSWER_DEADLINE_MS);
			this.#answer = part => {
				clearTimeout(timer);
				resolve(part);
			};
			this.#askThread();
		});
	}

	/** Answers if someone waits. */
	answer(part: PartSoFar | null): void {
		const answer = this.#answer;
		this.#answer = null;
		answer?.(part);
	}
}
