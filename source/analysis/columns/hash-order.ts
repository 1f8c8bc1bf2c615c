// The order of hashes, which are below 2^52. What is sorted is the upper bits of each hash and its place, as one number of 64 bits: numbers are
// sorted natively, and a function that compares them would be called a hundred thousand times.

/** Bits of a hash above the lower 32. */
const HIGH_BITS = 20;

/** The places of hashes in their order, of equal ones as they came. */
export function orderOfHashes(hashes: ArrayLike<number>): Uint32Array {
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
		// The lower bits of a hash are not in its number.
		let at = index;
		for (; at > 0 && (hashes[places[at - 1] ?? 0] ?? 0) > hash; at--) places[at] = places[at - 1] ?? 0;
		places[at] = place;
	}
	return places;
}
