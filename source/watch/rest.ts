// What a loop does between two rounds: it rests for a while, or less when there may be something to do.

/** After a change was told of: several come at once. */
const HINT_MS = 50;

export class Rest {
	#wake: (() => void) | null = null;
	#isHinted = false;

	/** There is something to do. */
	end(): void {
		this.#wake?.();
	}

	/** Something has changed; more of it is about to come. */
	hint(): void {
		this.#isHinted = true;
		this.#wake?.();
	}

	/**
	Resolves after the time, or sooner when it is ended.

	@param atLeastMs - How long it rests where it was only hinted at something.
	*/
	async take(waitMs: number, atLeastMs: number): Promise<void> {
		const startedAtMs = performance.now();
		this.#isHinted = false;
		const {promise, resolve} = Promise.withResolvers<void>();
		const timer = setTimeout(resolve, waitMs);
		this.#wake = resolve;
		await promise;
		clearTimeout(timer);
		this.#wake = null;
		if (!this.#isHinted) return;
		const leftMs = Math.max(HINT_MS, atLeastMs - (performance.now() - startedAtMs));
		await new Promise(next => {
			setTimeout(next, leftMs);
		});
	}
}
