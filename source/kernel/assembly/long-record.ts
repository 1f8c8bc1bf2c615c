// A record that is longer than a window of the index, or the last one of a source: its end is looked for, and it is read by all the rules.
import {fieldEnd} from './fields';
import {INDEX, WINDOW_BYTES} from './memory';
import {lookForOdd} from './record';
import {endAtOpenQuote, failAtField, isFieldTooLong, knownColumns, readByRules, resumedAt, takeUnclosed} from './runs';
import {addEntry, entryAt, entryCount, extendIndex, isInsideQuotes, isLineEnd, keepEntries} from './structure';
import {findLineEnd, findOpenQuote, nextLine, openField} from './unclosed';

const LF: u8 = 0x0a;

let maxRecordBytes: usize = 0;
let isTooLong: bool = false;

export function limitRecords(bytes: usize): void {
	maxRecordBytes = bytes;
}
/** Whether the record that was looked at last is longer than any may be, and no quote that is never closed is the reason. */
export function isRecordTooLong(): bool {
	return isTooLong;
}

/**
Looks for the end of a record that is longer than a window, or the last one of the source, and takes it.

@param indexedTo - Where the index ends.
@returns Where the next one begins; the record itself where its end has not been read, or where `isRecordTooLong`.
*/
export function takeLongRecord(record: usize, indexedTo: usize, end: usize, isLast: bool): usize {
	let to = indexedTo;
	isTooLong = false;
	/** Entries that are not kept: a record with too many fields is only counted. */
	let dropped: i32 = 0;
	let looked: i32 = 0;
	let fieldStart = record;
	let longField: i32 = -1;
	while (true) {
		const count = entryCount();
		for (; looked < count; looked++) {
			const entry = entryAt(looked);
			if (longField < 0 && isFieldTooLong(fieldStart, entry)) longField = looked + dropped;
			fieldStart = entry + 1;
			if (isLineEnd(entry)) return takeWhole(record, looked, dropped, longField);
		}
		if (to === end) {
			if (!isLast) {
				// Two bytes more may be a CRLF whose meaning depends on what follows.
				return end - record > maxRecordBytes + 2 ? endLongRecord(record, end) : record;
			}
			if (isInsideQuotes())
				return end - record > maxRecordBytes ? endLongRecord(record, end) : endUnclosed(record, end, end);
			// The last record of the source needs no line end of its own.
			store<u8>(end, LF);
			addEntry(end);
			continue;
		}
		const most = knownColumns() + 1;
		if (count > most) {
			dropped += count - most;
			keepEntries(most);
			looked = most;
		}
		const next = min(to + WINDOW_BYTES, end);
		extendIndex(to, next, end, isLast);
		to = next;
	}
}

/** @param last - The entry of its line end. */
function takeWhole(record: usize, last: i32, dropped: i32, longField: i32): usize {
	const lineEnd = entryAt(last);
	const content = fieldEnd(record, lineEnd) - record;
	if (content > maxRecordBytes) return endLongRecord(record, lineEnd + 1);
	if (endAtOpenQuote(record, lineEnd)) return resumedAt();
	if (longField >= 0) {
		failAtField(record, longField);
		return lineEnd + 1;
	}
	store<u32>(INDEX - 4, (record - 1) as u32);
	lookForOdd(record, lineEnd);
	readByRules(0, last + 1 + dropped, lineEnd, true);
	return lineEnd + 1;
}

/** Ends a record that is longer than any may be. @param end - Of what has been read, or of the record and its line end. */
function endLongRecord(record: usize, end: usize): usize {
	const next = endUnclosed(record, record + maxRecordBytes, end);
	isTooLong = next === record;
	return next;
}

/**
Ends a record at the line whose quote is still open at `contentEnd`.

@returns Where the next line begins; the record itself where no quote is open, or the line does not end in what counts.
*/
function endUnclosed(record: usize, contentEnd: usize, end: usize): usize {
	const quote = findOpenQuote(record, contentEnd);
	if (quote === 0) return record;
	const field = openField();
	let lineEnd = findLineEnd(quote, contentEnd, end);
	let next = nextLine();
	if (lineEnd === 0) {
		if (contentEnd < end) return record;
		lineEnd = end;
		next = end;
	}
	takeUnclosed(record, quote, field, lineEnd);
	return next;
}
