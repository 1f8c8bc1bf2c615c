// Keys of records and of long cells, as in analysis/quality/record-key.ts, which says what they are: 15 bytes in the form of a short key
// (../keys.ts), so there is no byte behind them.
import {fieldEnd, openEntry, openedEnd, openedStart} from '../fields';
import {mix} from '../keys';
import {allocate, KEEP_FIRST, release} from '../memory';
import {delimiterByte, quoteByte} from '../structure';

const QUOTE: u8 = 0x22;
const LF: u8 = 0x0a;
const CR: u8 = 0x0d;
const GOLDEN: u64 = 0x9e3779b97f4a7c15;
const SECRET_0: u64 = 0xbe4ba423396cfeb8;
const SECRET_1: u64 = 0x1cad21721f719c2d;
/** 15 bytes and what says so, see `shortKey`. */
const LOW_BYTES: u64 = 0x00ff_ffff_ffff_ffff;
const TAG: u64 = (16 as u64) << 56;

let low: u64 = 0;
let high: u64 = 0;
/** Whether a record had a byte that is not ASCII. */
let hasHigh: bool = false;

/** The halves of the key that was made last. */
export function lowOfKey(): u64 {
	return low;
}
export function highOfKey(): u64 {
	return high;
}
export function recordHasHighBytes(): bool {
	return hasHigh;
}

/** Where a record is written whose cells are not all as they are in the file. */
let joined: usize = 0;
let joinedCapacity: usize = 0;

/**
Makes the key of a record.

@param entries - The entry in front of its first field.
@param isPlain - Whether its cells surely are as they are in the file.
*/
export function makeRecordKey(entries: usize, columns: i32, isPlain: bool): void {
	const start = (load<u32>(entries) as usize) + 1;
	const lineEnd = load<u32>(entries + 4 * (columns as usize)) as usize;
	if (isPlain) {
		hashBlocks<OwnBytes>(start, lineEnd - start, 0);
		return;
	}
	const end = fieldEnd(start, lineEnd);
	if (hashPlain(start, end)) return;
	const length = joinCells(entries, columns);
	hashText(joined, length);
}

/** Makes the key of a text. */
export function hashText(start: usize, length: usize): void {
	hashBlocks<AnyBytes>(start, length, 0);
}

/** Makes the key of a record whose cells are as they are in the file: it has no quote and no line end. Else returns false. */
function hashPlain(start: usize, end: usize): bool {
	const quote = quoteByte();
	return hashBlocks<PlainBytes>(start, end - start, quote < 0 ? QUOTE : (quote as u8));
}

// Type arguments that say which bytes may be: the compiler makes a loop for each, in which `sizeof` is known.
type AnyBytes = u8;
type PlainBytes = u16;
type OwnBytes = u32;

function hashBlocks<Bytes>(start: usize, length: usize, quote: u8): bool {
	const quotes = i8x16.splat(quote);
	const usualQuotes = i8x16.splat(QUOTE);
	const feeds = i8x16.splat(LF);
	const returns = i8x16.splat(CR);
	const step = i64x2.splat(GOLDEN);
	let secrets = i64x2.replace_lane(i64x2.splat(SECRET_0), 1, SECRET_1);
	let sums = i64x2.replace_lane(i64x2.splat(length as u64), 1, ~(length as u32) as u64);
	let bits = i8x16.splat(0);
	let special = i8x16.splat(0);
	const end = start + length;
	for (let at = start; at < end; at += 16) {
		let block = v128.load(at);
		if (end - at < 16) block = v128.and(block, v128.load(KEEP_FIRST + 16 * (end - at)));
		if (sizeof<Bytes>() !== sizeof<AnyBytes>()) bits = v128.or(bits, block);
		if (sizeof<Bytes>() === sizeof<PlainBytes>()) {
			special = v128.or(
				v128.or(special, v128.or(i8x16.eq(block, quotes), i8x16.eq(block, usualQuotes))),
				v128.or(i8x16.eq(block, feeds), i8x16.eq(block, returns)),
			);
		}
		const mixed = v128.xor(block, secrets);
		secrets = i64x2.add(secrets, step);
		const lows = v128.shuffle<u32>(mixed, mixed, 0, 2, 0, 2);
		const highs = v128.shuffle<u32>(mixed, mixed, 1, 3, 1, 3);
		const swapped = v128.shuffle<u64>(block, block, 1, 0);
		sums = i64x2.add(i64x2.add(sums, i64x2.extmul_low_i32x4_u(lows, highs)), swapped);
	}
	if (sizeof<Bytes>() !== sizeof<AnyBytes>()) hasHigh = i8x16.bitmask(bits) !== 0;
	if (sizeof<Bytes>() === sizeof<PlainBytes>()) {
		if (v128.any_true(special)) return false;
	}
	low = mix(i64x2.extract_lane(sums, 0));
	high = (mix(i64x2.extract_lane(sums, 1)) & LOW_BYTES) | TAG;
	return true;
}

/** Writes a record with quotes around those cells alone that need them. Returns how many bytes that are. */
function joinCells(entries: usize, columns: i32): usize {
	const delimiter = delimiterByte();
	let length: usize = 0;
	for (let column: i32 = 0; column < columns; column++) {
		openEntry(entries + 4 * (column as usize));
		const start = openedStart();
		const end = openedEnd();
		// A delimiter, two quotes, and each quote twice; records are read 16 bytes at a time.
		growJoined(length + 2 * (end - start) + 3 + 16, length);
		if (column > 0) store<u8>(joined + length++, delimiter);
		length = needsQuotes(start, end, delimiter) ? writeQuoted(length, start, end) : writeCell(length, start, end);
	}
	return length;
}

function needsQuotes(start: usize, end: usize, delimiter: u8): bool {
	for (let at = start; at < end; at++) {
		const byte = load<u8>(at);
		if (byte === delimiter || byte === QUOTE || byte === LF || byte === CR) return true;
	}
	return false;
}

function writeCell(at: usize, start: usize, end: usize): usize {
	memory.copy(joined + at, start, end - start);
	return at + (end - start);
}

function writeQuoted(from: usize, start: usize, end: usize): usize {
	let to = joined + from;
	store<u8>(to++, QUOTE);
	for (let at = start; at < end; at++) {
		const byte = load<u8>(at);
		store<u8>(to++, byte);
		if (byte === QUOTE) store<u8>(to++, QUOTE);
	}
	store<u8>(to++, QUOTE);
	return to - joined;
}

function growJoined(bytes: usize, kept: usize): void {
	if (bytes <= joinedCapacity) return;
	const old = joined;
	const oldCapacity = joinedCapacity;
	joinedCapacity = 2 * bytes;
	joined = allocate(joinedCapacity);
	memory.copy(joined, old, kept);
	if (oldCapacity > 0) release(old, oldCapacity);
}
