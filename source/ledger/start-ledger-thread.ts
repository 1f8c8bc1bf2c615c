// Starts the thread that writes a ledger, and speaks with it.
import {extname} from 'node:path';
import {Worker} from 'node:worker_threads';
import {safe} from '../text/safe.ts';
import {LedgerError} from './ledger-error.ts';
import {
	byteCountOf,
	type FoundFile,
	type FromLedger,
	type KnownFiles,
	type LedgerThreadData,
	type NewEntries,
	type NewRun,
	type ToLedger,
} from './protocol.ts';

/** The thread's entry is a file that Node runs by itself: see rolldown.config.ts for what it is when built. */
const THREAD_ENTRY = new URL(
	extname(import.meta.url) === '.ts' ? './ledger-thread.ts' : './ledger/ledger-thread.cjs',
	import.meta.url,
);

/** A disk this far behind does not catch up, and must not fill the memory. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;

/** Once the ledger has failed nothing is written or found any more; only `finish` tells so. */
export interface LedgerThread {
	readonly begin: (run: NewRun) => void;
	readonly write: (entries: NewEntries) => void;
	/** The files that something is known of. */
	readonly list: () => Promise<KnownFiles>;
	readonly find: (path: string, kind: string) => Promise<FoundFile | null>;
	/** Resolves when all that was written is on the disk, or the ledger has failed. */
	readonly flush: () => Promise<void>;
	/**
	Resolves when everything is on the disk.

	@throws {LedgerError} When it is not.
	*/
	readonly finish: () => Promise<void>;
}

/** @param onFailed - Called once, as soon as the ledger cannot be written or found in any more. */
export function startLedgerThread(data: LedgerThreadData, onFailed: (error: Error) => void = () => {}): LedgerThread {
	const worker = new Worker(THREAD_ENTRY, {workerData: data, stderr: true});
	// Only those who wait for it keep the program from ending.
	worker.unref();
	let waitingBytes = 0;
	let hasFailed = false;
	const asked = new Map<number, (known: FoundFile | null) => void>();
	let askedCount = 0;
	let flushed = Promise.withResolvers<void>();
	const listed = Promise.withResolvers<KnownFiles>();
	const {promise: finished, resolve, reject} = Promise.withResolvers<void>();
	const post = (message: ToLedger, transferred: readonly ArrayBuffer[] = []): void => {
		if (!hasFailed) worker.postMessage(message, transferred);
	};
	const fail = (error: Error): void => {
		if (!hasFailed) onFailed(error);
		hasFailed = true;
		listed.resolve({paths: [], cut: []});
		for (const answer of asked.values()) answer(null);
		asked.clear();
		flushed.resolve();
		reject(error);
	};
	worker.on('message', (message: FromLedger) => {
		if (message.type === 'written') waitingBytes -= message.byteCount;
		else if (message.type === 'flushed') flushed.resolve();
		else if (message.type === 'listed') listed.resolve(message);
		else if (message.type === 'found') {
			asked.get(message.id)?.(message.known);
			asked.delete(message.id);
		} else if (message.type === 'finished') resolve();
		else fail(new LedgerError(message.message));
	});
	worker.on('error', fail);
	// Told to whoever waits for the end; until then the run goes on.
	finished.catch(() => {});
	return {
		begin: run => post({type: 'begin', run}),
		write(entries) {
			waitingBytes += byteCountOf(entries);
			if (!hasFailed && waitingBytes > MAX_WAITING_BYTES) {
				fail(new LedgerError(`The ledger ${safe(data.path)} is incomplete: its disk is slower than the run.`));
				void worker.terminate();
			} else post({type: 'write', ...entries}, buffersOf(entries));
		},
		list() {
			worker.ref();
			post({type: 'list'});
			return listed.promise;
		},
		find: async (path, kind) => {
			if (hasFailed) return null;
			const id = askedCount++;
			post({type: 'find', id, path, kind});
			return new Promise(answer => {
				asked.set(id, answer);
			});
		},
		flush() {
			if (hasFailed) return Promise.resolve();
			worker.ref();
			flushed = Promise.withResolvers<void>();
			post({type: 'flush'});
			return flushed.promise;
		},
		finish() {
			worker.ref();
			post({type: 'end'});
			return finished;
		},
	};
}

const buffersOf = ({lines, results}: NewEntries): ArrayBuffer[] => [
	...(lines.length === 0 ? [] : [lines.buffer as ArrayBuffer]),
	// Hundreds may be parts of one.
	...new Set(results.map(({result}) => result.buffer)),
];
