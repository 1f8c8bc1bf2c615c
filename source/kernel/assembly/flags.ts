// Which records of a run are to be read by the rules: one bit each.
import {FLAGS, FLAGS_BYTES} from './memory';

/** Clears the bits of so many records, and of those behind them up to a word. */
export function clearFlags(records: i32): void {
	memory.fill(FLAGS, 0, min<usize>(FLAGS_BYTES, (((records as usize) + 63) >> 6) << 3));
}

export function flag(record: i32): void {
	const at = FLAGS + ((record as usize) >> 3);
	store<u8>(at, load<u8>(at) | (((1 as u32) << (record & 7)) as u8));
}

/** The first record from there on that has a bit; `records` where there is none. */
export function nextFlagged(from: i32, records: i32): i32 {
	let word: usize = FLAGS + (((from as usize) >> 6) << 3);
	const end = FLAGS + ((((records as usize) + 63) >> 6) << 3);
	let bits: u64 = word < end ? load<u64>(word) & (~(0 as u64) << ((from & 63) as u64)) : 0;
	while (bits === 0) {
		word += 8;
		if (word >= end) return records;
		bits = load<u64>(word);
	}
	return min(records, (((word - FLAGS) << 3) as i32) + (ctz<u64>(bits) as i32));
}

/** The first record from there on whose byte of a mask, which has one for each record of the run, is another one. */
export function skipMask(mask: usize, from: i32, last: i32, byte: u64): i32 {
	let record = from;
	const eight = byte * 0x0101_0101_0101_0101;
	while (record + 8 <= last) {
		const others = load<u64>(mask + (record as usize)) ^ eight;
		if (others !== 0) return record + ((ctz<u64>(others) >> 3) as i32);
		record += 8;
	}
	while (record < last && load<u8>(mask + (record as usize)) === (byte as u8)) record++;
	return record;
}
