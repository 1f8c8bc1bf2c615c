// Fields as they stand in the file, and the slots of what they hold. Long keys, and keys with doubled quotes, take ten times as long to
// be found as others. So those that came last are also known as they stand there, quotes and all, each in the one place that its hash
// says:
//
//   field, 64 bytes:  [ its first 16 bytes │ 16 behind them, or the last │ its last 16 │ length, 4 │ slot, 4 │ nothing, 8 ]
import {fieldEnd} from './fields';
import {slotHash} from './keys';
import {allocate, KEEP_FIRST, release} from './memory';

const MIDDLE: usize = 16;
const LAST: usize = 32;
const LENGTH: usize = 48;
const SLOT: usize = 52;
const FIELD_BYTES: usize = 64;
/** log2 of how many there are. */
const FIELDS_LOG2: u64 = 6;
/** No field has this length. */
const NO_LENGTH: u32 = 0xffff_ffff;
const ALL_BYTES: usize = FIELD_BYTES << (FIELDS_LOG2 as usize);
const MAX_FIELD_BYTES: usize = 48;

export function createRawFields(): usize {
	return allocate(ALL_BYTES);
}
export function releaseRawFields(fields: usize): void {
	release(fields, ALL_BYTES);
}

/** To be called when slots are given back, and before a file, in which other bytes may be quotes. */
export function forgetFields(fields: usize): void {
	for (let place = fields; place < fields + ALL_BYTES; place += FIELD_BYTES) store<u32>(place, NO_LENGTH, LENGTH);
}

// What was looked for last, and is not known; 0 for what is too long.
let placeOfLast: usize = 0;
let firstOfLast: v128 = i8x16.splat(0);
let middleOfLast: v128 = i8x16.splat(0);
let lastOfLast: v128 = i8x16.splat(0);
let lengthOfLast: usize = 0;

/** The slot of the field behind an entry of the index, where it is known; else 0. */
export function recallField(fields: usize, entry: usize): usize {
	const start = (load<u32>(entry) as usize) + 1;
	const length = fieldEnd(start, load<u32>(entry, 4) as usize) - start;
	placeOfLast = 0;
	if (length > MAX_FIELD_BYTES) return 0;
	let first = v128.load(start);
	let middle = first;
	let last = first;
	if (length >= 16) {
		middle = v128.load(start + min<usize>(16, length - 16));
		last = v128.load(start + length - 16);
	} else {
		first = v128.and(first, v128.load(KEEP_FIRST + 16 * length));
		middle = first;
		last = first;
	}
	const hash = slotHash(
		(i64x2.extract_lane(first, 0) as u64) ^ (i64x2.extract_lane(last, 1) as u64),
		(i64x2.extract_lane(last, 0) as u64) + (length as u64),
	);
	const place = fields + ((hash >> (64 - FIELDS_LOG2)) as usize) * FIELD_BYTES;
	const differing = v128.or(
		v128.or(v128.xor(first, v128.load(place)), v128.xor(middle, v128.load(place, MIDDLE))),
		v128.xor(last, v128.load(place, LAST)),
	);
	if (load<u32>(place, LENGTH) === (length as u32) && !v128.any_true(differing)) {
		return load<u32>(place, SLOT) as usize;
	}
	placeOfLast = place;
	firstOfLast = first;
	middleOfLast = middle;
	lastOfLast = last;
	lengthOfLast = length;
	return 0;
}

/** Says which slot that was, which `recallField` did not know; 0 where it is none. */
export function learnField(slot: usize): void {
	const place = placeOfLast;
	if (place === 0) return;
	v128.store(place, firstOfLast);
	v128.store(place, middleOfLast, MIDDLE);
	v128.store(place, lastOfLast, LAST);
	store<u32>(place, slot === 0 ? NO_LENGTH : (lengthOfLast as u32), LENGTH);
	store<u32>(place, slot as u32, SLOT);
}
