// What is in the way of files, as far as only the process that watches knows it. It is told once, and written down for those who look from
// outside.
import {quantity} from '../text/format.ts';
import {displayPath} from '../text/path-text.ts';
import {BlockedFiles} from './blocked-files.ts';
import type {WatchFolders} from './folders.ts';
import {type IntakeRules, type IntakeState, writeIntake} from './intake-file.ts';
import {storageNotice} from './storage.ts';

export interface ObstaclesOptions {
	readonly folders: WatchFolders;
	readonly rules: IntakeRules & {readonly pollMs: number};
	/** Of the routes as they are now. */
	readonly tags: () => readonly string[];
	/** Monotonic milliseconds. */
	readonly now: () => number;
	readonly onNotice: (notice: string) => void;
}

interface RefusedClaim {
	readonly id: string;
	readonly name: string;
	readonly storedName: string;
}

export class Obstacles {
	readonly #options: ObstaclesOptions;
	readonly #blocked: BlockedFiles;
	/** Claims that the system has refused a step of, and why. */
	readonly #refused = new Map<string, {readonly storedName: string; readonly reason: string}>();
	#isPaused = false;
	#isFull = false;
	#isTold = false;

	constructor(options: ObstaclesOptions) {
		this.#options = options;
		this.#blocked = new BlockedFiles(2 * options.rules.pollMs, options.now);
	}

	get isPaused(): boolean {
		return this.#isPaused;
	}

	/** Why files of the inbox are left where they are, by their names. */
	get blocked(): ReadonlyMap<string, string> {
		return this.#blocked.reasons;
	}

	/** Whether claims are left that recovery is to go on with. */
	get hasRefused(): boolean {
		return this.#refused.size > 0;
	}

	/** Files that could not be taken, or not be brought to their destination. */
	get count(): number {
		return this.blocked.size + this.#refused.size;
	}

	get state(): IntakeState {
		return {
			...{isPaused: this.#isPaused, isFull: this.#isFull, blocked: [...this.blocked]},
			refused: Array.from(this.#refused.values(), ({storedName, reason}) => [storedName, reason]),
			tags: this.#options.tags(),
		};
	}

	/** @returns Whether that is news. */
	setPaused(isPaused: boolean): boolean {
		if (isPaused === this.#isPaused) return false;
		this.#isPaused = isPaused;
		this.#write();
		return true;
	}

	setFull(isFull: boolean): void {
		this.#isFull = isFull;
		this.#write();
		this.#options.onNotice(storageNotice(isFull));
	}

	/** A file of the inbox could not be moved. */
	block(name: string, reason: string): void {
		if (!this.#blocked.add(name, reason)) return;
		this.#write();
		this.#options.onNotice(`${displayPath(name)} cannot be taken: ${reason}. It is tried again now and then.`);
	}

	/** It was taken. */
	unblock(name: string): void {
		if (this.#blocked.remove(name)) this.#write();
	}

	mustWait(name: string): boolean {
		return this.#blocked.mustWait(name);
	}

	/** Forgets files of the inbox that are not there any more. */
	keep(isThere: (name: string) => boolean): void {
		if (this.#blocked.keep(isThere)) this.#write();
	}

	/** The system has refused a step of a claim. */
	refuse({id, name, storedName}: RefusedClaim, reason: string): void {
		if (this.#refused.get(id)?.reason === reason) return;
		this.#refused.set(id, {storedName, reason});
		this.#write();
		this.#options.onNotice(`${displayPath(name)} cannot be gone on with: ${reason}. It is tried again later.`);
	}

	/** A claim has ended. */
	release(id: string): void {
		if (this.#refused.delete(id)) this.#write();
	}

	/** The routes are other ones. */
	onTags(): void {
		this.#write();
	}

	/** To be called now and then: a full disk may have been in the way of writing it down. */
	tell(): void {
		if (!this.#isTold) this.#write();
	}

	/** With `once`: why it ends although not everything is done. @param growing - Files that are still to come to rest. */
	tellLeft(growing: number): true {
		const {onNotice} = this.#options;
		// Those that could not be moved are looked at anew as well.
		if (growing > this.blocked.size) onNotice(`${quantity(growing, 'file')} still being written: left in the inbox.`);
		if (this.count > 0) onNotice(`${quantity(this.count, 'file')} could not be moved: see above.`);
		return true;
	}

	#write(): void {
		const {folders, rules} = this.#options;
		this.#isTold = writeIntake(folders, rules, this.state);
	}
}
