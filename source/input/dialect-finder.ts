// Detects how a file is written from its header alone: all of the header, however long, and nothing behind it.
import {isUtf8} from 'node:buffer';
import {type BlankLines, noBlankLines, skipBlankLines} from './blank-lines.ts';
import {mayBeginMark} from './byte-order-marks.ts';
import {type Dialect, plainDialect} from './dialect.ts';
import {assertIsText, FORMAT_BYTES} from './foreign-formats.ts';
import {defaultRecordLimits, type RecordLimits} from './record-reader.ts';

/** Of equally good ones, the first wins. */
const delimiters = [',', ';', '\t', '|'] as const;

/** How well the names of a header fit the names wanted. */
export interface NameRating {
	/** How many of the wanted names are there; where none is missing, it may be those alone that are the very names. */
	readonly known: number;
	/** Whether no wanted name is missing. */
	readonly isComplete: boolean;
}

export type RateNames = (names: readonly string[]) => NameRating;

/** The longest byte order mark. */
const MARK_BYTES = 4;

/**
Finds the dialect of one file. It is called repeatedly with a longer beginning of the file, and examines each byte once
for each delimiter.

The delimiter is the one with which the header has all wanted names. Where several delimiters do, it is the one with
which the header ends first, so that nothing behind the header needs to be read. Where none does, it is the one with the
most known names, and then the one with the most fields, so that the message about missing columns can be understood.
*/
export class DialectFinder {
	readonly #candidates: readonly HeaderCandidate[];
	#bomBytes: 0 | 3 | null = null;
	#blank: BlankLines = noBlankLines;
	#isInHeader = false;
	#dialect: Dialect | null = null;
	#bytesNeeded = Number.POSITIVE_INFINITY;
	#isComplete = false;

	/**
	@param decodeName - Of bytes, one per character; by default they are UTF-8 where they can be.
	@param known - The delimiter, of one character, where somebody has said it.
	*/
	constructor(
		rateNames: RateNames,
		limits: RecordLimits = defaultRecordLimits,
		decodeName = decodeAsBytesSay,
		known?: string,
	) {
		this.#candidates = (known === undefined ? delimiters : [known]).map(
			delimiter => new HeaderCandidate(delimiter, rateNames, limits, decodeName),
		);
	}

	/**
	@param bytes - From the beginning of the file, without those skipped before.
	@param isAll - Whether the file ends with them.
	@returns How many of the bytes are skipped, because they are the byte order mark or blank lines.
	*/
	scan(bytes: Uint8Array, isAll: boolean): number {
		let passed = 0;
		if (this.#bomBytes === null) {
			const isEnough = bytes.length >= FORMAT_BYTES || (bytes.length >= MARK_BYTES && hasLineEnd(bytes));
			if (!isEnough && !isAll) return 0;
			this.#bomBytes = readMark(bytes);
			passed = this.#bomBytes;
		}
		if (!this.#isInHeader) {
			const {length} = this.#blank;
			this.#blank = skipBlankLines(bytes.subarray(passed), this.#blank, isAll);
			passed += this.#blank.length - length;
			// A CR at the end may be half of the CRLF of another blank line, and the first bytes behind it a byte order
			// mark.
			const isOpen = passed === bytes.length || bytes[passed] === CR || mayBeginMark(bytes.subarray(passed));
			this.#isInHeader = isAll || !isOpen;
			if (!this.#isInHeader) return passed;
		}
		const header = bytes.subarray(passed);
		for (const candidate of this.#candidates) candidate.read(header, isAll);
		// To rate names is nearly all of the work. With several of them a header may have all wanted ones, and then nothing is looked at again.
		for (const candidate of this.#candidates.toSorted((left, right) => right.count - left.count))
			candidate.rate(this.#candidates);
		this.#decide(isAll, this.#bomBytes);
		return passed;
	}

	/** `null` while more bytes are needed. */
	get dialect(): Dialect | null {
		return this.#dialect;
	}

	/** Whether the header has all wanted names. */
	get isComplete(): boolean {
		return this.#isComplete;
	}

	/** The blank lines that were skipped. */
	get blank(): BlankLines {
		return this.#blank;
	}

	/**
	How many bytes from the beginning of the header the result depends on; infinite where it also depends on the end of
	the file.
	*/
	get bytesNeeded(): number {
		return this.#bytesNeeded;
	}

	#decide(isAll: boolean, bomBytes: 0 | 3): void {
		const [best] = this.#candidates.toSorted(compareCandidates);
		if (best === undefined) return;
		const isDecided = best.isComplete || isAll || this.#candidates.every(({isOver}) => isOver);
		if (!isDecided) return;
		this.#dialect = {...plainDialect, delimiter: best.delimiter, bomBytes};
		this.#isComplete = best.isComplete;
		const needed = best.isComplete ? [best] : this.#candidates;
		this.#bytesNeeded = Math.max(...needed.map(({end}) => (end === null ? Number.POSITIVE_INFINITY : end + 1)));
	}
}

function readMark(bytes: Uint8Array): 0 | 3 {
	assertIsText(bytes);
	return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

const hasLineEnd = (bytes: Uint8Array): boolean => bytes.includes(LF) || bytes.includes(CR);

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;

const NOT_RATED: NameRating = {known: 0, isComplete: false};

/** The header as read with one delimiter. */
class HeaderCandidate {
	readonly delimiter: string;
	readonly #rateNames: RateNames;
	readonly #decodeName: (bytes: string) => string;
	readonly #limits: RecordLimits;
	#names: string[] = [];
	#count = 0;
	#rating: NameRating | null = null;
	#state: 'field-start' | 'unquoted' | 'quoted' | 'after-quote' = 'field-start';
	#fieldStart = 0;
	/** How many bytes of the header have been read. */
	bytesSeen = 0;
	/** Where the line end behind the header is; `null` where there is none. */
	end: number | null = null;
	/** Whether further bytes change nothing: the header has ended, or is longer than a record may be. */
	isOver = false;

	constructor(delimiter: string, rateNames: RateNames, limits: RecordLimits, decodeName: (bytes: string) => string) {
		this.#decodeName = decodeName;
		this.delimiter = delimiter;
		this.#rateNames = rateNames;
		this.#limits = limits;
	}

	/** Whether the header has ended and has all wanted names. */
	get isComplete(): boolean {
		return this.end !== null && this.#rating?.isComplete === true;
	}

	get known(): number {
		return this.#rating?.known ?? 0;
	}

	get count(): number {
		return this.#count;
	}

	/** @param header - The header from its beginning, as before, with further bytes. */
	read(header: Uint8Array, isAll: boolean): void {
		if (this.isOver) return;
		const delimiterByte = this.delimiter.charCodeAt(0);
		let state = this.#state;
		// Two further bytes may be an unread line end, see `readHeader`.
		const maxBytes = this.#limits.maxRecordBytes + 3;
		const end = Math.min(header.length, maxBytes);
		let index = this.bytesSeen;
		for (; index < end; index++) {
			const byte = header[index];
			if (state === 'quoted') {
				if (byte === QUOTE) state = 'after-quote';
			} else if (byte === delimiterByte) {
				this.#addField(header, index);
				state = 'field-start';
			} else if (byte === LF || byte === CR) {
				this.end = index;
				break;
			} else state = byte === QUOTE && state !== 'unquoted' ? 'quoted' : 'unquoted';
		}
		this.#state = state;
		this.bytesSeen = index;
		this.isOver = this.end !== null || isAll || index === maxBytes;
		if (!this.isOver) return;
		this.#addField(header, index);
	}

	/** Rates the names of a header that is over, unless some other one is better in any case: one without this delimiter that has all wanted names. */
	rate(all: readonly HeaderCandidate[]): void {
		if (!this.isOver || this.#rating !== null) return;
		const isBeaten = this.#count === 1 && all.some(other => other.known > 1 && other.endsNoLater(this.end));
		this.#rating = isBeaten ? NOT_RATED : this.#rateNames(this.#names);
		// Releases the names, which may be as long as a record.
		this.#names = [];
	}

	/** Whether it has all wanted names, and ends where another one does or in front of that. */
	endsNoLater(end: number | null): boolean {
		return this.isComplete && this.end !== null && (end === null || this.end <= end);
	}

	#addField(header: Uint8Array, end: number): void {
		this.#count++;
		// A header with more columns is refused, so its further names do not matter.
		if (this.#count <= this.#limits.maxColumns) {
			const field = header.subarray(this.#fieldStart, end);
			// A longer field cannot be a wanted name, and a header without an end would keep as much as a record may hold.
			this.#names.push(field.length > this.#limits.maxFieldBytes ? '' : nameIn(field, this.#decodeName));
		}
		this.#fieldStart = end + 1;
	}
}

function decodeAsBytesSay(bytes: string): string {
	const buffer = Buffer.from(bytes, 'latin1');
	return isUtf8(buffer) ? buffer.toString() : bytes;
}

function nameIn(field: Uint8Array, decodeName: (bytes: string) => string): string {
	const raw = decodeName(Buffer.from(field.buffer, field.byteOffset, field.byteLength).toString('latin1'));
	return raw.startsWith('"') ? raw.slice(1, raw.endsWith('"') ? -1 : undefined).replaceAll('""', '"') : raw;
}

/** The better one first; equally good ones stay in the order of the delimiters. */
function compareCandidates(left: HeaderCandidate, right: HeaderCandidate): number {
	if (left.isComplete !== right.isComplete) return left.isComplete ? -1 : 1;
	if (left.isComplete && left.end !== right.end) return (left.end ?? 0) - (right.end ?? 0);
	return right.known - left.known || right.count - left.count;
}
