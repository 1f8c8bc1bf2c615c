// Times as files have them: as most are, of forms that need all the rules, and none.
import type {Dice} from './large-tables.ts';

/** A column of times of one form. */
export function usualTime(dice: Dice): () => string {
	const [years, first] = [dice.pick([1, 3, 80]), 1900 + dice.roll(120)];
	const [hours, separator] = [dice.pick([1, 24]), dice.pick(['T', 'T', ' '])];
	const tail = dice.pick(['', '', 'Z', '.123', '.123Z', '.123456', ',5', '+02:00', ' UTC', 't']);
	const two = (number: number): string => String(number).padStart(2, '0');
	return () => {
		const day = `${first + dice.roll(years)}-${two(1 + dice.roll(12))}-${two(1 + dice.roll(28))}`;
		const time = [dice.roll(hours), dice.roll(60), dice.roll(60)].map(two).join(':');
		return day + separator + time + (tail === 't' ? `.${dice.digits(1 + dice.roll(18))}` : tail);
	};
}

export const oddTimes: readonly string[] = [
	'2024-02-29T00:00:00',
	'2024-02-28T23:59:59Z',
	'2023-03-01 00:00:00.000',
	'2024-01-01',
	' 2024-01-01T01:02:03 ',
	'2024-01-01T24:00:00',
	'2024-01-01 24:00',
	'2016-12-31T23:59:60Z',
	'20240101T010203',
	'2024-01-01T01',
	'2024-01-01t01:02',
	'2024-01-01T0102',
	'2024-01-01  01:02:03',
	'0001-01-01T00:00:00',
	'9999-12-31T23:59:59',
	'2024-01-01T19:59:59.9',
	'2024-01-01T01:02:03.123456789012345',
	'2024-01-01T01:02:03.12345678901234567890Z',
	'2024-01-01T01:02:03+0530',
	'2024-01-01T01:02:03.5-03:00[America/Sao_Paulo]',
];

export const badTimes: readonly string[] = [
	'x',
	'01:02:03',
	'2023-02-29T01:02:03',
	'0000-01-01T01:02:03',
	'2024-13-01T01:02:03',
	'2024-01-32T01:02:03',
	'2024-01-00T01:02:03',
	'2024-01-01T24:00:01',
	'2024-01-01T25:00:00',
	'2024-01-01T29:00:00',
	'2024-01-01T01:60:00',
	'2024-01-01T01:02:61',
	'2024-01-01T01:02:0x',
	'2024-01-01T01:02:3',
	'2024-01-01T01:02:03.',
	'2024-01-01T01:02:03.Z',
	'2024-01-01T01:02:03.5ZZ',
	'2024-01-01T01:02:03Z ',
	'2024-01-01T01:02:03x',
	'2024-01-01X01:02:03',
	'2024-01-01T01.02.03',
	'2024-01-01T01:02.03',
	'2024-01-01\u00e401:02:03',
	'1709287200',
];
