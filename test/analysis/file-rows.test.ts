import fc from 'fast-check';
import {expect, test} from 'vitest';
import {decodeKeys, decodeRow, encodeRow, KeyNumbers, rowShapeOf} from '../../source/analysis/file-rows.ts';
import {DamagedBytesError, VarintReader, VarintWriter} from '../../source/analysis/varints.ts';
import {declarations, declarationsWithFigures} from '../helpers/random-declarations.ts';

test('a row of figures and the keys beside it give the same figures again', () => {
	fc.assert(
		fc.property(declarationsWithFigures, fc.nat(3), ({declaration, figures}, othersBefore) => {
			const shape = rowShapeOf(declaration);
			const writer = new VarintWriter();
			const numbers = shape.tables.map(() => new KeyNumbers());
			for (const table of numbers) for (let key = 0; key < othersBefore; key++) table.numberOf(`other ${key}`);
			encodeRow(writer, shape, figures, numbers);
			const first = writer.length;
			encodeRow(writer, shape, figures, numbers);
			const reader = new VarintReader(writer.take());
			const keys = numbers.map(each => decodeKeys(each.encode()));
			expect(decodeRow(reader, shape, keys)).toEqual(figures);
			expect(reader.position).toBe(first);
			expect(decodeRow(reader, shape, keys)).toEqual(figures);
			expect(reader.bytesLeft).toBe(0);
		}),
		{numRuns: 200},
	);
});

test('damaged rows and keys are an error, and never more groups than they have bytes', () => {
	const decode = (read: () => unknown): void => {
		try {
			read();
		} catch (error) {
			expect(error).toBeInstanceOf(DamagedBytesError);
		}
	};
	fc.assert(
		fc.property(declarations, fc.uint8Array({maxLength: 200}), (declaration, bytes) => {
			decode(() => decodeKeys(bytes));
			decode(() => decodeRow(new VarintReader(bytes), rowShapeOf(declaration), []));
			decode(() => {
				const keys = rowShapeOf(declaration).tables.map(() => ['', '\u0001\u0000\u0000\u0000', 'abc']);
				const {tables} = decodeRow(new VarintReader(bytes), rowShapeOf(declaration), keys);
				for (const {groups} of tables) expect(groups.length).toBeLessThanOrEqual(bytes.length);
			});
		}),
		{numRuns: 1000},
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
