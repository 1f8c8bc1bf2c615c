// Failed claims that somebody wants to be tried again: they wait for their turn, and who asked learns how many were taken up.
import type {KnownClaim} from '../ledger/claims-protocol.ts';

export interface WantedRetry {
	readonly id: string;
	/** The tag of the route that it begins with; `null`: the one that fits. */
	readonly route: string | null;
	/** Its file has been taken up, or left where it is. It may be said twice. */
	readonly settle: (isTaken: boolean) => void;
}

export class Retries {
	readonly #waiting: WantedRetry[] = [];
	/** Those that are not settled: to ask for one twice does nothing. */
	readonly #ids = new Set<string>();

	/** How many wait. */
	get length(): number {
		return this.#waiting.length;
	}

	/** @returns How many were taken up, when all of them were, or were left where they are. */
	async add(ids: readonly string[], route: string | null): Promise<number> {
		const taken = ids.map(id => {
			const {promise, resolve} = Promise.withResolvers<boolean>();
			if (this.#ids.has(id)) resolve(false);
			else {
				this.#ids.add(id);
				const settle = (isTaken: boolean): void => {
					this.#ids.delete(id);
					resolve(isTaken);
				};
				this.#waiting.push({id, route, settle});
			}
			return promise;
		});
		return (await Promise.all(taken)).filter(Boolean).length;
	}

	next(): WantedRetry | undefined {
		return this.#waiting.shift();
	}

	/** None of those that wait will have its turn. */
	drop(): void {
		for (const {settle} of this.#waiting.splice(0)) settle(false);
	}
}

/** Whether the claim has failed, and nothing has taken its file up since. */
export const isRetriable = ({state, decision, retriedBy}: KnownClaim): boolean =>
	state === 'finished' && decision?.destination === 'failed' && retriedBy === null;
