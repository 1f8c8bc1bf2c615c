// What the kernel asks of its host: integers of any size, and how names are written.

/** Whether bytes are text in UTF-8. */
export declare function isUtf8(start: usize, end: usize): bool;

/** Adds a sum of 128 bits, in units of 10^-scale, to the host's own sum of the group of that name. */
export declare function spillSum(name: usize, nameBytes: usize, high: i64, low: i64, scale: i32): void;

/** Adds an amount, a valid decimal text, to the host's own sum of the group of that name. */
export declare function addHugeAmount(name: usize, nameBytes: usize, text: usize, textBytes: usize): void;

/** Says that there will be memory for so many groups. It returns when there may be, or throws. */
export declare function makeRoomForGroups(groups: u32): void;

/** Makes the host's own sums one, to which all is added from here on, whatever its name. */
export declare function joinHugeSums(): void;

/** The same for the sum of a month: `month` is twelve times its year, and the month from 0 on. */
export declare function spillMonth(month: u32, high: i64, low: i64, scale: i32): void;
export declare function addHugeToMonth(month: u32, text: usize, textBytes: usize): void;

/**
Writes how a group's name stands in a report to `target`, if it has room for it.

@returns How many bytes that is, and times 2^16 how many characters, those aside that are written as escapes; 0 for too many.
*/
export declare function layOutName(name: usize, nameBytes: usize, target: usize, targetBytes: usize): u32;
