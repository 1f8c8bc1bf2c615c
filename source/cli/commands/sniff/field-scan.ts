// Follows the fields and lines of a file byte by byte, for the places of what is odd there.
import {type ByteFault, byteFaults} from './first-look.ts';
import type {SniffedDialect} from './sniffed-file.ts';
import {TotalsScan} from './totals-scan.ts';

export interface Place {
	readonly line: number;
	readonly byte_offset: number;
}

const LF = 0x0a;
const CR = 0x0d;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const TAB = 0x09;
/** It may stand in front of the fields of a line. */
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

type State = 'field-start' | 'unquoted' | 'quoted' | 'behind-quote';

export class FieldScan {
	readonly #delimiter: number;
	readonly #quote: number;
	readonly #areQuotesText: boolean;
	readonly #isEscaped: boolean;
	readonly #footerLines: number;
	readonly #titleLines: number;
	readonly #wanted: ReadonlySet<ByteFault>;
	#state: State = 'field-start';
	#offset = 0;
	#line = 1;
	#before = LF;
	#isEscaping = false;
	#newline: string | null = null;
	/** Where the last lines begin: one more than stand behind the table, because the last one may be empty. */
	#lineStarts: Place[] = [{line: 1, byte_offset: 0}];
	/** The first line end, outside of quotes, that is not as the first one of all. */
	otherNewline: (Place & {readonly newline: '\n' | '\r\n' | '\r'}) | null = null;
	/** The first quote in an unquoted field. */
	innerQuote: Place | null = null;
	/** The first byte order mark that does not stand at the beginning of the file. */
	innerMark: (Place & {readonly isBeforeLine: boolean}) | null = null;
	/** How many bytes of a mark have been seen. */
	#markBytes = 0;
	#isLineEmpty = true;
	#hasRecord = false;
	/** The first blank line behind a record, and whether there is another record behind it. */
	#blank: Place | null = null;
	#isBlankInside = false;
	readonly #totals: TotalsScan | null;
	#recordStart: Place = {line: 1, byte_offset: 0};
	/** Of the records that have ended, how many do so behind a delimiter. */
	#emptyEnds = 0;
	#records = 0;
	/** Where the last record begins, where the file ends in it behind a delimiter, as no other record does. */
	cutRecord: Place | null = null;

	/** @param wanted - Faults that are looked for. */
	constructor(
		{delimiter, quote, escape: escaping, skip_footer: footer, skip_lines: titles, header}: SniffedDialect,
		wanted: ReadonlySet<ByteFault> = new Set(byteFaults),
	) {
		this.#wanted = wanted;
		this.#delimiter = delimiter.charCodeAt(delimiter.length - 1);
		this.#quote = (quote === '' ? '"' : quote).charCodeAt(0);
		this.#areQuotesText = quote === '';
		this.#isEscaped = escaping === '\\';
		this.#footerLines = footer;
		this.#titleLines = titles;
		this.#totals = wanted.has('totals') ? new TotalsScan(header ? 1 : 0) : null;
	}

	/** The first record that looks like the sum of others; `null` where there is none. */
	get totals(): Place | null {
		const place = this.#totals?.found ?? null;
		const footer = this.footerStart;
		return place !== null && footer !== null && place.byte_offset >= footer.byte_offset ? null : place;
	}

	/** The first blank line between records; `null` where there is none. */
	get innerBlank(): Place | null {
		const footer = this.footerStart;
		if (this.#blank === null || !this.#isBlankInside) return null;
		return footer !== null && this.#blank.byte_offset >= footer.byte_offset ? null : this.#blank;
	}

	/** Where the lines behind the table begin; `null` where there are none. */
	get footerStart(): Place | null {
		if (this.#footerLines === 0) return null;
		const last = this.#lineStarts.at(-1);
		const starts = last?.byte_offset === this.#offset ? this.#lineStarts.slice(0, -1) : this.#lineStarts;
		return starts.at(-this.#footerLines) ?? null;
	}

	/** @returns Whether further bytes would tell nothing. */
	take(bytes: Uint8Array): boolean {
		for (const byte of bytes) {
			if (this.#before === CR) this.#endLine(byte === LF ? '\r\n' : '\r', byte === LF ? 1 : 0);
			else if (byte === LF) this.#endLine('\n', 1);
			if (byte !== LF && byte !== CR) this.#takeText(byte);
			this.#before = byte;
			this.#offset++;
		}
		return this.#footerLines === 0 && byteFaults.every(fault => !this.#wanted.has(fault) || this.#has(fault));
	}

	/** Nothing follows. */
	end(): void {
		if (this.#before === CR) this.#endLine('\r', 0);
		const isCut = this.#state === 'field-start' && !this.#isLineEmpty && this.#before === this.#delimiter;
		const isBehind = this.#recordStart.byte_offset >= (this.footerStart?.byte_offset ?? Number.POSITIVE_INFINITY);
		if (isCut && !isBehind && this.#emptyEnds === 0 && this.#records > 1) this.cutRecord = this.#recordStart;
		if (!this.#isLineEmpty && this.#state !== 'quoted') this.#endRecord();
	}

	#endRecord(): void {
		if (this.#line <= this.#titleLines) return;
		this.#records++;
		if (this.#state === 'field-start') this.#emptyEnds++;
		this.#totals?.endRecord(this.#recordStart);
	}

	#has(fault: ByteFault): boolean {
		switch (fault) {
			case 'newline':
				return this.otherNewline !== null;
			case 'quote':
				return this.innerQuote !== null;
			case 'mark':
				return this.innerMark !== null;
			case 'blank':
				return this.#isBlankInside;
			// The last record may be one, or be cut.
			case 'totals':
			case 'cut':
				return false;
		}
	}

	#here(): Place {
		return {line: this.#line, byte_offset: this.#offset};
	}

	/** @param length - How many bytes behind the current place the next line begins. */
	#endLine(newline: '\n' | '\r\n' | '\r', length: number): void {
		if (this.#state !== 'quoted') {
			this.#newline ??= newline;
			const start = this.#offset + length - newline.length;
			if (newline !== this.#newline) this.otherNewline ??= {line: this.#line, byte_offset: start, newline};
			if (!this.#isLineEmpty) this.#endRecord();
			this.#state = 'field-start';
			if (this.#isLineEmpty && this.#hasRecord) this.#blank ??= {line: this.#line, byte_offset: start};
			this.#isLineEmpty = true;
		}
		this.#isEscaping = false;
		this.#line++;
		this.#lineStarts.push({line: this.#line, byte_offset: this.#offset + length});
		if (this.#lineStarts.length > 2 * this.#footerLines + 4)
			this.#lineStarts = this.#lineStarts.slice(-this.#footerLines - 2);
	}

	#takeText(byte: number): void {
		// The mark of a file is no part of its first line.
		if (this.#offset < BYTE_ORDER_MARK.length && byte === BYTE_ORDER_MARK[this.#offset]) return;
		if (this.#isLineEmpty) {
			this.#recordStart = this.#lineStarts.at(-1) ?? this.#recordStart;
			this.#isLineEmpty = false;
		}
		if (this.#line > this.#titleLines) this.#hasRecord = true;
		this.#isBlankInside ||= this.#blank !== null;
		this.#markBytes =
			byte === BYTE_ORDER_MARK[this.#markBytes] ? this.#markBytes + 1 : byte === BYTE_ORDER_MARK[0] ? 1 : 0;
		if (this.#markBytes === BYTE_ORDER_MARK.length) {
			this.#markBytes = 0;
			const start = this.#offset - BYTE_ORDER_MARK.length + 1;
			const isBeforeLine = start === this.#lineStarts.at(-1)?.byte_offset;
			if (start > 0) this.innerMark ??= {line: this.#line, byte_offset: start, isBeforeLine};
		}
		this.#takeOfField(byte);
	}

	#takeOfField(byte: number): void {
		if (this.#isEscaping || (this.#isEscaped && byte === BACKSLASH)) {
			this.#isEscaping = !this.#isEscaping;
			if (this.#state === 'field-start') this.#state = 'unquoted';
		} else if (this.#state === 'field-start' && BYTE_ORDER_MARK.includes(byte)) return;
		else if (byte === this.#quote) this.#takeQuote();
		else if (this.#state === 'quoted') this.#totals?.takeText(byte);
		else if (byte === this.#delimiter) {
			this.#state = 'field-start';
			this.#totals?.endField();
		} else if (this.#state !== 'behind-quote' || (byte !== SPACE && byte !== TAB)) {
			this.#state = 'unquoted';
			this.#totals?.takeText(byte);
		}
	}

	#takeQuote(): void {
		if (this.#state === 'unquoted' || this.#areQuotesText) this.innerQuote ??= this.#here();
		else this.#state = this.#state === 'quoted' ? 'behind-quote' : 'quoted';
	}
}
