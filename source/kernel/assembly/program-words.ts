// The words of a program, one after the other.

import {reserve} from './keys';
import {MAPPING} from './memory';

/** What is not there. */
export const NONE: u32 = 0xffff_ffff;

/** The next word. */
let cursor: usize = 0;

export function beginWords(words: usize): void {
	cursor = words;
}
export function next(): u32 {
	const word = load<u32>(cursor);
	cursor += 4;
	return word;
}
/** Passes over words. @returns Where they are. */
export function passWords(count: i32): usize {
	const words = cursor;
	cursor += 4 * (count as usize);
	return words;
}

/** 16 zeros stand behind them. @returns Where they are until the next program. */
export function copyWords(count: i32): usize {
	const bytes: usize = 4 * (count as usize);
	const words = reserve(MAPPING, bytes + 16);
	memory.copy(words, passWords(count), bytes);
	memory.fill(words + bytes, 0, 16);
	return words;
}

/** A list of so many addresses, at first of nothing. */
export function createList(arena: usize, count: i32): usize {
	const list = reserve(arena, 4 * (count as usize));
	memory.fill(list, 0, 4 * (count as usize));
	return list;
}
