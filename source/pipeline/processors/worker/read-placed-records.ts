// The records of a table with their places in it, for who says what is wrong with them. The reader is csv-parse: it gives each record by
// itself, and decides as the kernel does which ones are malformed.
import {setImmediate as nextTurn} from 'node:timers/promises';
import {describeRecord} from '../../../analysis/quality/table-faults.ts';
import {decodeBytes, type TextEncoding} from '../../../analysis/text-encoding.ts';
import type {FoldedFile, ReadSettings} from '../../../engine/shared/protocol.ts';
import {foundReject, rejectReport} from '../../../engine/shared/reject-report.ts';
import {createDialectSearch} from '../../../engine/worker/read/dialect-search.ts';
import {faultOfWhole} from '../../../engine/worker/read/fault-of-whole.ts';
import type {Fold} from '../../../engine/worker/read/fold.ts';
import {reportDialect} from '../../../engine/worker/read/report-dialect.ts';
import type {ByteSource} from '../../../input/byte-source.ts';
import {withLine} from '../../../input/encodings/encoding-error.ts';
import {findInvalid, valueAt} from '../../../input/encodings/invalid-bytes.ts';
import {PhysicalLines} from '../../../input/physical-lines.ts';
import type {RecordPosition, RecordSink, StrayText, UnclosedQuote} from '../../../input/record-reader.ts';
import {noEvidence} from '../../../input/text-evidence.ts';
import type {RejectReason, RejectReport} from '../../../model/report.ts';
import {type ReadSource, readSource} from './read-source.ts';

export interface PlacedRecord {
	/** As many as the header has, unless it is malformed. */
	readonly cells: readonly string[];
	readonly position: RecordPosition;
	/** Why it is malformed; `null` where it is not. */
	readonly malformed: RejectReport | null;
}

export interface PlacedTaker {
	/** Called before any record, unless the file has none at all. @param names - As written, or made up. */
	readonly onHeader: (names: readonly string[]) => void;
	/** Takes some of them, in their order. @returns Those that are rejected, malformed ones too, in their order. */
	readonly onRecords: (records: readonly PlacedRecord[]) => Promise<readonly RejectReport[]>;
}

/** @param known - The encoding of all of the file. @throws {FileFault} */
export function readPlacedRecords(source: ReadSource, known: TextEncoding, taker: PlacedTaker): Promise<FoldedFile> {
	return readSource(source, foldPlaced(known, taker), true);
}

const foldPlaced =
	(known: TextEncoding, taker: PlacedTaker): Fold =>
	async (source, settings, pulse) => {
		const {readRecordsByReference} = await import('../../../input/reference-reader.ts');
		const encoding = settings.encoding ?? known;
		const collector = new Collector(settings, encoding, taker, byteOffset => pulse.places?.()?.keep(byteOffset));
		const handOn = async (): Promise<void> => {
			await collector.handOn();
			// No record in front of the last one will be told.
			pulse.places?.()?.settle(collector.lastPlace);
			await nextTurn();
		};
		const drained: ByteSource = {
			async read(target) {
				await handOn();
				return source.read(target);
			},
		};
		const finder = createDialectSearch(settings);
		const lines = new PhysicalLines();
		const outcome = await readRecordsByReference(lines.watch(drained), collector, {
			chunk: new Uint8Array(settings.chunkBytes),
			finder,
			limits: settings.limits,
			onChunk(bytesConsumed) {
				pulse.report(bytesConsumed, collector.rows, collector.rejectedRows);
			},
		}).catch((error: unknown): never => {
			throw withLine(error, () => 1 + lines.endCount);
		});
		await handOn();
		const evidence = settings.encoding === undefined ? outcome.textEvidence : noEvidence;
		return {
			rows: collector.rows,
			rejectedRows: collector.rejectedRows,
			rejects: collector.rejects,
			dialect: reportDialect(outcome.dialect, encoding, outcome.newline, collector.hasHeader, evidence),
			take: () => [],
		};
	};

/** Records of a chunk, until they are taken. */
class Collector implements RecordSink {
	readonly #settings: ReadSettings;
	readonly #encoding: TextEncoding;
	readonly #taker: PlacedTaker;
	readonly #keepPlace: (byteOffset: number) => void;
	#records: PlacedRecord[] = [];
	#header: readonly string[] | null = null;
	#repeatable: Uint8Array | null = null;
	/** The first ones. */
	readonly rejects: RejectReport[] = [];
	rows = 0;
	rejectedRows = 0;
	/** Where the last record begins. */
	lastPlace = 0;

	constructor(
		settings: ReadSettings,
		encoding: TextEncoding,
		taker: PlacedTaker,
		keepPlace: (byteOffset: number) => void,
	) {
		this.#settings = settings;
		this.#encoding = encoding;
		this.#taker = taker;
		this.#keepPlace = keepPlace;
	}

	get hasHeader(): boolean {
		return this.#header !== null;
	}

	onHeader(names: readonly string[], _: RecordPosition, repeatable: Uint8Array | null): void {
		this.#header = names;
		this.#repeatable = repeatable;
		this.#taker.onHeader(names.map(name => decodeBytes(name, this.#encoding)));
	}

	onRecord(found: readonly string[], position: RecordPosition, stray: StrayText | null, bytes: Uint8Array): void {
		this.rows++;
		this.lastPlace = position.byteOffset;
		const columns = this.#header?.length ?? 0;
		const fields = this.#fill(found, columns);
		const fault = faultOfWhole(bytes, fields, columns, this.#repeatable);
		const column = fields.findIndex(cell => findInvalid(cell) !== -1);
		const invalid = fields[column];
		if (fault !== null)
			this.#reject(position, null, fault.reason, describeRecord(fault.reason, fault.count, columns) ?? '');
		else if (stray !== null) this.#reject(position, stray.fieldIndex, 'quote', stray.raw);
		else if (invalid !== undefined) this.#reject(position, column, 'encoding', valueAt(invalid, findInvalid(invalid)));
		else {
			const cells = fields.map(cell => decodeBytes(cell, this.#encoding));
			this.#records.push({cells, position, malformed: null});
		}
	}

	onUnclosedQuote({fieldIndex, position, raw}: UnclosedQuote): void {
		this.rows++;
		this.lastPlace = position.byteOffset;
		this.#reject(position, fieldIndex, 'unclosed-quote', raw);
	}

	async handOn(): Promise<void> {
		const records = this.#records;
		if (records.length === 0) return;
		this.#records = [];
		const rejected = await this.#taker.onRecords(records);
		this.rejectedRows += rejected.length;
		const room = this.#settings.limits.maxRejectsKept - this.rejects.length;
		for (const reject of rejected.slice(0, Math.max(0, room))) {
			this.#keepPlace(reject.byte_offset);
			this.rejects.push(reject);
		}
	}

	#fill(fields: readonly string[], columns: number): readonly string[] {
		const missing = columns - fields.length;
		if (this.#settings.fillsMissing !== true || missing <= 0) return fields;
		return [...fields, ...Array.from({length: missing}, () => '')];
	}

	#reject(position: RecordPosition, column: number | null, reason: RejectReason, value: string): void {
		const name = column === null ? null : (this.#header?.[column] ?? null);
		const malformed = rejectReport(foundReject(position, name, reason, value), this.#encoding);
		this.#records.push({cells: [], position, malformed});
	}
}
