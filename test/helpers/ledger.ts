// Takes the events of a run in and holds each against the laws.
import {expect} from 'vitest';
import type {RunEvent} from '../../source/model/events.ts';
import {type FileAddress, keyOf} from '../../source/model/file-address.ts';
import {createRunState, reduce} from '../../source/store/reduce.ts';

export interface LedgerOptions {
	readonly concurrency: number;
	readonly retries: number;
	/** Whether the run stays open until it is closed. */
	readonly staysOpen?: boolean;
	/** Whether files go to threads by the dozen, and are told of when they are done. */
	readonly isGrouped: boolean;
}

/** Holds each event against what may happen then. */
export class Ledger {
	readonly #concurrency: number;
	readonly #retries: number;
	readonly #staysOpen: boolean;
	state = createRunState();
	events: RunEvent[] = [];
	/** Set when someone asked for the end of the run. */
	isStopped = false;
	/** Set when someone said that no more files are added. */
	isClosed = false;
	/** How many files were added that the run had to take. */
	addedCount = 0;
	/** By `keyOf`, as all else here. */
	readonly cancelled = new Set<string | number>();
	readonly #startsSinceQueued = new Map<string | number, number>();

	/** What a thread has of a batch is told when there is time: the file may have been cancelled meanwhile. */
	readonly #mayStartLate: boolean;

	constructor({concurrency, retries, isGrouped, staysOpen = false}: LedgerOptions) {
		this.#staysOpen = staysOpen;
		this.#concurrency = concurrency;
		this.#retries = retries;
		this.#mayStartLate = isGrouped;
	}

	get takesFiles(): boolean {
		return !this.isClosed && !this.isStopped && this.state.phase === 'running';
	}

	/** Someone asks for the end of the run, and it has not ended. */
	stop(): void {
		this.isStopped = true;
		this.isClosed = true;
	}

	isPaused(file: FileAddress): boolean {
		return this.state.isPaused || this.fileOf(file)?.isPaused === true;
	}

	/** Whether it is being read, or would be if it were not paused by itself. */
	isHeld(file: FileAddress): boolean {
		const known = this.fileOf(file);
		return known?.status === 'running' && known.isPaused;
	}

	take(event: RunEvent): void {
		const last = this.events.at(-1);
		expect(event.seq, 'seq has no gap').toBe((last?.seq ?? 0) + 1);
		expect(event.elapsedMs, 'time does not run backwards').toBeGreaterThanOrEqual(last?.elapsedMs ?? 0);
		expect(event.type === 'run-started', 'run-started is the first and only the first').toBe(last === undefined);
		if (last?.type === 'run-completed') {
			expect(event.type, 'after run-completed comes nothing but a file that is tried again').toBe('file-queued');
			this.isStopped = false;
		}
		if (event.type === 'run-completed' && this.#staysOpen) {
			expect(this.isClosed, 'a run that stays open ends when it is closed').toBe(true);
		}
		if ('file' in event) this.#takeOfFile(event);
		this.events.push(event);
		this.state = reduce(this.state, [event]);
		expect(this.state.counts.running, 'files in flight').toBeLessThanOrEqual(this.#concurrency);
	}

	knows(address: FileAddress): boolean {
		return this.fileOf(address) !== undefined;
	}

	fileOf(address: FileAddress) {
		const place = this.state.indexByFile.get(keyOf(address));
		return place === undefined ? undefined : this.state.files[place];
	}

	#takeOfFile(event: Extract<RunEvent, {file: string}>): void {
		const {type, attempt} = event;
		const key = keyOf(event);
		const about = `${type} of ${key}, attempt ${attempt}`;
		const known = this.fileOf(event);
		const status = known?.status;
		const attemptsSoFar = known?.attempt ?? 0;
		if (type === 'file-started') {
			const starts = (this.#startsSinceQueued.get(key) ?? 0) + 1;
			this.#startsSinceQueued.set(key, starts);
			expect(starts, `${about}: attempts of one queueing`).toBeLessThanOrEqual(this.#retries + 1);
			expect(['queued', 'retrying'], `${about}: two attempts at once`).toContain(status);
			expect(attempt, about).toBe(attemptsSoFar + 1);
			const isLate = this.isStopped || this.cancelled.has(key);
			if (!this.#mayStartLate) expect(isLate, `${about} after it was cancelled, or all was stopped`).toBe(false);
			return;
		}
		expect(attempt, about).toBe(attemptsSoFar);
		if (type === 'file-queued') {
			expect([undefined, 'failed', 'cancelled'], about).toContain(status);
			this.#startsSinceQueued.set(key, 0);
			this.cancelled.delete(key);
		} else if (type === 'file-progressed') {
			expect(status, about).toBe('running');
		} else if (type === 'file-retrying') {
			expect(status, about).toBe('running');
			expect(this.isStopped, `${about} after the stop`).toBe(false);
			expect(this.cancelled.has(key), `${about} after it was cancelled`).toBe(false);
			// An attempt that another file has ended is none of its own.
			if (event.error.message.includes('while it read another file')) {
				this.#startsSinceQueued.set(key, (this.#startsSinceQueued.get(key) ?? 0) - 1);
			}
		} else {
			expect(event.report.status, about).toBe(type.slice('file-'.length));
			expect(event.report.attempts, about).toBe(attempt);
			const mayEnd = {
				'file-completed': ['running'],
				'file-failed': attempt === 0 ? ['queued'] : ['running'],
				'file-cancelled': ['running', 'queued', 'retrying'],
				'file-skipped': attempt === 0 ? [undefined] : ['running'],
			}[type];
			expect(mayEnd, about).toContain(status);
		}
	}
}
