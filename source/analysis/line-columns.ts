// The columns of an analysis that reads lines: what the text reader gives for each line. There is no header.

/** A line ends in front of its line end, LF or CRLF. Blanks are space, tab, CR, VT and FF. */
export const lineColumns = {
	/** The line with one `#` for each run of digits; empty where the line is blank. */
	masked: {is: 'text'},
	/** ERROR, WARN, INFO, DEBUG, TRACE or FATAL, where the line says so at its beginning or in brackets; otherwise empty. */
	level: {is: 'text'},
	/** How many runs of bytes other than blanks. */
	words: {is: 'number'},
	/** Of the line with its line end. */
	bytes: {is: 'number'},
	/** Bytes without the line end. */
	length: {is: 'number'},
	/** 1 where it has no word, otherwise 0. */
	blank: {is: 'number'},
} as const;

export type LineColumn = keyof typeof lineColumns;

export const isLineColumn = (name: string): name is LineColumn => Object.hasOwn(lineColumns, name);
