// How many requests each caller may send: a store that is full at first, of which each request takes one, and which fills up again evenly within a
// minute. What is refused takes nothing, so a caller that waits as long as was said is let in. (The generic cell rate algorithm.)
export interface Taken {
	readonly isAllowed: boolean;
	/** How many more are allowed at once. */
	readonly remaining: number;
	/** Whole seconds, never too few: until the store is full again; where it is empty, until there is one. */
	readonly seconds: number;
}

export const MINUTE_SECONDS = 60;
/** Of callers that are counted; with more, those that asked longest ago are forgotten. At some 150 bytes each that is 8 MB. */
const MAX_CALLERS = 50_000;

export class RateLimiter {
	readonly #quota: number;
	readonly #msOfOne: number;
	readonly #maxCallers: number;
	/** When the store of each will be full again; who asked longest ago is first. */
	readonly #fullAt = new Map<string, number>();

	/** @param quota - A minute. */
	constructor(quota: number, maxCallers = MAX_CALLERS) {
		this.#quota = quota;
		this.#msOfOne = (MINUTE_SECONDS * 1000) / quota;
		this.#maxCallers = maxCallers;
	}

	get callerCount(): number {
		return this.#fullAt.size;
	}

	/** @param now - In milliseconds, by a clock that only goes forward. */
	take(caller: string, now = performance.now()): Taken {
		const missing = Math.max(0, (this.#fullAt.get(caller) ?? now) - now) / this.#msOfOne;
		const isAllowed = missing + 1 <= this.#quota;
		const missingThen = isAllowed ? missing + 1 : missing;
		if (isAllowed) this.#remember(caller, now + missingThen * this.#msOfOne, now);
		const remaining = Math.floor(this.#quota - missingThen);
		const untilMore = remaining > 0 ? missingThen : missingThen + 1 - this.#quota;
		return {isAllowed, remaining, seconds: Math.max(1, Math.ceil((untilMore * this.#msOfOne) / 1000))};
	}

	#remember(caller: string, fullAt: number, now: number): void {
		this.#fullAt.delete(caller);
		for (const [each, at] of this.#fullAt) {
			if (at > now && this.#fullAt.size < this.#maxCallers) break;
			this.#fullAt.delete(each);
		}
		this.#fullAt.set(caller, fullAt);
	}
}
