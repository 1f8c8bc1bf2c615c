// How far the list of a packed archive is, in one line on standard error: it must be unpacked for that before anything else can be shown.
import type {PlanWatcher} from '../../engine/plan/plan.ts';
import {monotonicMs} from '../../engine/shared/monotonic.ts';

interface Terminal {
	readonly isTTY?: boolean;
	readonly columns?: number;
	readonly write: (text: string) => unknown;
}

/** What is over sooner is not worth a word. */
const FIRST_LINE_MS = 500;
const LINE_INTERVAL_MS = 250;
const ERASE_LINE = '\r\u{1b}[K';

export class ListingProgress {
	readonly #terminal: Terminal;
	readonly #now: () => number;
	#nextLineAtMs: number | null = null;
	#isShown = false;

	constructor(terminal: Terminal, now: () => number = monotonicMs) {
		this.#terminal = terminal;
		this.#now = now;
	}

	readonly onArchiveRead: NonNullable<PlanWatcher['onArchiveRead']> = (file, bytesRead, bytesTotal) => {
		if (this.#terminal.isTTY !== true) return;
		this.#nextLineAtMs ??= this.#now() + FIRST_LINE_MS;
		if (this.#now() < this.#nextLineAtMs) return;
		this.#nextLineAtMs = this.#now() + LINE_INTERVAL_MS;
		this.#isShown = true;
		void this.#show(file, bytesRead, bytesTotal);
	};

	/** Removes the line. */
	clear(): void {
		if (this.#isShown) this.#terminal.write(ERASE_LINE);
		this.#isShown = false;
	}

	async #show(file: string, bytesRead: number, bytesTotal: number): Promise<void> {
		// Loaded for those who wait for it.
		const [{formatBytes, formatPercent}, {truncateEnd}, {safe}] = await Promise.all([
			import('../../text/format.ts'),
			import('../../text/width.ts'),
			import('../../text/safe.ts'),
		]);
		if (!this.#isShown) return;
		const progress = `${formatPercent(bytesRead / Math.max(1, bytesTotal))} of ${formatBytes(bytesTotal)}`;
		const line = `Listing what is in an archive: ${progress}, ${safe(file)}`;
		this.#terminal.write(ERASE_LINE + truncateEnd(line, (this.#terminal.columns ?? 80) - 1));
	}
}
