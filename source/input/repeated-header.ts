// Joined files have the header of each among their records. It is known by its bytes.

/** A longer header is not looked for. */
const MAX_BYTES = 1024 * 1024;
/** As no number and no date does, in any form. */
const BEGINS_AS_NAME = /^[^\d+\-.,(]/;

/**
The bytes by which a header is known among the records; `null` where a record may be the same by chance: of one column, or in a file whose
first record is data like the others.

@param record - Without its line end.
*/
export const repeatableHeader = (record: Uint8Array, names: readonly string[]): Uint8Array | null =>
	names.length > 1 && record.length <= MAX_BYTES && names.every(name => BEGINS_AS_NAME.test(name))
		? Uint8Array.from(record)
		: null;
