import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {MAX_AMOUNT_DIGITS, type ParsedAmount, parseAmount} from '../../source/analysis/amount.ts';
import {parseCalendarDate} from '../../source/analysis/calendar-date.ts';
import {addDecimals, DecimalSum} from '../../source/analysis/decimal.ts';
import {addDistinct, countDistinct, createDistinct, mergeDistinct} from '../../source/analysis/distinct.ts';
import {defaultCaps} from '../../source/analysis/state-layout.ts';
import {divideUnits, formatUnits} from '../../source/analysis/units.ts';

const parse = (text: string): ParsedAmount | string => {
	const into: ParsedAmount = {units: 0, scale: 0};
	return parseAmount(text, into) ?? into;
};

describe('amounts', () => {
	test.each([
		['12.50', 1250, 2],
		['-3', -3, 0],
		['+4.', 4, 0],
		['.5', 5, 1],
		['  7 ', 7, 0],
		['0099', 99, 0],
		['999999999999999', 999_999_999_999_999, 0],
	])('%j is %i with %i decimals', (text, units, scale) => {
		expect(parse(text)).toEqual({units, scale});
	});

	test('what no number holds exactly becomes a bigint', () => {
		expect(parse('9223372036854775807')).toEqual({units: 9_223_372_036_854_775_807n, scale: 0});
		expect(parse('-1234567890.1234567')).toEqual({units: -12_345_678_901_234_567n, scale: 7});
	});

	test.each([
		'.',
		'-',
		'+',
		'1e5',
		'1,5',
		'--1',
		'1.2.3',
		'1 2',
		'\t1',
		'NaN',
		'٣',
		'1_0',
		'0x10',
	])('%j is no number', text => {
		expect(parse(text)).toBe('not-a-number');
	});

	test.each(['', ' ', '   '])('%j is missing', text => {
		expect(parse(text)).toBe('missing');
	});

	test('the most digits are read, one more is not', () => {
		expect(parse('1'.repeat(MAX_AMOUNT_DIGITS))).toEqual({units: BigInt('1'.repeat(38)), scale: 0});
		expect(parse(`${'1'.repeat(20)}.${'1'.repeat(18)}`)).toEqual({units: BigInt('1'.repeat(38)), scale: 18});
		expect(parse('1'.repeat(MAX_AMOUNT_DIGITS + 1))).toBe('too-many-digits');
	});
});

describe('exact sums', () => {
	const decimal = fc.record({
		units: fc.oneof(
			fc.maxSafeInteger(),
			fc.bigInt({min: -(10n ** 38n), max: 10n ** 38n}),
			fc.integer({min: -500, max: 500}),
		),
		scale: fc.integer({min: 0, max: 38}),
	});

	test('adding one by one, in any order and any grouping, is adding exactly', () => {
		fc.assert(
			fc.property(fc.array(decimal, {maxLength: 30}), fc.nat(30), (amounts, cut) => {
				const expected = amounts.reduce((sum, {units, scale}) => sum + BigInt(units) * 10n ** BigInt(38 - scale), 0n);
				const sumOf = (some: typeof amounts) => {
					const sum = new DecimalSum();
					for (const {units, scale} of some) sum.add(units, scale);
					return sum.value;
				};
				const merged = addDecimals(sumOf(amounts.slice(cut).reverse()), sumOf(amounts.slice(0, cut)));
				expect(merged).toEqual(sumOf(amounts));
				expect(merged.units * 10n ** BigInt(38 - merged.scale)).toBe(expected);
				expect(merged.scale).toBe(Math.max(0, ...amounts.map(({scale}) => scale)));
			}),
		);
	});

	test('sums pass 2^53, 2^63 and 2^127 without losing a unit', () => {
		for (const edge of [2n ** 53n, 2n ** 63n, 2n ** 127n]) {
			const sum = new DecimalSum();
			sum.add(edge - 1n, 0);
			sum.add(1, 0);
			sum.add(1, 0);
			sum.add(1, 2);
			expect(sum.value).toEqual({units: (edge + 1n) * 100n + 1n, scale: 2});
		}
	});

	test('zero has no sign', () => {
		const sum = new DecimalSum();
		sum.add(-0, 2);
		sum.add(-150, 2);
		sum.add(15, 1);
		const {units, scale} = sum.value;
		expect(formatUnits(units, scale)).toBe('0.00');
	});

	test.each([
		[1n, 2, '0.500000'],
		[1n, 3, '0.333333'],
		[2n, 3, '0.666667'],
		[-2n, 3, '-0.666667'],
		[1n, 2_000_000, '0.000000'],
		[3n, 2_000_000, '0.000002'],
		[-3n, 2_000_000, '-0.000002'],
		[5n, 2_000_000, '0.000002'],
	])('%s / %s is %s, half to even', (units, count, text) => {
		expect(formatUnits(divideUnits(units, 6, count), 6)).toBe(text);
	});
});

describe('dates', () => {
	test('every day of four centuries is a date, as the calendar has it', () => {
		for (let day = Date.UTC(1899, 11, 1); day < Date.UTC(2101, 0, 1); day += 86_400_000 * 3) {
			const text = new Date(day).toISOString().slice(0, 10);
			expect(parseCalendarDate(text)).toBe(text);
		}
	});

	test.each(['2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31'])('%s is a date', text => {
		expect(parseCalendarDate(text)).toBe(text);
	});

	test.each([
		'2023-02-29',
		'1900-02-29',
		'2024-04-31',
		'2024-00-10',
		'2024-10-00',
		'0000-01-01',
		'24-01-01',
		'2024/01/01',
		'2024-1-01',
		'2024-01-0a',
		'20240230',
		'2024-0101',
		'202401-01',
		'2024-01-01-',
		'20240101101500',
		'',
		' ',
	])('%s is none', text => {
		expect(parseCalendarDate(text)).toBeNull();
	});

	test.each([
		'T10:20',
		' 10:20:30',
		'T10:20:30.123Z',
		'T23:59:60+02:00',
		' 00:00:00-0530',
		'T10:20+02',
		' ',
		'\t \t',
		'T12',
		' 12',
		't10:20z',
		' 10:20 +01:00',
		' 10:20:30.123456 UTC',
		' 10:20utc',
		'\t10:20',
		'  10:20  ',
		'T101500Z',
		'T1015',
		'T101500,5+0100',
		'T24:00',
		'T24:00:00.000Z',
		'T240000',
		'T24',
		'T10:20+01:00[Europe/Berlin]',
		'T10:20Z[UTC][u-ca=gregory]',
		' 10:20 [!America/Argentina/Buenos_Aires]',
		'T10:20[Etc/GMT+5]',
		'T10:20[+01:00]',
	])('a time %j may follow', time => {
		expect(parseCalendarDate(`2024-01-31${time}`)).toBe('2024-01-31');
	});

	test.each([
		'T',
		'T1:20',
		'T25',
		'T24:01',
		'T24:00:01',
		'T24:00:00.01',
		'T99:99',
		'T10:60',
		'T10:2',
		'T10:20:',
		'T10:20:3',
		'T10:20:30.',
		'T10:2030',
		'T1020:30',
		'T10203',
		'T10:20 Uhr',
		' hello',
		' 10:20 CET',
		' 10:20 UTCC',
		' 10:20 UT',
		' 10:20 Z Z',
		'T10:20+24',
		'T10:20+1',
		'T10:20+01:',
		'T10:20+01:60',
		'T10:20[]',
		'T10:20[Europe/Berlin',
		'T10:20[a b]',
		'T10:20[a]x',
		'T[Europe/Berlin]',
		'[Europe/Berlin]',
		'x',
		'Z',
		'\u00a0',
		'TT10',
	])('%j may not follow', rest => {
		expect(parseCalendarDate(`2024-01-31${rest}`)).toBeNull();
	});

	test('the basic form is a date, and told as any other', () => {
		expect(parseCalendarDate('20240229')).toBe('2024-02-29');
		expect(parseCalendarDate(' 20240229T101500Z ')).toBe('2024-02-29');
	});

	test('a text of blanks takes no longer than it is', () => {
		for (const behind of ['x', '[x', 'Z x']) {
			expect(parseCalendarDate(`2024-01-31${' '.repeat(500_000)}10:20${' '.repeat(500_000)}${behind}`)).toBeNull();
		}
	});
});

describe('distinct values', () => {
	const countOf = (values: Iterable<string>) => {
		const partial = createDistinct();
		for (const value of values) addDistinct(partial, value);
		return partial;
	};
	const ids = (from: number, to: number): string[] =>
		Array.from({length: to - from}, (_, index) => `id-${from + index}`);

	test('up to the cap they are counted exactly, beyond it the figure says that it is an estimate', () => {
		expect(countDistinct(countOf(ids(0, defaultCaps.maxValues)))).toEqual({value: defaultCaps.maxValues, exact: true});
		const {value, exact} = countDistinct(countOf(ids(0, defaultCaps.maxValues + 1)));
		expect(exact).toBe(false);
		// Five standard errors of 0.81 %.
		expect(Math.abs(value / defaultCaps.maxValues - 1)).toBeLessThan(0.04);
	});

	test('few values that are very long are estimated too, in any order', () => {
		const long = (from: number, to: number): string[] =>
			Array.from({length: to - from}, (_, index) => String(from + index).padStart(1024 * 1024, 'x'));
		const most = defaultCaps.maxValueBytes / 1024 / 1024;
		expect(countDistinct(countOf([...long(0, most), ...long(0, most)]))).toEqual({value: most, exact: true});
		const parts = [countOf(long(0, most)), countOf(long(1, most + 1))];
		const whole = countDistinct(countOf(long(0, most + 1)));
		expect(whole.exact).toBe(false);
		for (const order of [parts, [...parts].reverse()]) {
			const target = createDistinct();
			for (const part of order) mergeDistinct(target, part);
			expect(countDistinct(target)).toEqual(whole);
		}
	});

	test('the estimate stays close for a million values', () => {
		expect(Math.abs(countDistinct(countOf(ids(0, 1_000_000))).value / 1_000_000 - 1)).toBeLessThan(0.04);
	});

	test('the figure does not depend on how the values were cut or merged', () => {
		const whole = countDistinct(countOf(ids(0, 300_000)));
		const parts = [countOf(ids(200_000, 300_000)), countOf(ids(0, 250_000)), countOf(ids(100_000, 220_000))];
		for (const order of [parts, [...parts].reverse()]) {
			const target = createDistinct();
			for (const part of order) mergeDistinct(target, part);
			expect(countDistinct(target)).toEqual(whole);
		}
	});
});
