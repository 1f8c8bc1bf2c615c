// A table in a dialect that readers do not know, given out in one that they do: each field is read by the rules of its dialect and written
// anew. Lines stay lines: those that are no part of the table become blank ones, so that places in lines are those of the file.
//
//   a||'it\'s | so'    ──>   a|'it''s | so'
//   # a comment        ──>   (blank)

import type {ByteSource} from './byte-source.ts';
import {beginsCommentAt} from './comment-lines.ts';
import type {Dialect} from './dialect.ts';
import {PlaceMap} from './place-map.ts';
import {type Rewriting, rewrittenDialect} from './rewriting.ts';
import {concat, TailHolder} from './tail-holder.ts';

const LF = 0x0a;
const CR = 0x0d;
const BACKSLASH = 0x5c;
const PIECE_BYTES = 64 * 1024;
/** So many bytes behind one say what it means: the rest of a delimiter, of a comment, or of a CRLF. */
const LOOK_AHEAD = 8;

export class RewrittenSource implements ByteSource {
	readonly #source: ByteSource;
	readonly #tail: TailHolder;
	readonly #rewriter: Rewriter;
	readonly places = new PlaceMap();
	/** What was read, and is not rewritten yet. */
	#input: Uint8Array = new Uint8Array(0);
	#output: Uint8Array = new Uint8Array(0);
	#hasEnded = false;

	constructor(source: ByteSource, rewriting: Rewriting) {
		this.#source = source;
		this.#tail = new TailHolder(rewriting.dialect.skipFooter);
		this.#rewriter = new Rewriter(rewriting, this.places);
	}

	async read(target: Uint8Array): Promise<number> {
		while (this.#output.length === 0 && !this.#hasEnded) await this.#rewritePiece();
		const part = this.#output.subarray(0, target.length);
		target.set(part);
		this.#output = this.#output.subarray(part.length);
		return part.length;
	}

	async #rewritePiece(): Promise<void> {
		const piece = new Uint8Array(PIECE_BYTES);
		const length = await this.#source.read(piece);
		this.#hasEnded = length === 0;
		const passed = this.#hasEnded ? this.#tail.end() : this.#tail.pass(piece.subarray(0, length));
		this.#input = concat(this.#input, passed);
		const taken = this.#rewriter.take(this.#input, this.#hasEnded);
		this.#input = this.#input.subarray(taken);
		const rest = this.#hasEnded ? this.#tail.lineEnds : [];
		this.#output = concat(this.#rewriter.drain(), Uint8Array.from(rest));
	}
}

type State = 'field-start' | 'unquoted' | 'quoted' | 'behind-quote';

/** Reads fields by the rules of a dialect, and writes them. */
class Rewriter {
	readonly #dialect: Dialect;
	readonly #nullText: string | null;
	readonly #places: PlaceMap;
	readonly #quote: number;
	readonly #outQuote: number;
	readonly #outDelimiter: number;
	#output: number[] = [];
	#field: number[] = [];
	#state: State = 'field-start';
	#isRecordStart = true;
	#isInComment = false;
	#linesToPass: number;
	#isInNames: boolean;
	/** Of the names, and of the current record. */
	#names = 0;
	#fields = 0;
	#hasLeftOut = false;
	/** How many bytes were read and written, up to the current field. */
	#bytesRead = 0;
	#bytesWritten = 0;

	constructor({dialect, nullText}: Rewriting, places: PlaceMap) {
		this.#dialect = dialect;
		this.#nullText = nullText;
		this.#places = places;
		this.#linesToPass = dialect.skipLines;
		this.#isInNames = dialect.headerRows > 0;
		const {delimiter, quote} = rewrittenDialect(dialect);
		this.#quote = dialect.quote.charCodeAt(0);
		this.#outQuote = quote.charCodeAt(0);
		this.#outDelimiter = delimiter.charCodeAt(0);
	}

	/** @returns How many of the bytes were taken: all where the source ends with them. */
	take(bytes: Uint8Array, isAll: boolean): number {
		const end = isAll ? bytes.length : bytes.length - LOOK_AHEAD;
		let at = 0;
		while (at < end) {
			const length = this.#takeNext(bytes, at);
			at += length;
			this.#bytesRead += length;
		}
		if (isAll && !this.#isRecordStart) this.#endRecord();
		return at;
	}

	/** What was written since the last call. */
	drain(): Uint8Array {
		const output = Uint8Array.from(this.#output);
		this.#output = [];
		return output;
	}

	/** Takes what means one thing. Returns how many bytes that is. */
	#takeNext(bytes: Uint8Array, at: number): number {
		const byte = bytes[at] ?? 0;
		if (this.#linesToPass > 0) return this.#passLine(bytes, at);
		const {delimiter, comment, escaping} = this.#dialect;
		const isLineEnd = byte === LF || byte === CR;
		if (this.#isRecordStart && !isLineEnd && beginsCommentAt(bytes, at, comment)) this.#isInComment = true;
		if (isLineEnd && this.#state !== 'quoted') return this.#endLine(bytes, at);
		if (this.#isInComment) {
			this.#isRecordStart = false;
			return 1;
		}
		if (this.#isRecordStart && startsWith(bytes, at, BYTE_ORDER_MARK)) {
			this.#write(0xef, 0xbb, 0xbf);
			return 3;
		}
		if (this.#isRecordStart) {
			if (this.#isInNames && this.#dialect.unevenHeader === 'lacks-first') this.#write(this.#outDelimiter);
			this.#places.add(this.#bytesWritten, this.#bytesRead);
		}
		this.#isRecordStart = false;
		if (escaping === 'backslash' && byte === BACKSLASH && at + 1 < bytes.length) {
			this.#field.push(bytes[at + 1] ?? 0);
			if (this.#state === 'field-start') this.#state = 'unquoted';
			return 2;
		}
		if (this.#state === 'quoted') return this.#takeQuoted(bytes, at);
		if (startsWith(bytes, at, delimiter)) {
			const isNoName = this.#isNoName(bytes, at + delimiter.length);
			this.#endField();
			this.#fields++;
			if (!isNoName && !this.#isLastDelimiter(bytes, at + delimiter.length)) this.#write(this.#outDelimiter);
			this.#places.add(this.#bytesWritten, this.#bytesRead + delimiter.length);
			return delimiter.length;
		}
		if (this.#isInNames && this.#dialect.isHeaderOpen && byte === this.#quote) return 1;
		if (this.#state === 'field-start' && byte === this.#quote) this.#state = 'quoted';
		else if (this.#state === 'behind-quote') this.#writeStray(byte);
		else {
			this.#field.push(byte);
			this.#state = 'unquoted';
		}
		return 1;
	}

	/** Whether it stands behind the last field. @param behind - Where the bytes behind it begin. */
	#isLastDelimiter(bytes: Uint8Array, behind: number): boolean {
		const next = bytes[behind];
		return this.#dialect.endsInDelimiter && (next === undefined || next === LF || next === CR);
	}

	/** Whether the name in front of a delimiter, or behind the last one, is the empty one that is left out. */
	#isNoName(bytes: Uint8Array, behind: number): boolean {
		if (!this.#isInNames || this.#dialect.unevenHeader !== 'has-empty' || this.#hasLeftOut) return false;
		const isEmpty = this.#state === 'field-start' && this.#field.length === 0;
		const isLastEmpty = behind === bytes.length || bytes[behind] === LF || bytes[behind] === CR;
		this.#hasLeftOut = isEmpty || isLastEmpty;
		return this.#hasLeftOut;
	}

	#endRecord(): void {
		this.#endField();
		const fields = this.#fields + 1;
		this.#fields = 0;
		const {unevenHeader} = this.#dialect;
		if (this.#isInNames) this.#names = fields;
		const isShort = this.#isInNames
			? unevenHeader === 'lacks-last'
			: unevenHeader === 'has-more' && fields === this.#names - 1;
		if (isShort) this.#write(this.#outDelimiter);
		this.#isInNames = false;
	}

	#takeQuoted(bytes: Uint8Array, at: number): number {
		const byte = bytes[at] ?? 0;
		if (byte !== this.#quote) {
			this.#field.push(byte);
			return 1;
		}
		if (this.#dialect.escaping === 'doubled' && bytes[at + 1] === this.#quote) {
			this.#field.push(byte);
			return 2;
		}
		this.#state = 'behind-quote';
		return 1;
	}

	#passLine(bytes: Uint8Array, at: number): number {
		const byte = bytes[at] ?? 0;
		const length = byte === CR && bytes[at + 1] === LF ? 2 : 1;
		this.#write(...bytes.subarray(at, at + length));
		if (byte === LF || byte === CR) this.#linesToPass--;
		return length;
	}

	#endLine(bytes: Uint8Array, at: number): number {
		const length = bytes[at] === CR && bytes[at + 1] === LF ? 2 : 1;
		if (this.#isInComment) this.#isInComment = false;
		else if (!this.#isRecordStart) this.#endRecord();
		this.#write(...bytes.subarray(at, at + length));
		this.#isRecordStart = true;
		this.#places.add(this.#bytesWritten, this.#bytesRead + length);
		return length;
	}

	/** Text behind a closing quote: the field is written as it is, for readers to reject it. */
	#writeStray(byte: number): void {
		const isFirst = this.#field.length > 0 || !this.#isStray;
		if (isFirst) this.#writeQuoted();
		this.#isStray = true;
		this.#write(byte);
	}

	#isStray = false;

	#endField(): void {
		const field = this.#field;
		const isQuoted = this.#state === 'behind-quote' || this.#state === 'quoted';
		if (this.#isStray) this.#isStray = false;
		else if (this.#isNull(field)) this.#field = [];
		else if (this.#state === 'quoted') this.#writeOpen();
		else if (isQuoted || this.#needsQuotes(field)) this.#writeQuoted();
		else this.#write(...field);
		this.#field = [];
		this.#state = 'field-start';
	}

	#isNull(field: readonly number[]): boolean {
		const text = this.#nullText;
		return text !== null && field.length === text.length && field.every((byte, at) => byte === text.charCodeAt(at));
	}

	#needsQuotes(field: readonly number[]): boolean {
		return field[0] === this.#outQuote || field.some(byte => byte === this.#outDelimiter || byte === LF || byte === CR);
	}

	#writeQuoted(): void {
		this.#writeOpen();
		this.#write(this.#outQuote);
	}

	/** A field whose quote is never closed stays open. */
	#writeOpen(): void {
		this.#write(this.#outQuote);
		for (const byte of this.#field) {
			if (byte === this.#outQuote) this.#write(byte);
			this.#write(byte);
		}
		this.#field = [];
	}

	#write(...bytes: readonly number[]): void {
		for (const byte of bytes) this.#output.push(byte);
		this.#bytesWritten += bytes.length;
	}
}

const BYTE_ORDER_MARK = '\xef\xbb\xbf';

function startsWith(bytes: Uint8Array, at: number, text: string): boolean {
	for (let index = 0; index < text.length; index++) if (bytes[at + index] !== text.charCodeAt(index)) return false;
	return true;
}
