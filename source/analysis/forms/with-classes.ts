// Evidence of the forms of columns with the classes of their cells, from their states: how many are plain numbers, and plain dates.
import {type CellClass, cellClasses, readCell} from '../columns/cell.ts';
import type {ColumnState} from '../columns/column-state.ts';
import {type ColumnEvidence, type Shown, saysNothing} from './evidence.ts';

const MISSING: readonly CellClass[] = ['empty', 'null'];
const NUMBERS: readonly CellClass[] = ['integer', 'signed', 'decimal', 'float'];
const DATES: readonly CellClass[] = ['date', 'timestamp'];

/** @param readState - Of the column; called where its cells show something that a decision is to be made of. */
export function withClasses(evidence: ColumnEvidence, readState: () => ColumnState): ColumnEvidence {
	const {shown} = evidence;
	if (saysNothing(shown)) return evidence;
	const count = classCounter(readState());
	return {
		...evidence,
		records: count(cellClasses) - count(MISSING),
		shown: {...shown, 'plain number': counted(count(NUMBERS)), 'plain date': counted(count(DATES))},
	};
}

const counted = (count: number): Shown => ({count, example: {line: 0, byteOffset: 0, cell: ''}});

function classCounter({values, sketch}: ColumnState): (classes: readonly CellClass[]) => number {
	const counts = sketch?.counts ?? new Float64Array(cellClasses.length);
	for (const [cell, count] of values ?? []) {
		const place = cellClasses.indexOf(readCell(cell).class);
		counts[place] = (counts[place] ?? 0) + count;
	}
	return classes => classes.reduce((sum, each) => sum + (counts[cellClasses.indexOf(each)] ?? 0), 0);
}
