/** The time of day as text. Writes it down once a millisecond: thousands of events come in one. */
export class WallClock {
	#ms = Number.NaN;
	#text = '';

	now(): string {
		const ms = Date.now();
		if (ms !== this.#ms) this.#text = new Date(ms).toISOString();
		this.#ms = ms;
		return this.#text;
	}
}
