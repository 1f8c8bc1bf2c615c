// A series of small files. What each of them came to is told at once, as the text of its report; what all of them came to is kept
// together, for the host to take now and then: a file takes some 20 µs, and reading its tables from outside would double that.
//
//   beginFile ──consume──> groups, dates, ids of one file ──closeFile──> text          pieces of the host's, and figures in between
//                                                                  └───> rows, news    what `takeSeries` of the host reads
//
// The table of groups stays from file to file, emptied of its figures, so each name is looked up and written out once:
//
//   row, 40 bytes:  [ count, 8 │ sum, 16 │ address, length and columns of the name's text, 4 each │ 0, 4 ]
//
// What is unusual – sums of more than 15 digits, more groups than a report lists, names that fill a line, an estimate – is left to
// the host, which reads the tables as those of any other file.
import {scaleOfSums} from './amounts';
import {collectNews} from './collect';
import {earliestDate, latestDate} from './dates';
import {countDistinct, distinctIsEstimate} from './distinct';
import {
	areSumsHuge,
	beginGroups,
	COUNT,
	carrySums,
	clearFigures,
	countGroups,
	groupAt,
	keyText,
	ROW,
	SUM,
} from './groups';
import {layOutName} from './host';
import {arenaBytes, clearArena, keyLength, reserve} from './keys';
import {allocate, GROUP_TEXTS, INDEX, MOST_LISTED, powerOfTen, release, SORTED, VALUE_TEXTS} from './memory';
import {addToSum, clearSum, HIGH, LOW, multiplySum} from './sums';
import {
	countDigits,
	exactLength,
	MOST_PIECE_BYTES,
	setPieces,
	writeBytes,
	writeDate,
	writeExact,
	writeNumber,
	writePiece,
	writeTo,
	writeUnsigned,
	writtenTo,
} from './text';

// The pieces, by what follows them.
const RECORDS: usize = 0;
const TOTAL_NUMBER: usize = 1;
const TOTAL: usize = 2;
const AVERAGE: usize = 3;
const TOP_NAME: usize = 4;
const GROUP_COUNT: usize = 5;
const GROUP_SUM: usize = 6;
/** Of a list of groups with a line for each; and of one that is on one line. */
const FIRST_GROUP: usize = 7;
const NEXT_GROUP: usize = 8;
const EARLIEST: usize = 9;
const FIRST_ON_LINE: usize = 10;
const NEXT_ON_LINE: usize = 11;
const EARLIEST_BEHIND_LINE: usize = 12;
const LATEST: usize = 13;
const DISTINCT: usize = 14;
const LAST: usize = 15;

/** Of a row. */
const ROW_SUM: usize = 8;
const NAME: usize = 24;
const NAME_BYTES: usize = 28;
const NAME_COLUMNS: usize = 32;
const ROW_BYTES: usize = 40;

/** More digits are not surely what is nearest: see `writeNumber`. */
const LARGEST_UNITS: i64 = 1_000_000_000_000_000;
const MOST_SCALE: i32 = 6;
/** As the report has them. */
const AVERAGE_SCALE: i32 = 6;
/** Of what is multiplied to get the average: below 2^63. */
const LARGEST_NUMERATOR: i64 = 9_000_000_000_000_000_000;

const NAME_TEXT_BYTES: usize = 256;
/** A name, two numbers, and the pieces around them, which are not more than there are. */
const GROUP_TEXT_BYTES: usize = NAME_TEXT_BYTES + 64 + MOST_PIECE_BYTES;
const FIRST_TEXT_BYTES: usize = 64 * 1024;
const KEY_BYTES: usize = 16;

/** More of them make the tables large for files that have few. */
const MOST_GROUPS_KEPT: u32 = 1024;
const MOST_ARENA_KEPT: usize = 256 * 1024;

/** The texts of the files, one behind the other. */
let texts: usize = 0;
let textCapacity: usize = 0;
let textBytes: usize = 0;
/** The keys of ids that the host has not been told of. */
let news: usize = 0;
let newsCapacity: usize = 0;
let newsBytes: usize = 0;

/** Whether names are to be forgotten, which is when nothing is kept of them. */
let areTablesLarge: bool = false;

let scale: i32 = 0;
let earliest: u64 = ~(0 as u64);
let latest: u64 = 0;

/** What a line of a group takes beside its name and numbers; what there is room for on it, and on one line for all. */
let lineColumns: i32 = 0;
let lineRoom: i32 = 0;
let listRoom: i32 = 0;
let mostListed: u32 = 0;

/** Says how reports are laid out. See `setPieces`, and `FiguresLayout` of the host. */
export function layOutFigures(pieces: usize, columns: i32, roomOfLine: i32, roomOfList: i32, listed: u32): void {
	setPieces(pieces);
	lineColumns = columns;
	lineRoom = roomOfLine;
	listRoom = roomOfList;
	mostListed = min(listed, MOST_LISTED);
}

/** Begins a series: whatever was read before is forgotten. */
export function beginSeries(): void {
	clearArena(VALUE_TEXTS);
	beginGroups();
	clearSeries();
	areTablesLarge = false;
}

/** Begins one of its files. */
export function beginFile(): void {
	if (areTablesLarge) beginSeries();
	else clearFigures();
}

/** Goes on with the next one, once the host has taken what there was; the last file's figures stay until another begins. */
export function endSeries(): void {
	areTablesLarge =
		countGroups() > MOST_GROUPS_KEPT || arenaBytes(GROUP_TEXTS) + arenaBytes(VALUE_TEXTS) > MOST_ARENA_KEPT;
	for (let group: u32 = 0; group < countGroups(); group++) {
		const row = load<u32>(groupAt(group), ROW) as usize;
		if (row === 0) continue;
		store<u64>(row, 0);
		clearSum(row + ROW_SUM);
	}
	clearSeries();
}

function clearSeries(): void {
	textBytes = 0;
	newsBytes = 0;
	scale = 0;
	earliest = ~(0 as u64);
	latest = 0;
}

/** Groups of the file, its records, and the sum of all. */
let groupCount: u32 = 0;
let records: u64 = 0;
let total: i64 = 0;

/**
Ends a file: writes its text behind those of the others, and takes its figures in.

@returns How many bytes of text there are; 0 where its figures are not taken in, for the host to read them by itself.
*/
export function closeFile(): u32 {
	carrySums();
	const fileScale = scaleOfSums();
	if (areSumsHuge() || distinctIsEstimate() || fileScale > MOST_SCALE || !sortGroups() || !canAverage(fileScale))
		return 0;
	const columns = columnsOfGroups(fileScale);
	// It is the last question: whatever raises the series' decimals is in it.
	if (columns < 0 || !raiseScale(fileScale)) return 0;
	const bytes = writeFile(fileScale, columns <= listRoom);
	takeFile(fileScale);
	return bytes;
}

/** Puts the file's groups in order. Returns whether all of it is usual. */
function sortGroups(): bool {
	groupCount = 0;
	records = 0;
	total = 0;
	// Before names are written out for nothing.
	if (countUsedGroups() > mostListed) return false;
	for (let group: u32 = 0; group < countGroups(); group++) {
		const slot = groupAt(group);
		const count = load<u64>(slot, COUNT);
		// Of other files.
		if (count === 0) continue;
		const units = load<i64>(slot, SUM + LOW);
		if (load<i64>(slot, SUM + HIGH) !== units >> 63 || abs<i64>(units) >= LARGEST_UNITS) return false;
		if (load<u32>(slot, ROW) === 0 && !makeRow(slot)) return false;
		let place = SORTED + 4 * (groupCount as usize);
		for (; place > SORTED; place -= 4) {
			const other = load<u32>(place - 4) as usize;
			if (!isInFront(slot, count, other)) break;
			store<u32>(place, other as u32);
		}
		store<u32>(place, slot as u32);
		groupCount++;
		records += count;
		total += units;
	}
	return records > 0 && abs<i64>(total) < LARGEST_UNITS;
}

function countUsedGroups(): u32 {
	let used: u32 = 0;
	for (let group: u32 = 0; group < countGroups(); group++) used += (load<u64>(groupAt(group), COUNT) !== 0) as u32;
	return used;
}

/** The larger count is first, of equal ones the smaller name. */
function isInFront(slot: usize, count: u64, other: usize): bool {
	const otherCount = load<u64>(other, COUNT);
	if (count !== otherCount) return count > otherCount;
	const length = keyLength(load<u64>(slot, 8));
	const otherLength = keyLength(load<u64>(other, 8));
	const order = memory.compare(keyText(slot), keyText(other), min(length, otherLength));
	return order === 0 ? length < otherLength : order < 0;
}

function makeRow(slot: usize): bool {
	// The index is of no use between two windows.
	const written = layOutName(keyText(slot), keyLength(load<u64>(slot, 8)), INDEX, NAME_TEXT_BYTES);
	if (written === 0) return false;
	const length = (written & 0xffff) as usize;
	// Read sixteen bytes at a time.
	const row = reserve(GROUP_TEXTS, ROW_BYTES + length + 16);
	memory.fill(row, 0, ROW_BYTES);
	memory.copy(row + ROW_BYTES, INDEX, length);
	store<u32>(row, (row + ROW_BYTES) as u32, NAME);
	store<u32>(row, length as u32, NAME_BYTES);
	store<u32>(row, written >> 16, NAME_COLUMNS);
	store<u32>(slot, row as u32, ROW);
	return true;
}

function canAverage(fileScale: i32): bool {
	const factor = powerOfTen(AVERAGE_SCALE - fileScale);
	return abs<i64>(total) <= LARGEST_NUMERATOR / factor && abs<i64>(average(fileScale)) < LARGEST_UNITS;
}

/** The total divided by the records in units of 10^-6, rounded half to even. */
function average(fileScale: i32): i64 {
	const numerator = (abs<i64>(total) * powerOfTen(AVERAGE_SCALE - fileScale)) as u64;
	let quotient = numerator / records;
	const twiceRest = 2 * (numerator % records);
	if (twiceRest > records || (twiceRest === records && (quotient & 1) === 1)) quotient++;
	return total < 0 ? -(quotient as i64) : (quotient as i64);
}

/** Lets the sums of the series have as many decimals as the file's. */
function raiseScale(fileScale: i32): bool {
	if (fileScale <= scale) return true;
	const factor = powerOfTen(fileScale - scale);
	// First all are looked at: one that cannot be multiplied leaves the others as they are.
	for (let group: u32 = 0; group < countGroups(); group++) {
		const row = load<u32>(groupAt(group), ROW) as usize;
		if (row !== 0 && load<i64>(row, ROW_SUM + HIGH) !== load<i64>(row, ROW_SUM + LOW) >> 63) return false;
	}
	for (let group: u32 = 0; group < countGroups(); group++) {
		const row = load<u32>(groupAt(group), ROW) as usize;
		if (row !== 0) multiplySum(row + ROW_SUM, factor);
	}
	scale = fileScale;
	return true;
}

/** @param isOnLine - Whether its groups are on one line. */
function writeFile(fileScale: i32, isOnLine: bool): u32 {
	// Beside the groups there are six numbers and dates, and the name of the first.
	reserveTexts(GROUP_TEXT_BYTES * ((groupCount as usize) + 2));
	const start = texts + textBytes;
	writeTo(start);
	writePiece(RECORDS);
	writeUnsigned(records);
	writePiece(TOTAL_NUMBER);
	writeNumber(total, fileScale);
	writePiece(TOTAL);
	writeExact(total, fileScale);
	writePiece(AVERAGE);
	writeNumber(average(fileScale), AVERAGE_SCALE);
	writePiece(TOP_NAME);
	writeName(load<u32>(SORTED) as usize);
	for (let place: usize = 0; place < (groupCount as usize); place++) {
		const slot = load<u32>(SORTED + 4 * place) as usize;
		if (isOnLine) writePiece(place === 0 ? FIRST_ON_LINE : NEXT_ON_LINE);
		else writePiece(place === 0 ? FIRST_GROUP : NEXT_GROUP);
		writeName(slot);
		writePiece(GROUP_COUNT);
		writeUnsigned(load<u64>(slot, COUNT));
		writePiece(GROUP_SUM);
		writeExact(load<i64>(slot, SUM + LOW), fileScale);
	}
	writePiece(isOnLine ? EARLIEST_BEHIND_LINE : EARLIEST);
	writeDate(earliestDate());
	writePiece(LATEST);
	writeDate(latestDate());
	writePiece(DISTINCT);
	writeUnsigned(countDistinct());
	writePiece(LAST);
	const length = writtenTo() - start;
	textBytes += length;
	return length as u32;
}

/** What the groups take on one line, two for each in between; -1 where one of them is too long for a line. */
function columnsOfGroups(fileScale: i32): i32 {
	let columns: i32 = 0;
	for (let place: usize = 0; place < (groupCount as usize); place++) {
		const slot = load<u32>(SORTED + 4 * place) as usize;
		const name = load<u32>(load<u32>(slot, ROW) as usize, NAME_COLUMNS) as i32;
		const numbers = countDigits(load<u64>(slot, COUNT)) + exactLength(load<i64>(slot, SUM + LOW), fileScale);
		const line = lineColumns + name + numbers;
		if (line > lineRoom) return -1;
		columns += line + 2;
	}
	return columns;
}

function writeName(slot: usize): void {
	const row = load<u32>(slot, ROW) as usize;
	writeBytes(load<u32>(row, NAME) as usize, load<u32>(row, NAME_BYTES) as usize);
}

function reserveTexts(bytes: usize): void {
	if (textBytes + bytes <= textCapacity) return;
	const old = texts;
	const oldCapacity = textCapacity;
	textCapacity = max<usize>(2 * oldCapacity, max<usize>(FIRST_TEXT_BYTES, textBytes + bytes));
	texts = allocate(textCapacity);
	if (oldCapacity === 0) return;
	memory.copy(texts, old, textBytes);
	release(old, oldCapacity);
}

/** Adds the file to the series. */
function takeFile(fileScale: i32): void {
	const factor = powerOfTen(scale - fileScale);
	for (let place: usize = 0; place < (groupCount as usize); place++) {
		const slot = load<u32>(SORTED + 4 * place) as usize;
		const row = load<u32>(slot, ROW) as usize;
		store<u64>(row, load<u64>(row) + load<u64>(slot, COUNT));
		addProduct(row + ROW_SUM, load<i64>(slot, SUM + LOW), factor);
	}
	earliest = min(earliest, earliestDate());
	latest = max(latest, latestDate());
	const most = (countDistinct() as usize) * KEY_BYTES;
	if (newsBytes + most > newsCapacity) {
		const old = news;
		const oldCapacity = newsCapacity;
		newsCapacity = max<usize>(2 * oldCapacity, newsBytes + most);
		news = allocate(newsCapacity);
		if (oldCapacity > 0) {
			memory.copy(news, old, newsBytes);
			release(old, oldCapacity);
		}
	}
	newsBytes += (collectNews(news + newsBytes) as usize) * KEY_BYTES;
}

/** Adds less than 10^15 times a power of ten up to 10^6, which may be more than 64 bits. */
function addProduct(sum: usize, units: i64, factor: i64): void {
	if (factor <= 1000) addToSum(sum, units * factor);
	else for (let rest = factor; rest > 0; rest -= 1000) addToSum(sum, units * 1000);
}

// For the host, which takes what the series came to.

export function seriesTexts(): usize {
	return texts;
}
export function seriesNews(): usize {
	return news;
}
export function seriesNewsBytes(): u32 {
	return newsBytes as u32;
}
export function seriesScale(): i32 {
	return scale;
}
export function seriesEarliest(): u64 {
	return earliest;
}
export function seriesLatest(): u64 {
	return latest;
}
