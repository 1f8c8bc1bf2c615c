// What functions of the host read and write, see `computeSpan` and `computeRecord` in host.ts.
import {openEntry, openedStart} from './fields';
import {analysisAt} from './program';
import {computedDateAt, computedNumberAt, computedTextAt, dateAt, numberAt} from './readers';

/** Where it is said which records of a run fit the condition of an analysis, see `Analysis.fits`. */
export function fitsOf(analysis: i32): usize {
	return analysisAt(analysis).fits;
}
/** Records that do not fit the condition of an analysis, beside those that the filter leaves out. */
export function countFilteredBy(analysis: i32): f64 {
	return analysisAt(analysis).filtered as f64;
}
/** Opens the field behind an entry of the index; returns where its content begins. */
export function openCell(entry: usize): usize {
	openEntry(entry);
	return openedStart();
}
/** Of a reader of numbers: doubles of a run; a byte for each record of a run, 1 for none, or 0 where each has one. */
export function doublesOf(number: i32): usize {
	return numberAt(number).doubles;
}
export function nonesOf(number: i32): usize {
	return numberAt(number).nones;
}
/** Of the record that is read by the rules: its text, and 0 as its end where it has no number. */
export function numberText(number: i32): usize {
	return numberAt(number).text;
}
export function numberTextEnd(number: i32): usize {
	return numberAt(number).isThere() ? numberAt(number).textEnd : 0;
}
/** Of a reader of dates: codes of a run, and that of the record that is read by the rules. */
export function codesOf(date: i32): usize {
	return dateAt(date).codes;
}
export function codeOf(date: i32): u32 {
	return dateAt(date).code;
}
/** The same of clocks; 0 where they are not read. */
export function clocksOf(date: i32): usize {
	return dateAt(date).clocks;
}
export function clockOfRecord(date: i32): u32 {
	return dateAt(date).clock;
}
/** Of a computed number: where doubles of a run go, and a 1 for none. */
export function computedDoubles(number: i32): usize {
	return computedNumberAt(number).units;
}
export function computedNones(number: i32): usize {
	return computedNumberAt(number).nones;
}
export function setComputedNumber(number: i32, units: i64, isThere: bool, isHuge: bool): void {
	computedNumberAt(number).take(units, isThere, isHuge);
}
/** Where codes of a run go. */
export function computedCodes(date: i32): usize {
	return computedDateAt(date).codes;
}
export function setComputedDate(date: i32, code: u32): void {
	computedDateAt(date).code = code;
}
/** Where entries of a run go. */
export function computedEntries(text: i32): usize {
	return computedTextAt(text).entries;
}
export function setComputedText(text: i32, start: usize, end: usize): void {
	computedTextAt(text).start = start;
	computedTextAt(text).end = end;
}
