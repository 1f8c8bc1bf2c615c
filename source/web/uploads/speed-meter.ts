// How fast bytes go, over the last seconds.
const WINDOW_MS = 5000;
const LEAST_MS = 500;

export class SpeedMeter {
	#samples: {readonly at: number; readonly bytes: number}[] = [];

	add(bytes: number, now: number): void {
		this.#samples.push({at: now, bytes});
		this.#forget(now);
	}

	/** `null`: it is too early to say. */
	bytesPerSecond(now: number): number | null {
		this.#forget(now);
		const [first] = this.#samples;
		if (first === undefined || now - first.at < LEAST_MS) return null;
		const bytes = this.#samples.reduce((sum, sample) => sum + sample.bytes, 0);
		return (bytes / (now - first.at)) * 1000;
	}

	#forget(now: number): void {
		this.#samples = this.#samples.filter(({at}) => now - at < WINDOW_MS);
	}
}
