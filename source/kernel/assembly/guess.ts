// Where records begin in the middle of a file.
import {WINDOW_BYTES} from './memory';
import {knownColumns} from './runs';
import {beginGuess, entryAt, entryCount, extendIndex, isLineEnd, violationAt} from './structure';

/**
Guesses where the first record begins whose line end is at `from` or behind it, in the middle of a source.

A place in a file may be inside quotes or outside; the bytes alone do not tell. Both are tried, and of two readings the one
is taken that goes longer without a quote against the rules: read the wrong way round, a quote that closes seems to open in
the middle of a text, so the first one or two give it away. Where they do not, it is the reading with more records of the
right number of fields. It stays a guess; the reader of the bytes in front knows, and the two are
compared (C. Ge, Y. Li, E. Eilebrecht, B. Chandramouli, D. Kossmann: Speculative Distributed CSV Data Parsing for Big Data
Analytics, SIGMOD 2019).

@returns 0 where no line end is found.
*/
export function guessRecordStart(from: usize, end: usize): usize {
	const to = min(from + WINDOW_BYTES, end);
	beginGuess(false, to);
	extendIndex(from, to, end, false);
	const outside = firstRecordStart();
	const outsideViolation = violationAt();
	const outsideRecords = countWellFormed();
	beginGuess(true, to);
	extendIndex(from, to, end, false);
	const isLikelier = violationAt() === outsideViolation && countWellFormed() > outsideRecords;
	return violationAt() > outsideViolation || isLikelier ? firstRecordStart() : outside;
}

/** How many records of the index have as many fields as the header; what is behind a quote against the rules does not count. */
function countWellFormed(): i32 {
	const count = entryCount();
	let records: i32 = 0;
	let last: i32 = -1;
	for (let entry: i32 = 0; entry < count; entry++) {
		if (entryAt(entry) >= violationAt()) break;
		if (!isLineEnd(entryAt(entry))) continue;
		if (entry - last === knownColumns()) records++;
		last = entry;
	}
	return records;
}

function firstRecordStart(): usize {
	const count = entryCount();
	for (let entry: i32 = 0; entry < count; entry++) {
		if (isLineEnd(entryAt(entry))) return entryAt(entry) + 1;
	}
	return 0;
}
