// What each client of the pool has of its threads, and whose turn it is.

export class ThreadShare {
	/** Threads that the client may have at the same time. */
	readonly maxThreads: number;
	/** Threads that it has, helpers included. */
	busyCount = 0;
	/** When it got a thread last, counted in threads given out. */
	lastTurn = 0;

	constructor(maxThreads: number) {
		this.maxThreads = maxThreads;
	}

	get isFull(): boolean {
		return this.busyCount >= this.maxThreads;
	}

	/**
	Whether this client comes before another one: the one that has fewer threads does, because a file may take a thousand times as
	long as a group of small ones; of two that have as many, the one that has waited longer since its last turn.
	*/
	comesBefore(other: ThreadShare): boolean {
		return this.busyCount === other.busyCount ? this.lastTurn < other.lastTurn : this.busyCount < other.busyCount;
	}
}
