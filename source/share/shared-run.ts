// A run as those who follow it from elsewhere get it: its state, and what of it has changed since when. It costs the run the same however many
// follow it, because what each of them has had is known by that one alone (`frame-builder.ts`).
import type {RunEvent} from '../model/events.ts';
import {type FileAddress, keyOf} from '../model/file-address.ts';
import type {FileReport} from '../model/report.ts';
import {isForPeople, LOG_LIMIT, trackRun} from '../store/reduce.ts';
import type {FileState, RunState} from '../store/state.ts';
import {LastChanges} from './last-changes.ts';
import type {SharedFile} from './messages.ts';
import {thinEvent, thinReport} from './thin-report.ts';

export class SharedRun {
	readonly #tracker = trackRun();
	/** Of files, by their index. */
	readonly changes = new LastChanges();
	/** The number of changes when a file changed in more than its progress. */
	#shapedAt = new Float64Array(256);
	/** Files that run or are to be tried again: no more than the run has in flight. */
	readonly active = new Set<number>();
	/** The newest events for people, the oldest first. */
	#log: RunEvent[] = [];
	#logCount = 0;

	get state(): RunState {
		return this.#tracker.state;
	}

	get logCount(): number {
		return this.#logCount;
	}

	handle(event: RunEvent): void {
		this.#tracker.handle(event);
		if (isForPeople(this.state, event)) this.#addToLog(event);
		if (!('file' in event)) return;
		const index = this.#indexOf(event);
		if (index === undefined) return;
		this.changes.record(index);
		if (event.type !== 'file-progressed') this.#setShaped(index);
		const status = this.state.files[index]?.status;
		if (status === 'running' || status === 'retrying') this.active.add(index);
		else this.active.delete(index);
	}

	/** @returns `undefined` where the run has no such file. */
	fileAt(index: number): SharedFile | undefined {
		const file = this.state.files[index];
		return file === undefined ? undefined : toShared(file, index);
	}

	stateOf(index: number): FileState | undefined {
		return this.state.files[index];
	}

	shapedAt(index: number): number {
		return this.#shapedAt[index] ?? 0;
	}

	/** The whole report of a file that has ended. */
	reportOf(address: FileAddress): FileReport | null {
		return this.state.files[this.#indexOf(address) ?? -1]?.report ?? null;
	}

	/** The slowest files, as the tally has them. */
	slowest(): readonly SharedFile[] {
		return this.state.tally.slowest.map(file => toShared(file, this.#indexOf(file) ?? 0));
	}

	/** The newest events for people after so many, as few as that; without what the log does not show. */
	logAfter(count: number, atMost: number): readonly RunEvent[] {
		const amount = Math.min(this.#logCount - count, atMost, this.#log.length);
		return amount <= 0 ? [] : this.#log.slice(-amount).map(thinEvent);
	}

	#indexOf(address: FileAddress): number | undefined {
		return this.state.indexByFile.get(keyOf(address));
	}

	#addToLog(event: RunEvent): void {
		this.#logCount++;
		this.#log.push(event);
		if (this.#log.length >= 2 * LOG_LIMIT) this.#log = this.#log.slice(-LOG_LIMIT);
	}

	#setShaped(index: number): void {
		if (index >= this.#shapedAt.length) {
			const larger = new Float64Array(Math.max(index + 1, this.#shapedAt.length * 2));
			larger.set(this.#shapedAt);
			this.#shapedAt = larger;
		}
		this.#shapedAt[index] = this.changes.now;
	}
}

function toShared({samples: _samples, report, ...file}: FileState, index: number): SharedFile {
	return {index, ...file, report: report === null ? null : thinReport(report)};
}
