import fc from 'fast-check';
import {expect, test} from 'vitest';
import {findDurationFault, formatShortDuration, parseDuration} from '../../source/text/duration.ts';

test.each([
	['0', 0],
	['90s', 90],
	['1.5h', 5400],
	['30m', 1800],
	['30min', 1800],
	['7d', 604_800],
	['2w', 1_209_600],
])('%s is a span of time', (text, seconds) => {
	expect(parseDuration(text)).toBe(seconds);
	expect(findDurationFault(text)).toBeUndefined();
});

test.each(['', '7', '7 d', '7D', '-1d', '1e3s', 'd', '100000w', '1h30m'])('%j is none', text => {
	expect(parseDuration(text)).toBeUndefined();
	expect(findDurationFault(text)).toContain('a span of time is like');
});

test('a week is seven days', () => {
	expect(['1w', '7d', '36h', '90s', '99999w'].map(text => formatShortDuration(parseDuration(text) ?? 0))).toEqual([
		...['7d', '7d', '36h', '90s', '99999w'],
	]);
});

test('what is written is read as the same', () => {
	fc.assert(
		fc.property(fc.integer({min: 0, max: 99_999}), fc.constantFrom('s', 'm', 'h', 'd', 'w'), (count, unit) => {
			const seconds = parseDuration(`${count}${unit}`) ?? -1;
			expect(parseDuration(formatShortDuration(seconds))).toBe(seconds);
		}),
	);
});
