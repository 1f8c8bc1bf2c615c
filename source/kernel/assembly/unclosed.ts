// Quotes that are never closed: a record that is cut short by one ends with the line in which it stands, see input/record-reader.ts.
import {isPadding} from './fields';
import {countLineEnds} from './lines';
import {delimiterByte, quoteByte} from './structure';

const LF: u8 = 0x0a;
const CR: u8 = 0x0d;

let field: i32 = 0;
let next: usize = 0;

/** Which field the quote opens that was found last, 0-based. */
export function openField(): i32 {
	return field;
}
/** Where the line begins behind the one whose end was found last. */
export function nextLine(): usize {
	return next;
}

/**
Finds the quote that is still open at `end`, or that one of a later line closes in front of text; 0 where there is none.

@param record - Where the record begins; no line end outside of quotes is in front of `end`.
*/
export function findOpenQuote(record: usize, end: usize): usize {
	const quote = quoteByte();
	const delimiter = delimiterByte();
	field = 0;
	for (let address = record; address < end; address++, field++) {
		const opened = address;
		const isQuoted = (load<u8>(opened) as i32) === quote;
		let close = opened;
		if (isQuoted) {
			for (close++; close < end; close++) {
				if ((load<u8>(close) as i32) !== quote) continue;
				if (close + 1 === end || (load<u8>(close + 1) as i32) !== quote) break;
				close++;
			}
			if (close >= end) return opened;
			address = close + 1;
		}
		while (address < end && load<u8>(address) !== delimiter) address++;
		if (isQuoted && !isPadding(close + 1, address) && hasLineEnd(opened, close)) return opened;
	}
	return 0;
}

/** Whether a record, or a part of one, goes over several lines. */
export function hasLineEnd(from: usize, end: usize): bool {
	return countLineEnds(from, end) > 0;
}

/** Finds the end of a physical line in front of `before`; 0 where it is not there. @param end - Of all that has been read. */
export function findLineEnd(from: usize, before: usize, end: usize): usize {
	for (let address = from; address < before; address++) {
		const byte = load<u8>(address);
		if (byte !== LF && byte !== CR) continue;
		const isPair = byte === CR && address + 1 < end && load<u8>(address + 1) === LF;
		next = address + (isPair ? 2 : 1);
		return address;
	}
	return 0;
}
