// How a file of --rejects begins: columns of its own in front of those of the data.

export const REJECTS_COLUMNS = ['_file', '_line', '_byte_offset', '_column', '_reason', '_value', '_record'] as const;

/** The bytes that every such file begins with. */
export const REJECTS_BEGINNING = REJECTS_COLUMNS.join(',');

/** @param start - The first bytes of a file. */
export const isRejectsFile = (start: Uint8Array): boolean =>
	Buffer.from(start.subarray(0, REJECTS_BEGINNING.length)).toString('latin1') === REJECTS_BEGINNING;
