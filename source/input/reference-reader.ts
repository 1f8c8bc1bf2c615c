// The reference reader: csv-parse splits records and fields, and this file adds what csv-parse does not report: the
// exact line and byte where each record begins, text after a closing quote, where an unclosed quote was opened, and a
// bound.
//
// csv-parse reports after each record at which byte it ended. The bytes in between are the record, and they are still
// in the window (everything since the end of the last record).
//
//   chunk ──> window: [ unfinished record │ chunk ] ──> csv-parse ──on_record──> position, quotes ──> sink
//                       └── at most maxRecordBytes
import {type Options, parse} from 'csv-parse';
import type {BlankLines} from './blank-lines.ts';
import {MarkFilter} from './byte-order-marks.ts';
import type {ByteSource} from './byte-source.ts';
import type {Dialect, FieldSyntax} from './dialect.ts';
import {columnNumbers, joinNames} from './join-names.ts';
import {
	type BehindQuotes,
	findBehindQuotes,
	findLineEnd,
	findUnclosedQuote,
	type LineEnd,
	type OpenQuote,
	RAW_BYTES,
} from './quotes.ts';
import {fieldTooLong, openUntil, recordTooLong, tooManyColumns, unclosedQuote} from './reading-errors.ts';
import {
	defaultRecordLimits,
	type ReadOptions,
	type ReadOutcome,
	type RecordLimits,
	type RecordPosition,
	type RecordSink,
} from './record-reader.ts';
import {repeatableHeader} from './repeated-header.ts';
import {evidenceOf, joinEvidence, noEvidence, type TextEvidence} from './text-evidence.ts';

const LF = 0x0a;
const CR = 0x0d;

/**
Reads records by the rules of `record-reader.ts`. It is as slow as csv-parse; its results are what the kernel is tested
against.
*/
export async function readRecordsByReference(
	source: ByteSource,
	sink: RecordSink,
	options: ReadOptions,
): Promise<ReadOutcome> {
	const {chunk} = options;
	const {head, dialect, blank} = await readHead(source, options);
	const records = new RecordLocator(sink, dialect, blank, options.limits ?? defaultRecordLimits);
	const firstByte = dialect.bomBytes + blank.length;
	let bytesRead = head.length;
	/** Bytes that were read and are still to be parsed, for the first time or once more. */
	let pending: Uint8Array = head;
	const next = async (): Promise<Uint8Array> => {
		if (pending.length === 0) {
			const length = await source.read(chunk);
			bytesRead += length;
			return chunk.subarray(0, length);
		}
		const piece = pending.subarray(0, chunk.length);
		pending = pending.subarray(piece.length);
		return piece;
	};
	const onChunk = (): void => options.onChunk(firstByte + bytesRead - pending.length);
	for (;;) {
		try {
			await parseAll(next, records, dialect, onChunk);
			records.endHeader();
			return {
				dialect,
				newline: records.newline,
				bytesConsumed: firstByte + bytesRead,
				textEvidence: records.textEvidence,
			};
		} catch (error) {
			if (!(error instanceof ParseAgain)) throw error;
			pending = Buffer.concat([error.rest, pending]);
		}
	}
}

/** Bytes are to be parsed once more, because a record is not what csv-parse takes it for. */
class ParseAgain extends Error {
	override readonly name = 'ParseAgain';
	readonly rest: Uint8Array;

	constructor(rest: Uint8Array) {
		super('A quote was never closed');
		this.rest = rest;
	}
}

/**
Parses bytes to their end.

@param next - Gives the next ones; none at the end.
@throws {ParseAgain} Where a quote was never closed.
*/
async function parseAll(
	next: () => Promise<Uint8Array>,
	records: RecordLocator,
	{delimiter, quote}: Dialect,
	onChunk: () => void,
): Promise<void> {
	const parser = parse({
		delimiter,
		...(quote === '' ? {quote: null} : {quote, escape: quote}),
		record_delimiter: ['\r\n', '\n', '\r'],
		// One character per byte: bytes that are not UTF-8 are preserved, and lengths are byte counts.
		encoding: 'latin1',
		relax_quotes: true,
		relax_column_count: true,
		skip_empty_lines: true,
		on_record: (fields: readonly string[], {bytes}: {bytes: number}) => {
			records.addRecord(fields, bytes);
			return null;
		},
	} as Options);
	takeAnyLength(parser);
	let failure: unknown = null;
	parser.on('error', error => {
		failure ??= error;
	});
	parser.resume();

	const write = async (bytes: Buffer): Promise<void> => {
		if (bytes.length === 0) return;
		await new Promise<void>((resolve, reject) => {
			parser.write(bytes, error => {
				if (error) reject(error);
				else resolve();
			});
		});
		records.checkLength();
	};
	try {
		for (let bytes = await next(); bytes.length > 0; bytes = await next()) {
			await write(records.extendWindow(bytes));
			onChunk();
		}
		await write(records.endWindow());
		await new Promise<void>(resolve => {
			parser.once('close', resolve);
			parser.end();
		});
		if (failure !== null) {
			if (!isQuoteNotClosed(failure)) throw failure;
			records.skipUnclosedQuote();
		}
		onChunk();
	} finally {
		parser.destroy();
	}
}

/**
csv-parse makes an error with a copy of the record for each one that is longer or shorter than the first, also where it takes
them all, which takes five times as long as reading. What it compares with is undocumented, so it may be missing.
*/
function takeAnyLength(parser: object): void {
	const state: unknown = Reflect.get(parser, 'state');
	if (typeof state !== 'object' || state === null || !('record' in state)) return;
	Object.defineProperty(state, 'expectedRecordLength', {
		get: () => (Array.isArray(state.record) ? state.record.length : undefined),
		set() {},
	});
}

interface Head {
	/** The bytes read so far, from the beginning of the header. */
	readonly head: Uint8Array;
	readonly dialect: Dialect;
	readonly blank: BlankLines;
}

/** Reads until the dialect is known, which usually takes one chunk. */
async function readHead(source: ByteSource, {chunk, finder, onChunk}: ReadOptions): Promise<Head> {
	let memory = new Uint8Array(chunk.length);
	let start = 0;
	let end = 0;
	let bytesRead = 0;
	for (;;) {
		const length = await source.read(chunk);
		if (end + length > memory.length) {
			const longer = new Uint8Array(2 * (end + length - start));
			longer.set(memory.subarray(start, end));
			end -= start;
			start = 0;
			memory = longer;
		}
		memory.set(chunk.subarray(0, length), end);
		end += length;
		bytesRead += length;
		start += finder.scan(memory.subarray(start, end), length === 0);
		const {dialect, blank} = finder;
		if (dialect !== null) return {head: memory.subarray(start, end), dialect, blank};
		onChunk(bytesRead);
	}
}

const nothingBehindQuotes: BehindQuotes = {stray: null, padded: new Map()};

const isQuoteNotClosed = (error: unknown): boolean =>
	error instanceof Error && 'code' in error && error.code === 'CSV_QUOTE_NOT_CLOSED';

/** Finds the bytes of each record. */
class RecordLocator {
	readonly #sink: RecordSink;
	readonly #syntax: FieldSyntax;
	readonly #quoteByte: number;
	readonly #limits: RecordLimits;
	/**
	csv-parse counts bytes from here: behind the byte order mark and blank lines, or where it began once more. Further marks
	are removed before it reads.
	*/
	#firstByte: number;
	#marks: MarkFilter;
	readonly #headerRows: number;
	readonly #rows: (readonly string[])[] = [];
	#headerPosition: RecordPosition = {line: 1, byteOffset: 0};
	#repeatable: Uint8Array | null = null;
	#window: Buffer = Buffer.alloc(0);
	/** Offset of the window in the input of csv-parse. */
	#windowOffset = 0;
	/** The bytes of the window, and perhaps some in front, as they are in the source; and where they begin there. */
	#raw: Buffer = Buffer.alloc(0);
	#rawOffset: number;
	/** Physical line at the start of the window. */
	#line = 1;
	#hasHeader = false;
	textEvidence: TextEvidence = noEvidence;
	#newline: ReadOutcome['newline'];

	constructor(sink: RecordSink, dialect: Dialect, blank: BlankLines, limits: RecordLimits) {
		this.#sink = sink;
		this.#limits = limits;
		this.#headerRows = dialect.headerRows;
		this.#syntax = dialect;
		this.#quoteByte = dialect.quote.charCodeAt(0);
		this.#firstByte = dialect.bomBytes + blank.length;
		this.#rawOffset = this.#firstByte;
		this.#marks = new MarkFilter(dialect);
		this.#line += blank.count;
		this.#newline = blank.newline;
	}

	/** Blank lines alone do not separate records. */
	get newline(): ReadOutcome['newline'] {
		return this.#hasHeader ? this.#newline : null;
	}

	/** @returns What csv-parse is to read, in memory of its own, because it keeps references to it. */
	extendWindow(chunk: Uint8Array): Buffer {
		this.#raw = Buffer.concat([this.#raw, chunk]);
		return this.#extend(this.#marks.filter(chunk));
	}

	/** The same for what was held back. */
	endWindow(): Buffer {
		return this.#extend(this.#marks.end());
	}

	#extend(bytes: Uint8Array): Buffer {
		this.#window = Buffer.concat([this.#window, bytes]);
		return this.#window.subarray(this.#window.length - bytes.length);
	}

	/** Adds a record that ended at byte `end` of csv-parse's input, its separator included. */
	addRecord(found: readonly string[], end: number): void {
		const window = this.#window;
		const recordEnd = end - this.#windowOffset;
		const start = this.#skipBlankLines(false);
		const position = this.#positionOf(start);
		let hasQuote = false;
		let newlineStart = recordEnd;
		for (let index = start; index < recordEnd; index++) {
			const byte = window[index];
			if (byte === this.#quoteByte) hasQuote = true;
			else if (byte === LF || byte === CR) {
				this.#line++;
				newlineStart = index;
				if (byte === CR && window[index + 1] === LF && index + 1 < recordEnd) index++;
			}
		}
		// The last newline of the bytes is the record's separator only when nothing follows it.
		const separator = window.toString('latin1', newlineStart, recordEnd);
		const isSeparated = separator === '\n' || separator === '\r\n' || separator === '\r';
		if (isSeparated) this.#newline ??= separator;
		const content = window.subarray(start, isSeparated ? newlineStart : recordEnd);
		const {maxRecordBytes, maxFieldBytes, maxColumns} = this.#limits;
		if (content.length > maxRecordBytes) this.#endLongRecord(window.subarray(start), position);
		if (hasQuote) this.#endAtOpenQuote(content, position);
		// Line ends and blank lines are ASCII, so no character is cut.
		this.#addEvidence(content, position);
		this.#window = window.subarray(recordEnd);
		this.#windowOffset += recordEnd;

		const {stray, padded} = hasQuote ? findBehindQuotes(content, this.#syntax) : nothingBehindQuotes;
		const fields = padded.size === 0 ? found : found.map((field, index) => padded.get(index) ?? field);
		// A field without its quotes is shorter than its record, so only a long record can hold a field that is too long.
		if (content.length > maxFieldBytes) assertFieldLengths(fields, position, maxFieldBytes);
		if (!this.#hasHeader) {
			if (fields.length > maxColumns) throw tooManyColumns(fields.length, position, maxColumns);
			if (this.#headerRows > 0) {
				this.#addHeaderRow(fields, position, content);
				return;
			}
			this.#hasHeader = true;
			this.#sink.onHeader(columnNumbers(fields.length), position, null);
		}
		this.#sink.onRecord(fields, position, stray, content);
	}

	#addHeaderRow(names: readonly string[], position: RecordPosition, content: Uint8Array): void {
		if (this.#rows.length === 0) this.#headerPosition = position;
		this.#repeatable = this.#headerRows === 1 ? repeatableHeader(content, names) : null;
		this.#rows.push(names);
		if (this.#rows.length === this.#headerRows) this.endHeader();
	}

	/** Tells of a header of fewer records than there should be, too. */
	endHeader(): void {
		if (this.#hasHeader || this.#rows.length === 0) return;
		this.#hasHeader = true;
		this.#sink.onHeader(joinNames(this.#rows), this.#headerPosition, this.#repeatable);
	}

	/** Ends the unfinished record when it is already longer than any record may be: memory stays bounded. */
	checkLength(): void {
		const {maxRecordBytes} = this.#limits;
		const {byteOffset} = this.#positionOf(0);
		this.#raw = this.#raw.subarray(byteOffset - this.#rawOffset);
		this.#rawOffset = byteOffset;
		if (this.#window.length <= maxRecordBytes) return;
		const start = this.#skipBlankLines(true);
		if (start > 0) {
			this.#window = this.#window.subarray(start);
			this.#windowOffset += start;
		}
		// Two bytes beyond the bound may be a separator that csv-parse has not read yet.
		if (this.#window.length <= maxRecordBytes + 2) return;
		this.#endLongRecord(this.#window, this.#positionOf(0));
	}

	/** To be called when a quote is open at the end of the source. */
	skipUnclosedQuote(): void {
		const start = this.#skipBlankLines(false);
		const position = this.#positionOf(start);
		const rest = this.#window.subarray(start);
		if (!this.#hasHeader) throw unclosedQuote(position, rest, this.#syntax);
		if (rest.length > this.#limits.maxRecordBytes) this.#endLongRecord(rest, position);
		const quote = findUnclosedQuote(rest, this.#syntax);
		if (quote === null) throw new Error('Expected an open quote');
		this.#skipDamage(rest, position, quote, findLineEnd(rest, quote.index, rest.length));
	}

	/** @param bytes - From the beginning of the record on, more than a record may have. */
	#endLongRecord(bytes: Buffer, position: RecordPosition): never {
		const content = bytes.subarray(0, this.#limits.maxRecordBytes);
		const quote = this.#hasHeader ? findUnclosedQuote(content, this.#syntax) : null;
		const lineEnd = quote === null ? null : findLineEnd(bytes, quote.index, content.length);
		if (quote === null || lineEnd === null) throw recordTooLong(position, content, this.#syntax);
		return this.#skipDamage(bytes, position, quote, lineEnd);
	}

	/** Ends a record of several lines that a quote without an end holds together. */
	#endAtOpenQuote(record: Buffer, position: RecordPosition): void {
		const quote = findLineEnd(record, 0, record.length) === null ? null : findUnclosedQuote(record, this.#syntax);
		if (quote === null) return;
		if (!this.#hasHeader) throw unclosedQuote(position, record, this.#syntax);
		this.#skipDamage(record, position, quote, findLineEnd(record, quote.index, record.length));
	}

	/** Tells of a quote that was never closed, and has what is behind its line parsed once more. */
	#skipDamage(bytes: Buffer, {line, byteOffset}: RecordPosition, quote: OpenQuote, lineEnd: LineEnd | null): never {
		const {start, next} = lineEnd ?? {start: bytes.length, next: bytes.length};
		this.#addEvidence(bytes.subarray(0, start), {line, byteOffset});
		this.#line = line + quote.line + (lineEnd === null ? 0 : 1);
		this.#firstByte = byteOffset + next;
		const rest = this.#raw.subarray(this.#firstByte - this.#rawOffset);
		this.#rawOffset = this.#firstByte;
		this.#raw = Buffer.alloc(0);
		this.#window = Buffer.alloc(0);
		this.#windowOffset = 0;
		this.#marks = new MarkFilter(this.#syntax);
		this.#sink.onUnclosedQuote({
			fieldIndex: quote.fieldIndex,
			position: {line: line + quote.line, byteOffset: byteOffset + quote.index},
			raw: bytes.toString('latin1', quote.index, Math.min(start, quote.index + RAW_BYTES)),
			bytes: bytes.subarray(0, start),
			until: openUntil(quote, bytes.length, this.#limits.maxRecordBytes),
		});
		throw new ParseAgain(rest);
	}

	#addEvidence(record: Uint8Array, position: RecordPosition): void {
		this.textEvidence = joinEvidence(this.textEvidence, evidenceOf(record, position));
	}

	/** The position of the record that begins at an index of the window. */
	#positionOf(index: number): RecordPosition {
		const byteOffset = this.#firstByte + this.#marks.sourceOffsetOf(this.#windowOffset + index);
		return {line: this.#line, byteOffset};
	}

	/**
	Counts the blank lines in front of a record.

	@param mayGoOn - Whether more bytes may come: a CR at the end may be half of a CRLF.
	*/
	#skipBlankLines(mayGoOn: boolean): number {
		let index = 0;
		for (let byte = this.#window[index]; byte === LF || byte === CR; byte = this.#window[index]) {
			if (mayGoOn && byte === CR && index + 1 === this.#window.length) break;
			const length = byte === CR && this.#window[index + 1] === LF ? 2 : 1;
			this.#newline ??= length === 2 ? '\r\n' : byte === LF ? '\n' : '\r';
			this.#line++;
			index += length;
		}
		return index;
	}
}

function assertFieldLengths(fields: readonly string[], position: RecordPosition, limit: number): void {
	const index = fields.findIndex(field => field.length > limit);
	if (index !== -1) throw fieldTooLong(index, position, limit);
}
