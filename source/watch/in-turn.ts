/** Runs one after the other what is about the same thing. */
export class InTurn {
	readonly #last = new Map<string, Promise<unknown>>();

	/** @param whileWaiting - Runs what waits for those before. */
	async run<Value>(
		thing: string,
		work: () => Promise<Value>,
		whileWaiting: (wait: () => Promise<unknown>) => Promise<unknown>,
	): Promise<Value> {
		const before = this.#last.get(thing);
		const mine = (async () => {
			// Whether the one before went well is its own matter.
			if (before !== undefined) await whileWaiting(() => before.catch(() => {}));
			return work();
		})();
		this.#last.set(thing, mine);
		try {
			return await mine;
		} finally {
			if (this.#last.get(thing) === mine) this.#last.delete(thing);
		}
	}
}
