// Physical lines: where a record begins, for messages and logs.
//
// The line of a good record is not needed, so lines are counted by windows: as many as the index has line ends, and where
// quotes hold some more, by looking at the bytes again. Only a rejected record's own line is counted within its window.

const LF: u8 = 0x0a;
const CR: u8 = 0x0d;

/** A place, and the line that begins there or goes on there. */
let knownAddress: usize = 0;
let knownLine: u64 = 1;

/** The same for `lineOf`. */
let markAddress: usize = 0;
let markLine: u64 = 1;

export function setLine(address: usize, line: u64): void {
	markAddress = address;
	markLine = line;
	knownAddress = address;
	knownLine = line;
}
export function moveLine(address: usize): void {
	markAddress = address;
	markLine = knownLine;
	knownAddress = address;
}
export function knownLineNumber(): u64 {
	return knownLine;
}

/** The line at an address that is not in front of the one that was asked for last. */
export function lineAt(address: usize): u64 {
	knownLine += countLineEnds(knownAddress, address);
	knownAddress = address;
	return knownLine;
}

/** The line at an address that is not in front of what has been read; `lineAt` may be asked for earlier ones afterwards. */
export function lineOf(address: usize): u64 {
	if (markAddress < knownAddress || address < markAddress) {
		markAddress = knownAddress;
		markLine = knownLine;
	}
	markLine += countLineEnds(markAddress, address);
	markAddress = address;
	return markLine;
}

/** The line ends between two addresses; no CRLF may be cut by the second one. */
export function countLineEnds(from: usize, to: usize): u64 {
	const feeds = i8x16.splat(LF);
	const returns = i8x16.splat(CR);
	let count: u64 = 0;
	let address = from;
	for (; address + 16 <= to; address += 16) {
		const bytes = v128.load(address);
		const isFeed = i8x16.eq(bytes, feeds);
		const isLoneReturn = v128.andnot(i8x16.eq(bytes, returns), i8x16.eq(v128.load(address + 1), feeds));
		count += popcnt<i32>(i8x16.bitmask(v128.or(isFeed, isLoneReturn))) as u64;
	}
	for (; address < to; address++) {
		const byte = load<u8>(address);
		if (byte === LF || (byte === CR && load<u8>(address + 1) !== LF)) count++;
	}
	return count;
}
