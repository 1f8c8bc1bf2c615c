// Filters of any tests over the columns of a random table, with values that its cells have.
import {isUtf8} from 'node:buffer';
import {parseAmount} from '../../source/analysis/amount.ts';
import {isBlankCell, parseCalendarDate} from '../../source/analysis/calendar-date.ts';
import {decodeBytes} from '../../source/analysis/text-encoding.ts';
import type {CellTest, Comparison} from '../../source/analysis/where/condition.ts';
import type {FilterNode, FilterProgram} from '../../source/analysis/where/filter-program.ts';
import type {Dice} from './large-tables.ts';

const comparisons: readonly Comparison[] = ['=', '!=', '<', '<=', '>', '>='];

const decode = (cell: string): string =>
	decodeBytes(cell, isUtf8(Buffer.from(cell, 'latin1')) ? 'utf-8' : 'windows-1252');

function anyTest(dice: Dice, cell: string): CellTest {
	const comparison = dice.pick(comparisons);
	const isNegated = dice.isOneIn(2);
	const number = {units: 0 as number | bigint, scale: 0};
	const kind = dice.pick(['number', 'number', 'date', 'date', 'text', 'part', 'part', 'empty'] as const);
	if (kind === 'number' && parseAmount(cell, number) === null)
		return {kind, comparison, value: {units: BigInt(number.units), scale: number.scale}};
	const day = parseCalendarDate(cell);
	if (kind === 'date' && day !== null) return {kind, comparison, day};
	const text = decode(cell);
	const part = text.slice(0, 1 + dice.roll(text.length));
	if (kind === 'empty' || isBlankCell(text) || isBlankCell(part)) return {kind: 'empty', isNegated};
	if (kind === 'part' && dice.isOneIn(2)) return {kind: 'starts-with', text: part, isNegated};
	const end = text.slice(dice.roll(text.length));
	if (kind === 'part' && !isBlankCell(end)) return {kind: 'contains', text: end.slice(0, 20), isNegated};
	return {kind: 'text', comparison, text};
}

/** @param cellOf - A cell that a column may have. */
export function anyFilter(dice: Dice, columnCount: number, cellOf: (column: number) => string): FilterProgram {
	const tests: {column: number; test: CellTest}[] = [];
	const node = (depth: number): FilterNode => {
		if (depth === 0 || dice.isOneIn(2)) {
			const column = dice.roll(columnCount);
			return tests.push({column, test: anyTest(dice, cellOf(column))}) - 1;
		}
		return {kind: dice.pick(['and', 'or']), parts: Array.from({length: 1 + dice.roll(3)}, () => node(depth - 1))};
	};
	const root = node(dice.pick([0, 1, 1, 3]));
	return {tests, root};
}
