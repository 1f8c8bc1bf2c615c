// Saves a run to a ledger as it happens: one more subscriber of its events, with a thread that writes.
import {randomBytes} from 'node:crypto';
import type {RunEvent} from '../model/events.ts';
import {keyOf} from '../model/file-address.ts';
import type {FileReport} from '../model/report.ts';
import {createRecorder} from '../report/recorder.ts';
import {noRecordOf} from '../store/no-record.ts';
import {safe} from '../text/safe.ts';
import {Utf8Page} from '../text/utf8-page.ts';
import {nameProcess} from './process-name.ts';
import type {CutFile, FileRow, FoundFile, NewCheckpoint, NewResult, RejectRow, RunEnd} from './protocol.ts';
import {RunAttempts} from './run-attempts.ts';
import {type LedgerThread, startLedgerThread} from './start-ledger-thread.ts';

export interface SavedRun {
	/** The id of the run in the ledger. */
	readonly id: string;
	readonly handle: (event: RunEvent) => void;
	/** Where what files come to is kept, and found again; `null`: nowhere. */
	readonly results: RunResults | null;
	/** Resolves when what has happened so far is on the disk, or cannot be written. */
	readonly flush: () => Promise<void>;
	/**
	Resolves when everything is on the disk.

	@throws {LedgerError} When it is not: the run went on without it.
	*/
	readonly finish: () => Promise<void>;
}

/** See `ResultStore` of the engine. */
export interface RunResults {
	/** Resolves when `mayKnow` knows; before that, and where nothing is to be found, it says no. */
	readonly ready: Promise<void>;
	readonly mayKnow: (path: string) => boolean;
	/** What is known of a file that was being read when a process died; only where results of earlier runs are to be found. */
	readonly cutFile: (path: string) => CutFile | null;
	readonly find: (path: string, kind: string) => Promise<FoundFile | null>;
	readonly verifiesContent: boolean;
	readonly keepResults: (kept: readonly NewResult[]) => void;
	readonly keepCheckpoint: (path: string, identity: string, checkpoint: Uint8Array) => void;
}

export interface SavingOptions {
	/** See `LedgerThreadData`; `null`: what files come to is not kept. */
	readonly settingsDigest: string | null;
	/** See `NewRun`: runs are told to have had other settings where it differs. */
	readonly reading?: string;
	/** Whether results of earlier runs are to be found. */
	readonly isResumed: boolean;
	/** See `ResultStore`. By default no. */
	readonly verifiesContent?: boolean;
	/** Milliseconds since 1970; now by default. */
	readonly startedAt?: number;
	/** Called as soon as the ledger cannot be used: nothing more is saved or found. `finish` says so, too. */
	readonly onFailed?: ((error: Error) => void) | undefined;
}

/** Long enough that one message has events that happen together. */
const SPACING_MS = 20;
/** This much is sent without waiting. */
const SEND_BYTES = 64 * 1024;

/**
Begins to save a run. Errors of the ledger are told by `finish`, because the run goes on without it.

@param path - The file of the ledger, which is made if there is none; its folder must exist.
@param settings - How the files are read, to be kept as JSON.
*/
export function saveRun(
	path: string,
	settings: object,
	{settingsDigest, isResumed, verifiesContent = false, startedAt = Date.now(), reading = '', onFailed}: SavingOptions,
): SavedRun {
	const id = createRunId(startedAt);
	const page = new Utf8Page();
	const recorder = createRecorder({write: line => page.add(line)});
	const positions = new Map<string | number, number>();
	let thread: LedgerThread | null = null;
	/** Not before there is something to write or to find. */
	const openThread = (): LedgerThread => {
		thread ??= startLedgerThread({path, settingsDigest: settingsDigest ?? ''}, onFailed);
		return thread;
	};
	let files: FileRow[] = [];
	let rejects: RejectRow[] = [];
	const attempts = new RunAttempts();
	let results: NewResult[] = [];
	let checkpoints: NewCheckpoint[] = [];
	let resultBytes = 0;
	let end: RunEnd | null = null;
	let hasBegun = false;
	let timer: NodeJS.Timeout | null = null;
	const send = (): void => {
		if (timer !== null) clearTimeout(timer);
		timer = null;
		openThread().write({
			...{lines: page.drain(), files, attempts: attempts.take(), rejects},
			...{results, checkpoints, end},
		});
		rejects = [];
		files = [];
		results = [];
		checkpoints = [];
		resultBytes = 0;
	};
	const sendSoon = (): void => {
		if (page.length + resultBytes >= SEND_BYTES) send();
		else timer ??= setTimeout(send, SPACING_MS).unref();
	};
	const adder: ResultAdder = {
		add(added) {
			results.push(...added);
			for (const {result} of added) resultBytes += result.length;
			sendSoon();
		},
		addCheckpoint(checkpoint) {
			checkpoints.push(checkpoint);
			send();
		},
	};
	return {
		id,
		handle(event) {
			if (event.type === 'run-started') {
				hasBegun = true;
				openThread().begin({
					...{id, startedAt, folder: process.cwd(), paths: event.paths},
					...{settings: JSON.stringify(settings), reading, process: nameProcess(), version: event.version},
				});
			}
			recorder.handle(event);
			if (event.type === 'file-queued' || event.type === 'file-skipped') {
				const key = keyOf(event);
				if (!positions.has(key)) positions.set(key, positions.size);
				end = null;
			}
			const position = 'file' in event ? positions.get(keyOf(event)) : undefined;
			attempts.handle(event, position);
			if ('report' in event) {
				files.push(toRow(position, event.report));
				if (position !== undefined) rejects.push(...toRejectRows(position, event.report));
			}
			if (event.type === 'run-completed') {
				end = {status: event.status, endedAt: Date.parse(event.at), totals: event.totals};
			}
			sendSoon();
		},
		results: settingsDigest === null ? null : {...resultsIn(openThread, isResumed, adder), verifiesContent},
		async flush() {
			if (!hasBegun) return;
			send();
			await openThread().flush();
		},
		async finish() {
			if (thread === null) return;
			if (hasBegun) send();
			await thread.finish();
		},
	};
}

interface ResultAdder {
	readonly add: (results: readonly NewResult[]) => void;
	readonly addCheckpoint: (checkpoint: NewCheckpoint) => void;
}

function resultsIn(
	openThread: () => LedgerThread,
	isResumed: boolean,
	{add, addCheckpoint}: ResultAdder,
): Omit<RunResults, 'verifiesContent'> {
	const known = new Set<string>();
	const cutFiles = new Map<string, CutFile>();
	const learnPaths = async (): Promise<void> => {
		const {paths, cut} = await openThread().list();
		for (const path of paths) known.add(path);
		for (const file of cut) cutFiles.set(file.path, file);
	};
	return {
		ready: isResumed ? learnPaths() : Promise.resolve(),
		mayKnow: path => known.has(path),
		cutFile: path => cutFiles.get(path) ?? null,
		find: (path, kind) => openThread().find(path, kind),
		keepResults: add,
		keepCheckpoint(path, identity, checkpoint) {
			addCheckpoint({path, identity, checkpoint});
			// Where the thread that reads it is lost, the next attempt goes on from there.
			known.add(path);
		},
	};
}

export function toRow(position: number | undefined, report: FileReport): FileRow {
	if (position === undefined) throw new Error(`Expected ${safe(report.file)} to have been queued before it ended`);
	const {file, status, error, analysis, results, attempts, bytes, rows, rejected_rows: rejectedRows} = report;
	const analyses = results === undefined ? analysis : Object.keys(results).join(' ');
	const [noRecord, code] = [noRecordOf(report), error?.code ?? null];
	const contentHash = report.content_hash ?? null;
	return {position, file, status, noRecord, code, analyses, attempts, bytes, rows, rejectedRows, contentHash};
}

function toRejectRows(position: number, {rejects, results = {}}: FileReport): RejectRow[] {
	const rows = new Map<string, RejectRow>();
	// Where analyses are combined, each has its own.
	const all = rejects.length > 0 ? rejects : Object.values(results).flatMap(each => each.rejects);
	for (const {reason, line} of all) {
		const {count = 0, line: first = line} = rows.get(reason) ?? {};
		rows.set(reason, {position, reason, count: count + 1, line: Math.min(first, line)});
	}
	return [...rows.values()];
}

/** Ids sort by time, as `20261129-155624-9f3c2a`: when the run started, in UTC, and three random bytes. */
export function createRunId(startedAt: number): string {
	const [date = '', time = ''] = new Date(startedAt).toISOString().split(/[T.]/);
	return `${date.replaceAll('-', '')}-${time.replaceAll(':', '')}-${randomBytes(3).toString('hex')}`;
}
