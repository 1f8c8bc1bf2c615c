// Which instances have died, by lists of those that are alive. Who writes has said before that it is there (see `shared-writer.ts`), so what is seen of it here
// is younger than that; only a list that was asked for later says anything of it.

export interface DeadInstancesOptions {
	/** For so long a list says anything, from when it was asked for. */
	readonly validMs: number;
	/** By the clock of the lists. */
	readonly now: () => number;
}

export class DeadInstances {
	readonly #options: DeadInstancesOptions;
	#list: {readonly alive: ReadonlySet<string>; readonly askedAt: number} | null = null;
	/** When it was first seen that somebody who is not in the list is at something, by both. */
	readonly #seenAt = new Map<string, number>();

	constructor(options: DeadInstancesOptions) {
		this.#options = options;
	}

	take(alive: readonly string[], askedAt: number): void {
		this.#list = {alive: new Set(alive), askedAt};
		const {now, validMs} = this.#options;
		// It is settled by now, or is seen anew.
		for (const [key, seenAt] of this.#seenAt) if (now() - seenAt > 10 * validMs) this.#seenAt.delete(key);
	}

	/** @param what - That it is at. */
	isDead(instance: string, what: string): boolean {
		const {now, validMs} = this.#options;
		const list = this.#list;
		if (list === null || now() - list.askedAt >= validMs) return false;
		const key = `${instance} ${what}`;
		if (list.alive.has(instance)) {
			this.#seenAt.delete(key);
			return false;
		}
		const seenAt = this.#seenAt.get(key);
		if (seenAt === undefined) this.#seenAt.set(key, now());
		return seenAt !== undefined && list.askedAt > seenAt;
	}
}
