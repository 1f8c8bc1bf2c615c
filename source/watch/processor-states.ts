// What processors keep from file to file. Whoever works with it has it alone until what it keeps is on the disk: else a file could be counted in
// a state that no ledger has.
export class ProcessorStates {
	readonly #read: (processor: string) => Promise<Uint8Array | null>;
	/** The claim that has them, and those that wait. */
	#owner: string | null = null;
	readonly #waiting: (() => void)[] = [];

	constructor(read: (processor: string) => Promise<Uint8Array | null>) {
		this.#read = read;
	}

	async take(claim: string, processor: string): Promise<Uint8Array | null> {
		while (this.#owner !== null && this.#owner !== claim) {
			await new Promise<void>(resolve => {
				this.#waiting.push(resolve);
			});
		}
		this.#owner = claim;
		return this.#read(processor);
	}

	/** Does nothing where the claim has none. */
	release(claim: string): void {
		if (this.#owner !== claim) return;
		this.#owner = null;
		for (const resolve of this.#waiting.splice(0)) resolve();
	}
}
