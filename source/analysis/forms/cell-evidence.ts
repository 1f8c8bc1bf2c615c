// What cells show of the form of a column that may hold anything, and the same cells in the plain form, which cell.ts knows. Where a
// cell stands does not matter here. How many cells are plain numbers and plain dates, those say who count classes.
import {type CellClass, readCell} from '../columns/cell.ts';
import {readWrittenDate} from './date-form.ts';
import {type Example, isInFront, type MutableEvidence} from './evidence.ts';
import type {CellForm} from './forms.ts';
import {type NumberForm, plainNumber, readWritten, type WrittenNumber} from './number-form.ts';
import type {Numeral} from './numeral.ts';

/** Digits with a zero in front are a code and not a number: `0049 123 456`. */
const CODE = /^[^\d]*0[\d ]/;
const DIGITS = /^[ \t]*\d+[ \t]*$/;
/** A longer cell is in no form, blanks around it counted: as in the kernel. */
const MAX_CELL_BYTES = 100;

/** @param cell - As an example; '' where it is no use. */
export function noteWhat(shown: MutableEvidence, what: string, count: number, cell = ''): void {
	const example: Example = {line: 0, byteOffset: 0, cell};
	const known = shown[what];
	if (known === undefined) shown[what] = {count, example};
	else {
		known.count += count;
		if (isInFront(example, known.example)) known.example = example;
	}
}

/**
Notes cells of a column that is read in the plain form.

@param count - How many cells are the same.
*/
export function noteCells(shown: MutableEvidence, cell: string, count: number): void {
	const {class: cellClass} = readCell(cell);
	if ((cellClass !== 'text' && cellClass !== 'decimal') || cell.length > MAX_CELL_BYTES) return;
	const written = numberOf(cell);
	if (written !== null) noteNumber(shown, written, cell, cellClass === 'text' ? count : 0);
	else if (cellClass === 'text') noteDate(shown, cell, count);
}

const numberOf = (cell: string): WrittenNumber | null => {
	const written = readWritten(cell);
	return written === null || (CODE.test(cell.trim()) && written.numeral.groupWith('.') !== null) ? null : written;
};

/** @param count - Of cells that are no numbers for those who count classes. */
function noteNumber(
	shown: MutableEvidence,
	{numeral, isNegative, ...written}: WrittenNumber,
	cell: string,
	count: number,
): void {
	const {proves} = numeral;
	if (proves === 'open') noteWhat(shown, 'open', count, `${isNegative ? '-' : ''}${textOfOpen(numeral)}`);
	else if (proves !== 'none') noteWhat(shown, proves, count, count > 0 ? cell : '');
	noteWhat(shown, written.isPercent ? 'percent' : 'number', count);
	if (written.currency !== null) noteWhat(shown, `currency ${written.currency}`, count);
	const group = proves === 'open' ? null : numeral.groupWith(proves === 'none' ? '.' : proves);
	if (group !== null) noteWhat(shown, `group ${group}`, count);
}

/** As it is written. */
function textOfOpen(numeral: Numeral): string {
	const mark = numeral.groupWith('.') === null ? '.' : ',';
	return numeral.readWith(mark)?.replace('.', mark) ?? '';
}

function noteDate(shown: MutableEvidence, cell: string, count: number): void {
	const date = readWrittenDate(cell);
	if (date !== null) noteWhat(shown, `date ${date.proves}`, count, cell);
}

/** A cell in the plain form, where it is in the form of its column; else as it is. What it shows is noted. */
export function rewriteCell(form: CellForm, cell: string, shown: MutableEvidence): string {
	const cellClass = readCell(cell).class;
	if (cellClass === 'empty' || cellClass === 'null' || cell.length > MAX_CELL_BYTES) return cell;
	return 'date' in form
		? rewriteDate(form.date, cell, cellClass, shown)
		: rewriteNumber(form.number, cell, cellClass, shown);
}

function rewriteNumber(form: NumberForm, cell: string, cellClass: CellClass, shown: MutableEvidence): string {
	const written = numberOf(cell);
	if (written === null) return cell;
	const plain = plainNumber(written, form);
	noteNumber(shown, written, cell, plain === null && cellClass === 'text' ? 1 : 0);
	const hasMark = cellClass === 'decimal' && form.mark === ',';
	if (plain === null || (cellClass !== 'text' && !hasMark)) return cell;
	if (plain !== cell.trim()) noteWhat(shown, 'written', 0);
	return plain;
}

function rewriteDate(
	form: Extract<CellForm, {date: unknown}>['date'],
	cell: string,
	cellClass: CellClass,
	shown: MutableEvidence,
): string {
	if (DIGITS.test(cell)) return cell;
	const written = readWrittenDate(cell);
	const plain = written?.readAs(form) ?? null;
	if (written !== null)
		noteWhat(
			shown,
			`date ${written.proves}`,
			plain === null && cellClass === 'text' ? 1 : 0,
			plain === null ? cell : '',
		);
	if (plain === null || cellClass !== 'text') return cell;
	noteWhat(shown, 'written', 0);
	return plain;
}
