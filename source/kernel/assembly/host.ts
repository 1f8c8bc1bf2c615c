// What the kernel asks of its host: integers of any size, and room.

/** Whether bytes are text in UTF-8. */
export declare function isUtf8(start: usize, end: usize): bool;

/**
Adds a sum of 128 bits, in units of 10^-scale, to the host's own sum. It has no more decimals than `ownScale`.

@param summand - Its number in the program.
@param key - Of its group; empty for a sum over all records.
*/
export declare function spillSum(
	summand: u32,
	key: usize,
	keyBytes: usize,
	high: i64,
	low: i64,
	scale: i32,
	ownScale: i32,
): void;

/** Adds a number, a valid decimal text, to the host's own sum; a product of two where the second one is not empty. */
export declare function addHugeValue(
	summand: u32,
	key: usize,
	keyBytes: usize,
	text: usize,
	textBytes: usize,
	factor: usize,
	factorBytes: usize,
): void;

/** Hands the smallest and the largest number over that do not fit here any more; see `spillSum`. */
export declare function spillExtremes(
	summand: u32,
	key: usize,
	keyBytes: usize,
	lowest: i64,
	highest: i64,
	scale: i32,
	ownScale: i32,
): void;

/** Says that there will be memory for so many groups. It returns when there may be, or throws. */
export declare function makeRoomForGroups(groups: u32): void;
