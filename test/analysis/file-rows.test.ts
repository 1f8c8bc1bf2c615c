import fc from 'fast-check';
import {expect, test} from 'vitest';
import {decodeRow, encodeRow, type RowFigures, type RowShape, rowShapeOf} from '../../source/analysis/file-rows.ts';
import {joinKeyParts, splitKey} from '../../source/analysis/groups/key-parts.ts';
import {decodeKeys, KeyNumbers} from '../../source/analysis/row-keys.ts';
import {layOutStates} from '../../source/analysis/state-layout.ts';
import {DamagedBytesError, VarintReader, VarintWriter} from '../../source/analysis/varints.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {declarations, declarationsWithFigures} from '../helpers/random-declarations.ts';

/** The memory of tables is longer, because it is used again. */
const shorten = (figures: RowFigures, {tables}: RowShape): RowFigures => ({
	...figures,
	tables: figures.tables.map((table, place) => ({
		...table,
		values: table.values.slice(0, table.length * (tables[place]?.stride ?? 0)),
	})),
});

test('a row gives the same figures again, whatever is in front of it and behind', () => {
	fc.assert(
		fc.property(declarationsWithFigures, ({declaration, figures}) => {
			const shape = rowShapeOf(layOutStates(declaration));
			const writer = new VarintWriter();
			encodeRow(writer, shape, figures);
			const {length} = writer;
			encodeRow(writer, shape, figures);
			const reader = new VarintReader(writer.take());
			expect(shorten(decodeRow(reader, shape), shape)).toEqual(figures);
			expect(reader.position).toBe(length);
			expect(shorten(decodeRow(reader, shape), shape)).toEqual(figures);
			expect(reader.bytesLeft).toBe(0);
		}),
		{numRuns: randomCases(200)},
	);
});

test('keys are found by the numbers that they got', () => {
	const part = fc.string({unit: 'binary'}).map(text => Buffer.from(text).toString('latin1'));
	fc.assert(
		fc.property(fc.array(fc.array(part, {minLength: 2, maxLength: 2})), fc.constantFrom(1, 2), (keys, parts) => {
			const numbers = new KeyNumbers();
			const given = keys.map(key => key.slice(0, parts));
			const places = given.map(key => numbers.numberOf(joinKeyParts(key)));
			const decoded = decodeKeys(numbers.encode());
			expect(places.map(place => splitKey(decoded[place] ?? '', parts))).toEqual(given);
			expect(decoded.length).toBe(new Set(places).size);
		}),
	);
});

test('damaged rows and keys are an error, and never more groups than they have bytes', () => {
	const expectDamage = (read: () => unknown): void => {
		try {
			read();
		} catch (error) {
			expect(error).toBeInstanceOf(DamagedBytesError);
		}
	};
	fc.assert(
		fc.property(declarations, fc.uint8Array({maxLength: 200}), (declaration, bytes) => {
			expectDamage(() => decodeKeys(bytes).map(key => splitKey(key, 2)));
			expectDamage(() => {
				const {tables} = decodeRow(new VarintReader(bytes), rowShapeOf(layOutStates(declaration)));
				for (const {length} of tables) expect(length).toBeLessThanOrEqual(bytes.length);
			});
		}),
		{numRuns: randomCases(1000)},
	);
});

test('whole numbers of any size are read as they were written', () => {
	const whole = fc.oneof(fc.bigInt(-(2n ** 60n), 2n ** 60n), fc.bigInt(-(10n ** 260n), 10n ** 260n));
	fc.assert(
		fc.property(whole, fc.maxSafeNat(), (signed, unsigned) => {
			const writer = new VarintWriter();
			writer.signed(signed);
			writer.unsigned(unsigned);
			writer.unsigned(BigInt(unsigned));
			const reader = new VarintReader(writer.take());
			expect(BigInt(reader.signed())).toBe(signed);
			expect([reader.unsigned(), reader.unsigned(), reader.bytesLeft]).toEqual([unsigned, unsigned, 0]);
		}),
	);
	expect(() => new VarintReader(new Uint8Array(2000).fill(0xff)).signed()).toThrow(DamagedBytesError);
	expect(() => new VarintReader(new Uint8Array(2000).fill(0xff)).unsigned()).toThrow(DamagedBytesError);
});
