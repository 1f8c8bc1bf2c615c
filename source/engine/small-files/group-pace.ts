// Whether a further thread is worth it for the small files of a run. It costs as much CPU as thousands of them: its start, and all that V8
// compiles anew for it. So one thread begins, and shows how fast files are read here: from a slow drive many threads read faster.

/** What is seen before that says little, because code is compiled meanwhile. */
const FIRST_LOOK_MS = 250;
/** One thread alone may take so long for those that are left. */
const ALONE_MS = 1000;

export class GroupPace {
	readonly #now: () => number;
	#startedAtMs: number | null = null;
	#fileCount = 0;

	constructor(now: () => number) {
		this.#now = now;
	}

	/** A thread has got files. */
	start(): void {
		this.#startedAtMs ??= this.#now();
	}

	addFiles(count: number): void {
		this.#fileCount += count;
	}

	/** @param leftCount - Files that no thread has yet. */
	needsThreads(leftCount: number): boolean {
		if (this.#startedAtMs === null) return false;
		const elapsedMs = this.#now() - this.#startedAtMs;
		return elapsedMs >= FIRST_LOOK_MS && leftCount * elapsedMs > ALONE_MS * this.#fileCount;
	}
}
