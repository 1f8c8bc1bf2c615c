// What one reader gets next: all that has changed of the run as a whole, the files that are at work, and as many of the others as it can take.
// The reader keeps no queue here: it is a place in the list of changes, so one that takes nothing costs nothing.
import type {RunState} from '../store/state.ts';
import type {Tally} from '../store/tally.ts';
import {type Frame, RUN_MEMBERS, type RunMembers, type SharedFile, type SharedProgress} from './messages.ts';
import type {SharedRun} from './shared-run.ts';

/** The lists of failures and of the slowest files change with nearly every file. */
const TALLY_SPACING_MS = 1000;
/** What a file and an event of the log take in JSON, about. */
const [FILE_BYTES, EVENT_BYTES] = [300, 400];
/** Of what the reader can take, the share that is for the log. */
const LOG_SHARE = 0.25;

export class FrameBuilder {
	readonly #run: SharedRun;
	#number = 0;
	/** The number of changes up to which the reader has had all files that do not run. */
	#place = 0;
	/** The number of changes when it got the last frame. */
	#lastFrameAt = 0;
	#logCount = 0;
	/** What it has been sent last of each member of the state. */
	readonly #sent = new Map<string, unknown>();
	#sentTally: Tally | null = null;
	#tallyAtMs = Number.NEGATIVE_INFINITY;
	/** Files that it has last been told run. */
	#shownActive: ReadonlySet<number> = new Set();

	constructor(run: SharedRun) {
		this.#run = run;
	}

	/** @returns `null` where nothing has changed. */
	next(maxBytes: number): Frame | null {
		const {state} = this.#run;
		const isFirst = this.#number === 0;
		const run = this.#changedMembers(state);
		const {files, progress, isPart} = this.#changedFiles(Math.max(1, Math.floor(maxBytes / FILE_BYTES)));
		const log = this.#newLog(Math.max(5, Math.floor((maxBytes * LOG_SHARE) / EVENT_BYTES)));
		const tally = this.#changedTally(state);
		const isEmpty = run === null && files.length === 0 && progress.length === 0 && log === null && tally === null;
		if (isEmpty && !isFirst) return null;
		this.#lastFrameAt = this.#run.changes.now;
		return {
			...{type: 'frame', number: ++this.#number, elapsedMs: state.elapsedMs},
			...(run !== null && {run}),
			...(tally !== null && {tally}),
			...(isFirst && {past: {samples: state.samples, history: state.history}}),
			...(files.length > 0 && {files}),
			...(progress.length > 0 && {progress}),
			...(log !== null && {log}),
			...(isPart && {isPart}),
		};
	}

	#changedMembers(state: RunState): RunMembers | null {
		const changed = RUN_MEMBERS.filter(name => {
			const value = state[name];
			// Counts are changed in place; everything else that is an object is made anew.
			const known = name === 'counts' ? JSON.stringify(value) : value;
			if (this.#sent.has(name) && Object.is(this.#sent.get(name), known)) return false;
			this.#sent.set(name, known);
			return true;
		});
		return changed.length === 0 ? null : Object.fromEntries(changed.map(name => [name, state[name]]));
	}

	#changedTally({tally, elapsedMs, phase}: RunState) {
		if (tally === this.#sentTally) return null;
		if (phase !== 'ended' && elapsedMs - this.#tallyAtMs < TALLY_SPACING_MS) return null;
		this.#sentTally = tally;
		this.#tallyAtMs = elapsedMs;
		return {...tally, slowest: this.#run.slowest()};
	}

	#newLog(atMost: number): NonNullable<Frame['log']> | null {
		const {logCount} = this.#run;
		if (logCount === this.#logCount) return null;
		const events = this.#run.logAfter(this.#logCount, atMost);
		this.#logCount = logCount;
		return {count: logCount, events};
	}

	/** @param atMost - Files that do not run. */
	#changedFiles(atMost: number): {files: readonly SharedFile[]; progress: readonly SharedProgress[]; isPart: boolean} {
		const {changes, active} = this.#run;
		const files: SharedFile[] = [];
		const progress: SharedProgress[] = [];
		const addWhole = (index: number): void => {
			const file = this.#run.fileAt(index);
			if (file !== undefined) files.push(file);
		};
		for (const index of active) {
			if (changes.changedAt(index) <= this.#lastFrameAt && this.#shownActive.has(index)) continue;
			// Its reader has been told that it runs, and only its progress has changed since then.
			const isKnown = this.#shownActive.has(index) && this.#run.shapedAt(index) <= this.#lastFrameAt;
			if (isKnown) progress.push(this.#progressOf(index));
			else addWhole(index);
		}
		// What has ended must not be shown as running until its turn comes.
		const ended = [...this.#shownActive].filter(index => !active.has(index));
		for (const index of ended) addWhole(index);
		this.#shownActive = new Set(active);
		const isSent = new Set(ended);
		let left = atMost;
		for (const index of changes.since(this.#place)) {
			if (!active.has(index) && !isSent.has(index)) {
				if (left === 0) return {files, progress, isPart: true};
				left--;
				addWhole(index);
			}
			this.#place = changes.changedAt(index);
		}
		return {files, progress, isPart: false};
	}

	#progressOf(index: number): SharedProgress {
		const {bytesRead = 0, rows = 0, rejectedRows = 0, isPaused = false} = this.#run.stateOf(index) ?? {};
		return [index, bytesRead, rows, rejectedRows, isPaused ? 1 : 0];
	}
}
