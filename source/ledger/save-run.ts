// Saves a run to a ledger as it happens: one more subscriber of its events, with a thread that writes.
import {randomBytes} from 'node:crypto';
import {extname} from 'node:path';
import {Worker} from 'node:worker_threads';
import type {RunEvent} from '../model/events.ts';
import {keyOf} from '../model/file-address.ts';
import type {FileReport} from '../model/report.ts';
import {createRecorder} from '../report/recorder.ts';
import {noRecordOf} from '../store/no-record.ts';
import {safe} from '../text/safe.ts';
import {Utf8Page} from '../text/utf8-page.ts';
import {LedgerError} from './ledger-error.ts';
import {nameProcess} from './process-name.ts';
import type {FileRow, FromLedger, LedgerThreadData, RunEnd, ToLedger} from './protocol.ts';

export interface SavedRun {
	/** The id of the run in the ledger. */
	readonly id: string;
	readonly handle: (event: RunEvent) => void;
	/**
	Resolves when everything is on the disk.

	@throws {LedgerError} When it is not: the run went on without it.
	*/
	readonly finish: () => Promise<void>;
}

/** The thread's entry is a file that Node runs by itself: see rolldown.config.ts for what it is when built. */
const THREAD_ENTRY = new URL(
	extname(import.meta.url) === '.ts' ? './ledger-thread.ts' : './ledger/ledger-thread.cjs',
	import.meta.url,
);

/** Long enough that one message has events that happen together. */
const SPACING_MS = 20;
/** This much is sent without waiting. */
const SEND_BYTES = 64 * 1024;
/** A disk this far behind does not catch up, and must not fill the memory. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;

/**
Begins to save a run. Errors of the ledger are told by `finish`, because the run goes on without it.

@param path - The file of the ledger, which is made if there is none; its folder must exist.
@param settings - How the files are read, to be kept as JSON.
*/
export function saveRun(path: string, settings: object, startedAt = Date.now()): SavedRun {
	const id = createRunId(startedAt);
	const page = new Utf8Page();
	const recorder = createRecorder({write: line => page.add(line)});
	const positions = new Map<string | number, number>();
	let files: FileRow[] = [];
	let end: RunEnd | null = null;
	let timer: NodeJS.Timeout | null = null;
	let thread: LedgerThread | null = null;
	const send = (isLast: boolean): void => {
		if (timer !== null) clearTimeout(timer);
		timer = null;
		thread?.send({lines: page.drain(), files, end, isLast});
		files = [];
	};
	return {
		id,
		handle(event) {
			if (event.type === 'run-started') {
				thread ??= startThread(path, {
					run: {
						id,
						startedAt,
						folder: process.cwd(),
						paths: event.paths,
						settings: JSON.stringify(settings),
						process: nameProcess(),
						version: event.version,
					},
				});
			}
			recorder.handle(event);
			if (event.type === 'file-queued' || event.type === 'file-skipped') {
				const key = keyOf(event);
				if (!positions.has(key)) positions.set(key, positions.size);
				end = null;
			}
			if ('report' in event) files.push(toRow(positions.get(keyOf(event)), event.report));
			if (event.type === 'run-completed') {
				end = {status: event.status, endedAt: Date.parse(event.at), totals: event.totals};
			}
			if (page.length >= SEND_BYTES) send(false);
			else timer ??= setTimeout(send, SPACING_MS, false).unref();
		},
		async finish() {
			send(true);
			await thread?.finished;
		},
	};
}

interface LedgerThread {
	readonly send: (message: ToLedger) => void;
	/** Rejects when the ledger could not be written. */
	readonly finished: Promise<void>;
}

function startThread(path: string, data: Omit<LedgerThreadData, 'path'>): LedgerThread {
	const worker = new Worker(THREAD_ENTRY, {workerData: {path, ...data} satisfies LedgerThreadData, stderr: true});
	let waitingBytes = 0;
	let hasFailed = false;
	const {promise: finished, resolve, reject} = Promise.withResolvers<void>();
	const fail = (error: Error): void => {
		hasFailed = true;
		reject(error);
	};
	worker.on('message', (message: FromLedger) => {
		if (message.type === 'written') waitingBytes -= message.byteCount;
		else if (message.type === 'finished') resolve();
		else fail(new LedgerError(message.message));
	});
	worker.on('error', fail);
	// Told to whoever waits for the end; until then the run goes on.
	finished.catch(() => {});
	return {
		send(message) {
			if (hasFailed) return;
			const {lines} = message;
			waitingBytes += lines.length;
			if (waitingBytes > MAX_WAITING_BYTES) {
				fail(new LedgerError(`The ledger ${safe(path)} is incomplete: its disk is slower than the run.`));
				void worker.terminate();
			} else worker.postMessage(message, lines.length === 0 ? [] : [lines.buffer as ArrayBuffer]);
		},
		finished,
	};
}

function toRow(position: number | undefined, report: FileReport): FileRow {
	if (position === undefined) throw new Error(`Expected ${safe(report.file)} to have been queued before it ended`);
	const {file, status, error, analysis, results, attempts, bytes, rows, rejected_rows: rejectedRows} = report;
	const analyses = results === undefined ? analysis : Object.keys(results).join(' ');
	const [noRecord, code] = [noRecordOf(report), error?.code ?? null];
	const contentHash = report.content_hash ?? null;
	return {position, file, status, noRecord, code, analyses, attempts, bytes, rows, rejectedRows, contentHash};
}

/** Ids sort by time, as `20261129-155624-9f3c2a`: when the run started, in UTC, and three random bytes. */
function createRunId(startedAt: number): string {
	const [date = '', time = ''] = new Date(startedAt).toISOString().split(/[T.]/);
	return `${date.replaceAll('-', '')}-${time.replaceAll(':', '')}-${randomBytes(3).toString('hex')}`;
}
