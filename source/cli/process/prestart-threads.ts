// Starts threads while files are listed: as many as the files found so far justify.
import {availableParallelism} from 'node:os';
import type {PlanWatcher} from '../../engine/plan/plan.ts';
import {prestartThreads} from '../../engine/pool/start-thread.ts';
import type {RunSettings} from '../arguments/settings.ts';
import {limitYoungGeneration} from './limit-young-generation.ts';

export class PrestartedThreads implements PlanWatcher {
	readonly #threads: number;
	readonly #reportCount = limitYoungGeneration(() => this.#threads);

	constructor({threads, concurrency}: RunSettings) {
		// Further threads for files in flight start when a file waits for one.
		this.#threads = Math.min(threads ?? availableParallelism(), concurrency);
		prestartThreads(1);
	}

	onListed(): void {
		// Listing a folder takes as long as a second thread needs to start.
		prestartThreads(Math.min(2, this.#threads));
	}

	onCount(fileCount: number): void {
		void this.#reportCount(fileCount);
	}
}
