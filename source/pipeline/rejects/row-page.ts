// Bytes of CSV, one field after the other. What needs no care is copied as it is: there may be millions of rows.
import {guardFormula, mayNeedGuard} from '../../text/formula-guard.ts';

const COMMA = 0x2c;
const QUOTE = 0x22;
const LF = 0x0a;
const ZERO = 0x30;

/** A longer one is copied by the engine's own loop, which takes long to be called. */
const SHORT_BYTES = 48;

export class RowPage {
	#bytes = Buffer.allocUnsafe(320 * 1024);
	#length = 0;
	#isFirst = true;

	get length(): number {
		return this.#length;
	}

	/** A field as text. */
	addText(text: string): void {
		this.addRaw(encodeField(text));
	}

	/** A field as it stands in CSV, or several. */
	addRaw(bytes: Uint8Array, start = 0, end = bytes.length): void {
		this.#separate(end - start);
		this.#copy(bytes, start, end);
	}

	/** A field of bytes that need no care but for their commas and quotes. */
	addQuoted(bytes: Uint8Array, start: number, end: number): void {
		this.#separate(2 * (end - start) + 2);
		const target = this.#bytes;
		let at = this.#length;
		target[at++] = QUOTE;
		for (let index = start; index < end; index++) {
			const byte = bytes[index] ?? 0;
			if (byte === QUOTE) target[at++] = QUOTE;
			target[at++] = byte;
		}
		target[at++] = QUOTE;
		this.#length = at;
	}

	/** A whole number that is not negative. */
	addNumber(number: number): void {
		this.#separate(20);
		let digits = 1;
		for (let power = 10; power <= number; power *= 10) digits++;
		let rest = number;
		for (let at = this.#length + digits - 1; at >= this.#length; at--) {
			const next = Math.floor(rest / 10);
			this.#bytes[at] = ZERO + rest - 10 * next;
			rest = next;
		}
		this.#length += digits;
	}

	/** Whole rows as they stand in CSV. */
	addRows(rows: Uint8Array): void {
		this.#reserve(rows.length);
		this.#bytes.set(rows, this.#length);
		this.#length += rows.length;
	}

	addEmpty(count: number): void {
		for (let field = 0; field < count; field++) this.#separate(0);
	}

	endRow(): void {
		this.#reserve(1);
		this.#bytes[this.#length++] = LF;
		this.#isFirst = true;
	}

	/** What has been added since the last time. It is good until more is added. */
	take(): Uint8Array {
		const taken = this.#bytes.subarray(0, this.#length);
		this.#length = 0;
		return taken;
	}

	#copy(bytes: Uint8Array, start: number, end: number): void {
		if (end - start > SHORT_BYTES) this.#bytes.set(bytes.subarray(start, end), this.#length);
		else for (let at = start, to = this.#length; at < end; at++, to++) this.#bytes[to] = bytes[at] ?? 0;
		this.#length += end - start;
	}

	/** @param bytes - Of the next field. */
	#separate(bytes: number): void {
		this.#reserve(bytes + 1);
		if (!this.#isFirst) this.#bytes[this.#length++] = COMMA;
		this.#isFirst = false;
	}

	#reserve(bytes: number): void {
		if (this.#length + bytes <= this.#bytes.length) return;
		const larger = Buffer.allocUnsafe(2 * (this.#length + bytes));
		larger.set(this.#bytes.subarray(0, this.#length));
		this.#bytes = larger;
	}
}

/** A field as it stands in CSV, with formulas guarded. */
export function encodeField(text: string): Buffer {
	const guarded = mayNeedGuard(text) ? guardFormula(text) : text;
	return Buffer.from(/[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded);
}
