// Records that look like the sum of others: they begin with a word for it, and have fewer cells than the others, or nothing behind them.
import type {SeenBytes} from '../../../kernel/byte-look.ts';
import type {Place} from './field-scan.ts';

/** A word for a sum, in five languages, and what it is of. */
const LABEL =
	/^\W*(?:(?:grand|sub|net|page)[ -]?)?(?:totals?|totaal|subtotaal|sum|summe|zwischensumme|gesamt(?:summe|betrag)?|somme|sous-total|total g\u00e9n\u00e9ral|suma|totale|subtotale)(?: (?:for|of|in|per|f\u00fcr|de|du|des|di|del)\b.*| \d{4})?\W*$|^(?:\u5408\u8ba1|\u603b\u8ba1|\u5c0f\u8ba1|\u5408\u8a08)/i;

/** Longer cells are no label. */
export const MAX_LABEL_BYTES = 40;

/** Whether a text, the first cell of a record that has any, is such a word. */
export const isLabelOfTotals = (cell: string): boolean => LABEL.test(cell.trim());

/** Lines that may begin so, in text of one character a byte. */
const CANDIDATE =
	/[\r\n][^a-z0-9\x80-\xff\r\n]{0,16}(?:(?:grand|sub|net|page)[ -]?)?(?:totals?|totaal|subtotaal|sum|summe|zwischensumme|gesamt\w*|somme|sous-total|suma|totale|subtotale)(?![a-z])|[\r\n][^a-z0-9\x80-\xff\r\n]{0,16}(?:\xe5\x90\x88|\xe6\x80\xbb|\xe5\xb0\x8f)/i;

/** They are looked for in so many bytes from the beginning of a file and in front of its end, where they stand. */
const LOOKED_BYTES = 4 * 1024 * 1024;

const TAIL_BYTES = 2 * MAX_LABEL_BYTES;

/** A quick look at the bytes of a file: whether there may be such a record. */
export class TotalsLook {
	readonly #size: number;
	#offset = 0;
	#tail = '';
	/** One that begins earlier than here may end in the next chunk. */
	#openTo = 0;

	constructor(size: number) {
		this.#size = size;
	}

	/** Whether the next chunk, of this many bytes, is searched for one. */
	isWithin(bytes: number): boolean {
		return this.#offset < LOOKED_BYTES || this.#offset + bytes > this.#size - LOOKED_BYTES;
	}

	/**
	@param seen - What the kernel has seen in all chunks; `null` where it does not look.
	@returns Whether there is one in the chunk, or between it and the one before.
	*/
	take(chunk: Buffer, seen: SeenBytes | null): boolean {
		const isWithin = this.isWithin(chunk.length);
		const start = this.#offset;
		this.#offset += chunk.length;
		if (!isWithin) return false;
		if (seen?.mayHaveLabel !== false) this.#openTo = this.#offset + TAIL_BYTES;
		const tail = this.#tail;
		this.#tail = (tail + chunk.toString('latin1', Math.max(0, chunk.length - TAIL_BYTES))).slice(-TAIL_BYTES);
		return start < this.#openTo && CANDIDATE.test(tail + chunk.toString('latin1'));
	}
}

export class TotalsScan {
	#label: number[] = [];
	#isLabelWhole = false;
	#isEmpty = true;
	#emptyFields = 0;
	#emptyBefore: number | null = null;
	#headerRows: number;
	#firstShort: Place | null = null;
	/** The first record of all, where it is one of totals: whether it has fewer cells than the next one is not known yet. */
	#pending: {readonly place: Place; readonly emptyFields: number} | null = null;
	#last: Place | null = null;

	/** @param headerRows - Records that are names, whatever they begin with. */
	constructor(headerRows: number) {
		this.#headerRows = headerRows;
	}

	/** The first of them; `null` where there is none. */
	get found(): Place | null {
		return this.#firstShort ?? this.#last;
	}

	/** @param byte - Of the text of a field. */
	takeText(byte: number): void {
		this.#isEmpty = false;
		if (!this.#isLabelWhole && this.#label.length <= MAX_LABEL_BYTES) this.#label.push(byte);
	}

	endField(): void {
		if (this.#isEmpty) this.#emptyFields++;
		else this.#isLabelWhole = true;
		this.#isEmpty = true;
	}

	/** @param start - Where the record begins. */
	endRecord(start: Place): void {
		this.endField();
		const isName = this.#headerRows > 0;
		if (isName) this.#headerRows--;
		const isTotals =
			!isName && this.#label.length <= MAX_LABEL_BYTES && isLabelOfTotals(Buffer.from(this.#label).toString());
		const isShort = this.#emptyBefore !== null && this.#emptyFields > this.#emptyBefore;
		if (isTotals && isShort) this.#firstShort ??= start;
		if (isTotals && this.#emptyBefore === null) this.#pending ??= {place: start, emptyFields: this.#emptyFields};
		if (!isTotals && !isName && this.#pending !== null) {
			if (this.#emptyFields < this.#pending.emptyFields) this.#firstShort ??= this.#pending.place;
			this.#pending = null;
		}
		this.#last = isTotals ? start : null;
		if (!isTotals && !isName) this.#emptyBefore = this.#emptyFields;
		this.#label = [];
		this.#isLabelWhole = false;
		this.#emptyFields = 0;
	}
}
