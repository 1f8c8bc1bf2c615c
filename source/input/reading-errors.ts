// The messages for errors of records, shared by both readers so that they say the same.
import type {FieldSyntax} from './dialect.ts';
import {InputError} from './input-error.ts';
import {findUnclosedQuote, type OpenQuote} from './quotes.ts';
import type {OpenUntil, RecordPosition} from './record-reader.ts';

/** @param start - The first bytes of the record, as many as a record may have. */
export function recordTooLong(position: RecordPosition, start: Uint8Array, syntax: FieldSyntax): InputError {
	const limit = start.length.toLocaleString('en');
	const opened = findUnclosedQuote(start, syntax);
	const hint =
		opened === null
			? 'Is this a file of records with line ends?'
			: `A quote opened on line ${position.line + opened.line} is still open there: it may lack its closing quote`;
	return new InputError(
		'LINE_TOO_LONG',
		`The record that begins on line ${position.line} is longer than ${limit} bytes, the limit of --max-record-bytes. ${hint}`,
		position,
	);
}

/** @param index - The 0-based index of the field. */
export const fieldTooLong = (index: number, position: RecordPosition, limit: number): InputError =>
	new InputError(
		'FIELD_TOO_LONG',
		`Field ${index + 1} of the record that begins on line ${position.line} is longer than ${limit.toLocaleString('en')} bytes, the limit of --max-field-bytes. Is a quote missing in front of it?`,
		position,
	);

export const tooManyColumns = (count: number, position: RecordPosition, limit: number): InputError =>
	new InputError(
		'TOO_MANY_COLUMNS',
		`The header has ${count.toLocaleString('en')} columns; at most ${limit.toLocaleString('en')} are read, the limit of --max-columns. Is the delimiter the right one?`,
		position,
	);

/** @param record - All bytes from the beginning of the record, at `position`, to the end of the file. */
export function unclosedQuote(position: RecordPosition, record: Uint8Array, syntax: FieldSyntax): InputError {
	const opened = findUnclosedQuote(record, syntax);
	return quoteNeverClosed(
		{
			line: position.line + (opened?.line ?? 0),
			byteOffset: position.byteOffset + (opened?.index ?? 0),
		},
		syntax,
		opened?.isClosedLater === true ? 'text' : 'end',
	);
}

export function openUntil(quote: OpenQuote | null, recordBytes: number, limit: number): OpenUntil {
	if (quote?.isClosedLater === true) return 'text';
	return recordBytes > limit ? {limit} : 'end';
}

/** @param at - Where the quote was opened. */
export function quoteNeverClosed(
	at: RecordPosition,
	{quote}: Pick<FieldSyntax, 'quote'>,
	until: OpenUntil,
): InputError {
	return new InputError(
		'UNCLOSED_QUOTE',
		`A quote opened on line ${at.line} (byte ${at.byteOffset}) is ${describeEnd(until)}; expected a closing quote. Look at that line: a single ${quote} in a text must be doubled inside quotes`,
		at,
		{isFoundAtEnd: until === 'end'},
	);
}

function describeEnd(until: OpenUntil): string {
	if (until === 'end') return 'still open at the end of the file';
	if (until === 'text') return 'still open where a later line has one in front of text';
	return `still open at ${until.limit.toLocaleString('en')} bytes, the limit of --max-record-bytes`;
}
