// Starts threads while files are listed: as many as the files found so far justify.
import {availableParallelism} from 'node:os';
import {setTimeout as wait} from 'node:timers/promises';
import type {PlanWatcher} from '../../engine/plan/plan.ts';
import {prestartThreads} from '../../engine/pool/start-thread.ts';
import type {RunSettings} from '../arguments/settings.ts';
import {limitYoungGeneration, MANY_FILES} from './limit-young-generation.ts';

/** Threads start faster, unless the machine is very busy. */
const LONGEST_WAIT_MS = 500;

export class PrestartedThreads implements PlanWatcher {
	readonly #threads: number;
	readonly #reportCount = limitYoungGeneration();

	constructor({threads, concurrency}: RunSettings) {
		// Further threads for files in flight start when a file waits for one.
		this.#threads = Math.min(threads ?? availableParallelism(), concurrency);
		prestartThreads(1);
	}

	/** @param fileCount - The largest number of files that there may be. */
	onListed(fileCount: number): void {
		// Listing a folder takes as long as a second thread needs to start. Very many files are mostly small, and then one thread may be enough.
		if (fileCount < MANY_FILES) prestartThreads(Math.min(2, this.#threads));
	}

	/** Resolves when heaps have their limits, or after a while. */
	async onCount(fileCount: number): Promise<void> {
		const over = new AbortController();
		const {signal} = over;
		await Promise.race([this.#reportCount(fileCount), wait(LONGEST_WAIT_MS, undefined, {signal}).catch(() => {})]);
		over.abort();
	}
}
