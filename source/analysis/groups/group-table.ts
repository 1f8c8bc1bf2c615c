// Groups: records counted and numbers summed by a key, exactly, up to a cap on how many keys there are and on their bytes together.
// Beyond it they are given up: whether that happens depends on the set of keys alone, so it does in every order of merging, or in
// none.
//
// There may be hundreds of thousands of them. So they are a few pieces of memory, which are merged in place and given back at once: as
// objects they would take five times as much.
import {copyBytes} from '../copy-bytes.ts';
import {addDecimals, type Decimal} from '../decimal.ts';
import {addText, createRegisters, estimateCount, mergeRegisters} from '../estimate.ts';
import type {Extremes} from '../extremes.ts';
import {FIRST_SUM_WORD, KEY_END_WORD, RECORDS_WORD, readCount, SUM_WORDS, type TableFigures} from '../figures.ts';
import type {TableLayout} from '../state-layout.ts';
import {readWords} from '../wide-sums.ts';
import {PART_LENGTH_BYTES, partLength} from './key-parts.ts';
import {allocate, discard} from './large-memory.ts';

export interface GroupTable {
	readonly layout: TableLayout;
	/** As in `TableFigures`; of the first `count` groups and `keyBytes` bytes, and room for more. */
	entries: Uint32Array;
	keys: Uint8Array;
	count: number;
	keyBytes: number;
	/** The number of decimals of each sum. */
	scales: number[];
	/** What is to be added to sums, see `additionKey`: what does not fit in 128 bits, or has more decimals than readers scale. */
	additions: Map<number, Decimal>;
	/** By the same keys: extremes that do not fit in 64 bits, see group-extremes.ts. */
	wideExtremes: Map<number, Extremes>;
	/** An open-addressing table of the places of groups. Made when others are merged in. */
	index: Uint32Array | null;
	/** Whether there were more than the caps allow; then no group stands here. */
	isGivenUp: boolean;
	/** The estimate of different keys, where they are counted and the groups are given up. */
	registers: Uint8Array | null;
}

export const createGroups = (layout: TableLayout): GroupTable => ({
	layout,
	entries: new Uint32Array(0),
	keys: new Uint8Array(0),
	count: 0,
	keyBytes: 0,
	scales: Array.from(layout.sums, () => 0),
	additions: new Map(),
	wideExtremes: new Map(),
	index: null,
	isGivenUp: false,
	registers: null,
});

/** Takes the groups of a reader over. */
export function groupsOf(figures: TableFigures, layout: TableLayout): GroupTable {
	const {entries, keys, scales} = figures;
	const groups = {
		...createGroups(layout),
		entries,
		keys,
		count: entries.length / layout.entryWords,
		keyBytes: keys.length,
		scales: [...scales],
	};
	for (const {group, sum, value} of figures.additions) groups.additions.set(additionKey(groups, group, sum), value);
	for (const {group, sum, extremes} of figures.wideExtremes ?? [])
		groups.wideExtremes.set(additionKey(groups, group, sum), extremes);
	if (figures.isGivenUp || !fits(groups, layout)) giveUpGroups(groups);
	if (groups.registers !== null && figures.registers !== undefined) mergeRegisters(groups.registers, figures.registers);
	return groups;
}

export const fits = ({count, keyBytes}: GroupTable, {maxGroups, maxKeyBytes}: TableLayout): boolean =>
	count <= maxGroups && keyBytes <= maxKeyBytes;

/** Forgets all groups for good. Their keys go into the estimate, where they are counted. */
export function giveUpGroups(groups: GroupTable): void {
	if (groups.layout.countsKeys) {
		groups.registers ??= createRegisters();
		addKeys(groups.registers, groups);
	}
	discardGroups(groups);
	groups.isGivenUp = true;
}

/** Adds all keys to an estimate. */
export function addKeys(registers: Uint8Array, groups: GroupTable): void {
	for (let place = 0; place < groups.count; place++)
		addText(registers, textOf(groups, {start: keyStart(groups, place), end: keyEnd(groups, place)}));
}

/** How many different keys there are that are not empty. */
export function countKeys(groups: GroupTable): {readonly value: number; readonly exact: boolean} {
	if (groups.registers !== null) return {value: estimateCount(groups.registers), exact: false};
	let empty = 0;
	for (let place = 0; place < groups.count; place++) if (keyStart(groups, place) === keyEnd(groups, place)) empty++;
	return {value: groups.count - empty, exact: true};
}

/** Gives the memory back at once, instead of when the garbage collector comes by. */
export function discardGroups(groups: GroupTable): void {
	const {entries, keys, index, isGivenUp, registers} = groups;
	Object.assign(groups, createGroups(groups.layout), {isGivenUp, registers});
	for (const piece of [entries, keys, index]) if (piece !== null) discard(piece);
}

export const additionKey = ({layout}: GroupTable, place: number, sum: number): number => place * layout.sums.size + sum;

export const keyStart = ({entries, layout}: GroupTable, place: number): number =>
	place === 0 ? 0 : (entries[(place - 1) * layout.entryWords + KEY_END_WORD] ?? 0);
export const keyEnd = ({entries, layout}: GroupTable, place: number): number =>
	entries[place * layout.entryWords + KEY_END_WORD] ?? 0;

/** A part of a key: from which byte to which one. */
export interface KeyPart {
	readonly start: number;
	readonly end: number;
}

export function keyParts(groups: GroupTable, place: number): KeyPart[] {
	const {keys, layout} = groups;
	const start = keyStart(groups, place);
	const end = keyEnd(groups, place);
	if (layout.keyParts === 1) return [{start, end}];
	const first = start + PART_LENGTH_BYTES;
	const middle = first + partLength(keys, start);
	return [
		{start: first, end: middle},
		{start: middle, end},
	];
}

/** One character per byte. */
export const textOf = ({keys}: GroupTable, {start, end}: KeyPart): string =>
	Buffer.from(keys.buffer, keys.byteOffset + start, end - start).toString('latin1');

export const recordsOf = ({entries, layout}: GroupTable, place: number): number =>
	readCount(entries, place * layout.entryWords + RECORDS_WORD);

/** How many records of a group have the number that is summed. */
export function countOf(groups: GroupTable, place: number, sum: number): number {
	const {entryWords, countWords} = groups.layout;
	const word = countWords[sum] ?? -1;
	return word === -1 ? recordsOf(groups, place) : readCount(groups.entries, place * entryWords + word);
}

/** Where the words of a sum begin. */
export const sumAt = ({layout}: GroupTable, place: number, sum: number): number =>
	place * layout.entryWords + FIRST_SUM_WORD + sum * SUM_WORDS;

export function sumOf(groups: GroupTable, place: number, sum: number): Decimal {
	const value = {units: readWords(groups.entries, sumAt(groups, place, sum)), scale: groups.scales[sum] ?? 0};
	const addition = groups.additions.get(additionKey(groups, place, sum));
	return addition === undefined ? value : addDecimals(value, addition);
}

/** The largest number of decimals of all values of a sum. */
export function scaleOf({scales, additions, layout}: GroupTable, sum: number): number {
	let largest = scales[sum] ?? 0;
	for (const [key, {scale}] of additions) if (key % layout.sums.size === sum) largest = Math.max(largest, scale);
	return largest;
}

// The index: for each group its place plus 1, in 20 bits, and above it 12 bits of its hash, which spare most looks at other groups.

const PLACE_BITS = 20;
const PLACE_MASK = 2 ** PLACE_BITS - 1;
const SMALLEST_INDEX = 64;

/** Random, so that nobody can write a file whose keys all meet in one place of the index. */
const SEED = Math.floor(Math.random() * 2 ** 32);

function hashOf(keys: Uint8Array, start: number, end: number): number {
	let hash = SEED ^ (end - start);
	for (let at = start; at < end; at++) {
		hash = Math.imul(hash ^ (keys[at] ?? 0), 0x9e37_79b1);
		hash ^= hash >>> 15;
	}
	hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
	return hash ^ (hash >>> 13);
}

/** The place of the group of a key. -1 if the table does not have the key and is full. */
export function findOrAdd(groups: GroupTable, keys: Uint8Array, start: number, end: number): number {
	const index = groups.index ?? new Uint32Array(0);
	const mask = index.length - 1;
	const hash = hashOf(keys, start, end);
	const tag = hash & ~PLACE_MASK;
	let slot = hash & mask;
	for (let found = index[slot] ?? 0; found !== 0; found = index[slot] ?? 0) {
		const place = (found & PLACE_MASK) - 1;
		if ((found & ~PLACE_MASK) === tag && hasKey(groups, place, keys, start, end)) return place;
		slot = (slot + 1) & mask;
	}
	const {layout, count, keyBytes} = groups;
	const nextKeyBytes = keyBytes + end - start;
	if (count === layout.maxGroups || nextKeyBytes > layout.maxKeyBytes) return -1;
	makeRoom(groups, count + 1, nextKeyBytes);
	index[slot] = tag | (count + 1);
	copyBytes(groups.keys, keyBytes, keys, start, end - start);
	groups.entries[count * layout.entryWords + KEY_END_WORD] = nextKeyBytes;
	groups.keyBytes = nextKeyBytes;
	groups.count = count + 1;
	return count;
}

function hasKey(groups: GroupTable, place: number, keys: Uint8Array, start: number, end: number): boolean {
	const own = keyStart(groups, place);
	if (keyEnd(groups, place) - own !== end - start) return false;
	for (let at = start; at < end; at++) if (groups.keys[own + at - start] !== keys[at]) return false;
	return true;
}

const GROWTH = 1.5;

function makeRoom(groups: GroupTable, count: number, keyBytes: number): void {
	const {layout, entries, keys} = groups;
	if (count * layout.entryWords > entries.length) {
		const room = Math.min(layout.maxGroups, Math.max(SMALLEST_INDEX, Math.ceil(count * GROWTH)));
		groups.entries = new Uint32Array(allocate(4 * room * layout.entryWords));
		groups.entries.set(entries);
		discard(entries);
	}
	if (keyBytes > keys.length) {
		const room = Math.min(layout.maxKeyBytes, Math.max(keyBytes, Math.ceil(keyBytes * GROWTH)));
		groups.keys = new Uint8Array(allocate(room));
		groups.keys.set(keys);
		discard(keys);
	}
}

/** Some 3 ms. */
const GROUPS_A_TURN = 16_384;

/**
Prepares the index for `count` groups at most, so that it is made once instead of doubled on the way. Pauses now and then for those who
have others to serve; more groups may be added meanwhile.
*/
export function* makeIndex(groups: GroupTable, count: number): Generator<void, void> {
	if (isIndexed(groups, count)) return;
	let length = SMALLEST_INDEX;
	while (length <= count * 2) length *= 2;
	const index = new Uint32Array(allocate(4 * length));
	const mask = length - 1;
	let start = 0;
	for (let place = 0; place < Math.min(groups.count, count); place++) {
		const end = keyEnd(groups, place);
		const hash = hashOf(groups.keys, start, end);
		let slot = hash & mask;
		while (index[slot] !== 0) slot = (slot + 1) & mask;
		index[slot] = (hash & ~PLACE_MASK) | (place + 1);
		start = end;
		if (place % GROUPS_A_TURN === GROUPS_A_TURN - 1) yield;
	}
	// Meanwhile, the groups may have been given up, or have another index, or be too many.
	if (groups.isGivenUp || groups.count > count || isIndexed(groups, count)) {
		discard(index);
		return;
	}
	if (groups.index !== null) discard(groups.index);
	groups.index = index;
}

/** Less than half full, so that probing stays short. */
const isIndexed = ({index}: GroupTable, count: number): boolean => index !== null && index.length > 2 * count;
