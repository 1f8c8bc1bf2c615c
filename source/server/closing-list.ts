/** What has been begun, and how each of it ends: the last one first, and each one whatever becomes of the others. */
export class ClosingList {
	readonly #closers: (() => unknown)[] = [];

	add(close: () => unknown): void {
		this.#closers.push(close);
	}

	/** @throws {Error} What one of them has thrown, when all have been closed. */
	async close(): Promise<void> {
		const faults: unknown[] = [];
		for (let close = this.#closers.pop(); close !== undefined; close = this.#closers.pop()) {
			try {
				await close();
			} catch (error) {
				faults.push(error);
			}
		}
		if (faults.length > 0) throw faults.length === 1 ? faults[0] : new AggregateError(faults);
	}
}
