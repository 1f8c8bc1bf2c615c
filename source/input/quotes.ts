// Examines the quotes of one record byte by byte: only for records that have quotes, to say what is wrong with them.
import {lineEndAt} from './blank-lines.ts';
import type {FieldSyntax} from './dialect.ts';
import type {StrayText} from './record-reader.ts';

const LF = 0x0a;
const CR = 0x0d;

/** A reader of the report needs no more than this of one field. */
export const RAW_BYTES = 1000;

/** What is behind closing quotes of a record. */
export interface BehindQuotes {
	/** The first field with text there. */
	readonly stray: StrayText | null;
	/** The fields with nothing but padding there, by their index, without it and without quotes. */
	readonly padded: ReadonlyMap<number, string>;
}

/** @param record - The bytes of one record, without its separator. */
export function findBehindQuotes(record: Uint8Array, {delimiter, quote}: FieldSyntax): BehindQuotes {
	const delimiterByte = delimiter.charCodeAt(0);
	const quoteByte = quote.charCodeAt(0);
	let stray: StrayText | null = null;
	const padded = new Map<number, string>();
	let fieldIndex = 0;
	for (let index = 0; index <= record.length; index++, fieldIndex++) {
		const start = index;
		const isQuoted = record[index] === quoteByte;
		const close = isQuoted ? findClosingQuote(record, index, quoteByte) : index;
		if (isQuoted) index = close + 1;
		while (index < record.length && record[index] !== delimiterByte) index++;
		if (!isQuoted || index <= close + 1) continue;
		const textOf = (from: number, to: number): string => Buffer.from(record.subarray(from, to)).toString('latin1');
		if (!isPadding(record, close + 1, index))
			stray ??= {fieldIndex, raw: textOf(start, Math.min(index, start + RAW_BYTES))};
		else padded.set(fieldIndex, textOf(start + 1, close).replaceAll(quote + quote, quote));
	}
	return {stray, padded};
}

const SPACE = 0x20;
const TAB = 0x09;

/** Whether there are only spaces and tabs: behind a closing quote they do not count. */
export function isPadding(bytes: Uint8Array, start: number, end: number): boolean {
	for (let index = start; index < end; index++) if (bytes[index] !== SPACE && bytes[index] !== TAB) return false;
	return true;
}

/** A quote that is never closed. */
export interface OpenQuote {
	readonly fieldIndex: number;
	readonly index: number;
	/** How many line ends are in front of it. */
	readonly line: number;
	/** Whether a quote of a later line closes it, in front of text. */
	readonly isClosedLater: boolean;
}

/**
Finds the quote that is still open at the end of the bytes, or that one of a later line closes in front of text.

@param record - Bytes from the beginning of a record.
@returns `null` where there is none.
*/
export function findUnclosedQuote(record: Uint8Array, {delimiter, quote}: FieldSyntax): OpenQuote | null {
	const delimiterByte = delimiter.charCodeAt(0);
	const quoteByte = quote.charCodeAt(0);
	let fieldIndex = 0;
	for (let index = 0; index < record.length; index++, fieldIndex++) {
		const open = index;
		const isQuoted = record[open] === quoteByte;
		const close = isQuoted ? findClosingQuote(record, open, quoteByte) : open;
		if (isQuoted) index = close + 1;
		while (index < record.length && record[index] !== delimiterByte) index++;
		if (!isQuoted) continue;
		const isClosed = close < record.length && isPadding(record, close + 1, index);
		if (!isClosed && (close >= record.length || findLineEnd(record, open, close) !== null))
			return {fieldIndex, index: open, line: countLineEnds(record, open), isClosedLater: close < record.length};
	}
	return null;
}

export interface LineEnd {
	readonly start: number;
	/** Where the next line begins. */
	readonly next: number;
}

/** Finds the end of a physical line that begins at an index from `from` on and in front of `before`. */
export function findLineEnd(bytes: Uint8Array, from: number, before: number): LineEnd | null {
	for (let start = from; start < before; start++) {
		const length = lineEndAt(bytes, start, true);
		if (length > 0) return {start, next: start + length};
	}
	return null;
}

/** The index of the quote that closes the one at `open`; the length of the bytes where there is none. */
function findClosingQuote(record: Uint8Array, open: number, quoteByte: number): number {
	for (let index = open + 1; index < record.length; index++) {
		if (record[index] !== quoteByte) continue;
		if (record[index + 1] !== quoteByte) return index;
		index++;
	}
	return record.length;
}

function countLineEnds(bytes: Uint8Array, end: number): number {
	let count = 0;
	for (let index = 0; index < end; index++) {
		const byte = bytes[index];
		if (byte === LF || (byte === CR && bytes[index + 1] !== LF)) count++;
	}
	return count;
}
