// Files of the inbox that could not be moved: they are tried again after growing waits, and told of once.
export interface BlockedFile {
	readonly reason: string;
	readonly waitMs: number;
	/** On the monotonic clock. */
	readonly untilMs: number;
}

const MAX_WAIT_MS = 60_000;

export class BlockedFiles {
	readonly #files = new Map<string, BlockedFile>();
	readonly #firstWaitMs: number;
	readonly #now: () => number;

	constructor(firstWaitMs: number, now: () => number) {
		this.#firstWaitMs = firstWaitMs;
		this.#now = now;
	}

	/** @returns Whether that is news. */
	add(name: string, reason: string): boolean {
		const before = this.#files.get(name);
		const waitMs = Math.min(MAX_WAIT_MS, before === undefined ? this.#firstWaitMs : 2 * before.waitMs);
		this.#files.set(name, {reason, waitMs, untilMs: this.#now() + waitMs});
		return before?.reason !== reason;
	}

	/** Forgets those that are not there any more. @returns Whether there were any. */
	keep(isThere: (name: string) => boolean): boolean {
		const gone = Array.from(this.#files.keys()).filter(name => !isThere(name));
		for (const name of gone) this.#files.delete(name);
		return gone.length > 0;
	}

	/** @returns Whether it was one. */
	remove(name: string): boolean {
		return this.#files.delete(name);
	}

	mustWait(name: string): boolean {
		return (this.#files.get(name)?.untilMs ?? 0) > this.#now();
	}

	/** Why each is left where it is, by its name. */
	get reasons(): ReadonlyMap<string, string> {
		return new Map(Array.from(this.#files, ([name, {reason}]) => [name, reason]));
	}
}
