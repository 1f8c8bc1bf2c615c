// The records of a source that count, in the order of the source, as a table in UTF-8: for those who write them anew. It is the reading of a
// run, with nothing made of the records, so what is accepted here is what is accepted there.
import {isAscii} from 'node:buffer';
import {setImmediate as nextTurn} from 'node:timers/promises';
import type {Program} from '../../../analysis/program.ts';
import {decodeBytes, encodingOf, type TextEncoding} from '../../../analysis/text-encoding.ts';
import type {ByteSource} from '../../../input/byte-source.ts';
import type {Kernel} from '../../../kernel/kernel.ts';
import {rejectReport} from '../../shared/reject-report.ts';
import {describeDialect} from '../read/describe-part.ts';
import type {Fold} from '../read/fold.ts';
import {mapRejects} from '../read/found-rejects.ts';
import {KernelReading} from '../read/kernel-reading.ts';
import type {MatchedHeader} from '../read/match-header.ts';

/** Receives the records of one source. What it throws ends the reading. */
export interface TableSink {
	/**
	Called once, before any record, unless the source has none at all.

	@param areOfFile - Whether the file has these names; else they are made up for it.
	@returns The places of the columns that are wanted, at least one, in their order; `null` for all.
	*/
	readonly onHeader: (names: readonly string[], areOfFile: boolean) => Promise<readonly number[] | null>;
	/** @param bytes - Whole records as in canonical-records.ts, in UTF-8. They are there until the promise resolves. */
	readonly onRecords: (bytes: Uint8Array) => Promise<void>;
}

/** The source was read as UTF-8, and a part of that was handed on, when bytes came that are not: it is to be read once more, as what it is. */
export class EncodingFoundLate extends Error {
	override readonly name = 'EncodingFoundLate';
	readonly encoding: TextEncoding;

	constructor(encoding: TextEncoding) {
		super('Bytes that are not UTF-8 came behind others that are');
		this.encoding = encoding;
	}
}

/** Of the records, nothing is kept but what the condition of the run needs to know. */
const takeAll = ({program: {filter}}: MatchedHeader): Program => ({
	lanes: [],
	analyses: [],
	...(filter !== undefined && {filter}),
});

/** So that signals are heard: after so many reads, whether there is something to hand on or not. */
const READS_PER_TURN = 16;

/**
@param known - The encoding, where an earlier reading has found it.
@returns A fold that throws `EncodingFoundLate`, too. Nothing is to be taken from it.
*/
export const foldIntoTable =
	(kernel: Kernel, sink: TableSink, known: TextEncoding | null = null): Fold =>
	async (source, settings, pulse) => {
		const handedOn = new HandedOn(sink, known);
		const reading = new KernelReading(kernel, settings, pulse, takeAll);
		const handOn = async (): Promise<void> => {
			const bytes = kernel.writer.take();
			if (bytes.length > 0) await handedOn.give(bytes, reading.encoding);
		};
		let reads = 0;
		// Before the kernel gets more, what it has written is taken.
		const drained: ByteSource = {
			async read(target) {
				await handOn();
				if (++reads % READS_PER_TURN === 0) await nextTurn();
				return source.read(target);
			},
		};
		kernel.writer.stop();
		try {
			const heading = await reading.begin(drained);
			if (heading.columns !== null)
				kernel.writer.start(await handedOn.begin(heading.header.names ?? [], heading.dialect.headerRows > 0));
			await reading.readRecords(drained);
			await handOn();
			reading.assertFewRejects();
			const {encoding} = reading;
			handedOn.end(encoding);
			return {
				...reading.counts,
				...mapRejects(reading.takeRejects(), reject => rejectReport(reject, encoding)),
				...reading.spool.takeAll(heading, encoding),
				dialect: describeDialect(heading, encoding, reading.textEvidence),
				take: () => [],
			};
		} finally {
			kernel.writer.stop();
		}
	};

/** What has been handed on, and in which encoding it was. */
class HandedOn {
	readonly #sink: TableSink;
	/** `null` while all was ASCII. */
	#encoding: TextEncoding | null;

	constructor(sink: TableSink, known: TextEncoding | null) {
		this.#sink = sink;
		this.#encoding = known;
	}

	/** @param names - One character per byte. */
	begin(names: readonly string[], areOfFile: boolean): Promise<readonly number[] | null> {
		const encoding = this.#encoding ?? encodingOf(names);
		const decoded = names.map(name => decodeBytes(name, encoding));
		if (decoded.some((name, index) => name !== names[index])) this.#encoding = encoding;
		return this.#sink.onHeader(decoded, areOfFile);
	}

	/** @param soFar - The encoding of all that has been read by now. */
	async give(bytes: Uint8Array, soFar: TextEncoding): Promise<void> {
		if (isAscii(bytes)) return this.#sink.onRecords(bytes);
		this.#encoding ??= soFar;
		this.end(soFar);
		if (this.#encoding === 'utf-8') return this.#sink.onRecords(bytes);
		const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
		return this.#sink.onRecords(Buffer.from(decodeBytes(text, this.#encoding)));
	}

	/** @throws {EncodingFoundLate} When what was handed on is of another encoding than all of the source. */
	end(encoding: TextEncoding): void {
		if (this.#encoding === 'utf-8' && encoding !== 'utf-8') throw new EncodingFoundLate(encoding);
	}
}
