// Bytes that are no character of the encoding that a text is in: where the text is given out in UTF-8, they stand in it as a note that readers
// know, so that the record around them is rejected, and its bytes are told.
//
//   Stra 81 20 e   ──>   Stra U+FDD0 "81" U+FDD1 U+0020 e   ──>   rejected: `Stra<81> e`
//
// Unicode keeps these two code points for uses within a program: no text has them, and least of all around hexadecimal digits.
import {InputError} from '../input-error.ts';
import type {RecordPosition} from '../record-reader.ts';

const [START, END] = [Buffer.from('\ufdd0'), Buffer.from('\ufdd1')];

/** How bytes that are no character stand in the text in UTF-8. */
export const noteInvalid = (bytes: Uint8Array): Buffer =>
	Buffer.concat([START, Buffer.from(Buffer.from(bytes).toString('hex').toUpperCase()), END]);

/** Of four bytes, which are more than any encoding takes for one fault. */
export const MAX_NOTE_BYTES = START.length + 8 + END.length;

/** In text of one character per byte. */
const note = /\xef\xb7\x90((?:[0-9A-F]{2})+)\xef\xb7\x91/;
const notes = new RegExp(note, 'g');

/** Where the first of them is noted in text of one character per byte; -1 where none is. */
export const findInvalid = (bytes: string): number => (bytes.includes('\xef\xb7\x90') ? bytes.search(note) : -1);

/** A value is shown from its beginning where the bytes are near enough, so that they are not cut off. The kernel has the same number. */
const NEAR = 100;

/** What is told of a cell with such bytes. @param at - Where they are noted. */
export const valueAt = (cell: string, at: number): string => cell.slice(at > NEAR ? at : 0);

/** Writes such bytes for people: `Stra<81> e`. */
export const showInvalid = (bytes: string): string =>
	bytes.replace(notes, (_, digits: string) => `<${digits.replace(/..(?=.)/g, '$& ')}>`);

/** The error of a text that has such bytes where no record can be rejected for them. @param text - The part that has them. */
export const invalidText = (where: string, text: string, at: RecordPosition): InputError =>
	new InputError(
		'INVALID_ENCODING',
		`Expected text in the encoding of the file, found bytes that are no character in ${where} on line ${at.line}: "${showInvalid(text)}". Name the encoding with --encoding, or mend the file`,
		at,
	);
