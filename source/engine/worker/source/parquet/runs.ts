// Small numbers in Parquet: runs of one number, and groups of eight in as few bits as they need, in any order (RLE and bit-packing hybrid).

/** An index of a dictionary needs no more: a page has fewer values. */
const MAX_WIDTH = 24;

/**
@param width - Bits of a number.
@throws {Error} Where there are fewer than `count`.
*/
export function readRuns(bytes: Uint8Array, start: number, width: number, count: number): Int32Array {
	if (width > MAX_WIDTH) throw new Error(`numbers of ${width} bits are more than there can be`);
	const numbers = new Int32Array(count);
	let at = start;
	const next = (): number => {
		const byte = bytes[at++];
		if (byte === undefined) throw new Error('it is shorter than its number of values');
		return byte;
	};
	for (let filled = 0; filled < count; ) {
		let head = 0;
		for (let shift = 0, byte = 0x80; byte >= 0x80; shift += 7) {
			byte = next();
			head += (byte & 0x7f) * 2 ** shift;
		}
		const runCount = Math.floor(head / 2);
		if (head % 2 === 0) {
			let number = 0;
			for (let shift = 0; shift < width; shift += 8) number += next() << shift;
			const end = Math.min(count, filled + runCount);
			numbers.fill(number, filled, end);
			filled = end;
			continue;
		}
		const runEnd = at + runCount * width;
		const end = Math.min(count, filled + 8 * runCount);
		const mask = 2 ** width - 1;
		for (let bits = 0, bitCount = 0; filled < end; filled++) {
			for (; bitCount < width; bitCount += 8) bits |= next() << bitCount;
			numbers[filled] = bits & mask;
			bits >>>= width;
			bitCount -= width;
		}
		at = runEnd;
	}
	return numbers;
}
