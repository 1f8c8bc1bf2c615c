// A set of values as bytes:
//
//   set     0 │ values, or 1 │ 16,384 registers of an estimate, or 2 │ unsorted values (unsorted-values.ts)
//   values  number of dense forms │ forms │ number of other values │ each as in text-list.ts
//   form    length of the prefix │ prefix │ digits │ first byte of the bits that is not zero │ number of bytes │ these and those behind

import {type DenseIds, idsOf, MAX_DIGITS, mergeBits} from '../dense-ids.ts';
import {
	addDistinct,
	type DistinctCaps,
	type DistinctValues,
	distinctOf,
	distinctOfRegisters,
	exceedsCaps,
	KEY_WORDS,
	moveToBits,
} from '../distinct.ts';
import {REGISTER_COUNT, SHORT_BYTES} from '../estimate.ts';
import {DamagedBytesError, type VarintReader, type VarintWriter} from '../varints.ts';
import {compareForms, type DenseForm, isDense, measureBits, splitSet} from './dense-forms.ts';
import {sortTexts, type Texts} from './sort-texts.ts';
import {TextListReader, TextListWriter} from './text-list.ts';
import {readUnsorted, writeUnsorted} from './unsorted-values.ts';

/** @param isSorted - Whether values are written in order, so that the bytes are a function of the set. */
export function writeSet(writer: VarintWriter, set: DistinctValues, isSorted = true): void {
	writer.unsigned(set.registers !== null ? 1 : isSorted ? 0 : 2);
	if (set.registers !== null) {
		writer.bytes(set.registers);
		return;
	}
	if (!isSorted) {
		writeUnsorted(writer, set);
		return;
	}
	const {dense, keys} = splitSet(set);
	writer.unsigned(dense.length);
	for (const form of dense) writeForm(writer, form);
	const texts = textsOf(keys, set.longValues);
	writer.unsigned(texts.starts.length - 1);
	const list = new TextListWriter(writer, texts);
	for (const place of sortTexts(texts)) list.write(place);
}

function writeForm(writer: VarintWriter, {prefix, digits, bits}: DenseForm): void {
	writer.unsigned(prefix.length);
	writer.bytes(Buffer.from(prefix, 'latin1'));
	writer.unsigned(digits);
	const {smallest, largest} = measureBits(bits);
	const first = smallest >>> 3;
	const bytes = (largest >>> 3) + 1 - first;
	writer.unsigned(first);
	writer.unsigned(bytes);
	writer.bytes(new Uint8Array(bits.buffer, bits.byteOffset + first, bytes));
}

function textsOf(keys: Uint32Array, longValues: ReadonlySet<string>): Texts {
	const count = keys.length / KEY_WORDS;
	const keyBytes = new Uint8Array(keys.buffer, keys.byteOffset, keys.byteLength);
	let length = 0;
	for (let at = SHORT_BYTES; at < keyBytes.length; at += SHORT_BYTES + 1) length += (keyBytes[at] ?? 0) - 1;
	for (const value of longValues) length += value.length;
	const bytes = new Uint8Array(length);
	const starts = new Uint32Array(count + longValues.size + 1);
	let end = 0;
	for (let key = 0; key < count; key++) {
		const from = key * (SHORT_BYTES + 1);
		const bytesOfKey = (keyBytes[from + SHORT_BYTES] ?? 0) - 1;
		for (let at = 0; at < bytesOfKey; at++) bytes[end++] = keyBytes[from + at] ?? 0;
		starts[key + 1] = end;
	}
	let place = count;
	for (const value of longValues) {
		bytes.set(Buffer.from(value, 'latin1'), end);
		end += value.length;
		starts[++place] = end;
	}
	return {bytes, starts};
}

/** A text takes two bytes at least. */
const MIN_TEXT_BYTES = 2;

/**
@param isSorted - Whether values must be in order, as `writeSet` has it.
@throws {DamagedBytesError}
*/
export function readSet(reader: VarintReader, caps: DistinctCaps, isSorted = true): DistinctValues {
	const kind = reader.unsigned();
	if (kind === 1) return distinctOfRegisters(reader.bytes(REGISTER_COUNT).slice(), caps);
	if (kind === 2 && !isSorted) return readUnsorted(reader, caps);
	if (kind !== 0) throw new DamagedBytesError(`Expected values or an estimate, found ${kind}`);
	const forms = readForms(reader, caps);
	const {denseIds, others} = chooseForm(forms);
	const count = reader.unsigned();
	const set = readValues(reader, count, denseIds, caps);
	// Values of a form that is not dense by itself may fit in among those of other lengths.
	if (denseIds !== null) moveToBits(set, denseIds);
	for (const form of others) for (const id of idsOf(asDenseIds(form))) addDistinct(set, id);
	if (set.registers !== null || exceedsCaps(set)) throw tooMany(caps);
	assertSplit(set, forms, count);
	return set;
}

const tooMany = ({maxValues, maxValueBytes}: DistinctCaps): DamagedBytesError =>
	new DamagedBytesError(`Expected at most ${maxValues} values of ${maxValueBytes} bytes together`);

/** Which values are bits depends on the set alone, and each value is in one place. */
function assertSplit(set: DistinctValues, forms: readonly DenseForm[], count: number): void {
	const {dense, keys} = splitSet(set);
	const hasSameForms =
		dense.length === forms.length && dense.every((form, place) => compareForms(form, forms[place] ?? form) === 0);
	if (!hasSameForms || keys.length / KEY_WORDS + set.longValues.size !== count)
		throw new DamagedBytesError('Expected each value once, and as a bit where ids are dense');
}

function readForms(reader: VarintReader, caps: DistinctCaps): MeasuredForm[] {
	const formCount = reader.unsigned();
	const forms: MeasuredForm[] = [];
	let values = 0;
	while (forms.length < formCount) {
		const form = readForm(reader);
		const before = forms.at(-1);
		if (before !== undefined && compareForms(before, form) >= 0)
			throw new DamagedBytesError('Expected forms of ids in order');
		values += form.count;
		if (values > caps.maxValues) throw tooMany(caps);
		forms.push(form);
	}
	return forms;
}

function readValues(
	reader: VarintReader,
	count: number,
	denseIds: DenseIds | null,
	caps: DistinctCaps,
): DistinctValues {
	if (count > caps.maxValues || count * MIN_TEXT_BYTES > reader.bytesLeft)
		throw new DamagedBytesError(`Expected ${count} values in ${reader.bytesLeft} bytes`);
	const keys = new Uint32Array(count * KEY_WORDS);
	const keyBytes = new Uint8Array(keys.buffer);
	const longValues = new Set<string>();
	const list = new TextListReader(reader, caps.maxValueBytes);
	let end = 0;
	for (let value = 0; value < count; value++) {
		const start = list.read();
		const length = list.end - start;
		if (length === 0) throw new DamagedBytesError('Expected a value, found an empty one');
		if (length > SHORT_BYTES) {
			longValues.add(Buffer.from(list.bytes.buffer, start, length).toString('latin1'));
			continue;
		}
		for (let at = 0; at < length; at++) keyBytes[end + at] = list.bytes[start + at] ?? 0;
		keyBytes[end + SHORT_BYTES] = length + 1;
		end += SHORT_BYTES + 1;
	}
	return distinctOf(keys.subarray(0, end / 4), longValues, denseIds, caps);
}

interface MeasuredForm extends DenseForm {
	readonly count: number;
	/** Whether a number has zeros in front. */
	readonly hasZeros: boolean;
}

function readForm(reader: VarintReader): MeasuredForm {
	const prefix = Buffer.from(reader.bytes(reader.unsigned())).toString('latin1');
	const digits = reader.unsigned();
	const first = reader.unsigned();
	const bytes = reader.bytes(reader.unsigned());
	if (bytes[0] === 0 || bytes.at(-1) === 0)
		throw new DamagedBytesError('Expected the bits of ids without zeros around them');
	// Only as many bits are made as are dense, should all of them be set.
	if (!isDense(8 * bytes.length, 8 * first)) throw new DamagedBytesError('Expected dense ids');
	const bits = new Uint32Array(Math.ceil((first + bytes.length) / 4));
	new Uint8Array(bits.buffer).set(bytes, first);
	const {count, smallest, largest} = measureBits(bits);
	const fits = digits >= 1 && digits <= MAX_DIGITS && prefix.length + digits <= SHORT_BYTES && largest < 10 ** digits;
	if (!fits || !isDense(count, largest)) throw new DamagedBytesError('Expected dense ids');
	return {prefix, digits, bits, count, hasZeros: digits > 1 && smallest < 10 ** (digits - 1)};
}

const asDenseIds = ({prefix, digits, bits, count}: MeasuredForm): DenseIds => ({
	prefix,
	length: prefix.length + digits,
	bits,
	count,
});

/**
States keep the ids of one form as bits, those that have most: all lengths of a prefix where no number has zeros in front, as the
kernel does, else those of one length.
*/
function chooseForm(forms: readonly MeasuredForm[]): {
	denseIds: DenseIds | null;
	others: readonly MeasuredForm[];
} {
	const choices = Map.groupBy(forms, ({prefix, digits, hasZeros}) => (hasZeros ? `${digits} ${prefix}` : ` ${prefix}`));
	const size = (some: readonly MeasuredForm[]): number => some.reduce((sum, {count}) => sum + count, 0);
	const [best] = [...choices.values()].sort((one, other) => size(other) - size(one));
	const [first] = best ?? [];
	if (best === undefined || first === undefined) return {denseIds: null, others: []};
	const words = Math.max(...best.map(({bits}) => bits.length));
	const length = first.hasZeros ? first.prefix.length + first.digits : 0;
	const denseIds = {prefix: first.prefix, length, bits: new Uint32Array(words), count: 0};
	for (const form of best) mergeBits(denseIds, asDenseIds(form));
	return {denseIds, others: forms.filter(form => !best.includes(form))};
}
