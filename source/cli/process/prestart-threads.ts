// Starts threads before a run needs them: one while files are listed, and a second one as soon as they are known to justify it.
import {availableParallelism} from 'node:os';
import {setTimeout as wait} from 'node:timers/promises';
import {type Plan, sumUpPlan} from '../../engine/plan/plan.ts';
import {prestartThreads} from '../../engine/pool/start-thread.ts';
import type {RunSettings} from '../arguments/settings.ts';
import {limitYoungGeneration, MANY_FILES} from './limit-young-generation.ts';

/** In less, one thread is done, or nearly, when a second one can begin: that costs 45 ms of CPU. */
const WORTH_SECOND_THREAD_BYTES = 4 * 1024 * 1024;

/** Threads start faster, unless the machine is very busy. */
const LONGEST_WAIT_MS = 500;

export class PrestartedThreads {
	readonly #threads: number;
	readonly #reportCount = limitYoungGeneration();

	constructor({threads, concurrency}: RunSettings) {
		// Further threads for files in flight start when a file waits for one.
		this.#threads = Math.min(threads ?? availableParallelism(), concurrency);
		prestartThreads(1);
	}

	/** All files are known. */
	onPlanned(plan: Plan): void {
		const {fileCount, bytesTotal} = sumUpPlan(plan);
		const isLarge =
			bytesTotal >= WORTH_SECOND_THREAD_BYTES ||
			plan.entries.some(entry => entry.type === 'file' && entry.bytesTotal === null);
		// Very many files are mostly small, and then one thread may be enough.
		if (fileCount < MANY_FILES && isLarge) prestartThreads(Math.min(2, this.#threads));
	}

	/** Resolves when heaps have their limits, or after a while. */
	async onCount(fileCount: number): Promise<void> {
		const over = new AbortController();
		const {signal} = over;
		await Promise.race([this.#reportCount(fileCount), wait(LONGEST_WAIT_MS, undefined, {signal}).catch(() => {})]);
		over.abort();
	}
}
