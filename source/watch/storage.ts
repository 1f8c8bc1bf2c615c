// A full disk: nothing new is taken, what is there goes on, and some room that was kept lets it be written down. All of it resumes by itself.
import {rm} from 'node:fs/promises';
import {setTimeout as wait} from 'node:timers/promises';
import {CommitError} from '../ledger/start-commit-thread.ts';
import {readDiskRoom} from './disk-room.ts';
import type {WatchFolders} from './folders.ts';
import {BALLAST_BYTES, makeBallast} from './prepare-folders.ts';
import {isFullDisk, systemCodeOf} from './refusal.ts';

export interface StorageOptions {
	readonly folders: WatchFolders;
	/** Whether it is full to begin with. */
	readonly isFull: boolean;
	readonly pollMs: number;
	/** Called when the disk has become full, and when there is room again. */
	readonly onChange: (isFull: boolean) => void;
	/** Aborted when there is no time left to wait for room. */
	readonly signal: AbortSignal;
}

/** So much is to be free beside the ballast, so that the disk is not full again at once. */
const SPARE_BYTES = 1024 * 1024;
const SPARE_FILES = 64;

export class Storage {
	readonly #options: StorageOptions;
	#isFull: boolean;

	constructor(options: StorageOptions) {
		this.#options = options;
		this.#isFull = options.isFull;
	}

	/** Says so, where it is full to begin with. */
	begin(): void {
		if (this.#isFull) this.#options.onChange(true);
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
				return await work();
			} catch (error) {
				const hadNoRoom = error instanceof CommitError ? error.isFull : isFullDisk(systemCodeOf(error));
				if (!hadNoRoom || this.#options.signal.aborted) throw error;
			}
			// The first one tries again at once, in the room that was kept for it.
			if (this.#isFull) await this.#poll();
			else await this.#becomeFull();
		}
	}

	/** @returns Whether an error of a step was that there was no room on this disk; then there is again, or no time left to wait for it. */
	async isOutOfRoom(code: string): Promise<boolean> {
		if (!isFullDisk(code) || (!this.#isFull && this.#hasRoom())) return false;
		if (!this.#isFull) await this.#becomeFull();
		while (this.#isFull && !this.#options.signal.aborted) await this.#poll();
		return true;
	}

	/** To be called now and then: whether there is room again. */
	async look(): Promise<void> {
		if (!this.#isFull || !this.#hasRoom() || !(await makeBallast(this.#options.folders))) return;
		this.#isFull = false;
		this.#options.onChange(false);
	}

	async #becomeFull(): Promise<void> {
		this.#isFull = true;
		await rm(this.#options.folders.ballast, {force: true});
		this.#options.onChange(true);
	}

	#hasRoom(): boolean {
		try {
			const {freeBytes, freeFiles} = readDiskRoom(this.#options.folders.root);
			return freeBytes >= BALLAST_BYTES + SPARE_BYTES && (freeFiles ?? SPARE_FILES) >= SPARE_FILES;
		} catch {
			return false;
		}
	}

	async #poll(): Promise<void> {
		const {pollMs, signal} = this.#options;
		// Without time left, the next try is the last one.
		await wait(pollMs, undefined, {signal}).catch(() => {});
	}
}

export const storageNotice = (isFull: boolean): string =>
	isFull
		? 'The disk is full: no further file is taken until there is room again.'
		: 'There is room on the disk again: files are taken as before.';

/** With `once` nobody may be there to make room. */
export const FULL_FOR_LONG =
	'The disk is full, and no room has come in time. All files are still there: those that were not finished lie in unprocessed/ or underprocess/. Make room and start it again: it goes on from there.';
