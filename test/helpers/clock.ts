import {vi} from 'vitest';

/**
Timers on a time of their own. Unlike vitest's, it fires one timer at a time, also where several are due, so that what a
timer sets off is over before the next one fires, as it is in Node.
*/
export class Clock {
	nowMs = 0;
	readonly #timers = new Map<number, {dueMs: number; readonly everyMs: number | null; readonly fire: () => void}>();
	#lastId = 0;

	get timerCount(): number {
		return this.#timers.size;
	}

	readonly setTimeout = (fire: () => void, afterMs = 0): number => this.#add(fire, afterMs, null);
	readonly setInterval = (fire: () => void, everyMs: number): number => this.#add(fire, everyMs, everyMs);
	readonly clear = (id: number | undefined): void => {
		if (id !== undefined) this.#timers.delete(id);
	};

	/** Goes on to the next timer and fires it; of several due at once, the one that was set first. */
	fireNext(): void {
		let next: number | null = null;
		for (const [id, {dueMs}] of this.#timers) {
			if (next === null || dueMs < (this.#timers.get(next)?.dueMs ?? 0)) next = id;
		}
		const timer = next === null ? undefined : this.#timers.get(next);
		if (next === null || timer === undefined) return;
		this.nowMs = timer.dueMs;
		vi.setSystemTime(this.nowMs);
		this.#timers.delete(next);
		if (timer.everyMs !== null) this.#timers.set(next, {...timer, dueMs: this.nowMs + timer.everyMs});
		timer.fire();
	}

	#add(fire: () => void, afterMs: number, everyMs: number | null): number {
		this.#timers.set(++this.#lastId, {dueMs: this.nowMs + afterMs, everyMs, fire});
		return this.#lastId;
	}
}

export function installClock(): Clock {
	const clock = new Clock();
	vi.setSystemTime(0);
	vi.stubGlobal('setTimeout', clock.setTimeout);
	vi.stubGlobal('setInterval', clock.setInterval);
	vi.stubGlobal('clearTimeout', clock.clear);
	vi.stubGlobal('clearInterval', clock.clear);
	return clock;
}

/** Lets everything happen that waits for no timer. */
export const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve));
