// Threads start while files are looked for: as many as are worth it, by what is found. In runs for scripts of many small files the
// calling thread takes the place of one.
import {isOnLocalDrive} from '../../engine/local-drive.ts';
import type {PlanWatcher} from '../../engine/plan/plan.ts';
import {startThreadsEarly} from '../../engine/pool/start-thread.ts';
import type {RunSettings} from '../arguments/settings.ts';
import {keepHeapsSmall, MANY_FILES} from './limit-young-generation.ts';

export class EarlyThreads implements PlanWatcher {
	readonly #threads: number;
	#mayCallerRead: boolean;
	/** As many as have been found so far. */
	#fileCount = 0;
	readonly #tellCount = keepHeapsSmall(() => this.#countThreads(this.#threads));

	constructor({output, threads, concurrency, simulateIoMs}: RunSettings) {
		this.#threads = Math.min(threads, concurrency);
		const isForScripts = output === 'json' || output === 'jsonl';
		this.#mayCallerRead = isForScripts && this.#threads > 1 && concurrency >= threads && simulateIoMs === 0;
		startThreadsEarly(1);
	}

	/**
	Whether the calling thread may read, when all files are counted: nobody watches it, there are enough files to save time by it,
	and all are on drives where a read cannot hang. No signal is heard while it reads.
	*/
	get callerReads(): boolean {
		return this.#mayCallerRead && this.#fileCount >= MANY_FILES;
	}

	onListed(fileCount: number): void {
		// A folder is walked for so long that a second one starts meanwhile.
		startThreadsEarly(fileCount < MANY_FILES ? Math.min(2, this.#threads) : this.#countThreads(2));
	}

	onDrive(path: string | Uint8Array): void {
		this.#mayCallerRead &&= isOnLocalDrive(path);
	}

	onCount(fileCount: number): void {
		this.#fileCount = fileCount;
		void this.#tellCount(fileCount);
	}

	#countThreads(most: number): number {
		return Math.min(most, this.#threads - (this.#mayCallerRead ? 1 : 0));
	}
}
