// A table of groups as bytes:
//
//   table   0 where it is given up, else groups + 1 │ scale of each sum │ groups
//           where it is given up and keys are counted: 0 │ the registers of the estimate
//   group   its key as in text-list.ts │ records │ units of each sum │ count of each counted sum │ units of the smallest and the largest
//           number of each sum that has them, where a record has one │ first and last day of each range, as yyyymmdd, or first and
//           last moment (moment.ts); 0 and 0 for none
//
// All sums of a number have the decimals of that with the most.
import {withScale} from '../decimal.ts';
import {REGISTER_COUNT} from '../estimate.ts';
import {type Extremes, unitsAt} from '../extremes.ts';
import {KEY_END_WORD, RECORDS_WORD, SUM_WORDS, writeCount} from '../figures.ts';
import {addExtremes, extremesOfGroup, rangeOfGroup, setRange} from '../groups/group-extremes.ts';
import {
	countOf,
	createGroups,
	type GroupTable,
	giveUpGroups,
	keyEnd,
	recordsOf,
	scaleOf,
	sumAt,
	sumOf,
} from '../groups/group-table.ts';
import {PART_LENGTH_BYTES, partLength} from '../groups/key-parts.ts';
import {allocate, discard} from '../groups/large-memory.ts';
import {addAddition} from '../groups/merge-groups.ts';
import {momentOf, momentOfNumber} from '../moment.ts';
import type {TableLayout} from '../state-layout.ts';
import {DamagedBytesError, type VarintReader, type VarintWriter} from '../varints.ts';
import {writeWords} from '../wide-sums.ts';
import {sortTexts} from './sort-texts.ts';
import {TextListReader, TextListWriter} from './text-list.ts';

export function writeTable(writer: VarintWriter, groups: GroupTable): void {
	const {count, layout, keys} = groups;
	writer.unsigned(groups.isGivenUp ? 0 : count + 1);
	if (groups.isGivenUp) {
		if (groups.registers !== null) writer.bytes(groups.registers);
		return;
	}
	const sums = layout.sums.size;
	const scales = groups.scales.map((_, sum) => scaleOf(groups, sum));
	for (const scale of scales) writer.unsigned(scale);
	const hasWords = groups.additions.size === 0 && groups.scales.every((scale, sum) => scale === scales[sum]);
	const starts = new Uint32Array(allocate(4 * (count + 1)));
	for (let place = 0; place < count; place++) starts[place + 1] = keyEnd(groups, place);
	const texts = {bytes: keys, starts};
	const list = new TextListWriter(writer, texts);
	const places = sortTexts(texts);
	for (const place of places) {
		list.write(place);
		writer.unsigned(recordsOf(groups, place));
		for (let sum = 0; sum < sums; sum++) {
			if (hasWords) writer.words(groups.entries, sumAt(groups, place, sum));
			else writer.signed(withScale(sumOf(groups, place, sum), scales[sum] ?? 0).units);
		}
		for (let sum = 0; sum < sums; sum++) {
			if (layout.countWords[sum] !== -1) writer.unsigned(countOf(groups, place, sum));
		}
		if (layout.hasExtremes) writeEntryExtremes(writer, groups, place, scales);
	}
	discard(starts);
	discard(places);
}

function writeEntryExtremes(writer: VarintWriter, groups: GroupTable, place: number, scales: readonly number[]): void {
	for (const [sum, scale] of scales.entries()) {
		const extremes = extremesOfGroup(groups, place, sum);
		if (extremes === null) continue;
		writer.signed(unitsAt(extremes.lowest, scale));
		writer.signed(unitsAt(extremes.highest, scale));
	}
	for (let range = 0; range < groups.layout.ranges.size; range++) {
		const {earliest, latest} = rangeOfGroup(groups, place, range) ?? {earliest: 0, latest: 0};
		writer.unsigned(earliest);
		writer.unsigned(latest);
	}
}

/** Its key takes two bytes at least, and its records one, as each of its sums. */
const MIN_GROUP_BYTES = 3;

export function readScale(reader: VarintReader, maxScale = 0): number {
	const scale = reader.unsigned();
	if (scale > maxScale) throw new DamagedBytesError(`Expected at most ${maxScale} decimals, found ${scale}`);
	return scale;
}

/** @throws {DamagedBytesError} Where the first one is larger. */
export function readExtremes(reader: VarintReader, scale: number): Extremes {
	const [lowest, highest] = [BigInt(reader.signed()), BigInt(reader.signed())];
	if (lowest > highest) throw new DamagedBytesError('Expected the smaller number in front of the larger one');
	return {lowest: {units: lowest, scale}, highest: {units: highest, scale}};
}

/** A day as yyyymmdd, or a moment; 0 for none. */
function readMoment(reader: VarintReader, isTime: boolean): number {
	const number = reader.unsigned();
	const moment = number === 0 ? '' : momentOfNumber(number, isTime);
	if (moment === null || (isTime && number !== 0 && momentOf(moment) !== number))
		throw new DamagedBytesError(`Expected a ${isTime ? 'time' : 'day'}, found ${number}`);
	return number;
}

/** Some 5 ms. */
const GROUPS_A_TURN = 16_384;

/** Pauses now and then for those who have others to serve. @throws {DamagedBytesError} */
export function* readTable(reader: VarintReader, layout: TableLayout): Generator<void, GroupTable> {
	const groups = createGroups(layout);
	const head = reader.unsigned();
	if (head === 0) {
		giveUpGroups(groups);
		groups.registers?.set(reader.bytes(REGISTER_COUNT));
		return groups;
	}
	const count = head - 1;
	groups.scales = layout.maxScales.map(maxScale => readScale(reader, maxScale));
	if (count > layout.maxGroups || count * (MIN_GROUP_BYTES + layout.sums.size) > reader.bytesLeft)
		throw new DamagedBytesError(`Expected ${count} groups in ${reader.bytesLeft} bytes`);
	groups.count = count;
	groups.entries = new Uint32Array(allocate(4 * count * layout.entryWords));
	const list = new TextListReader(reader, layout.maxKeyBytes);
	for (let place = 0; place < count; place++) {
		checkParts(layout, list, list.read());
		readEntry(reader, groups, place, list.end);
		if (place % GROUPS_A_TURN === GROUPS_A_TURN - 1) yield;
	}
	if (list.bytes.buffer.resizable) list.bytes.buffer.resize(list.end);
	groups.keys = list.bytes;
	groups.keyBytes = list.end;
	return groups;
}

function readEntry(reader: VarintReader, groups: GroupTable, place: number, keyEnd: number): void {
	const {entries, layout} = groups;
	const at = place * layout.entryWords;
	entries[at + KEY_END_WORD] = keyEnd;
	writeCount(entries, at + RECORDS_WORD, reader.unsigned());
	for (let sum = 0; sum < layout.sums.size; sum++) {
		const units = reader.signed();
		const words = sumAt(groups, place, sum);
		if (typeof units === 'number') writeNumber(entries, words, units);
		else if (!writeWords(entries, words, units))
			addAddition(groups, place, sum, {units, scale: groups.scales[sum] ?? 0});
	}
	for (const word of layout.countWords) if (word !== -1) writeCount(entries, at + word, reader.unsigned());
	if (layout.hasExtremes) readEntryExtremes(reader, groups, place);
}

function readEntryExtremes(reader: VarintReader, groups: GroupTable, place: number): void {
	const {extremeWords, ranges, isTimed} = groups.layout;
	for (const [sum, word] of extremeWords.entries()) {
		if (word === -1 || countOf(groups, place, sum) === 0) continue;
		addExtremes(groups, place, sum, readExtremes(reader, groups.scales[sum] ?? 0));
	}
	for (const range of ranges.values()) {
		const isTime = isTimed[range] === true;
		const [earliest, latest] = [readMoment(reader, isTime), readMoment(reader, isTime)];
		if ((earliest === 0) !== (latest === 0) || earliest > latest)
			throw new DamagedBytesError(`Expected two days in order, found ${earliest} and ${latest}`);
		setRange(groups, place, range, earliest, latest);
	}
}

/** Of a key of two parts, the first one must not be longer than both. */
function checkParts({keyParts}: TableLayout, {bytes, end}: TextListReader, start: number): void {
	if (keyParts === 1) return;
	const both = end - start - PART_LENGTH_BYTES;
	if (both < 0 || partLength(bytes, start) > both) throw new DamagedBytesError('Expected a key of two parts');
}

/** Of 53 bits at most. */
function writeNumber(words: Uint32Array, at: number, units: number): void {
	const high = Math.floor(units / 2 ** 32);
	words[at] = units - high * 2 ** 32;
	words[at + 1] = high;
	words.fill(units < 0 ? 0xffff_ffff : 0, at + 2, at + SUM_WORDS);
}
