// Groups: records counted and amounts summed by a name, exactly, up to a cap on how many names there are and on their bytes
// together. Beyond it they are given up: whether that happens depends on the set of names alone, so it does in every order
// of merging, or in none.
//
// There may be hundreds of thousands of them. So they are a few pieces of memory, which cross threads without being copied,
// are merged in place, and are given back at once: as objects they would take five times as much.
import {addDecimals, type Decimal} from './decimal.ts';
import {bytesInUtf8} from './text-encoding.ts';
import {addWords, readWords, SUM_WORDS, scaleWords, writeWords} from './wide-sums.ts';

/** What is known of each group; see `entries`. */
const NAME_END = 0;
const COUNT_LOW = 1;
const COUNT_HIGH = 2;
const SUM = 3;
export const ENTRY_WORDS = SUM + SUM_WORDS;

export interface GroupLimits {
	readonly mostGroups: number;
	readonly mostNameBytes: number;
}

/** Groups as a reader gives them, each name once. */
export interface GroupColumns {
	/** For each group, in any order: where its name ends, its count as low and high word, and its sum as in wide-sums.ts. */
	readonly entries: Uint32Array;
	/** All names, one behind the other. */
	readonly names: Uint8Array;
	/** The number of decimals of the sums. */
	readonly scale: number;
	/** What is to be added to the sums of some groups, by their place: what does not fit in 128 bits, or has more decimals. */
	readonly additions: ReadonlyMap<number, Decimal>;
}

export interface GroupsPartial {
	readonly limits: GroupLimits;
	/** As in `GroupColumns`; of the first `count` groups and `nameBytes` bytes, and room for more. */
	entries: Uint32Array;
	names: Uint8Array;
	count: number;
	nameBytes: number;
	scale: number;
	additions: Map<number, Decimal>;
	/** An open-addressing table of the groups' places. Made when others are merged in, and left at home when it is sent. */
	table: Uint32Array | null;
	/** Whether there were more than the limits allow; then there are none here. */
	areGivenUp: boolean;
}

export const createGroups = (limits: GroupLimits): GroupsPartial => ({
	limits,
	entries: new Uint32Array(0),
	names: new Uint8Array(0),
	count: 0,
	nameBytes: 0,
	scale: 0,
	additions: new Map(),
	table: null,
	areGivenUp: false,
});

/** Takes the groups of a reader over. */
export function groupsOf({entries, names, scale, additions}: GroupColumns, limits: GroupLimits): GroupsPartial {
	const count = entries.length / ENTRY_WORDS;
	const groups = {...createGroups(limits), entries, names, scale, count, nameBytes: names.length};
	for (const [place, addition] of additions) groups.additions.set(place, addition);
	if (!fits(groups, limits)) giveUpGroups(groups);
	return groups;
}

const fits = ({count, nameBytes}: GroupsPartial, {mostGroups, mostNameBytes}: GroupLimits): boolean =>
	count <= mostGroups && nameBytes <= mostNameBytes;

/** What adds groups one by one, with names of one character per byte. The table stays here, because its hashes are this thread's. */
export function groupsFrom(
	all: Iterable<readonly [name: string, group: {readonly count: number; readonly amount: Decimal}]>,
	limits: GroupLimits,
): GroupsPartial {
	const groups = createGroups(limits);
	const entries = new Uint32Array(ENTRY_WORDS);
	for (const [name, {count, amount}] of all) {
		const names = Buffer.from(name, 'latin1');
		const isWide = amount.scale > MOST_SCALE || !writeWords(entries, SUM, amount.units);
		if (isWide) entries.fill(0, SUM);
		entries[NAME_END] = names.length;
		entries[COUNT_LOW] = count;
		entries[COUNT_HIGH] = count / 2 ** 32;
		const scale = isWide ? 0 : amount.scale;
		const additions = new Map(isWide ? [[0, amount]] : []);
		mergeGroups(groups, {...groups, entries, names, count: 1, nameBytes: names.length, scale, additions});
	}
	return packGroups(groups);
}

/** As the kernel has it: what has more decimals is an addition. */
const MOST_SCALE = 18;

/** Forgets all groups for good. */
export function giveUpGroups(groups: GroupsPartial): void {
	discardGroups(groups);
	groups.areGivenUp = true;
}

/** Gives the memory back at once, instead of when the garbage collector comes by. */
export function discardGroups(groups: GroupsPartial): void {
	const {entries, names, table} = groups;
	Object.assign(groups, createGroups(groups.limits), {areGivenUp: groups.areGivenUp});
	for (const piece of [entries, names, table]) if (piece !== null) discard(piece);
}

const LARGE_BYTES = 256 * 1024;

/**
A buffer that may change its size is mapped by itself, and goes back to the system when it is discarded. Any other one would be kept
by the allocator for the next time, 20 MB for each thread.
*/
const allocate = (bytes: number): ArrayBuffer =>
	bytes < LARGE_BYTES ? new ArrayBuffer(bytes) : new ArrayBuffer(bytes, {maxByteLength: bytes});

/** Memory that is only a part of a larger piece, such as a reader's view of it, is not ours. */
function discard(piece: Uint32Array | Uint8Array): void {
	const {buffer} = piece;
	if (!(buffer instanceof ArrayBuffer) || buffer.byteLength !== piece.byteLength) return;
	if (buffer.resizable) buffer.resize(0);
	else buffer.transfer(0);
}

export function mergeGroups(target: GroupsPartial, source: GroupsPartial): void {
	mergeSome(target, source, 0, source.count);
	mergeAdditions(target, source);
}

/** The same, where the source is not looked at any more: what can be taken over is not copied, the rest is given back. */
export function absorbGroups(target: GroupsPartial, source: GroupsPartial): void {
	if (takeOver(target, source)) return;
	mergeGroups(target, source);
	discardGroups(source);
}

/** So many groups take some 10 ms. */
const GROUPS_A_TURN = 16_384;

/** The same for a thread that has others to serve; meanwhile, more may be merged into the target. */
export async function absorbGroupsInTurns(
	target: GroupsPartial,
	source: GroupsPartial,
	nextTurn: () => Promise<unknown>,
): Promise<void> {
	if (source.count <= GROUPS_A_TURN || takeOver(target, source)) {
		absorbGroups(target, source);
		return;
	}
	for (let from = 0; from < source.count && !target.areGivenUp; from += GROUPS_A_TURN) {
		if (from > 0) await nextTurn();
		mergeSome(target, source, from, Math.min(from + GROUPS_A_TURN, source.count));
	}
	mergeAdditions(target, source);
	discardGroups(source);
}

/** Returns whether the target has the source's memory now. */
function takeOver(target: GroupsPartial, source: GroupsPartial): boolean {
	const isFirst = target.count === 0 && !target.areGivenUp && target.scale <= source.scale;
	if (!isFirst || source.areGivenUp || !fits(source, target.limits)) return false;
	const {entries, names, count, nameBytes, scale, additions, table} = source;
	Object.assign(target, {entries, names, count, nameBytes, scale, additions, table});
	Object.assign(source, createGroups(source.limits));
	return true;
}

/** Merges the groups `from` to `to` (exclusive) of the source; what else there is of them is for `mergeAdditions`. */
function mergeSome(target: GroupsPartial, source: GroupsPartial, from: number, to: number): void {
	if (source.areGivenUp && !target.areGivenUp) giveUpGroups(target);
	if (target.areGivenUp) return;
	if (source.scale > target.scale) raiseScale(target, source.scale);
	// Made once for as many as may come, instead of doubled on the way.
	const most = Math.min(target.count + source.count, target.limits.mostGroups);
	if (source.count > 0 && (target.table === null || target.table.length <= 2 * most)) makeTable(target, most);
	const {entries, names} = source;
	let start = nameStart(source, from);
	for (let place = from; place < to; place++) {
		const at = place * ENTRY_WORDS;
		const end = entries[at] ?? 0;
		const own = findOrAdd(target, names, start, end);
		if (own === -1) {
			giveUpGroups(target);
			return;
		}
		addEntry(target, own, source, at);
		start = end;
	}
}

function mergeAdditions(target: GroupsPartial, source: GroupsPartial): void {
	if (target.areGivenUp) return;
	for (const [place, addition] of source.additions) {
		const own = findOrAdd(target, source.names, nameStart(source, place), nameEnd(source, place));
		addAddition(target, own, addition);
	}
}

/** The same groups in pieces of memory that are no longer than they must be, without what is only there to add to them. */
export function packGroups(groups: GroupsPartial): GroupsPartial {
	const entryWords = groups.count * ENTRY_WORDS;
	const {entries, names, nameBytes} = groups;
	return {
		...groups,
		entries: entries.length === entryWords ? entries : entries.slice(0, entryWords),
		names: names.length === nameBytes ? names : names.slice(0, nameBytes),
		table: null,
	};
}

/** The groups at those places alone, as their only copy. */
export function selectGroups(source: GroupsPartial, places: readonly number[]): GroupsPartial {
	const lengths = places.map(place => nameEnd(source, place) - nameStart(source, place));
	const nameBytes = lengths.reduce((sum, length) => sum + length, 0);
	const groups = {
		...createGroups(source.limits),
		entries: new Uint32Array(places.length * ENTRY_WORDS),
		names: new Uint8Array(nameBytes),
		count: places.length,
		nameBytes,
		scale: source.scale,
	};
	let end = 0;
	for (const [own, place] of places.entries()) {
		const from = place * ENTRY_WORDS;
		groups.entries.set(source.entries.subarray(from, from + ENTRY_WORDS), own * ENTRY_WORDS);
		groups.names.set(source.names.subarray(nameStart(source, place), nameEnd(source, place)), end);
		end += lengths[own] ?? 0;
		groups.entries[own * ENTRY_WORDS + NAME_END] = end;
		const addition = source.additions.get(place);
		if (addition !== undefined) groups.additions.set(own, addition);
	}
	return groups;
}

/** The groups of a source in Windows-1252 with their names in UTF-8, where they count by their length there. */
export function groupsInUtf8(source: GroupsPartial): GroupsPartial {
	const packed = packGroups(source);
	const entries = packed.entries.slice();
	const names = new Uint8Array(MOST_CHARACTER_BYTES * source.nameBytes);
	const characters = Array.from({length: 256}, (_, byte) =>
		Buffer.from(bytesInUtf8(String.fromCharCode(byte)), 'latin1'),
	);
	let from = 0;
	let end = 0;
	for (let place = 0; place < source.count; place++) {
		for (const nameEnds = nameEnd(source, place); from < nameEnds; from++) {
			for (const byte of characters[source.names[from] ?? 0] ?? []) names[end++] = byte;
		}
		entries[place * ENTRY_WORDS + NAME_END] = end;
	}
	const groups = {...packed, entries, names: names.slice(0, end), nameBytes: end, additions: new Map(source.additions)};
	if (!fits(groups, groups.limits)) giveUpGroups(groups);
	return groups;
}

const MOST_CHARACTER_BYTES = 3;

export const nameStart = ({entries}: GroupsPartial, place: number): number =>
	place === 0 ? 0 : (entries[(place - 1) * ENTRY_WORDS + NAME_END] ?? 0);
export const nameEnd = ({entries}: GroupsPartial, place: number): number =>
	entries[place * ENTRY_WORDS + NAME_END] ?? 0;

/** One character per byte. */
export const nameOf = (groups: GroupsPartial, place: number): string => {
	const {buffer, byteOffset} = groups.names;
	const start = nameStart(groups, place);
	return Buffer.from(buffer, byteOffset + start, nameEnd(groups, place) - start).toString('latin1');
};

export const countOf = ({entries}: GroupsPartial, place: number): number =>
	(entries[place * ENTRY_WORDS + COUNT_LOW] ?? 0) + (entries[place * ENTRY_WORDS + COUNT_HIGH] ?? 0) * 2 ** 32;

export function amountOf({entries, scale, additions}: GroupsPartial, place: number): Decimal {
	const amount = {units: readWords(entries, place * ENTRY_WORDS + SUM), scale};
	const addition = additions.get(place);
	return addition === undefined ? amount : addDecimals(amount, addition);
}

/** The records of all groups, and their sum. */
export interface GroupTotals {
	readonly count: number;
	readonly amount: Decimal;
}

export function totalOf(groups: GroupsPartial): GroupTotals {
	const {entries, scale, additions} = groups;
	let count = 0;
	// The lower words of as many sums as there can be have less than 53 bits together.
	const words = [0, 0, 0, 0];
	for (let place = 0; place < groups.count; place++) {
		count += countOf(groups, place);
		const at = place * ENTRY_WORDS + SUM;
		words[0] = (words[0] ?? 0) + (entries[at] ?? 0);
		words[1] = (words[1] ?? 0) + (entries[at + 1] ?? 0);
		words[2] = (words[2] ?? 0) + (entries[at + 2] ?? 0);
		words[3] = (words[3] ?? 0) + ((entries[at + 3] ?? 0) | 0);
	}
	const units = words.reduceRight((sum, word) => (sum << 32n) + BigInt(word), 0n);
	let amount: Decimal = {units, scale};
	for (const addition of additions.values()) amount = addDecimals(amount, addition);
	return {count, amount};
}

function addEntry(target: GroupsPartial, place: number, {entries, scale}: GroupsPartial, from: number): void {
	const own = target.entries;
	const at = place * ENTRY_WORDS;
	const low = (own[at + COUNT_LOW] ?? 0) + (entries[from + COUNT_LOW] ?? 0);
	own[at + COUNT_LOW] = low;
	own[at + COUNT_HIGH] = (own[at + COUNT_HIGH] ?? 0) + (entries[from + COUNT_HIGH] ?? 0) + (low >= 2 ** 32 ? 1 : 0);
	const isAdded =
		scale === target.scale
			? addWords(own, at + SUM, entries, from + SUM)
			: scaleWords(scaled, 0, entries, from + SUM, target.scale - scale) && addWords(own, at + SUM, scaled, 0);
	if (!isAdded) addAddition(target, place, {units: readWords(entries, from + SUM), scale});
}

const scaled = new Uint32Array(SUM_WORDS);

function addAddition({additions}: GroupsPartial, place: number, addition: Decimal): void {
	const known = additions.get(place);
	additions.set(place, known === undefined ? addition : addDecimals(known, addition));
}

function raiseScale(groups: GroupsPartial, scale: number): void {
	const {entries} = groups;
	const exponent = scale - groups.scale;
	for (let place = 0; place < groups.count; place++) {
		const at = place * ENTRY_WORDS + SUM;
		if (scaleWords(scaled, 0, entries, at, exponent)) entries.set(scaled, at);
		else {
			addAddition(groups, place, {units: readWords(entries, at), scale: groups.scale});
			entries.fill(0, at, at + SUM_WORDS);
		}
	}
	groups.scale = scale;
}

// The table: for each group its place plus 1, in 20 bits, and above it 12 bits of its hash, which spare most looks at other groups.

const PLACE_BITS = 20;
const PLACE_MASK = 2 ** PLACE_BITS - 1;
const SMALLEST_TABLE = 64;

/** Random, so that nobody can write a file whose names all meet in one place of the table. */
const SEED = Math.floor(Math.random() * 2 ** 32);

function hashOf(names: Uint8Array, start: number, end: number): number {
	let hash = SEED ^ (end - start);
	for (let at = start; at < end; at++) {
		hash = Math.imul(hash ^ (names[at] ?? 0), 0x9e37_79b1);
		hash ^= hash >>> 15;
	}
	hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
	return hash ^ (hash >>> 13);
}

/** The place of the group of a name; -1 where there is none, and no room for it. */
function findOrAdd(groups: GroupsPartial, names: Uint8Array, start: number, end: number): number {
	const table = groups.table ?? new Uint32Array(0);
	const mask = table.length - 1;
	const hash = hashOf(names, start, end);
	const tag = hash & ~PLACE_MASK;
	let slot = hash & mask;
	for (let found = table[slot] ?? 0; found !== 0; found = table[slot] ?? 0) {
		const place = (found & PLACE_MASK) - 1;
		if ((found & ~PLACE_MASK) === tag && isNamed(groups, place, names, start, end)) return place;
		slot = (slot + 1) & mask;
	}
	const {limits, count, nameBytes} = groups;
	const nextNameBytes = nameBytes + end - start;
	if (count === limits.mostGroups || nextNameBytes > limits.mostNameBytes) return -1;
	makeRoom(groups, count + 1, nextNameBytes);
	table[slot] = tag | (count + 1);
	copyName(groups.names, nameBytes, names, start, end);
	groups.entries[count * ENTRY_WORDS + NAME_END] = nextNameBytes;
	groups.nameBytes = nextNameBytes;
	groups.count = count + 1;
	return count;
}

/** Names are short mostly, and then the call of anything built in takes longer than the copy. */
function copyName(target: Uint8Array, at: number, names: Uint8Array, start: number, end: number): void {
	if (end - start > 64) target.set(names.subarray(start, end), at);
	else for (let from = start; from < end; from++) target[at + from - start] = names[from] ?? 0;
}

function isNamed(groups: GroupsPartial, place: number, names: Uint8Array, start: number, end: number): boolean {
	const own = nameStart(groups, place);
	if (nameEnd(groups, place) - own !== end - start) return false;
	for (let at = start; at < end; at++) if (groups.names[own + at - start] !== names[at]) return false;
	return true;
}

function makeRoom(groups: GroupsPartial, count: number, nameBytes: number): void {
	const {limits, entries, names} = groups;
	if (count * ENTRY_WORDS > entries.length) {
		const most = Math.min(limits.mostGroups, Math.max(SMALLEST_TABLE, Math.ceil(count * GROWTH)));
		groups.entries = new Uint32Array(allocate(4 * most * ENTRY_WORDS));
		groups.entries.set(entries);
		discard(entries);
	}
	if (nameBytes > names.length) {
		const most = Math.min(limits.mostNameBytes, Math.max(nameBytes, Math.ceil(nameBytes * GROWTH)));
		groups.names = new Uint8Array(allocate(most));
		groups.names.set(names);
		discard(names);
	}
}

const GROWTH = 1.5;

/** Less than half full with `most` groups, so that probing stays short. */
function makeTable(groups: GroupsPartial, most: number): void {
	const old = groups.table;
	if (old !== null) discard(old);
	let length = SMALLEST_TABLE;
	while (length <= most * 2) length *= 2;
	const table = new Uint32Array(allocate(4 * length));
	const mask = length - 1;
	let start = 0;
	for (let place = 0; place < groups.count; place++) {
		const end = nameEnd(groups, place);
		const hash = hashOf(groups.names, start, end);
		let slot = hash & mask;
		while (table[slot] !== 0) slot = (slot + 1) & mask;
		table[slot] = (hash & ~PLACE_MASK) | (place + 1);
		start = end;
	}
	groups.table = table;
}
