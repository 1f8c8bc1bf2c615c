// The figures of columns against independent computations.
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {defaultColumnCaps} from '../../source/analysis/columns/column-caps.ts';
import {columnKeys} from '../../source/analysis/columns/column-keys.ts';
import {
	addTextTo,
	createColumnRegisters,
	estimateDistinct,
	foldRegisters,
} from '../../source/analysis/columns/registers.ts';
import {finishState} from '../../source/analysis/finish.ts';
import type {ColumnResult} from '../../source/model/results.ts';
import {compare, fractionOf, isPresent, numbersOracle} from '../helpers/columns-oracle.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {cells, type Kind, layoutWith, stateOfTable, tables, tightCaps} from '../helpers/random-columns.ts';

function figuresOf(all: readonly string[], caps = defaultColumnCaps): ColumnResult {
	const state = stateOfTable({header: ['a'], records: all.map(cell => [cell])}, layoutWith(caps));
	const [column] = finishState(state).columns as unknown as readonly ColumnResult[];
	if (column === undefined) throw new Error('Expected a column');
	return column;
}

const some = (cell: fc.Arbitrary<string>) => fc.array(cell, {maxLength: 80, size: 'max'});
const decimals = fc
	.tuple(fc.constantFrom('', '-', '+'), fc.bigInt({min: 0n, max: 10n ** 20n}), fc.nat(8), fc.boolean())
	.map(([sign, units, scale, isSmall]) => {
		const digits = String(isSmall ? units % 300n : units).padStart(scale + 1, '0');
		return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
	});
/** Exactly halves after 6 decimals: 1/128 and the like. */
const binary = fc.constantFrom('0', '0', '1', '-1', '3', '0.5');

describe('numbers', () => {
	test.each([
		['decimals', decimals],
		['numbers whose mean ends in a half', binary],
	])('of %s are exact', (_, cell) => {
		fc.assert(
			fc.property(some(fc.oneof(cell, cell, cell, cells.null, cells.empty)), all => {
				const figures = figuresOf(all);
				const present = all.filter(isPresent);
				expect(figures).toMatchObject({count: present.length, nulls: all.length - present.length});
				if (present.length > 0) expect(figures).toMatchObject(numbersOracle(present));
				else
					expect(figures).toMatchObject({type: 'empty', mostly: null, sum: null, min: null, quantiles: null, top: []});
			}),
			{numRuns: randomCases(120)},
		);
	});

	test('past the caps have the same sums, ends, deviations and counts, and quantiles within 0.8 %', () => {
		fc.assert(
			fc.property(fc.array(decimals, {minLength: 30, maxLength: 120, size: 'max'}), all => {
				const expected = numbersOracle(all);
				const figures = figuresOf(all, tightCaps);
				if (figures.distinct?.exact) return;
				const {quantiles, distinct, ...exact} = expected;
				expect(figures).toMatchObject(exact);
				expect(figures.quantiles).toMatchObject({exact: false, error: 0.008});
				for (const name of ['p05', 'p25', 'p50', 'p75', 'p95'] as const) {
					const [found, wanted] = [Number(figures.quantiles?.[name]), Number(quantiles[name])];
					const step = 10 ** -(quantiles[name].split('.')[1] ?? '').length;
					expect(Math.abs(found - wanted)).toBeLessThanOrEqual(0.008 * Math.abs(wanted) + step);
				}
				const parts = figures.histogram ?? [];
				expect(parts.reduce((sum, {count}) => sum + count, 0)).toBe(all.length);
				expect(parts.every(({exact: isExact}) => isExact === false)).toBe(true);
				expect(distinct.value).toBeGreaterThan(tightCaps.maxValues);
			}),
			{numRuns: randomCases(20)},
		);
	});

	test('with exponents are exact, too', () => {
		expect(figuresOf(['1e3', '2.5e-3', '-1E+1', '0e5'])).toMatchObject({
			type: 'float',
			sum: '990.0025',
			mean: '247.5006250000',
			min: '-10.0000',
			max: '1000.0000',
			zeros: 1,
			negatives: 1,
		});
		const huge = figuresOf(['1.5e300', '-1.5e300', '1e-300']);
		expect(huge.sum).toBe(`0.${'0'.repeat(299)}1`);
	});

	test('a histogram has each number in its part, in at most 20 of them without a gap', () => {
		fc.assert(
			fc.property(fc.array(decimals, {minLength: 1, maxLength: 60}), all => {
				const parts = figuresOf(all).histogram ?? [];
				expect(parts.length).toBeLessThanOrEqual(20);
				for (const [index, {from, to, count}] of parts.entries()) {
					const [low, high] = [fractionOf(from), fractionOf(to)];
					const isOne = parts.length === 1 && from === to;
					const inside = all
						.map(fractionOf)
						.filter(value => compare(low, value) <= 0 && (isOne || compare(value, high) < 0));
					expect(count).toBe(inside.length);
					if (index > 0) expect(parts[index - 1]?.to).toBe(from);
				}
				expect(parts.reduce((sum, {count}) => sum + count, 0)).toBe(all.length);
			}),
			{numRuns: randomCases(120)},
		);
	});
});

describe('all columns', () => {
	test('have counts, lengths, ends and frequent values of their cells', () => {
		fc.assert(
			fc.property(fc.oneof(...Object.values(cells).map(cell => some(fc.oneof(cell, cell, cells.empty)))), all => {
				const present = all.filter(isPresent);
				const figures = figuresOf(all);
				const lengths = present.map(({length}) => length);
				expect(figures.lengths === null ? null : [figures.lengths.min, figures.lengths.max]).toEqual(
					present.length === 0 ? null : [Math.min(...lengths), Math.max(...lengths)],
				);
				if (figures.mostly === 'text' || (figures.mostly === null && present.length > 0)) {
					const sorted = present.map(cell => Buffer.from(cell, 'latin1')).sort(Buffer.compare);
					expect([figures.min, figures.max]).toEqual([sorted[0]?.toString(), sorted.at(-1)?.toString()]);
				}
				const listed = figures.top.reduce((sum, {count}) => sum + count, 0);
				expect(listed).toBeLessThanOrEqual(present.length);
				if ((figures.distinct?.value ?? 0) <= 10) expect(listed).toBe(present.length);
				const counts = figures.top.map(({count}) => count);
				expect(counts).toEqual(counts.toSorted((one, other) => other - one));
				expect(Object.keys(figures)).toEqual(columnKeys);
			}),
			{numRuns: randomCases(120)},
		);
	});

	test('past the caps have the same exact figures', () => {
		fc.assert(
			fc.property(tables, table => {
				const [exactly, sketched] = [defaultColumnCaps, tightCaps].map(
					caps => finishState(stateOfTable(table, layoutWith(caps))).columns as unknown as readonly ColumnResult[],
				);
				for (const [place, column] of (exactly ?? []).entries()) {
					const {distinct, quantiles, top, histogram, ...same} = column;
					expect(sketched?.[place]).toMatchObject(same);
					if (column.mostly === 'date') expect(sketched?.[place]?.quantiles).toEqual(quantiles);
				}
			}),
			{numRuns: randomCases(120)},
		);
	});

	const typed: ReadonlyArray<readonly [readonly string[], string, string | null]> = [
		[['1', '2', '-3'], 'integer', 'integer'],
		[['1', '2.50'], 'decimal', 'decimal'],
		[['1', '2.5', '1e3'], 'float', 'float'],
		[['007', '123'], 'identifier', 'identifier'],
		[['007', '-1'], 'text', null],
		[['2024-01-01', '2024-01-02T10:00'], 'timestamp', 'timestamp'],
		[['10:00', '11:30:00'], 'time', 'time'],
		[['true', 'FALSE'], 'boolean', 'boolean'],
		[['x', 'y'], 'text', 'text'],
		[[...Array<string>(19).fill('1'), 'x'], 'text', 'integer'],
		[[...Array<string>(18).fill('1'), 'x'], 'text', null],
		[[...Array<string>(18).fill('1'), '2.5', 'x'], 'text', 'decimal'],
		[['', 'NA'], 'empty', null],
	];
	test.each(typed)('%j is of the type %s, mostly %s', (all, type, mostly) => {
		expect(figuresOf(all)).toMatchObject({type, mostly});
		expect(figuresOf(all.toReversed(), {...tightCaps, maxValues: 0})).toMatchObject({type, mostly});
	});

	test('figures are those of the cells that fit', () => {
		const all = [...Array.from({length: 39}, (_, index) => String(index)), 'none'];
		expect(figuresOf(all)).toMatchObject({
			type: 'text',
			mostly: 'integer',
			count: 40,
			sum: '741',
			min: '0',
			max: '38',
			zeros: 1,
		});
	});

	test('numbers are one value however they are written, and shown as they are written most often', () => {
		const figures = figuresOf(['1.5', '1.50', '1.50', '+1.5', '2', '2.0', '-0', '0.00']);
		expect(figures.distinct).toEqual({value: 3, exact: true});
		expect(figures.top).toEqual([
			{value: '1.50', count: 4, exact: true},
			{value: '-0', count: 2, exact: true},
			{value: '2', count: 2, exact: true},
		]);
	});

	test('quantiles of time stamps are moments, whatever their zone, and days past the caps', () => {
		const all = ['2024-01-02T00:30:00+02:00', '2024-01-01T23:00:00Z', '2024-01-01T23:30Z', '2024-01-03 10:00'];
		expect(figuresOf(all)).toMatchObject({
			min: '2024-01-02T00:30:00+02:00',
			max: '2024-01-03 10:00',
			quantiles: {p05: '2024-01-02T00:30:00+02:00', p50: '2024-01-01T23:00:00Z', p75: '2024-01-01T23:30Z', exact: true},
		});
		expect(figuresOf(all, {...tightCaps, maxValues: 2})).toMatchObject({
			min: '2024-01-02T00:30:00+02:00',
			quantiles: {p05: '2024-01-01', p95: '2024-01-03', exact: false},
		});
	});
});

describe('estimates', () => {
	const registersOf = (count: number, bits: number): Uint8Array => {
		const registers = createColumnRegisters(bits);
		for (let value = 0; value < count; value++) addTextTo(registers, `value ${value * 7919}`);
		return registers;
	};

	test.each([
		0, 1, 100, 5000, 17_000, 60_000, 300_000,
	])('of %i different values are within four standard errors', count => {
		const estimate = estimateDistinct(registersOf(count, 14));
		expect(Math.abs(estimate - count)).toBeLessThanOrEqual(4 * 0.0081 * count);
	});

	test('with fewer registers are those of registers that were folded', () => {
		const all = registersOf(5000, 14);
		for (const bits of [13, 10, 4]) expect(foldRegisters(all, bits)).toEqual(registersOf(5000, bits));
	});

	test('of frequent values are shares of a sample of the records', () => {
		const all = Array.from({length: 20_000}, (_, row) => (row % 4 === 0 ? 'often' : `rare ${row}`));
		const figures = figuresOf([...all, ...Array.from({length: 5000}, (_, row) => `more ${row}`)]);
		const [first] = figures.top;
		expect(first).toMatchObject({value: 'often', exact: false});
		expect(Math.abs((first?.count ?? 0) / 25_000 - 0.2)).toBeLessThan(4 * Math.sqrt((0.2 * 0.8) / 4096));
		expect(figures.distinct).toMatchObject({exact: false, error: 0.008125});
	});
});

test('a kind of cells is mostly of its own type', () => {
	const types = {boolean: ['boolean'], date: ['date'], timestamp: ['timestamp'], time: ['time']} as const;
	for (const kind of Object.keys(types) as (Kind & keyof typeof types)[]) {
		fc.assert(
			fc.property(fc.array(cells[kind], {minLength: 1}), all => {
				expect(types[kind]).toContain(figuresOf(all).type);
			}),
		);
	}
});
