// Reads a file for those who write its records anew, on the thread that asks.
import type {TextEncoding} from '../../../analysis/text-encoding.ts';
import {isKernelUnsupported, Kernel} from '../../../kernel/kernel.ts';
import type {FoldedFile, FromWorker, ReadSettings, SourceLocation} from '../../shared/protocol.ts';
import {AbortedError} from '../../shared/shared-progress.ts';
import {fileNameOf} from '../../shared/source-location.ts';
import {processSource} from '../process-source.ts';
import type {Fold} from '../read/fold.ts';
import {foldInDialect} from '../read/fold-in-dialect.ts';
import {flushRejectSpools} from '../read/reject-spool.ts';
import {EncodingFoundLate, foldIntoTable, type TableSink} from './fold-into-table.ts';

export interface TableRequest {
	readonly location: SourceLocation;
	/** Their analysis is not read. */
	readonly settings: ReadSettings;
	readonly sink: TableSink;
	readonly signal: AbortSignal;
	/** The encoding, where an earlier reading has found it late. */
	readonly known: TextEncoding | null;
}

export type TableReply =
	| ({readonly type: 'completed'} & Omit<FoldedFile, 'folded'>)
	| Extract<FromWorker, {type: 'failed'}>
	/** It is to be read once more: see `EncodingFoundLate`. */
	| {readonly type: 'encoding-found-late'; readonly encoding: TextEncoding};

/** Any header fits it: records are accepted that have as many fields, and quotes as they should be. */
const ANY_TABLE = 'profile';

/** Neither processor nor engine have vectors of 128 bits. */
export class NoVectorsError extends Error {
	override readonly name = 'NoVectorsError';
}

let kernel: Kernel | null = null;

/**
@throws {AbortedError} When the signal says so.
@throws {NoVectorsError} Where the kernel cannot be used.
@throws Whatever the sink throws.
*/
export async function readTable({location, settings, sink, signal, known}: TableRequest): Promise<TableReply> {
	kernel ??= loadKernel();
	const guarded = new GuardedSink(sink);
	const fold = foldIntoTable(kernel, guarded, known);
	let late: EncodingFoundLate | null = null;
	const noticing: Fold = async (...reading) => {
		try {
			return await fold(...reading);
		} catch (error) {
			if (error instanceof EncodingFoundLate) late = error;
			throw error;
		}
	};
	// A text is a table here, too: who converts it has asked for one.
	const chooseFold = async (): Promise<Fold> => foldInDialect(noticing, noticing, fileNameOf(location));
	const checkpoint = (): void => {
		if (signal.aborted) throw new AbortedError();
	};
	const reading = processSource(
		{location, settings: {...settings, analysis: ANY_TABLE}, chooseFold, take: () => []},
		{progress: {write() {}, sleep() {}}, checkpoint, postSnapshot() {}},
	);
	const reply = await orAborted(reading, signal);
	flushRejectSpools();
	if (reply.type === 'aborted' || signal.aborted) throw new AbortedError();
	if (guarded.failure !== null) throw guarded.failure.error;
	const found = late as EncodingFoundLate | null;
	return found === null ? reply : {type: 'encoding-found-late', encoding: found.encoding};
}

/** A pipe may give nothing for ever, and so may a drive: then the reading is left to itself. */
async function orAborted<Value>(reading: Promise<Value>, signal: AbortSignal): Promise<Value> {
	let abort = (): void => {};
	const aborted = new Promise<never>((_, reject) => {
		abort = () => reject(new AbortedError());
		if (signal.aborted) abort();
		else signal.addEventListener('abort', abort, {once: true});
	});
	// Whichever of the two comes later is not waited for.
	for (const promise of [reading, aborted]) promise.catch(() => {});
	try {
		return await Promise.race([reading, aborted]);
	} finally {
		signal.removeEventListener('abort', abort);
	}
}

function loadKernel(): Kernel {
	try {
		return new Kernel();
	} catch (error) {
		if (!isKernelUnsupported(error)) throw error;
		throw new NoVectorsError(error.message, {cause: error});
	}
}

/** Keeps what a sink throws, which is no fault of the file. */
class GuardedSink implements TableSink {
	readonly #sink: TableSink;
	failure: {readonly error: unknown} | null = null;

	constructor(sink: TableSink) {
		this.#sink = sink;
	}

	onHeader(names: readonly string[]): Promise<readonly number[] | null> {
		return this.#guard(this.#sink.onHeader(names));
	}

	onRecords(bytes: Uint8Array): Promise<void> {
		return this.#guard(this.#sink.onRecords(bytes));
	}

	async #guard<Value>(step: Promise<Value>): Promise<Value> {
		try {
			return await step;
		} catch (error) {
			this.failure ??= {error};
			throw error;
		}
	}
}
