// Large tables for analyses of columns: each column mostly of one form, with cells of any other form sprinkled in. They exist to be read a
// column at a time, past the caps, and to leave that path in every way. A seed gives the same table everywhere.
import {type ColumnCaps, defaultColumnCaps, type KeyCaps} from '../../source/analysis/columns/column-caps.ts';
import type {FieldSyntax} from '../../source/input/dialect.ts';
import {type Dice, oddTexts, quotedTexts} from './large-tables.ts';
import {tightCaps} from './random-columns.ts';

const two = (number: number): string => String(number).padStart(2, '0');

/** What the cells of a column look like: a form with what varies within it chosen once. */
type Form = (dice: Dice) => () => string;

const day = (dice: Dice, years: number): string =>
	`${1990 + dice.roll(years)}-${two(1 + dice.roll(12))}-${two(1 + dice.roll(28))}`;
const clock = (dice: Dice): string => `${two(dice.roll(24))}:${two(dice.roll(60))}:${two(dice.roll(60))}`;
const letters = (dice: Dice, count: number): string =>
	Array.from({length: count}, () => 'abcdefghijklmnopqrstuvwxyzNT'[dice.roll(28)]).join('');

/** Dates and numbers as people and other programs write them, and what looks like them. */
const writtenForms: readonly ((dice: Dice, digits: number) => string)[] = [
	dice => `${two(1 + dice.roll(31))}.${two(1 + dice.roll(12))}.${1990 + dice.roll(40)}`,
	dice => `${1 + dice.roll(14)}/${1 + dice.roll(14)}/${1990 + dice.roll(40)}`,
	dice => `${1990 + dice.roll(40)}/${two(1 + dice.roll(12))}/${two(dice.roll(32))}`,
	dice =>
		`${1 + dice.roll(31)}${dice.pick([' ', '-'])}${dice.pick(['Jan', 'march', 'MAY', 'Octember'])} ${1990 + dice.roll(40)}`,
	(dice, digits) => `${1 + dice.roll(999)}.${dice.digits(3)},${dice.digits(digits)}`,
	(dice, digits) => `${dice.pick(['', '-', '+'])}${dice.digits(digits)},${dice.digits(2)}`,
	(dice, digits) => `${1 + dice.roll(999)},${dice.digits(3)}.${dice.digits(digits)}`,
	(dice, digits) =>
		`${1 + dice.roll(99)}${dice.pick([' ', "'", '\xc2\xa0', '\xa0'])}${dice.digits(3)}.${dice.digits(digits)}`,
	(dice, digits) => `${dice.pick(['$', '\xe2\x82\xac', '\x80', '\xc2\xa3 '])}${dice.digits(digits)}.${dice.digits(2)}`,
	(dice, digits) => `${dice.digits(digits)}${dice.pick([' %', '%', ' $', '\xa5', 'kg'])}`,
	(dice, digits) => `${dice.digits(digits)}${dice.pick(['O', 'l', '_', '-', '.', ' '])}${dice.digits(digits)}`,
	dice => `+49 ${dice.digits(3)} ${dice.digits(7)}`,
	(dice, digits) => `${dice.pick(wordsInFront)}${dice.digits(digits)}.${dice.digits(2)}`,
	(dice, digits) =>
		`${dice.digits(digits)},${dice.digits(2)}${dice.pick([' CR', 'dr', ' kr', ' C$', 'b', ' q', 'cc'])}`,
	dice =>
		`${1 + dice.roll(31)}.${1 + dice.roll(12)}.2024 ${1 + dice.roll(12)}:${two(dice.roll(60))}${dice.pick(behindClock)}`,
	dice =>
		`${dice.pick(['', 'Mon, ', 'tue '])}${1 + dice.roll(31)}${dice.pick(['', 'st', 'nd', 'th'])} Jan 20${dice.digits(2)}`,
];
const wordsInFront = [
	'C$',
	'c$',
	'R$',
	'-S$',
	'(A$',
	'US$',
	'nz$ ',
	'kr ',
	'KR',
	'Fr.',
	'fr ',
	'SEK ',
	'X$',
	'Q',
	'T',
	'AB-',
	'Ca',
	'e',
];
const behindClock = [' am', ' p.m.', 'PM', ' a', ' x', 'Z', ' utc', '[Europe/Berlin]', ' [b]', ' +02:00[UTC]'];

export const forms: Readonly<Record<string, Form>> = {
	integers: dice => {
		const [digits, sign] = [dice.pick([1, 2, 4, 9, 14, 15, 16, 19]), dice.pick(['', '', '-'])];
		return () => (dice.isOneIn(2) ? sign : '') + String(1 + dice.roll(9)) + dice.digits(digits - 1);
	},
	amounts: dice => {
		const [digits, decimals] = [dice.pick([1, 3, 6, 11]), dice.pick([1, 2, 2, 4, 8])];
		return () => `${dice.isOneIn(9) ? '-' : ''}${dice.digits(digits)}.${dice.digits(decimals)}`;
	},
	mixedNumbers: dice => () => {
		const decimals = dice.roll(7);
		return `${dice.isOneIn(4) ? '-' : ''}${1 + dice.roll(900)}${decimals === 0 ? '' : `.${dice.digits(decimals)}`}`;
	},
	tinyNumbers: dice => () => `${dice.isOneIn(2) ? '' : '0'}.${'0'.repeat(dice.roll(14))}${dice.digits(dice.roll(3))}`,
	identifiers: dice => () => `00${dice.digits(5)}`,
	dates: dice => {
		const years = dice.pick([1, 5, 80]);
		return () => day(dice, years);
	},
	stamps: dice => {
		const [between, zone] = [dice.pick(['T', ' ', 't']), dice.pick(['Z', '', '', '.5Z', '+02:00'])];
		return () => `${day(dice, 40)}${between}${clock(dice)}${zone}`;
	},
	times: dice => () => clock(dice),
	written: dice => {
		const [digits, make] = [dice.pick([1, 3]), dice.pick(writtenForms)];
		return () => make(dice, digits);
	},
	words: dice => () => letters(dice, 1 + dice.roll(dice.pick([4, 9, 30]))),
	counted: dice => {
		let next = dice.roll(1000);
		return () => `T${String(next++).padStart(9, '0')}`;
	},
	codes: dice => () =>
		`${dice.digits(dice.pick([1, 2, 4, 8]))}${dice.pick(['-', ':', 'e', ' ', 'x'])}${letters(dice, 3)}`,
	long: dice => () => letters(dice, 20) + 'y'.repeat(dice.roll(300)),
	longest: dice => () => 'z'.repeat(dice.roll(9000)),
	few: dice => () => dice.pick(['red', 'green', 'blue', 'a text of more than fifteen bytes', 'true', 'NA', '']),
	empty: () => () => '',
};

const otherCells = [
	...['', ' ', 'NA', 'null', 'nan', '-', '?', '#N/A', ' NA ', 'N/A', 'None', 'NULL', 'Null', 'nul', 'NAN', 'n'],
	...['true', 'True', 'TRUE', 'tRUE', 'false', 'False', 'FALSE', 'falsey', 'false ', 'true\t', ' true', 't', 'f'],
	...[
		'0',
		'00',
		'-0',
		'-00',
		'+0',
		'0.0',
		'-0.0',
		'-0.00',
		'.',
		'-.',
		'+.5',
		'5.',
		'-5.',
		'.5',
		'1.2.3',
		'--1',
		'1-',
		'1 ',
		' 1',
	],
	...[
		'1e3',
		'1E-3',
		'-1.5e+2',
		'1e999',
		'1e',
		'999999999999999',
		'9999999999999999',
		'-999999999999999.9',
		'0.000000000000001',
	],
	...['123456789012345678901234567890123456789', '1,5', '1_000', '0x10', '١'],
	...[
		'2024-02-29',
		'2023-02-29',
		'2024-02-30',
		'0000-01-01',
		'0001-01-01',
		'1499-12-31',
		'1500-01-01',
		'2523-12-31',
		'2524-01-01',
	],
	...['20240101', '2024-1-1', '2024-01-01 ', '2024-13-01', '2024/01/01', '2024-01-01Z', '2024-01-01x', '2024-01-0'],
	...[
		'2024-01-01T24:00:00Z',
		'2024-01-01T23:59:60Z',
		'2024-01-01T23:60:00Z',
		'2024-02-29T10:00:00Z',
		'2024-01-01T10:00Z',
	],
	...[
		'2024-01-01 10:00:00',
		'2024-01-01T10:00:00',
		'2024-01-01T10:00:00z',
		'2024-01-01T10:00:00ZZ',
		'2024-01-01T10:00:0:',
	],
	...['10:00', '10:00:00', '24:00', '9:00', '10:00:00.5', '1:2', '12:', '12:ab'],
	...[
		'a\0',
		'a',
		'abcdefg',
		'abcdefg\0',
		'abcdefgh',
		'abcdefgh\0',
		'\xff\xff\xff\xff\xff\xff\xff\xff',
		'\0',
		'\xe4',
		'\x80',
	],
	...[...oddTexts, ...quotedTexts],
];

export interface ColumnTable extends FieldSyntax {
	readonly names: readonly string[];
	readonly caps: ColumnCaps;
	/** One of the records, where there is one: see `repeatableHeader`. */
	readonly header: Uint8Array | null;
	/** Each with its line end. */
	readonly records: readonly Buffer[];
}

/** @param hasAllForms - Whether there is a column of each form but the longest, and as many records as there may be. */
export function columnTable(dice: Dice, mostRecords: number, hasAllForms = false): ColumnTable {
	const {longest: _, ...others} = forms;
	const all = Object.values(hasAllForms ? others : forms);
	const makers = Array.from({length: hasAllForms ? all.length : 1 + dice.roll(8)}, (_each, place) => {
		const first = (hasAllForms ? all[place] : dice.pick(all))?.(dice);
		const second = dice.pick(all)(dice);
		const [oddness, emptiness] = [dice.pick([0, 0, 2, 20, 300]), dice.pick([0, 0, 3, 300])];
		// Some columns become others on their way.
		const turn = dice.isOneIn(hasAllForms ? 8 : 3) ? dice.roll(mostRecords) : mostRecords;
		return (record: number): string => {
			if (dice.isOneIn(oddness)) return dice.pick(otherCells);
			if (dice.isOneIn(emptiness)) return '';
			return (record < turn ? first : second)?.() ?? '';
		};
	});
	const delimiter = dice.pick([',', ',', ',', ';', '\t', '|', ':', ' ', '~', '^', '\x01']);
	const quote = dice.pick(['"', '"', '"', "'", ''] as const);
	const lineEnd = dice.pick(['\n', '\n', '\r\n', '\r']);
	const [quoting, straying, raggedness] = [
		dice.pick([0, 0, 1, 2, 50]),
		dice.pick([0, 0, 0, 50]),
		dice.pick([0, 0, 30, 400]),
	];
	const records = Array.from({length: hasAllForms ? mostRecords : 1 + dice.roll(mostRecords)}, (_, record) => {
		if (raggedness > 0 && dice.isOneIn(raggedness))
			return Buffer.from(dice.pick(['', 'x', `1${delimiter}`.repeat(9)]) + lineEnd);
		const cells = makers
			.map(make => make(record))
			.map(text => {
				const needsQuotes = quote !== '' && (text.includes(delimiter) || text.includes(quote) || /[\r\n]/.test(text));
				if (!needsQuotes && !dice.isOneIn(quoting)) return text;
				return `${quote}${text.replaceAll(quote, quote + quote)}${quote}${dice.isOneIn(straying) ? 'x' : ''}`;
			});
		return Buffer.from(cells.join(delimiter) + lineEnd, 'latin1');
	});
	const header = makers.length > 1 && dice.isOneIn(3) ? dice.pick(records).subarray(0, -lineEnd.length) : null;
	const names = makers.map((_, place) => `column ${place % 7}`);
	return {names, caps: anyCaps(dice), delimiter, quote, header, records};
}

function anyKeyCaps(dice: Dice): KeyCaps {
	const maxValues = dice.pick([20, 300, 20_000]);
	return {maxValues, maxValueBytes: dice.pick([8, 15]) * maxValues, maxSampled: dice.pick([2, 30, 400])};
}

function anyCaps(dice: Dice): ColumnCaps {
	const maxValues = dice.pick([12, 100, 100, 1000, 16_384]);
	const maxEntries = dice.pick([1, 5, 64, 500]);
	return dice.pick([
		tightCaps,
		defaultColumnCaps,
		{
			maxValues,
			maxValueBytes: dice.pick([10, 30]) * maxValues,
			sample: {maxEntries, maxBytes: dice.pick([5, 30]) * maxEntries, maxTextBytes: dice.pick([6, 40, 4096])},
			registerBits: dice.pick([6, 10, 14]),
			fullColumns: dice.pick([2, 32]),
			fullRegisterColumns: dice.pick([1, 4, 2048]),
			faults: {keys: anyKeyCaps(dice)},
		},
	]);
}
