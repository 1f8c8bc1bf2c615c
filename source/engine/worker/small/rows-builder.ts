// Rows of small files that were read in the general way, in the form in which the kernel has those of others.
import {encodeRow, type RowShape, rowShapeOf} from '../../../analysis/file-rows.ts';
import {layoutOf} from '../../../analysis/registry.ts';
import {KeyNumbers} from '../../../analysis/row-keys.ts';
import {rowOfState} from '../../../analysis/row-of-state.ts';
import type {AnalysisState} from '../../../analysis/state.ts';
import {VarintWriter} from '../../../analysis/varints.ts';
import {PACKED_TOGETHER_BYTES, packRows} from '../../shared/packed-rows.ts';
import type {FileRows} from '../../shared/protocol.ts';

/** Puts rows, and the keys of their tables, into one piece of memory. */
export function joinRows(analyses: readonly string[], rows: Uint8Array, keys: readonly Uint8Array[]): FileRows {
	const keyBytes = keys.map(({length}) => length);
	const bytes = new Uint8Array(keyBytes.reduce((sum, length) => sum + length, rows.length));
	let end = 0;
	for (const part of [rows, ...keys]) {
		bytes.set(part, end);
		end += part.length;
	}
	return {analyses, bytes, isPacked: false, rowBytes: rows.length, keyBytes};
}

export class RowsBuilder {
	readonly analyses: readonly string[];
	readonly #parts: readonly {readonly shape: RowShape; readonly keys: readonly KeyNumbers[]}[];
	readonly #writer = new VarintWriter();
	/** Whether rows are long, as those of columns are. */
	readonly #isPacked: boolean;

	/** @param analyses - Of each file, in this order. */
	constructor(analyses: readonly string[]) {
		this.analyses = analyses;
		this.#parts = analyses.map(analysis => {
			const shape = rowShapeOf(layoutOf(analysis));
			const {tables, topCount} = shape;
			return {shape, keys: Array.from({length: tables.length + topCount}, () => new KeyNumbers())};
		});
		this.#isPacked = this.#parts.some(({shape}) => shape.hasColumns);
	}

	/** Whether others should take further rows. */
	get isFull(): boolean {
		return this.#isPacked && this.#writer.length >= PACKED_TOGETHER_BYTES;
	}

	/** Appends the row of a file. Returns how long it is. */
	add(states: readonly AnalysisState[]): number {
		const {length} = this.#writer;
		for (const [place, {shape, keys}] of this.#parts.entries()) {
			const state = states[place];
			if (state === undefined) throw new Error('Expected a state of each analysis');
			encodeRow(this.#writer, shape, rowOfState(state, shape, keys));
		}
		return this.#writer.length - length;
	}

	build(): FileRows {
		const keys = this.#parts.flatMap(part => part.keys.map(each => each.encode()));
		const rows = joinRows(this.analyses, this.#writer.take(), keys);
		return this.#isPacked ? {...rows, bytes: packRows(rows.bytes), isPacked: true} : rows;
	}
}
