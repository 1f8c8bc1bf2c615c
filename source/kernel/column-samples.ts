// Samples of the columns of a source, as the kernel has them (assembly/columns/cell-sample.ts), in the order of their hashes. Mostly that is
// the same for all columns, which have cells of the same records.
import type {PackedEntries} from '../analysis/columns/cell-sample.ts';
import {orderOfHashes} from '../analysis/columns/hash-order.ts';
import type {ColumnMemory} from './column-memory.ts';

const ENTRY_WORDS = 4;

export class ColumnSamples {
	/** Of the column before: the hashes as they came, in order, and the places of these. */
	#came = new Float64Array(0);
	#hashes = new Float64Array(0);
	#places: Uint32Array = new Uint32Array(0);
	#counts = new Float64Array(0);

	/** The entries of a column, and perhaps more than the caps allow. */
	read(memory: ColumnMemory): PackedEntries {
		const {words, textBytes} = memory.sample;
		this.#sort(words, words.length / ENTRY_WORDS);
		return {hashes: this.#hashes, counts: this.#counts, ...memory.packSample(this.#places, textBytes)};
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
		this.#places = orderOfHashes(came);
		this.#hashes = Float64Array.from(this.#places, place => came[place] ?? 0);
		this.#counts = new Float64Array(count).fill(1);
	}
}
