// Lines that are no part of a table because of the sign that they begin with.

/** What spreadsheets write for a value that cannot be had: the first cell of a record, and not a comment. */
const ERROR_VALUES = ['#N/A', '#NULL!', '#DIV/0!', '#REF!', '#VALUE!', '#NAME?', '#NUM!'] as const;
const LONGEST = Math.max(...ERROR_VALUES.map(value => value.length));

/** Whether a comment begins a line. @param sign - `''`: there are none. */
export const beginsComment = (line: string, sign: string): boolean =>
	sign !== '' && line.startsWith(sign) && !ERROR_VALUES.some(value => line.startsWith(value));

/** The same of bytes, from a place on. */
export function beginsCommentAt(bytes: Uint8Array, at: number, sign: string): boolean {
	if (sign === '' || bytes[at] !== sign.charCodeAt(0)) return false;
	return beginsComment(Buffer.from(bytes.subarray(at, at + Math.max(LONGEST, sign.length))).toString('latin1'), sign);
}
