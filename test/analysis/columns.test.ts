// Columns: the bytes of what they come to are a function of their cells and of where the records stand, whatever the cut, the order
// and the tree of merging.
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {isNull, readCell} from '../../source/analysis/columns/cell.ts';
import {finishState} from '../../source/analysis/finish.ts';
import {decodePartial, encodePartial, mergePartials, PartialError} from '../../source/analysis/partial/partial.ts';
import {absorbState, createState, stateInUtf8} from '../../source/analysis/state.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {
	type ColumnAnalysis,
	layoutWith,
	type RandomTable,
	someCaps,
	stateOfTable,
	tables,
} from '../helpers/random-columns.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const sources = fc.array(tables, {minLength: 1, maxLength: 4});
const encodings = fc.constantFrom('utf-8', 'windows-1252');

describe.each<ColumnAnalysis>(['profile', 'quality'])('for any tables, of the analysis %s', name => {
	test('the bytes are those of one reader, for any cut, order and tree of merging', () => {
		fc.assert(
			fc.property(sources, someCaps, encodings, fc.nat(60), (all, caps, encoding, cut) => {
				const layout = layoutWith(caps, name);
				const cutOf = ({header, records}: RandomTable, source: number): Uint8Array[] => [
					encodePartial(stateOfTable({header, records: records.slice(cut)}, layout, source, cut)),
					encodePartial(stateOfTable({header, records: records.slice(0, cut)}, layout, source)),
				];
				const merge = (one: Uint8Array, other: Uint8Array) => mergePartials(one, other, layout);
				const empty = encodePartial(createState(layout));
				const parts = all.flatMap(cutOf);
				const merged = parts.reduce(merge, empty);
				const whole = createState(layout);
				for (const [source, table] of all.entries()) absorbState(whole, stateOfTable(table, layout, source));
				expect(hex(merged)).toBe(hex(encodePartial(whole)));
				expect(hex(parts.toReversed().reduce(merge))).toBe(hex(merged));
				const middle = Math.floor(parts.length / 2);
				const [left, right] = [parts.slice(0, middle), parts.slice(middle)];
				expect(hex(merge(right.reduce(merge, empty), left.reduce(merge, empty)))).toBe(hex(merged));
				if (encoding === 'utf-8') return;
				// Of one file, whose encoding all parts say together.
				const [first = {header: [], records: []}] = all;
				const file = encodePartial(stateInUtf8(stateOfTable(first, layout), 'windows-1252'));
				const together = decodePartial(cutOf(first, 0).reduce(merge), layout);
				expect(hex(encodePartial(stateInUtf8(together, 'windows-1252')))).toBe(hex(file));
			}),
			{numRuns: randomCases(30)},
		);
	});

	test('reading gives what was written: the same bytes, and the same result', () => {
		fc.assert(
			fc.property(tables, someCaps, (table, caps) => {
				const layout = layoutWith(caps, name);
				const state = stateOfTable(table, layout);
				const bytes = encodePartial(state);
				const read = decodePartial(bytes, layout);
				expect(hex(encodePartial(read))).toBe(hex(bytes));
				expect(JSON.stringify(finishState(read))).toBe(JSON.stringify(finishState(state)));
				// What is merged later is no other for it.
				absorbState(read, stateOfTable(table, layout, 1));
				absorbState(state, stateOfTable(table, layout, 1));
				expect(hex(encodePartial(read))).toBe(hex(encodePartial(state)));
			}),
			{numRuns: randomCases(30)},
		);
	});

	test('bytes that are damaged in any way say so, and nothing else happens', () => {
		fc.assert(
			fc.property(tables, someCaps, fc.nat(), fc.integer({min: 1, max: 255}), (table, caps, at, change) => {
				const layout = layoutWith(caps, name);
				const bytes = encodePartial(stateOfTable(table, layout));
				const changed = bytes.slice();
				const place = at % bytes.length;
				changed[place] = (changed[place] ?? 0) ^ change;
				expect(() => decodePartial(changed, layout)).toThrow(PartialError);
				expect(() => decodePartial(bytes.subarray(0, place), layout)).toThrow(PartialError);
				try {
					finishState(decodePartial(changed, layout, 'between-threads'));
				} catch (error) {
					expect(error).toBeInstanceOf(PartialError);
				}
			}),
			{numRuns: randomCases(60)},
		);
	});
});

test.each([
	['', 'empty'],
	[' \t', 'empty'],
	['NA', 'null'],
	[' - ', 'null'],
	['NaN', 'text'],
	['true', 'boolean'],
	['False', 'boolean'],
	['tRUE', 'text'],
	['0', 'integer'],
	['42 ', 'integer'],
	['-42', 'signed'],
	['+007', 'signed'],
	['007', 'identifier'],
	['1'.repeat(38), 'integer'],
	['1'.repeat(39), 'identifier'],
	[`-${'1'.repeat(39)}`, 'text'],
	['1.5', 'decimal'],
	['.5', 'decimal'],
	['5.', 'decimal'],
	['.', 'text'],
	['1e3', 'float'],
	['-1.5E-3', 'float'],
	['1e400', 'text'],
	['1e-400', 'text'],
	['0e400', 'float'],
	['2024-02-29', 'date'],
	['2023-02-29', 'text'],
	['20240229', 'integer'],
	['2024-02-29T10:00', 'timestamp'],
	['2024-02-29 10:00:00.25+02:00', 'timestamp'],
	['20240229T101500Z', 'timestamp'],
	['10:00', 'time'],
	['24:00', 'text'],
	['9:30', 'text'],
	['1,5', 'text'],
])('the cell "%s" is of the class %s', (cell, cellClass) => {
	expect(readCell(cell).class).toBe(cellClass);
	expect(isNull(cell)).toBe(cellClass === 'empty' || cellClass === 'null');
});

test.each([
	['2024-02-29', Date.UTC(2024, 1, 29) / 1000, ''],
	['2024-02-29T23:59:60Z', Date.UTC(2024, 2, 1) / 1000, ''],
	['2024-02-29T24:00', Date.UTC(2024, 2, 1) / 1000, ''],
	['2024-03-01T01:30:00.250+02:00', Date.UTC(2024, 1, 29, 23, 30) / 1000, '25'],
	['20240229T223000,5-01', Date.UTC(2024, 1, 29, 23, 30) / 1000, '5'],
	['0001-01-01', Date.parse('0001-01-01') / 1000, ''],
])('%s is a moment', (text, seconds, fraction) => {
	expect(readCell(text)).toMatchObject({seconds, fraction});
});

test('a number has the double that is nearest to it', () => {
	const text = fc
		.tuple(fc.constantFrom('', '-'), fc.bigInt({min: 0n, max: 10n ** 30n}), fc.nat(12))
		.map(([sign, units, scale]) => {
			const digits = String(units).padStart(scale + 1, '0');
			return `${sign}${digits.slice(0, digits.length - scale)}.${digits.slice(digits.length - scale)}`;
		});
	fc.assert(
		fc.property(text, cell => {
			expect(readCell(cell)).toMatchObject({nearest: Number(cell) + 0});
		}),
	);
});
