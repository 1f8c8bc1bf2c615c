// events -> state, as a pure function of both. One call handles many events and copies the file table once; inside the
// call a private draft is changed. Nothing here reads a clock.

import type {FileProgressed, FileRetrying, RunEvent} from '../model/events.ts';
import {type FileAddress, keyOf} from '../model/file-address.ts';
import type {FileReport} from '../model/report.ts';
import {commonFolder, folderOf} from '../text/common-folder.ts';
import {EMPTY_HISTORY} from './history.ts';
import {recordMoment, samplesAfter} from './samples.ts';
import type {FileState, FileStatus, RunState} from './state.ts';
import {EMPTY_TALLY, tallyReplaced} from './tally.ts';

/** Lines that a person may scroll back to: 1000 references, because their contents are kept with the files anyway. */
export const LOG_LIMIT = 1000;

type Draft = {-readonly [Key in keyof RunState]: RunState[Key]} & {
	files: FileState[];
	counts: Record<FileStatus, number>;
};

/** The state before the first event. */
export const createRunState = (): RunState => ({
	phase: 'waiting',
	status: null,
	isPaused: false,
	version: '',
	paths: [],
	concurrency: 0,
	threads: 0,
	analysisInfos: [],
	areCombined: false,
	isEndless: false,
	files: [],
	commonFolder: '',
	indexByFile: new Map(),
	counts: {queued: 0, running: 0, retrying: 0, completed: 0, failed: 0, cancelled: 0, skipped: 0},
	heldCount: 0,
	heldBytesLeft: 0,
	heldSinceMs: null,
	fileCount: 0,
	bytesTotal: 0,
	bytesRead: 0,
	bytesSettled: 0,
	bytesLeftOut: 0,
	rows: 0,
	rejectedRows: 0,
	samples: [{elapsedMs: 0, bytesRead: 0}],
	history: EMPTY_HISTORY,
	tally: EMPTY_TALLY,
	log: [],
	logCount: 0,
	elapsedMs: 0,
	totals: null,
	analyses: {},
});

/**
Applies events to a state and returns the next one; the given state is not changed.

Events about a file that was never queued, and progress of an attempt that has ended, change nothing: late messages are
normal, and events carry totals, so they can be dropped. Of progress of a file that waits one thing counts: that it is held,
as a task of a server can be.
*/
export function reduce(state: RunState, events: readonly RunEvent[]): RunState {
	if (events.length === 0) return state;
	return applyAll(state, {...state, files: [...state.files], counts: {...state.counts}}, events);
}

/**
As `reduce`, for callers that show only the last state: all states share one table of files, so earlier states see later
changes. A copy for each frame would cost the garbage collector more than everything else that is known of the files.
*/
export function reduceInPlace(state: RunState, events: readonly RunEvent[]): RunState {
	if (events.length === 0) return state;
	return applyAll(state, {...state, files: state.files as FileState[], counts: {...state.counts}}, events);
}

function applyAll(state: RunState, draft: Draft, events: readonly RunEvent[]): RunState {
	const loggedEvents: RunEvent[] = [];
	for (const event of events) {
		handleEvent(draft, event);
		if (isForPeople(draft, event)) {
			loggedEvents.push(event);
			draft.logCount++;
		}
	}
	if (loggedEvents.length > 0) draft.log = [...state.log, ...loggedEvents].slice(-LOG_LIMIT);
	return draft;
}

export interface RunTracker {
	/** The state after the last event: each event changes it in place. */
	readonly state: RunState;
	readonly handle: (event: RunEvent) => void;
}

/**
Follows a run for a caller that keeps no earlier state: the state of `reduce`, without its log and without copies of the
table of files.
*/
export function trackRun(): RunTracker {
	const initial = createRunState();
	const draft: Draft = {...initial, files: [], counts: {...initial.counts}};
	return {state: draft, handle: event => handleEvent(draft, event)};
}

function handleEvent(draft: Draft, event: RunEvent): void {
	apply(draft, event);
	draft.elapsedMs = Math.max(draft.elapsedMs, event.elapsedMs);
	// After each event, not once per call, so that a replay with other batches gives the same state.
	recordMoment(draft);
}

/** Progress is on the screen anyway, and a plan of 100,000 files would push everything else out of the log. */
export function isForPeople(state: Pick<RunState, 'files' | 'indexByFile'>, event: RunEvent): boolean {
	if (event.type === 'file-progressed' || (event.type === 'file-queued' && event.attempt === 0)) return false;
	return !('file' in event) || find(state, event).file !== undefined;
}

function apply(draft: Draft, event: RunEvent): void {
	switch (event.type) {
		case 'run-started':
			draft.phase = 'running';
			draft.version = event.version;
			draft.paths = event.paths;
			draft.concurrency = event.concurrency;
			draft.threads = event.threads;
			draft.analysisInfos = event.analyses;
			draft.areCombined = event.areCombined === true;
			draft.isEndless = event.isEndless === true;
			draft.fileCount = event.fileCount;
			draft.bytesTotal = event.bytesTotal;
			return;
		case 'run-paused':
			draft.isPaused = true;
			return;
		case 'run-resumed':
			draft.isPaused = false;
			return;
		case 'run-completed':
			draft.phase = 'ended';
			draft.status = event.status;
			draft.totals = event.totals;
			draft.analyses = event.analyses;
			draft.isPaused = false;
			return;
		case 'file-queued': {
			const {index, file} = find(draft, event);
			reopen(draft, event.elapsedMs);
			if (event.isAdded === true) {
				draft.fileCount++;
				draft.bytesTotal += event.bytesTotal ?? 0;
			}
			if (file === undefined) add(draft, newFile(event, event.bytesTotal));
			else {
				unsettle(draft, file);
				const next = newFile(event, event.bytesTotal);
				replace(draft, index, {...next, attempt: event.attempt, errors: file.errors});
			}
			return;
		}
		case 'file-skipped': {
			const {index, file} = find(draft, event);
			if (event.isAdded === true) draft.fileCount++;
			if (file === undefined) add(draft, {...newFile(event, 0), status: 'skipped', report: event.report});
			else if (file.status === 'running') end(draft, index, file, event.report, event.elapsedMs);
			return;
		}
		default: {
			const {index, file} = find(draft, event);
			if (file === undefined) return;
			switch (event.type) {
				case 'file-started':
					replace(draft, index, {
						...file,
						status: 'running',
						attempt: event.attempt,
						isPaused: false,
						bytesRead: 0,
						rows: 0,
						rejectedRows: 0,
						startedAtMs: event.elapsedMs,
						endedAtMs: null,
						samples: [{elapsedMs: event.elapsedMs, bytesRead: 0}],
					});
					return;
				case 'file-progressed':
					progress(draft, index, file, event, event.elapsedMs);
					return;
				case 'file-retrying':
					retry(draft, index, file, event, event.elapsedMs);
					return;
				case 'file-completed':
				case 'file-failed':
				case 'file-cancelled':
					end(draft, index, file, event.report, event.elapsedMs);
			}
		}
	}
}

function progress(draft: Draft, index: number, file: FileState, event: FileProgressed, elapsedMs: number): void {
	// Late progress says that it is not held, and does not take that away: being queued again does.
	if (file.status === 'queued' && event.isPaused && event.attempt === file.attempt)
		replace(draft, index, {...file, isPaused: true});
	if (file.status !== 'running' || event.attempt !== file.attempt) return;
	const next: FileState = {
		...file,
		isPaused: event.isPaused,
		bytesRead: Math.max(file.bytesRead, event.bytesRead),
		rows: Math.max(file.rows, event.rows),
		rejectedRows: Math.max(file.rejectedRows, event.rejectedRows),
	};
	const bytes = next.bytesRead - file.bytesRead;
	draft.bytesRead += bytes;
	draft.bytesSettled += bytes;
	draft.rows += next.rows - file.rows;
	draft.rejectedRows += next.rejectedRows - file.rejectedRows;
	replace(draft, index, {...next, samples: samplesAfter(file, next, elapsedMs)});
}

function retry(draft: Draft, index: number, file: FileState, event: FileRetrying, elapsedMs: number): void {
	unsettle(draft, file);
	replace(draft, index, {
		...file,
		status: 'retrying',
		isPaused: false,
		bytesRead: 0,
		rows: 0,
		rejectedRows: 0,
		endedAtMs: elapsedMs,
		samples: EMPTY,
		errors: [...file.errors, {attempt: event.attempt, error: event.error}],
	});
}

function end(draft: Draft, index: number, file: FileState, report: FileReport, elapsedMs: number): void {
	draft.bytesRead += Math.max(0, report.bytes - file.bytesRead);
	// A file of unknown size (standard input) settles the size that it turned out to have.
	draft.bytesSettled += (file.bytesTotal ?? report.bytes) - file.bytesRead;
	draft.bytesLeftOut += leftOut(file, report);
	draft.rows += report.rows - file.rows;
	draft.rejectedRows += report.rejected_rows - file.rejectedRows;
	replace(draft, index, {
		...file,
		status: report.status,
		attempt: report.attempts,
		isPaused: false,
		bytesRead: report.bytes,
		rows: report.rows,
		rejectedRows: report.rejected_rows,
		endedAtMs: elapsedMs,
		samples: EMPTY,
		errors: report.error === null ? file.errors : [...file.errors, {attempt: report.attempts, error: report.error}],
		report,
	});
	if (draft.isEndless) forgetOldFiles(draft);
}

/** Of a run without an end. What they came to is in its totals. */
export const ENDED_FILES_KEPT = 1000;

/** Leaves the files that have ended last, and those that have not: now and then, because the table is written anew. */
function forgetOldFiles(draft: Draft): void {
	const {files} = draft;
	const {queued, running, retrying} = draft.counts;
	if (files.length - queued - running - retrying < 2 * ENDED_FILES_KEPT) return;
	const ended = files.flatMap(({report, endedAtMs}, index) => (report === null ? [] : [{index, atMs: endedAtMs ?? 0}]));
	ended.sort((left, right) => right.atMs - left.atMs || right.index - left.index);
	const forgotten = new Set(ended.slice(ENDED_FILES_KEPT).map(({index}) => index));
	draft.files = files.filter((_, index) => !forgotten.has(index));
	draft.indexByFile = new Map(draft.files.map((file, index) => [keyOf(file), index]));
}

/** A run that has ended reopens when a file is queued again. */
function reopen(draft: Draft, elapsedMs: number): void {
	if (draft.phase !== 'ended') return;
	// The speed of earlier files does not predict the speed of these.
	draft.samples = [{elapsedMs, bytesRead: draft.bytesRead}];
	draft.phase = 'running';
	draft.status = null;
	draft.totals = null;
}

function leftOut({bytesTotal}: FileState, {status, bytes}: FileReport): number {
	return status === 'cancelled' && bytesTotal !== null ? Math.max(0, bytesTotal - bytes) : 0;
}

/** Subtracts what a file added to the run's totals, because it will be read again from the start. */
function unsettle(draft: Draft, file: FileState): void {
	draft.bytesSettled -= file.report === null ? file.bytesRead : (file.bytesTotal ?? file.report.bytes);
	if (file.report !== null) draft.bytesLeftOut -= leftOut(file, file.report);
	draft.rows -= file.rows;
	draft.rejectedRows -= file.rejectedRows;
}

/** Shared by all files: an own list for each of 100,000 files would cost as much time as the rest of its state. */
const EMPTY: readonly never[] = [];

function newFile({file, jobId, claim}: FileAddress, bytesTotal: number | null): FileState {
	const state = {
		file,
		status: 'queued',
		attempt: 0,
		isPaused: false,
		bytesRead: 0,
		bytesTotal,
		rows: 0,
		rejectedRows: 0,
		startedAtMs: null,
		endedAtMs: null,
		samples: EMPTY,
		errors: EMPTY,
		report: null,
	} as const;
	if (claim !== undefined) return {...state, claim, ...(jobId !== undefined && {jobId})};
	return jobId === undefined ? state : {...state, jobId};
}

function find(
	{files, indexByFile}: Pick<RunState, 'files' | 'indexByFile'>,
	address: FileAddress,
): {index: number; file: FileState | undefined} {
	const index = indexByFile.get(keyOf(address)) ?? -1;
	return {index, file: files[index]};
}

function add(draft: Draft, file: FileState): void {
	// The map only grows, and a state never uses an index beyond its own `files`, so states can share the map; copying
	// it for each new file would make a plan of n files cost n² steps. Where it contains more than the files of this
	// state, another run has grown from the same state (a replay), and this one gets its own map.
	if (draft.indexByFile.size !== draft.files.length) {
		draft.indexByFile = new Map(draft.files.map((known, index) => [keyOf(known), index]));
	}
	(draft.indexByFile as Map<string | number, number>).set(keyOf(file), draft.files.length);
	draft.commonFolder = draft.files.length === 0 ? folderOf(file.file) : commonFolder(draft.commonFolder, file.file);
	draft.files.push(file);
	draft.counts[file.status]++;
	draft.tally = tallyReplaced(draft.tally, undefined, file);
}

function replace(draft: Draft, index: number, file: FileState): void {
	const previous = draft.files[index];
	if (previous !== undefined) {
		draft.counts[previous.status]--;
		countHeld(draft, previous, -1);
	}
	draft.counts[file.status]++;
	countHeld(draft, file, 1);
	draft.files[index] = file;
	draft.tally = tallyReplaced(draft.tally, previous, file);
}

function countHeld(draft: Draft, {status, isPaused, bytesTotal, bytesRead}: FileState, sign: 1 | -1): void {
	if (status !== 'running' || !isPaused) return;
	draft.heldCount += sign;
	draft.heldBytesLeft += sign * Math.max(0, (bytesTotal ?? bytesRead) - bytesRead);
}
