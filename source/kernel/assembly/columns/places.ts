// Where the cells are that loops over columns take: each in its record, or, while a table of values is poured, at the first places that
// its value has.
//
//   place    [ byte offset, 8 │ line, 8 ]
//   places   [ place, 16 × 3 ]                in order: as many as there are cells, or the first ones
import {fileOffsetOf} from '../host';
import {lineOf} from '../lines';
import {allocate} from '../memory';
import {addressOffset} from '../rejects';

export const MAX_PLACES: i32 = 3;
const PLACE_BYTES: usize = 16;
export const PLACES_BYTES: usize = PLACE_BYTES * (MAX_PLACES as usize);
const LINE: usize = 8;

/** The first entry of the cells of a portion, and how far the next one is from it; the same of the entries in front of their records. */
let cells: usize = 0;
let stride: usize = 1;
let records: usize = 0;
let recordStride: usize = 0;
/** Of values that are poured: the addresses of their places, 0 for none; the first pair; how many places each value has. */
let poured: usize = 0;
let pouredPairs: usize = 0;
let pouredStride: usize = 1;
let pouredCount: i32 = 0;

/** The place of one record. */
let place: usize = 0;

/** Whether the source is other bytes than those of the file, so that the host says where they are. */
let areMapped: bool = false;

/** To be called before the first record of a source. */
export function mapPlaces(are: bool): void {
	areMapped = are;
}

/** To be called before the others. */
export function preparePlaces(): void {
	if (place === 0) place = allocate(PLACES_BYTES);
}

/**
Says where the next cells are.

@param entries - As the loops take them, so far from each other.
@param ofRecords - The entry in front of the first field of the first record; the next ones are so far from each other.
*/
export function placeCells(entries: usize, ofCells: usize, ofRecords: usize, ofRecord: usize): void {
	cells = entries;
	stride = ofCells;
	records = ofRecords;
	recordStride = ofRecord;
}

/** Says that the next cells are values, each of which has so many places; until `endPouring`. */
export function placePoured(places: usize, pairs: usize, ofPairs: usize, count: i32): void {
	poured = places;
	pouredPairs = pairs;
	pouredStride = ofPairs;
	pouredCount = count;
}
export function endPouring(): void {
	poured = 0;
}
export function isPouring(): bool {
	return poured !== 0;
}

/** How many places of each cell are known. */
export function placeCount(): i32 {
	return poured === 0 ? 1 : pouredCount;
}

/** The places of a cell; those of a record are good until the next ones are asked for. */
export function placesOf(entry: usize): usize {
	if (poured !== 0) return load<u32>(poured + 4 * ((entry - pouredPairs) / pouredStride)) as usize;
	writePlace(place, recordOf(entry));
	return place;
}

/** The byte offset of the first of them. */
export function offsetOf(entry: usize): u64 {
	return poured !== 0 ? load<u64>(placesOf(entry)) : offsetOfRecord(recordOf(entry));
}

function recordOf(entry: usize): usize {
	return records + recordStride * ((entry - cells) / stride);
}

/** In the file. @param entry - The one in front of the first field of a record. */
function offsetOfRecord(entry: usize): u64 {
	const offset = (load<u32>(entry) as i64) + 1 + addressOffset();
	return areMapped ? (fileOffsetOf(offset as f64) as u64) : (offset as u64);
}

/** The place of a record. It is good until the next one is asked for. @param entry - The one in front of its first field. */
export function placeOfRecord(entry: usize): usize {
	writePlace(place, entry);
	return place;
}

function writePlace(target: usize, entry: usize): void {
	store<u64>(target, offsetOfRecord(entry));
	store<u64>(target, lineOf((load<u32>(entry) as usize) + 1), LINE);
}

export function placeAt(places: usize, index: i32): usize {
	return places + PLACE_BYTES * (index as usize);
}
export function offsetAt(place: usize): u64 {
	return load<u64>(place);
}
export function lineAt(place: usize): u64 {
	return load<u64>(place, LINE);
}

/** Adds a place to some that are in order. @returns How many there are then. */
export function insertPlace(places: usize, count: i32, added: usize): i32 {
	let at = count;
	while (at > 0 && offsetAt(placeAt(places, at - 1)) > offsetAt(added)) {
		if (at < MAX_PLACES) v128.store(placeAt(places, at), v128.load(placeAt(places, at - 1)));
		at--;
	}
	if (at < MAX_PLACES) v128.store(placeAt(places, at), v128.load(added));
	return min(count + 1, MAX_PLACES);
}
