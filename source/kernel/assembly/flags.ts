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
