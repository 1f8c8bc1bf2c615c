// Threads start while files are looked for: as many as are worth it, by what is found.
import type {PlanWatcher} from '../../engine/plan/plan.ts';
import {startThreadsEarly} from '../../engine/pool/start-thread.ts';
import type {RunSettings} from '../arguments/settings.ts';
import {keepHeapsSmall} from './limit-young-generation.ts';

export class PrestartedThreads implements PlanWatcher {
	readonly #threads: number;
	readonly #reportCount = keepHeapsSmall(() => this.#threads);

	constructor({threads, concurrency}: RunSettings) {
		this.#threads = Math.min(threads, concurrency);
		startThreadsEarly(1);
	}

	onListed(): void {
		// A folder is walked for so long that a second one starts meanwhile.
		startThreadsEarly(Math.min(2, this.#threads));
	}

	onCount(fileCount: number): void {
		void this.#reportCount(fileCount);
	}
}
