// Whether a cell passes a test: by this, the kernel's quick tests are held against, and those that it leaves to its host are answered.
import {isUtf8} from 'node:buffer';
import type {ParsedAmount} from '../amount.ts';
import {isBlankCell, parseCalendarDate} from '../calendar-date.ts';
import {compareDecimals} from '../extremes.ts';
import type {ColumnForm} from '../forms/forms.ts';
import {plainDate, readAmount} from '../forms/read-cell.ts';
import {bytesInUtf8} from '../text-encoding.ts';
import type {CellTest, Comparison} from './condition.ts';

/**
@param cell - Quotes removed, one character per byte.
@param form - Of its column.
*/
export function testCell(test: CellTest, cell: string, form: ColumnForm = {}): boolean {
	switch (test.kind) {
		case 'number': {
			const number: ParsedAmount = {units: 0, scale: 0};
			if (readAmount(cell, form.number, number) !== null) return false;
			return fits(test.comparison, compareDecimals({units: BigInt(number.units), scale: number.scale}, test.value));
		}
		case 'date': {
			const day = parseCalendarDate(plainDate(cell, form.date));
			return day !== null && fits(test.comparison, compareTexts(day, test.day));
		}
		case 'text':
			return !isBlankCell(cell) && fits(test.comparison, compareTexts(cellInUtf8(cell), asBytes(test.text)));
		case 'contains':
			return !isBlankCell(cell) && cellInUtf8(cell).includes(asBytes(test.text)) !== test.isNegated;
		case 'starts-with':
			return !isBlankCell(cell) && cellInUtf8(cell).startsWith(asBytes(test.text)) !== test.isNegated;
		case 'empty':
			return isBlankCell(cell) !== test.isNegated;
	}
}

/** One character per byte. */
const asBytes = (text: string): string => Buffer.from(text).toString('latin1');

/**
A cell that is not UTF-8 is taken as Windows-1252, by itself: which encoding the file has is only known at its end. They differ where a
cell of a file in Windows-1252 looks like UTF-8, which no word of a language does.
*/
const cellInUtf8 = (cell: string): string =>
	isUtf8(Buffer.from(cell, 'latin1')) ? cell : bytesInUtf8(cell, 'windows-1252');

const compareTexts = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

function fits(comparison: Comparison, order: number): boolean {
	switch (comparison) {
		case '=':
			return order === 0;
		case '!=':
			return order !== 0;
		case '<':
			return order < 0;
		case '<=':
			return order <= 0;
		case '>':
			return order > 0;
		case '>=':
			return order >= 0;
	}
}
