// Samples of the columns of a source, as the kernel has them (assembly/columns/cell-sample.ts), in the order of their hashes. Mostly that is
// the same for all columns, which have cells of the same records.
import type {PackedEntries} from '../analysis/columns/cell-sample.ts';
import type {ColumnMemory} from './column-memory.ts';

const ENTRY_WORDS = 4;
/** Of a hash. */
const HIGH_BITS = 20;

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
		this.#places = orderOf(came);
		this.#hashes = Float64Array.from(this.#places, place => came[place] ?? 0);
		this.#counts = new Float64Array(count).fill(1);
	}
}

/**
The places of hashes in their order, of equal ones as they came. What is sorted is the upper bits of each hash and its place, as one number of 64
bits: numbers are sorted natively, and a function that compares them would be called a hundred thousand times.
*/
function orderOf(hashes: Float64Array): Uint32Array {
	const keys = new BigUint64Array(hashes.length);
	const halves = new Uint32Array(keys.buffer);
	const placeBits = Math.max(1, 32 - Math.clz32(hashes.length));
	const restBits = Math.max(0, HIGH_BITS + placeBits - 32);
	for (let place = 0; place < hashes.length; place++) {
		const kept = Math.floor((hashes[place] ?? 0) / 2 ** restBits);
		const [high, low] = [Math.floor(kept / 2 ** 32), kept >>> 0];
		halves[2 * place] = ((low << placeBits) | place) >>> 0;
		halves[2 * place + 1] = ((high << placeBits) | (low >>> (32 - placeBits))) >>> 0;
	}
	keys.sort();
	const places = new Uint32Array(hashes.length);
	for (let index = 0; index < places.length; index++) {
		const place = (halves[2 * index] ?? 0) & (2 ** placeBits - 1);
		const hash = hashes[place] ?? 0;
		let at = index;
		for (; at > 0 && (hashes[places[at - 1] ?? 0] ?? 0) > hash; at--) places[at] = places[at - 1] ?? 0;
		places[at] = place;
	}
	return places;
}
