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

/**
Adds a number, a valid decimal text, to the host's own sum; a product of two where the second one is not empty, or a difference, of which
one that is not there is empty.
*/
export declare function addHugeValue(
	summand: u32,
	key: usize,
	keyBytes: usize,
	text: usize,
	textBytes: usize,
	factor: usize,
	factorBytes: usize,
	isDifference: bool,
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

/** Adds a computed number that does not have 64 bits, and was computed last, to the host's own sum. @param number - See `ComputedNumber`. */
export declare function addHugeComputed(summand: u32, key: usize, keyBytes: usize, number: u32): void;

/**
Tests the conditions of analyses on the records `first` to `last` (exclusive) of a run (see `Analysis.fits`), computes the columns of those
that fit, and flags those that are to be read by the rules.

@param entries - The entry in front of the first field of the run's first record.
@returns The record behind those that are computed or flagged; more than `first`.
*/
export declare function computeSpan(entries: usize, first: i32, last: i32): i32;

/**
Tests the condition of an analysis on the record that is read by the rules.

@param entries - The entry in front of its first field.
@returns `ACCEPTED`, `NOT_ACCEPTED` or `FAILED` of record.ts.
*/
export declare function testCondition(analysis: i32, entries: usize): i32;

/**
Computes the columns of an analysis for the record that is read by the rules.

@param entries - The entry in front of its first field.
@returns `ACCEPTED`, `NOT_ACCEPTED` or `FAILED` of record.ts.
*/
export declare function computeRecord(analysis: i32, entries: usize): i32;

/** Whether a cell passes a test that is left to the host: of a huge number, or of a text in an encoding that is not known yet. */
export declare function testCell(test: u32, start: usize, bytes: usize): bool;

/** Says that there will be memory for so many groups. It returns when there may be, or throws. */
export declare function makeRoomForGroups(groups: u32): void;

/**
Says that the host is to add what the loops of a column came to, see columns/column.ts; it is forgotten here afterwards.

@param analysis - Its number in the program.
*/
export declare function takeColumn(analysis: u32, column: u32): void;

/** Says that the host is to add the values of a column that the loops could not read. */
export declare function takeOthers(analysis: u32, column: u32): void;

/**
Gives a cell that a loop over a column has read, and that is one of the first of its class.

@param analysis - Its number in the program.
@param cellClass - Its place among the classes of analysis/columns/cell.ts.
@returns A cell of the class is one of the first as long as it stands in front of this byte offset.
*/
export declare function takeExample(
	analysis: u32,
	column: u32,
	cellClass: i32,
	start: usize,
	bytes: usize,
	byteOffset: f64,
	line: f64,
): f64;

/** Gives a number that is perhaps the smallest or the largest one of a column. */
export declare function takeExtreme(
	analysis: u32,
	column: u32,
	start: usize,
	bytes: usize,
	byteOffset: f64,
	line: f64,
): void;

/** Gives the byte of the file where a byte of the source stands, see `mapPlaces` of columns/places.ts. */
export declare function fileOffsetOf(byteOffset: f64): f64;

/** Tells of a record that is not UTF-8, with its first such cell. */
export declare function takeNotUtf8(analysis: u32, start: usize, bytes: usize, byteOffset: f64, line: f64): void;

/**
Says that the host is to take the sampled keys, see columns/key-counts.ts; they are forgotten here afterwards.

@param kind - Of what they are keys.
@returns Further keys belong to the sample as long as their hash is below.
*/
export declare function takeKeys(analysis: u32, kind: u32): f64;

/**
Tells of one of the first records whose structure is wrong.

@param reason - `FIELD_COUNT` or `QUOTE` of rejects.ts.
@param value - The field with text behind its quote, as it is written.
*/
export declare function takeRagged(
	reason: i32,
	fieldCount: i32,
	value: usize,
	valueBytes: usize,
	line: f64,
	byteOffset: f64,
): void;

/** Takes rejected records: see reject-spool.ts. */
export declare function takeSpooled(start: usize, bytes: usize): void;

/**
Writes a cell, a number in the form of its column, in the plain form.

@param place - The number of the reader.
@param target - Has room for `REWRITTEN_BYTES`.
@returns See `NO_FORM` in forms.ts.
*/
export declare function plainNumber(place: i32, start: usize, bytes: usize, target: usize): i32;

/** The same of a date: with its time, where it has one. */
export declare function plainDate(place: i32, start: usize, bytes: usize, target: usize): i32;

/**
Notes what a cell shows of the form of its column.

@param place - The number of the reader.
@param kind - 1 where it is known to prove the decimal mark of the column's form, 2 for digits alone, 0 for anything else.
@returns What has been noted of the column: see `PROVEN` in forms.ts.
*/
export declare function noteNumber(place: i32, kind: i32, start: usize, bytes: usize, line: f64, offset: f64): i32;

/** The same of a date. */
export declare function noteDate(place: i32, start: usize, bytes: usize, line: f64, offset: f64): i32;

/** In which form a column is that is read whatever it holds: 0 for the plain one, 1 for another one of numbers, 2 for another one of dates. */
export declare function cellFormOf(analysis: u32, column: u32): i32;

/**
Writes a cell of such a column in the plain form.

@param isNoted - Whether what it shows is to be noted.
@param target - Has room for `REWRITTEN_BYTES`.
@returns How many bytes it has then; -1 where it stays as it is.
*/
export declare function rewriteCell(
	analysis: u32,
	column: u32,
	start: usize,
	bytes: usize,
	target: usize,
	isNoted: bool,
): i32;

/** Whether what has been noted of a file says that its columns are in the forms they were read in. */
export declare function areFormsRight(): bool;
