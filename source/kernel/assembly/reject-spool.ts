// All rejected records, where the host wants them: each with its bytes, packed as engine/shared/spooled-rejects.ts has it, and handed over
// as the room for them fills up.

import {takeSpooled} from './host';
import {lineAt} from './lines';
import {allocate} from './memory';

const ENTRY_BYTES: usize = 40;
const ROOM_BYTES: usize = 64 * 1024;
const SHORT_BYTES: usize = 256;

let room: usize = 0;
let filled: usize = 0;
/** How many records the host wants of each file, and how many more of this one. */
let wanted: u32 = 0;
let left: u32 = 0;
/** Where the last record was that was spooled. */
let lastOffset: i64 = -1;
/** The record that is read by the rules. */
let recordStart: usize = 0;
let recordEnd: usize = 0;

/** Says how many rejected records the host wants of each file; 0 for none. */
export function spoolRejects(most: u32): void {
	wanted = most;
	if (most > 0 && room === 0) room = allocate(ROOM_BYTES + 16);
}
export function beginSpool(): void {
	left = wanted;
	filled = 0;
	lastOffset = -1;
}

/** Says where the record is that may be rejected. @param end - Its line end does not belong to it. */
export function setSpooledRecord(start: usize, end: usize): void {
	recordStart = start;
	recordEnd = end;
}

/**
Spools the record for one of its faults.

@param place - Where it begins, or the fault does. @param offset - The same in the source.
@param said - What a function has said of it; nothing where the two addresses are the same.
*/
export function spoolReject(
	analysis: i32,
	place: usize,
	offset: i64,
	reason: i32,
	column: i32,
	fieldCount: i32,
	said: usize,
	saidEnd: usize,
): void {
	const isNew = offset !== lastOffset;
	if (isNew && left === 0) return;
	if (isNew) left--;
	lastOffset = offset;
	const bytes = isNew ? recordEnd - recordStart : 0;
	if (filled + ENTRY_BYTES > ROOM_BYTES) flushSpool();
	const entry = room + filled;
	store<u32>(entry, bytes as u32);
	store<u32>(entry, (saidEnd - said) as u32, 4);
	store<f64>(entry, offset as f64, 8);
	store<f64>(entry, lineAt(place) as f64, 16);
	store<i32>(entry, column, 24);
	store<i32>(entry, fieldCount, 28);
	store<i32>(entry, reason, 32);
	store<i32>(entry, analysis, 36);
	filled += ENTRY_BYTES;
	addBytes(recordStart, bytes);
	if (saidEnd > said) addBytes(said, saidEnd - said);
}

function addBytes(from: usize, bytes: usize): void {
	if (filled + bytes > ROOM_BYTES) flushSpool();
	// A long one is handed over where it is.
	if (bytes > ROOM_BYTES) takeSpooled(from, bytes);
	else {
		// Most are short: no call for them. What is written behind is written over, or not looked at.
		const target = room + filled;
		if (bytes > SHORT_BYTES) memory.copy(target, from, bytes);
		else for (let at: usize = 0; at < bytes; at += 16) v128.store(target + at, v128.load(from + at));
		filled += bytes;
	}
}

/** Hands over what has not been. */
export function flushSpool(): void {
	if (filled > 0) takeSpooled(room, filled);
	filled = 0;
}
