// Quotes that are never closed: a record that is cut short by one ends with the line in which it stands, see input/record-reader.ts.
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
Finds the quote that is still open at `end`; 0 where none is.

@param record - Where the record begins; no line end outside of quotes is in front of `end`.
*/
export function findOpenQuote(record: usize, end: usize): usize {
	const quote = quoteByte();
	const delimiter = delimiterByte();
	field = 0;
	for (let address = record; address < end; address++, field++) {
		if ((load<u8>(address) as i32) === quote) {
			const opened = address;
			for (address++; address < end; address++) {
				if ((load<u8>(address) as i32) !== quote) continue;
				if (address + 1 === end || (load<u8>(address + 1) as i32) !== quote) break;
				address++;
			}
			if (address >= end) return opened;
			address++;
		}
		while (address < end && load<u8>(address) !== delimiter) address++;
	}
	return 0;
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
