// What a state that was read must be like to have come from records. Its bytes may be in order and say what cannot be: more groups than
// records, a sum that is not that of its groups.
import {parseCalendarDate} from '../calendar-date.ts';
import type {DatePart, GroupKey} from '../declaration.ts';
import {countValues, type DistinctValues} from '../distinct.ts';
import {MAX_RANK} from '../estimate.ts';
import {SUM_WORDS, type SumFigures} from '../figures.ts';
import {countOf, type GroupTable, keyParts, recordsOf, sumAt, sumOf, textOf} from '../groups/group-table.ts';
import {HASH_LIMIT} from '../position-sample.ts';
import type {AnalysisState} from '../state.ts';
import {isOptional, tableMeasure} from '../state-layout.ts';
import type {TopValues} from '../top-values.ts';
import {DamagedBytesError} from '../varints.ts';
import {addWords, readWords} from '../wide-sums.ts';
import {assertPossibleColumns} from './assert-possible-columns.ts';

/** @throws {DamagedBytesError} */
export function assertPossible(state: AnalysisState): void {
	const {layout, records, sums, ranges, sets, longest, tops, columns} = state;
	for (const [place, sum] of sums.entries()) assertSum(sum, records, layout.maxScales[place] ?? 0);
	for (const [name, place] of layout.ranges) {
		const range = ranges[place] ?? null;
		assertPresent(range !== null, records, isOptional(layout.declaration, name), 'a range of dates');
		if (range !== null && range.earliest > range.latest) throw new DamagedBytesError('Expected the first day in front');
	}
	for (const set of sets) assertSet(set, records);
	for (const [name, {place}] of layout.tables) {
		const table = state.tables[place];
		if (table === undefined) continue;
		if (!table.isGivenUp) assertTable(state, name, table);
		else if (table.registers !== null) assertRegisters(table.registers, records);
	}
	for (const record of longest) assertPresent(record !== null, records, false, 'a longest record');
	for (const values of tops) assertTop(values, records);
	assertPossibleColumns(columns, records);
}

/** What every record has is there where there are records. */
function assertPresent(isThere: boolean, records: number, mayBeMissing: boolean, what: string): void {
	if (isThere ? records === 0 : records > 0 && !mayBeMissing)
		throw new DamagedBytesError(`Expected ${what} ${isThere ? 'only of records' : `of ${records} records`}`);
}

function assertSum({units, scale, count, extremes}: SumFigures, records: number, maxScale: number): void {
	if (count > records)
		throw new DamagedBytesError(`Expected a number in at most ${records} records, found it in ${count}`);
	const size = units < 0n ? -units : units;
	// A number has at most as many digits as decimals; those of lines are whole, and a varint holds them.
	const isWithin = maxScale === 0 ? units >= 0n : size <= BigInt(count) * 10n ** BigInt(scale + maxScale);
	if (!isWithin || (count === 0 && (units !== 0n || scale !== 0)))
		throw new DamagedBytesError(`Expected a sum of ${count} numbers, found ${describeSize(size)}`);
	if (extremes == null) return;
	// As they were read, they have the decimals of the sum.
	const {lowest, highest} = extremes;
	if (units < lowest.units * BigInt(count) || units > highest.units * BigInt(count))
		throw new DamagedBytesError('Expected a sum of numbers from the smallest to the largest one');
}

const describeSize = (units: bigint): string => (units < 10n ** 20n ? `${units} units` : 'a larger one');

function assertSet({registers, ...values}: DistinctValues, records: number): void {
	if (registers === null) {
		const count = countValues(values);
		if (count > records)
			throw new DamagedBytesError(`Expected at most ${records} values of ${records} records, found ${count}`);
		return;
	}
	assertRegisters(registers, records);
}

function assertRegisters(registers: Uint8Array, records: number): void {
	let used = 0;
	for (const rank of registers) {
		if (rank > MAX_RANK) throw new DamagedBytesError(`Expected registers of at most ${MAX_RANK}, found ${rank}`);
		if (rank > 0) used++;
	}
	if (used === 0 || used > records)
		throw new DamagedBytesError(`Expected an estimate of values of ${records} records, found ${used} registers in use`);
}

function assertTable(state: AnalysisState, name: string, table: GroupTable): void {
	const {layout, records} = state;
	const {keys, leavesOutEmpty} = tableMeasure(layout.declaration, name);
	const isWhole = layout.declaration.reads !== 'lines' || leavesOutEmpty !== true;
	const readsKeys = !isWhole || keys.some(({part}) => part !== 'text');
	let found = 0;
	for (let place = 0; place < table.count; place++) {
		const own = recordsOf(table, place);
		if (own === 0) throw new DamagedBytesError('Expected a group of at least one record');
		found += own;
		if (readsKeys) assertKey(state, table, place, keys, isWhole);
	}
	if (isWhole ? found !== records : found > records)
		throw new DamagedBytesError(`Expected groups of ${records} records, found ${found}`);
	for (const [number, sum] of table.layout.sums) {
		const ofGroups = addGroups(table, sum);
		assertSum(ofGroups, found, table.layout.maxScales[sum] ?? 0);
		const whole = state.sums[layout.sums.get(number) ?? -1];
		if (isWhole && whole !== undefined && !isSameSum(whole, ofGroups))
			throw new DamagedBytesError(`Expected the sum of ${number} to be that of its groups`);
	}
}

const isSameSum = (one: SumFigures, other: SumFigures): boolean =>
	one.units === other.units && one.scale === other.scale && one.count === other.count;

function assertKey(
	{layout}: AnalysisState,
	table: GroupTable,
	place: number,
	keys: readonly GroupKey[],
	mayBeEmpty: boolean,
): void {
	const parts = keyParts(table, place).map(part => textOf(table, part));
	if (!mayBeEmpty && parts.every(part => part === ''))
		throw new DamagedBytesError('Expected a group with a key, found an empty one');
	for (const [index, {of, part}] of keys.entries()) {
		const text = parts[index] ?? '';
		if (part === 'text' || (text === '' && isOptional(layout.declaration, of))) continue;
		if (!isPossiblePart(text, part)) throw new DamagedBytesError(`Expected a ${part} as a key`);
	}
}

function isPossiblePart(text: string, part: DatePart): boolean {
	if (part === 'weekday') return /^[1-7]$/.test(text);
	if (part === 'hour') return text === '' || /^(?:[01]\d|2[0-3])$/.test(text);
	const day = text + restOfDay[part];
	return parseCalendarDate(day) === day;
}

/** What a part of a date lacks to be a day. */
const restOfDay = {year: '-01-01', month: '-01', day: ''} as const;

/** Adds the sums of a number of all groups. */
function addGroups(table: GroupTable, sum: number): SumFigures {
	const {entries, additions, scales, layout} = table;
	const words = new Uint32Array(SUM_WORDS);
	let units = 0n;
	let count = 0;
	for (let place = 0; place < table.count; place++) {
		const own = countOf(table, place, sum);
		if (own > recordsOf(table, place))
			throw new DamagedBytesError('Expected a number in at most all records of a group');
		if (own === 0 && sumOf(table, place, sum).units !== 0n)
			throw new DamagedBytesError('Expected no sum of a group that has no number');
		count += own;
		const at = sumAt(table, place, sum);
		if (!addWords(words, 0, entries, at)) units += readWords(entries, at);
	}
	// As they were read, they have the decimals of all.
	for (const [key, addition] of additions) if (key % layout.sums.size === sum) units += addition.units;
	return {units: units + readWords(words, 0), scale: scales[sum] ?? 0, count};
}

function assertTop({records: found, counts, sample}: TopValues, records: number): void {
	if (found > records) throw new DamagedBytesError(`Expected at most ${records} records with a value, found ${found}`);
	const sampled = countAll(sample.entries.map(({text, count}) => [text, count]));
	if (sample.limit === HASH_LIMIT ? sampled !== found : sampled > found)
		throw new DamagedBytesError(`Expected a sample of ${found} records, found ${sampled}`);
	if (counts === null ? found === 0 : countAll(counts) !== found)
		throw new DamagedBytesError(`Expected values of ${found} records`);
}

function countAll(counts: Iterable<readonly [text: string, count: number]>): number {
	let all = 0;
	for (const [text, count] of counts) {
		if (text === '' || count === 0) throw new DamagedBytesError('Expected values that occur');
		all += count;
	}
	return all;
}
