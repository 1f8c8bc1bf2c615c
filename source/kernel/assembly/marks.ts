// Byte order marks within a source, see input/byte-order-marks.ts: one at the beginning of a record is not part of it.

const LF: u8 = 0x0a;
const CR: u8 = 0x0d;
export const FIRST_OF_MARK: u8 = 0xef;
const MARK_BYTES: usize = 3;

function isMark(address: usize, end: usize): bool {
	return address + MARK_BYTES <= end && load<u8>(address) === FIRST_OF_MARK && load<u16>(address, 1) === 0xbfbb;
}

/** Where a record begins behind the marks in front of it. */
export function skipMarks(record: usize, end: usize): usize {
	let address = record;
	while (isMark(address, end)) address += MARK_BYTES;
	return address;
}

/** Whether there are characters of UTF-8 as input/text-evidence.ts has them. @param to - The byte there may be any. */
export function hasUtf8Characters(from: usize, to: usize): bool {
	for (let address = from; address < to; address += 16) {
		const first = v128.load(address);
		const second = isContinuation(v128.load(address, 1));
		const third = isContinuation(v128.load(address, 2));
		const two = v128.or(i8x16.eq(first, i8x16.splat(0xc2 as i8)), i8x16.eq(first, i8x16.splat(0xc3 as i8)));
		const high = i8x16.eq(v128.and(first, i8x16.splat(0xf0 as i8)), i8x16.splat(0xe0 as i8));
		const three = v128.andnot(high, i8x16.eq(first, i8x16.splat(FIRST_OF_MARK)));
		const found = v128.and(second, v128.or(two, v128.and(three, third)));
		const mask = i8x16.bitmask(found);
		if (mask !== 0 && address + (ctz<i32>(mask) as usize) < to) return true;
	}
	return false;
}

function isContinuation(bytes: v128): v128 {
	return i8x16.eq(v128.and(bytes, i8x16.splat(0xc0 as i8)), i8x16.splat(0x80 as i8));
}

/**
Where the next mark is that has a line end in front of it; `to` where there is none. It may be inside quotes.

@param from - The byte in front of it is not a line end.
@param end - The end of what has been read.
*/
export function findMark(from: usize, to: usize, end: usize): usize {
	const firsts = i8x16.splat(FIRST_OF_MARK);
	for (let address = from; address < to; address += 16) {
		let found = i8x16.bitmask(i8x16.eq(v128.load(address), firsts));
		for (; found !== 0; found &= found - 1) {
			const mark = address + (ctz<i32>(found) as usize);
			if (mark >= to) return to;
			const byte = load<u8>(mark - 1);
			if (mark > from && (byte === LF || byte === CR) && isMark(mark, end)) return mark;
		}
	}
	return to;
}
