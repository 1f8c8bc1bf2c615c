// Whose turn it is: no user keeps others waiting, however much they ask for.
interface Owned {
	readonly account: string;
}

export class Turns {
	/** When each account was served last: whoever waits longest is next. */
	readonly #servedAt = new Map<string, number>();
	#count = 0;

	/**
	Takes the first task of the account with the fewest running ones; among these, of the one that was served longest ago.

	@param waiting - In the order in which they came.
	@returns `undefined`: nobody waits.
	*/
	next<Task extends Owned>(waiting: readonly Task[], running: Iterable<Owned>): Task | undefined {
		const counts = new Map<string, number>();
		for (const {account} of running) counts.set(account, (counts.get(account) ?? 0) + 1);
		const rank = ({account}: Owned): readonly [number, number] => [
			counts.get(account) ?? 0,
			this.#servedAt.get(account) ?? 0,
		];
		const next = waiting.reduce<Task | undefined>((best, task) => {
			if (best === undefined) return task;
			const [[count, served], [bestCount, bestServed]] = [rank(task), rank(best)];
			return count < bestCount || (count === bestCount && served < bestServed) ? task : best;
		}, undefined);
		if (next !== undefined) this.#servedAt.set(next.account, ++this.#count);
		return next;
	}
}
