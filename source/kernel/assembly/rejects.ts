// Rejected records: counted all, the first ones kept for the host with their place and what was found. An analysis rejects a record for
// what it lacks; a record whose structure is wrong is rejected for all of them.
//
//   entry, 1,120 bytes: [ byte offset, 8 │ line, 8 │ reason, 4 │ column, 4 │ field count, 4 │ value bytes, 4 │ analysis, 4 │ value ... ]
import {takeRagged} from './host';
import {lineAt} from './lines';
import {allocate, KEPT_COUNTS, release} from './memory';
import {beginSpool, spoolReject} from './reject-spool';

const ENTRY_BYTES: usize = 1120;
const VALUE: usize = 36;
/** More than is shown. */
const VALUE_BYTES: usize = 1000;

export const FIELD_COUNT: i32 = 0;
export const QUOTE: i32 = 1;
export const MISSING_VALUE: i32 = 2;
export const NOT_NUMERIC: i32 = 3;
export const NOT_A_DATE: i32 = 4;
export const TOO_MANY_DIGITS: i32 = 5;
/** By a function of the host. */
export const BY_FUNCTION: i32 = 6;
export const UNCLOSED_QUOTE: i32 = 7;
/** Bytes that are no character of the encoding of the file. */
export const ENCODING: i32 = 8;
export const PADDING: i32 = 9;
export const REPEATED_HEADER: i32 = 10;
export const NUL_BYTE: i32 = 11;

/** As the number of an analysis. */
export const STRUCTURE: i32 = -1;
/** So many of these are told to the host. */
const MAX_RAGGED: u64 = 3;
const MAX_ANALYSES: i32 = 64;
/** How many are kept for each analysis; the first counter is that of the structure. */
const KEPT_OF: usize = KEPT_COUNTS;

let rejected: u64 = 0;
let structural: u64 = 0;
let kept: u32 = 0;
/** Whether one more than there is room for was kept, for it fails the file. */
let isLastKept: bool = false;
/** The rejected record with this number fails the file; 0 for none. */
let failingReject: u64 = 0;
/** So many of a million fail a file at its end; 0 for none. */
let failingPerMillion: u64 = 0;
let maxKept: u32 = 0;
let log: usize = 0;
let logBytes: usize = 0;
/** To be added to an address to get the offset in the source. */
let offsetOfAddress: i64 = 0;

/** @param most - So many are kept of each analysis, and of the structure. */
export function limitRejects(limit: u64, perMillion: u64, most: u32, analyses: i32): void {
	if (analyses > MAX_ANALYSES) unreachable();
	failingReject = limit;
	failingPerMillion = perMillion;
	maxKept = most;
	// One more for the reject that fails the file.
	const bytes = ((most * ((analyses + 1) as u32) + 1) as usize) * ENTRY_BYTES;
	if (bytes <= logBytes) return;
	if (logBytes > 0) release(log, logBytes);
	log = allocate(bytes);
	logBytes = bytes;
}
export function beginRejects(): void {
	rejected = 0;
	structural = 0;
	kept = 0;
	isLastKept = false;
	beginSpool();
	memory.fill(KEPT_OF, 0, 4 * ((MAX_ANALYSES + 1) as usize));
}
export function setAddressOffset(offset: i64): void {
	offsetOfAddress = offset;
}
/** What is added to an address to get the offset in the source. */
export function addressOffset(): i64 {
	return offsetOfAddress;
}
/** Records that any analysis has rejected. */
export function countRejected(): f64 {
	return rejected as f64;
}
/** Those that all have. */
export function countStructural(): f64 {
	return structural as f64;
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

/** Counts a record that is rejected, once for all analyses that reject it. */
export function countReject(analysis: i32): void {
	rejected++;
	if (analysis === STRUCTURE) structural++;
}

/**
Keeps why, for one analysis or for all. The record has been counted.

@param record - Where it begins, or where the fault does.
*/
export function keepReject(
	analysis: i32,
	record: usize,
	reason: i32,
	column: i32,
	fieldCount: i32,
	value: usize,
	valueEnd: usize,
): void {
	const offset = (record as i64) + offsetOfAddress;
	if (analysis === STRUCTURE && structural <= MAX_RAGGED) {
		takeRagged(reason, fieldCount, value, valueEnd - value, lineAt(record) as f64, offset as f64);
	}
	const isSaid = reason === BY_FUNCTION;
	spoolReject(analysis, record, offset, reason, column, fieldCount, isSaid ? value : 0, isSaid ? valueEnd : 0);
	const keptOf = KEPT_OF + 4 * ((analysis + 1) as usize);
	const isFull = load<u32>(keptOf) >= maxKept;
	// The reject that fails the file is the last one of the log.
	if (isFull && (rejected !== failingReject || isLastKept)) return;
	if (isFull) isLastKept = true;
	store<u32>(keptOf, load<u32>(keptOf) + 1);
	const entry = log + (kept as usize) * ENTRY_BYTES;
	kept++;
	const length = min(valueEnd - value, VALUE_BYTES);
	store<i64>(entry, offset);
	store<u64>(entry, lineAt(record), 8);
	store<i32>(entry, reason, 16);
	store<i32>(entry, column, 20);
	store<i32>(entry, fieldCount, 24);
	store<u32>(entry, length as u32, 28);
	store<i32>(entry, analysis, 32);
	memory.copy(entry + VALUE, value, length);
}
