// The level of lines by what they begin with, masked: the lines of a log begin in a few ways, and what a beginning tells is found once.
// It is a level, or which brackets may have one, or nothing.
//
//   entry, 48 bytes:  [ beginning, 32 │ what it tells, 4; 0 where there is no entry │ 12 ]
import {levelInBrackets, NOT_TOLD, TOLD_BRACKETS, tellByBeginning} from './line-level';
import {allocate} from './memory';

const ENTRY_BYTES: usize = 48;
const ENTRIES: usize = 1024;
const TOLD: usize = 32;
const MIX: u64 = 0xbf58476d1ce4e5b9;

const entries: usize = allocate(ENTRIES * ENTRY_BYTES);

/** Once for a thread. */
export function clearBeginnings(): void {
	memory.fill(entries, 0, ENTRIES * ENTRY_BYTES);
}

/**
@param masked - Where the masked beginning is, `PREFIX_BYTES` long.
@param line - The line itself, up to `lineEnd`. It has not more bytes than a level is looked for in.
@returns Its level, `NO_LEVEL`, or `NOT_TOLD`.
*/
export function levelByBeginning(masked: usize, line: usize, lineEnd: usize): u32 {
	const told = tell(masked);
	if (told < TOLD_BRACKETS || told === NOT_TOLD) return told;
	return levelInBrackets(line, lineEnd, lineEnd, told - TOLD_BRACKETS);
}

function tell(masked: usize): u32 {
	const low = v128.load(masked);
	const high = v128.load(masked, 16);
	const mixed = v128.xor(low, i64x2.shl(high, 1));
	const hash = ((i64x2.extract_lane(mixed, 0) as u64) * MIX) ^ (i64x2.extract_lane(mixed, 1) as u64);
	const entry = entries + ENTRY_BYTES * (((hash * MIX) >> 54) as usize);
	const differences = v128.or(v128.xor(low, v128.load(entry)), v128.xor(high, v128.load(entry, 16)));
	const known = load<u32>(entry, TOLD);
	if (known !== 0 && !v128.any_true(differences)) return known;
	const told = tellByBeginning(masked);
	v128.store(entry, low);
	v128.store(entry, high, 16);
	store<u32>(entry, told, TOLD);
	return told;
}
