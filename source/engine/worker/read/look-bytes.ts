// How much of a source is looked at, and remembered.

/** To remember a longer header would take more memory than time is saved. */
export const LONG_HEADER_BYTES = 64 * 1024;

/** So much of a range is looked at to guess where a record begins. */
export const GUESS_BYTES = 64 * 1024;

/** A shorter one is looked at as often as bytes come. */
const LONG_RECORD_BYTES = 64 * 1024;

/** Each look at a record that is not whole begins with its first byte: of a long one, there must be much more each time. */
export const enoughForNextLook = (length: number): number => length + (length > LONG_RECORD_BYTES ? length / 4 : 1);
