// Reads a file for those who write its records anew.
import type {TextEncoding} from '../../analysis/text-encoding.ts';
import type {Kernel} from '../../kernel/kernel.ts';
import type {ReadSettings, SourceLocation} from '../shared/protocol.ts';
import {fileNameOf} from '../shared/source-location.ts';
import type {TableReply} from '../shared/table-protocol.ts';
import {processSource, type ReadingThread} from './process-source.ts';
import type {Fold} from './read/fold.ts';
import {foldInDialect} from './read/fold-in-dialect.ts';
import {EncodingFoundLate, foldIntoTable, type TableSink} from './table/fold-into-table.ts';

export interface TableRequest {
	readonly location: SourceLocation;
	/** Their analysis is not read. */
	readonly settings: ReadSettings;
	readonly sink: TableSink;
	/** The encoding, where an earlier reading has found it late. */
	readonly known: TextEncoding | null;
}

/** Any header fits it: records are accepted that have as many fields, and quotes as they should be. */
const ANY_TABLE = 'profile';

/** @throws Whatever the sink throws. */
export async function readTable(
	{location, settings, sink, known}: TableRequest,
	kernel: Kernel,
	thread: ReadingThread,
): Promise<TableReply> {
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
	const reply = await processSource(
		{location, settings: {...settings, analysis: ANY_TABLE}, chooseFold, take: () => []},
		thread,
	);
	if (guarded.failure !== null) throw guarded.failure.error;
	const found = late as EncodingFoundLate | null;
	if (found !== null) return {type: 'encoding-found-late', encoding: found.encoding};
	return reply.type === 'completed' ? {...reply, undecided: []} : reply;
}

/** Keeps what a sink throws, which is no fault of the file. */
class GuardedSink implements TableSink {
	readonly #sink: TableSink;
	failure: {readonly error: unknown} | null = null;

	constructor(sink: TableSink) {
		this.#sink = sink;
	}

	onHeader(names: readonly string[], areOfFile: boolean): Promise<readonly number[] | null> {
		return this.#guard(this.#sink.onHeader(names, areOfFile));
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
