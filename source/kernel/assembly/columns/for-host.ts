// What the host asks of the columns of an analysis.
import {describeTables} from '../figures';
import {analysisAt} from '../program';
import {Column} from './column';
import {ColumnSet, TOTALS} from './column-set';
import {KeyCounts, OF_RECORDS} from './key-counts';
import {mergeCounted} from './merge-column';
import {giveColumn as give} from './read-column';
import {noteValues} from './shown-forms';

/** Where what is kept of a column is, see columns/column.ts. */
export function columnOf(analysis: i32, column: u32): usize {
	return changetype<usize>(columnsOf(analysis).columnAt(column));
}

/** @param analysis - Its number; with `TOTALS`, those of several sources. */
function columnsOf(analysis: i32): ColumnSet {
	if (analysis < (TOTALS as i32)) return analysisAt(analysis).allColumns();
	return changetype<ColumnSet>(analysisAt(analysis - (TOTALS as i32)).totals);
}

/** Writes the sample of a column in an order, see `CellSample`. */
export function packSample(analysis: i32, column: u32, order: usize, count: u32, ends: usize, texts: usize): void {
	columnsOf(analysis).columnAt(column).sample.pack(order, count, ends, texts);
}

/** Begins to add up the columns of several sources of an analysis. */
export function beginTotals(analysis: i32): void {
	analysisAt(analysis).beginTotals();
}

/** Adds the columns of a source whose values are all counted, and in which no faults are looked for. Returns false where that is not so. */
export function addToTotals(analysis: i32): bool {
	const columns = columnsOf(analysis);
	if (columns.tableFaults !== 0) return false;
	for (let index: u32 = 0; index < columns.count; index++) if (!columns.columnAt(index).isCounted) return false;
	const totals = columnsOf(analysis + (TOTALS as i32));
	for (let index: u32 = 0; index < columns.count; index++)
		mergeCounted(totals.columnAt(index), columns.columnAt(index));
	return true;
}

/** Gives the host what it does not have yet of a column whose values are not counted any more. */
export function giveColumn(analysis: i32, column: u32): void {
	give(columnsOf(analysis).columnAt(column));
}

/** Where it is what a column shows of forms, and how long its cells are as they are written: see columns/column.ts. */
export function formsOfColumn(analysis: i32, index: u32): usize {
	const column = columnsOf(analysis).columnAt(index);
	if (column.isCounted && !column.isWritten) noteValues(column);
	return changetype<usize>(column) + offsetof<Column>('smallestOpen');
}

/** Gives the host the sampled keys that it does not have yet; see columns/key-counts.ts. */
export function giveKeys(analysis: i32, kind: u32): void {
	keyCountsOf(analysis, kind).give();
}

/** Where the sampled keys are that the host is to take, see columns/value-counts.ts. */
export function sampledKeysOf(analysis: i32, kind: u32): usize {
	return changetype<usize>(keyCountsOf(analysis, kind).sample);
}

/** How many records have a key. */
export function countKeys(analysis: i32, kind: u32): f64 {
	return keyCountsOf(analysis, kind).count as f64;
}

/** Where the different keys are, as words; see figures.ts. */
export function describeKeys(analysis: i32, kind: u32): usize {
	return describeTables(keyCountsOf(analysis, kind).values);
}

function keyCountsOf(analysis: i32, kind: u32): KeyCounts {
	const faults = analysisAt(analysis).allColumns().faults();
	return kind === OF_RECORDS ? faults.records : faults.cells;
}

export {learnWords} from './shown-forms';
