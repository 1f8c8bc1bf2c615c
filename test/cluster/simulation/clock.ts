// Time that goes on as fast as there is something to do, and chance that is the same for the same seed.

export class VirtualClock {
	now = 0;
	#order = 0;
	/** A heap: the next one first. */
	readonly #events: Array<{readonly atMs: number; readonly order: number; readonly run: () => void}> = [];

	after(delayMs: number, run: () => void): void {
		const events = this.#events;
		events.push({atMs: this.now + Math.max(0, delayMs), order: this.#order++, run});
		for (let place = events.length - 1; place > 0; ) {
			const parent = (place - 1) >> 1;
			if (!this.#isBefore(place, parent)) break;
			this.#swap(place, parent);
			place = parent;
		}
	}

	/** Until nothing is left to do, or that time. */
	run(untilMs: number, isOver: () => boolean): void {
		while (!isOver()) {
			const next = this.#take();
			if (next === undefined || next.atMs > untilMs) return;
			this.now = next.atMs;
			next.run();
		}
	}

	#take() {
		const events = this.#events;
		const [first] = events;
		const last = events.pop();
		if (first === undefined || last === undefined || events.length === 0) return first;
		events[0] = last;
		for (let place = 0; ; ) {
			const [left, right] = [2 * place + 1, 2 * place + 2];
			let smallest = place;
			if (left < events.length && this.#isBefore(left, smallest)) smallest = left;
			if (right < events.length && this.#isBefore(right, smallest)) smallest = right;
			if (smallest === place) return first;
			this.#swap(place, smallest);
			place = smallest;
		}
	}

	#isBefore(one: number, other: number): boolean {
		const [left, right] = [this.#events[one], this.#events[other]];
		if (left === undefined || right === undefined) return false;
		return left.atMs < right.atMs || (left.atMs === right.atMs && left.order < right.order);
	}

	#swap(one: number, other: number): void {
		const [left, right] = [this.#events[one], this.#events[other]];
		if (left === undefined || right === undefined) return;
		this.#events[one] = right;
		this.#events[other] = left;
	}
}

export class Chance {
	#state: number;

	constructor(seed: number) {
		this.#state = (seed ^ 0x9e37_79b9) | 0;
	}

	/** From 0 up to 1 (mulberry32). */
	next(): number {
		this.#state = (this.#state + 0x6d2b_79f5) | 0;
		let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	}

	happens(probability: number): boolean {
		return this.next() < probability;
	}

	between(least: number, most: number): number {
		return least + this.next() * (most - least);
	}

	pick<Item>(items: readonly Item[]): Item | undefined {
		return items[Math.floor(this.next() * items.length)];
	}
}
