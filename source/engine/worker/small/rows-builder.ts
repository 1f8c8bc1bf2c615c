// Rows of small files that were read in the general way, in the form in which the kernel has those of others.
import {encodeRow, KeyNumbers, type RowShape, rowShapeOf} from '../../../analysis/file-rows.ts';
import {rowOfState} from '../../../analysis/row-of-state.ts';
import type {AnalysisState} from '../../../analysis/state.ts';
import {VarintWriter} from '../../../analysis/varints.ts';
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
	return {analyses, bytes, rowBytes: rows.length, keyBytes};
}

export class RowsBuilder {
	readonly analysis: string;
	readonly #shape: RowShape;
	readonly #keys: readonly KeyNumbers[];
	readonly #writer = new VarintWriter();

	constructor(analysis: string, {layout}: AnalysisState) {
		this.analysis = analysis;
		this.#shape = rowShapeOf(layout);
		const {tables, topCount} = this.#shape;
		this.#keys = Array.from({length: tables.length + topCount}, () => new KeyNumbers());
	}

	/** Appends the row of a file. Returns how long it is. */
	add(state: AnalysisState): number {
		const {length} = this.#writer;
		encodeRow(this.#writer, this.#shape, rowOfState(state, this.#shape, this.#keys));
		return this.#writer.length - length;
	}

	build(): FileRows {
		return joinRows(
			[this.analysis],
			this.#writer.take(),
			this.#keys.map(keys => keys.encode()),
		);
	}
}
