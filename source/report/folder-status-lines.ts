// How a watched folder is doing, as lines of `--jsonl` beside the events of its files: when it begins, once a minute where anything has changed,
// and before the end. Lists of files are left out: their events tell of them.
import type {WatchStatus} from '../model/watch-status.ts';
import {escapeActing} from '../text/escape.ts';

/** The `type` of such a line. It is no event of a run, so anyone who plays a recording passes over it. */
export const FOLDER_STATUS = 'folder-status';

const INTERVAL_MS = 60_000;

export class FolderStatusLines {
	readonly #status: () => WatchStatus;
	readonly #write: (line: (seq: number) => string) => void;
	#timer: NodeJS.Timeout | undefined;
	#told = '';

	/** @param write - Takes what makes the line with its number. */
	constructor(status: () => WatchStatus, write: (line: (seq: number) => string) => void) {
		this.#status = status;
		this.#write = write;
	}

	begin(): void {
		this.#tell();
		this.#timer = setInterval(() => this.#tell(), INTERVAL_MS).unref();
	}

	end(): void {
		clearInterval(this.#timer);
		this.#told = '';
		this.#tell();
	}

	#tell(): void {
		const {waiting: _, processing: __, failed: ___, skipped: ____, at, ...figures} = this.#status();
		// Ages, times and the last minute change by themselves: that is no news.
		const told = JSON.stringify([figures.files, figures.tags, figures.health]);
		if (told === this.#told) return;
		this.#told = told;
		this.#write(seq => `${escapeActing(JSON.stringify({type: FOLDER_STATUS, seq, at, ...figures}))}\n`);
	}
}
