// Writers of fields, and ways to combine them.
import {createWeightedTable, encodeField} from '../kind.ts';
import type {Random} from '../random.ts';
import {skew} from '../random.ts';
import {MINUS, type RowBuffer} from '../row-buffer.ts';

/** Writes a field or a part of one. `row` is 0-based and continues from file to file. */
export type FieldWriter = (buffer: RowBuffer, random: Random, row: number) => void;

const HEX_DIGITS = new TextEncoder().encode('0123456789abcdef');

/** Writes one of the words, quoted where necessary, each in proportion to its weight. */
export function writeOneOf(weights: Readonly<Record<string, number>>): FieldWriter {
	const fields = Object.keys(weights).map(encodeField);
	const slots = createWeightedTable(Object.values(weights), 1024);
	// One after the other in the same memory: 30 columns with arrays of their own for each word take a sixth longer.
	const all = new Uint8Array(Buffer.concat(fields));
	const ends = new Uint16Array(fields.length + 1);
	fields.forEach((field, item) => {
		ends[item + 1] = (ends[item] ?? 0) + field.length;
	});
	return (buffer, random) => {
		const item = slots[random.next() >>> 22] ?? 0;
		buffer.writeBytes(all, ends[item], ends[item + 1]);
	};
}

/** Writes one of the words, all equally often. */
export const writeWord = (words: readonly string[]): FieldWriter =>
	writeOneOf(Object.fromEntries(words.map(word => [word, 1])));

/** Writes the same in every record, without quotes. */
export function writeConstant(text: string): FieldWriter {
	const bytes = new TextEncoder().encode(text);
	return buffer => buffer.writeBytes(bytes);
}

/** Writes a whole number from `lowest` to `highest`, all equally often. */
export const writeNumber =
	(lowest: number, highest: number, minimumDigits = 1): FieldWriter =>
	(buffer, random) =>
		buffer.writeInteger(lowest + random.below(highest - lowest + 1), minimumDigits);

/** Writes an amount from 0.00 to 655.35 × `factor`, small ones far more often. */
export const writeAmount =
	(factor: number, negativePercent = 0): FieldWriter =>
	(buffer, random) => {
		if (random.below(100) < negativePercent) buffer.writeByte(MINUS);
		buffer.writeCents(1 + skew(random.next()) * factor);
	};

/** Writes a number with 0 to 3 decimals. */
export const writeDecimal: FieldWriter = (buffer, random) => {
	const decimals = random.below(4);
	buffer.writeInteger(1 + (skew(random.next()) >>> 6));
	if (decimals === 0) return;
	buffer.writeByte(0x2e);
	buffer.writeInteger(random.below(10 ** decimals), decimals);
};

/** Writes 8 hexadecimal digits; of ten records nine have a value of their own, and one repeats one of these. */
export const writeMostlyDistinct: FieldWriter = (buffer, random, row) => {
	const source = row % 10 === 9 ? row - random.below(9) : row + 1;
	// Steps that have an inverse, so different rows have different values.
	let bits = Math.imul(source ^ (source >>> 16), 0x85ebca6b);
	bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
	bits ^= bits >>> 16;
	for (let shift = 28; shift >= 0; shift -= 4) buffer.writeByte(HEX_DIGITS[(bits >>> shift) & 15] ?? 0);
};

/** Writes a time of the day from 07:00:00 to 21:59:59. */
export const writeTime: FieldWriter = (buffer, random) => {
	const second = 7 * 3600 + random.below(15 * 3600);
	const minute = (second / 60) | 0;
	const hour = (minute / 60) | 0;
	buffer.writeInteger(hour, 2);
	buffer.writeByte(0x3a);
	buffer.writeInteger(minute - hour * 60, 2);
	buffer.writeByte(0x3a);
	buffer.writeInteger(second - minute * 60, 2);
};

/** Writes the parts one after the other. */
export const writeParts =
	(...parts: readonly FieldWriter[]): FieldWriter =>
	(buffer, random, row) => {
		for (const write of parts) write(buffer, random, row);
	};

/** Writes one of the spellings of a missing value for a part of the records. */
export function orMissing(percent: number, spellings: readonly string[], write: FieldWriter): FieldWriter {
	const writeMissing = writeWord(spellings);
	return (buffer, random, row) => (random.below(100) < percent ? writeMissing : write)(buffer, random, row);
}
