import {expect, test} from 'vitest';
import {
	DASH,
	formatBytes,
	formatCount,
	formatDecimal,
	formatDuration,
	formatInteger,
	formatPercent,
	formatRate,
	formatSeconds,
} from '../../source/text/format.ts';

test.each([
	[0, '0 B'],
	[812, '812 B'],
	[999.4, '999 B'],
	[1000, '1.0 kB'],
	[99_949, '99.9 kB'],
	[99_950, '100 kB'],
	[999_499, '999 kB'],
	[999_500, '1.0 MB'],
	[1_234_000_000, '1.2 GB'],
	[5e18, '5,000 PB'],
])('%d bytes are %s', (bytes, expected) => {
	expect(formatBytes(bytes)).toBe(expected);
});

test('an unknown rate is a dash', () => {
	expect(formatRate(612_000_000)).toBe('612 MB/s');
	expect(formatRate(undefined)).toBe(DASH);
});

test('counts are compact', () => {
	expect([0, 942, 13_100, 14_200_000].map(formatCount)).toEqual(['0', '942', '13.1 k', '14.2 M']);
});

test('integers and exact decimals get thousands separators', () => {
	expect([0, 999, 1000, 1_234_567].map(formatInteger)).toEqual(['0', '999', '1,000', '1,234,567']);
	expect(formatDecimal('-1234567.50')).toBe('-1,234,567.50');
	expect(formatDecimal('12345678901234567890123.4567')).toBe('12,345,678,901,234,567,890,123.4567');
	expect(formatDecimal('n/a')).toBe('n/a');
});

test('durations read like a clock', () => {
	expect([0, 3999, 72_000, 3_753_000].map(formatDuration)).toEqual(['00:00', '00:03', '01:12', '1:02:33']);
	expect(formatDuration(undefined)).toBe(DASH);
	expect(formatDuration(Number.POSITIVE_INFINITY)).toBe(DASH);
});

test('seconds have as many decimals as matter', () => {
	expect([0.031, 1, 12.44, 99.97, 1204.4].map(formatSeconds)).toEqual([
		'0.031 s',
		'1.0 s',
		'12.4 s',
		'100 s',
		'1,204 s',
	]);
});

test('a percentage never says 100 before all is done', () => {
	expect([0, 0.634, 0.9999, 1, 7, Number.NaN].map(formatPercent)).toEqual([
		'0 %',
		'63 %',
		'99 %',
		'100 %',
		'100 %',
		'0 %',
	]);
});
