// Counts different values: exactly up to a cap, and past it as an estimate (estimate.ts) that says so.
//
// Which of the two it is depends only on the values, not on how they were cut: a set turns into an estimate when its own values pass
// the cap, so the union does in every order, or in none.
//
// Values of up to 15 bytes, which is nearly all ids, are kept as keys of 16 bytes: the bytes, zeros, and in the last byte the length + 1.
// Thousands of files are merged by comparing four words for each. Ids that are counted up may also come as bits (dense-ids.ts):
// a value with a bit there has no key.
import type {DistinctCount} from '../model/results.ts';
import {addNumber, bytesOf, type DenseIds, growBits, idsOf, isSameForm, mergeBits, numberOf} from './dense-ids.ts';
import {addHashed, createRegisters, estimateCount, lastWordOf, mergeRegisters, SHORT_BYTES} from './estimate.ts';
import type {SetFigures} from './figures.ts';
import {hashLongValue, hashShortKey, wordAt} from './hash64.ts';
import {type Caps, defaultCaps} from './state-layout.ts';
import {bytesInUtf8, type TextEncoding} from './text-encoding.ts';

/** With more values, or longer ones together, it becomes an estimate. */
export type DistinctCaps = Pick<Caps, 'maxValues' | 'maxValueBytes'>;

export const KEY_WORDS = 4;

/** The key of a short value, one character per byte. */
export const keyOf = (value: string): readonly [number, number, number, number] => [
	wordAt(value, 0),
	wordAt(value, 4),
	wordAt(value, 8),
	lastWordOf(value),
];

export interface DistinctValues {
	readonly caps: DistinctCaps;
	/** The keys of the short values, four words each, `keyCount` of them; empty once it is an estimate. */
	keys: Uint32Array;
	keyCount: number;
	/** An open-addressing table: numbers of keys, plus 1. Made when values are added. */
	slots: Uint32Array | null;
	/** The longer values, one character per byte. */
	longValues: Set<string>;
	/** Those of the short values that are kept as bits. */
	denseIds: DenseIds | null;
	/** The bytes of all values together but those. */
	valueBytes: number;
	/** The registers once there are more. */
	registers: Uint8Array | null;
}

export const createDistinct = (caps: DistinctCaps = defaultCaps): DistinctValues => ({
	caps,
	keys: new Uint32Array(0),
	keyCount: 0,
	slots: null,
	longValues: new Set(),
	denseIds: null,
	valueBytes: 0,
	registers: null,
});

/** The partial of values that are known to be different ones, and within the caps. */
export function distinctOf(
	keys: Uint32Array,
	longValues: Set<string>,
	denseIds: DenseIds | null,
	caps: DistinctCaps = defaultCaps,
): DistinctValues {
	const partial = {...createDistinct(caps), keys, keyCount: keys.length / KEY_WORDS, longValues, denseIds};
	for (let index = KEY_WORDS - 1; index < keys.length; index += KEY_WORDS) partial.valueBytes += keyLength(keys[index]);
	for (const value of longValues) partial.valueBytes += value.length;
	return partial;
}

export const distinctOfRegisters = (registers: Uint8Array, caps: DistinctCaps = defaultCaps): DistinctValues => ({
	...createDistinct(caps),
	registers,
});

/** What a reader found. The memory of the figures is taken over. */
export const distinctOfFigures = (figures: SetFigures, caps: DistinctCaps): DistinctValues =>
	figures.registers === null
		? distinctOf(figures.keys, new Set(figures.longValues), figures.denseIds, caps)
		: distinctOfRegisters(figures.registers, caps);

export function addDistinct(target: DistinctValues, value: string): void {
	if (value.length > SHORT_BYTES) addLongValue(target, value);
	else addKey(target, wordAt(value, 0), wordAt(value, 4), wordAt(value, 8), lastWordOf(value));
}

export function mergeDistinct(target: DistinctValues, source: DistinctValues): void {
	const {keys} = source;
	const end = source.keyCount * KEY_WORDS;
	if (source.denseIds !== null) mergeDenseIds(target, source.denseIds);
	if (target.keyCount === 0 && target.denseIds === null && target.registers === null && keys.length === end) {
		// They are different ones already. A full piece of memory is never written to: it is replaced as it grows.
		target.keys = keys;
		target.keyCount = source.keyCount;
		for (let index = KEY_WORDS - 1; index < end; index += KEY_WORDS) target.valueBytes += keyLength(keys[index]);
		target.slots = null;
		capValues(target);
	} else addKeys(target, keys, end);
	for (const value of source.longValues) addLongValue(target, value);
	if (source.registers === null) return;
	mergeRegisters(target.registers ?? toEstimate(target), source.registers);
}

function mergeDenseIds(target: DistinctValues, source: DenseIds): void {
	if (target.registers === null) {
		target.denseIds ??= {...source, bits: new Uint32Array(0), count: 0};
		const {denseIds} = target;
		if (isSameForm(denseIds, source)) {
			if (denseIds.bits.length < source.bits.length) {
				growBits(denseIds, source.bits.length);
				moveToBits(target, denseIds);
			}
			mergeBits(denseIds, source);
			capValues(target);
			return;
		}
	}
	for (const id of idsOf(source)) addDistinct(target, id);
}

/** Of the keys, those that have a bit now. */
export function moveToBits(target: DistinctValues, denseIds: DenseIds): void {
	const keys = target.keys.slice(0, target.keyCount * KEY_WORDS);
	let kept = 0;
	for (let at = 0; at < keys.length; at += KEY_WORDS) {
		const lastWord = keys[at + 3] ?? 0;
		const number = numberOf(denseIds, keys[at] ?? 0, keys[at + 1] ?? 0, keys[at + 2] ?? 0, lastWord);
		if (number === -1) {
			keys.copyWithin(kept, at, at + KEY_WORDS);
			kept += KEY_WORDS;
		} else {
			addNumber(denseIds, number);
			target.valueBytes -= keyLength(lastWord);
		}
	}
	target.keys = keys;
	target.keyCount = kept / KEY_WORDS;
	target.slots = null;
}

function addKeys(target: DistinctValues, keys: Uint32Array, end: number): void {
	for (let index = 0; index < end; index += KEY_WORDS) {
		addKey(target, keys[index] ?? 0, keys[index + 1] ?? 0, keys[index + 2] ?? 0, keys[index + 3] ?? 0);
	}
}

/**
The values of a source in another encoding in UTF-8, with pauses for those who have others to serve. An estimate stays what it is: of its values nothing is left that could be
transcoded, so one that is also in a file in UTF-8, and has other bytes there, counts twice.
*/
export function* distinctInUtf8(source: DistinctValues, encoding: TextEncoding): Generator<void, DistinctValues> {
	if (source.registers !== null) return source;
	const target = createDistinct(source.caps);
	if (source.denseIds !== null) {
		const {prefix, bits} = source.denseIds;
		if (bytesInUtf8(prefix, encoding) === prefix) target.denseIds = {...source.denseIds, bits: bits.slice()};
		else yield* addInUtf8(target, idsOf(source.denseIds), encoding);
	}
	yield* addInUtf8(target, shortValuesOf(source), encoding);
	yield* addInUtf8(target, source.longValues, encoding);
	return target;
}

/** Some 5 ms. */
const VALUES_A_TURN = 16_384;

function* addInUtf8(target: DistinctValues, values: Iterable<string>, encoding: TextEncoding): Generator<void, void> {
	let count = 0;
	for (const value of values) {
		addDistinct(target, bytesInUtf8(value, encoding));
		if (++count % VALUES_A_TURN === 0) yield;
	}
}

function* shortValuesOf({keys, keyCount}: DistinctValues): Generator<string, void> {
	const bytes = Buffer.from(keys.buffer, keys.byteOffset, keyCount * KEY_WORDS * 4);
	for (let at = 0; at < bytes.length; at += KEY_WORDS * 4) {
		const length = (bytes[at + SHORT_BYTES] ?? 0) - 1;
		yield bytes.toString('latin1', at, at + length);
	}
}

export const countDistinct = ({registers, ...values}: DistinctValues): DistinctCount =>
	registers === null ? {value: countValues(values), exact: true} : {value: estimateCount(registers), exact: false};

export const countValues = ({
	keyCount,
	longValues,
	denseIds,
}: Pick<DistinctValues, 'keyCount' | 'longValues' | 'denseIds'>): number =>
	keyCount + longValues.size + (denseIds?.count ?? 0);

const keyLength = (lastWord: number | undefined): number => ((lastWord ?? 0) >>> 24) - 1;

function addKey(target: DistinctValues, word0: number, word1: number, word2: number, word3: number): void {
	if (target.registers !== null) {
		hashShortKey(word0, word1, word2, word3);
		addHashed(target.registers);
		return;
	}
	const {keys, keyCount, denseIds} = target;
	if (denseIds !== null) {
		const number = numberOf(denseIds, word0, word1, word2, word3);
		if (number !== -1) {
			addNumber(denseIds, number);
			capValues(target);
			return;
		}
	}
	let slots = target.slots;
	// Half full at most, so that probing stays short.
	if (slots === null || keyCount * 2 >= slots.length) slots = growSlots(target);
	const mask = slots.length - 1;
	let slot = slotHash(word0, word1, word2, word3) & mask;
	for (let found = slots[slot] ?? 0; found !== 0; found = slots[slot] ?? 0) {
		const at = (found - 1) * KEY_WORDS;
		const isSame =
			keys[at] === word0 >>> 0 &&
			keys[at + 1] === word1 >>> 0 &&
			keys[at + 2] === word2 >>> 0 &&
			keys[at + 3] === word3 >>> 0;
		if (isSame) return;
		slot = (slot + 1) & mask;
	}
	slots[slot] = keyCount + 1;
	const at = keyCount * KEY_WORDS;
	if (at === keys.length) target.keys = growKeys(keys);
	target.keys[at] = word0;
	target.keys[at + 1] = word1;
	target.keys[at + 2] = word2;
	target.keys[at + 3] = word3;
	target.keyCount++;
	target.valueBytes += keyLength(word3);
	capValues(target);
}

function addLongValue(target: DistinctValues, value: string): void {
	if (target.registers !== null) {
		hashLongValue(value);
		addHashed(target.registers);
		return;
	}
	const sizeBefore = target.longValues.size;
	target.longValues.add(value);
	if (target.longValues.size === sizeBefore) return;
	target.valueBytes += value.length;
	capValues(target);
}

function capValues(target: DistinctValues): void {
	if (exceedsCaps(target)) toEstimate(target);
}

/** Whether there are more values, or more bytes of them, than are kept. */
export const exceedsCaps = (values: DistinctValues): boolean =>
	countValues(values) > values.caps.maxValues || hasTooManyBytes(values);

/** The bytes of ids that are bits are not counted along: mostly it is plain without that there are too few. */
function hasTooManyBytes({valueBytes, denseIds, caps: {maxValueBytes}}: DistinctValues): boolean {
	const bytesAtMost = valueBytes + (denseIds?.count ?? 0) * SHORT_BYTES;
	return bytesAtMost > maxValueBytes && valueBytes + (denseIds === null ? 0 : bytesOf(denseIds)) > maxValueBytes;
}

/** Spreads a key over the lower bits, which are all a table uses; estimates are not made of it. */
export function slotHash(word0: number, word1: number, word2: number, word3: number): number {
	let hash = Math.imul(word0, 0x9e3779b1) ^ Math.imul(word1, 0x85ebca6b);
	hash ^= Math.imul(word2, 0xc2b2ae35) ^ Math.imul(word3, 0x27d4eb2f);
	hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
	return hash ^ (hash >>> 13);
}

const FIRST_SLOTS = 64;

function growKeys(keys: Uint32Array): Uint32Array {
	const grown = new Uint32Array(Math.max(FIRST_SLOTS, keys.length) * 2);
	grown.set(keys);
	return grown;
}

function growSlots(target: DistinctValues): Uint32Array {
	let length = FIRST_SLOTS;
	while (length < target.keyCount * 4) length *= 2;
	const slots = new Uint32Array(length);
	const {keys, keyCount} = target;
	for (let number = 0; number < keyCount; number++) {
		const at = number * KEY_WORDS;
		let slot = slotHash(keys[at] ?? 0, keys[at + 1] ?? 0, keys[at + 2] ?? 0, keys[at + 3] ?? 0) & (length - 1);
		while (slots[slot] !== 0) slot = (slot + 1) & (length - 1);
		slots[slot] = number + 1;
	}
	target.slots = slots;
	return slots;
}

function toEstimate(target: DistinctValues): Uint8Array {
	const registers = createRegisters();
	const {keys, keyCount, longValues, denseIds} = target;
	for (let at = 0; at < keyCount * KEY_WORDS; at += KEY_WORDS) {
		hashShortKey(keys[at] ?? 0, keys[at + 1] ?? 0, keys[at + 2] ?? 0, keys[at + 3] ?? 0);
		addHashed(registers);
	}
	for (const value of longValues) {
		hashLongValue(value);
		addHashed(registers);
	}
	for (const id of denseIds === null ? [] : idsOf(denseIds)) {
		hashShortKey(wordAt(id, 0), wordAt(id, 4), wordAt(id, 8), lastWordOf(id));
		addHashed(registers);
	}
	Object.assign(target, createDistinct(target.caps), {registers});
	return registers;
}
