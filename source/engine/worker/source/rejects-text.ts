// A file of --rejects as the table that its records came from: without the columns that tell of places and reasons, and with its formulas as
// they were. Each record stays on its line.
import {isUtf8} from 'node:buffer';
import type {ByteSource} from '../../../input/byte-source.ts';
import {InputError} from '../../../input/input-error.ts';
import type {SourcePlaces} from '../../../input/source-places.ts';
import {unguardFormula} from '../../../text/formula-guard.ts';
import {REJECTS_COLUMNS, rejectsDelimiter} from '../../../text/rejects-heading.ts';
import {RowPlaces} from './row-places.ts';

const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;
const APOSTROPHE = 0x27;
const CHUNK_BYTES = 64 * 1024;
/** A row has a record twice, with its quotes doubled, and a record has 16 MiB at most unless more is asked for. */
const MAX_ROW_BYTES = 256 * 1024 * 1024;
const MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Where a field of a row begins and ends, with its quotes. */
type Field = readonly [start: number, end: number];

export class RejectsText implements ByteSource {
	readonly #source: ByteSource;
	readonly #delimiter: number;
	readonly #rows = new RowPlaces();
	readonly #chunk = Buffer.alloc(CHUNK_BYTES);
	/** What has been read and is no whole row yet. */
	#rest: Buffer = Buffer.alloc(0);
	/** How much of the rest has been looked at, and whether that ends inside quotes. */
	#looked = 0;
	#isQuoted = false;
	/** Where the rest begins in the file, and on which line. */
	#fileOffset = 0;
	#line = 1;
	#hasEnded = false;
	/** To be given out. */
	#text: Buffer = Buffer.alloc(0);
	#place = 0;
	readonly failure = null;

	/** @param start - The first bytes of the file, of which `isRejectsFile` is true. @param source - Gives them once more. */
	constructor(start: Uint8Array, source: ByteSource, tellsPlaces: boolean) {
		this.#source = source;
		this.#delimiter = rejectsDelimiter(start)?.charCodeAt(0) ?? 0;
		this.places = tellsPlaces ? this.#rows : null;
	}

	readonly places: SourcePlaces | null;

	async read(target: Uint8Array): Promise<number> {
		while (this.#text.length === 0 && !this.#hasEnded) await this.#readRows();
		const part = this.#text.subarray(0, target.length);
		target.set(part);
		this.#text = this.#text.subarray(part.length);
		return part.length;
	}

	async #readRows(): Promise<void> {
		const length = await this.#source.read(this.#chunk);
		this.#hasEnded = length === 0;
		this.#rest = Buffer.concat([this.#rest, this.#chunk.subarray(0, length)]);
		const pieces: Buffer[] = [];
		for (let end = this.#rowEnd(); end !== null; end = this.#rowEnd()) {
			const row = this.#rest.subarray(0, end);
			this.#rest = this.#rest.subarray(end);
			this.#looked = 0;
			const piece = this.#convert(row);
			this.#rows.add(this.#place, this.#fileOffset);
			this.#place += piece.length;
			this.#fileOffset += row.length;
			this.#line += countLineEnds(row);
			pieces.push(piece);
		}
		this.#text = Buffer.concat(pieces);
	}

	/** Where the first row ends, with its line end; `null` where that is not there. */
	#rowEnd(): number | null {
		const rest = this.#rest;
		for (; this.#looked < rest.length; this.#looked++) {
			const byte = rest[this.#looked];
			if (byte === QUOTE) this.#isQuoted = !this.#isQuoted;
			else if (!this.#isQuoted && byte === LF) return this.#looked + 1;
			else if (!this.#isQuoted && byte === CR) {
				if (this.#looked + 1 === rest.length && !this.#hasEnded) return null;
				return this.#looked + (rest[this.#looked + 1] === LF ? 2 : 1);
			}
		}
		const at = {line: this.#line, byteOffset: this.#fileOffset};
		if (rest.length > MAX_ROW_BYTES)
			throw new InputError('LINE_TOO_LONG', `The row that begins on line ${at.line} is longer than any may be`, at);
		if (!this.#hasEnded || rest.length === 0) return null;
		if (!this.#isQuoted) return rest.length;
		throw new InputError(
			'UNCLOSED_QUOTE',
			`A quote of the row that begins on line ${at.line} of this file of rejected records is still open at the end of the file; expected a closing quote`,
			at,
			{isFoundAtEnd: true},
		);
	}

	/** @param row - With its line end. */
	#convert(row: Buffer): Buffer {
		const markBytes = row.subarray(0, MARK.length).equals(MARK) ? MARK.length : 0;
		const end = row.length - lineEndBytes(row);
		const fields = this.#split(row.subarray(0, end), markBytes);
		const lineEnd = row.subarray(end);
		const [, , , , reason = [0, 0]] = fields;
		const isRecord = row.toString('latin1', ...reason) !== 'not-listed';
		const kept = isRecord ? fields.slice(REJECTS_COLUMNS.length) : [];
		const delimiter = Buffer.from([this.#delimiter]);
		const parts = kept.flatMap((field, index) => {
			const bytes = this.#unguard(row.subarray(...field));
			return index === 0 ? [bytes] : [delimiter, bytes];
		});
		// What spans lines and is left out leaves blank ones behind, so that the next row stays where it is.
		const lines = countLineEnds(row) - countLineEnds(lineEnd);
		const keptLines = parts.reduce((sum, part) => sum + countLineEnds(part), 0);
		return Buffer.concat([...parts, lineEnd, Buffer.alloc(lines - keptLines, LF)]);
	}

	#split(row: Buffer, from: number): Field[] {
		const fields: Field[] = [];
		let start = from;
		let isQuoted = false;
		for (let at = from; at < row.length; at++) {
			if (row[at] === QUOTE) isQuoted = !isQuoted;
			else if (row[at] === this.#delimiter && !isQuoted) {
				fields.push([start, at]);
				start = at + 1;
			}
		}
		fields.push([start, row.length]);
		return fields;
	}

	#unguard(field: Buffer): Buffer {
		if (!field.includes(APOSTROPHE)) return field;
		const encoding = isUtf8(field) ? 'utf8' : 'latin1';
		const raw = field.toString(encoding);
		const isQuoted = raw.length > 1 && raw.startsWith('"') && raw.endsWith('"');
		const text = unguardFormula(isQuoted ? raw.slice(1, -1).replaceAll('""', '"') : raw);
		return Buffer.from(isQuoted ? `"${text.replaceAll('"', '""')}"` : text, encoding);
	}
}

function lineEndBytes(row: Buffer): 0 | 1 | 2 {
	const last = row.at(-1);
	if (last === CR) return 1;
	if (last !== LF) return 0;
	return row.at(-2) === CR ? 2 : 1;
}

function countLineEnds(bytes: Buffer): number {
	let count = 0;
	for (let at = 0; at < bytes.length; at++) {
		const byte = bytes[at];
		if (byte === LF || (byte === CR && bytes[at + 1] !== LF)) count++;
	}
	return count;
}
