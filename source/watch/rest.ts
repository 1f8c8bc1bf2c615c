// What a loop does between two rounds: it rests for a while, or less when there may be something to do.

/** After a change was told of: several come at once. */
const HINT_MS = 50;

export class Rest {
	#wake: ((why: 'end' | 'hint') => void) | null = null;

	/** There is something to do. */
	end(): void {
		this.#wake?.('end');
	}

	/** Something has changed; more of it is about to come. */
	hint(): void {
		this.#wake?.('hint');
	}

	/**
	Resolves after the time, or sooner when it is ended.

	@param atLeastMs - How long it rests where it was only hinted at something.
	*/
	async take(waitMs: number, atLeastMs: number): Promise<void> {
		const startedAtMs = performance.now();
		if ((await this.#sleep(waitMs)) !== 'hint') return;
		let leftMs = Math.max(HINT_MS, atLeastMs - (performance.now() - startedAtMs));
		while (leftMs > 0) {
			const endsAtMs = performance.now() + leftMs;
			// Further hints are about the same; only what there is to do at once ends it sooner.
			if ((await this.#sleep(leftMs)) !== 'hint') return;
			leftMs = endsAtMs - performance.now();
		}
	}

	/** @returns Why it is over; `null`: the time is. */
	async #sleep(durationMs: number): Promise<'end' | 'hint' | null> {
		const {promise, resolve} = Promise.withResolvers<'end' | 'hint' | null>();
		const timer = setTimeout(resolve, durationMs, null);
		this.#wake = resolve;
		const why = await promise;
		clearTimeout(timer);
		this.#wake = null;
		return why;
	}
}
