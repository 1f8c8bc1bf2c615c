// Rows of rejected records, written by the kernel: those in which nothing needs care, which are nearly all of most files.
import type {KernelExports} from './exports.ts';
import {rejectReasons} from './rejects.ts';

/** What the rows of a file have in common, as fields of CSV. */
export interface RejectRowTexts {
	readonly file: Uint8Array;
	readonly names: readonly Uint8Array[];
	/** For the structure of records, and each analysis: the reasons in the order of `rejectReasons`. */
	readonly reasons: readonly (readonly Uint8Array[])[];
	/** What is told of a record by the number of its fields, where that is wrong. */
	readonly fieldCounts: readonly Uint8Array[];
	/** Longer values are cut, by somebody else. */
	readonly maxValueBytes: number;
}

// Blocks of the kernel are powers of two: all of one is used.
const PADDING_BYTES = 64;
const ENTRIES_BYTES = 512 * 1024 - PADDING_BYTES;
const ROWS_BYTES = 512 * 1024 - PADDING_BYTES;
const TEXTS_BYTES = 256 * 1024 - PADDING_BYTES;
/** Of a text, its address and its length. */
const ADDRESS_BYTES = 8;
const COMMA = 0x2c;
const MAX_ROWS = 0x7fff_ffff;

export class RejectRows {
	readonly #kernel: KernelExports;
	readonly #entries: number;
	readonly #rows: number;
	readonly #texts: number;
	/** What is in the memory for texts. */
	#common: RejectRowTexts | null = null;
	#end = 0;

	constructor(kernel: KernelExports) {
		this.#kernel = kernel;
		this.#entries = kernel.allocate(ENTRIES_BYTES + PADDING_BYTES);
		this.#rows = kernel.allocate(ROWS_BYTES + PADDING_BYTES);
		this.#texts = kernel.allocate(TEXTS_BYTES + PADDING_BYTES);
	}

	/** Whether there is room for what the rows of a file have in common. */
	static hasRoomFor({file, names, reasons, fieldCounts}: RejectRowTexts): boolean {
		const texts = [file, ...names, ...reasons.flat(), ...fieldCounts];
		return texts.reduce((sum, {length}) => sum + ADDRESS_BYTES + length + 1, 0) <= TEXTS_BYTES;
	}

	#begin({file, names, reasons, fieldCounts, maxValueBytes}: RejectRowTexts): void {
		const texts = [file, ...names, ...reasons.flat(), ...fieldCounts];
		const memory = new Uint8Array(this.#kernel.memory.buffer);
		const table = new Uint32Array(memory.buffer, this.#texts, 2 * texts.length);
		let address = this.#texts + ADDRESS_BYTES * texts.length;
		for (const [index, text] of texts.entries()) {
			table.set([address, text.length + 1], 2 * index);
			memory.set(text, address);
			address += text.length;
			memory[address++] = COMMA;
		}
		this.#kernel.beginRejectRows(
			...([this.#texts, names.length, reasons.length, rejectReasons.length] as const),
			...([fieldCounts.length, maxValueBytes] as const),
		);
	}

	/**
	Takes entries of the spool in place of others, which somebody else may have loaded.

	@param common - Of all their rows.
	@returns False where they are too many.
	*/
	load(entries: Uint8Array, common: RejectRowTexts): boolean {
		if (entries.length > ENTRIES_BYTES) return false;
		if (common !== this.#common) this.#begin(common);
		this.#common = common;
		new Uint8Array(this.#kernel.memory.buffer).set(entries, this.#entries);
		this.#end = this.#entries + entries.length;
		return true;
	}

	/**
	Writes rows, up to the first one that it leaves to somebody else.

	@param at - Where the first entry begins, among those that were loaded.
	@param most - No more rows are written.
	*/
	write(at: number, lineShift: number, most: number): {readonly next: number; readonly count: number} {
		const rowsEnd = this.#rows + ROWS_BYTES;
		const limit = Math.min(most, MAX_ROWS);
		const from = this.#entries + at;
		const next = this.#kernel.writeRejectRows(from, this.#end, this.#rows, rowsEnd, lineShift, limit);
		return {next: next - this.#entries, count: this.#kernel.rejectRowCount()};
	}

	/** Those that were written last; good until others are. */
	get rows(): Uint8Array {
		return new Uint8Array(this.#kernel.memory.buffer).subarray(this.#rows, this.#kernel.rejectRowsEnd());
	}
}
