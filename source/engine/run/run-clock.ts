// The clock of a run: milliseconds that it has been at work. It stands still from the run's end until somebody has files
// tried again, so that neither times nor rates, nor the pace of a replay, count the time in between.
export class RunClock {
	readonly #monotonicNow: () => number;
	#originMs: number;
	#stoppedAtMs: number | null = null;

	constructor(monotonicNow: () => number) {
		this.#monotonicNow = monotonicNow;
		this.#originMs = monotonicNow();
	}

	readonly now = (): number => this.#stoppedAtMs ?? this.#monotonicNow() - this.#originMs;

	stop(): void {
		this.#stoppedAtMs ??= this.now();
	}

	goOn(): void {
		if (this.#stoppedAtMs === null) return;
		this.#originMs = this.#monotonicNow() - this.#stoppedAtMs;
		this.#stoppedAtMs = null;
	}
}
