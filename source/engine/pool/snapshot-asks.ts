// Asks of a thread what it has so far. Several who ask at the same time share one answer, and everyone gets one: `null` where
// the thread ends what it does, is lost, or takes too long.
import type {SnapshotReply} from '../shared/protocol.ts';

/** A thread answers between two chunks, which are milliseconds apart; one that needs this long waits for its drive. */
const ANSWER_DEADLINE_MS = 3000;

export class SnapshotAsks {
	readonly #askThread: () => void;
	#pending: Promise<SnapshotReply | null> | null = null;
	#answer: (reply: SnapshotReply | null) => void = () => {};

	constructor(askThread: () => void) {
		this.#askThread = askThread;
	}

	ask(): Promise<SnapshotReply | null> {
		this.#pending ??= new Promise(resolve => {
			const timer = setTimeout(() => {
				this.answer(null);
			}, ANSWER_DEADLINE_MS);
			this.#answer = reply => {
				clearTimeout(timer);
				resolve(reply);
			};
			this.#askThread();
		});
		return this.#pending;
	}

	/** Answers all who wait, if anyone does. */
	answer(reply: SnapshotReply | null): void {
		if (this.#pending === null) return;
		this.#pending = null;
		this.#answer(reply);
	}
}
