// Bytes that are no character of the encoding of a file, as the text in UTF-8 has them: see input/encodings/invalid-bytes.ts.
import {FIRST_OF_MARK} from './marks';

/** The other two bytes of U+FDD0 and U+FDD1, as a number. */
const START: u16 = 0x90b7;
const END: u16 = 0x91b7;
/** As in input/encodings/invalid-bytes.ts. */
const NEAR: usize = 100;

/** Where the first of them is noted; 0 where none is. */
export function findInvalid(from: usize, end: usize): usize {
	const firsts = i8x16.splat(FIRST_OF_MARK);
	for (let address = from; address < end; address += 16) {
		let found = i8x16.bitmask(i8x16.eq(v128.load(address), firsts));
		for (; found !== 0; found &= found - 1) {
			const note = address + (ctz<i32>(found) as usize);
			if (isNote(note, end)) return note;
		}
	}
	return 0;
}

function isNote(start: usize, end: usize): bool {
	if (start + 8 > end || load<u16>(start, 1) !== START) return false;
	let address = start + 3;
	while (address < end && isHexadecimal(load<u8>(address))) address++;
	const digits = address - start - 3;
	const isClosed = address + 3 <= end && load<u8>(address) === FIRST_OF_MARK && load<u16>(address, 1) === END;
	return isClosed && digits > 0 && (digits & 1) === 0;
}

function isHexadecimal(byte: u8): bool {
	return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46);
}

/** Where what is told of a cell begins. @param note - Where the first of them is noted in it. */
export function shownFrom(cell: usize, note: usize): usize {
	return note - cell > NEAR ? note : cell;
}
