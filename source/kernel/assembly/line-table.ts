// Masked lines and how often each is there, up to a number of them:
//
//   slot, 32 bytes:  [ hash, 8; 0 is empty │ address of the text, 4 │ its length, 4 │ count, 8 │ level + 1, or 0 where it is not known, 4; 4 ]
//
// Texts lie in an arena, with zeros up to 16 bytes. Their hashes are random for each thread, so that no file can be made whose lines all
// meet; equal hashes are not trusted.

import {clearArena, reserve, tableMultiplier} from './keys';
import {findLevel} from './line-level';
import {allocate, release} from './memory';

const SLOT_BYTES: usize = 32;
const FIRST_LOG2: i32 = 10;
const TEXT: usize = 8;
const LENGTH: usize = 12;
const COUNT: usize = 16;
const LEVEL: usize = 24;
const MIX: u64 = 0xbf58476d1ce4e5b9;

/** An arena. */
const texts: usize = allocate(16);
v128.store(texts, i64x2.splat(0));

let table: usize = 0;
let log2: i32 = 0;
let count: u32 = 0;
let bytes: u32 = 0;
let maxCount: u32 = 0;
let maxBytes: u32 = 0;
let isGivenUp: bool = false;

export function isTableGivenUp(): bool {
	return isGivenUp;
}
export function countedLines(): u32 {
	return count;
}
export function countedBytes(): u32 {
	return bytes;
}
export function countedTable(): usize {
	return table;
}
export function countedSlots(): u32 {
	return (1 as u32) << log2;
}

function tableBytes(): usize {
	return SLOT_BYTES << (log2 as usize);
}
function makeTable(newLog2: i32): void {
	log2 = newLog2;
	table = allocate(tableBytes());
	memory.fill(table, 0, tableBytes());
}

export function beginTable(maxLines: u32, maxLineBytes: u32): void {
	if (log2 > 0) release(table, tableBytes());
	clearArena(texts);
	makeTable(FIRST_LOG2);
	count = 0;
	bytes = 0;
	maxCount = maxLines;
	maxBytes = maxLineBytes;
	isGivenUp = false;
}

function hashOf(text: usize, length: usize): u64 {
	let even: u64 = (length as u64) ^ tableMultiplier();
	let odd: u64 = tableMultiplier();
	for (let at = text; at < text + length; at += 16) {
		even = (rotl<u64>(even, 29) ^ load<u64>(at)) * MIX;
		odd = (rotl<u64>(odd, 31) ^ load<u64>(at, 8)) * tableMultiplier();
	}
	const hash = even ^ rotl<u64>(odd, 32);
	const mixed = (hash ^ (hash >> 32)) * MIX;
	// 0 is an empty slot.
	return (mixed ^ (mixed >> 29)) | 1;
}

/** @param text - With zeros behind it up to 16 bytes. @returns Its slot; 0 where there are too many, and all are given up. */
export function countLine(text: usize, length: usize): usize {
	const hash = hashOf(text, length);
	const mask = tableBytes() - 1;
	let offset = ((hash >> (64 - (log2 as u64))) as usize) * SLOT_BYTES;
	while (true) {
		const slot = table + offset;
		const found = load<u64>(slot);
		if (
			found === hash &&
			load<u32>(slot, LENGTH) === (length as u32) &&
			isSame(load<u32>(slot, TEXT) as usize, text, length)
		) {
			store<u64>(slot, load<u64>(slot, COUNT) + 1, COUNT);
			return slot;
		}
		if (found === 0) return insert(slot, hash, text, length);
		offset = (offset + SLOT_BYTES) & mask;
	}
}

function isSame(known: usize, text: usize, length: usize): bool {
	for (let at: usize = 0; at < length; at += 16) {
		if (v128.any_true(v128.xor(v128.load(known + at), v128.load(text + at)))) return false;
	}
	return true;
}

function insert(emptySlot: usize, hash: u64, text: usize, length: usize): usize {
	bytes += length as u32;
	if (count === maxCount || bytes > maxBytes) {
		isGivenUp = true;
		count = 0;
		bytes = 0;
		clearArena(texts);
		return 0;
	}
	const kept = reserve(texts, length + 16);
	const padded = (length + 15) & ~15;
	memory.copy(kept, text, padded);
	store<u64>(emptySlot, hash);
	store<u32>(emptySlot, kept as u32, TEXT);
	store<u32>(emptySlot, length as u32, LENGTH);
	store<u64>(emptySlot, 1, COUNT);
	store<u32>(emptySlot, 0, LEVEL);
	count++;
	if (count * 2 < countedSlots()) return emptySlot;
	return grow(hash, kept);
}

/** Returns where the slot of a text is now. */
function grow(hash: u64, text: usize): usize {
	const old = table;
	const oldBytes = tableBytes();
	makeTable(log2 + 1);
	const mask = tableBytes() - 1;
	let moved: usize = 0;
	for (let slot = old; slot < old + oldBytes; slot += SLOT_BYTES) {
		const ofSlot = load<u64>(slot);
		if (ofSlot === 0) continue;
		let offset = ((ofSlot >> (64 - (log2 as u64))) as usize) * SLOT_BYTES;
		while (load<u64>(table + offset) !== 0) offset = (offset + SLOT_BYTES) & mask;
		v128.store(table + offset, v128.load(slot));
		v128.store(table + offset, v128.load(slot, 16), 16);
		if (ofSlot === hash && load<u32>(slot, TEXT) === (text as u32)) moved = table + offset;
	}
	release(old, oldBytes);
	return moved;
}

/** The level of a line that is counted. */
export function levelOfCounted(slot: usize, text: usize, length: usize): u32 {
	const known = load<u32>(slot, LEVEL);
	if (known !== 0) return known - 1;
	const level = findLevel(text, length);
	store<u32>(slot, level + 1, LEVEL);
	return level;
}
