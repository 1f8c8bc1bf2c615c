// Samples of the columns of a source, as the kernel has them (assembly/columns/cell-sample.ts), in the order of their hashes. Mostly that is
// the same for all columns, which have cells of the same records.
import type {PackedEntries} from '../analysis/columns/cell-sample.ts';
import {copyBytes} from '../analysis/copy-bytes.ts';
import type {ColumnMemory} from './column-memory.ts';

const ENTRY_WORDS = 4;

export class ColumnSamples {
	/** Of the column before: the hashes as they came, in order, and the places of these. */
	#came = new Float64Array(0);
	#hashes = new Float64Array(0);
	#places = new Uint32Array(0);

	/** The entries of a column, and perhaps more than the caps allow. */
	read(memory: ColumnMemory): PackedEntries {
		const {words, bytes, texts} = memory.sample;
		const count = words.length / ENTRY_WORDS;
		this.#sort(words, count);
		const ends = new Uint32Array(count);
		let end = 0;
		for (let order = 0; order < count; order++) {
			end += words[ENTRY_WORDS * (this.#places[order] ?? 0) + 3] ?? 0;
			ends[order] = end;
		}
		const packed = new Uint8Array(end);
		let start = 0;
		for (let order = 0; order < count; order++) {
			const text = texts + (words[ENTRY_WORDS * (this.#places[order] ?? 0) + 2] ?? 0);
			copyBytes(packed, start, bytes, text, (ends[order] ?? 0) - start);
			start = ends[order] ?? 0;
		}
		return {hashes: this.#hashes, counts: new Float64Array(count).fill(1), ends, bytes: packed};
	}

	#sort(words: Uint32Array, count: number): void {
		const came = this.#came.length === count ? this.#came : new Float64Array(count);
		let isAsBefore = came === this.#came;
		for (let place = 0; place < count; place++) {
			const hash = (words[ENTRY_WORDS * place] ?? 0) + (words[ENTRY_WORDS * place + 1] ?? 0) * 2 ** 32;
			isAsBefore &&= came[place] === hash;
			came[place] = hash;
		}
		if (isAsBefore) return;
		this.#came = came;
		this.#places = Uint32Array.from(came.keys()).sort((one, other) => (came[one] ?? 0) - (came[other] ?? 0));
		this.#hashes = Float64Array.from(this.#places, place => came[place] ?? 0);
	}
}
