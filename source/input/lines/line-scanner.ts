// Bytes → the lines of a text, whatever the chunks. A line is what LF ends, and what stands behind the last one; a byte order mark at
// the beginning and CRs at the end of a line are not part of it. Lines may be of any length and hold any bytes: what they come to is
// computed byte by byte, and only the beginning of the masked form is kept.
import {findLevel, type LineLevel} from './line-level.ts';

/** A line as the scanner found it. The object is used again for the next one. */
export class ScannedLine {
	/** 1-based. */
	line = 0;
	/** Where it begins, 0-based. */
	byteOffset = 0;
	/** Runs of bytes other than blanks. */
	words = 0;
	/** With its line end. */
	bytes = 0;
	/** Without. */
	length = 0;
	level: LineLevel | '' = '';
	/** The line with one `#` for each run of digits, from the beginning of this memory on. */
	masked: Uint8Array = new Uint8Array(256);
	/** 0 where the line is blank. */
	maskedLength = 0;
	/** Whether `masked` has only the beginning. */
	isMaskedCut = false;
}

const LF = 0x0a;
const CR = 0x0d;
const DIGIT_MASK = 0x23;

/** Kinds of bytes, to be combined. */
const BLANK = 1;
const DIGIT = 2;

const kinds = new Uint8Array(256);
const masks = Uint8Array.from({length: 256}, (_, byte) => byte);
for (const byte of Buffer.from(' \t\r\n\v\f')) kinds[byte] = BLANK;
for (const byte of Buffer.from('0123456789')) {
	kinds[byte] = DIGIT;
	masks[byte] = DIGIT_MASK;
}

export class LineScanner {
	readonly #onLine: (line: ScannedLine) => void;
	readonly #maxMaskedBytes: number;
	readonly #isBeginning: boolean;
	readonly #line = new ScannedLine();
	/** The kind of the byte in front; at the beginning of a line that of a blank. */
	#kind = BLANK;
	/** Of the line so far, CRs at its end included. */
	#words = 0;
	#length = 0;
	#maskedLength = 0;
	#crs = 0;
	#offset = 0;
	#lineOffset = 0;
	/** The first line end; `null` where there is none. */
	newline: '\n' | '\r\n' | null = null;

	/**
	@param maxMaskedBytes - How much of a masked line is kept.
	@param isBeginning - Whether there may be a byte order mark.
	*/
	constructor(onLine: (line: ScannedLine) => void, maxMaskedBytes: number, isBeginning = true) {
		this.#isBeginning = isBeginning;
		this.#onLine = onLine;
		this.#maxMaskedBytes = maxMaskedBytes;
	}

	/** How many bytes have been scanned. */
	get offset(): number {
		return this.#offset;
	}

	/** @param bytes - The next ones; the first time at least three, where the text has as many. */
	push(bytes: Uint8Array): void {
		let at = this.#offset === 0 && this.#isBeginning ? markLength(bytes) : 0;
		const start = this.#offset;
		while (at < bytes.length) {
			const lineEnd = bytes.indexOf(LF, at);
			const end = lineEnd === -1 ? bytes.length : lineEnd;
			this.#extend(bytes, at, end);
			if (lineEnd === -1) break;
			this.newline ??= this.#crs > 0 ? '\r\n' : '\n';
			this.#finish(start + end + 1);
			at = end + 1;
		}
		this.#offset = start + bytes.length;
	}

	/** To be called after the last byte. */
	end(): void {
		if (this.#offset > this.#lineOffset) this.#finish(this.#offset);
	}

	#extend(bytes: Uint8Array, from: number, to: number): void {
		let crs = 0;
		while (crs < to - from && bytes[to - 1 - crs] === CR) crs++;
		this.#crs = crs === to - from ? this.#crs + crs : crs;
		this.#length += to - from;
		let length = this.#maskedLength;
		const max = this.#maxMaskedBytes;
		const masked = this.#makeRoom(Math.min(length + to - from, max));
		let kind = this.#kind;
		let words = this.#words;
		let at = from;
		for (; at < to && length < max; at++) {
			const byte = bytes[at] ?? 0;
			const next = kinds[byte] ?? 0;
			words += kind & ~next & BLANK;
			// A digit behind another one takes its place.
			length -= (kind & next & DIGIT) >> 1;
			masked[length++] = masks[byte] ?? 0;
			kind = next;
		}
		this.#line.isMaskedCut ||= at < to;
		for (; at < to; at++) {
			const next = kinds[bytes[at] ?? 0] ?? 0;
			words += kind & ~next & BLANK;
			kind = next;
		}
		this.#kind = kind;
		this.#words = words;
		this.#maskedLength = length;
	}

	#makeRoom(length: number): Uint8Array {
		const line = this.#line;
		if (length <= line.masked.length) return line.masked;
		const grown = new Uint8Array(2 ** Math.ceil(Math.log2(length)));
		grown.set(line.masked.subarray(0, this.#maskedLength));
		line.masked = grown;
		return grown;
	}

	/** @param end - Behind the line end. */
	#finish(end: number): void {
		const line = this.#line;
		const hasWords = this.#words > 0;
		line.line++;
		line.byteOffset = this.#lineOffset;
		line.words = this.#words;
		line.bytes = end - this.#lineOffset;
		line.length = this.#length - this.#crs;
		line.maskedLength = hasWords ? this.#maskedLength - (line.isMaskedCut ? 0 : this.#crs) : 0;
		line.level = hasWords ? findLevel(line.masked, line.maskedLength) : '';
		this.#onLine(line);
		line.isMaskedCut = false;
		this.#kind = BLANK;
		this.#words = 0;
		this.#length = 0;
		this.#maskedLength = 0;
		this.#crs = 0;
		this.#lineOffset = end;
	}
}

/** Of the byte order mark of UTF-8. */
const markLength = (bytes: Uint8Array): 0 | 3 => (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0);
