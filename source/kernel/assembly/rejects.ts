// Rejected records: counted all, the first ones kept for the host with their place and what was found.
//
//   entry, 1,120 bytes: [ byte offset, 8 │ line, 8 │ reason, 4 │ column, 4 │ field count, 4 │ value bytes, 4 │ value ... ]
import {lineAt} from './lines';
import {allocate, REJECT_LOG, REJECT_LOG_BYTES, release} from './memory';

const ENTRY_BYTES: usize = 1120;
const VALUE: usize = 32;
/** More than anyone is shown. */
const VALUE_BYTES: usize = 1000;

export const FIELD_COUNT: i32 = 0;
export const QUOTE: i32 = 1;
export const MISSING: i32 = 2;
export const NOT_A_NUMBER: i32 = 3;
export const NOT_A_DATE: i32 = 4;
export const TOO_MANY_DIGITS: i32 = 5;

let rejected: u64 = 0;
let kept: u32 = 0;
/** The reject with this number fails the file; 0 for none. */
let failingReject: u64 = 0;
/** So many of a million fail a file at its end; 0 for none. */
let failingPerMillion: u64 = 0;
let mostKept: u32 = 0;
/** Where the log is: in its fixed region, unless more are to be kept than that has room for. */
let log: usize = REJECT_LOG;
let logBytes: usize = REJECT_LOG_BYTES;
/** To be added to an address to get the offset in the source. */
let offsetOfAddress: i64 = 0;

export function limitRejects(limit: u64, perMillion: u64, most: u32): void {
	failingReject = limit;
	failingPerMillion = perMillion;
	mostKept = most;
	// One more for the reject that fails the file.
	const bytes = ((most + 1) as usize) * ENTRY_BYTES;
	if (bytes <= logBytes) return;
	if (log !== REJECT_LOG) release(log, logBytes);
	log = allocate(bytes);
	logBytes = bytes;
}
export function beginRejects(): void {
	rejected = 0;
	kept = 0;
}
export function setAddressOffset(offset: i64): void {
	offsetOfAddress = offset;
}
export function countRejected(): f64 {
	return rejected as f64;
}
export function countKept(): u32 {
	return kept;
}
export function rejectLog(): usize {
	return log;
}
/** Whether a file of so many records that has been read to its end fails by their share. */
export function failsByShare(rows: u64): bool {
	return failingPerMillion !== 0 && rejected > 0 && rejected * 1_000_000 >= failingPerMillion * rows;
}
export function failsByRejects(): bool {
	return failingReject !== 0 && rejected >= failingReject;
}

export function reject(record: usize, reason: i32, column: i32, fieldCount: i32, value: usize, valueEnd: usize): void {
	rejected++;
	if (kept >= mostKept && rejected !== failingReject) return;
	const entry = log + (kept as usize) * ENTRY_BYTES;
	kept++;
	const length = min(valueEnd - value, VALUE_BYTES);
	store<i64>(entry, (record as i64) + offsetOfAddress);
	store<u64>(entry, lineAt(record), 8);
	store<i32>(entry, reason, 16);
	store<i32>(entry, column, 20);
	store<i32>(entry, fieldCount, 24);
	store<u32>(entry, length as u32, 28);
	memory.copy(entry + VALUE, value, length);
}
