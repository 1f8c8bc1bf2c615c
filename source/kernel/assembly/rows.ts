// Small files, one after the other: what each comes to is appended as a row of numbers, and what all come to is kept together, for the
// host to take now and then. A file takes some 20 µs, and reading its tables from outside would double that.
//
//   beginFile ──runs──> what analyses keep of one file ──endFile──> a row, varints
//                                                             └───> the same of all files of the rows
//
// A row: see analysis/file-rows.ts, which reads it. The groups stay from file to file, emptied, so each key is looked up once; its number
// says when it came first in these rows. What does not fit – a sum of more than 64 bits, numbers that are the host's, an estimate – is
// left to the host, which reads the file by itself, and does not harm the others.
import {Analysis} from './analysis';
import {fitsScaled, hasAny, highestOf, joinScaled, lowestOf, scaleExtremes} from './extremes';
import {asNumber} from './figures';
import {COUNT, GroupTable, SUM} from './group-table';
import {keyBytes, keyText} from './key-table';
import {allocate, powerOfTen, release} from './memory';
import {analysisAt, analysisCount} from './program';
import {haveSumsSpilled, Summand, summedValue, TotalSum} from './summand';
import {addScaled, fitsInLow, LOW, multiplySum} from './sums';
import {bytesWritten, keepBytes, MAX_VARINT_BYTES, reserveBytes, writeSigned, writeText, writeVarint} from './varints';

/** More groups, or bytes of keys, make the tables large for files that have few. */
const MAX_GROUPS_KEPT: u32 = 4096;
const MAX_KEY_BYTES_KEPT: u32 = 256 * 1024;

/** Bytes of the rows; keys are written behind them. */
let rowBytes: usize = 0;

/** Begins rows. Whatever there were is forgotten. */
export function beginRows(): void {
	rowBytes = 0;
	for (let index: i32 = 0; index < analysisCount(); index++) {
		const analysis = analysisAt(index);
		analysis.rowsRecords = 0;
		analysis.rowsLines = 0;
		for (let at: i32 = 0; at < analysis.sumCount; at++) analysis.sumAt(at).beginRows();
		for (let at: i32 = 0; at < analysis.rangeCount; at++) analysis.rangeAt(at).beginRows();
		for (let at: i32 = 0; at < analysis.setCount; at++) analysis.setAt(at).ofRows.beginTables();
		for (let at: i32 = 0; at < analysis.tableCount; at++) {
			const table = analysis.tableAt(at);
			if (!table.isInRows || isLarge(table)) table.begin(true);
			else table.beginRows();
		}
	}
}

function isLarge(table: GroupTable): bool {
	return table.count > MAX_GROUPS_KEPT || table.keyBytes > MAX_KEY_BYTES_KEPT;
}

/** Whether the tables have become so large that rows had better begin anew. */
export function areRowsLarge(): bool {
	for (let index: i32 = 0; index < analysisCount(); index++) {
		const analysis = analysisAt(index);
		for (let at: i32 = 0; at < analysis.tableCount; at++) if (isLarge(analysis.tableAt(at))) return true;
	}
	return false;
}

/** Whether all numbers of the file have fit in a row so far. */
let fits: bool = false;

/**
Ends a file: appends its row, and adds it to what all come to.

@returns How many bytes the row has; 0 where the file does not fit.
*/
export function endFile(): u32 {
	fits = !haveSumsSpilled();
	keepBytes(rowBytes);
	for (let index: i32 = 0; index < analysisCount() && fits; index++) writeAnalysis(analysisAt(index));
	for (let index: i32 = 0; index < analysisCount() && fits; index++) checkScales(analysisAt(index));
	if (!fits) return 0;
	for (let index: i32 = 0; index < analysisCount(); index++) addToRows(analysisAt(index));
	const bytes = bytesWritten() - rowBytes;
	rowBytes += bytes;
	return bytes as u32;
}

export function rowsWritten(): u32 {
	return rowBytes as u32;
}

function writeAnalysis(analysis: Analysis): void {
	reserveBytes(MAX_VARINT_BYTES * ((2 + 5 * analysis.sumCount + 2 * analysis.rangeCount + analysis.setCount) as usize));
	writeVarint(analysis.records);
	if (analysis.countsLines) writeVarint(analysis.lines);
	for (let at: i32 = 0; at < analysis.sumCount; at++) writeSum(analysis.sumAt(at));
	for (let at: i32 = 0; at < analysis.rangeCount; at++) {
		const range = analysis.rangeAt(at);
		writeVarint(asNumber(range.earliest));
		writeVarint(asNumber(range.latest));
	}
	for (let at: i32 = 0; at < analysis.setCount; at++) {
		const set = analysis.setAt(at);
		fits = fits && !set.isEstimate;
		writeVarint((set.count() as u64) << 1);
	}
	for (let at: i32 = 0; at < analysis.tableCount && fits; at++) writeTable(analysis.tableAt(at));
}

/** A power of ten by which the units are more than those of the sum's own scale. */
function surplus(summand: Summand): i64 {
	return summand.value === 0 ? 1 : powerOfTen(summedValue(summand).scale - summand.scale);
}

function writeSum(sum: TotalSum): void {
	fits = fits && fitsInLow(sum.sum());
	writeVarint(sum.scale);
	writeSigned(load<i64>(sum.sum(), LOW) / surplus(sum));
	if (sum.isCounted) writeVarint(sum.count);
	if (sum.hasExtremes) writeExtremes(sum.extremes(), surplus(sum));
}

function writeExtremes(pair: usize, divisor: i64): void {
	writeSigned(hasAny(pair) ? lowestOf(pair) / divisor : 0);
	writeSigned(hasAny(pair) ? highestOf(pair) / divisor : 0);
}

function writeTable(table: GroupTable): void {
	table.carry();
	let groups: u32 = 0;
	for (let key: u32 = 0; key < table.count; key++) groups += isUsed(table, table.slotAt(key)) as u32;
	const summands = table.summandCount;
	const ofGroup = 2 + 4 * summands + 2 * table.rangeCount;
	reserveBytes(MAX_VARINT_BYTES * (((3 + summands) as usize) + (groups as usize) * (ofGroup as usize)));
	writeVarint(groups + 1);
	if (table.countsKeys) writeVarint((groups - emptyKeys(table)) << 1);
	writeVarint(groups);
	for (let index: i32 = 0; index < summands; index++) {
		if (table.isSum(index)) writeVarint(table.summandAt(index).scale);
	}
	for (let key: u32 = 0; key < table.count; key++) {
		const slot = table.slotAt(key);
		if (isUsed(table, slot)) writeGroup(table, slot);
	}
}

/** How many groups of this file have an empty key: one or none. */
function emptyKeys(table: GroupTable): u32 {
	let empty: u32 = 0;
	for (let key: u32 = 0; key < table.count; key++) {
		const slot = table.slotAt(key);
		empty += ((keyBytes(slot) === 0) as u32) & (isUsed(table, slot) as u32);
	}
	return empty;
}

/** Whether a group has records of this file. */
function isUsed(table: GroupTable, slot: usize): bool {
	return load<u64>(slot + table.stateOf(0), COUNT) !== 0;
}

function writeGroup(table: GroupTable, slot: usize): void {
	const number = slot + table.numberAt();
	// One more, for 0 is none.
	if (load<u32>(number) === 0) store<u32>(number, ++table.numbered);
	writeVarint(load<u32>(number) - 1);
	writeVarint(load<u64>(slot + table.stateOf(0), COUNT));
	for (let index: i32 = 0; index < table.summandCount; index++) {
		if (!table.isSum(index)) continue;
		const sum = slot + table.stateOf(index) + SUM;
		fits = fits && fitsInLow(sum);
		writeSigned(load<i64>(sum, LOW) / surplus(table.summandAt(index)));
	}
	for (let index: i32 = 0; index < table.summandCount; index++) {
		const summand = table.summandAt(index);
		if (summand.hasExtremes) writeExtremes(slot + summand.extremesAt, surplus(summand));
	}
	for (let index: i32 = 0; index < table.summandCount; index++) {
		if (table.summandAt(index).isCounted) writeVarint(load<u64>(slot + table.stateOf(index), COUNT));
	}
	for (let index: i32 = 0; index < table.rangeCount; index++) {
		const pair = slot + table.rangeAt(index);
		writeVarint(hasAny(pair) ? asNumber(lowestOf(pair) as u64) : 0);
		writeVarint(hasAny(pair) ? asNumber(highestOf(pair) as u64) : 0);
	}
}

/** Sums that would have to have more decimals must have fewer than 64 bits: then they do not leave 128. */
function checkScales(analysis: Analysis): void {
	for (let at: i32 = 0; at < analysis.sumCount; at++) {
		const sum = analysis.sumAt(at);
		fits = fits && (sum.scale <= sum.rowsScale || fitsInLow(sum.rowsSum()));
		if (sum.hasExtremes) checkExtremes(sum, sum.extremes(), sum.rowsExtremes());
	}
	for (let at: i32 = 0; at < analysis.tableCount; at++) {
		const table = analysis.tableAt(at);
		for (let index: i32 = 0; index < table.summandCount; index++) checkSummand(table, index);
	}
}

function checkSummand(table: GroupTable, index: i32): void {
	const summand = table.summandAt(index);
	if (summand.hasExtremes && summand.scale !== summand.rowsScale) {
		const at = summand.extremesAt;
		for (let key: u32 = 0; key < table.count; key++) {
			checkExtremes(summand, table.slotAt(key) + at, table.slotAt(key) + table.inRows(at));
		}
	}
	if (summand.scale <= summand.rowsScale) return;
	const sum = table.inRows(table.stateOf(index)) + SUM;
	for (let key: u32 = 0; key < table.count; key++) fits = fits && fitsInLow(table.slotAt(key) + sum);
}

/** Whether both fit in 64 bits with the decimals of the one that has more. */
function checkExtremes(summand: Summand, ofFile: usize, ofRows: usize): void {
	fits = fits && fitsScaled(ofRows, powerOfTen(max(0, summand.scale - summand.rowsScale)));
	fits = fits && fitsScaled(ofFile, powerOfTen(max(0, summand.rowsScale - summand.scale)));
}

function addToRows(analysis: Analysis): void {
	analysis.rowsRecords += analysis.records;
	analysis.rowsLines += analysis.lines;
	for (let at: i32 = 0; at < analysis.sumCount; at++) {
		const sum = analysis.sumAt(at);
		if (sum.scale > sum.rowsScale) {
			const factor = raiseRowsScale(sum);
			multiplySum(sum.rowsSum(), factor);
			scaleExtremes(sum.rowsExtremes(), factor);
		}
		joinScaled(sum.rowsExtremes(), sum.extremes(), surplus(sum), powerOfTen(sum.rowsScale - sum.scale));
		addScaled(sum.rowsSum(), load<i64>(sum.sum(), LOW) / surplus(sum), powerOfTen(sum.rowsScale - sum.scale));
		sum.rowsCount += sum.count;
	}
	for (let at: i32 = 0; at < analysis.rangeCount; at++) analysis.rangeAt(at).addToRows();
	for (let at: i32 = 0; at < analysis.setCount; at++) analysis.setAt(at).addToRows();
	for (let at: i32 = 0; at < analysis.tableCount; at++) {
		const table = analysis.tableAt(at);
		for (let index: i32 = 0; index < table.summandCount; index++) addSummandToRows(table, index);
		for (let index: i32 = 0; index < table.rangeCount; index++) {
			const range = table.rangeAt(index);
			for (let key: u32 = 0; key < table.count; key++) {
				joinScaled(table.slotAt(key) + table.inRows(range), table.slotAt(key) + range, 1, 1);
			}
		}
	}
}

/** @returns What sums of the rows are to be multiplied by. */
function raiseRowsScale(summand: Summand): i64 {
	const factor = powerOfTen(summand.scale - summand.rowsScale);
	summand.rowsScale = summand.scale;
	return factor;
}

function addSummandToRows(table: GroupTable, index: i32): void {
	const summand = table.summandAt(index);
	const ofFile = table.stateOf(index);
	const ofRows = table.inRows(ofFile);
	const extremes = summand.extremesAt;
	if (summand.scale > summand.rowsScale) {
		const factor = raiseRowsScale(summand);
		for (let key: u32 = 0; key < table.count; key++) {
			multiplySum(table.slotAt(key) + ofRows + SUM, factor);
			if (summand.hasExtremes) scaleExtremes(table.slotAt(key) + table.inRows(extremes), factor);
		}
	}
	const less = surplus(summand);
	const factor = powerOfTen(summand.rowsScale - summand.scale);
	for (let key: u32 = 0; key < table.count; key++) {
		const slot = table.slotAt(key);
		if (!isUsed(table, slot)) continue;
		store<u64>(slot + ofRows, load<u64>(slot + ofRows, COUNT) + load<u64>(slot + ofFile, COUNT), COUNT);
		addScaled(slot + ofRows + SUM, load<i64>(slot + ofFile + SUM, LOW) / less, factor);
		if (summand.hasExtremes) joinScaled(slot + table.inRows(extremes), slot + extremes, less, factor);
	}
}

/**
Writes the keys of a table behind the rows, in the order of their numbers, each with its length in front.

@returns How many bytes that are.
*/
export function writeKeys(table: GroupTable): u32 {
	keepBytes(rowBytes);
	if (table.numbered === 0) return 0;
	const listBytes: usize = 4 * (table.numbered as usize);
	const list = allocate(listBytes);
	for (let key: u32 = 0; key < table.count; key++) {
		const slot = table.slotAt(key);
		const number = load<u32>(slot + table.numberAt());
		if (number !== 0) store<u32>(list + 4 * ((number - 1) as usize), slot as u32);
	}
	for (let place: usize = list; place < list + listBytes; place += 4) {
		const slot = load<u32>(place) as usize;
		const length = keyBytes(slot);
		reserveBytes(MAX_VARINT_BYTES + length);
		writeVarint(length);
		writeText(keyText(slot), length);
	}
	release(list, listBytes);
	return (bytesWritten() - rowBytes) as u32;
}
