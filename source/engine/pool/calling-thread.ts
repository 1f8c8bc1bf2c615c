// The thread that has called the engine, as one more that reads small files. To start a thread takes as long as to read a
// thousand of them, and where nobody watches, the calling thread has little to do.
//
// What is no usual small file is none of its business, for such a one may take long, or be too much for whatever reads it: it gives
// back what it has not read. Where there are several of those, or large files, it reads no more, and a thread takes its place.

import {BatchBoard} from '../shared/batch-board.ts';
import type {BatchClient, RunningBatch} from '../shared/running-batch.ts';
import {SharedProgress} from '../shared/shared-progress.ts';
import type {TurnReader} from '../worker/small/turn-reader.ts';

/** To leave a file takes as long as to read several: so many, and each 32nd, may be left before another shall read them all. */
const MOST_LEFT = 8;
const READ_FOR_EACH_LEFT = 32;
/** Twice in a row: for less, to start a thread is not worth it. */
const IDLE_LOOK_MS = 20;

export class CallingThread {
	/** What it reads with is loaded when there is something to read. */
	#reader: TurnReader | null = null;
	#isFree = true;
	#isRetired = false;
	#leftCount = 0;
	#readCount = 0;
	/** There while somebody waits for a thread. */
	#watch: NodeJS.Timeout | undefined;
	readonly #onRetired: (cause: string) => void;
	readonly #load: () => Promise<TurnReader>;

	constructor(onRetired: (cause: string) => void, load = loadReader) {
		this.#onRetired = onRetired;
		this.#load = load;
	}

	get isFree(): boolean {
		return this.#isFree;
	}

	/** Resolves with whether it can: if so, `start` is next. It is not free from now on. */
	async prepare(): Promise<boolean> {
		this.#isFree = false;
		try {
			this.#reader ??= await this.#load();
		} catch (error) {
			this.retire(String(error));
		}
		return !this.#isRetired;
	}

	/** Reads the files that the client chooses; `null` where that are none, or another shall read them after all. */
	start({choose, onStart, onReply}: BatchClient): RunningBatch | null {
		const {sources, settings} = choose();
		if (this.#reader === null || settings === null || sources.length === 0) {
			this.#isFree = !this.#isRetired;
			return null;
		}
		const board = new BatchBoard(sources.length);
		const progress = new SharedProgress();
		const request = {sources, settings, board, progress, goesOn: () => !this.#isRetired, onReply};
		const ended = this.#reader.work(request).then(end => {
			this.#readCount += board.current + 1;
			if (end.type === 'lost') this.retire(end.cause);
			else if (end.type === 'left' && end.isNextUnusual) this.#countLeft();
			this.#isFree = !this.#isRetired;
			return end;
		});
		const batch: RunningBatch = {
			board,
			progress,
			kill: () => this.retire('it was ended because it did not answer'),
			ended,
		};
		onStart(batch);
		return batch;
	}

	#countLeft(): void {
		this.#leftCount++;
		const isTooMany = this.#leftCount >= MOST_LEFT && this.#leftCount * READ_FOR_EACH_LEFT > this.#readCount;
		if (isTooMany) this.retire('there are other files than usual small ones');
	}

	/**
	Somebody waits for a thread. If that lasts while there is nothing to do here, because batches are none or wait already, its
	place is better given to another.

	@param isAwaited - Whether that is still so.
	*/
	makeRoom(isAwaited: () => boolean): void {
		if (this.#watch !== undefined || this.#isRetired) return;
		let wasInVain = false;
		this.#watch = setInterval(() => {
			const isInVain = this.#isFree && isAwaited();
			if (isInVain && wasInVain) this.retire('others wait for a thread');
			else if (!isAwaited()) this.#stopWatching();
			wasInVain = isInVain;
		}, IDLE_LOOK_MS);
	}

	#stopWatching(): void {
		clearInterval(this.#watch);
		this.#watch = undefined;
	}

	/** It takes no more batches, and leaves the one that it works through. */
	retire(cause: string): void {
		if (this.#isRetired) return;
		this.#isRetired = true;
		this.#isFree = false;
		this.#reader = null;
		this.#stopWatching();
		this.#onRetired(cause);
	}
}

async function loadReader(): Promise<TurnReader> {
	const {TurnReader} = await import('../worker/small/turn-reader.ts');
	return new TurnReader();
}
