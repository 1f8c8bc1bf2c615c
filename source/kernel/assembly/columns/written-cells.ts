// Cells of a column in another form than the plain one -> the same in the plain form, as pairs (plain-cells.ts), before anything else is made of
// them: those that are like others by written-shapes.ts, and the rest by the host.
import {REWRITTEN_BYTES} from '../forms';
import {rewriteCell} from '../host';
import {allocate} from '../memory';
import {Column} from './column';
import {MAX_PORTION, PAIR_BYTES, writePair} from './plain-cells';
import {isMissing} from './text-cells';
import {expected, NO_SHAPE, OPEN, STAYS, shapeOfDate, shapeOfNumber} from './written-shapes';

/** Cells are read 16 bytes at a time, from their ends backwards, too. */
const PADDING_BYTES: usize = 32;
const ROOM: usize = REWRITTEN_BYTES + PADDING_BYTES;

let pairs: usize = 0;
let texts: usize = 0;
/** For a cell as it is expected. */
let wanted: usize = 0;

function prepare(): void {
	if (pairs !== 0) return;
	pairs = allocate(PAIR_BYTES * (MAX_PORTION as usize));
	texts = allocate(PADDING_BYTES + ROOM * (MAX_PORTION as usize));
	wanted = allocate(REWRITTEN_BYTES);
}

/** Rewrites cells, up to `MAX_PORTION` of them. Returns the first of their pairs, which are good until the next ones are made. */
export function rewriteCells(column: Column, entries: usize, last: usize, stride: usize): usize {
	prepare();
	let pair = pairs;
	let target = texts + PADDING_BYTES;
	for (let entry = entries; entry < last; entry += stride, pair += PAIR_BYTES) {
		const start = (load<u32>(entry) as usize) + 1;
		const end = load<u32>(entry, 4) as usize;
		const bytes = isMissing(start, end - start) ? -1 : rewrite(column, start, end, target);
		if (bytes < 0) writePair(pair, start, end);
		else {
			writePair(pair, target, target + (bytes as usize));
			target += (bytes as usize) + PADDING_BYTES;
		}
	}
	return pairs;
}

/** Returns how many bytes are at the target; -1 where the cell stays as it is. */
function rewrite(column: Column, start: usize, end: usize, target: usize): i32 {
	const length = (end - start) as u32;
	column.shortestWritten = min(column.shortestWritten, length);
	column.longestWritten = max(column.longestWritten, length);
	column.writtenLengthSum += length as u64;
	return length > (MAX_CELL_BYTES as u32) ? STAYS : plainOf(column, start, end, target);
}

/** The same, without lengths: a cell that is like others is not given to the host. */
function plainOf(column: Column, start: usize, end: usize, target: usize): i32 {
	const shapes = column.shapes;
	if (column.hasDates) {
		const shape = shapeOfDate(shapes.takesSecond(), start, end, target);
		if (shape === NO_SHAPE) return askHost(column, start, end, target);
		if (shapes.knowsDate(shape)) return expected();
		const bytes = askHost(column, start, end, target);
		if (isAsExpected(bytes, target, shapeOfDate(shapes.takesSecond(), start, end, wanted))) shapes.learnDate(shape);
		else if (shape === OPEN && isAsExpected(bytes, target, shapeOfDate(true, start, end, wanted)))
			shapes.learnDate(shapeOfDate(true, start, end, wanted));
		return bytes;
	}
	const shape = shapeOfNumber(start, end, target);
	if (shape === NO_SHAPE) return askHost(column, start, end, target);
	if (shapes.knowsNumber(shape)) return expected();
	const bytes = askHost(column, start, end, target);
	if (isAsExpected(bytes, target, shapeOfNumber(start, end, wanted))) shapes.learnNumber(shape);
	return bytes;
}

/** Whether the host has made of a cell what is at `wanted`. @param shape - Of the cell. */
function isAsExpected(bytes: i32, target: usize, shape: i32): bool {
	return (
		shape !== NO_SHAPE && bytes === expected() && (bytes < 0 || memory.compare(target, wanted, bytes as usize) === 0)
	);
}

function askHost(column: Column, start: usize, end: usize, target: usize): i32 {
	return rewriteCell(column.owner, column.index, start, end - start, target, true);
}

/** Adds a cell to the sample of its column in the plain form. */
export function sampleWritten(column: Column, hash: u64, start: usize, end: usize): void {
	prepare();
	const length = end - start;
	const isLeft = length > MAX_CELL_BYTES || isMissing(start, length);
	const bytes = isLeft ? STAYS : rewriteCell(column.owner, column.index, start, length, texts, false);
	if (bytes < 0) column.sample.add(hash, start, length);
	else column.sample.add(hash, texts, bytes as usize);
}

/** A longer cell is in no form. */
const MAX_CELL_BYTES: usize = 100;
