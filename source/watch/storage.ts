// A full disk: nothing new is taken, what is there goes on, and some room that was kept lets it be written down. All of it resumes by itself.
import {rm} from 'node:fs/promises';
import {setTimeout as wait} from 'node:timers/promises';
import {CommitError} from '../ledger/claims-ledger.ts';
import {codeOf} from '../text/system-error.ts';
import type {WatchFolders} from './folders.ts';
import {makeBallast} from './prepare-folders.ts';

export interface StorageOptions {
	readonly folders: WatchFolders;
	readonly pollMs: number;
	/** Called when the disk has become full, and when there is room again. */
	readonly onChange: (isFull: boolean) => void;
	/** Aborted when there is no time left to wait for room. */
	readonly signal: AbortSignal;
}

export class Storage {
	readonly #options: StorageOptions;
	#isFull = false;
	/** Those that wait for room. */
	#waiting = 0;

	constructor(options: StorageOptions) {
		this.#options = options;
	}

	get isFull(): boolean {
		return this.#isFull;
	}

	/**
	Does something as often as it takes until there is room for it.

	@throws {Error} Any other error of it; after the signal, that the disk is full.
	*/
	async untilDone<Value>(work: () => Promise<Value>): Promise<Value> {
		for (;;) {
			try {
				const value = await work();
				if (this.#isFull && this.#waiting === 0) await this.#resume();
				return value;
			} catch (error) {
				if (!isFullDisk(error) || this.#options.signal.aborted) throw error;
			}
			await this.#wait();
		}
	}

	async #wait(): Promise<void> {
		const {folders, pollMs, onChange, signal} = this.#options;
		if (!this.#isFull) {
			this.#isFull = true;
			// Room for what is under way.
			await rm(folders.ballast, {force: true});
			onChange(true);
			return;
		}
		this.#waiting++;
		try {
			await wait(pollMs, undefined, {signal});
		} catch {
			// There is no time left: the next try is the last one.
		} finally {
			this.#waiting--;
		}
	}

	/** To be called now and then while the disk is full: whether there is room again. */
	async #resume(): Promise<void> {
		if (!(await makeBallast(this.#options.folders))) return;
		this.#isFull = false;
		this.#options.onChange(false);
	}

	async look(): Promise<void> {
		if (this.#isFull && this.#waiting === 0) await this.#resume();
	}
}

export const storageNotice = (isFull: boolean): string =>
	isFull
		? 'The disk is full: no further file is taken until there is room again.'
		: 'There is room on the disk again: files are taken as before.';

function isFullDisk(error: unknown): boolean {
	if (error instanceof CommitError) return error.isFull;
	const code = codeOf(error);
	return code === 'ENOSPC' || code === 'EDQUOT';
}
